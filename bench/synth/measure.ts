/**
 * Synthesizes the app once, in a process of its own, and prints what that took: `node measure.js MODE STACKS
 * DIRECTORY`. Making the constructs is not counted.
 */
import { deepStrictEqual, ok } from 'node:assert';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { EVENT_RESOURCES, RESOURCES, counts, emptyApp, fillApp } from './app';
import { Fault, addFaults } from './faults';
import { findingsOf, isReported } from './findings';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

/**
 * What is done beside synthesis: nothing, all checks of this library, those with the files of other apps, those of
 * cdk-nag, or all checks on an app with faults.
 */
export type Mode = 'plain' | 'checks' | 'others' | 'nag' | 'faulty';

export interface Measurement {
  readonly cpuMs: number;
  /** While files of other apps are read, and of `cpuMs` while the checks run; none where nobody checks. */
  readonly checksMs: number;
  readonly wallMs: number;
  /** Peak of the process, in MiB, with the constructs in it. */
  readonly memory: number;
  readonly resources: number;
  readonly eventResources: number;
  /** Findings of cdk-nag, or of this library. */
  readonly findings: number;
}

async function measure(mode: Mode, stacks: number, inputs: string, outdir: string): Promise<Measurement> {
  // The command line says that it reports what validation plugins find; otherwise an error of cdk-nag ends synthesis,
  // after a report on the terminal.
  const app = emptyApp({ outdir, context: { '@aws-cdk/core:failSynthOnValidationErrors': false } });
  const clock = new ChecksClock(app);
  fillApp(app, stacks);
  const faults = mode === 'faulty' ? addFaults(app) : [];
  const otherApps = mode === 'others' ? readdirSync(inputs).map((file) => join(inputs, file)) : [];
  const isChecked = ['checks', 'others', 'faulty'].includes(mode);
  if (isChecked) clock.addChecks(otherApps, faults);
  if (mode === 'nag') await addNag(app);
  (globalThis as { gc?: () => void }).gc?.();
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  const assembly = app.synth();
  const [cpuMs, wallMs] = [msSince(cpu), Number(process.hrtime.bigint() - wall) / 1e6];
  const memory = process.resourceUsage().maxRSS / 1024;
  const resources = mode === 'faulty' ? { all: 0, events: 0 } : countedAsStated(app, assembly, stacks);
  const ours = foundAsExpected(assembly, faults);
  const findings = mode === 'nag' ? foundByNag(outdir) : ours;
  const times = { cpuMs, checksMs: isChecked ? clock.ms : 0, wallMs };
  return { ...times, memory, resources: resources.all, eventResources: resources.events, findings };
}

/**
 * Takes the time of the checks, between two validations of the app: the CDK runs them in the order in which they were
 * added. The first one must be added before any construct, because a construct may request the checks.
 */
class ChecksClock {
  private started: NodeJS.CpuUsage | undefined;
  private reading = NaN;
  private running = NaN;
  private faults: Fault[] = [];

  constructor(private readonly app: cdk.App) {
    this.atValidation(() => {
      this.expectFaults(false);
      this.started = process.cpuUsage();
    });
  }

  /** @param faults what the checks report while they run */
  public addChecks(otherApps: string[], faults: Fault[]): void {
    this.faults = faults;
    const before = process.cpuUsage();
    CrossAccountEventChecks.applyTo(this.app, { otherApps });
    this.reading = msSince(before);
    this.atValidation(() => {
      this.running = msSince(this.started);
      this.expectFaults(true);
    });
  }

  public get ms(): number {
    return this.reading + this.running;
  }

  private atValidation(run: () => void): void {
    const validate = () => {
      run();
      return [];
    };
    this.app.node.addValidation({ validate });
  }

  /** Checks that run at another time are not measured. */
  private expectFaults(areReported: boolean): void {
    const reported = this.faults.filter((fault) => isReported(this.app, fault));
    deepStrictEqual(reported, areReported ? this.faults : []);
  }
}

function msSince(started: NodeJS.CpuUsage | undefined): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

async function addNag(app: cdk.App): Promise<void> {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  // Validation plugins are newer than the oldest CDK, whose types this is checked against.
  const { Validations } = cdk as unknown as {
    Validations: { of(scope: cdk.App): { addPlugins(...plugins: object[]): void } };
  };
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app as never));
}

/** The app is as large as it is said to be, in the constructs and in the templates. */
function countedAsStated(app: cdk.App, assembly: CloudAssembly, stacks: number): { all: number; events: number } {
  const all = app.node.children.filter(cdk.Stack.isStack).map(counts);
  deepStrictEqual(
    all,
    Array.from({ length: stacks }, () => ({ all: RESOURCES, events: EVENT_RESOURCES })),
  );
  deepStrictEqual(
    assembly.stacks.map((stack) => Object.keys(stack.template.Resources).length),
    all.map((c) => c.all),
  );
  return { all: stacks * RESOURCES, events: stacks * EVENT_RESOURCES };
}

/**
 * The healthy app is silent, and each fault of the other one is reported where it is: checks that do nothing are not
 * measured.
 */
function foundAsExpected(assembly: CloudAssembly, faults: Fault[]): number {
  const sorted = (list: Fault[]) => list.map(({ id, path }) => `${id} ${path}`).sort();
  deepStrictEqual(sorted(findingsOf(assembly)), sorted(faults));
  return faults.length;
}

function foundByNag(outdir: string): number {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: { violatingConstructs: unknown[] }[] }[];
  };
  const found = pluginReports
    .flatMap((report) => report.violations)
    .reduce((sum, violation) => sum + violation.violatingConstructs.length, 0);
  ok(found > 0, 'cdk-nag must find something');
  return found;
}

async function main([mode, stacks, inputs]: string[]): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  try {
    console.log(JSON.stringify(await measure(mode as Mode, Number(stacks), inputs, outdir)));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

if (require.main === module) void main(process.argv.slice(2));
