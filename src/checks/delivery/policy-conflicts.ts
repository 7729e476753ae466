import { AppIndex } from '../../app-model/app-index';
import { AppModel, ResourcePolicyStatement } from '../../app-model/app-model';
import { hasConflictingWriters } from '../../app-model/resource-policy';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, errorFinding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds resource-based policies that several resources set and that AWS does not merge: the resource that is deployed
 * last replaces the statements of the others.
 *
 * Blind spots: other apps; two resources with different conditions, of which at most one may be created; a policy
 * without statements.
 */
export function checkPolicyConflicts({ evaluated }: AppIndex): Finding[] {
  const findings: Finding[] = [];
  for (const [resourceArn, statements] of groupedBy(
    targetStatements(evaluated),
    (statement) => statement.resourceArn,
  )) {
    const finding = hasConflictingWriters(statements) ? policyConflict(resourceArn, statements) : undefined;
    if (finding) findings.push(finding);
  }
  return findings;
}

/** Statements on everything that events are sent to: buses, functions, queues, topics, streams and APIs. */
export function targetStatements(model: AppModel): ResourcePolicyStatement[] {
  const { eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements } = model;
  const { streamStatements, restApiStatements } = model;
  return [
    ...[eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements].flat(),
    ...streamStatements,
    ...restApiStatements,
  ];
}

/** An error if the resources that are certainly created conflict, a warning if they may. */
function policyConflict(resourceArn: string, statements: ResourcePolicyStatement[]): Finding | undefined {
  const writers = [...groupedBy(statements, ({ construct }) => construct).values()].map(([first]) => first);
  const unconditional = writers.filter(({ conditional }) => !conditional);
  if (unconditional.length === 0) return undefined;
  const isCertain = hasConflictingWriters(unconditional);
  const candidates = isCertain ? unconditional : writers;
  const { construct } = candidates.find(({ isWholePolicy }) => isWholePolicy)!;
  const names = writers.map((writer) => `'${writer.construct.node.path}' (${writer.construct.cfnResourceType})`);
  const text = {
    problem:
      `${names.join(' and ')} ${isCertain ? 'set' : 'may set'} the resource-based policy of ` +
      displayText(resourceArn),
    reason:
      `AWS does not merge them, and '${construct.node.path}' replaces the whole policy, so the order of deployment ` +
      'determines which statements apply',
    fix: `move all statements to '${construct.node.path}', and remove the other policies`,
  };
  const createFinding = isCertain ? errorFinding : warningFinding;
  return createFinding(FindingId.RESOURCE_POLICY_CONFLICT, construct, text, displayText(resourceArn));
}
