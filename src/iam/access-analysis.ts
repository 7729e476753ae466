import { entriesOf } from './conditions';
import { AUTHENTICATION_CLAIM, isOfGuests } from './identity-providers';
import { ConditionAnalysis, analyzeConditions } from './principal-conditions';
import { NamedPrincipal, Principals, principalsOf } from './principals';
import { Json, isObject } from './statement';

/** Whom a statement lets in, and why: the reason is part of the answer. */
export interface AccessAnalysis {
  readonly access: 'none' | 'named' | 'public' | 'unknown';
  readonly reason: string;
  /** What limits the callers, where they are named: who is let in is within each of these. */
  readonly restrictions: Restriction[];
}

export interface Restriction {
  /** `Principal`, or the key of a condition in lower case. */
  readonly key: string;
  readonly principals: NamedPrincipal[];
}

/**
 * By AWS's own definition of a public policy: a wildcard principal is public unless a condition limits it to given
 * callers. A condition on the event does not. A service acts for every account, so a service without a source is as
 * open as a wildcard.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function analyzeAccess(statement: Json): AccessAnalysis {
  const result = (to: AccessAnalysis['access'], reason: string, bounds: Restriction[] = []): AccessAnalysis => ({
    access: to,
    reason,
    restrictions: bounds,
  });
  if (!isObject(statement)) return result('unknown', `it is no statement: ${JSON.stringify(statement)}`);
  if (statement.Effect === 'Deny') return result('none', 'it denies');
  if (statement.Effect !== 'Allow') {
    return result('unknown', `its effect is neither 'Allow' nor 'Deny': ${JSON.stringify(statement.Effect ?? null)}`);
  }
  const conditions = analyzeConditions(statement.Condition);
  const who = withoutServices(principalsOf(statement), conditions);
  if (who.invalidReason !== undefined) return result('unknown', who.invalidReason);
  const never = conditions.find(({ effect }) => effect === 'unsatisfiable');
  if (never) return result('none', never.reason);
  const open = publicSource(who);
  if (!open && who.named.length === 0) return result('none', 'services are in no organization');

  const limits = conditions.map((limit) =>
    open?.service && limit.subject === 'caller' ? ignoredForServices(limit) : limit,
  );
  const guests = unauthenticatedGuests(statement.Condition);
  if (open && guests !== undefined) return result('public', `${open.reason} and ${guests}`);
  const bounds = limits
    .filter(({ effect }) => effect === 'restricts')
    .map(({ key, principals }) => ({ key, principals }));
  if (!open) {
    return result('named', 'its principals are named', [{ key: 'Principal', principals: who.named }, ...bounds]);
  }
  if (bounds.length > 0) {
    return result('named', limits.find(({ effect }) => effect === 'restricts')!.reason, bounds);
  }
  const undecided = limits.find(({ effect }) => effect === 'unknown');
  if (undecided) return result('unknown', `${open.reason}, and ${undecided.reason}`);
  if (!open.certain) return result('unknown', open.reason);
  const why = limits.length === 0 ? 'no condition limits the caller' : limits.map(({ reason }) => reason).join(', ');
  return result('public', `${open.reason} and ${why}`);
}

/** Whoever visits an application has the identity of a guest, so that its pool names nobody. */
function unauthenticatedGuests(condition: Json | undefined): string | undefined {
  const guests = entriesOf(condition).find(
    ({ operator, key, values }) =>
      key.toLowerCase() === AUTHENTICATION_CLAIM && !/not|null/i.test(operator) && values.some(isOfGuests),
  );
  return guests && `'${guests.key}' is '${guests.values.find(isOfGuests)}', which stands for guests of an application`;
}

/** Services are of no organization, so that a condition on that of the caller keeps them out. */
function withoutServices(who: Principals, conditions: ConditionAnalysis[]): Principals {
  const organized = conditions.some(({ key, effect }) => /^aws:principalorg/.test(key) && effect !== 'doesNotRestrict');
  return organized ? { ...who, services: [] } : who;
}

/** What could let in callers that nobody named, unless a condition limits them. */
function publicSource({
  publicReason,
  services,
  unknown,
}: Principals): { reason: string; certain: boolean; service?: boolean } | undefined {
  if (publicReason !== undefined) return { reason: publicReason, certain: true };
  if (services.length > 0) {
    return { reason: `service '${services[0]}' acts for every account`, certain: true, service: true };
  }
  return unknown.length > 0
    ? { reason: `principal '${unknown[0]}' is known only at deployment and may be ${ANY_ACCOUNT}`, certain: false }
    : undefined;
}

const ANY_ACCOUNT = "of any account (an 'allowedPattern' of a parameter can tell that it is not)";

/** What tells who calls says nothing of for whom a service does. */
function ignoredForServices({ key }: ConditionAnalysis): ConditionAnalysis {
  return { key, effect: 'doesNotRestrict', reason: `'${key}' does not tell for whom a service acts`, principals: [] };
}
