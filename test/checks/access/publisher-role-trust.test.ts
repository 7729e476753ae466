import { Aspects, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { WildcardPrincipalAspect } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { ORGANIZATION, PUBLISHER } from '../../support/apps';
import { shown } from '../../support/faults';
import { describeWithOracle, disagreements } from '../../support/oracle';
import { pattern } from '../../support/pattern';
import { LENIENT, ThreeAccounts, busArn, rawBus, rawRule, rootArn } from '../../support/three-accounts';

const OWN = PUBLISHER.account;
const provider = (host: string) => ({ Federated: `arn:aws:iam::${OWN}:oidc-provider/${host}` });
const GITHUB = 'token.actions.githubusercontent.com';
const web = (host: string, condition?: object) => ({
  Principal: provider(host),
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(condition && { Condition: condition }),
});
const claim = (host: string, name: string, value: unknown, operator = 'StringEquals') =>
  web(host, { [operator]: { [`${host}:${name}`]: value } });
const service = (name: string, condition?: object) => ({
  Principal: { Service: name },
  ...(condition && { Condition: condition }),
});
const source = (operator: string, value: unknown, key = 'aws:SourceAccount') => ({ [operator]: { [key]: value } });
const MAY_PUT = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn() };

/** A role with a trust statement, and one that lets it put events unless that says otherwise. */
function roleOf(
  three: ThreeAccounts,
  trust: object | object[],
  policy: object | undefined = MAY_PUT,
  props: object = {},
): CfnRole {
  const Statement = [trust].flat().map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }));
  return new CfnRole(three.shop, 'Role', {
    roleName: 'role',
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement },
    policies: policy && [{ policyName: 'put', policyDocument: { Version: '2012-10-17', Statement: [policy] } }],
    ...props,
  });
}

function told(make: (three: ThreeAccounts) => unknown): string[] {
  const three = new ThreeAccounts(LENIENT);
  make(three);
  Aspects.of(three.app).add(new WildcardPrincipalAspect());
  return shown(three.app)
    .filter(({ id }) => id === FindingId.PUBLISHER_ROLE_TRUST_TOO_BROAD)
    .map(({ level, at, text }) => `${level} ${at} ${text}`);
}

describe('a role that may put events is as open as its trust policy', () => {
  test.each<[string, object | object[]]>([
    ['everybody', { Principal: '*' }],
    ['everybody, as AWS principal', { Principal: { AWS: '*' } }],
    ['everybody who knows an external id', { Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': 'id' } } }],
    ['everybody but one role', { NotPrincipal: { AWS: rootArn(PUBLISHER) } }],
    [
      'everybody, beside EventBridge',
      [service('events.amazonaws.com', source('StringEquals', OWN)), { Principal: '*' }],
    ],
    [
      'everybody, by whatever action is not taken out',
      { Principal: '*', Action: undefined, NotAction: 'sts:TagSession' },
    ],
    ['all repositories of GitHub', web(GITHUB, source('StringEquals', 'sts.amazonaws.com', `${GITHUB}:aud`))],
    [
      'all repositories of GitHub, by another action',
      { ...web(GITHUB), Action: undefined, NotAction: 'sts:AssumeRole' },
    ],
    ['all repositories of GitHub, by a wildcard', claim(GITHUB, 'sub', 'repo:*', 'StringLike')],
    ['all repositories of owners of GitHub that begin alike', claim(GITHUB, 'sub', 'repo:octo-org*', 'StringLike')],
    ['an environment of GitHub, which every owner can call so', claim(GITHUB, 'sub', 'environment:production')],
    [
      'all repositories of GitHub, if it does not say which',
      claim(GITHUB, 'sub', 'repo:octo-org/*', 'StringLikeIfExists'),
    ],
    ['all projects of GitLab', claim('gitlab.com', 'aud', 'https://gitlab.com')],
    ['all organizations of Terraform', claim('app.terraform.io', 'sub', '*', 'StringLike')],
    [
      'all users of Google',
      { Principal: { Federated: 'accounts.google.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
    [
      'all identity pools',
      { Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
    [
      'guests of an identity pool',
      {
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          ...source('StringEquals', 'eu-west-1:pool', 'cognito-identity.amazonaws.com:aud'),
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'un?uthenticated' },
        },
      },
    ],
    ['whoever a provider of identities knows', web('idp.example')],
    ['whatever runs in a cluster', claim('oidc.eks.eu-west-1.amazonaws.com/id/ABC', 'aud', 'sts.amazonaws.com')],
    ['a service for any account', service('scheduler.amazonaws.com', source('StringLike', '*'))],
    [
      'a service for any resource',
      service('pipes.amazonaws.com', source('ArnLike', 'arn:aws:pipes:*:*:*', 'aws:SourceArn')),
    ],
    ['a service that need not say for whom', service('scheduler.amazonaws.com', source('StringEqualsIfExists', OWN))],
    [
      'a service that may say nothing, for any account',
      service('lambda.amazonaws.com', source('StringLikeIfExists', '*')),
    ],
    [
      'two services, one of them for any account',
      service(['lambda.amazonaws.com', 'states.amazonaws.com'] as never, source('StringLike', '*')),
    ],
  ])('of %s', (_, trust) => {
    expect(told((three) => roleOf(three, trust))).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Shop\/Role the trust policy of role 'role' allows principals /,
          /that nobody named to assume it and put events on arn:aws:events:.*; name /,
          /accounts/,
        ),
      ),
    ]);
  });

  test.each<[string, object | object[]]>([
    ['its account', { Principal: { AWS: rootArn(PUBLISHER) } }],
    ['an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }],
    ['a service', service('lambda.amazonaws.com')],
    [
      'a service that tells for whom, which no other account can have act with the role',
      service('scheduler.amazonaws.com'),
    ],
    ['a service for an account', service('scheduler.amazonaws.com', source('StringEquals', OWN))],
    [
      'a service that need not say for which account, and does not always',
      service('apigateway.amazonaws.com', source('StringEqualsIfExists', OWN)),
    ],
    ['one repository of GitHub', claim(GITHUB, 'sub', 'repo:octo-org/octo-repo:ref:refs/heads/main')],
    ['all repositories of an owner', claim(GITHUB, 'sub', 'repo:octo-org/*', 'StringLike')],
    ['an owner, by a claim of its own', claim(GITHUB, 'repository_owner', 'octo-org')],
    ['repositories, by a claim of their own', claim(GITHUB, 'repository', 'octo-org/*', 'StringLike')],
    ['a workflow', claim(GITHUB, 'job_workflow_ref', 'octo-org/octo-repo/.github/workflows/x.yml@*', 'StringLike')],
    [
      'an owner, by a subject of its own making',
      claim(GITHUB, 'sub', 'repository_owner:octo-org:environment:production'),
    ],
    ['a project of GitLab', claim('gitlab.com', 'sub', 'project_path:group/*:ref_type:branch:ref:main', 'StringLike')],
    [
      'a workspace of Terraform',
      claim('app.terraform.io', 'sub', 'organization:acme:project:*:workspace:*:run_phase:*', 'StringLike'),
    ],
    ['a team of Vercel', claim('oidc.vercel.com', 'aud', 'https://vercel.com/acme')],
    [
      'one application of Google',
      {
        Principal: { Federated: 'accounts.google.com' },
        Condition: source('StringEquals', 'app', 'accounts.google.com:aud'),
      },
    ],
    [
      'the users of an identity pool',
      {
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Condition: {
          ...source('StringEquals', 'eu-west-1:pool', 'cognito-identity.amazonaws.com:aud'),
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      },
    ],
    [
      'a service account of a cluster',
      claim('oidc.eks.eu-west-1.amazonaws.com/id/ABC', 'sub', 'system:serviceaccount:shop:*', 'StringLike'),
    ],
    ['one application of a provider', claim('idp.example', 'aud', 'shop')],
    [
      'those that a SAML provider of the account names',
      { Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/idp` }, Action: 'sts:AssumeRoleWithSAML' },
    ],
    ['everybody, who is denied', { Effect: 'Deny', Principal: '*' }],
    ['everybody, for tags alone', { Principal: '*', Action: 'sts:TagSession' }],
  ])('and nothing is said of %s', (_, trust) => {
    expect(told((three) => roleOf(three, trust))).toEqual([]);
  });

  test.each<[string, object | undefined, object]>([
    ['by a wildcard of actions', { ...MAY_PUT, Action: 'events:*' }, {}],
    ['by every action', { ...MAY_PUT, Action: '*' }, {}],
    ['by what is not taken out of actions', { Effect: 'Allow', NotAction: 'iam:*', Resource: busArn() }, {}],
    [
      'by what is not taken out of resources',
      { Effect: 'Allow', Action: 'events:PutEvents', NotResource: 'arn:aws:sqs:*:*:*' },
      {},
    ],
    ['on every bus', { ...MAY_PUT, Resource: '*' }, {}],
    ['on buses by a wildcard', { ...MAY_PUT, Resource: 'arn:aws:events:*:111111111111:*rders' }, {}],
    [
      'by a policy of AWS for EventBridge',
      undefined,
      { managedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccess'] },
    ],
    [
      'by a policy of AWS for administrators',
      undefined,
      { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    ],
  ])('if it may put events %s', (_, policy, props) => {
    expect(
      told((three) => {
        rawBus(three.hub);
        new CfnRole(three.shop, 'Role', {
          roleName: 'role',
          assumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }],
          },
          policies: policy && [{ policyName: 'put', policyDocument: { Version: '2012-10-17', Statement: [policy] } }],
          ...props,
        });
      }),
    ).toEqual([expect.stringContaining("the trust policy of role 'role' allows")]);
  });

  test.each<[string, (three: ThreeAccounts) => string]>([
    ['a parameter', ({ shop }) => new CfnParameter(shop, 'Bus').valueAsString],
    ['an import', () => Fn.importValue('Bus')],
  ])('if the bus is %s', (_, resource) => {
    expect(told((three) => roleOf(three, { Principal: '*' }, { ...MAY_PUT, Resource: resource(three) }))).toHaveLength(
      1,
    );
  });

  test.each<[string, object | undefined]>([
    ['may do something else', { Effect: 'Allow', Action: 'events:PutRule', Resource: '*' }],
    ['may put events on no bus', { ...MAY_PUT, Resource: 'arn:aws:s3:::bucket' }],
    ['may not put events', { ...MAY_PUT, Effect: 'Deny' }],
    ['has no policies', undefined],
  ])('but not one that %s', (_, policy) => {
    expect(
      told((three) => {
        new CfnRole(three.shop, 'Role', {
          assumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }],
          },
          policies: policy && [{ policyName: 'put', policyDocument: { Version: '2012-10-17', Statement: [policy] } }],
        });
      }),
    ).toEqual([]);
  });

  test('of whom deployment tells is told as such', () => {
    expect(
      told((three) => roleOf(three, { Principal: { AWS: new CfnParameter(three.shop, 'Account').valueAsString } })),
    ).toEqual([
      expect.stringMatching(
        /^warning \/Shop\/Role the trust policy of role 'role' may allow principals that nobody named/,
      ),
    ]);
  });

  test('but the role of a rule is judged as such, other services aside', () => {
    const open = (statement: object | object[]) =>
      told((three) => {
        const role = roleOf(three, statement);
        rawRule(three.shop, { arn: busArn(), roleArn: role.attrArn });
      });
    expect(open({ Principal: '*' })).toEqual([]);
    expect(open(service('events.amazonaws.com'))).toEqual([]);
    expect(open(service('scheduler.amazonaws.com', source('StringLike', '*')))).toHaveLength(1);
  });
});

describeWithOracle('strangers', () => {
  test('may assume what is told, and may not assume what is silent', () => {
    const ask = (trust: object) => {
      const three = new ThreeAccounts(LENIENT);
      rawBus(three.hub);
      roleOf(three, trust);
      return {
        name: JSON.stringify(trust),
        app: three.app,
        questions: [{ strangers: true, role: { account: OWN, name: 'role' }, welcome: [{ account: OWN }] }],
      };
    };
    expect(
      disagreements([
        ask({ Principal: { AWS: rootArn(PUBLISHER) } }),
        ask(service('scheduler.amazonaws.com', source('StringEquals', OWN))),
      ]),
    ).toEqual([]);
    const open = [
      { Principal: '*' },
      service('scheduler.amazonaws.com', source('StringLike', '*')),
      service('scheduler.amazonaws.com', source('StringEqualsIfExists', OWN)),
    ];
    expect(disagreements(open.map((trust) => ask(trust)))).toHaveLength(open.length);
  });
});
