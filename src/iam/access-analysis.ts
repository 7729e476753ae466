import { parseOperator } from './condition-operators';
import { entriesOf } from './conditions';
import { AUTHENTICATION_CLAIM, matchesGuests } from './identity-providers';
import { ConditionAnalysis, analyzeConditions } from './principal-conditions';
import { ListedPrincipals, NamedPrincipal, principalsOf } from './principals';
import { Json, isObject } from './statement';

/** Which principals a statement allows. */
export interface AccessAnalysis {
  readonly access: 'none' | 'named' | 'public' | 'unknown';
  /** The element of the statement that decides, as a clause for messages. */
  readonly reason: string;
  /** The restrictions of named access. An allowed principal satisfies all of them. */
  readonly restrictions: Restriction[];
}

/** An element of a statement that restricts its principals. */
export interface Restriction {
  /** `Principal`, or a condition key in lower case. */
  readonly key: string;
  readonly principals: NamedPrincipal[];
}

/**
 * Analyzes which principals a statement allows. As AWS defines public access, a wildcard principal is public unless a
 * condition restricts it to fixed principals, accounts or organizations. A condition on the event does not. A service
 * principal without a source is public too, because a service acts on behalf of any AWS account.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function analyzeAccess(statement: Json): AccessAnalysis {
  if (!isObject(statement)) return analysis('unknown', `it is not a policy statement: ${JSON.stringify(statement)}`);
  const { Effect, Condition } = statement;
  if (Effect === 'Deny') return analysis('none', 'it is a Deny statement');
  if (Effect !== 'Allow') {
    return analysis('unknown', `its effect is neither 'Allow' nor 'Deny': ${JSON.stringify(Effect ?? null)}`);
  }
  const principals = principalsOf(statement);
  if (principals.kind === 'invalid') return analysis('unknown', principals.reason);
  const conditions = analyzeConditions(Condition);
  const unsatisfiable = conditions.find(({ effect }) => effect === 'unsatisfiable');
  if (unsatisfiable) return analysis('none', unsatisfiable.reason);
  if (principals.kind === 'public') return analyzeBroadPrincipal(principals, conditions, Condition);
  const listed = withoutExcludedServices(principals, conditions);
  const broad = broadPrincipal(listed);
  return broad ? analyzeBroadPrincipal(broad, conditions, Condition) : analyzeNamedPrincipals(listed, conditions);
}

function analysis(access: AccessAnalysis['access'], reason: string, restrictions: Restriction[] = []): AccessAnalysis {
  return { access, reason, restrictions };
}

function analyzeNamedPrincipals({ named }: ListedPrincipals, conditions: ConditionAnalysis[]): AccessAnalysis {
  if (named.length === 0) return analysis('none', 'AWS services belong to no organization');
  const restrictions = [{ key: 'Principal', principals: named }, ...restrictionsOf(conditions)];
  return analysis('named', 'it lists its principals', restrictions);
}

function restrictionsOf(conditions: ConditionAnalysis[]): Restriction[] {
  return conditions.filter(({ effect }) => effect === 'restricts').map(({ key, principals }) => ({ key, principals }));
}

/** AWS services belong to no organization, so a condition on the principal's organization excludes them. */
function withoutExcludedServices(principals: ListedPrincipals, conditions: ConditionAnalysis[]): ListedPrincipals {
  const requiresOrganization = conditions.some(
    ({ key, effect }) => key.startsWith('aws:principalorg') && effect !== 'doesNotRestrict',
  );
  return requiresOrganization ? { ...principals, services: [] } : principals;
}

/** A principal that can be in any AWS account, unless a condition restricts it. */
interface BroadPrincipal {
  readonly reason: string;
  readonly isService?: boolean;
  /** Whether the account is known only at deployment. */
  readonly isUnresolved?: boolean;
}

function broadPrincipal({ services, unresolved }: ListedPrincipals): BroadPrincipal | undefined {
  const [service] = services;
  if (service !== undefined) {
    return { reason: `service '${service}' acts on behalf of any AWS account`, isService: true };
  }
  if (unresolved.length === 0) return undefined;
  return {
    reason:
      `principal '${unresolved[0]}' is known only at deployment and can be in any AWS account ` +
      "(the 'allowedPattern' of a parameter can restrict it)",
    isUnresolved: true,
  };
}

function analyzeBroadPrincipal(
  broad: BroadPrincipal,
  conditions: ConditionAnalysis[],
  condition: Json | undefined,
): AccessAnalysis {
  const guests = guestReason(condition);
  if (guests !== undefined) return analysis('public', `${broad.reason}, and ${guests}`);
  const relevant = broad.isService ? conditions.map(ignorePrincipalKey) : conditions;
  const restriction = relevant.find(({ effect }) => effect === 'restricts');
  if (restriction) return analysis('named', restriction.reason, restrictionsOf(relevant));
  const unknown = relevant.find(({ effect }) => effect === 'unknown');
  if (unknown) return analysis('unknown', `${broad.reason}, and ${unknown.reason}`);
  if (broad.isUnresolved) return analysis('unknown', broad.reason);
  return analysis('public', joinClauses([broad.reason, ...noRestrictionReasons(relevant)]));
}

function noRestrictionReasons(conditions: ConditionAnalysis[]): string[] {
  return conditions.length === 0 ? ['no condition restricts it'] : conditions.map(({ reason }) => reason);
}

function joinClauses(clauses: string[]): string {
  return `${clauses.slice(0, -1).join(', ')}, and ${clauses[clauses.length - 1]}`;
}

/** A condition on the principal of the call does not restrict the account on whose behalf a service acts. */
function ignorePrincipalKey(condition: ConditionAnalysis): ConditionAnalysis {
  if (condition.subject !== 'principal') return condition;
  const { key } = condition;
  const reason = `'${key}' does not restrict the account on whose behalf a service acts`;
  return { key, effect: 'doesNotRestrict', reason, principals: [] };
}

/** Why a statement allows unauthenticated guests of a Cognito identity pool. Any user of an application can be one. */
function guestReason(condition: Json | undefined): string | undefined {
  for (const { operator, key, values } of entriesOf(condition)) {
    if (key.toLowerCase() !== AUTHENTICATION_CLAIM) continue;
    const { base, negated } = parseOperator(operator);
    const guests = values.find(matchesGuests);
    if (guests === undefined || negated || base === 'null') continue;
    return `'${key}' is '${guests}', which matches unauthenticated guests`;
  }
  return undefined;
}
