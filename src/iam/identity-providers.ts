import { like } from './matching';

/**
 * A provider of identities, the claims that tell whose identity one is, and how much of a claim a condition must name.
 */
interface Provider {
  readonly host: RegExp;
  readonly claims: RegExp;
  readonly value: RegExp;
}

/** All of it. */
const WHOLE = /^[^*?]+$/;

/** An owner at least, with what ends its name: `octo-org/*`, but not `octo-org*`, with which others may begin. */
const OWNER = /^[^*?]+$|^[^*?/]+\//;

/** A subject is a list of claims and their values, of which the first has the owner. */
const SUBJECT = /^[^*?]+$|^[^:*?]+:[^:/*?]+[:/]/;

/** Which claims are in a subject of GitHub its owner chooses: one at least must name the owner. */
const GITHUB_SUBJECT = new RegExp(
  '^(?:[^*?]*:)?(?:repo|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref|' +
    'enterprise|enterprise_id):[^:*?/]+(?:[/:]|$)',
);

/** For a provider that serves one company the beginning is enough. */
const BEGINNING = /^[^*?]/;

/**
 * Providers that serve everybody: whoever signs up with them has an identity, so that only a claim tells one from
 * another.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const SHARED: readonly Provider[] = [
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

/** The audience of whatever calls AWS, as every pod of an EKS cluster may, is no application. */
const APPLICATION = /^(?!sts\.)[^*?]/;

const ANY_HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/.*)?$/;

/** Of any other provider. */
const OTHER: readonly Provider[] = [
  { host: ANY_HOST, claims: /^aud$/, value: APPLICATION },
  { host: ANY_HOST, claims: /^(azp|client_id|email|oid|sub|tid)$/, value: BEGINNING },
];

/**
 * Whether a federated principal is one whose users come by tokens of their own: a provider of SAML serves the account
 * that set it up.
 */
export function isWebIdentity(federated: string): boolean {
  return !federated.startsWith('arn:') || federated.includes(':oidc-provider/');
}

/**
 * How a value of a condition key must look to tell whose identities of a provider are meant; nothing where the key is
 * none of a provider, or tells no such thing.
 */
export function formOfClaim(key: string): RegExp | undefined {
  const end = key.lastIndexOf(':');
  const [host, claim] = [key.slice(0, end), key.slice(end + 1)];
  if (!ANY_HOST.test(host)) return undefined;
  const shared = SHARED.filter((provider) => provider.host.test(host));
  return (shared.length > 0 ? shared : OTHER).find(({ claims }) => claims.test(claim))?.value;
}

/** The claim by which an identity pool tells whether anybody has signed in. */
export const AUTHENTICATION_CLAIM = 'cognito-identity.amazonaws.com:amr';

/** Whether a value of that claim stands for guests. */
export function isOfGuests(value: string): boolean {
  return like(value.toLowerCase(), 'unauthenticated') === true;
}
