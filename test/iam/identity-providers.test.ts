import { claimPattern, isWebIdentity, matchesGuests } from '../../src/iam/identity-providers';
import { unresolved } from '../../src/iam/unresolved-text';

const GITHUB = 'token.actions.githubusercontent.com';

/** Claims, the values that identify users of one customer, and those that do not. */
const CLAIMS: [claim: string, identifying: string[], others: string[]][] = [
  [
    `${GITHUB}:sub`,
    [
      ...['repo:octo-org/*', 'repo:octo-org:*', 'repo:octo-org', 'repository:octo-org/a', 'repository_id:1:a'],
      ...['repository_owner:octo-org:*', 'repository_owner_id:1', 'job_workflow_ref:octo-org/a@b', 'enterprise:a'],
      ...['enterprise_id:1', 'environment:prod:repo:octo-org/*', 'repo:octo-org/a:ref:refs/heads/*'],
    ],
    ['*', 'repo:*', 'repo:octo-org*', 'repo:octo-?/a', 'repos:octo-org/a', 'ref:main', '*:repo:octo-org/a', 'repo:'],
  ],
  [`${GITHUB}:repository`, ['octo-org/a', 'octo-org/*', 'octo-org'], ['*', 'octo-org*', 'octo-?/a', '']],
  [`${GITHUB}:job_workflow_ref`, ['octo-org/a@main', 'octo-org/*'], ['*/a']],
  ...['actor_id', 'enterprise', 'enterprise_id', 'repository_id', 'repository_owner', 'repository_owner_id'].map(
    (name): [string, string[], string[]] => [`${GITHUB}:${name}`, ['octo-org'], ['octo-*', 'octo-or?', '']],
  ),
  ...[
    ...['vstoken.actions.githubusercontent.com', 'oidc-configuration.audit-log.githubusercontent.com'],
    ...['agent.buildkite.com', 'app.terraform.io', 'app.eu.terraform.io', 'gitlab.com', 'oidc.codefresh.io'],
    ...['proidc.upbound.io', 'scalr.io', 'studio.datachain.ai/api', 'tokens.cloud.shisho.dev'],
  ].map((host): [string, string[], string[]] => [
    `${host}:sub`,
    ['organization:acme', 'organization:acme:*', 'project_path:acme/*'],
    ['*', 'organization:*', 'organization:acme*', 'organization:/*', 'organization?:acme:a', ':acme:*', ''],
  ]),
  ...['api.pulumi.com/oidc:aud', 'oidc.vercel.com:aud', 'sandboxes.cloud:aud'].map(
    (claim): [string, string[], string[]] => [claim, ['acme'], ['acme*', 'acm?', '*']],
  ),
  ...[
    ...['accounts.google.com:aud', 'accounts.google.com:oaud', 'accounts.google.com:sub', 'www.amazon.com:app_id'],
    ...['www.amazon.com:user_id', 'graph.facebook.com:app_id', 'graph.facebook.com:id'],
    ...['cognito-identity.amazonaws.com:aud', 'cognito-identity.amazonaws.com:sub'],
  ].map((claim): [string, string[], string[]] => [claim, ['123', 'a'], ['12*', '?', '']]),
  ['login.acme.example:aud', ['shop', 'a*', 'accounts.sts.example'], ['*', '?a', 'sts.amazonaws.com', '']],
  ...['azp', 'client_id', 'email', 'oid', 'sub', 'tid'].map((name): [string, string[], string[]] => [
    `login.acme.example:8443/tenant:${name}`,
    ['shop', 'a*', 'sts.amazonaws.com'],
    ['*', '?a', ''],
  ]),
];

test.each(CLAIMS)('%s identifies users of one customer', (claim, identifying, others) => {
  const pattern = claimPattern(claim)!;
  expect(identifying.filter((value) => !pattern.test(value))).toEqual([]);
  expect(others.filter((value) => pattern.test(value))).toEqual([]);
});

test.each([
  ...[`${GITHUB}:aud`, `${GITHUB}:xsub`, `${GITHUB}:subx`, `${GITHUB}:repository_owners`, `${GITHUB}:my_actor_id`],
  ...[`${GITHUB}:my_repository`, 'gitlab.com:aud', 'gitlab.com:subx', 'gitlab.com:xsub', 'scalr.io:aud'],
  ...['scalr.io:subx', 'scalr.io:xsub', 'oidc.vercel.com:sub', 'oidc.vercel.com:audx', 'oidc.vercel.com:xaud'],
  ...['vstoken.actions.githubusercontent.com:aud', 'vstoken.actions.githubusercontent.com:subx'],
  ...['vstoken.actions.githubusercontent.com:xsub', 'accounts.google.com:email', 'accounts.google.com:audx'],
  ...['accounts.google.com:xaud', 'www.amazon.com:sub', 'www.amazon.com:my_app_id', 'www.amazon.com:app_ids'],
  ...['graph.facebook.com:ids', 'graph.facebook.com:sub', 'graph.facebook.com:my_id', 'login.acme.example:amr'],
  ...['cognito-identity.amazonaws.com:amr', 'cognito-identity.amazonaws.com:audx'],
  ...['cognito-identity.amazonaws.com:xaud', 'login.acme.example:audx', 'login.acme.example:xaud'],
  ...['login.acme.example:subx', 'login.acme.example:xsub', 'aws:sub', 'sub', ':sub', 'login.Acme.example:sub'],
  ...['login..example:sub', 'login.acme.example:port:sub', 'login.acme.example:80x:sub', 'a b.example:sub'],
])('%s does not', (claim) => {
  expect(claimPattern(claim)).toBeUndefined();
});

test.each([
  ...['x.token.actions.githubusercontent.com', 'token.actions.githubusercontent.com.example'],
  ...['x.gitlab.com', 'gitlab.com.example', 'x.scalr.io', 'scalr.io.example', 'x.oidc.vercel.com'],
  ...['oidc.vercel.com.example', 'x.accounts.google.com', 'accounts.google.com.example', 'x.www.amazon.com'],
  ...['www.amazon.com.example', 'x.graph.facebook.com', 'graph.facebook.com.example'],
  ...['x.vstoken.actions.githubusercontent.com', 'vstoken.actions.githubusercontent.com.example'],
  ...['x.cognito-identity.amazonaws.com', 'cognito-identity.amazonaws.com.example', 'gitlab-com.example'],
])('%s is a provider of one customer', (host) => {
  expect(claimPattern(`${host}:email`)?.test('a*')).toBe(true);
});

test.each([
  ['login.acme.example', true],
  [unresolved('Arn of Hub/Provider'), true],
  ['arn:aws:iam::111111111111:oidc-provider/login.acme.example', true],
  ['arn:aws:iam::111111111111:saml-provider/acme', false],
])('%s is an OpenID Connect provider: %s', (federated, expected) => {
  expect(isWebIdentity(federated)).toBe(expected);
});

test.each([
  ['unauthenticated', true],
  ['Unauthenticated', true],
  ['un*', true],
  ['*authenticated', true],
  ['authenticated', false],
])('%s matches guests: %s', (value, expected) => {
  expect(matchesGuests(value)).toBe(expected);
});
