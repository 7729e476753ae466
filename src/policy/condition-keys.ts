import { accountOf, regionOf } from './arn';
import { own } from './statement';
import { ANYTHING } from './text';

/**
 * The values of a condition key in a request: none where the request certainly has no such key. Values that no template tells, but that a grant relies on, are
 * presumed; of any other nothing is known, not even whether the key is present.
 */
export type Values = readonly string[] | Presumed | typeof UNKNOWN;

export const UNKNOWN = 'unknown';

/** One of these values, or any where none is listed. Which one it is, only AWS knows. */
export interface Presumed {
  readonly oneOf?: ReadonlySet<string>;
}

/** Condition keys of a request, in lower case. A key that is not listed is unknown. `PREFIX*` is for all others of a prefix. */
export type Context = { readonly [key: string]: Values };

/** The request has no such key. */
export const ABSENT: Values = [];

/** The caller is in the organization, or organizational unit, that a statement names. */
const IN_AN_ORGANIZATION: Presumed = {};

export function isPresumed(values: Values): values is Presumed {
  return typeof values === 'object' && !Array.isArray(values);
}

/**
 * What no service principal has: it belongs to no account or organization, has no tags, and calls from no address or VPC endpoint of a customer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const NOT_OF_SERVICES: readonly string[] = [
  'aws:principalorgid', 'aws:principalorgpaths', 'aws:principaltag/*', 'aws:principalaccount', 'aws:principalarn', 'aws:userid', 'aws:username',
  'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourcevpcarn', 'aws:sourceip', 'aws:vpcsourceip', 'aws:sourceidentity', 'aws:federatedprovider',
];

/** Whether no service principal has a key. */
export function isNeverOfService(key: string): boolean {
  const name = key.toLowerCase();
  return NOT_OF_SERVICES.includes(name) || NOT_OF_SERVICES.includes(familyOf(name) ?? '');
}

/** What only a call carries that a service makes with the credentials of its caller. */
const NOT_OF_CALLERS: readonly string[] = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];

/** What only a service principal has. */
const OF_SERVICES: readonly string[] = ['aws:principalservicename', 'aws:principalservicenameslist'];

/** What tells for which resource a service calls. */
const SOURCES: readonly string[] = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** What a call carries that tags nothing. */
const TAGS_OF_REQUESTS: readonly string[] = ['aws:requesttag/*', 'aws:tagkeys'];

function absent(...keys: (readonly string[])[]): Context {
  return Object.fromEntries(keys.flat().map((key) => [key, ABSENT]));
}

const NO_SOURCE: Context = absent(SOURCES);

/** Where a call comes from that leaves no network of a customer. */
const FROM_NO_ENDPOINT: Context = absent(['aws:sourcevpc', 'aws:sourcevpce', 'aws:sourcevpcarn', 'aws:vpcsourceip']);

const SERVICE: Context = {
  ...absent(NOT_OF_SERVICES, NOT_OF_CALLERS, TAGS_OF_REQUESTS),
  'aws:principalisawsservice': ['true'],
  'aws:viaawsservice': ['false'],
  'aws:securetransport': ['true'],
};

/**
 * Keys of a call by a service principal.
 *
 * @param sourceArn the resource for which the service calls; absent where the service does not pass it on
 */
export function keysOfService(service: string, sourceArn: string | undefined): Context[] {
  const sources = sourceArn === undefined
    ? NO_SOURCE
    : { 'aws:sourcearn': [sourceArn], 'aws:sourceaccount': [accountOf(sourceArn)], 'aws:sourceorgid': IN_AN_ORGANIZATION, 'aws:sourceorgpaths': IN_AN_ORGANIZATION };
  return [{ 'aws:principalservicename': [service], 'aws:principalservicenameslist': [service] }, sources, SERVICE];
}

/** A role or user that calls. */
export interface CallingPrincipal {
  readonly arn: string;
  readonly account: string;
  readonly type: 'AssumedRole' | 'User';
  /** Of a user. */
  readonly userName?: string;
  readonly tags: { readonly [key: string]: string };
}

const PRINCIPAL: Context = {
  ...absent(NOT_OF_CALLERS, OF_SERVICES, TAGS_OF_REQUESTS),
  'aws:principalisawsservice': ['false'],
  'aws:viaawsservice': ['false'],
  'aws:securetransport': ['true'],
  'aws:principalorgid': IN_AN_ORGANIZATION,
  'aws:principalorgpaths': IN_AN_ORGANIZATION,
};

/**
 * Keys of a call by a role or user, with its own credentials. For which resource a service calls with a role it passes on only where AWS documents it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function keysOfPrincipal({ arn, account, type, userName, tags }: CallingPrincipal): Context {
  return {
    ...PRINCIPAL,
    'aws:principalarn': [arn],
    'aws:principalaccount': [account],
    'aws:principaltype': [type],
    'aws:username': type === 'User' && userName !== undefined ? [userName] : ABSENT,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, [value]])),
  };
}

/**
 * Keys of a call by somebody of an account, of whom nothing else is known, also by CloudFormation with their credentials.
 *
 * @param account or what stands for any
 */
export function keysOfSomebody(account: string): Context {
  const { 'aws:viaawsservice': _, ...known } = PRINCIPAL;
  const of = Object.fromEntries(Object.entries(known).filter(([key]) => !NOT_OF_CALLERS.includes(key) && !TAGS_OF_REQUESTS.includes(key)));
  return { ...of, 'aws:principalarn': [ANYTHING], 'aws:principalaccount': [account] };
}

/** A call by somebody's own code: no service passes a resource on. */
export const CALLED_DIRECTLY: Context = NO_SOURCE;

/**
 * A call by a rule, with its role: EventBridge passes the rule on, and calls from no VPC endpoint. Whether it passes an account on AWS does not document.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
 */
export function calledByRule(ruleArn: string | undefined): Context {
  return ruleArn === undefined ? FROM_NO_ENDPOINT : { ...FROM_NO_ENDPOINT, 'aws:sourcearn': [ruleArn] };
}

/** Keys of all calls, where it is told in which organizations the accounts of the resources are. */
export function resourcesIn(organizations: readonly string[]): Context {
  return organizations.length === 0 ? {} : { 'aws:resourceorgid': { oneOf: new Set(organizations) } };
}

/** Keys of these services are there in calls of their own that have them, as listed, and in no others. */
const OWN_KEYS = /^(events|sns|sqs|sts):/;

/** What a call of STS has whose value its caller chooses. */
const CHOSEN = /^sts:rolesessionname$/;

/**
 * The values of a key, in lower case.
 *
 * @param layers keys by what they depend on: the first that lists one decides
 */
export function valuesOf(key: string, layers: readonly Context[], resource: string): Values {
  for (const layer of layers) {
    const values = own(layer, key);
    if (values !== undefined) return values;
  }
  const family = familyOf(key);
  for (const layer of family === undefined ? [] : layers) {
    const values = own(layer, family!);
    if (values !== undefined) return values;
  }
  if (OWN_KEYS.test(key)) return CHOSEN.test(key) ? UNKNOWN : ABSENT;
  if (key === 'aws:requestedregion') return nonEmpty(regionOf(resource));
  return key === 'aws:resourceaccount' ? nonEmpty(accountOf(resource)) : UNKNOWN;
}

/** Keys with a name of the user's behind a prefix. */
function familyOf(key: string): string | undefined {
  const [family] = /^(aws:\w+tag\/|kms:encryptioncontext:)/.exec(key) ?? [];
  return family === undefined ? undefined : `${family}*`;
}

function nonEmpty(text: string): Values {
  return text === '' ? UNKNOWN : [text];
}
