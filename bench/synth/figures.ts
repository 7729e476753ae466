import type { Measurement } from './measure';

/** What was measured, round by round. What is compared with each other has series of its own. */
export type Series =
  | 'plain'
  | 'checks'
  | 'others'
  | 'nag'
  | 'plainTwice'
  | 'checksTwice'
  | 'plainFourTimes'
  | 'checksFourTimes'
  | 'command';
export type Measured = Readonly<Record<Series, readonly Measurement[]>>;

/** What must hold, and what was measured. */
export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit: '%' | 'times' | 's';
  /** The figures that the value is made of. */
  readonly because: string;
}

/** The least of all rounds: what else the machine does only ever adds. */
export const least = (series: readonly Measurement[], what: 'cpuMs' | 'checksMs') =>
  Math.min(...series.map((m) => m[what]));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function boundsOf(measured: Measured): Bound[] {
  const cpu = (series: Series) => least(measured[series], 'cpuMs');
  const [added, addedByNag] = [cpu('checks') - cpu('plain'), cpu('nag') - cpu('plain')];
  // The difference of two long times is too uncertain to be divided by another one.
  const [once, twice] = [least(measured.checks, 'checksMs'), least(measured.checksTwice, 'checksMs')];
  const addedByOthers = least(measured.others, 'checksMs') - once;
  const [memory, plainMemory] = [
    median(measured.checks.map((m) => m.memory)),
    median(measured.plain.map((m) => m.memory)),
  ];
  return [
    {
      what: 'the checks add to plain synthesis',
      value: of(added, cpu('plain')) * 100,
      atMost: 15,
      unit: '%',
      because: `${seconds(added)} to ${seconds(cpu('plain'))}`,
    },
    {
      what: 'the checks add, of what cdk-nag adds',
      value: of(added, addedByNag) * 100,
      atMost: 25,
      unit: '%',
      because: `${seconds(added)} of ${seconds(addedByNag)}`,
    },
    {
      what: 'the checks of twice the app take',
      value: of(twice, once),
      atMost: 2.2,
      unit: 'times',
      because:
        `${seconds(twice)} instead of ${seconds(once)}, while they run; plain synthesis takes ` +
        `${(cpu('plainTwice') / cpu('plain')).toFixed(2)} times as much`,
    },
    {
      what: 'the checks add to the peak of memory',
      value: (of(memory, plainMemory) - 1) * 100,
      atMost: 20,
      unit: '%',
      because: `${mebibytes(memory)} instead of ${mebibytes(plainMemory)}`,
    },
    {
      what: 'the files of 50 other apps add, of plain synthesis',
      value: of(addedByOthers, cpu('plain')) * 100,
      atMost: 10,
      unit: '%',
      because: `${seconds(addedByOthers)} to ${seconds(once)} of the checks, with reading the files`,
    },
    {
      what: 'the command takes, beyond the start of Node.js',
      value: cpu('command') / 1000,
      atMost: 5,
      unit: 's',
      because: `${measured.command[0].resources} resources in the assemblies that it checks together`,
    },
  ];
}

/** No number where there is nothing to compare with, as in rounds that tell noise alone: that holds no bound. */
const of = (part: number, whole: number) => (whole > 0 ? part / whole : NaN);

export function lineOf({ what, value, atMost, unit, because }: Bound): string {
  const text = (n: number) => `${n.toFixed(unit === '%' ? 1 : 2)} ${unit}`;
  return (
    `${holds({ value, atMost }) ? 'ok    ' : 'MISSED'}  ${what}: ${text(value)}, at most ${text(atMost)}` +
    ` (${because})`
  );
}

export const holds = ({ value, atMost }: Pick<Bound, 'value' | 'atMost'>) => value <= atMost;

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
export const mebibytes = (n: number) => `${Math.round(n)} MiB`;

/** One line a row, columns under each other. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   '))
    .join('\n');
}
