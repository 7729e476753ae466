import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, logicalIdOf, messageOf, stackOf } from './finding';
import { AppIndex } from '../../app-model/app-index';
import { walkAssembly } from '../../app-model/assembly';
import { readApp } from '../../app-model/read-app';
import { constructState } from '../../core/construct-state';
import { displayText } from '../../iam/unresolved-text';
import { Need } from '../../topology/need';
import { EventTopology } from '../../topology/topology';
import { TOPOLOGY_FILE, topologyText } from '../../topology/topology-file';
import { topologyOf, withStages } from '../../topology/write-topology';
import { FindingId } from '../finding-id';

/** The name of the file in the cloud assembly. */
export const REPORT_FILE = 'event-checks.json';

/** The version of the format, described in `docs/event-checks.schema.json`. A change that breaks readers raises it. */
const VERSION = 1;

/** A finding with its status. */
export interface ReportedFinding extends Finding {
  /** Whether the warning was acknowledged on its construct or on a parent. */
  readonly acknowledged?: boolean;
  /** The reason for disabling the finding, if it is disabled. */
  readonly disabled?: string;
}

/** What is known of an app or stage when its checks are complete. */
export interface CheckedAssembly {
  /** The app or stage. */
  readonly scope: IConstruct;
  readonly app: AppIndex;
  readonly findings: readonly ReportedFinding[];
}

/** A file about an app or stage in the directory of its templates. */
export interface AssemblyFile {
  readonly name: string;
  readonly content: (checked: CheckedAssembly) => string;
}

/** Writes a file about an app or stage. */
export function writeAssemblyFile({ name, content }: AssemblyFile, checked: CheckedAssembly): void {
  if (!Stage.isStage(checked.scope)) return;
  writeFileSync(join(checked.scope.outdir, name), content(checked));
}

/** The content of the report. */
interface Report {
  readonly version: typeof VERSION;
  readonly checks: string[];
  readonly findings: ReportEntry[];
}

/** One finding in the report. Properties that are undefined are not written. */
export interface ReportEntry {
  readonly id: FindingId;
  readonly level: Finding['level'];
  readonly path: string;
  readonly logicalId?: string;
  readonly stack?: string;
  readonly resource?: string;
  readonly problem: string;
  readonly reason?: string;
  readonly fix: string;
  readonly fingerprint?: string;
  readonly acknowledged: boolean;
  readonly disabled?: string;
}

/**
 * Writes the findings in an app or stage to the directory of its templates. The same findings result in the same file,
 * in whichever order they were found.
 */
export function writeReport(assembly: IConstruct, checks: string[], reported: ReportedFinding[]): void {
  if (!Stage.isStage(assembly)) return;
  const report: Report = {
    version: VERSION,
    checks: [...new Set(checks)].sort(),
    findings: reportEntries(reported),
  };
  writeFileSync(join(assembly.outdir, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The entries of findings, sorted and each of them once. */
export function reportEntries(reported: ReportedFinding[]): ReportEntry[] {
  return uniqueSorted(reported).map(entryOf);
}

const TOPOLOGIES = constructState<EventTopology>('topology');

/**
 * Writes what an app or stage deploys, with the stages in it, as far as events are concerned, to the directory of its
 * templates. The stages in it were synthesized before.
 */
export function writeTopology(assembly: IConstruct, needs: readonly Need[]): void {
  if (!Stage.isStage(assembly)) return;
  const own = topologyOf(readApp(assembly, [], { possibleTargets: true }), needs);
  const ofStages = walkAssembly(assembly).stages.flatMap((stage) => TOPOLOGIES.get(stage) ?? []);
  const topology = TOPOLOGIES.set(assembly, withStages(own, ofStages));
  writeFileSync(join(assembly.outdir, TOPOLOGY_FILE), topologyText(topology));
}

/** A finding that is reported more than once is disabled only if all of its reports are. */
function uniqueSorted(reported: ReportedFinding[]): ReportedFinding[] {
  const byKey = new Map<string, ReportedFinding>();
  for (const finding of reported) {
    const key = keyOf(finding);
    const known = byKey.get(key);
    if (!known || known.disabled !== undefined) byKey.set(key, finding);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

/** The parts are separated by a control character, which no path contains. */
function keyOf(finding: Finding): string {
  const { construct, id, level } = finding;
  return [construct.node.path, id, messageOf(finding), level].join('\u0000');
}

function entryOf(finding: ReportedFinding): ReportEntry {
  const { id, level, construct, resource, problem, reason, fix, fingerprint, acknowledged = false, disabled } = finding;
  return {
    id,
    level,
    path: construct.node.path,
    logicalId: CfnResource.isCfnResource(construct) ? logicalIdOf(construct) : undefined,
    stack: stackOf(construct)?.node.path,
    resource: resource === undefined ? undefined : displayText(resource),
    problem,
    reason,
    fix,
    fingerprint,
    acknowledged,
    disabled,
  };
}
