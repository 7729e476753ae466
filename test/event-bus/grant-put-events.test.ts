import { App, Aws, CfnParameter, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  IGrantable,
  IPrincipal,
  ManagedPolicy,
  OrganizationPrincipal,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
  StarPrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, EventPublisher } from '../../src';
import {
  HUB,
  ORGANIZATION,
  SHOP,
  messagesOf,
  root,
  testApp,
  testFunction,
  testStack,
  ordersApp,
} from '../support/apps';
import { errorOf, expectFindings, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const [A, B] = [SHOP.account, '333333333333'];
const THEIRS = `arn:aws:iam::${A}:role/r`;
const OURS = `arn:aws:iam::${HUB.account}:role/mine`;
const ON_ORDERS = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${HUB.region}:${HUB.account}:event-bus/orders`]],
};

let app: App;
let stack: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub: stack, bus } = ordersApp());
});

const busStatements = () => propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
const identityStatements = (of: Stack) =>
  ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => propertiesOf(of, type))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const roleIn = (scope: Stack, roleName?: string, id = 'Role') => new Role(scope, id, { assumedBy: LAMBDA, roleName });
const onCondition = (principal: IPrincipal): IGrantable => ({
  grantPrincipal: new PrincipalWithConditions(principal, { Bool: { 'aws:SecureTransport': 'true' } }),
});

describe('grantPutEventsTo writes the identity half alone', () => {
  test.each<[string, () => IGrantable]>([
    ['a role', () => roleIn(stack)],
    ['a function', () => testFunction(stack, 'Function')],
    ['a user', () => new User(stack, 'User')],
    ['a managed policy', () => new ManagedPolicy(stack, 'Policy')],
    ['an imported role of the account', () => Role.fromRoleArn(stack, 'Imported', OURS)],
  ])('for %s of the same stack', (_, grantee) => {
    expect(bus.grantPutEventsTo(grantee()).success).toBe(true);
    expect(identityStatements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
      },
    ]);
    expect(busStatements()).toEqual([]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each<[string, () => Stack]>([
    ['another stack', () => testStack('Other', HUB, app)],
    ['a nested stack', () => new NestedStack(stack, 'Nested')],
    ['another stage', () => new Stack(new Stage(app, 'Stage'), 'Other', { env: HUB })],
  ])('for a function of %s of the account, which does not come to depend on that of the bus', (_, make) => {
    const other = make();
    bus.grantPutEventsTo(testFunction(other, 'Function'));

    expect(identityStatements(other)).toMatchObject([{ Resource: ON_ORDERS }]);
    expect(busStatements()).toEqual([]);
    expect(dependenciesOf(other)).toEqual([]);
  });

  test('on the conditions of the principal', () => {
    bus.grantPutEventsTo(onCondition(roleIn(stack)));
    expect(identityStatements(stack)).toMatchObject([{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]);
    expect(busStatements()).toEqual([]);
  });
});

describe('grantPutEventsTo writes both halves', () => {
  test('for a role of another account, and neither stack waits for the other', () => {
    const publisher = testStack('Publisher', SHOP, app);
    expect(bus.grantPutEventsTo(roleIn(publisher, 'publisher')).success).toBe(true);

    expect(identityStatements(publisher)).toMatchObject([{ Action: 'events:PutEvents', Resource: ON_ORDERS }]);
    expect(busStatements()).toMatchObject([
      {
        Principal: { AWS: root(A) },
        Condition: {
          StringEquals: {
            'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${A}:role/publisher`]] },
          },
        },
      },
    ]);
    expect([...dependenciesOf(publisher), ...dependenciesOf(stack)]).toEqual([]);
  });

  test('on the conditions of the principal, and still by a condition on the role', () => {
    const publisher = testStack('Publisher', SHOP, app);
    bus.grantPutEventsTo(onCondition(roleIn(publisher, 'publisher')));
    expect(identityStatements(publisher)).toMatchObject([{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]);
    expect(busStatements()).toMatchObject([
      {
        Principal: { AWS: root(A) },
        Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalArn': expect.anything() } },
      },
    ]);
  });

  test('so that what depends on the grant waits for the bus policy', () => {
    bus.grantPutEventsTo(new AccountPrincipal(A)).applyBefore(testFunction(stack, 'Waiting'));
    const [{ DependsOn }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^BusPolicyAccounts/)]));
  });
});

describe('grantPutEventsTo writes the half of the bus', () => {
  test.each<[string, () => IGrantable, object]>([
    ['an account', () => new AccountPrincipal(A), { Principal: { AWS: root(A) } }],
    ['its own account', () => new AccountPrincipal(HUB.account), { Principal: { AWS: root(HUB.account) } }],
    ['the account of the stack', () => new AccountPrincipal(Aws.ACCOUNT_ID), { Principal: { AWS: root(HUB.account) } }],
    [
      'an account of deployment',
      () => new AccountPrincipal(new CfnParameter(stack, 'Account').valueAsString),
      {
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Account' }, ':root']] },
        },
      },
    ],
    [
      'an organization',
      () => new OrganizationPrincipal(ORGANIZATION),
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
    [
      'a role by ARN',
      () => new ArnPrincipal(THEIRS),
      { Principal: { AWS: root(A) }, Condition: { StringEquals: { 'aws:PrincipalArn': THEIRS } } },
    ],
    [
      'a user by ARN',
      () => new ArnPrincipal(`arn:aws:iam::${A}:user/u`),
      { Principal: { AWS: `arn:aws:iam::${A}:user/u` } },
    ],
    [
      'a service with a source',
      () => new ServicePrincipal('s3.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': A } } }),
      {
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': A } },
      },
    ],
    [
      'everybody of an account on a condition',
      () => onCondition(new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': A } })),
      {
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': A }, Bool: { 'aws:SecureTransport': 'true' } },
      },
    ],
    [
      'several accounts',
      () => new CompositePrincipal(new AccountPrincipal(A), new AccountPrincipal(B)),
      { Principal: { AWS: [root(A), root(B)] } },
    ],
  ])('for %s', (_, grantee, statement) => {
    expect(bus.grantPutEventsTo(grantee()).success).toBe(true);
    expect(busStatements()).toMatchObject([statement]);
    expect(identityStatements(stack)).toEqual([]);
  });

  test('under the ID that was asked for, apart from the statement that other grants of the kind share', () => {
    bus.grantPutEventsTo(new AccountPrincipal(A), 'Partner');
    bus.allowPublisher(EventPublisher.accounts(B));
    bus.grantPutEventsTo(new AccountPrincipal('444444444444'));

    const byId = propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ StatementId, Statement }) => [
      StatementId,
      Statement.Principal.AWS,
    ]);
    expect(byId).toEqual([
      ['Partner', root(A)],
      [expect.stringMatching(/^Accounts-/), [root(B), root('444444444444')]],
    ]);
  });

  test.each<[string, () => IGrantable, RegExp]>([
    [
      'a service that acts for anybody',
      () => new ServicePrincipal('s3.amazonaws.com'),
      /^Hub\/Bus: 'principal' must limit the accounts/,
    ],
    ['everybody', () => new StarPrincipal(), /^Hub\/Bus: 'principal' must limit the accounts/],
    ['a role without a name', () => roleIn(testStack('Publisher', SHOP, app)), /^Hub\/Bus: 'role' must have/],
    [
      'an imported function of another account, whose role nobody knows',
      () => Function.fromFunctionArn(stack, 'F', `arn:aws:lambda:eu-west-1:${A}:function:f`),
      /^Hub\/Bus: 'principal' must be one that a resource-based policy can name/,
    ],
    [
      'a managed policy of another account',
      () => new ManagedPolicy(testStack('Publisher', SHOP, app), 'Policy'),
      /^Hub\/Bus: 'principal' must be one that a resource-based policy can name/,
    ],
  ])('but fails for %s', (_, grantee, expected) => {
    expect(errorOf(() => bus.grantPutEventsTo(grantee()))).toMatch(expected);
  });
});

describe('grantPutEventsTo warns of the half that it cannot write', () => {
  const WARNING = 'warning manuallyAddRolePolicy /Hub/Bus';

  test.each<[string, () => IGrantable]>([
    ['role', () => Role.fromRoleArn(stack, 'Imported', THEIRS)],
    ['immutable role', () => Role.fromRoleArn(stack, 'Imported', THEIRS, { mutable: false })],
  ])('for an imported %s of another account, with the statement to add there', (_, grantee) => {
    bus.grantPutEventsTo(grantee());
    expect(busStatements()).toMatchObject([
      { Principal: { AWS: root(A) }, Condition: { StringEquals: { 'aws:PrincipalArn': THEIRS } } },
    ]);
    expect(identityStatements(stack)).toEqual([]);
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test('for an imported user of another account, and gives nothing to one of that name in its own', () => {
    bus.grantPutEventsTo(User.fromUserArn(stack, 'Imported', `arn:aws:iam::${A}:user/u`));
    expect(busStatements()).toMatchObject([{ Principal: { AWS: `arn:aws:iam::${A}:user/u` } }]);
    expect(identityStatements(stack)).toEqual([]);
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test('for a role of the account that must not be changed', () => {
    bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Imported', OURS, { mutable: false }));
    expect([...identityStatements(stack), ...busStatements()]).toEqual([]);
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test('for a role of another account that must not be changed', () => {
    bus.grantPutEventsTo(roleIn(testStack('Publisher', SHOP, app), 'publisher').withoutPolicyUpdates());
    expect(busStatements()).toHaveLength(1);
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test('as the CDK does for an imported function of the account', () => {
    const handler = Function.fromFunctionArn(stack, 'F', `arn:aws:lambda:eu-west-1:${HUB.account}:function:f`);
    expect(bus.grantPutEventsTo(handler).success).toBe(true);
    expect(busStatements()).toEqual([]);
    expect(messagesOf(stack)).toEqual([
      expect.stringMatching(/^warning \/Hub\/F Add statement to this resource's role/),
    ]);
  });
});

describe('grantPutEventsTo in stacks that know their account only at deployment', () => {
  const agnostic = (id: string, of = testApp()) => new Stack(of, id);

  test('takes two such stacks for one account', () => {
    stack = agnostic('Hub');
    new CrossAccountEventBus(stack, 'Bus').grantPutEventsTo(roleIn(agnostic('Other', stack.node.root as App)));
    expect(busStatements()).toEqual([]);
  });

  test.each<[string, () => string, string[]]>([
    ['known', () => THEIRS, []],
    ['also known only then', () => new CfnParameter(stack, 'Arn').valueAsString, []],
    [
      'also known only then, but one',
      () => new CfnParameter(stack, 'Arn', { allowedPattern: 'arn:aws:iam::\\d{12}:role/[a-z-]+' }).valueAsString,
      [],
    ],
  ])(
    'lets in an imported role by the half of the bus, and warns of the other, when its account is %s',
    (_, arn, more) => {
      stack = agnostic('Hub');
      new CrossAccountEventBus(stack, 'Bus').grantPutEventsTo(Role.fromRoleArn(stack, 'Imported', arn()));
      // A policy for the name of that role could end up on another role of that name, in the account of the bus.
      expect([busStatements(), identityStatements(stack)].map(({ length }) => length)).toEqual([1, 0]);
      expectFindings(messagesOf(stack), ['warning manuallyAddRolePolicy /Hub/Bus', ...more]);
    },
  );

  test(
    'fails when only the bus or only the role is in such a stack: the text of one would mean ' +
      'another place in the other',
    () => {
      const unknown = agnostic('Agnostic', app);
      const ofBus = errorOf(() => new CrossAccountEventBus(unknown, 'Bus').grantPutEventsTo(roleIn(stack)));
      expect(ofBus).toMatch(/^Hub\/Role: 'eventBus' must .*'Agnostic\/Bus'/);
      expectMessage(ofBus);
      const ofRole = errorOf(() => bus.grantPutEventsTo(roleIn(unknown, 'r')));
      expect(ofRole).toMatch(/^Hub\/Bus: 'role' must .*'Agnostic\/Role'/);
      expectMessage(ofRole);
    },
  );
});

describeWithOracle('whom grants let in', () => {
  test('is each grantee, and nobody like it', () => {
    const publisher = testStack('Publisher', SHOP, app);
    bus.grantPutEventsTo(roleIn(publisher, PhysicalName.GENERATE_IF_NEEDED));
    bus.grantPutEventsTo(onCondition(roleIn(publisher, 'encrypted', 'Encrypted')));
    bus.grantPutEventsTo(new ArnPrincipal(`arn:aws:iam::${B}:role/ingest`));
    bus.grantPutEventsTo(testFunction(stack, 'Function'));
    roleIn(publisher, undefined, 'Other');
    roleIn(stack, undefined, 'Own');

    const put = (as: object, expect: string) => ({ putEvents: { as, bus: 'Hub/Bus' }, expect });
    const encrypted = (value: string) => ({ account: A, role: 'encrypted', context: { 'aws:SecureTransport': value } });
    const ingest = (account: string, role = 'ingest') => ({
      principalArn: `arn:aws:iam::${account}:role/${role}`,
      policies: 'allowAll',
    });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ account: A, role: 'Publisher/Role' }, 'allow'),
        put({ account: A, role: 'Publisher/Other' }, 'deny'),
        put(encrypted('true'), 'allow'),
        put(encrypted('false'), 'deny'),
        put(ingest(B), 'allow'),
        put(ingest(B, 'ingest2'), 'deny'),
        put(ingest('444444444444'), 'deny'),
        put({ account: B }, 'deny'),
        put({ account: HUB.account, role: 'Hub/Function/ServiceRole' }, 'allow'),
        put({ account: HUB.account, role: 'Hub/Own' }, 'deny'),
      ],
    });
  });
});
