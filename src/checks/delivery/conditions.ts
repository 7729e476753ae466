import { FindingId } from '../../finding-id';
import { neverMatches } from '../../policy/impossible';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Statements on buses, functions, queues and topics whose conditions never hold: they let nobody in.
 *
 * Blind spots: two conditions that exclude each other; statements that deny; keys that AWS does not know.
 */
export function conditionsThatNeverMatch({ model }: World): Finding[] {
  const { eventBusStatements, eventsV2Statements, functionStatements, queueStatements, topicStatements } = model;
  const all = [eventBusStatements, eventsV2Statements, functionStatements, queueStatements, topicStatements].flat();
  return all.flatMap(({ construct, id, of, statement }) => {
    const [because] = neverMatches(statement);
    if (because === undefined) return [];
    const message = `statement '${readable(id)}' on ${readable(of)} lets nobody in: ${readable(because)}`;
    return [{ id: FindingId.CONDITION_NEVER_MATCHES, level: 'error' as const, construct, message }];
  });
}

/** Whether the policy of something has a fault that is told by itself: a statement that lets nobody in for its conditions, or several writers. */
export function isFaulty(world: World, arn: string): boolean {
  const { conflicting, contents } = world.policyOn(arn);
  return conflicting || contents.some((statement) => neverMatches(statement).length > 0);
}
