import { App, Aspects, Duration, Fn, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, IRuleTarget, Rule, Schedule } from 'aws-cdk-lib/aws-events';
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
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  WildcardPrincipalAspect,
  WildcardPrincipalAspectProps,
} from '../../../src';
import { BILLING, HUB, SHOP, messagesOf, messagesOfApp, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';

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

const messages = (props?: WildcardPrincipalAspectProps) => {
  Aspects.of(app).add(new WildcardPrincipalAspect(props));
  return messagesOfApp(app);
};
describe('an identity can put events on every bus', () => {
  const role = () => new Role(hub, 'Role', { roleName: 'publisher', assumedBy: new AccountPrincipal(HUB.account) });
  const addStatement = (props: PolicyStatementProps) =>
    role().addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], ...props }));

  test.each<[string, PolicyStatementProps]>([
    ['by a wildcard', { resources: ['*'] }],
    ['in every account and region', { resources: ['arn:aws:events:*:*:event-bus/*'] }],
    ['in an account', { resources: ['arn:aws:events:eu-west-1:222222222222:event-bus/*'] }],
    ['among all resources of EventBridge', { resources: ['arn:aws:events:*'] }],
    ['in addition to a single bus', { resources: [BUS_ARN, 'arn:*:events:*:*:event-bus*'] }],
    ['by NotResource', { notResources: [BUS_ARN] }],
    ['by a wildcard in the action', { actions: ['events:*'], resources: ['*'] }],
    ['by a prefix of the action', { actions: ['events:Put*'], resources: ['*'] }],
    [
      'with a condition on the events',
      { resources: ['*'], conditions: { StringEquals: { 'events:source': 'com.shop' } } },
    ],
    [
      'with a condition that matches any account',
      { resources: ['*'], conditions: { StringLike: { 'aws:ResourceAccount': '*' } } },
    ],
  ])('%s', (_, props) => {
    addStatement(props);
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Role/DefaultPolicy/Resource']);
  });

  test('by grantAllPutEvents() of the CDK', () => {
    EventBus.grantAllPutEvents(role());
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Role/DefaultPolicy/Resource']);
  });

  test.each(['AmazonEventBridgeFullAccess', 'CloudWatchEventsFullAccess'])('by the AWS managed policy %s', (name) => {
    role().addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(name));
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Role/Resource']);
  });

  test('by a policy of a group', () => {
    new Group(hub, 'Group').addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: ['*'] }));
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Group/DefaultPolicy/Resource']);
  });

  test('by a policy that several identities have, reported once', () => {
    const policy = new ManagedPolicy(hub, 'Policy', {
      statements: [new PolicyStatement({ sid: 'Put', actions: ['events:PutEvents'], resources: ['*'] })],
    });
    role().addManagedPolicy(policy);
    new User(hub, 'User').addManagedPolicy(policy);
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Policy/Resource']);
  });

  test('by an inline policy', () => {
    role();
    const document = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' } });
    (hub.node.findChild('Role').node.defaultChild as CfnRole).addPropertyOverride('Policies', [
      { PolicyName: 'P', PolicyDocument: document },
    ]);
    expectFindings(messages(), ['warning wildcardPutEventsResource /Hub/Role/Resource']);
  });

  test.each<[string, PolicyStatementProps]>([
    ['on a single bus', { resources: [BUS_ARN] }],
    ['on buses with a name prefix', { resources: ['arn:aws:events:*:111111111111:event-bus/orders-*'] }],
    ['as an administrator', { actions: ['*'], resources: ['*'] }],
    ['by a deny statement', { resources: ['*'], effect: Effect.DENY }],
    ['by other actions', { actions: ['events:DescribeRule', 'events:List*'], resources: ['*'] }],
    [
      'on the buses of an organization',
      { resources: ['*'], conditions: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } } },
    ],
    ['on buses with a tag', { resources: ['*'], conditions: { StringEquals: { 'aws:ResourceTag/team': 'orders' } } }],
  ])('is not reported: %s', (_, props) => {
    addStatement(props);
    expect(messages()).toEqual([]);
  });

  test('is not reported: by a permissions boundary', () => {
    const boundary = new ManagedPolicy(hub, 'Boundary', {
      statements: [new PolicyStatement({ actions: ['events:*'], resources: ['*'] })],
    });
    new Role(hub, 'Role', { assumedBy: new AccountPrincipal(HUB.account), permissionsBoundary: boundary });
    expect(messages()).toEqual([]);
  });
});

describe('the trust policy of the role of a rule does not restrict the rules', () => {
  const role = (assumedBy: ServicePrincipal | AnyPrincipal | CompositePrincipal) =>
    new Role(hub, 'Role', { assumedBy });
  const REQUIRE_SOURCE = { requireSourceForRuleRoles: true };
  /** A role with a statement in its trust policy, in addition to one for EventBridge. */
  const roleWithStatement = (statement: object) => {
    const created = role(new ServicePrincipal(EVENTS));
    const Statement = [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: EVENTS } },
      { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement },
    ];
    (created.node.defaultChild as CfnRole).assumeRolePolicyDocument = { Version: '2012-10-17', Statement };
    return created;
  };
  const addScheduledRule = (id: string, target: IRuleTarget) =>
    new Rule(hub, id, { schedule: Schedule.rate(Duration.days(1)), targets: [target] });
  const addRule = (roleArn: string) =>
    new CfnRule(hub, 'Rule', {
      name: 'orders',
      eventPattern: { source: ['x'] },
      targets: [{ id: 'T', arn: BUS_ARN, roleArn }],
    });

  /** EventBridge can assume the role, but no other account can pass it to its rules. */
  const WITHOUT_SOURCE: [string, () => Role][] = [
    ['without a condition', () => role(new ServicePrincipal(EVENTS))],
    [
      'with a condition that matches without a source',
      () =>
        role(
          new ServicePrincipal(EVENTS, { conditions: { StringEqualsIfExists: { 'aws:SourceAccount': HUB.account } } }),
        ),
    ],
    [
      'with any source',
      () =>
        role(
          new ServicePrincipal(EVENTS, { conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } } }),
        ),
    ],
    [
      'in addition to another service',
      () => role(new CompositePrincipal(new ServicePrincipal('lambda.amazonaws.com'), new ServicePrincipal(EVENTS))),
    ],
    ['for a service that is known only at deployment', () => role(new ServicePrincipal(Fn.importValue('Service')))],
  ];

  test.each(WITHOUT_SOURCE)('%s, if a source is required', (_, make) => {
    addRule(make().roleArn);
    expectFindings(messages(REQUIRE_SOURCE), ['warning ruleRoleTrustTooBroad /Hub/Role/Resource']);
  });

  test.each(WITHOUT_SOURCE)('is not reported by default: %s', (_, make) => {
    addRule(make().roleArn);
    expect(messages()).toEqual([]);
  });

  test.each<[string, () => Role]>([
    ['for any principal', () => role(new AnyPrincipal())],
    ['for any principal, in addition to EventBridge', () => roleWithStatement({ Principal: '*' })],
    [
      'for any principal, in a list with EventBridge',
      () => roleWithStatement({ Principal: { AWS: '*', Service: EVENTS } }),
    ],
    [
      'for any account of a region of the world',
      () => roleWithStatement({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } }),
    ],
  ])('%s', (_, make) => {
    addRule(make().roleArn);
    expectFindings(messages(), ['warning ruleRoleTrustTooBroad /Hub/Role/Resource']);
  });

  test('is not reported: for an account in addition to EventBridge', () => {
    addRule(role(new CompositePrincipal(new ServicePrincipal(EVENTS), new AccountPrincipal(HUB.account))).roleArn);
    expect(messages()).toEqual([]);
  });

  test('is not reported: for tagging sessions', () => {
    const made = role(
      new ServicePrincipal(EVENTS, { conditions: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    );
    made.assumeRolePolicy!.addStatements(
      new PolicyStatement({ principals: [new ServicePrincipal(EVENTS)], actions: ['sts:TagSession'] }),
    );
    addRule(made.roleArn);
    expect(messages(REQUIRE_SOURCE)).toEqual([]);
  });

  test('of a role that no rule uses, if a source is required', () => {
    role(new ServicePrincipal(EVENTS));
    expectFindings(messages(REQUIRE_SOURCE), ['warning ruleRoleTrustTooBroad /Hub/Role/Resource']);
  });

  test.each<[string, WildcardPrincipalAspectProps, string[]]>([
    [
      'of roles that the CDK creates, if a source is required',
      REQUIRE_SOURCE,
      ['Bus/EventsRole', 'Machine/EventsRole', 'Stream/EventsRole'],
    ],
    ['is not reported by default: of roles that the CDK creates', {}, []],
  ])('%s', (_, props, roles) => {
    const bus = EventBus.fromEventBusArn(hub, 'Imported', BUS_ARN);
    const definitionBody = DefinitionBody.fromChainable(new Pass(hub, 'Pass'));
    addScheduledRule('Bus', new targets.EventBus(bus));
    addScheduledRule('ToMachine', new targets.SfnStateMachine(new StateMachine(hub, 'Machine', { definitionBody })));
    addScheduledRule('ToStream', new targets.KinesisStream(new Stream(hub, 'Stream')));
    expectFindings(
      messages(props),
      roles.map((path) => `warning ruleRoleTrustTooBroad /Hub/${path}/Resource`),
    );
  });

  test('cannot be determined', () => {
    const made = role(new ServicePrincipal(EVENTS));
    (made.node.defaultChild as CfnRole).addPropertyOverride('AssumeRolePolicyDocument', 'no document');
    addRule(made.roleArn);
    expectFindings(messages(), ['warning ruleRoleTrustTooBroad /Hub/Role/Resource']);
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
  ])('is not reported: %s', (_, principal) => {
    addRule(role(principal).roleArn);
    expect(messages(REQUIRE_SOURCE)).toEqual([]);
  });

  test.each(['scheduler.amazonaws.com', 'pipes.amazonaws.com', 'lambda.amazonaws.com'])(
    'is not reported: for %s',
    (service) => {
      role(new ServicePrincipal(service));
      expect(messages(REQUIRE_SOURCE)).toEqual([]);
    },
  );
});

test('the constructs of this library have no findings, also if a source is required', () => {
  const publisher = testStack('Publisher', SHOP, app);
  const consumer = testStack('Consumer', BILLING, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', {
    eventBusName: 'orders',
    publishers: [EventPublisher.accounts(SHOP.account)],
  });
  const consumerBus = new CrossAccountEventBus(consumer, 'Bus', { eventBusName: 'theirs' });
  new PublisherRole(publisher, 'Role', { assumedBy: new AccountPrincipal(SHOP.account), eventBuses: [bus] });
  new Rule(hub, 'Forward', {
    eventBus: bus,
    eventPattern: { source: ['x'] },
    targets: [new CrossAccountEventBusTarget(consumerBus)],
  });
  new Rule(hub, 'Invoke', {
    eventBus: bus,
    eventPattern: { source: ['x'] },
    targets: [new LambdaEventTarget(testFunction(consumer, 'Handler', { functionName: 'h' }))],
  });
  bus.allowRuleManagement(EventPublisher.accounts(BILLING.account));
  const other = testStack('Other', BILLING, testApp());
  const central = EventBus.fromEventBusArn(other, 'Bus', BUS_ARN);
  const own = new CrossAccountEventBus(other, 'Own', { eventBusName: 'own' });
  new CrossAccountRule(other, 'Rule', {
    eventBus: central,
    ruleName: 'r',
    eventPattern: { source: ['x'] },
    targets: [new CrossAccountEventBusTarget(own)],
  });
  Aspects.of(other).add(new WildcardPrincipalAspect({ requireSourceForRuleRoles: true }));
  expectFindings(messagesOf(other), ['warning manuallyAllowRuleManagement /Other/Rule']);
  expect(messages({ requireSourceForRuleRoles: true })).toEqual([]);
});
