// Changes the code of folders in many small ways (mutants), and counts those that no test of the folder notices:
// `npm run test:mutation -- src/iam`. See docs/testing.md.
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
/** The least score of a folder, in percent: killed mutants and those with a timeout, of all valid ones. */
const LEAST_SCORE = 85;
const FOLDERS = 'util iam eventbridge topology cloud-assembly app-model checks'.split(' ').map((name) => `src/${name}`);

async function main(args) {
  const { Stryker } = await import('@stryker-mutator/core');
  const rows = [];
  for (const folder of args.length > 0 ? args : FOLDERS) {
    const start = Date.now();
    const mutants = await new Stryker(optionsFor(folder.replace(/\/$/, ''))).runMutationTest();
    rows.push(rowOf(folder, mutants, (Date.now() - start) / 1000));
    console.log(`\n${rows.join('\n')}\n`);
  }
}

function optionsFor(folder) {
  const [, name] = folder.split('/');
  const report = path.join('test-reports/mutation', folder.replace(/\W/g, '-'));
  process.env.MUTATION_TESTS = `test/${name}`;
  process.env.DELIVERY_ORACLE = 'none';
  process.env.RANDOM_CASES = 'few';
  return {
    configFile: path.relative(process.cwd(), path.join(__dirname, 'stryker.config.json')),
    mutate: [folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    thresholds: { high: LEAST_SCORE, low: LEAST_SCORE, break: LEAST_SCORE },
    ...(process.env.INCREMENTAL ? { incremental: true, incrementalFile: `${report}.incremental.json` } : {}),
  };
}

function rowOf(folder, mutants, seconds) {
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length;
  const killed = count('Killed');
  const timeout = count('Timeout');
  const survived = count('Survived');
  const none = count('NoCoverage');
  const valid = killed + timeout + survived + none;
  const score = ((killed + timeout) / valid) * 100;
  const cells = [folder, valid, killed, timeout, survived, none, `${score.toFixed(1)} %`, `${Math.round(seconds)} s`];
  return `| ${cells.join(' | ')} | errors ${mutants.length - valid}`;
}

process.chdir(ROOT);
void main(process.argv.slice(2));
