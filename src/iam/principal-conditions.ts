import { accountOf } from './arn';
import { ValueForm, isOfForm, organizationOfPartlyKnown, withAccountIds } from './chosen-values';
import { formOfClaim } from './identity-providers';
import { NamedPrincipal, namedPrincipal } from './principals';
import { Json, isObject, toList, getOwn, toText } from './statement';
import { OWN_ACCOUNT, hasUnresolved, isAttribute, isComputed, splitText } from './unresolved-text';

/** What one condition does for the question who may call. */
export interface ConditionAnalysis {
  readonly key: string;
  /** Whether the key tells who calls, or for whom a service does; nothing where it tells neither. */
  readonly subject?: 'caller' | 'source';
  readonly effect: 'limits' | 'does not' | 'undecided' | 'never holds';
  readonly reason: string;
  readonly principals: NamedPrincipal[];
}

/** The account and the organization of the resource itself, as policies write them. */
export const RESOURCE_ACCOUNT = '${aws:ResourceAccount}';
export const RESOURCE_ORGANIZATION = '${aws:ResourceOrgID}';

/** What each condition does for the caller; conditions on the event say nothing. */
export function analyzeConditions(condition: Json | undefined): ConditionAnalysis[] {
  if (typeof condition === 'string' && hasUnresolved(condition))
    return [unknownCondition('Condition', 'its condition is known only at deployment')];
  if (!isObject(condition)) return [];
  const nulls = nullsOf(condition);
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (typeof keys === 'string' && hasUnresolved(keys))
      return [unknownCondition(operator, `'${operator}' is known only at deployment`)];
    return isObject(keys)
      ? Object.entries(keys).map(([key, values]) => analyzeCondition(operator, key, toList(values), nulls))
      : [];
  });
}

const ACCOUNT = `(?:\\d{12}|${OWN_ACCOUNT})`;
const RESOURCE = { account: '\\$\\{aws:resourceaccount\\}', organization: '\\$\\{aws:resourceorgid\\}' };

interface PrincipalKey {
  readonly subject: 'caller' | 'source';
  /** A value that names somebody. */
  readonly pattern: RegExp;
  /**
   * Parameters that name somebody, whatever their value is. Where any text does, if it has no wildcard, that is not
   * needed.
   */
  readonly placeholderForms: 'any' | readonly ValueForm[];
  readonly principalOf: (value: string) => NamedPrincipal;
}

const account = (of: PrincipalKey['subject']): PrincipalKey => ({
  subject: of,
  placeholderForms: ['account'],
  pattern: new RegExp(`^(?:${ACCOUNT}|${RESOURCE.account})$`, 'i'),
  principalOf: (value) => ({ name: `account ${value}`, account: value }),
});
const organization = (of: PrincipalKey['subject']): PrincipalKey => ({
  subject: of,
  placeholderForms: 'any',
  pattern: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE.organization})$`, 'i'),
  principalOf: (value) => ({ name: `organization ${value}`, organization: value }),
});
const units = (of: PrincipalKey['subject']): PrincipalKey => ({
  subject: of,
  placeholderForms: ['path'],
  pattern: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE.organization})/`, 'i'),
  principalOf: (value) => ({ name: `units ${value}`, organization: organizationOf(value) }),
});
function organizationOf(path: string): string {
  return isOfForm(path, 'path') ? organizationOfPartlyKnown(path) : splitText(path, '/')[0];
}

/** Identities of a provider that a claim tells from others, or one skill of Alexa, by its secret. */
const claim = (of: PrincipalKey['subject'], form: RegExp): PrincipalKey => ({
  subject: of,
  placeholderForms: 'any',
  pattern: form,
  principalOf: (value) => ({ name: value }),
});

/**
 * Keys that tell who calls, or for whom a service calls, which are absent when a principal calls for itself. Compared
 * in lower case, as IAM does.
 */
const PRINCIPAL_KEYS: { readonly [key: string]: PrincipalKey } = {
  'aws:principalaccount': account('caller'),
  'aws:principalorgid': organization('caller'),
  'aws:principalorgpaths': units('caller'),
  'aws:principalarn': {
    subject: 'caller',
    placeholderForms: ['arn'],
    pattern: new RegExp(`^arn:[^:]+:(iam|sts)::${ACCOUNT}:`),
    principalOf: namedPrincipal,
  },
  // The unique id of a role or user, with the name of the session behind it; the account itself for its root.
  'aws:userid': {
    subject: 'caller',
    placeholderForms: [],
    pattern: /^(?:A[A-Z0-9]{15,}|‹[\w.]+ of [^‹›]+›)(?::.*)?$|^\d{12}$/,
    principalOf: namedPrincipal,
  },
  'aws:sourceaccount': account('source'),
  // The older name that topics have for it.
  'aws:sourceowner': account('source'),
  'aws:sourcearn': {
    subject: 'source',
    placeholderForms: ['arn'],
    pattern: new RegExp(`^arn:[^:]+:[^:*?]+:[^:]*:(?:${ACCOUNT}:.|:[^*?/][^*?]*(?:/\\*)?$)`),
    principalOf: namedPrincipal,
  },
  'aws:sourceorgid': organization('source'),
  'aws:sourceorgpaths': units('source'),
  'lambda:eventsourcetoken': claim('source', /^[^*?]+$/),
};

/** Keys of the resource, which are compared with what a policy variable says of the caller. */
const RESOURCE_KEYS: { readonly [key: string]: { readonly form: RegExp; readonly who: NamedPrincipal } } = {
  'aws:resourceaccount': {
    form: /^\$\{aws:(principal|source)account\}$/i,
    who: { name: `account ${RESOURCE_ACCOUNT}`, account: RESOURCE_ACCOUNT },
  },
  'aws:resourceorgid': {
    form: /^\$\{aws:(principal|source)orgid\}$/i,
    who: { name: `organization ${RESOURCE_ORGANIZATION}`, organization: RESOURCE_ORGANIZATION },
  },
};

const POSITIVE_OPERATORS = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Operators that take a wildcard for the character it is. */
const LITERAL_OPERATORS = /stringequals/;

interface Nulls {
  readonly present: Set<string>;
  readonly missing: Set<string>;
}

function analyzeCondition(
  operator: string,
  key: string,
  values: readonly string[],
  { present, missing }: Nulls,
): ConditionAnalysis {
  const name = key.toLowerCase();
  const compared = getOwn(RESOURCE_KEYS, name);
  const known =
    getOwn(PRINCIPAL_KEYS, name) ?? (compared && comparedResourceKey(compared, values)) ?? identityProviderKey(name);
  const says = (
    verdict: ConditionAnalysis['effect'],
    reason: string,
    callers: NamedPrincipal[] = [],
  ): ConditionAnalysis => ({ key: name, subject: known?.subject, effect: verdict, reason, principals: callers });
  const not = (reason: string) => says('does not', reason);
  const [, set, plain, ifExists] = /^(forallvalues:)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const holdsWithoutKey = (set ?? ifExists) !== undefined && !present.has(name);
  const positive = POSITIVE_OPERATORS.test(plain);
  if (positive && !holdsWithoutKey && missing.has(name))
    return says('never holds', `'${key}' must be missing and have a value`);
  if (!known) return not(getOwn(SERVICE_KEYS, name) ?? `'${key}' does not limit the caller`);
  if (holdsWithoutKey) return not(`'${operator}' on '${key}' holds when the key is missing`);
  if (!positive) return not(`'${operator}' on '${key}' does not name callers`);
  if (values.length === 0) return not(`'${key}' has no value`);
  const alive = LITERAL_OPERATORS.test(plain)
    ? values.filter((value) => !/[*?]/.test(value.replace(/\$\{[^}]*\}|‹[^›]*›/g, '')))
    : values;
  if (alive.length === 0)
    return says('never holds', `'${key}' is compared to the letter with '${values[0]}', which no caller has`);
  const loose = alive.find((value) => !namesPrincipals(known, plain, value));
  if (loose === undefined) return says('limits', `'${key}' names the callers`, alive.map(known.principalOf));
  if (mayNamePrincipals(loose)) return says('undecided', `'${key}' is '${loose}', which is known only at deployment`);
  return not(`'${key}' is '${loose}', which names ${/^\$\{[^}]*\}$/.test(loose) ? 'whoever calls' : 'nobody'}`);
}

/** A claim of a provider of identities. */
function identityProviderKey(name: string): PrincipalKey | undefined {
  const form = formOfClaim(name);
  return form && claim('caller', form);
}

/** A key of the resource limits callers where it is compared with what they are. */
function comparedResourceKey(
  { form, who }: { form: RegExp; who: NamedPrincipal },
  values: readonly string[],
): PrincipalKey | undefined {
  const sides = new Set(values.map((value) => form.exec(value)?.[1].toLowerCase()));
  if (sides.size !== 1 || sides.has(undefined)) return undefined;
  return {
    subject: sides.has('source') ? 'source' : 'caller',
    placeholderForms: [],
    pattern: /^\*$/,
    principalOf: () => who,
  };
}

/** Keys that seem to limit callers to services: each of those acts for every account. */
const SERVICE_KEYS: { readonly [key: string]: string } = {
  'aws:principalisawsservice': "'aws:PrincipalIsAWSService' lets in services, which act for every account",
  'aws:principalservicename': "'aws:PrincipalServiceName' names a service, which acts for every account",
  'aws:principalservicenameslist': "'aws:PrincipalServiceNamesList' names services, which act for every account",
};

/**
 * What stands there only at deployment names callers too where it is a resource of the app, or where every value that
 * it may have does.
 */
function namesPrincipals({ pattern, placeholderForms }: PrincipalKey, operator: string, value: string): boolean {
  if (operator.includes('stringlike') && spansAccounts(value)) return false;
  if (placeholderForms === 'any' && hasUnresolved(value) && !LITERAL_OPERATORS.test(operator)) return false;
  if (pattern.test(withAccountIds(variablesAsWildcards(value)))) return true;
  if (isAttribute(value)) return true;
  if (placeholderForms !== 'any') return isOfForm(value, ...placeholderForms);
  return hasUnresolved(value) && !isComputed(value) && !/[*?]/.test(value) && LITERAL_OPERATORS.test(operator);
}

/**
 * With a wildcard for each policy variable that the caller fills, and so with anything; what the resource is the caller
 * does not choose.
 */
function variablesAsWildcards(value: string): string {
  return value.replace(/\$\{(?!aws:resource(?:account|orgid)\})[^}]*\}/gi, '*');
}

/** Whether deployment may put there what names callers: not behind a wildcard that stands for any. */
function mayNamePrincipals(value: string): boolean {
  return hasUnresolved(value) && (hasUnresolved(accountOf(value)) || !/[*?]/.test(value.slice(0, value.indexOf('‹'))));
}

/**
 * Whether a wildcard stands before or in the account of an ARN: to an operator for strings it stands for colons too,
 * and so for another ARN around this one.
 */
function spansAccounts(value: string): boolean {
  return value.startsWith('arn:') && /[*?]/.test(value.split(':').slice(0, 5).join(':'));
}

/** Keys that must be there, or must not, by a `Null` condition. */
function nullsOf(condition: { [key: string]: Json }): Nulls {
  const nulls = Object.keys(condition)
    .filter((operator) => operator.toLowerCase() === 'null')
    .map((operator) => condition[operator]);
  if (nulls.length === 0) return NO_NULLS;
  const all = nulls.flatMap((keys) => (isObject(keys) ? Object.entries(keys) : []));
  const having = (wanted: string) =>
    new Set(all.filter(([, value]) => toText(value) === wanted).map(([key]) => key.toLowerCase()));
  return { present: having('false'), missing: having('true') };
}

const NO_NULLS: Nulls = { present: new Set(), missing: new Set() };

function unknownCondition(key: string, reason: string): ConditionAnalysis {
  return { key, effect: 'undecided', reason, principals: [] };
}
