const isQuick = process.env.RANDOM_CASES === 'few';

/** How many random cases a property is tried with: a tenth of them while one works (`npm test`), all in `test:all`. */
export function randomCases(all: number): { numRuns: number } {
  return { numRuns: isQuick ? Math.ceil(all / 10) : all };
}

/** Every fourth of many similar cases while one works, all in `test:all`. */
export function someOf<T>(cases: readonly T[]): T[] {
  return cases.filter((_, i) => !isQuick || i % 4 === 0);
}
