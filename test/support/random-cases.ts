/** The same cases in each run, so that a test fails only for a change. */
const SEED = Number(process.env.RANDOM_SEED ?? 1);

const isQuick = process.env.RANDOM_CASES === 'few';

/** How many random cases a property is tried with: a tenth of them while one works (`npm test`), all in `test:all`. */
export function randomCases(all: number): { numRuns: number; seed: number } {
  return { numRuns: isQuick ? Math.ceil(all / 10) : all, seed: SEED };
}

/** Every fourth of many similar cases while one works, all in `test:all`. */
export function someOf<T>(cases: readonly T[]): T[] {
  return cases.filter((_, i) => !isQuick || i % 4 === 0);
}
