import { AppIndex } from '../../app-model/app-index';
import { displayText } from '../../iam/unresolved-text';
import { unsatisfiableReasons } from '../../iam/unsatisfiable-conditions';
import { Finding, errorFinding } from '../engine/finding';
import { isReportedWith } from '../engine/other-apps';
import { FindingId } from '../finding-id';
import { hasInvalidStatement, isInvalidStatement } from './invalid-statements';
import { targetStatements } from './policy-conflicts';

/**
 * Reports statements on buses, functions, queues and topics that allow no principal, because a condition never matches.
 *
 * Blind spots: two conditions that exclude each other; Deny statements; condition keys that AWS does not define.
 */
export function checkUnsatisfiableConditions({ evaluated }: AppIndex): Finding[] {
  const findings: Finding[] = [];
  for (const entry of targetStatements(evaluated)) {
    const { construct, id, resourceArn, statement, shortForm } = entry;
    // The statement that replaces the short form has conditions that match.
    if (shortForm && isInvalidStatement(entry)) continue;
    const [unsatisfiable] = unsatisfiableReasons(statement);
    if (unsatisfiable === undefined) continue;
    const text = {
      problem: `statement '${displayText(id)}' on ${displayText(resourceArn)} allows no principal`,
      reason: displayText(unsatisfiable.reason),
      fix: displayText(unsatisfiable.fix),
    };
    findings.push(errorFinding(FindingId.CONDITION_NEVER_MATCHES, construct, text, displayText(resourceArn)));
  }
  return findings;
}

/**
 * Whether the policy of a resource has a fault that another finding reports: a statement with a condition that never
 * matches, a statement that AWS rejects, or several resources that set the policy. A fault of another app is reported
 * only there.
 */
export function hasReportedPolicyFault(app: AppIndex, arn: string): boolean {
  const { conflicting, entries } = app.policyOn(arn);
  return (
    conflicting ||
    hasInvalidStatement(app, arn) ||
    entries.some(
      ({ statement, construct }) => unsatisfiableReasons(statement).length > 0 && isReportedWith(app, construct),
    )
  );
}
