import { Aspects, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { WildcardPrincipalAspect } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { ORGANIZATION, SHOP } from '../../support/apps';
import { annotationsOf } from '../../support/faults';
import { expectFindings } from '../../support/messages';
import { describeWithOracle, disagreements } from '../../support/oracle';
import { LENIENT, ThreeAccounts, busArn, cfnEventBus, cfnRule, rootArn } from '../../support/three-accounts';

const OWN = SHOP.account;
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
const ALLOW_PUT = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn() };

/** A role with a trust statement and, by default, a policy that allows it to put events. */
function roleOf(
  three: ThreeAccounts,
  trust: object | object[],
  policy: object | undefined = ALLOW_PUT,
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

/** The findings about the trust of publisher roles. */
function findingsOf(make: (three: ThreeAccounts) => unknown): string[] {
  const three = new ThreeAccounts(LENIENT);
  make(three);
  Aspects.of(three.app).add(new WildcardPrincipalAspect());
  return annotationsOf(three.app)
    .filter(({ id }) => id === FindingId.PUBLISHER_ROLE_TRUST_TOO_BROAD)
    .map(({ level, at, text }) => `${level} ${at} ${text}`);
}

const FINDING = 'warning publisherRoleTrustTooBroad /Shop/Role';

describe('the trust policy of a role that is allowed to put events', () => {
  test.each<[string, object | object[]]>([
    ['any principal', { Principal: '*' }],
    ['any AWS principal', { Principal: { AWS: '*' } }],
    [
      'principals that know an external ID',
      { Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': 'id' } } },
    ],
    ['principals except one role', { NotPrincipal: { AWS: rootArn(SHOP) } }],
    [
      'any principal, in addition to EventBridge',
      [service('events.amazonaws.com', source('StringEquals', OWN)), { Principal: '*' }],
    ],
    ['any principal, by NotAction', { Principal: '*', Action: undefined, NotAction: 'sts:TagSession' }],
    ['all repositories of GitHub', web(GITHUB, source('StringEquals', 'sts.amazonaws.com', `${GITHUB}:aud`))],
    ['all repositories of GitHub, by NotAction', { ...web(GITHUB), Action: undefined, NotAction: 'sts:AssumeRole' }],
    ['all repositories of GitHub, by a wildcard', claim(GITHUB, 'sub', 'repo:*', 'StringLike')],
    ['all repositories of GitHub owners with a common prefix', claim(GITHUB, 'sub', 'repo:octo-org*', 'StringLike')],
    ['a GitHub environment, whose name every owner can use', claim(GITHUB, 'sub', 'environment:production')],
    ['all repositories of GitHub, with IfExists', claim(GITHUB, 'sub', 'repo:octo-org/*', 'StringLikeIfExists')],
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
    ['users of an identity provider', web('idp.example')],
    ['service accounts of a cluster', claim('oidc.eks.eu-west-1.amazonaws.com/id/ABC', 'aud', 'sts.amazonaws.com')],
    ['a service for any account', service('scheduler.amazonaws.com', source('StringLike', '*'))],
    [
      'a service for any resource',
      service('pipes.amazonaws.com', source('ArnLike', 'arn:aws:pipes:*:*:*', 'aws:SourceArn')),
    ],
    [
      'a service whose source account may be absent',
      service('scheduler.amazonaws.com', source('StringEqualsIfExists', OWN)),
    ],
    [
      'a service whose source account may be absent or any',
      service('lambda.amazonaws.com', source('StringLikeIfExists', '*')),
    ],
    [
      'two services, one of them for any account',
      service(['lambda.amazonaws.com', 'states.amazonaws.com'] as never, source('StringLike', '*')),
    ],
  ])('does not restrict %s', (_, trust) => {
    expectFindings(
      findingsOf((three) => roleOf(three, trust)),
      [FINDING],
    );
  });

  test.each<[string, object | object[]]>([
    ['its account', { Principal: { AWS: rootArn(SHOP) } }],
    ['an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }],
    ['a service', service('lambda.amazonaws.com')],
    ['a service that always sends its source, without a condition', service('scheduler.amazonaws.com')],
    ['a service for an account', service('scheduler.amazonaws.com', source('StringEquals', OWN))],
    [
      'a service that does not always send its source account',
      service('apigateway.amazonaws.com', source('StringEqualsIfExists', OWN)),
    ],
    ['one repository of GitHub', claim(GITHUB, 'sub', 'repo:octo-org/octo-repo:ref:refs/heads/main')],
    ['all repositories of an owner', claim(GITHUB, 'sub', 'repo:octo-org/*', 'StringLike')],
    ['an owner, by a claim of its own', claim(GITHUB, 'repository_owner', 'octo-org')],
    ['repositories, by a claim of their own', claim(GITHUB, 'repository', 'octo-org/*', 'StringLike')],
    ['a workflow', claim(GITHUB, 'job_workflow_ref', 'octo-org/octo-repo/.github/workflows/x.yml@*', 'StringLike')],
    ['an owner, by a customized subject', claim(GITHUB, 'sub', 'repository_owner:octo-org:environment:production')],
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
      'users of a SAML provider of the account',
      { Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/idp` }, Action: 'sts:AssumeRoleWithSAML' },
    ],
    ['any principal, by a deny statement', { Effect: 'Deny', Principal: '*' }],
    ['any principal to tagging sessions', { Principal: '*', Action: 'sts:TagSession' }],
  ])('restricts %s', (_, trust) => {
    expect(findingsOf((three) => roleOf(three, trust))).toEqual([]);
  });

  test.each<[string, object | undefined, object]>([
    ['by a wildcard action', { ...ALLOW_PUT, Action: 'events:*' }, {}],
    ['by every action', { ...ALLOW_PUT, Action: '*' }, {}],
    ['by NotAction', { Effect: 'Allow', NotAction: 'iam:*', Resource: busArn() }, {}],
    ['by NotResource', { Effect: 'Allow', Action: 'events:PutEvents', NotResource: 'arn:aws:sqs:*:*:*' }, {}],
    ['on every bus', { ...ALLOW_PUT, Resource: '*' }, {}],
    ['on buses that a wildcard matches', { ...ALLOW_PUT, Resource: 'arn:aws:events:*:111111111111:*rders' }, {}],
    [
      'by an AWS managed policy for EventBridge',
      undefined,
      { managedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccess'] },
    ],
    [
      'by an AWS managed policy for administrators',
      undefined,
      { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    ],
  ])('is checked if the role can put events %s', (_, policy, props) => {
    const findings = findingsOf((three) => {
      cfnEventBus(three.hub);
      new CfnRole(three.shop, 'Role', {
        roleName: 'role',
        assumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }],
        },
        policies: policy && [{ policyName: 'put', policyDocument: { Version: '2012-10-17', Statement: [policy] } }],
        ...props,
      });
    });
    expectFindings(findings, [FINDING]);
  });

  test.each<[string, (three: ThreeAccounts) => string]>([
    ['a parameter', ({ shop }) => new CfnParameter(shop, 'Bus').valueAsString],
    ['an import', () => Fn.importValue('Bus')],
  ])('is checked if the bus is %s', (_, resource) => {
    const findings = findingsOf((three) =>
      roleOf(three, { Principal: '*' }, { ...ALLOW_PUT, Resource: resource(three) }),
    );
    expectFindings(findings, [FINDING]);
  });

  test.each<[string, object | undefined]>([
    ['has another permission', { Effect: 'Allow', Action: 'events:PutRule', Resource: '*' }],
    ['can put events on no bus', { ...ALLOW_PUT, Resource: 'arn:aws:s3:::bucket' }],
    ['is denied to put events', { ...ALLOW_PUT, Effect: 'Deny' }],
    ['has no policies', undefined],
  ])('is not checked if the role %s', (_, policy) => {
    expect(
      findingsOf((three) => {
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

  test('has a principal that is known only at deployment', () => {
    const findings = findingsOf((three) =>
      roleOf(three, { Principal: { AWS: new CfnParameter(three.shop, 'Account').valueAsString } }),
    );
    expectFindings(findings, [FINDING]);
  });

  test('is checked only for services other than EventBridge if a rule uses the role', () => {
    const findings = (statement: object | object[]) =>
      findingsOf((three) => {
        const role = roleOf(three, statement);
        cfnRule(three.shop, { arn: busArn(), roleArn: role.attrArn });
      });
    expect(findings({ Principal: '*' })).toEqual([]);
    expect(findings(service('events.amazonaws.com'))).toEqual([]);
    expectFindings(findings(service('scheduler.amazonaws.com', source('StringLike', '*'))), [FINDING]);
  });
});

describeWithOracle('any AWS account', () => {
  test('can assume a role only if there is a finding', () => {
    const ask = (trust: object) => {
      const three = new ThreeAccounts(LENIENT);
      cfnEventBus(three.hub);
      roleOf(three, trust);
      return {
        name: JSON.stringify(trust),
        app: three.app,
        questions: [{ strangers: true, role: { account: OWN, name: 'role' }, welcome: [{ account: OWN }] }],
      };
    };
    expect(
      disagreements([
        ask({ Principal: { AWS: rootArn(SHOP) } }),
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
