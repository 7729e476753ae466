import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, busStatements, destinationStatements, functionStatements, whatItAllows } from './resource-statements';
import { World } from './world';
import { Openness } from '../policy/openness';
import { Json, canonical, isObject } from '../policy/statement';
import { readable } from '../policy/text';

/**
 * Statements that let in callers whom nobody named.
 *
 * Blind spots: a named account that is not trusted; a condition on a tag or network; whether a source ARN's resource is still there; topics that
 * EventBridge may publish to for any rule.
 *
 * @param told whether what lets in everybody is told elsewhere, since everybody is not trusted
 */
export function wildcardPrincipals(world: World, told = false): Finding[] {
  const all = [busStatements, functionStatements, destinationStatements].flatMap((statements) => statements(world));
  return all.flatMap((statement) => judge(statement, world, told));
}

function judge(judged: ResourceStatement, world: World, told: boolean): Finding[] {
  return wildcardPrincipal(judged, world.openness(judged.statement), told);
}

/** What there is to say of whom one statement lets in. */
export function wildcardPrincipal(judged: ResourceStatement, { to, because }: Openness, told = false): Finding[] {
  const { construct, id, kind } = judged;
  if (to === 'nobody' || to === 'named callers' || (to === 'anyone' && (told || isUsualTopic(judged)))) return [];
  const what = whatItAllows(judged);
  const message = to === 'anyone'
    ? `statement '${readable(id)}' lets callers of every AWS account ${what}: ${readable(because)}; ${kind.remedy}${isOfEncryptedQueue(judged) ? FLAG : ''}`
    : `it cannot be told at synth whom statement '${readable(id)}' lets ${what}: ${readable(because)}; ${kind.remedy}`;
  return [{ id: FindingId.WILDCARD_PRINCIPAL, level: 'warning', construct, message }];
}

/** The CDK writes this statement for a queue with a KMS key that is the target of a rule. */
function isOfEncryptedQueue({ kind, statement }: ResourceStatement): boolean {
  return kind.thing === 'queue' && isObject(statement) && statement.Condition === undefined && isEventBridge(statement.Principal);
}

const FLAG = "; in the statement of the CDK's target for an encrypted queue, the feature flag '@aws-cdk/aws-events:eventsTargetQueueSameAccount' does that for the account";

function isEventBridge(principal: Json | undefined): boolean {
  return /^\{"Service":"events\.amazonaws\.com(\.cn)?"\}$/.test(canonical(principal));
}

/** AWS's guide gives this statement for topics as it is, and the CDK writes it for every topic that is a target. */
export function isUsualTopic({ kind, statement }: ResourceStatement): boolean {
  if (kind.thing !== 'topic' || !isObject(statement) || statement.Action !== kind.action) return false;
  return statement.Condition === undefined && isEventBridge(statement.Principal);
}
