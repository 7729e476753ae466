import { accountOf, regionOf } from './arn';
import { getOwn } from './statement';
import { ANYTHING } from './unresolved-text';

/**
 * The values of a condition key in a request: none where the request certainly has no such key. Values that no template
 * tells, but that a grant relies on, are presumed; of any other nothing is known, not even whether the key is present.
 */
export type Values = readonly string[] | PresumedValue | typeof UNKNOWN;

export const UNKNOWN = 'unknown';

/** One of these values, or any where none is listed. Which one it is, only AWS knows. */
export interface PresumedValue {
  readonly oneOf?: ReadonlySet<string>;
}

/**
 * Condition keys of a request, in lower case. A key that is not listed is unknown. `PREFIX*` is for all others of a
 * prefix.
 */
export type RequestContext = { readonly [key: string]: Values };

/** The request has no such key. */
export const ABSENT: Values = [];

/** The caller is in the organization, or organizational unit, that a statement names. */
const IN_AN_ORGANIZATION: PresumedValue = {};

export function isPresumed(values: Values): values is PresumedValue {
  return typeof values === 'object' && !Array.isArray(values);
}

/**
 * What no service principal has: it belongs to no account or organization, has no tags, and calls from no address or
 * VPC endpoint of a customer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const ABSENT_IN_SERVICE_CALLS: readonly string[] = [
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltag/*',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:userid',
  'aws:username',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourceidentity',
  'aws:federatedprovider',
];

/** Whether no service principal has a key. */
export function isNeverInServiceCalls(key: string): boolean {
  const name = key.toLowerCase();
  return ABSENT_IN_SERVICE_CALLS.includes(name) || ABSENT_IN_SERVICE_CALLS.includes(familyOf(name) ?? '');
}

/** What only a call carries that a service makes with the credentials of its caller. */
const ABSENT_IN_DIRECT_CALLS: readonly string[] = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];

/** What only a service principal has. */
const SERVICE_ONLY_KEYS: readonly string[] = ['aws:principalservicename', 'aws:principalservicenameslist'];

/** What tells for which resource a service calls. */
const SOURCE_KEYS: readonly string[] = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** What a call carries that tags nothing. */
const REQUEST_TAG_KEYS: readonly string[] = ['aws:requesttag/*', 'aws:tagkeys'];

function absent(...keys: (readonly string[])[]): RequestContext {
  return Object.fromEntries(keys.flat().map((key) => [key, ABSENT]));
}

const WITHOUT_SOURCE: RequestContext = absent(SOURCE_KEYS);

/** Where a call comes from that leaves no network of a customer. */
const WITHOUT_VPC_ENDPOINT: RequestContext = absent([
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
]);

const SERVICE: RequestContext = {
  ...absent(ABSENT_IN_SERVICE_CALLS, ABSENT_IN_DIRECT_CALLS, REQUEST_TAG_KEYS),
  'aws:principalisawsservice': ['true'],
  'aws:viaawsservice': ['false'],
  'aws:securetransport': ['true'],
};

/**
 * Keys of a call by a service principal.
 *
 * @param sourceArn the resource for which the service calls; absent where the service does not pass it on
 */
export function serviceCallContext(service: string, sourceArn: string | undefined): RequestContext[] {
  const sources =
    sourceArn === undefined
      ? WITHOUT_SOURCE
      : {
          'aws:sourcearn': [sourceArn],
          'aws:sourceaccount': [accountOf(sourceArn)],
          'aws:sourceorgid': IN_AN_ORGANIZATION,
          'aws:sourceorgpaths': IN_AN_ORGANIZATION,
        };
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

const PRINCIPAL: RequestContext = {
  ...absent(ABSENT_IN_DIRECT_CALLS, SERVICE_ONLY_KEYS, REQUEST_TAG_KEYS),
  'aws:principalisawsservice': ['false'],
  'aws:viaawsservice': ['false'],
  'aws:securetransport': ['true'],
  'aws:principalorgid': IN_AN_ORGANIZATION,
  'aws:principalorgpaths': IN_AN_ORGANIZATION,
};

/**
 * Keys of a call by a role or user, with its own credentials. For which resource a service calls with a role it passes
 * on only where AWS documents it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function principalCallContext({ arn, account, type, userName, tags }: CallingPrincipal): RequestContext {
  return {
    ...PRINCIPAL,
    'aws:principalarn': [arn],
    'aws:principalaccount': [account],
    'aws:principaltype': [type],
    'aws:username': type === 'User' && userName !== undefined ? [userName] : ABSENT,
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, [value]]),
    ),
  };
}

/**
 * Keys of a call by somebody of an account, of whom nothing else is known, also by CloudFormation with their
 * credentials.
 *
 * @param account or what stands for any
 */
export function anyPrincipalContext(account: string): RequestContext {
  const { 'aws:viaawsservice': _, ...known } = PRINCIPAL;
  const of = Object.fromEntries(
    Object.entries(known).filter(([key]) => !ABSENT_IN_DIRECT_CALLS.includes(key) && !REQUEST_TAG_KEYS.includes(key)),
  );
  return { ...of, 'aws:principalarn': [ANYTHING], 'aws:principalaccount': [account] };
}

/** A call by somebody's own code: no service passes a resource on. */
export const DIRECT_CALL_CONTEXT: RequestContext = WITHOUT_SOURCE;

/**
 * A call by a rule, with its role: EventBridge passes the rule on, and calls from no VPC endpoint. Whether it passes an
 * account on AWS does not document.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
 */
export function ruleCallContext(ruleArn: string | undefined): RequestContext {
  return ruleArn === undefined ? WITHOUT_VPC_ENDPOINT : { ...WITHOUT_VPC_ENDPOINT, 'aws:sourcearn': [ruleArn] };
}

/** Keys of all calls, where it is told in which organizations the accounts of the resources are. */
export function resourceOrganizationContext(organizations: readonly string[]): RequestContext {
  return organizations.length === 0 ? {} : { 'aws:resourceorgid': { oneOf: new Set(organizations) } };
}

/** Keys of these services are there in calls of their own that have them, as listed, and in no others. */
const SERVICE_SPECIFIC_KEYS = /^(events|sns|sqs|sts):/;

/** What a call of STS has whose value its caller chooses. */
const CHOSEN_BY_CALLER = /^sts:rolesessionname$/;

/**
 * The values of a key, in lower case.
 *
 * @param layers keys by what they depend on: the first that lists one decides
 */
export function valuesOf(key: string, layers: readonly RequestContext[], resource: string): Values {
  for (const layer of layers) {
    const values = getOwn(layer, key);
    if (values !== undefined) return values;
  }
  const family = familyOf(key);
  for (const layer of family === undefined ? [] : layers) {
    const values = getOwn(layer, family!);
    if (values !== undefined) return values;
  }
  if (SERVICE_SPECIFIC_KEYS.test(key)) return CHOSEN_BY_CALLER.test(key) ? UNKNOWN : ABSENT;
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
