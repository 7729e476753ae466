/**
 * `npm run fuzz -- --apps 5000 --seed 1` builds random apps, and requires of each what `properties.ts` has.
 *
 * It prints the apps, the time, and how often each finding was seen. Of an app that fails, it prints the smallest
 * description that fails too, and exits with 1. The same seed builds the same apps.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { AppDescription, apps } from './description';
import { oracleDisagreements } from './oracle-questions';
import { appsWithOthers, requireReadable } from './other-apps';
import { Seen, requireProperties } from './properties';
import { FindingId } from '../../src/checks/finding-id';
import { hasOracle } from '../support/oracle';

/** The apps of one seed: after them, the progress is printed. */
const BATCH = 100;

/** The share of apps that read the file of another app, and of those that the oracle is asked about. */
const [OTHERS, KNOWN] = [0.3, 0.2];

class Fuzzer {
  private readonly started = Date.now();
  private readonly ids = new Map<string, number>();
  private readonly counts = { apps: 0, synthesized: 0, rejections: 0, questions: 0 };
  private failures = 0;

  public batch(size: number, seed: number): void {
    this.check(
      fc.property(apps('any'), (one) => this.see(requireProperties(one))),
      size,
      seed,
    );
    const others = Math.ceil(size * OTHERS);
    this.check(
      fc.property(appsWithOthers(), (one) => this.count(requireReadable(one), 2)),
      others,
      seed,
    );
    if (hasOracle) this.askOracle(fc.sample(apps('known'), { numRuns: Math.ceil(size * KNOWN), seed }));
    const { apps: built, synthesized } = this.counts;
    process.stderr.write(`seed ${seed}: ${built} apps, ${synthesized} synthesized, ${this.seconds} s\n`);
  }

  /** Prints what was seen. Returns whether all apps have the properties. */
  public report(): boolean {
    const ids: string[] = Object.values(FindingId).filter((id) => id !== FindingId.CHECK_FAILED);
    const { apps: built, questions, rejections, synthesized } = this.counts;
    const never = ids.filter((id) => !this.ids.has(id));
    const short = (id: string) => id.slice(id.indexOf(':') + 1);
    const lines = [
      `${built} apps in ${this.seconds} s, ${((1000 * this.seconds) / built).toFixed(1)} s for 1,000`,
      `${synthesized} synthesized without the elements that were rejected`,
      `${rejections} elements and apps were rejected`,
      `${questions} answers of the delivery oracle`,
      `${ids.length - never.length} of ${ids.length} IDs of findings were seen:`,
      ...[...this.ids].sort(([, a], [, b]) => b - a).map(([id, times]) => `  ${short(id)} ${times}`),
      `never: ${never.map(short).join(', ') || 'none'}`,
      `${this.failures} failures`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return this.failures === 0;
  }

  private get seconds(): number {
    return Math.round((Date.now() - this.started) / 1000);
  }

  private check<T>(property: fc.IPropertyWithHooks<T>, numRuns: number, seed: number): void {
    const result = fc.check(property, { numRuns, seed });
    if (!result.failed) return;
    const { stack = '' } = result.errorInstance as Error;
    this.fail(`seed ${seed}: ${fc.defaultReportMessage(result)}\n${stack.split('\n').slice(0, 30).join('\n')}`);
  }

  private see({ findings, isSynthesized, rejections }: Seen): void {
    this.count(findings, 1);
    this.counts.synthesized += isSynthesized ? 1 : 0;
    this.counts.rejections += rejections.length;
  }

  private count(findings: Seen['findings'], built: number): void {
    this.counts.apps += built;
    for (const { id } of findings) this.ids.set(id, (this.ids.get(id) ?? 0) + 1);
  }

  private askOracle(descriptions: readonly AppDescription[]): void {
    const { answered, disagree } = oracleDisagreements(descriptions);
    this.counts.apps += descriptions.length;
    this.counts.questions += answered;
    for (const answer of disagree) this.fail(`the delivery oracle disagrees: ${answer}`);
  }

  private fail(message: string): void {
    this.failures += 1;
    process.stdout.write(`${message}\n\n`);
  }
}

function main(): void {
  const options = { apps: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } } as const;
  const { values } = parseArgs({ options });
  const [wanted, seed] = [positive('apps', values.apps), positive('seed', values.seed)];
  useTemporaryFolder();
  const fuzzer = new Fuzzer();
  // An app of the others, and the app itself, are two.
  const perApp = 1 + 2 * OTHERS + KNOWN;
  for (let built = 0, batch = 0; built < wanted; built += BATCH * perApp, batch++) {
    fuzzer.batch(Math.min(BATCH, Math.ceil((wanted - built) / perApp)), seed * 100_000 + batch);
  }
  if (!fuzzer.report()) process.exitCode = 1;
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`'--${option}' must be a positive integer, got '${text}'`);
  return Number(text);
}

/** Has all cloud assemblies of this process in one folder, which is removed at its end. */
function useTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}

main();
