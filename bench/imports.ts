/**
 * How much longer an app takes to import this library than to import aws-cdk-lib alone, and to load all classes of it:
 * in processes of their own, in turns. Part of `npm run bench`. Exits with 1 if the bound is missed, which
 * `--without-bounds` leaves out.
 *
 * Both libraries load a class when it is used for the first time. What an app imports besides aws-cdk-lib is counted
 * with it: the modules of the services that the library works on.
 */
import { spawnSync } from 'node:child_process';
import { Project, compiledProject } from './synth/compiled';
import { lineOf, holds, table } from './synth/figures';

const OF_THE_CDK = [
  'aws-cdk-lib',
  ...['events', 'events-targets', 'iam', 'lambda', 'sqs'].map((m) => `aws-cdk-lib/aws-${m}`),
];
const OURS = 'cdk-cross-account-eventbridge';
const ROUNDS = 15;

/** Imports modules, and uses the classes of some. */
interface Imports {
  readonly modules: readonly string[];
  readonly classesOf: readonly string[];
}

const KINDS = {
  'aws-cdk-lib, and its modules for events, functions, queues and roles': { modules: OF_THE_CDK, classesOf: [] },
  'this library too': { modules: [...OF_THE_CDK, OURS], classesOf: [] },
  'this library too, and each of its classes': { modules: [...OF_THE_CDK, OURS], classesOf: [OURS] },
} satisfies Record<string, Imports>;

/** Processor time in milliseconds, of a process that does nothing else. */
function timeOf(project: Project, { modules, classesOf }: Imports): number {
  const script = `
    const before = process.cpuUsage();
    for (const name of ${JSON.stringify(modules)}) require(name);
    for (const name of ${JSON.stringify(classesOf)}) Object.values(require(name));
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main', '-e', script];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { cwd: project.directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

function main(): void {
  const project = compiledProject();
  try {
    const least = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, Infinity]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [kind, imports] of Object.entries(KINDS)) {
        least[kind] = Math.min(least[kind], timeOf(project, imports));
      }
    }
    const rows = Object.entries(least).map(([kind, ms]) => [kind, `${ms.toFixed(1)} ms`]);
    const [cdk, both] = Object.values(least);
    const bound = {
      what: 'importing this library adds to importing aws-cdk-lib',
      value: (both / cdk - 1) * 100,
      atMost: 10,
      unit: '%',
      because: `${(both - cdk).toFixed(1)} ms to ${cdk.toFixed(1)} ms`,
    } as const;
    console.log(`${table([['import', `processor, least of ${ROUNDS}`], ...rows])}\n\n${lineOf(bound)}\n`);
    if (!process.argv.includes('--without-bounds') && !holds(bound)) process.exitCode = 1;
  } finally {
    project.remove();
  }
}

if (require.main === module) main();
