import { AppIndex } from '../../app-model/app-index';
import { displayText } from '../../iam/unresolved-text';
import { unsatisfiableReasons } from '../../iam/unsatisfiable-conditions';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Statements on buses, functions, queues and topics whose conditions never hold: they let nobody in.
 *
 * Blind spots: two conditions that exclude each other; statements that deny; keys that AWS does not know.
 */
export function checkUnsatisfiableConditions({ model }: AppIndex): Finding[] {
  const { eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements } = model;
  const all = [eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements].flat();
  return all.flatMap(({ construct, id, resourceArn, statement }) => {
    const [unsatisfiable] = unsatisfiableReasons(statement);
    if (unsatisfiable === undefined) return [];
    const problem =
      `statement '${displayText(id)}' on ${displayText(resourceArn)} lets nobody in: ` +
      displayText(unsatisfiable.reason);
    const fix = displayText(unsatisfiable.fix);
    return [{ id: FindingId.CONDITION_NEVER_MATCHES, level: 'error' as const, construct, problem, fix }];
  });
}

/**
 * Whether the policy of something has a fault that is told by itself: a statement that lets nobody in for its
 * conditions, or several writers.
 */
export function hasUnsatisfiableStatement(app: AppIndex, arn: string): boolean {
  const { conflicting, statements } = app.policyOn(arn);
  return conflicting || statements.some((statement) => unsatisfiableReasons(statement).length > 0);
}
