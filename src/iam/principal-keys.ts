import { ValueForm, isOfForm, organizationOfPartlyKnown } from './chosen-values';
import { claimPattern } from './identity-providers';
import { NamedPrincipal, namedPrincipal } from './principals';
import { OWN_ACCOUNT, splitText } from './unresolved-text';

/** Policy variables for the account and the organization of the resource. */
export const RESOURCE_ACCOUNT = '${aws:ResourceAccount}';

export const RESOURCE_ORGANIZATION = '${aws:ResourceOrgID}';

const ACCOUNT = `(?:\\d{12}|${OWN_ACCOUNT})`;

const RESOURCE_VARIABLES = { account: '\\$\\{aws:resourceaccount\\}', organization: '\\$\\{aws:resourceorgid\\}' };

/** A condition key that identifies principals. */
export interface PrincipalKey {
  /** Whether the key identifies the principal of the call, or the source on whose behalf a service calls. */
  readonly subject: 'principal' | 'source';
  /** The values that identify a principal, account or organization. */
  readonly pattern: RegExp;
  /** The forms of parameters that identify principals. 'any' if every exact value of the key does. */
  readonly placeholderForms: 'any' | readonly ValueForm[];
  readonly principalOf: (value: string) => NamedPrincipal;
}

const account = (subject: PrincipalKey['subject']): PrincipalKey => ({
  subject,
  placeholderForms: ['account'],
  pattern: new RegExp(`^(?:${ACCOUNT}|${RESOURCE_VARIABLES.account})$`, 'i'),
  principalOf: (value) => ({ name: `account ${value}`, account: value }),
});

const organization = (subject: PrincipalKey['subject']): PrincipalKey => ({
  subject,
  placeholderForms: 'any',
  pattern: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE_VARIABLES.organization})$`, 'i'),
  principalOf: (value) => ({ name: `organization ${value}`, organization: value }),
});

const units = (subject: PrincipalKey['subject']): PrincipalKey => ({
  subject,
  placeholderForms: ['path'],
  pattern: new RegExp(`^(?:o-[a-z0-9]+|${RESOURCE_VARIABLES.organization})/`, 'i'),
  principalOf: (value) => ({ name: `units ${value}`, organization: organizationOf(value) }),
});

function organizationOf(path: string): string {
  return isOfForm(path, 'path') ? organizationOfPartlyKnown(path) : splitText(path, '/')[0];
}

/** A claim of an identity provider, or the token of an Alexa skill. */
const claim = (subject: PrincipalKey['subject'], pattern: RegExp): PrincipalKey => ({
  subject,
  placeholderForms: 'any',
  pattern,
  principalOf: (value) => ({ name: value }),
});

/** The keys that identify principals, in lower case. Keys of the source are absent if no service makes the call. */
export const PRINCIPAL_KEYS: { readonly [key: string]: PrincipalKey } = {
  'aws:principalaccount': account('principal'),
  'aws:principalorgid': organization('principal'),
  'aws:principalorgpaths': units('principal'),
  'aws:principalarn': {
    subject: 'principal',
    placeholderForms: ['arn'],
    pattern: new RegExp(`^arn:[^:]+:(iam|sts)::${ACCOUNT}:`),
    principalOf: namedPrincipal,
  },
  // The unique ID of a role or user, followed by the session name; the account ID for the root user.
  'aws:userid': {
    subject: 'principal',
    placeholderForms: [],
    pattern: /^(?:A[A-Z0-9]{15,}|‹[\w.]+ of [^‹›]+›)(?::.*)?$|^\d{12}$/,
    principalOf: namedPrincipal,
  },
  'aws:sourceaccount': account('source'),
  // The older name of 'aws:SourceAccount' in topic policies.
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

/** A key of the resource that identifies principals when it is compared with a policy variable. */
interface ResourceKey {
  /** The policy variables. The first group is set if it is a variable of the principal or of the source. */
  readonly variable: RegExp;
  readonly principal: NamedPrincipal;
}

/** The keys of the resource, in lower case. */
export const RESOURCE_KEYS: { readonly [key: string]: ResourceKey } = {
  'aws:resourceaccount': {
    variable: /^\$\{aws:(principal|source)account\}$/i,
    principal: { name: `account ${RESOURCE_ACCOUNT}`, account: RESOURCE_ACCOUNT },
  },
  'aws:resourceorgid': {
    variable: /^\$\{aws:(principal|source)orgid\}$/i,
    principal: { name: `organization ${RESOURCE_ORGANIZATION}`, organization: RESOURCE_ORGANIZATION },
  },
};

/** The key as a claim of an identity provider, if it is one that identifies users. */
export function identityProviderKey(key: string): PrincipalKey | undefined {
  const pattern = claimPattern(key);
  return pattern && claim('principal', pattern);
}

/** The key of a resource as one that identifies principals, if all values are policy variables of one subject. */
export function comparedResourceKey(
  { variable, principal }: ResourceKey,
  values: readonly string[],
): PrincipalKey | undefined {
  const subjects = new Set(values.map((value) => variable.exec(value)?.[1].toLowerCase()));
  if (subjects.size !== 1 || subjects.has(undefined)) return undefined;
  return {
    subject: subjects.has('source') ? 'source' : 'principal',
    placeholderForms: [],
    pattern: /^\*$/,
    principalOf: () => principal,
  };
}

/** Why keys that restrict principals to AWS services do not restrict accounts. */
export const SERVICE_KEYS: { readonly [key: string]: string } = {
  'aws:principalisawsservice': "'aws:PrincipalIsAWSService' matches services, which act on behalf of any AWS account",
  'aws:principalservicename': "'aws:PrincipalServiceName' is a service, which acts on behalf of any AWS account",
  'aws:principalservicenameslist':
    "'aws:PrincipalServiceNamesList' lists services, which act on behalf of any AWS account",
};
