// Adds up the tests of both runs, as their reports give them.
const { readFileSync } = require('node:fs');

const suites = ['junit.xml', 'latest.xml'].flatMap(
  (name) => readFileSync(`test-reports/${name}`, 'utf8').match(/<testsuite [^>]*>/g) ?? [],
);
const valueIn = (suite, attribute) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
const sum = (attribute) => suites.reduce((total, suite) => total + valueIn(suite, attribute), 0);
const [tests, failed, skipped] = [sum('tests'), sum('failures') + sum('errors'), sum('skipped')];

console.log(`${tests - failed - skipped} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || tests === 0 ? 1 : 0;
