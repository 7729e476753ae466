import { Json, isObject, listOf, own, textOf } from './statement';
import { OWN_ACCOUNT, hasUnknown, isAttribute } from './text';

/** Whom a statement lets in, and why: the reason is part of the answer. */
export interface Openness {
  readonly to: 'nobody' | 'named callers' | 'anyone' | 'undecided';
  readonly because: string;
}

/**
 * By AWS's own definition of a public policy: a wildcard principal is public unless a condition limits it to given callers.
 * A condition on the event does not. A service acts for every account, so a service without a source is as open as a wildcard.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function opennessOf(statement: Json): Openness {
  if (!isObject(statement)) return { to: 'undecided', because: `it is no statement: ${JSON.stringify(statement)}` };
  if (statement.Effect === 'Deny') return { to: 'nobody', because: 'it denies' };
  const who = principalOf(statement);
  if (who.to !== 'anyone') return who;
  const limits = limitsOf(statement.Condition, who.service);
  if (limits.some((l) => l.verdict === 'limits')) return { to: 'named callers', because: limits.find((l) => l.verdict === 'limits')!.because };
  const undecided = limits.find((l) => l.verdict === 'undecided');
  if (undecided) return { to: 'undecided', because: `${who.because}, and ${undecided.because}` };
  const why = limits.length === 0 ? 'no condition limits the caller' : limits.map((l) => l.because).join(', ');
  return { to: 'anyone', because: `${who.because} and ${why}` };
}

const ACCOUNT = `(?:\\d{12}|${OWN_ACCOUNT})`;

/** Keys that tell who calls, and the form of a value that names somebody. Keys are compared in lower case, as IAM does. */
const CALLER_KEYS: { readonly [key: string]: RegExp } = {
  'aws:principalaccount': new RegExp(`^${ACCOUNT}$`),
  'aws:principalorgid': /^o-[a-z0-9]+$/,
  'aws:principalorgpaths': /^o-[a-z0-9]+\//,
  'aws:principalarn': new RegExp(`^arn:[^:]+:(iam|sts)::${ACCOUNT}:`),
};

/** Keys that tell for whom a service calls. They are absent when a principal calls for itself. */
const SOURCE_KEYS: { readonly [key: string]: RegExp } = {
  'aws:sourceaccount': new RegExp(`^${ACCOUNT}$`),
  'aws:sourcearn': new RegExp(`^arn:[^:]+:[^:*?]+:[^:]*:(?:${ACCOUNT}:.|:[^*?/][^*?]*(?:/\\*)?$)`),
  'aws:sourceorgid': /^o-[a-z0-9]+$/,
  'aws:sourceorgpaths': /^o-[a-z0-9]+\//,
  // A secret of one Alexa skill.
  'lambda:eventsourcetoken': /^[^*?]+$/,
};

/** Keys that name the users of one application at a provider of identities which serves every account. */
const PROVIDER_KEYS: { readonly [key: string]: RegExp } = {
  'cognito-identity.amazonaws.com:aud': /^[^*?]+$/,
  'www.amazon.com:app_id': /^[^*?]+$/,
  'graph.facebook.com:app_id': /^[^*?]+$/,
  'accounts.google.com:aud': /^[^*?]+$/,
};

const POSITIVE_OPERATORS = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

interface Limit {
  readonly verdict: 'limits' | 'does not' | 'undecided';
  readonly because: string;
}

function principalOf(statement: { [key: string]: Json }): Openness & { service?: boolean } {
  if (statement.NotPrincipal !== undefined) return { to: 'anyone', because: 'NotPrincipal lets in everyone but those it names' };
  const principal = statement.Principal;
  if (principal === '*') return { to: 'anyone', because: "Principal '*'" };
  const parts = isObject(principal) ? Object.entries(principal).flatMap(([type, values]) => listOf(values).map((value) => ({ type, value }))) : [];
  const wild = parts.find(({ value }) => isWild(value));
  if (wild) return { to: 'anyone', because: `Principal '${wild.value}'` };
  // AWS refuses most of what it does not know, but nobody is named by it.
  const strange = parts.find(({ type, value }) => !own(PRINCIPALS, type)?.test(value) && !hasUnknown(value));
  if (parts.length === 0 || strange) {
    const what = JSON.stringify(strange ? { [strange.type]: strange.value } : principal ?? null);
    return { to: 'undecided', because: `its principal cannot be read: ${what}` };
  }
  const provider = parts.find(({ type, value }) => type === 'Federated' && !value.startsWith('arn:') && !hasUnknown(value));
  if (provider) return { to: 'anyone', because: `identity provider '${provider.value}' serves every account` };
  const service = parts.find(({ type }) => type === 'Service');
  if (service) return { to: 'anyone', because: `service '${service.value}' acts for every account`, service: true };
  const open = parts.map(({ value }) => namedOrUnknown(value)).find((p) => p.to === 'undecided');
  return open ?? { to: 'named callers', because: 'its principals are named' };
}

/** Types of principals, and the forms of their values. A unique id stands for a role or user that was deleted. */
const PRINCIPALS: { readonly [type: string]: RegExp } = {
  AWS: /^(\d{12}|arn:.+|A[A-Z0-9]{15,})$/,
  Service: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  Federated: /./,
  CanonicalUser: /./,
};

/** A wildcard alone, or in the account of an ARN. */
function isWild(principal: string): boolean {
  return principal === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*[*?]/.test(principal);
}

function namedOrUnknown(value: string): Openness {
  return hasUnknown(value) && !value.startsWith('arn:') && !isAttribute(value)
    ? { to: 'undecided', because: `principal '${value}' is known only at deployment` }
    : { to: 'named callers', because: `principal '${value}' is named` };
}

/** What each condition does for the caller; conditions on the event say nothing. */
function limitsOf(condition: Json | undefined, service = false): Limit[] {
  if (!isObject(condition)) return [];
  const present = presentKeys(condition);
  return Object.entries(condition).flatMap(([operator, keys]) => (isObject(keys) ? Object.entries(keys) : [])
    .map(([key, values]) => judge(operator, key, listOf(values), { service, present })));
}

function judge(operator: string, key: string, values: string[], { service, present }: { service: boolean; present: Set<string> }): Limit {
  const not = (reason: string): Limit => ({ verdict: 'does not', because: reason });
  const form = own(service ? SOURCE_KEYS : { ...CALLER_KEYS, ...SOURCE_KEYS, ...PROVIDER_KEYS }, key.toLowerCase());
  if (!form) return not(`'${key}' does not limit the caller`);
  const plain = operator.toLowerCase().replace(/^forallvalues:/, '');
  const holdsWithoutKey = plain !== operator.toLowerCase() && !present.has(key.toLowerCase());
  if (holdsWithoutKey) return not(`'${operator}' on '${key}' holds when the key is missing`);
  if (!POSITIVE_OPERATORS.test(plain)) return not(`'${operator}' on '${key}' does not name callers`);
  if (values.length === 0) return not(`'${key}' has no value`);
  const loose = values.find((value) => !namesCallers(form, plain, value));
  if (loose === undefined) return { verdict: 'limits', because: `'${key}' names the callers` };
  if (hasUnknown(loose) && !/[*?]/.test(loose)) return { verdict: 'undecided', because: `'${key}' is known only at deployment` };
  return not(`'${key}' is '${loose}', which names nobody`);
}

/** What stands there only at deployment names callers too where the operator takes no wildcard, or where it is a resource of the app. */
function namesCallers(form: RegExp, operator: string, value: string): boolean {
  if (operator.includes('stringlike') && spansAccounts(value)) return false;
  if (form.test(value) || isAttribute(value)) return true;
  return hasUnknown(value) && !/[*?]/.test(value) && operator.includes('stringequals');
}

/** Whether a wildcard stands before or in the account of an ARN: to an operator for strings it stands for colons too, and so for another ARN around this one. */
function spansAccounts(value: string): boolean {
  return value.startsWith('arn:') && /[*?]/.test(value.split(':').slice(0, 5).join(':'));
}

/** Keys that must be there by a `Null` condition. */
function presentKeys(condition: { [key: string]: Json }): Set<string> {
  const nulls = Object.entries(condition).filter(([operator]) => operator.toLowerCase() === 'null').map(([, keys]) => keys);
  const required = nulls.flatMap((keys) => (isObject(keys) ? Object.entries(keys) : [])).filter(([, value]) => textOf(value) === 'false');
  return new Set(required.map(([key]) => key.toLowerCase()));
}
