import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, CfnRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { AppIndex } from '../../../src/app-model/app-index';
import { withPolicyName } from '../../../src/checks/delivery/lib/authorize';
import { eventsOf, authorizePutEvents, isDelivered, rulesFor } from '../../../src/checks/delivery/lib/put-events';
import { CONSUMER, HUB, PUBLISHER, testApp, testFunction, testStack } from '../../support/apps';

const EVENT = { source: 'com.shop', 'detail-type': 'OrderPlaced' };

let app: App;
let hub: Stack;
let publisher: Stack;
let consumer: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  publisher = testStack('Publisher', PUBLISHER, app);
  consumer = testStack('Consumer', CONSUMER, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

/** The role of the app and whether it may put the event on the bus. */
function put(event: object = EVENT) {
  const world = AppIndex.of(app);
  const { arn } = world.model.eventBuses[0];
  return withPolicyName(authorizePutEvents(world, world.model.roles[0], arn, event), arn);
}

/** Whether the first target of the only rule gets the event. */
function reached() {
  const world = AppIndex.of(app);
  return isDelivered(world, world.model.rules[0], world.model.rules[0].targets[0], EVENT);
}

const publisherRole = (eventBuses = [bus]) =>
  new PublisherRole(publisher, 'Role', {
    assumedBy: new AccountPrincipal(PUBLISHER.account),
    eventBuses,
    allowedEvents: { sources: ['com.shop'] },
  });
const bareRole = (stack: Stack) =>
  new Role(stack, 'Role', { roleName: 'bare', assumedBy: new AccountPrincipal(PUBLISHER.account) });
const identity = (role: Role) =>
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));

describe('a rule that another account has on a bus', () => {
  test('is of the account of the bus, and its role trusts it', () => {
    const own = new CrossAccountEventBus(consumer, 'Own', { eventBusName: 'own' });
    new CrossAccountRule(consumer, 'Rule', {
      eventBus: bus,
      ruleName: 'theirs',
      eventPattern: { source: ['com.shop'] },
      targets: [new CrossAccountEventBusTarget(own)],
    });
    const [rule] = AppIndex.of(app).model.rules;
    expect([rule.arn, rule.eventBusArn]).toEqual(
      ['rule/orders/theirs', 'event-bus/orders'].map((rest) => `arn:aws:events:eu-west-1:${HUB.account}:${rest}`),
    );
    expect(reached()).toMatchObject({ decision: 'allowed' });
  });

  test.each([
    [HUB.account, 'allowed'],
    [CONSUMER.account, 'denied'],
  ])('acts for the account of the bus: trust in %s is %s', (trusted, decision) => {
    const own = new CrossAccountEventBus(consumer, 'Own', { eventBusName: 'own' });
    const trust = new ServicePrincipal('events.amazonaws.com').withConditions({
      StringEquals: { 'aws:SourceAccount': trusted },
    });
    const role = new Role(consumer, 'Sender', { roleName: 'sender', assumedBy: trust });
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [own.eventBusArn] }));
    const targets = [{ id: 'T', arn: own.eventBusArn, roleArn: role.roleArn }];
    new CfnRule(consumer, 'Rule', {
      eventBusName: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
      eventPattern: { source: ['com.shop'] },
      targets,
    });
    expect(reached().decision).toBe(decision);
  });
});

describe('a role may put an event', () => {
  test('on a bus of another account with both halves', () => {
    publisherRole();
    expect(put()).toMatchObject({ decision: 'allowed' });
  });

  test('on a bus of its own account with its own policies alone', () => {
    identity(bareRole(hub));
    expect(put()).toMatchObject({ decision: 'allowed' });
  });

  test('on a bus of its own account whose policy names it', () => {
    bareRole(hub);
    new CfnEventBusPolicy(hub, 'Itself', {
      statementId: 'Itself',
      eventBusName: 'orders',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:role/bare' },
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
      },
    });
    expect(put()).toMatchObject({ decision: 'allowed' });
  });
});

describe('a role may not put an event', () => {
  test('of another source than its scope', () => {
    publisherRole();
    expect(put({ ...EVENT, source: 'com.other' })).toMatchObject({
      decision: 'denied',
      reason: expect.stringContaining("the role's own policies"),
    });
  });

  test('that does not say its source, with a scope', () => {
    publisherRole();
    expect(put({})).toMatchObject({ decision: 'unknown', reason: expect.stringContaining('events:source') });
  });

  test('without the identity half', () => {
    bareRole(publisher);
    bus.allowPublisher(EventPublisher.accounts(PUBLISHER.account));
    expect(put()).toMatchObject({ decision: 'denied', reason: "the role's own policies: no statement allows it" });
  });

  test('without the half of the bus', () => {
    identity(bareRole(publisher));
    expect(put()).toMatchObject({ decision: 'denied', reason: 'the bus policy: no statement allows it' });
  });

  test('where the bus lets another account in', () => {
    identity(bareRole(publisher));
    bus.allowPublisher(EventPublisher.accounts(CONSUMER.account));
    expect(put()).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/the bus policy: .*principal/) });
  });

  test('by the policy of a bus of its own account that names the account alone', () => {
    bareRole(hub);
    bus.allowPublisher(EventPublisher.accounts(HUB.account));
    expect(put()).toMatchObject({ decision: 'denied' });
  });

  test.each([
    ['its own', HUB],
    ['another', PUBLISHER],
  ])('that the policy of a bus of %s account denies', (_, { account }) => {
    identity(bareRole(account === HUB.account ? hub : publisher));
    bus.allowPublisher(EventPublisher.accounts(PUBLISHER.account));
    const statement = {
      Effect: 'Deny',
      Principal: { AWS: account },
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
    };
    new CfnEventBusPolicy(hub, 'Denial', { statementId: 'Denial', eventBusName: 'orders', statement });
    expect(put()).toMatchObject({
      decision: 'denied',
      reason: expect.stringContaining("statement 'Denial' denies it"),
    });
  });
});

describe('it cannot be told whether a role may put an event', () => {
  test('of an organization, whose accounts no template names', () => {
    identity(bareRole(publisher));
    bus.allowPublisher(EventPublisher.organization('o-a1b2c3d4e5'));
    expect(put()).toMatchObject({ decision: 'unknown', reason: expect.stringContaining('aws:PrincipalOrgID') });
  });

  test('by a managed policy of AWS', () => {
    bareRole(hub).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expect(put()).toMatchObject({ decision: 'unknown' });
  });
});

describe('an event reaches a bus of another account', () => {
  let target: CrossAccountEventBus;
  beforeEach(() => {
    target = new CrossAccountEventBus(consumer, 'Bus', { eventBusName: 'orders' });
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'] },
      targets: [new CrossAccountEventBusTarget(target)],
    });
  });
  const cfnRule = () => hub.node.findChild('Rule').node.defaultChild as CfnRule;
  const ruleRole = () => hub.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!;

  test('when role, trust, identity and destination are there', () => {
    expect(reached()).toMatchObject({ decision: 'allowed' });
  });

  test.each<[string, () => unknown, string, RegExp]>([
    ['without a role', () => cfnRule().addPropertyDeletionOverride('Targets.0.RoleArn'), 'denied', /needs a role/],
    [
      'when nobody trusts EventBridge',
      () =>
        (ruleRole().node.defaultChild as CfnRole).addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Principal',
          { Service: 'lambda.amazonaws.com' },
        ),
      'denied',
      /may not assume .*principal/,
    ],
    [
      'when the role is for another rule',
      () =>
        (ruleRole().node.defaultChild as CfnRole).addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals',
          { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders/other' },
        ),
      'denied',
      /may not assume .*aws:SourceArn/,
    ],
    [
      'when the role may do nothing',
      () => ruleRole().node.tryRemoveChild('DefaultPolicy'),
      'denied',
      /the role's own policies/,
    ],
    [
      'when the destination lets nobody in',
      () => target.node.tryRemoveChild('Policy'),
      'denied',
      /the bus policy: no statement/,
    ],
    [
      'by a role of another app',
      () => cfnRule().addPropertyOverride('Targets.0.RoleArn', 'arn:aws:iam::111111111111:role/theirs'),
      'unknown',
      /role .*theirs is not of this app/,
    ],
    [
      'that no stack makes',
      () => cfnRule().addPropertyOverride('Targets.0.Arn', 'arn:aws:events:eu-west-1:444444444444:event-bus/theirs'),
      'unknown',
      /neither a bus nor a function/,
    ],
  ])('but not, or not for certain, %s', (_, breakIt, decision, because) => {
    breakIt();
    expect(reached()).toMatchObject({ decision, reason: expect.stringMatching(because) });
  });
});

describe.each<[string, object, object]>([
  ['of the same account', HUB, HUB],
  ['of another account', HUB, CONSUMER],
])('an event reaches a function %s', (_, ruleEnv, functionEnv) => {
  const same = ruleEnv === functionEnv;
  let permissionOwner: Stack;
  beforeEach(() => {
    permissionOwner = same ? hub : consumer;
    const handler = testFunction(permissionOwner, 'Handler', { functionName: 'handler' });
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'] },
      targets: [new LambdaEventTarget(handler)],
    });
  });
  const permission = () =>
    permissionOwner.node.findAll().find((c): c is CfnPermission => CfnPermission.isCfnPermission(c))!;

  test('when everything is there', () => {
    expect(reached()).toMatchObject({ decision: 'allowed' });
  });

  test('but not without its permission', () => {
    permission().node.scope!.node.tryRemoveChild(permission().node.id);
    expect(reached()).toMatchObject({ decision: 'denied' });
  });

  test('but not with a permission on another qualifier', () => {
    permission().addPropertyOverride('FunctionName', 'handler:live');
    expect(reached()).toMatchObject({ decision: 'denied' });
  });

  test('but not in another region', () => {
    const rule = hub.node.findChild('Rule').node.defaultChild as CfnRule;
    rule.addPropertyOverride('Targets.0.Arn', 'arn:aws:lambda:us-east-1:111111111111:function:handler');
    expect(reached()).toMatchObject({ decision: 'denied', reason: expect.stringContaining('region') });
  });
});

test('an event reaches no function of another account without a role, whatever the permission says', () => {
  testFunction(consumer, 'Handler', { functionName: 'handler' }).addPermission('Open', {
    principal: new ServicePrincipal('events.amazonaws.com'),
  });
  const rule = new Rule(hub, 'Rule', { ruleName: 'r', schedule: Schedule.rate(Duration.days(1)) });
  (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets', [
    { Id: 'T', Arn: 'arn:aws:lambda:eu-west-1:333333333333:function:handler' },
  ]);
  expect(reached()).toMatchObject({ decision: 'denied', reason: expect.stringContaining('needs a role') });
});

test('an event reaches a function of a stack whose account only deployment tells', () => {
  const agnostic = new Stack(testApp(), 'Agnostic');
  const handler = testFunction(agnostic, 'Handler');
  new Rule(agnostic, 'Rule', { eventPattern: { source: ['com.shop'] }, targets: [new LambdaEventTarget(handler)] });
  app = agnostic.node.root as App;
  expect(reached()).toMatchObject({ decision: 'allowed' });
});

describe('rules for an event', () => {
  test('are those of the bus whose pattern matches, or may', () => {
    new Rule(hub, 'Match', { ruleName: 'match', eventBus: bus, eventPattern: { source: ['com.shop'] } });
    new Rule(hub, 'Maybe', { ruleName: 'maybe', eventBus: bus, eventPattern: { detail: { total: [1] } } });
    new Rule(hub, 'Other', { ruleName: 'other', eventBus: bus, eventPattern: { source: ['com.other'] } });
    new Rule(hub, 'Default', { ruleName: 'default', eventPattern: { source: ['com.shop'] } });
    const world = AppIndex.of(app);
    expect(rulesFor(world, world.model.eventBuses[0], EVENT).map(({ name }) => name)).toEqual(['match', 'maybe']);
  });
});

describe('events that a role speaks of', () => {
  const events = () => {
    const { model } = AppIndex.of(app);
    return eventsOf(model.roles[0], model.eventBuses[0].arn);
  };

  test('are every source with every detail type', () => {
    new PublisherRole(publisher, 'Role', {
      assumedBy: new AccountPrincipal(PUBLISHER.account),
      eventBuses: [bus],
      allowedEvents: { sources: ['a', 'b'], detailTypes: ['X'] },
    });
    expect(events()).toEqual(['a', 'b'].map((source) => ({ source, 'detail-type': 'X', account: PUBLISHER.account })));
  });

  test('are one of anything where it names none', () => {
    identity(bareRole(publisher));
    expect(events()).toEqual([{ account: PUBLISHER.account }]);
  });

  test('are none for a bus that it does not name', () => {
    bareRole(publisher);
    expect(events()).toEqual([]);
  });
});
