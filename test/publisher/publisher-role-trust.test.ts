import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  FederatedPrincipal,
  IPrincipal,
  PrincipalPolicyFragment,
  Role,
  SamlPrincipal,
  ServicePrincipal,
  SessionTagsPrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, PublisherRole, PublisherRoleProps } from '../../src';
import { ORGANIZATION, SHOP, REGION, testApp, testStack } from '../support/apps';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const OWN = SHOP.account;
const OTHER = '555555555555';
const BUS = `arn:aws:events:${REGION}:${OWN}:event-bus/orders`;
const PROVIDER = `arn:aws:iam::${OWN}:oidc-provider/idp.example`;
const MINE = { StringEquals: { 'idp.example:sub': 'me' } };
const SAML = `arn:aws:iam::${OWN}:saml-provider/idp`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Publisher', SHOP, app);
});

function publisherOf(assumedBy: IPrincipal, props: Partial<PublisherRoleProps> = {}, id = 'Role'): PublisherRole {
  return new PublisherRole(stack, id, {
    assumedBy,
    eventBuses: [EventBus.fromEventBusArn(stack, `Bus${id}`, BUS)],
    ...props,
  });
}
const service = (name: string, conditions?: { [operator: string]: unknown }) =>
  new ServicePrincipal(name, { conditions });
const trustOf = (of = stack) =>
  propertiesOf(of, 'AWS::IAM::Role')
    .map(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument.Statement)
    .at(-1);
const trusts = (Service: string, Condition?: object, Action: unknown = 'sts:AssumeRole') => ({
  Effect: 'Allow',
  Action,
  Principal: { Service },
  ...(Condition && { Condition }),
});
const root = (account: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] });
const OWN_ONLY = { StringEquals: { 'aws:SourceAccount': OWN } };
const OWN_IF_SAID = { StringEqualsIfExists: { 'aws:SourceAccount': OWN } };

describe('a publisher is for its account alone where a service assumes it for somebody', () => {
  test.each<[string, object | undefined]>([
    ['scheduler.amazonaws.com', OWN_ONLY],
    ['pipes.amazonaws.com', OWN_ONLY],
    ['states.amazonaws.com', OWN_ONLY],
    ['states.eu-west-1.amazonaws.com', OWN_ONLY],
    ['pipes.eu-west-1.amazonaws.com', OWN_ONLY],
    ['states.cn-north-1.amazonaws.com.cn', OWN_ONLY],
    ['events.amazonaws.com', OWN_ONLY],
    ['apigateway.amazonaws.com', OWN_IF_SAID],
    ['lambda.amazonaws.com', undefined],
    ['ec2.amazonaws.com', undefined],
    ['ecs-tasks.amazonaws.com', undefined],
    ['ecs.application-autoscaling.amazonaws.com', undefined],
    ['myevents.amazonaws.com', undefined],
    ['ops.apigateway.amazonaws.com', undefined],
  ])('%s', (name, condition) => {
    publisherOf(service(name));
    expect(trustOf()).toEqual([trusts(name, condition)]);
  });

  test('whose account only deployment tells', () => {
    const agnostic = new Stack(testApp(), 'Agnostic');
    new PublisherRole(agnostic, 'Role', {
      assumedBy: service('pipes.amazonaws.com'),
      eventBuses: [new CrossAccountEventBus(agnostic, 'Bus')],
    });
    expect(trustOf(agnostic)).toEqual([
      trusts('pipes.amazonaws.com', { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
    ]);
  });

  test('each of several by itself', () => {
    publisherOf(
      new CompositePrincipal(
        service('scheduler.amazonaws.com'),
        service('lambda.amazonaws.com'),
        service('apigateway.amazonaws.com'),
        new AccountPrincipal(OTHER),
      ),
    );
    expect(trustOf()).toEqual([
      trusts('scheduler.amazonaws.com', OWN_ONLY),
      trusts('lambda.amazonaws.com'),
      trusts('apigateway.amazonaws.com', OWN_IF_SAID),
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: root(OTHER) } },
    ]);
  });

  test('besides the conditions of several', () => {
    publisherOf(
      new CompositePrincipal(service('scheduler.amazonaws.com'), service('lambda.amazonaws.com')).withConditions({
        StringEquals: { 'aws:RequestedRegion': REGION },
      }),
    );
    const region = { 'aws:RequestedRegion': REGION };
    expect(trustOf()).toEqual([
      trusts('scheduler.amazonaws.com', { StringEquals: { ...region, 'aws:SourceAccount': OWN } }),
      trusts('lambda.amazonaws.com', { StringEquals: region }),
    ]);
  });

  test('besides other conditions, external IDs and session tags', () => {
    publisherOf(
      service('scheduler.amazonaws.com', { StringEquals: { 'aws:RequestedRegion': REGION } }).withSessionTags(),
      { externalIds: ['one', 'two'] },
    );
    expect(trustOf()).toEqual([
      trusts(
        'scheduler.amazonaws.com',
        {
          StringEquals: { 'aws:RequestedRegion': REGION, 'sts:ExternalId': ['one', 'two'], 'aws:SourceAccount': OWN },
        },
        ['sts:AssumeRole', 'sts:TagSession'],
      ),
    ]);
  });

  test.each<[string, { [operator: string]: { [key: string]: unknown } }]>([
    ['an account', { StringEquals: { 'aws:SourceAccount': OTHER } }],
    ['an account, in other letters', { StringEquals: { 'AWS:sourceAccount': OTHER } }],
    ['a resource', { ArnEquals: { 'aws:SourceArn': `arn:aws:scheduler:${REGION}:${OWN}:schedule-group/default` } }],
    ['resources alike, in other letters', { ArnLike: { 'aws:sourcearn': `arn:aws:scheduler:*:${OWN}:*` } }],
    ['an organization', { StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }],
    ['an organization, in other letters', { StringEquals: { 'AWS:SOURCEORGID': ORGANIZATION } }],
    ['organizational units', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': `${ORGANIZATION}/*` } }],
    [
      'an account among other conditions',
      {
        Bool: { 'aws:SecureTransport': 'true' },
        StringEquals: { 'aws:RequestedRegion': REGION, 'aws:SourceAccount': OTHER },
      },
    ],
  ])('unless the principal says itself for whom: %s', (_, conditions) => {
    publisherOf(service('scheduler.amazonaws.com', conditions));
    expect(trustOf()).toEqual([trusts('scheduler.amazonaws.com', conditions)]);
  });

  test('also where a condition is on a key that only looks like the source', () => {
    const conditions = { StringEquals: { 'aws:SourceVpc': 'vpc-1', 'my:aws:SourceAccount': OTHER } };
    publisherOf(service('scheduler.amazonaws.com', conditions));
    expect(trustOf()).toEqual([
      trusts('scheduler.amazonaws.com', { StringEquals: { ...conditions.StringEquals, 'aws:SourceAccount': OWN } }),
    ]);
  });

  test('and the principal that was given stays as it was for other roles', () => {
    const given = service('scheduler.amazonaws.com');
    publisherOf(given);
    new Role(stack, 'Plain', { assumedBy: given });
    expect(trustOf()).toEqual([trusts('scheduler.amazonaws.com')]);
  });
});

describe('a publisher that others assume trusts them and nobody else', () => {
  const assume = (Principal: object, Condition?: object, Action: unknown = 'sts:AssumeRole') => ({
    Effect: 'Allow',
    Action,
    Principal,
    ...(Condition && { Condition }),
  });

  test.each<[string, () => IPrincipal, object, Partial<PublisherRoleProps>]>([
    ['an account', () => new AccountPrincipal(OTHER), assume({ AWS: root(OTHER) }), {}],
    [
      'an account with an external ID',
      () => new AccountPrincipal(OTHER),
      assume({ AWS: root(OTHER) }, { StringEquals: { 'sts:ExternalId': 'id' } }),
      { externalIds: ['id'] },
    ],
    [
      'a role by ARN',
      () => new ArnPrincipal(`arn:aws:iam::${OTHER}:role/r`),
      assume({ AWS: `arn:aws:iam::${OTHER}:role/r` }),
      {},
    ],
    [
      'an imported role',
      () => Role.fromRoleArn(stack, 'Theirs', `arn:aws:iam::${OTHER}:role/r`),
      assume({ AWS: `arn:aws:iam::${OTHER}:role/r` }),
      {},
    ],
    [
      'a role of the app, with session tags',
      () => new SessionTagsPrincipal(new Role(stack, 'A', { assumedBy: service('lambda.amazonaws.com') })),
      assume({ AWS: { 'Fn::GetAtt': [expect.stringMatching(/^A/), 'Arn'] } }, undefined, [
        'sts:AssumeRole',
        'sts:TagSession',
      ]),
      {},
    ],
    [
      'an identity provider',
      () => new WebIdentityPrincipal(PROVIDER, MINE),
      assume({ Federated: PROVIDER }, MINE, 'sts:AssumeRoleWithWebIdentity'),
      {},
    ],
    [
      'a federation',
      () =>
        new FederatedPrincipal(
          PROVIDER,
          { Bool: { 'aws:SecureTransport': 'true' }, ...MINE },
          'sts:AssumeRoleWithWebIdentity',
        ),
      assume(
        { Federated: PROVIDER },
        { Bool: { 'aws:SecureTransport': 'true' }, ...MINE },
        'sts:AssumeRoleWithWebIdentity',
      ),
      {},
    ],
    [
      'a SAML provider',
      () =>
        new SamlPrincipal({ samlProviderRef: { samlProviderArn: SAML }, samlProviderArn: SAML } as any, {
          StringEquals: { 'SAML:aud': 'x' },
        }),
      assume({ Federated: SAML }, { StringEquals: { 'SAML:aud': 'x' } }, 'sts:AssumeRoleWithSAML'),
      {},
    ],
    [
      'a principal that only tells how it is named and assumed',
      () =>
        ({
          ...new AccountPrincipal(OTHER),
          assumeRoleAction: 'sts:AssumeRoleWithSAML',
          policyFragment: new PrincipalPolicyFragment({ Federated: [SAML] }, { StringEquals: { 'SAML:aud': 'x' } }),
        }) as unknown as IPrincipal,
      assume({ Federated: SAML }, { StringEquals: { 'SAML:aud': 'x' } }, 'sts:AssumeRoleWithSAML'),
      {},
    ],
  ])('%s', (_, assumedBy, statement, props) => {
    publisherOf(assumedBy(), props);
    expect(trustOf()).toEqual([statement]);
  });
});

describeWithOracle('a publisher that services assume', () => {
  test('is refused to the same service of another account, but not to a rule of its own account', () => {
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
    const bound = ['scheduler', 'pipes', 'states', 'events'].map((name) =>
      publisherOf(service(`${name}.amazonaws.com`), { eventBuses: [bus] }, name),
    );
    const [, , , events] = bound;
    const regional = publisherOf(service('states.eu-west-1.amazonaws.com'), {}, 'Regional');
    const own = publisherOf(
      service('events.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER } }),
      { eventBuses: [bus] },
      'ForOthers',
    );
    const plain = new Role(stack, 'Plain', { assumedBy: service('events.amazonaws.com') });
    const target = (role: Role, name: string) =>
      new CfnRule(stack, name, {
        name,
        eventPattern: { source: ['x'] },
        targets: [{ id: 'T', arn: bus.eventBusArn, roleArn: role.roleArn }],
      });
    target(events, 'own');
    target(own, 'others');
    const strangers = (role: Role) => ({ strangers: true, role: role.node.path, welcome: [] });
    const deliver = (name: string, expected: string) => ({
      deliver: { rule: { account: OWN, name } },
      expect: expected,
    });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...[...bound, regional].map(strangers),
        deliver('own', 'allow'),
        deliver('others', 'deny'),
      ],
    });
    // What the oracle says of a role that trusts such a service bare.
    expect(() => expectAnswers(app, { questions: [strangers(plain)] })).toThrow(
      /events.amazonaws.com for 999999999999 may sts:AssumeRole/,
    );
  });
});
