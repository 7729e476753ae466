import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppDescription } from './description';
import { Rejection } from './errors';
import { Examined, findingsInAssembly, pathOf, placeOf, synthesized, unusable } from './examine';
import { findingsInGovCloud, hasPartitions, placesInAnyPartition } from './partitions';
import { ReportEntry } from '../../src/checks/engine/report';
import { command } from '../support/command';

/** What was seen of a random app. */
export interface Seen {
  readonly findings: readonly ReportEntry[];
  readonly rejections: readonly Rejection[];
  readonly isSynthesized: boolean;
}

/** Throws an error if one of the properties of every app is not one of this app. */
export function requireProperties(description: AppDescription): Seen {
  const examined = synthesized(description);
  const again = synthesized(description);
  const { directory, findings, rejections } = examined;
  try {
    requireEqual('the result of a second synthesis', resultOf(again), resultOf(examined));
    if (directory !== undefined) {
      requireEqual('the findings without a place', unusable(findings, directory), []);
      const inAssembly = findingsInAssembly(directory, description);
      requireEqual('the unusable findings about the assembly', unusable(inAssembly, directory), []);
      if (isOneAssembly(description)) requireSame(inAssembly, findings);
      if (hasPartitions(description)) {
        const inGovCloud = placesInAnyPartition(findingsInGovCloud(directory, description));
        requireEqual('the findings in another partition', inGovCloud, placesInAnyPartition(inAssembly));
      }
      requireCommands(directory);
    }
  } finally {
    for (const one of [directory, again.directory]) if (one) rmSync(one, { recursive: true, force: true });
  }
  return { findings, rejections, isSynthesized: directory !== undefined };
}

/** Whether all stacks are in the stage, or none is. Else constructs check the stage alone, and the command does not. */
function isOneAssembly({ stacks }: AppDescription): boolean {
  return new Set(stacks.map(({ within }) => within === 'stage')).size === 1;
}

/**
 * Constructs also report manual steps for what they were given and no template has, such as an imported key. Where they
 * do, the checks may say more of an assembly.
 */
function requireSame(inAssembly: readonly ReportEntry[], findings: readonly ReportEntry[]): void {
  const known = new Set(inAssembly.map(placeOf));
  const [manual, others] = [true, false].map((is) => findings.filter((one) => isManualStep(one) === is));
  const steps = manual.filter((one) => !known.has(placeOf(one)));
  const isReplaced = (one: ReportEntry) =>
    steps.some(({ path }) => pathOf(one) === path || one.path === path) ||
    manual.some((step) => step.id === one.id && pathOf(step) === pathOf(one));
  const expected = [...others, ...manual.filter((one) => known.has(placeOf(one)))];
  const comparable = inAssembly.filter((one) => !isReplaced(one) || expected.some((e) => placeOf(e) === placeOf(one)));
  requireEqual('the findings about the assembly', places(comparable), places(expected));
}

const isManualStep = ({ id }: ReportEntry) => /:manually[A-Z]/.test(id);

const places = (findings: readonly ReportEntry[]) => [...new Set(findings.map(placeOf))].sort();

/** Everything that is written, and why elements were rejected. */
function resultOf({ directory, rejections }: Examined): string[] {
  // The CDK counts the tokens of all apps.
  const reasons = rejections.map(({ reason }) => reason.replace(/\bToken\[[\w.]+\]|#\d+/g, 'token'));
  if (directory === undefined) return reasons;
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => OUTPUT.test(file));
  return [...reasons, ...files.map((file) => `${file} ${readFileSync(join(directory, file), 'utf8')}`)];
}

const OUTPUT = /(template|event-checks|event-topology)\.json$/;

/** The command has no internal error, and an app does not differ from itself. */
function requireCommands(directory: string): void {
  for (const name of ['mermaid', 'topology', 'check']) outputOf(name, directory);
  const diff = outputOf('diff', directory, directory);
  requireEqual('the changes of an app that is the same', [diff], ['No change of EventBridge deliveries.\n']);
}

function outputOf(...args: string[]): string {
  const { err, out, status } = command(...args);
  if (status > 1) throw new Error(`'${args.join(' ')}' has the exit status ${status}: ${err}`);
  return out;
}

/** Throws an error unless two lists have the same texts. The order and duplicates do not matter. */
export function requireEqual(what: string, actual: readonly string[], expected: readonly string[]): void {
  const only = (some: readonly string[], others: readonly string[], sign: string) =>
    some.filter((one) => !others.includes(one)).map((one) => `${sign} ${one}`);
  const difference = [...only(actual, expected, '+'), ...only(expected, actual, '-')];
  if (difference.length > 0) throw new Error(`${what} differ from what is expected:\n${difference.join('\n')}`);
}
