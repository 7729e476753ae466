import { AppIndex, hasConflictingWriters } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Policies that several resources write, where AWS does not merge them: the one that is deployed last replaces the
 * others.
 *
 * Blind spots: other apps; two resources under conditions of their own, of which one may be there when the other is
 * not; a policy without statements.
 */
export function checkPolicyConflicts({ model }: AppIndex): Finding[] {
  const { eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements } = model;
  const all = [eventBusStatements, eventBusV2Statements, functionStatements, queueStatements, topicStatements].flat();
  return [...groupedBy(all, ({ resourceArn }) => resourceArn)].flatMap(([of, statements]) =>
    hasConflictingWriters(statements) ? checkWriters(of, statements) : [],
  );
}

function checkWriters(of: string, statements: ResourcePolicyStatement[]): Finding[] {
  const writers = [...groupedBy(statements, ({ construct }) => construct).values()].map(([first]) => first);
  const certain = writers.filter(({ conditional }) => !conditional);
  if (certain.length === 0) return [];
  const sure = hasConflictingWriters(certain);
  const whole = writers.find((writer) => writer.isWholePolicy && (!sure || !writer.conditional))!;
  const names = writers.map(({ construct }) => `'${construct.node.path}' (${construct.cfnResourceType})`);
  const problem =
    `${names.join(' and ')} ${sure ? 'set' : 'may set'} the resource-based policy of ${displayText(of)}` +
    `, which AWS does not merge: '${whole.construct.node.path}' replaces the whole policy, ` +
    'so that the order of deployment decides which statements apply';
  const fix = `move all statements to '${whole.construct.node.path}', and remove the others`;
  return [
    {
      id: FindingId.RESOURCE_POLICY_CONFLICT,
      level: sure ? 'error' : 'warning',
      construct: whole.construct,
      problem,
      fix,
    },
  ];
}
