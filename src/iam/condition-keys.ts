import { accountOf, regionOf } from './arn';
import { getOwn } from './statement';
import { ANYTHING } from './unresolved-text';

/**
 * The values of a condition key in a request; empty if the request does not have the key. A value that templates do not
 * contain, but that a grant relies on, is presumed. For an unknown key not even its presence is known.
 */
export type Values = readonly string[] | PresumedValue | typeof UNKNOWN;

export const UNKNOWN = 'unknown';

/** One of the listed values, or any value if none is listed. Only AWS knows which. */
export interface PresumedValue {
  readonly oneOf?: ReadonlySet<string>;
}

/** Condition keys of a request, in lower case. `PREFIX*` represents all other keys with a prefix. */
export type RequestContext = { readonly [key: string]: Values };

/** The request does not have the key. */
export const ABSENT: Values = [];

/** The ID of an organization. */
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** The organization or organizational unit of a principal, presumed to be the one in the statement. */
const PRESUMED_ORGANIZATION: PresumedValue = {};

export function isPresumed(values: Values): values is PresumedValue {
  return typeof values === 'object' && !Array.isArray(values);
}

/**
 * Keys that no call by a service principal has. A service principal belongs to no account or organization, has no tags,
 * and does not call from an IP address or VPC endpoint of a customer.
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

/** Whether no call by a service principal has a key. */
export function isNeverInServiceCalls(key: string): boolean {
  const name = key.toLowerCase();
  return ABSENT_IN_SERVICE_CALLS.includes(name) || ABSENT_IN_SERVICE_CALLS.includes(familyOf(name) ?? '');
}

/** Keys that only forward access sessions have: calls by a service with the credentials of another principal. */
const ABSENT_IN_DIRECT_CALLS: readonly string[] = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];

/** Keys that only calls by a service principal have. */
const SERVICE_ONLY_KEYS: readonly string[] = ['aws:principalservicename', 'aws:principalservicenameslist'];

/** Keys that identify the resource on whose behalf a service calls. */
const SOURCE_KEYS: readonly string[] = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Keys that only calls with tags have. */
const REQUEST_TAG_KEYS: readonly string[] = ['aws:requesttag/*', 'aws:tagkeys'];

function absent(...keys: (readonly string[])[]): RequestContext {
  return Object.fromEntries(keys.flat().map((key) => [key, ABSENT]));
}

const WITHOUT_SOURCE: RequestContext = absent(SOURCE_KEYS);

/** The keys of a VPC endpoint, absent from calls that use none. */
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
 * The condition keys of a call by a service principal.
 *
 * @param sourceArn the resource on whose behalf the service calls; undefined if the service does not pass it on
 */
export function serviceCallContext(service: string, sourceArn: string | undefined): RequestContext[] {
  const source = sourceArn === undefined ? WITHOUT_SOURCE : sourceContext(sourceArn);
  return [{ 'aws:principalservicename': [service], 'aws:principalservicenameslist': [service] }, source, SERVICE];
}

function sourceContext(sourceArn: string): RequestContext {
  return {
    'aws:sourcearn': [sourceArn],
    'aws:sourceaccount': [accountOf(sourceArn)],
    'aws:sourceorgid': PRESUMED_ORGANIZATION,
    'aws:sourceorgpaths': PRESUMED_ORGANIZATION,
  };
}

/** A role or user that makes a call. */
export interface CallingPrincipal {
  readonly arn: string;
  readonly account: string;
  readonly type: 'AssumedRole' | 'User';
  readonly userName?: string;
  readonly tags: { readonly [key: string]: string };
}

const PRINCIPAL: RequestContext = {
  ...absent(ABSENT_IN_DIRECT_CALLS, SERVICE_ONLY_KEYS, REQUEST_TAG_KEYS),
  'aws:principalisawsservice': ['false'],
  'aws:viaawsservice': ['false'],
  'aws:securetransport': ['true'],
  'aws:principalorgid': PRESUMED_ORGANIZATION,
  'aws:principalorgpaths': PRESUMED_ORGANIZATION,
};

/**
 * The condition keys of a call by a role or user with its own credentials. The resource on whose behalf a service uses
 * a role is not among them, because services pass it on only where AWS documents it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function principalCallContext({ arn, account, type, userName, tags }: CallingPrincipal): RequestContext[] {
  const own = {
    'aws:principalarn': [arn],
    'aws:principalaccount': [account],
    'aws:principaltype': [type],
    'aws:username': type === 'User' && userName !== undefined ? [userName] : ABSENT,
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, [value]]),
    ),
  };
  return [own, PRINCIPAL];
}

/** The principal may call itself, or CloudFormation with its credentials. */
const UNKNOWN_OF_ANY_PRINCIPAL: readonly string[] = [
  'aws:viaawsservice',
  ...ABSENT_IN_DIRECT_CALLS,
  ...REQUEST_TAG_KEYS,
];

const ANY_PRINCIPAL: RequestContext = {
  ...Object.fromEntries(Object.entries(PRINCIPAL).filter(([key]) => !UNKNOWN_OF_ANY_PRINCIPAL.includes(key))),
  'aws:principalarn': [ANYTHING],
};

/**
 * The condition keys of a call by any principal in an account, also by CloudFormation with its credentials.
 *
 * @param account the account ID, or `ANYTHING` for any account
 */
export function anyPrincipalContext(account: string): RequestContext {
  return { ...ANY_PRINCIPAL, 'aws:principalaccount': [account] };
}

/** The condition keys of a call by a customer's own code: no service passes a resource on. */
export const DIRECT_CALL_CONTEXT: RequestContext = WITHOUT_SOURCE;

/**
 * The condition keys of a call by a rule with its role. EventBridge passes the ARN of the rule on, and uses no VPC
 * endpoint. AWS does not document whether it passes the account on.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
 */
export function ruleCallContext(ruleArn: string | undefined): RequestContext {
  return ruleArn === undefined ? WITHOUT_VPC_ENDPOINT : { ...WITHOUT_VPC_ENDPOINT, 'aws:sourcearn': [ruleArn] };
}

/** The organization of the resource of a call, if the organizations of the app are configured. */
export function resourceOrganizationContext(organizations: readonly string[]): RequestContext {
  return organizations.length === 0 ? {} : { 'aws:resourceorgid': { oneOf: new Set(organizations) } };
}

/** Services whose keys are absent unless the request context lists them. */
const SERVICE_SPECIFIC_KEYS = /^(events|sns|sqs|sts):/;

/** A key of STS whose value the calling principal chooses. */
const CHOSEN_BY_PRINCIPAL = /^sts:rolesessionname$/;

/**
 * The values of a condition key in a request.
 *
 * @param key the key, in lower case
 * @param layers the request context, grouped by what the keys depend on; the first that lists the key decides
 */
export function valuesOf(key: string, layers: readonly RequestContext[], resource: string): Values {
  for (const layer of layers) {
    const values = getOwn(layer, key);
    if (values !== undefined) return values;
  }
  const family = familyOf(key);
  if (family !== undefined) {
    for (const layer of layers) {
      const values = getOwn(layer, family);
      if (values !== undefined) return values;
    }
  }
  if (SERVICE_SPECIFIC_KEYS.test(key)) return CHOSEN_BY_PRINCIPAL.test(key) ? UNKNOWN : ABSENT;
  if (key === 'aws:requestedregion') return nonEmpty(regionOf(resource));
  return key === 'aws:resourceaccount' ? nonEmpty(accountOf(resource)) : UNKNOWN;
}

/** The `PREFIX*` of a key that ends in a name chosen by users, such as a tag key. */
function familyOf(key: string): string | undefined {
  const [family] = /^(aws:\w+tag\/|kms:encryptioncontext:)/.exec(key) ?? [];
  return family === undefined ? undefined : `${family}*`;
}

function nonEmpty(text: string): Values {
  return text === '' ? UNKNOWN : [text];
}
