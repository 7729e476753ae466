import { FindingId } from '../../finding-id';
import { PolicyStatement } from '../../model/app-model';
import { groupedBy } from '../../policy/grouped';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World, hasConflictingWriters } from '../world';

/**
 * Policies that several resources write, where AWS does not merge them: the one that is deployed last replaces the others.
 *
 * Blind spots: other apps; two resources under conditions of their own, of which one may be there when the other is not; a policy without statements.
 */
export function policyConflicts({ model }: World): Finding[] {
  const { eventBusStatements, eventsV2Statements, functionStatements, queueStatements, topicStatements } = model;
  const all = [eventBusStatements, eventsV2Statements, functionStatements, queueStatements, topicStatements].flat();
  return [...groupedBy(all, ({ of }) => of)].flatMap(([of, statements]) => (hasConflictingWriters(statements) ? judge(of, statements) : []));
}

function judge(of: string, statements: PolicyStatement[]): Finding[] {
  const writers = [...groupedBy(statements, ({ construct }) => construct).values()].map(([first]) => first);
  const certain = writers.filter(({ conditional }) => !conditional);
  if (certain.length === 0) return [];
  const sure = hasConflictingWriters(certain);
  const whole = writers.find((writer) => writer.whole && (!sure || !writer.conditional))!;
  const names = writers.map(({ construct }) => `'${construct.node.path}' (${construct.cfnResourceType})`);
  const message = `${names.join(' and ')} ${sure ? 'set' : 'may set'} the resource-based policy of ${readable(of)}, which AWS does not merge: '${whole.construct.node.path}' replaces the whole policy, `
    + `so that the order of deployment decides which statements apply; move all statements to '${whole.construct.node.path}', and remove the others`;
  return [{ id: FindingId.RESOURCE_POLICY_CONFLICT, level: sure ? 'error' : 'warning', construct: whole.construct, message }];
}
