import { like } from './matching';

/** An identity provider, and what a condition on its claims must contain to identify users. */
interface Provider {
  readonly host: RegExp;
  /** The claims that identify users. */
  readonly claims: RegExp;
  /** The values of these claims that identify users. */
  readonly value: RegExp;
}

/** A value without wildcards. */
const WHOLE = /^[^*?]+$/;

/** At least an owner with a delimiter: `octo-org/*`, but not `octo-org*`, which also matches other owners. */
const OWNER = /^[^*?]+$|^[^*?/]+\//;

/** A subject, which is a list of claims and values: at least the first claim with the owner. */
const SUBJECT = /^[^*?]+$|^[^:*?]+:[^:/*?]+[:/]/;

/** A subject of GitHub, whose claims the owner can customize: at least one claim must contain the owner. */
const GITHUB_SUBJECT = new RegExp(
  '^(?:[^*?]*:)?(?:repo|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref|' +
    'enterprise|enterprise_id):[^:*?/]+(?:[/:]|$)',
);

/** At least the first character, for a provider that serves only one company. */
const BEGINNING = /^[^*?]/;

/**
 * Providers that are shared by many customers, so that only a claim identifies the users of one customer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const SHARED_PROVIDERS: readonly Provider[] = [
  { host: /^token\.actions\.githubusercontent\.com$/, claims: /^sub$/, value: GITHUB_SUBJECT },
  { host: /^token\.actions\.githubusercontent\.com$/, claims: /^(job_workflow_ref|repository)$/, value: OWNER },
  {
    host: /^token\.actions\.githubusercontent\.com$/,
    claims: /^(actor_id|enterprise|enterprise_id|repository_id|repository_owner|repository_owner_id)$/,
    value: WHOLE,
  },
  {
    host: /^(vstoken\.actions|oidc-configuration\.audit-log)\.githubusercontent\.com$/,
    claims: /^sub$/,
    value: SUBJECT,
  },
  {
    host: /^(agent\.buildkite\.com|app\.(eu\.)?terraform\.io|gitlab\.com|oidc\.codefresh\.io)$/,
    claims: /^sub$/,
    value: SUBJECT,
  },
  {
    host: /^(proidc\.upbound\.io|scalr\.io|studio\.datachain\.ai\/api|tokens\.cloud\.shisho\.dev)$/,
    claims: /^sub$/,
    value: SUBJECT,
  },
  { host: /^(api\.pulumi\.com\/oidc|oidc\.vercel\.com|sandboxes\.cloud)$/, claims: /^aud$/, value: WHOLE },
  { host: /^accounts\.google\.com$/, claims: /^(aud|oaud|sub)$/, value: WHOLE },
  { host: /^www\.amazon\.com$/, claims: /^(app_id|user_id)$/, value: WHOLE },
  { host: /^graph\.facebook\.com$/, claims: /^(app_id|id)$/, value: WHOLE },
  { host: /^cognito-identity\.amazonaws\.com$/, claims: /^(aud|sub)$/, value: WHOLE },
];

/** The audience of an application. The audience `sts.amazonaws.com` is that of any workload that calls AWS. */
const APPLICATION = /^(?!sts\.)[^*?]/;

const ANY_HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/.*)?$/;

/** Any other provider. */
const OTHER_PROVIDERS: readonly Provider[] = [
  { host: ANY_HOST, claims: /^aud$/, value: APPLICATION },
  { host: ANY_HOST, claims: /^(azp|client_id|email|oid|sub|tid)$/, value: BEGINNING },
];

/**
 * Whether a federated principal is an OpenID Connect provider. A SAML provider is excluded, because it serves only the
 * account that defines it.
 */
export function isWebIdentity(federated: string): boolean {
  return !federated.startsWith('arn:') || federated.includes(':oidc-provider/');
}

/**
 * The values of a condition key that identify users of an identity provider; undefined if the key is not a claim that
 * identifies users.
 */
export function claimPattern(key: string): RegExp | undefined {
  const separator = key.lastIndexOf(':');
  const host = key.slice(0, separator);
  const claim = key.slice(separator + 1);
  if (!ANY_HOST.test(host)) return undefined;
  const shared = SHARED_PROVIDERS.filter((provider) => provider.host.test(host));
  return (shared.length > 0 ? shared : OTHER_PROVIDERS).find(({ claims }) => claims.test(claim))?.value;
}

/** The claim of a Cognito identity pool that contains whether a user is authenticated. */
export const AUTHENTICATION_CLAIM = 'cognito-identity.amazonaws.com:amr';

/** Whether a value of that claim matches unauthenticated guests. */
export function matchesGuests(value: string): boolean {
  return like(value.toLowerCase(), 'unauthenticated') === true;
}
