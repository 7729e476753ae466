// Changes the code of folders, or of files, in many small ways (mutants), and counts those that no test of the folder
// notices: `npm run test:mutation -- src/iam`. See docs/testing.md.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
/** The least score of a folder, in percent: killed mutants and those with a timeout, of all valid ones. */
const LEAST_SCORE = 85;
/** The folders and files of `test` for folders of `src`: the same one, and some that use it. */
const TESTS = {
  iam: ['iam', 'checks/access'],
  eventbridge: ['eventbridge', 'checks/quotas', 'event-bus'],
  'app-model': ['app-model', 'cloud-assembly', 'topology'],
  'checks/access': ['checks/access', 'checks/fixes'],
  'checks/delivery': [
    ...['checks/delivery', 'checks/check-options.test.ts', 'checks/fixes'],
    'scenarios/apis-of-other-apps.test.ts',
    'scenarios/roles-of-other-apps.test.ts',
    'scenarios/targets-of-other-apps.test.ts',
  ],
  'checks/engine': [
    ...['checks/engine', 'checks/cross-account-event-checks-plugin.test.ts', 'checks/access/wildcard-rule.test.ts'],
    ...['event-bus/cross-account-event-bus-policy.test.ts', 'targets/cross-account-invoke-permission.test.ts'],
    ...['targets/restrict-to-execution-role.test.ts', 'scenarios/stages.test.ts'],
    'scenarios/targets-of-other-apps.test.ts',
  ],
  // the files at the top of the folder
  'checks/*.ts': [
    ...['checks/check-options.test.ts', 'checks/cross-account-event-checks-plugin.test.ts', 'event-checks'],
    ...['checks/policy-size-aspect.test.ts', 'checks/event-bus-limits.test.ts'],
    ...['checks/quota-limits.test.ts', 'checks/wildcard-principal-aspect.test.ts'],
  ],
  'checks/quotas': ['checks/quotas', 'checks/policy-size-aspect.test.ts', 'checks/event-bus-limits.test.ts'],
};

function testsOf(folder) {
  const [, name, part] = folder.split('/');
  return TESTS[`${name}/${part?.replace(/^.*\.ts$/, '*.ts')}`] ?? TESTS[name] ?? [name];
}

async function main(args) {
  if (args.length === 0) throw new Error('name at least one folder, such as src/iam');
  const { Stryker } = await import('@stryker-mutator/core');
  const folders = args.map((folder) => folder.replace(/\/$/, ''));
  const start = Date.now();
  const mutants = await new Stryker(optionsFor(folders)).runMutationTest();
  const seconds = Math.round((Date.now() - start) / 1000);
  const rows = folders.map((folder) =>
    rowOf(
      folder,
      mutants.filter(({ fileName }) => `${path.relative(ROOT, fileName)}/`.startsWith(`${folder}/`)),
    ),
  );
  console.log(`\n${rows.join('\n')}\n${seconds} s`);
}

function optionsFor(folders) {
  const report = path.join('test-reports/mutation', reportName(folders.join('-').replace(/\W/g, '-')));
  const tests = new Set(folders.flatMap(testsOf));
  process.env.MUTATION_TESTS = [...tests].map((name) => `test/${name}`).join(' ');
  process.env.DELIVERY_ORACLE = 'none';
  process.env.RANDOM_CASES = 'few';
  return {
    configFile: path.relative(process.cwd(), path.join(__dirname, 'stryker.config.json')),
    mutate: folders.flatMap(filesOf),
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    // not in the repository, where Jest and the compiler would find the copies of its files
    tempDirName: path.join(os.tmpdir(), `mutation-${process.pid}`),
    thresholds: { high: LEAST_SCORE, low: LEAST_SCORE, break: LEAST_SCORE },
    ...(process.env.INCREMENTAL ? { incremental: true, incrementalFile: `${report}.incremental.json` } : {}),
  };
}

/** The name of a file must not be long: of many files, it ends with a hash. */
function reportName(name) {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return name.length > 100 ? `${name.slice(0, 90)}-${digest}` : name;
}

/** The files of a folder; with SAMPLE=4 about every fourth, always the same. A file is itself. */
function filesOf(folder) {
  if (folder.endsWith('.ts')) return [folder];
  const files = fs.readdirSync(path.join(ROOT, folder), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const sample = Number(process.env.SAMPLE ?? 1);
  const numberOf = (file) => createHash('sha256').update(file).digest().readUInt32BE();
  return files.map((file) => `${folder}/${file}`).filter((file) => numberOf(file) % sample === 0);
}

function rowOf(folder, mutants) {
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length;
  const killed = count('Killed');
  const timeout = count('Timeout');
  const survived = count('Survived');
  const none = count('NoCoverage');
  const valid = killed + timeout + survived + none;
  const score = ((killed + timeout) / valid) * 100;
  const cells = [folder, valid, killed, timeout, survived, none, `${score.toFixed(1)} %`];
  return `| ${cells.join(' | ')} | errors ${mutants.length - valid}`;
}

process.chdir(ROOT);
void main(process.argv.slice(2));
