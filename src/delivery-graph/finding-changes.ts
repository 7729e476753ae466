import type { FindingChange, FindingStatus } from './delivery-diff';
import { GraphSide } from './graph-side';
import { annotationId } from '../checks/engine/finding';
import { ReportedFinding } from '../checks/engine/report';
import { displayText } from '../iam/unresolved-text';

/** A finding with its place, and how it is shown. */
type Shown = Omit<FindingChange, 'before' | 'after'> & { readonly status: FindingStatus };

/** The findings that came, went, or have another status: errors that came first, findings that went last. */
export function findingChanges(before: GraphSide, after: GraphSide): FindingChange[] {
  const [was, is] = [shownIn(before), shownIn(after)];
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  const changed = keys.flatMap((key): FindingChange[] => {
    const [first, second] = [was.get(key), is.get(key)];
    if (first?.status === second?.status) return [];
    const { status: _, ...finding } = (second ?? first)!;
    return [{ ...finding, ...(first && { before: first.status }), ...(second && { after: second.status }) }];
  });
  const statuses: readonly (FindingStatus | undefined)[] = [...ORDER, undefined];
  return statuses.flatMap((status) => changed.filter((finding) => finding.after === status));
}

/** A finding that is reported more than once has the status that needs most attention. */
const ORDER: readonly FindingStatus[] = ['error', 'warning', 'acknowledged', 'disabled'];

function shownIn({ findings, locate }: GraphSide): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const finding of findings) {
    const { fix, reason } = finding;
    const location = locate(finding.construct.node.path);
    const id = annotationId(finding);
    const problem = displayText(finding.problem);
    const status = statusOf(finding);
    const key = JSON.stringify([location.app, location.path, id, problem]);
    const known = shown.get(key)?.status;
    if (known !== undefined && ORDER.indexOf(known) <= ORDER.indexOf(status)) continue;
    const texts = { problem, ...(reason !== undefined && { reason: displayText(reason) }), fix: displayText(fix) };
    shown.set(key, { id, ...location, ...texts, status });
  }
  return shown;
}

function statusOf({ acknowledged, disabled, level }: ReportedFinding): FindingStatus {
  if (disabled !== undefined) return 'disabled';
  return acknowledged ? 'acknowledged' : level;
}
