/** How many random cases a property is tried with: a tenth of them while one works (`npm test`), all in `test:all`. */
export function randomCases(all: number): { numRuns: number } {
  return { numRuns: process.env.RANDOM_CASES === 'few' ? Math.ceil(all / 10) : all };
}
