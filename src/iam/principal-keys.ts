import { ValueForm, isOfForm, organizationOfPartlyKnown } from './chosen-values';
import { formOfClaim } from './identity-providers';
import { NamedPrincipal, namedPrincipal } from './principals';
import { OWN_ACCOUNT, splitText } from './unresolved-text';

/** The account and the organization of the resource itself, as policies write them. */
export const RESOURCE_ACCOUNT = '${aws:ResourceAccount}';

export const RESOURCE_ORGANIZATION = '${aws:ResourceOrgID}';

const ACCOUNT = `(?:\\d{12}|${OWN_ACCOUNT})`;

const RESOURCE = { account: '\\$\\{aws:resourceaccount\\}', organization: '\\$\\{aws:resourceorgid\\}' };

export interface PrincipalKey {
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
export const PRINCIPAL_KEYS: { readonly [key: string]: PrincipalKey } = {
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
export const RESOURCE_KEYS: { readonly [key: string]: { readonly form: RegExp; readonly who: NamedPrincipal } } = {
  'aws:resourceaccount': {
    form: /^\$\{aws:(principal|source)account\}$/i,
    who: { name: `account ${RESOURCE_ACCOUNT}`, account: RESOURCE_ACCOUNT },
  },
  'aws:resourceorgid': {
    form: /^\$\{aws:(principal|source)orgid\}$/i,
    who: { name: `organization ${RESOURCE_ORGANIZATION}`, organization: RESOURCE_ORGANIZATION },
  },
};

/** A claim of a provider of identities. */
export function identityProviderKey(name: string): PrincipalKey | undefined {
  const form = formOfClaim(name);
  return form && claim('caller', form);
}

/** A key of the resource limits callers where it is compared with what they are. */
export function comparedResourceKey(
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
export const SERVICE_KEYS: { readonly [key: string]: string } = {
  'aws:principalisawsservice': "'aws:PrincipalIsAWSService' lets in services, which act for every account",
  'aws:principalservicename': "'aws:PrincipalServiceName' names a service, which acts for every account",
  'aws:principalservicenameslist': "'aws:PrincipalServiceNamesList' names services, which act for every account",
};
