import { Limit, limitsOf } from './caller-conditions';
import { entriesOf } from './conditions';
import { AUTHENTICATION_CLAIM, isOfGuests } from './identity-providers';
import { Caller, Principals, principalsOf } from './principals';
import { Json, isObject } from './statement';

/** Whom a statement lets in, and why: the reason is part of the answer. */
export interface Openness {
  readonly to: 'nobody' | 'named callers' | 'anyone' | 'undecided';
  readonly because: string;
  /** What limits the callers, where they are named: who is let in is within each of these. */
  readonly bounds: Bound[];
}

export interface Bound {
  /** `Principal`, or the key of a condition in lower case. */
  readonly by: string;
  readonly callers: Caller[];
}

/**
 * By AWS's own definition of a public policy: a wildcard principal is public unless a condition limits it to given callers.
 * A condition on the event does not. A service acts for every account, so a service without a source is as open as a wildcard.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function opennessOf(statement: Json): Openness {
  const result = (to: Openness['to'], because: string, bounds: Bound[] = []): Openness => ({ to, because, bounds });
  if (!isObject(statement)) return result('undecided', `it is no statement: ${JSON.stringify(statement)}`);
  if (statement.Effect === 'Deny') return result('nobody', 'it denies');
  if (statement.Effect !== 'Allow') return result('undecided', `its effect is neither 'Allow' nor 'Deny': ${JSON.stringify(statement.Effect ?? null)}`);
  const conditions = limitsOf(statement.Condition);
  const who = present(principalsOf(statement), conditions);
  if (who.unreadable !== undefined) return result('undecided', who.unreadable);
  const never = conditions.find(({ verdict }) => verdict === 'never holds');
  if (never) return result('nobody', never.because);
  const open = opening(who);
  if (!open && who.named.length === 0) return result('nobody', 'services are in no organization');

  const limits = conditions.map((limit) => (open?.service && limit.of === 'caller' ? beside(limit) : limit));
  const guests = guestsOf(statement.Condition);
  if (open && guests !== undefined) return result('anyone', `${open.because} and ${guests}`);
  const bounds = limits.filter(({ verdict }) => verdict === 'limits').map(({ key, callers }) => ({ by: key, callers }));
  if (!open) return result('named callers', 'its principals are named', [{ by: 'Principal', callers: who.named }, ...bounds]);
  if (bounds.length > 0) return result('named callers', limits.find(({ verdict }) => verdict === 'limits')!.because, bounds);
  const undecided = limits.find(({ verdict }) => verdict === 'undecided');
  if (undecided) return result('undecided', `${open.because}, and ${undecided.because}`);
  if (!open.certain) return result('undecided', open.because);
  const why = limits.length === 0 ? 'no condition limits the caller' : limits.map(({ because }) => because).join(', ');
  return result('anyone', `${open.because} and ${why}`);
}

/** Whoever visits an application has the identity of a guest, so that its pool names nobody. */
function guestsOf(condition: Json | undefined): string | undefined {
  const guests = entriesOf(condition).find(({ operator, key, values }) => (
    key.toLowerCase() === AUTHENTICATION_CLAIM && !/not|null/i.test(operator) && values.some(isOfGuests)));
  return guests && `'${guests.key}' is '${guests.values.find(isOfGuests)}', which stands for guests of an application`;
}

/** Services are of no organization, so that a condition on that of the caller keeps them out. */
function present(who: Principals, conditions: Limit[]): Principals {
  const organized = conditions.some(({ key, verdict }) => /^aws:principalorg/.test(key) && verdict !== 'does not');
  return organized ? { ...who, services: [] } : who;
}

/** What could let in callers that nobody named, unless a condition limits them. */
function opening({ everybody, services, unknown }: Principals): { because: string; certain: boolean; service?: boolean } | undefined {
  if (everybody !== undefined) return { because: everybody, certain: true };
  if (services.length > 0) return { because: `service '${services[0]}' acts for every account`, certain: true, service: true };
  return unknown.length > 0 ? { because: `principal '${unknown[0]}' is known only at deployment and may be ${ANY_ACCOUNT}`, certain: false } : undefined;
}

const ANY_ACCOUNT = "of any account (an 'allowedPattern' of a parameter can tell that it is not)";

/** What tells who calls says nothing of for whom a service does. */
function beside({ key }: Limit): Limit {
  return { key, verdict: 'does not', because: `'${key}' does not tell for whom a service acts`, callers: [] };
}
