import { App, Aws, CfnCondition, CfnParameter, Fn, Lazy, PhysicalName, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  CanonicalUserPrincipal,
  CfnRole,
  CompositePrincipal,
  IPrincipal,
  OrganizationPrincipal,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
  SamlPrincipal,
  SamlProvider,
  ServicePrincipal,
  SessionTagsPrincipal,
  StarPrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, EventPublisher } from '../../src';
import { HUB, ORGANIZATION, SHOP, messagesOf, root, testApp, testStack, ordersApp } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const [A, B] = ['222222222222', '333333333333'];
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const ROLE = `arn:aws:iam::${A}:role/shop`;
const ofRole = (arn: unknown, account = A) => ({
  Principal: { AWS: root(account) },
  Condition: { StringEquals: { 'aws:PrincipalArn': arn } },
});
const IDP = `arn:aws:iam::${A}:saml-provider/idp`;
const POOL = { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' } };
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;
const OTHER_UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-22222222/`;
const { organization, organizationalUnits, accounts, role, principal, service } = EventPublisher;

let app: App;
let stack: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub: stack, bus } = ordersApp());
});

/** Who is let in, and on which conditions, by each statement. */
function granted(...publishers: EventPublisher[]): object[] {
  for (const publisher of publishers) bus.allowPublisher(publisher);
  return propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement: { Principal, Condition } }) => ({
    Principal,
    ...(Condition && { Condition }),
  }));
}

describe('a publisher becomes a statement', () => {
  test.each<[string, () => EventPublisher, object]>([
    [
      'an organization',
      () => organization(ORGANIZATION),
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
    ['accounts', () => accounts(B, A, B), { Principal: { AWS: [root(A), root(B)] } }],
    [
      'an account of deployment',
      () => accounts(new CfnParameter(stack, 'Account').valueAsString),
      {
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Account' }, ':root']] },
        },
      },
    ],
    ['a role by ARN', () => role(ROLE), ofRole(ROLE)],
    [
      'a role by ARN and path',
      () => role(`arn:aws:iam::${A}:role/team/shop`),
      ofRole(`arn:aws:iam::${A}:role/team/shop`),
    ],
    ['an imported role', () => role(Role.fromRoleArn(stack, 'Role', ROLE)), ofRole(ROLE)],
    ['a role as principal', () => principal(Role.fromRoleArn(stack, 'Role', ROLE)), ofRole(ROLE)],
    ['the ARN of a role as principal', () => principal(new ArnPrincipal(ROLE)), ofRole(ROLE)],
    [
      'one whose partition deployment tells',
      () => principal(new ArnPrincipal(`arn:${Aws.PARTITION}:iam::${A}:role/shop`)),
      ofRole(partitioned(`:iam::${A}:role/shop`)),
    ],
    [
      'a role on conditions',
      () =>
        principal(
          new ArnPrincipal(ROLE).withConditions({
            ArnEquals: { 'aws:SourceArn': 'x' },
            Bool: { 'aws:SecureTransport': 'true' },
          }),
        ),
      {
        Principal: { AWS: root(A) },
        Condition: {
          ArnEquals: { 'aws:SourceArn': 'x' },
          StringEquals: { 'aws:PrincipalArn': ROLE },
          Bool: { 'aws:SecureTransport': 'true' },
        },
      },
    ],
    [
      'a role on a condition on its ARN',
      () => principal(new ArnPrincipal(ROLE).withConditions({ ArnEquals: { 'aws:PrincipalArn': 'x' } })),
      {
        Principal: { AWS: ROLE },
        Condition: { ArnEquals: { 'aws:PrincipalArn': 'x' } },
      },
    ],
    [
      'a session of a role',
      () => principal(new ArnPrincipal(`arn:aws:sts::${A}:assumed-role/shop/me`)),
      { Principal: { AWS: `arn:aws:sts::${A}:assumed-role/shop/me` } },
    ],
    [
      'a role that was deleted',
      () => principal(new ArnPrincipal('AROAIOSFODNN7EXAMPLE')),
      { Principal: { AWS: 'AROAIOSFODNN7EXAMPLE' } },
    ],
    [
      'an account of an organization',
      () => principal(new AccountPrincipal(A).withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })),
      {
        Principal: { AWS: root(A) },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
      },
    ],
    [
      'whoever comes by a provider of identities',
      () =>
        principal(
          new SamlPrincipal(SamlProvider.fromSamlProviderArn(stack, 'Idp', IDP), { StringEquals: { 'SAML:aud': 'x' } }),
        ),
      {
        Principal: { Federated: IDP },
        Condition: { StringEquals: { 'SAML:aud': 'x' } },
      },
    ],
    [
      'the users of an identity pool',
      () => principal(new WebIdentityPrincipal('cognito-identity.amazonaws.com', POOL)),
      {
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Condition: POOL,
      },
    ],
    [
      'an organization with a tag',
      () =>
        principal(
          new OrganizationPrincipal(ORGANIZATION).withConditions({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } }),
        ),
      {
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalTag/team': 'shop' } },
      },
    ],
    [
      'everybody of an account',
      () => principal(new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': A } })),
      {
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': A } },
      },
    ],
    [
      'a wildcard for what only deployment tells',
      () =>
        principal(
          new AnyPrincipal().withConditions({
            StringEquals: { 'aws:PrincipalAccount': new CfnParameter(stack, 'Account').valueAsString },
          }),
        ),
      { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'Account' } } } },
    ],
    [
      'conditions that are tokens',
      () =>
        principal(
          new AccountPrincipal(A).withConditions({
            StringEquals: { 'aws:PrincipalOrgID': Lazy.any({ produce: () => ['o-a', 'o-b'] }) },
            'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': Fn.conditionIf('Never', 'a', 'b') },
          }),
        ),
      {
        Principal: { AWS: root(A) },
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': ['o-a', 'o-b'] },
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': { 'Fn::If': ['Never', 'a', 'b'] } },
        },
      },
    ],
    [
      'a service of China',
      () => service('ses.amazonaws.com.cn'),
      {
        Principal: { Service: 'ses.amazonaws.com.cn' },
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      },
    ],
    [
      'a role whose sessions have tags',
      () =>
        principal(
          new SessionTagsPrincipal(new ArnPrincipal(ROLE)).withConditions({
            StringEquals: { 'aws:PrincipalTag/team': 'shop' },
          }),
        ),
      {
        Principal: { AWS: root(A) },
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop', 'aws:PrincipalArn': ROLE } },
      },
    ],
    [
      'several principals',
      () => principal(new CompositePrincipal(new AccountPrincipal(A), new ArnPrincipal(`arn:aws:iam::${B}:user/me`))),
      {
        Principal: { AWS: [root(A), `arn:aws:iam::${B}:user/me`] },
      },
    ],
    [
      'organizational units',
      () => organizationalUnits(`${UNIT}*`, `${UNIT}`, OTHER_UNIT),
      {
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${UNIT}*`, OTHER_UNIT] } },
      },
    ],
    [
      'a service by itself for the account of the bus',
      () => service('ses.amazonaws.com'),
      {
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      },
    ],
    [
      'a service by itself for others',
      () =>
        service('ses.amazonaws.com', {
          sourceAccounts: [B, A],
          sourceArns: ['arn:aws:s3:::b'],
          sourceOrganization: ORGANIZATION,
        }),
      {
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': [A, B], 'aws:SourceOrgID': ORGANIZATION },
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' },
        },
      },
    ],
    [
      'a service for a source of an organization',
      () => service('s3.amazonaws.com', { sourceArns: ['arn:aws:s3:::b'], sourceOrganization: ORGANIZATION }),
      {
        Principal: { Service: 's3.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceOrgID': ORGANIZATION },
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' },
        },
      },
    ],
    [
      'an L1 role of another account, by its name and path',
      () =>
        role(
          new CfnRole(testStack('Shop', SHOP, app), 'Role', {
            roleName: 'shop',
            path: '/team/',
            assumeRolePolicyDocument: new PolicyDocument({
              statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [LAMBDA] })],
            }),
          }),
        ),
      ofRole(partitioned(`:iam::${A}:role/team/shop`)),
    ],
    [
      'a service of an account',
      () =>
        principal(
          new ServicePrincipal('s3.amazonaws.com').withConditions({ StringEquals: { 'aws:SourceAccount': A } }),
        ),
      {
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': A } },
      },
    ],
  ])('%s', (_, publisher, statement) => {
    new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') });
    expect(granted(publisher())).toEqual([statement]);
  });

  test.each<[string, () => IPrincipal, () => EventPublisher]>([
    ['an account', () => new AccountPrincipal(A), () => accounts(B)],
    ['the ARN of an account', () => new ArnPrincipal(`arn:aws:iam::${A}:root`), () => accounts(B)],
    ['an organization', () => new OrganizationPrincipal(ORGANIZATION), () => organization('o-z9y8x7w6v5')],
    [
      'everybody of an organization',
      () => new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
      () => organization('o-z9y8x7w6v5'),
    ],
    ['a role', () => new ArnPrincipal(ROLE), () => role(`arn:aws:iam::${B}:role/shop`)],
    [
      'several accounts',
      () => new CompositePrincipal(new AccountPrincipal(A), new AccountPrincipal('444444444444')),
      () => accounts(B),
    ],
  ])('that it shares with others of its kind, when the principal is %s', (_, one, other) => {
    expect(granted(principal(one()), other())).toHaveLength(1);
  });
});

describe('a role of the app', () => {
  test.each([
    ['a name', 'shop', 'shop'],
    ['a name that is made if needed', PhysicalName.GENERATE_IF_NEEDED, 'publisherpublisherrole[0-9a-f]+'],
  ])('in another account is let in by %s, and need not be deployed first', (_, roleName, name) => {
    const publisher = testStack('Publisher', SHOP, app);
    const shop = new Role(publisher, 'Role', { assumedBy: LAMBDA, roleName });
    expect(granted(role(shop), principal(shop))).toEqual([
      ofRole(partitioned(expect.stringMatching(`^:iam::${A}:role/${name}$`))),
    ]);
    expect(dependenciesOf(stack)).toEqual([]);
  });

  test('fails in another account without a name', () => {
    const nameless = new Role(testStack('Publisher', SHOP, app), 'Role', { assumedBy: LAMBDA });
    const message = errorOf(() => bus.allowPublisher(role(nameless)));
    expect(message).toMatch(/^Hub\/Bus: 'role' must .*'Publisher\/Role'/);
    expectMessage(message);
    const among = new CompositePrincipal(nameless, new AccountPrincipal(B));
    // The reason is that of the CDK, in its own words.
    expect(errorOf(() => bus.allowPublisher(principal(among)))).toMatch(
      /^Hub\/Bus: 'principal' must be one that a resource-based policy can name, got .* 'Publisher\/Role'/,
    );
  });

  test.each<[string, (other: Stack) => Role | CfnRole]>([
    ['of the CDK', (other) => new Role(other, 'Role', { assumedBy: LAMBDA, roleName: 'shop' })],
    ['by hand', (other) => new CfnRole(other, 'Role', { roleName: 'shop', assumeRolePolicyDocument: {} })],
  ])(
    '%s fails where only deployment tells its account: in the stack of the bus its text would ' +
      'mean the account of the bus',
    (_, make) => {
      const message = errorOf(() => bus.allowPublisher(role(make(new Stack(app, 'Agnostic')))));
      expect(message).toMatch(/^Hub\/Bus: 'role' must .*'Agnostic\/Role'/);
      expectMessage(message);
    },
  );

  test('is let in where two stacks leave one account to deployment', () => {
    stack = new Stack(testApp(), 'Hub');
    bus = new CrossAccountEventBus(stack, 'Bus');
    const other = new Role(new Stack(stack.node.root as App, 'Other'), 'Role', { assumedBy: LAMBDA });
    expect(granted(role(other))).toMatchObject([
      { Condition: { StringEquals: { 'aws:PrincipalArn': { 'Fn::ImportValue': expect.any(String) } } } },
    ]);
  });

  test('is named by a reference in its own account', () => {
    const own = new Role(stack, 'Role', { assumedBy: LAMBDA });
    expect(granted(role(own))).toEqual([
      ofRole({ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }, HUB.account),
    ]);
  });
});

describe('a publisher fails', () => {
  test.each<[string, () => IPrincipal]>([
    ['as everybody', () => new AnyPrincipal()],
    ['as a star', () => new StarPrincipal()],
    ['as an ARN that is a star', () => new ArnPrincipal('*')],
    [
      'as everybody with a tag',
      () => new PrincipalWithConditions(new StarPrincipal(), { StringEquals: { 'aws:PrincipalTag/team': 'shop' } }),
    ],
    ['as any organization', () => new StarPrincipal().withConditions({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } })],
    [
      'as everybody but an account',
      () => new StarPrincipal().withConditions({ StringNotEquals: { 'aws:PrincipalAccount': A } }),
    ],
    [
      'as everybody of a source',
      () => new StarPrincipal().withConditions({ StringEquals: { 'events:source': 'com.shop' } }),
    ],
    ['as a service for anybody', () => new ServicePrincipal('s3.amazonaws.com')],
    [
      'as a service of an organization, which services are never in',
      () =>
        new ServicePrincipal('s3.amazonaws.com').withConditions({
          StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
        }),
    ],
    [
      'as a role of any account whose path ends like that of one',
      () => new AnyPrincipal().withConditions({ StringLike: { 'aws:PrincipalArn': `arn:*:iam::${A}:role/x` } }),
    ],
    [
      'as a service for a source of any account that ends like that of one',
      () =>
        new ServicePrincipal('sns.amazonaws.com').withConditions({
          StringLike: { 'aws:SourceArn': `arn:aws:sns:*:${A}:*` },
        }),
    ],
    [
      'as a service for a bucket, of which nobody knows whose it is',
      () => new ServicePrincipal('s3.amazonaws.com').withConditions({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' } }),
    ],
    [
      'as a service for such a bucket, by a key in another case',
      () => new ServicePrincipal('s3.amazonaws.com').withConditions({ ArnLike: { 'AWS:sourcearn': 'arn:aws:s3:::b' } }),
    ],
    ['as an account among everybody', () => new CompositePrincipal(new AccountPrincipal(A), new AnyPrincipal())],
    ['as roles with a wildcard', () => new ArnPrincipal(`arn:aws:iam::${A}:role/*`)],
    ['as an account that is too short', () => new AccountPrincipal('123')],
    ['as text', () => new ArnPrincipal('shop')],
    ['as something that calls nobody', () => new ArnPrincipal(`arn:aws:sns:eu-west-1:${A}:topic`)],
    [
      'as a provider of identities that serves every account',
      () => new WebIdentityPrincipal('cognito-identity.amazonaws.com'),
    ],
    [
      'as such a provider with a condition that names no application',
      () =>
        new WebIdentityPrincipal('cognito-identity.amazonaws.com', {
          StringLike: { 'cognito-identity.amazonaws.com:aud': '*' },
        }),
    ],
    ['as a web identity', () => new WebIdentityPrincipal('idp.example.com')],
    ['as a canonical user', () => new CanonicalUserPrincipal('abc')],
  ])('%s', (_, make) => {
    const message = errorOf(() => bus.allowPublisher(principal(make())));
    expect(message).toMatch(/^Hub\/Bus: 'principal' must/);
    expectMessage(message);
    expect(granted()).toEqual([]);
  });

  test('with a scope that its own conditions contradict', () => {
    const shop = new AccountPrincipal(A).withConditions({
      'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
    });
    const message = errorOf(() => bus.allowPublisher(principal(shop), { sources: ['com.billing'] }));
    expect(message).toMatch(/^Hub\/Bus: 'principal' must .*'ForAllValues:StringEquals' on 'events:source'/);
    expectMessage(message);
  });
});

describeWithOracle('whom publishers let in', () => {
  const put = (as: object, expect: string, event: object = {}) => ({
    putEvents: { as: { policies: 'allowAll', ...as }, bus: 'Hub/Bus', ...event },
    expect,
  });
  const nobodyElse = (...welcome: object[]) => ({ strangers: true, bus: 'Hub/Bus', welcome });

  test('by role is that role alone, not one named alike, nor its account', () => {
    bus.allowPublisher(role(ROLE), { sources: ['com.shop'] });
    bus.allowPublisher(
      principal(
        new ArnPrincipal(`arn:aws:iam::${B}:role/shop`).withConditions({
          StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
        }),
      ),
    );
    const theirs = { principalArn: `arn:aws:iam::${B}:role/shop` };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ principalArn: ROLE }, 'allow', { source: 'com.shop' }),
        put({ principalArn: ROLE }, 'deny', { source: 'com.shop.x' }),
        put({ principalArn: ROLE, policies: [] }, 'deny', { source: 'com.shop' }),
        put({ principalArn: `${ROLE}2` }, 'deny', { source: 'com.shop' }),
        put({ principalArn: `arn:aws:iam::${A}:role/team/shop` }, 'deny', { source: 'com.shop' }),
        put({ principalArn: `arn:aws:iam::${A}:user/shop` }, 'deny', { source: 'com.shop' }),
        put({ principalArn: 'arn:aws:iam::444444444444:role/shop' }, 'deny', { source: 'com.shop' }),
        put({ ...theirs, orgId: ORGANIZATION }, 'allow'),
        put({ ...theirs, orgId: 'o-z9y8x7w6v5' }, 'deny'),
        put({ ...theirs, orgId: null }, 'deny'),
        nobodyElse({ principalArn: ROLE }, { ...theirs, orgId: ORGANIZATION }),
      ],
    });
    expect(messagesOf(stack)).toEqual([]);
  });

  test('by service is that service for the account alone', () => {
    const s3 = 's3.amazonaws.com';
    bus.allowPublisher(
      principal(new ServicePrincipal(s3).withConditions({ StringEquals: { 'aws:SourceAccount': A } })),
    );
    const questions = [
      { noProblems: true },
      put({ service: s3, sourceAccount: A, policies: undefined }, 'allow'),
      put({ service: s3, sourceAccount: B, policies: undefined }, 'deny'),
      put({ service: s3, policies: undefined }, 'deny'),
      put({ service: 'sns.amazonaws.com', sourceAccount: A, policies: undefined }, 'deny'),
      nobodyElse({ service: s3, sourceAccount: A }),
    ];
    expectAnswers(app, { questions });
  });
});
