import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whileReading } from './unusable-input';
import { Finding, annotationId } from '../checks/engine/finding';
import { REPORT_FILE } from '../checks/engine/report';
import type { Assembly } from '../cloud-assembly/read-assembly';
import { Json, isObject } from '../iam/statement';

/** A finding that was accepted when its app was synthesized. */
interface Acceptance {
  readonly id: string;
  /** The path of the construct that it was accepted on. It is accepted on the constructs below it too. */
  readonly path: string;
  /** The reason for disabling it, if it was disabled and not acknowledged. */
  readonly disabled?: string;
}

/** What was accepted in an app. */
export class Acknowledgements {
  /** What a cloud assembly contains: in the metadata of its constructs, and in the report of the checks. */
  public static of({ directories, acknowledgedRules }: Assembly): Acknowledgements {
    const acknowledged = acknowledgedRules.map(({ path, rule }) => ({ path, id: rule.replace(/^Annotation::/, '') }));
    return new Acknowledgements([...acknowledged, ...directories.flatMap(acceptedInReport)]);
  }

  constructor(private readonly accepted: readonly Acceptance[] = []) {}

  /**
   * Whether and why a finding was accepted. As in the CDK, an acknowledgement is about all warnings with the ID, and
   * never about an error, also if the same finding was a warning in its app alone.
   *
   * @param path the path of the construct in its app
   */
  public statusOf(finding: Finding, path: string): { acknowledged?: true; disabled?: string } {
    const accepted = this.accepted.filter((one) => isAtOrBelow(path, one.path));
    const disabled = accepted.find((one) => one.id === finding.id && one.disabled !== undefined)?.disabled;
    if (disabled !== undefined) return { disabled };
    const isAcknowledged = accepted.some((one) => one.id === annotationId(finding) && one.disabled === undefined);
    return isAcknowledged && finding.level === 'warning' ? { acknowledged: true } : {};
  }
}

function isAtOrBelow(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/** The findings in `event-checks.json` that were accepted, all of those with the same ID and path. */
function acceptedInReport(directory: string): Acceptance[] {
  const file = join(directory, REPORT_FILE);
  if (!existsSync(file)) return [];
  const report = whileReading(file, () => JSON.parse(readFileSync(file, 'utf8')) as Json);
  const findings = isObject(report) && Array.isArray(report.findings) ? report.findings : [];
  const entries = findings.filter(isObject);
  const keyOf = ({ id, path, fingerprint }: { [name: string]: Json }) => JSON.stringify([id, path, fingerprint]);
  const open = new Set(entries.filter((entry) => !isAccepted(entry)).map(keyOf));
  return entries.flatMap((entry) => {
    const { id, path, disabled, fingerprint } = entry;
    if (!isAccepted(entry) || open.has(keyOf(entry))) return [];
    if (typeof id !== 'string' || typeof path !== 'string') return [];
    if (typeof disabled === 'string') return [{ id, path, disabled }];
    return [{ id: typeof fingerprint === 'string' ? `${id}:${fingerprint}` : id, path }];
  });
}

function isAccepted({ acknowledged, disabled }: { [name: string]: Json }): boolean {
  return acknowledged === true || (typeof disabled === 'string' && disabled !== '');
}
