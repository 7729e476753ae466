import { accountOf } from './arn';
import { ValueForm, isOfForm, organizationOfChosen, withAccountIds } from './chosen-values';
import { formOfClaim } from './identity-providers';
import { Caller, principal } from './principals';
import { Json, isObject, listOf, own, textOf } from './statement';
import { OWN_ACCOUNT, hasUnknown, isAttribute, isComputed, partsOf } from './text';

/** What one condition does for the question who may call. */
export interface Limit {
  readonly key: string;
  /** Whether the key tells who calls, or for whom a service does; nothing where it tells neither. */
  readonly of?: 'caller' | 'source';
  readonly verdict: 'limits' | 'does not' | 'undecided' | 'never holds';
  readonly because: string;
  readonly callers: Caller[];
}

/** The account and the organization of the resource itself, as policies write them. */
export const RESOURCE_ACCOUNT = '${aws:ResourceAccount}';
export const RESOURCE_ORGANIZATION = '${aws:ResourceOrgID}';

/** What each condition does for the caller; conditions on the event say nothing. */
export function limitsOf(condition: Json | undefined): Limit[] {
  if (typeof condition === 'string' && hasUnknown(condition)) return [undecided('Condition', 'its condition is known only at deployment')];
  if (!isObject(condition)) return [];
  const nulls = nullsOf(condition);
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (typeof keys === 'string' && hasUnknown(keys)) return [undecided(operator, `'${operator}' is known only at deployment`)];
    return isObject(keys) ? Object.entries(keys).map(([key, values]) => judge(operator, key, listOf(values), nulls)) : [];
  });
}

const ACCOUNT = `(?:\\d{12}|${OWN_ACCOUNT})`;
const RESOURCE = { account: '\\$\\{aws:resourceaccount\\}', organization: '\\$\\{aws:resourceorgid\\}' };

interface Key {
  readonly of: 'caller' | 'source';
  /** A value that names somebody. */
  readonly form: RegExp;
  /** Parameters that name somebody, whatever their value is. Where any text does, if it has no wildcard, that is not needed. */
  readonly parameters: 'any' | readonly ValueForm[];
  readonly who: (value: string) => Caller;
}

const account = (of: Key['of']): Key => ({
  of, parameters: ['account'], form: new RegExp(`^(?:${ACCOUNT}|${RESOURCE.account})$`, 'i'), who: (value) => ({ name: `account ${value}`, account: value }),
});
const organization = (of: Key['of']): Key => ({
  of, parameters: 'any', form: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE.organization})$`, 'i'), who: (value) => ({ name: `organization ${value}`, organization: value }),
});
const units = (of: Key['of']): Key => ({
  of, parameters: ['path'], form: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE.organization})/`, 'i'), who: (value) => ({ name: `units ${value}`, organization: organizationOf(value) }),
});
function organizationOf(path: string): string {
  return isOfForm(path, 'path') ? organizationOfChosen(path) : partsOf(path, '/')[0];
}

/** Identities of a provider that a claim tells from others, or one skill of Alexa, by its secret. */
const claim = (of: Key['of'], form: RegExp): Key => ({ of, parameters: 'any', form, who: (value) => ({ name: value }) });

/** Keys that tell who calls, or for whom a service calls, which are absent when a principal calls for itself. Compared in lower case, as IAM does. */
const KEYS: { readonly [key: string]: Key } = {
  'aws:principalaccount': account('caller'),
  'aws:principalorgid': organization('caller'),
  'aws:principalorgpaths': units('caller'),
  'aws:principalarn': { of: 'caller', parameters: ['arn'], form: new RegExp(`^arn:[^:]+:(iam|sts)::${ACCOUNT}:`), who: principal },
  // The unique id of a role or user, with the name of the session behind it; the account itself for its root.
  'aws:userid': { of: 'caller', parameters: [], form: /^(?:A[A-Z0-9]{15,}|‹[\w.]+ of [^‹›]+›)(?::.*)?$|^\d{12}$/, who: principal },
  'aws:sourceaccount': account('source'),
  // The older name that topics have for it.
  'aws:sourceowner': account('source'),
  'aws:sourcearn': { of: 'source', parameters: ['arn'], form: new RegExp(`^arn:[^:]+:[^:*?]+:[^:]*:(?:${ACCOUNT}:.|:[^*?/][^*?]*(?:/\\*)?$)`), who: principal },
  'aws:sourceorgid': organization('source'),
  'aws:sourceorgpaths': units('source'),
  'lambda:eventsourcetoken': claim('source', /^[^*?]+$/),
};

/** Keys of the resource, which are compared with what a policy variable says of the caller. */
const RESOURCE_KEYS: { readonly [key: string]: { readonly form: RegExp; readonly who: Caller } } = {
  'aws:resourceaccount': { form: /^\$\{aws:(principal|source)account\}$/i, who: { name: `account ${RESOURCE_ACCOUNT}`, account: RESOURCE_ACCOUNT } },
  'aws:resourceorgid': { form: /^\$\{aws:(principal|source)orgid\}$/i, who: { name: `organization ${RESOURCE_ORGANIZATION}`, organization: RESOURCE_ORGANIZATION } },
};

const POSITIVE_OPERATORS = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Operators that take a wildcard for the character it is. */
const LITERAL_OPERATORS = /stringequals/;

interface Nulls {
  readonly present: Set<string>;
  readonly missing: Set<string>;
}

function judge(operator: string, key: string, values: readonly string[], { present, missing }: Nulls): Limit {
  const name = key.toLowerCase();
  const compared = own(RESOURCE_KEYS, name);
  const known = own(KEYS, name) ?? (compared && keyOf(compared, values)) ?? keyOfClaim(name);
  const says = (verdict: Limit['verdict'], because: string, callers: Caller[] = []): Limit => ({ key: name, of: known?.of, verdict, because, callers });
  const not = (because: string) => says('does not', because);
  const [, set, plain, ifExists] = /^(forallvalues:)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const holdsWithoutKey = (set ?? ifExists) !== undefined && !present.has(name);
  const positive = POSITIVE_OPERATORS.test(plain);
  if (positive && !holdsWithoutKey && missing.has(name)) return says('never holds', `'${key}' must be missing and have a value`);
  if (!known) return not(own(SERVICE_KEYS, name) ?? `'${key}' does not limit the caller`);
  if (holdsWithoutKey) return not(`'${operator}' on '${key}' holds when the key is missing`);
  if (!positive) return not(`'${operator}' on '${key}' does not name callers`);
  if (values.length === 0) return not(`'${key}' has no value`);
  const alive = LITERAL_OPERATORS.test(plain) ? values.filter((value) => !/[*?]/.test(value.replace(/\$\{[^}]*\}|‹[^›]*›/g, ''))) : values;
  if (alive.length === 0) return says('never holds', `'${key}' is compared to the letter with '${values[0]}', which no caller has`);
  const loose = alive.find((value) => !namesCallers(known, plain, value));
  if (loose === undefined) return says('limits', `'${key}' names the callers`, alive.map(known.who));
  if (mayName(loose)) return says('undecided', `'${key}' is '${loose}', which is known only at deployment`);
  return not(`'${key}' is '${loose}', which names ${/^\$\{[^}]*\}$/.test(loose) ? 'whoever calls' : 'nobody'}`);
}

/** A claim of a provider of identities. */
function keyOfClaim(name: string): Key | undefined {
  const form = formOfClaim(name);
  return form && claim('caller', form);
}

/** A key of the resource limits callers where it is compared with what they are. */
function keyOf({ form, who }: { form: RegExp; who: Caller }, values: readonly string[]): Key | undefined {
  const sides = new Set(values.map((value) => form.exec(value)?.[1].toLowerCase()));
  if (sides.size !== 1 || sides.has(undefined)) return undefined;
  return { of: sides.has('source') ? 'source' : 'caller', parameters: [], form: /^\*$/, who: () => who };
}

/** Keys that seem to limit callers to services: each of those acts for every account. */
const SERVICE_KEYS: { readonly [key: string]: string } = {
  'aws:principalisawsservice': "'aws:PrincipalIsAWSService' lets in services, which act for every account",
  'aws:principalservicename': "'aws:PrincipalServiceName' names a service, which acts for every account",
  'aws:principalservicenameslist': "'aws:PrincipalServiceNamesList' names services, which act for every account",
};

/** What stands there only at deployment names callers too where it is a resource of the app, or where every value that it may have does. */
function namesCallers({ form, parameters }: Key, operator: string, value: string): boolean {
  if (operator.includes('stringlike') && spansAccounts(value)) return false;
  if (parameters === 'any' && hasUnknown(value) && !LITERAL_OPERATORS.test(operator)) return false;
  if (form.test(withAccountIds(withoutVariables(value)))) return true;
  if (isAttribute(value)) return true;
  if (parameters !== 'any') return isOfForm(value, ...parameters);
  return hasUnknown(value) && !isComputed(value) && !/[*?]/.test(value) && LITERAL_OPERATORS.test(operator);
}

/** With a wildcard for each policy variable that the caller fills, and so with anything; what the resource is the caller does not choose. */
function withoutVariables(value: string): string {
  return value.replace(/\$\{(?!aws:resource(?:account|orgid)\})[^}]*\}/gi, '*');
}

/** Whether deployment may put there what names callers: not behind a wildcard that stands for any. */
function mayName(value: string): boolean {
  return hasUnknown(value) && (hasUnknown(accountOf(value)) || !/[*?]/.test(value.slice(0, value.indexOf('‹'))));
}

/** Whether a wildcard stands before or in the account of an ARN: to an operator for strings it stands for colons too, and so for another ARN around this one. */
function spansAccounts(value: string): boolean {
  return value.startsWith('arn:') && /[*?]/.test(value.split(':').slice(0, 5).join(':'));
}

/** Keys that must be there, or must not, by a `Null` condition. */
function nullsOf(condition: { [key: string]: Json }): Nulls {
  const nulls = Object.keys(condition).filter((operator) => operator.toLowerCase() === 'null').map((operator) => condition[operator]);
  if (nulls.length === 0) return NO_NULLS;
  const all = nulls.flatMap((keys) => (isObject(keys) ? Object.entries(keys) : []));
  const having = (wanted: string) => new Set(all.filter(([, value]) => textOf(value) === wanted).map(([key]) => key.toLowerCase()));
  return { present: having('false'), missing: having('true') };
}

const NO_NULLS: Nulls = { present: new Set(), missing: new Set() };

function undecided(key: string, because: string): Limit {
  return { key, verdict: 'undecided', because, callers: [] };
}
