import { App, Aspects, Duration, Fn, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import {
  AccountPrincipal,
  AnyPrincipal,
  CfnRole,
  CompositePrincipal,
  Effect,
  Group,
  ManagedPolicy,
  PolicyStatement,
  PolicyStatementProps,
  Role,
  ServicePrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  WildcardPrincipalAspect,
} from '../../../src';
import { CONSUMER, HUB, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../../support/apps';

const LENIENT = { '@aws-cdk/core:validateAgainstDefaultRules': false };
const EVENTS = 'events.amazonaws.com';
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT });
  hub = testStack('Hub', HUB, app);
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const messages = () => {
  Aspects.of(app).add(new WildcardPrincipalAspect());
  return app.node
    .findAll()
    .filter((c): c is Stack => Stack.isStack(c))
    .flatMap(messagesOf);
};
const found = (id: string, path: string, text = '') => [
  expect.stringMatching(new RegExp(`^warning ${path} .*${text}.*:${id}\\]$`)),
];

describe('a publisher may put events on every bus', () => {
  const role = () => new Role(hub, 'Role', { roleName: 'publisher', assumedBy: new AccountPrincipal(HUB.account) });
  const given = (props: PolicyStatementProps) =>
    role().addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], ...props }));

  test.each<[string, PolicyStatementProps]>([
    ['by a wildcard', { resources: ['*'] }],
    ['of every account and region', { resources: ['arn:aws:events:*:*:event-bus/*'] }],
    ['of an account', { resources: ['arn:aws:events:eu-west-1:222222222222:event-bus/*'] }],
    ['by whatever EventBridge has', { resources: ['arn:aws:events:*'] }],
    ['beside one that is named', { resources: [BUS_ARN, 'arn:*:events:*:*:event-bus*'] }],
    ['but those of NotResource', { notResources: [BUS_ARN] }],
    ['by a wildcard in the action', { actions: ['events:*'], resources: ['*'] }],
    ['by part of the action', { actions: ['events:Put*'], resources: ['*'] }],
    [
      'with a condition on the events',
      { resources: ['*'], conditions: { StringEquals: { 'events:source': 'com.shop' } } },
    ],
    [
      'with a condition that names none',
      { resources: ['*'], conditions: { StringLike: { 'aws:ResourceAccount': '*' } } },
    ],
  ])('%s', (_, props) => {
    given(props);
    expect(messages()).toEqual(
      found(
        'wildcardPutEventsResource',
        '/Hub/Role/DefaultPolicy/Resource',
        "statement '#1' lets 'publisher' put events on every bus",
      ),
    );
  });

  test('by the grant of the CDK for all', () => {
    EventBus.grantAllPutEvents(role());
    expect(messages()).toEqual(found('wildcardPutEventsResource', '/Hub/Role/DefaultPolicy/Resource'));
  });

  test.each(['AmazonEventBridgeFullAccess', 'CloudWatchEventsFullAccess'])(
    'by the managed policy %s of AWS',
    (name) => {
      role().addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(name));
      expect(messages()).toEqual(
        found(
          'wildcardPutEventsResource',
          '/Hub/Role/Resource',
          `managed policy '${name}' lets 'publisher' put events on every bus`,
        ),
      );
    },
  );

  test('by a policy of a group', () => {
    new Group(hub, 'Group').addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: ['*'] }));
    expect(messages()).toEqual(found('wildcardPutEventsResource', '/Hub/Group/DefaultPolicy/Resource'));
  });

  test('by a policy that several have, once', () => {
    const policy = new ManagedPolicy(hub, 'Policy', {
      statements: [new PolicyStatement({ sid: 'Put', actions: ['events:PutEvents'], resources: ['*'] })],
    });
    role().addManagedPolicy(policy);
    new User(hub, 'User').addManagedPolicy(policy);
    expect(messages()).toEqual(found('wildcardPutEventsResource', '/Hub/Policy/Resource', "statement 'Put'"));
  });

  test('by a policy within the role', () => {
    role();
    const document = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' } });
    (hub.node.findChild('Role').node.defaultChild as CfnRole).addPropertyOverride('Policies', [
      { PolicyName: 'P', PolicyDocument: document },
    ]);
    expect(messages()).toEqual(found('wildcardPutEventsResource', '/Hub/Role/Resource'));
  });

  test.each<[string, PolicyStatementProps]>([
    ['on a bus that is named', { resources: [BUS_ARN] }],
    ['on buses of a name', { resources: ['arn:aws:events:*:111111111111:event-bus/orders-*'] }],
    ['as an administrator', { actions: ['*'], resources: ['*'] }],
    ['where it is denied', { resources: ['*'], effect: Effect.DENY }],
    ['by other calls', { actions: ['events:DescribeRule', 'events:List*'], resources: ['*'] }],
    [
      'of the buses of an organization',
      { resources: ['*'], conditions: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } } },
    ],
    ['of a tag', { resources: ['*'], conditions: { StringEquals: { 'aws:ResourceTag/team': 'orders' } } }],
  ])('but not %s', (_, props) => {
    given(props);
    expect(messages()).toEqual([]);
  });

  test('but not by a policy that bounds it only', () => {
    const boundary = new ManagedPolicy(hub, 'Boundary', {
      statements: [new PolicyStatement({ actions: ['events:*'], resources: ['*'] })],
    });
    new Role(hub, 'Role', { assumedBy: new AccountPrincipal(HUB.account), permissionsBoundary: boundary });
    expect(messages()).toEqual([]);
  });
});

describe('the role of a rule can be used for rules of others', () => {
  const role = (assumedBy: ServicePrincipal | AnyPrincipal | CompositePrincipal) =>
    new Role(hub, 'Role', { assumedBy });
  const used = (roleArn: string) =>
    new CfnRule(hub, 'Rule', {
      name: 'orders',
      eventPattern: { source: ['x'] },
      targets: [{ id: 'T', arn: BUS_ARN, roleArn }],
    });

  test.each<[string, () => Role]>([
    ['without a condition', () => role(new ServicePrincipal(EVENTS))],
    [
      'with a condition that holds without a source',
      () =>
        role(
          new ServicePrincipal(EVENTS, { conditions: { StringEqualsIfExists: { 'aws:SourceAccount': HUB.account } } }),
        ),
    ],
    [
      'with a source that is anything',
      () =>
        role(
          new ServicePrincipal(EVENTS, { conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } } }),
        ),
    ],
    [
      'beside another service',
      () => role(new CompositePrincipal(new ServicePrincipal('lambda.amazonaws.com'), new ServicePrincipal(EVENTS))),
    ],
    ['where everybody may assume it', () => role(new AnyPrincipal())],
    ['where a service of deployment may', () => role(new ServicePrincipal(Fn.importValue('Service')))],
  ])('%s', (_, make) => {
    used(make().roleArn);
    expect(messages()).toEqual(
      found(
        'ruleRoleTrustTooBroad',
        '/Hub/Role/Resource',
        "the role of rule 'orders' can be used for others .*add conditions on 'aws:SourceArn'",
      ),
    );
  });

  test('but not where everybody may do what does not use it', () => {
    const made = role(
      new ServicePrincipal(EVENTS, { conditions: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    );
    made.assumeRolePolicy!.addStatements(
      new PolicyStatement({ principals: [new ServicePrincipal(EVENTS)], actions: ['sts:TagSession'] }),
    );
    used(made.roleArn);
    expect(messages()).toEqual([]);
  });

  test('where no rule of the app uses it yet', () => {
    role(new ServicePrincipal(EVENTS));
    expect(messages()).toEqual(
      found('ruleRoleTrustTooBroad', '/Hub/Role/Resource', 'the role, which is for rules, can be used'),
    );
  });

  test('where the CDK makes it', () => {
    const bus = EventBus.fromEventBusArn(hub, 'Bus', BUS_ARN);
    new Rule(hub, 'Rule', { schedule: Schedule.rate(Duration.days(1)), targets: [new targets.EventBus(bus)] });
    expect(messages()).toEqual(
      found(
        'ruleRoleTrustTooBroad',
        '/Hub/Rule/EventsRole/Resource|/Hub/.*Role.*/Resource',
        'CrossAccountEventBusTarget',
      ),
    );
  });

  test('or it cannot be told', () => {
    const made = role(new ServicePrincipal(EVENTS));
    (made.node.defaultChild as CfnRole).addPropertyOverride('AssumeRolePolicyDocument', 'no document');
    used(made.roleArn);
    expect(messages()).toEqual(
      found('ruleRoleTrustTooBroad', '/Hub/Role/Resource', 'it cannot be told at synth for whom'),
    );
  });

  test.each<[string, ServicePrincipal | CompositePrincipal]>([
    [
      'with a source account',
      new ServicePrincipal(EVENTS, { conditions: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    ],
    [
      'with a source organization',
      new ServicePrincipal(EVENTS, { conditions: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }),
    ],
    [
      'with a source',
      new ServicePrincipal(EVENTS, {
        conditions: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders' } },
      }),
    ],
    [
      'with other services that need none',
      new CompositePrincipal(
        new ServicePrincipal('lambda.amazonaws.com'),
        new ServicePrincipal(EVENTS, { conditions: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
      ),
    ],
  ])('but not %s', (_, principal) => {
    used(role(principal).roleArn);
    expect(messages()).toEqual([]);
  });

  test.each(['scheduler.amazonaws.com', 'pipes.amazonaws.com', 'lambda.amazonaws.com'])(
    'and roles of %s are others to check',
    (service) => {
      role(new ServicePrincipal(service));
      expect(messages()).toEqual([]);
    },
  );
});

test('our constructs are narrow', () => {
  const publisher = testStack('Publisher', PUBLISHER, app);
  const consumer = testStack('Consumer', CONSUMER, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', {
    eventBusName: 'orders',
    publishers: [EventPublisher.accounts(PUBLISHER.account)],
  });
  const theirs = new CrossAccountEventBus(consumer, 'Bus', { eventBusName: 'theirs' });
  new PublisherRole(publisher, 'Role', { assumedBy: new AccountPrincipal(PUBLISHER.account), eventBuses: [bus] });
  new Rule(hub, 'Forward', {
    eventBus: bus,
    eventPattern: { source: ['x'] },
    targets: [new CrossAccountEventBusTarget(theirs)],
  });
  new Rule(hub, 'Invoke', {
    eventBus: bus,
    eventPattern: { source: ['x'] },
    targets: [new LambdaEventTarget(testFunction(consumer, 'Handler', { functionName: 'h' }))],
  });
  bus.allowRuleManagement(EventPublisher.accounts(CONSUMER.account));
  const other = testStack('Other', CONSUMER, testApp());
  const central = EventBus.fromEventBusArn(other, 'Bus', BUS_ARN);
  const own = new CrossAccountEventBus(other, 'Own', { eventBusName: 'own' });
  new CrossAccountRule(other, 'Rule', {
    eventBus: central,
    ruleName: 'r',
    eventPattern: { source: ['x'] },
    targets: [new CrossAccountEventBusTarget(own)],
  });
  Aspects.of(other).add(new WildcardPrincipalAspect());
  expect(messagesOf(other)).toEqual([expect.stringMatching(/:manuallyAllowRuleManagement\]$/)]);
  expect(messages()).toEqual([]);
});
