import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, logicalIdOf, messageOf, stackOf } from './finding';

/** The file in the cloud assembly. */
const FILE = 'event-checks.json';

/** Raised when a reader of the file would have to change. */
const VERSION = 1;

/** A finding, and what became of it. */
export interface ReportedFinding extends Finding {
  /** Whether the user accepted it on its construct or one above. */
  readonly acknowledged?: boolean;
  /** Why it is switched off. */
  readonly disabled?: string;
}

/**
 * Writes what was found in an app or stage beside its templates. The same findings give the same file, in whichever
 * order they were made.
 */
export function writeReport(assembly: IConstruct, checks: string[], reported: ReportedFinding[]): void {
  if (!Stage.isStage(assembly)) return;
  const report = { version: VERSION, checks: [...new Set(checks)].sort(), findings: deduplicate(reported).map(entry) };
  writeFileSync(join(assembly.outdir, FILE), `${JSON.stringify(report, undefined, 2)}\n`);
}

/** Sorted, and one of each: what several found alike, one of whom has it switched off, is not switched off. */
function deduplicate(reported: ReportedFinding[]): ReportedFinding[] {
  const byKey = new Map<string, ReportedFinding>();
  for (const finding of reported) {
    const key = keyOf(finding);
    if (byKey.get(key)?.disabled !== undefined || !byKey.has(key)) byKey.set(key, finding);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

/** No path has a control character. */
function keyOf(finding: Finding): string {
  const { construct, id, level } = finding;
  return [construct.node.path, id, messageOf(finding), level].join('\u0000');
}

function entry(finding: ReportedFinding): object {
  const { id, level, construct, resource, problem, reason, fix, acknowledged = false, disabled } = finding;
  const stack = stackOf(construct);
  return {
    id,
    level,
    path: construct.node.path,
    ...(CfnResource.isCfnResource(construct) && { logicalId: logicalIdOf(construct) }),
    ...(stack && { stack: stack.node.path }),
    ...(resource !== undefined && { resource }),
    problem,
    ...(reason !== undefined && { reason }),
    fix,
    acknowledged,
    ...(disabled !== undefined && { disabled }),
  };
}
