/**
 * What the checks cost at synth: time and memory of `app.synth()` with them and without, and with cdk-nag beside, on an
 * app of 14,000 resources; what the topology files of 50 other apps add, and what the command takes on 40 assemblies.
 * Run it with `npm run bench`, or `npm run bench -- --rounds 3 --stacks 20`. Exits with 1 if a bound is missed.
 *
 * Each measurement has a process of its own, and all kinds take turns, so that what slows the machine down for a while
 * slows all of them down. The bounds are judged by the processor time of `app.synth()`, and by the least of all rounds:
 * whatever else runs on the machine only ever adds to it. On a busy machine the share that the checks add varied half
 * as much by the least of five rounds as by their median, and was still off by some per cent of plain synthesis: more
 * rounds tell more. Whether twice the app takes twice as long is judged by the time while the checks run, which varies
 * less, and so is what other apps add, with the time that reading their files takes. Memory is judged by the median:
 * where its peak is hangs on when garbage is collected. The CDK's own validation of templates is off, as it takes more
 * time than all the rest.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EVENT_RESOURCES, RESOURCES } from './synth/app';
import { Project, compiledProject } from './synth/compiled';
import { Measured, Series, boundsOf, holds, least, lineOf, mebibytes, median, seconds, table } from './synth/figures';
import type { Measurement, Mode } from './synth/measure';

const KINDS: Readonly<Record<Series, { mode: Mode | 'command'; times: number; name: string }>> = {
  plain: { mode: 'plain', times: 1, name: 'plain synthesis' },
  checks: { mode: 'checks', times: 1, name: 'with all checks' },
  others: { mode: 'others', times: 1, name: 'with all checks, and 50 other apps' },
  nag: { mode: 'nag', times: 1, name: "with cdk-nag's AwsSolutions" },
  plainTwice: { mode: 'plain', times: 2, name: 'twice the app, plain' },
  checksTwice: { mode: 'checks', times: 2, name: 'twice the app, with all checks' },
  plainFourTimes: { mode: 'plain', times: 4, name: 'four times the app, plain' },
  checksFourTimes: { mode: 'checks', times: 4, name: 'four times the app, with all checks' },
  command: { mode: 'command', times: 1, name: 'the command, on an assembly for each stack' },
};
const SERIES = Object.keys(KINDS) as Series[];

/**
 * One measurement in a process of its own. The links of the project must be kept, for cdk-nag to find the CDK that is
 * linked beside it.
 */
function run(project: Project, mode: Mode | 'command', stacks: number): Measurement {
  if (mode === 'command') return JSON.parse(execute(project, 'measure-command', join(INPUTS, 'assemblies')));
  return JSON.parse(execute(project, 'measure', mode, String(stacks), join(INPUTS, 'topologies')));
}

/** Where the files of other apps are, in the folder of the project. */
const INPUTS = 'inputs';

/** The last line that a script prints. */
function execute(project: Project, script: string, ...args: string[]): string {
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main', '--expose-gc'];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, join(project.directory, `bench/${script}.js`), ...args],
    {
      encoding: 'utf8',
      cwd: project.directory,
      env: { ...process.env, CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet' },
    },
  );
  if (status !== 0) throw new Error(`'${script} ${args.join(' ')}' failed:\n${stderr}`);
  return stdout.trim().split('\n').at(-1)!;
}

function measureAll(project: Project, rounds: number, stacks: number): Measured {
  const measured = Object.fromEntries(SERIES.map((series) => [series, []])) as unknown as Record<Series, Measurement[]>;
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const series of SERIES) measured[series].push(run(project, KINDS[series].mode, stacks * KINDS[series].times));
  }
  return measured;
}

function report(measured: Measured): string {
  const header = [
    'app.synth()',
    'resources',
    'of events',
    'processor, least',
    'median',
    'most',
    'in the checks',
    'clock, median',
    'memory, median',
    'findings',
  ];
  const rows = SERIES.map((series) => {
    const all = measured[series];
    const cpu = all.map((m) => m.cpuMs);
    const [{ resources, eventResources, findings }] = all;
    return [
      KINDS[series].name,
      String(resources),
      String(eventResources),
      seconds(least(all, 'cpuMs')),
      seconds(median(cpu)),
      seconds(Math.max(...cpu)),
      seconds(least(all, 'checksMs')),
      seconds(median(all.map((m) => m.wallMs))),
      mebibytes(median(all.map((m) => m.memory))),
      String(findings),
    ];
  });
  return table([header, ...rows]);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      stacks: { type: 'string', default: '40' },
      'without-bounds': { type: 'boolean', default: false },
    },
  });
  const [rounds, stacks] = [atLeastOne('rounds', values.rounds), atLeastOne('stacks', values.stacks)];
  const project = compiledProject();
  try {
    execute(project, 'write-inputs', INPUTS, String(stacks));
    const { findings } = run(project, 'faulty', stacks);
    console.log(
      `${stacks} stacks of ${RESOURCES} resources, ${EVENT_RESOURCES} of them about events; ${rounds}` +
        ` rounds; all ${findings} faults that were put in are reported\n`,
    );
    const measured = measureAll(project, rounds, stacks);
    const bounds = boundsOf(measured);
    console.log(`${report(measured)}\n\nBounds, by the least processor time and the median of memory:`);
    for (const bound of bounds) console.log(lineOf(bound));
    if (!values['without-bounds'] && !bounds.every(holds)) process.exitCode = 1;
  } finally {
    project.remove();
  }
}

function atLeastOne(option: string, value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Error(`'--${option}' must be a whole number of at least 1, got '${value}'`);
}

if (require.main === module) main();
