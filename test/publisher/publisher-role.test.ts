import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  IPrincipal,
  PolicyStatement,
  ServicePrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  PublisherRoleProps,
} from '../../src';
import { BILLING, HUB, SHOP, messagesOf, testFunction, testStack, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const SCOPE = { sources: ['com.shop'], detailTypes: ['Order', 'Refund'] };

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

/** Made only where it is used: a template without resources is an error. */
const publisher = () => stackIn(app, 'Publisher', SHOP);
const publisherOf = (scope: Stack, props: Partial<PublisherRoleProps> = {}, id = 'Role') =>
  new PublisherRole(scope, id, { assumedBy: LAMBDA, eventBuses: [bus], ...props });
const policyOf = (stack: Stack) => propertiesOf(stack, 'AWS::IAM::Policy')[0].PolicyDocument.Statement;
const busStatements = (stack = hub) =>
  propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
const busArn = (name: string) => partitioned(`:events:${HUB.region}:${HUB.account}:event-bus/${name}`);

describe('the identity policy of a publisher', () => {
  test('is for exactly the bus of its stack, and the bus needs nothing', () => {
    publisherOf(hub);
    expect(policyOf(hub)).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
      },
    ]);
    expect(busStatements()).toEqual([]);
    expect(propertiesOf(hub, 'AWS::IAM::Role')[0].RoleName).toBe('Hub-Role-eu-west-1-7d73b7c5');
  });

  test('and the grant on the bus are for direct calls only, where its scope says so', () => {
    publisherOf(publisher(), { allowedEvents: { sources: ['com.shop'], invocation: EventBusInvocation.DIRECT } });
    const direct = { Bool: { 'events:eventBusInvocation': 'false' } };
    expect([policyOf(publisher())[0], busStatements()[0]]).toMatchObject([
      { Condition: direct },
      { Condition: direct },
    ]);
  });

  test.each<[string, () => Stack]>([
    ['another stack of the account', () => testStack('Other', HUB, app)],
    ['a nested stack', () => new NestedStack(hub, 'Nested')],
    ['another stage', () => new Stack(new Stage(app, 'Stage'), 'Other', { env: HUB })],
    ['another account', publisher],
    ['another account in another stage', () => new Stack(new Stage(app, 'Stage'), 'Other', { env: SHOP })],
    ['another account and region', () => testStack('Other', { ...SHOP, region: 'us-east-1' }, app)],
  ])('in %s is for the bus by its ARN, spelled out, and neither stack waits for the other', (_, make) => {
    const stack = make();
    publisherOf(stack);
    expect(policyOf(stack)).toEqual([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn('orders') }]);
    expect([...dependenciesOf(stack), ...dependenciesOf(hub)]).toEqual([]);
    expect(busStatements()).toHaveLength(stack.account === HUB.account ? 0 : 1);
    expect(messagesOf(stack.nestedStackParent ?? stack)).toEqual([]);
  });

  test('is for several buses in one statement, each once, as each bus has one', () => {
    const role = publisherOf(publisher(), { eventBuses: [bus, bus] });
    role.addEventBus(new CrossAccountEventBus(hub, 'Second', { eventBusName: 'second' }));
    role.addEventBus(bus);

    expect(policyOf(publisher())).toMatchObject([{ Resource: [busArn('orders'), busArn('second')] }]);
    expect(busStatements()).toHaveLength(2);
  });

  test('is limited by the scope, as is the half of the bus', () => {
    publisherOf(publisher(), { allowedEvents: SCOPE });
    const condition = {
      'ForAllValues:StringEquals': { 'events:source': 'com.shop', 'events:detail-type': ['Order', 'Refund'] },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    };
    expect(policyOf(publisher())[0].Condition).toEqual(condition);
    expect(busStatements()[0].Condition).toMatchObject(condition);
  });

  test.each<[string, () => IEventBusRef, unknown]>([
    ['by the CDK', () => new EventBus(hub, 'Plain'), { 'Fn::GetAtt': [expect.stringMatching(/^Plain/), 'Arn'] }],
    ['by hand', () => new CfnEventBus(hub, 'ByHand', { name: 'by-hand' }), { 'Fn::GetAtt': ['ByHand', 'Arn'] }],
    [
      'by hand in another stack',
      () => new CfnEventBus(testStack('Other', HUB, app), 'ByHand', { name: 'by-hand' }),
      busArn('by-hand'),
    ],
    [
      'by the CDK in another stack, without a name',
      () => new EventBus(testStack('Other', HUB, app), 'Plain'),
      { 'Fn::ImportValue': expect.any(String) },
    ],
  ])('is for a bus of the account that is made %s', (_, eventBus, arn) => {
    publisherOf(hub, { eventBuses: [eventBus()] });
    expect(policyOf(hub)).toMatchObject([{ Resource: arn }]);
  });

  test('leaves other grants to the role alone', () => {
    publisherOf(publisher(), { allowedEvents: SCOPE }).addToPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }),
    );
    expect(policyOf(publisher())).toHaveLength(2);
    expect(policyOf(publisher())[1]).toEqual({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
  });
});

describe('the bus lets the publisher in', () => {
  test.each<[string, Partial<PublisherRoleProps>, unknown]>([
    ['by its name', { roleName: 'shop' }, `:iam::${SHOP.account}:role/shop`],
    ['by its path and name', { roleName: 'shop', path: '/team/' }, `:iam::${SHOP.account}:role/team/shop`],
    [
      'by the name that is made',
      {},
      expect.stringMatching(`^:iam::${SHOP.account}:role/Publisher-Role-eu-west-1-[0-9a-f]{8}$`),
    ],
  ])('%s in a condition, so that the role need not exist', (_, props, arn) => {
    publisherOf(publisher(), props);
    expect(busStatements()).toMatchObject([
      {
        Principal: { AWS: partitioned(`:iam::${SHOP.account}:root`) },
        Condition: { StringEquals: { 'aws:PrincipalArn': partitioned(arn) } },
      },
    ]);
    const [{ RoleName }] = propertiesOf(publisher(), 'AWS::IAM::Role');
    expect(JSON.stringify(busStatements())).toContain(`/${RoleName}"`);
  });

  test('by a name also where the CDK makes none, because only deployment tells the region', () => {
    const stack = new Stack(app, 'Regional', { env: { account: SHOP.account } });
    publisherOf(stack);
    const [{ RoleName }] = propertiesOf(stack, 'AWS::IAM::Role');
    expect(RoleName).toMatch(/^Regional-Role-[0-9a-f]{8}$/);
    expect(busStatements()).toMatchObject([
      {
        Condition: { StringEquals: { 'aws:PrincipalArn': partitioned(`:iam::${SHOP.account}:role/${RoleName}`) } },
      },
    ]);
  });

  test('not once more, where its account is in already', () => {
    publisherOf(publisher());
    bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    expect(busStatements()).toEqual([expect.not.objectContaining({ Condition: expect.anything() })]);
  });

  test('in one statement with others of the same scope', () => {
    for (const id of ['One', 'Two']) publisherOf(publisher(), {}, id);
    publisherOf(testStack('Consumer', BILLING, app), { allowedEvents: SCOPE });
    expect(
      busStatements()
        .map(({ Condition }) => [Condition.StringEquals['aws:PrincipalArn']].flat().length)
        .sort(),
    ).toEqual([1, 2]);
  });

  test.each([
    ['the same account', HUB],
    ['another account', SHOP],
  ])('without a circle of stacks, though its bus invokes a function with that role in %s', (_, env) => {
    const other = testStack('Other', env, app);
    const handler = testFunction(other, 'Handler', { role: publisherOf(other), functionName: 'handler' });
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['x'] },
      targets: [new LambdaEventTarget(handler)],
    });

    expect(() => app.synth()).not.toThrow();
    expect(dependenciesOf(other)).toEqual([]);
  });
});

describe('a publisher can be assumed by', () => {
  const service = (name: string) => ({ Action: 'sts:AssumeRole', Principal: { Service: name } });
  const provider = 'arn:aws:iam::222222222222:oidc-provider/idp.example';

  test.each<[string, IPrincipal, object, object]>([
    ['a function', LAMBDA, {}, service('lambda.amazonaws.com')],
    ['an EC2 instance', new ServicePrincipal('ec2.amazonaws.com'), {}, service('ec2.amazonaws.com')],
    ['an ECS task', new ServicePrincipal('ecs-tasks.amazonaws.com'), {}, service('ecs-tasks.amazonaws.com')],
    [
      'another account with an external ID',
      new AccountPrincipal('555555555555'),
      { externalIds: ['secret'] },
      {
        Action: 'sts:AssumeRole',
        Principal: { AWS: partitioned(':iam::555555555555:root') },
        Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
      },
    ],
    [
      'an identity provider',
      new WebIdentityPrincipal(provider, { StringEquals: { 'idp.example:sub': 'me' } }),
      {},
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: provider },
        Condition: { StringEquals: { 'idp.example:sub': 'me' } },
      },
    ],
  ])('%s, and nobody else', (_, assumedBy, more, trust) => {
    publisherOf(publisher(), { assumedBy, ...more });
    expect(propertiesOf(publisher(), 'AWS::IAM::Role')).toMatchObject([
      { AssumeRolePolicyDocument: { Statement: [trust] } },
    ]);
    expect(busStatements()).toMatchObject([{ Principal: { AWS: partitioned(`:iam::${SHOP.account}:root`) } }]);
  });
});

describe('a publisher fails', () => {
  test('for no bus', () => {
    const message = errorOf(() => publisherOf(publisher(), { eventBuses: [] }));
    expect(message).toMatch(/^Publisher\/Role: 'eventBuses' must/);
    expectMessage(message);
  });

  test.each([
    ['account', SHOP],
    ['region', { ...HUB, region: 'us-east-1' }],
  ])('for a bus without a name in another %s', (_, env) => {
    const unnamed = new EventBus(hub, 'Unnamed');
    const message = errorOf(() => publisherOf(testStack('Other', env, app), { eventBuses: [unnamed] }));
    expect(message).toMatch(/^Other\/Role: 'eventBus' must .*'Hub\/Unnamed'/);
    expectMessage(message);
  });
});

describeWithOracle('what a publisher may put', () => {
  const put = (expected: string, to: string, role: string, event: object = {}) => ({
    putEvents: {
      as: { account: role.startsWith('Hub') ? HUB.account : SHOP.account, role },
      bus: { account: HUB.account, name: to },
      ...event,
    },
    expect: expected,
  });

  test('is what both halves say: on its buses, in its scope, by itself', () => {
    publisherOf(publisher(), { allowedEvents: SCOPE }).addEventBus(
      new CrossAccountEventBus(hub, 'Second', { eventBusName: 'second' }),
    );
    new CrossAccountEventBus(hub, 'Third', { eventBusName: 'third' });
    publisherOf(hub);
    const other = testFunction(publisher(), 'Other').role!;
    other.addToPrincipalPolicy(new PolicyStatement({ actions: ['events:*'], resources: ['*'] }));

    const refund = { source: 'com.shop', detailType: 'Refund' };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put('allow', 'orders', 'Publisher/Role', refund),
        put('allow', 'second', 'Publisher/Role', refund),
        put('deny', 'third', 'Publisher/Role', refund),
        put('deny', 'orders', 'Publisher/Role', { source: 'com.shop.x', detailType: 'Refund' }),
        put('deny', 'orders', 'Publisher/Role', { source: 'com.shop', detailType: 'Invoice' }),
        put('deny', 'orders', 'Publisher/Other/ServiceRole', refund),
        put('allow', 'orders', 'Hub/Role'),
        put('deny', 'second', 'Hub/Role'),
        ...['orders', 'second', 'third'].map((name) => ({ strangers: true, bus: { account: HUB.account, name } })),
      ],
    });
  });

  test('is on the bus of its own stage, when an app has the same stacks twice', () => {
    const pairs = ['Beta', 'Prod'].map((id) => {
      const stage = new Stage(app, id);
      const own = new CrossAccountEventBus(new Stack(stage, 'Hub', { env: HUB }), 'Bus');
      publisherOf(new Stack(stage, 'Publisher', { env: SHOP }), { eventBuses: [own] });
      return id;
    });
    const questions = pairs.flatMap((from) =>
      pairs.map((to) => ({
        putEvents: { as: { account: SHOP.account, role: `${from}/Publisher/Role` }, bus: `${to}/Hub/Bus` },
        expect: from === to ? 'allow' : 'deny',
      })),
    );
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...questions,
        ...pairs.map((id) => ({ strangers: true, bus: `${id}/Hub/Bus` })),
      ],
    });
  });

  test('is what a function puts whose role it is, and the event arrives where its own bus invokes it', () => {
    const handler = testFunction(publisher(), 'Handler', { role: publisherOf(publisher()), functionName: 'handler' });
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'] },
      targets: [new LambdaEventTarget(handler)],
    });
    const from = { account: SHOP.account, role: 'Publisher/Role' };
    const path = {
      from,
      to: { bus: 'Hub/Bus' },
      event: { source: 'com.shop' },
      reaches: ['Publisher/Handler'],
      allDelivered: true,
    };
    expectAnswers(app, { questions: [{ noProblems: true }, { path }] });
  });
});
