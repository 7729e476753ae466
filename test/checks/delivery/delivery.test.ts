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
import { allowedEventsOf, authorizePutEvents } from '../../../src/checks/delivery/lib/put-events';
import { RuleTargetPath } from '../../../src/checks/delivery/lib/rule-target-path';
import { TargetOutcome, targetOutcome } from '../../../src/checks/delivery/target-outcome';
import { Evaluation } from '../../../src/iam/evaluate';
import { BILLING, HUB, SHOP, testApp, testFunction, testStack } from '../../support/apps';
import { expectMessage } from '../../support/messages';

/** A bus that no stack defines. */
const PARTNER_BUS = 'arn:aws:events:eu-west-1:444444444444:event-bus/partner';
const EVENT = { source: 'com.shop', 'detail-type': 'OrderPlaced' };

let app: App;
let hub: Stack;
let publisher: Stack;
let consumer: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  publisher = testStack('Publisher', SHOP, app);
  consumer = testStack('Consumer', BILLING, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

/** Evaluates whether the first role of the app is allowed to put the event on the first bus. */
function evaluatePutEvents(event: object = EVENT) {
  const index = AppIndex.of(app);
  const { arn } = index.model.eventBuses[0];
  return withPolicyName(authorizePutEvents(index, index.model.roles[0], arn, event), arn);
}

/** Evaluates whether the first target of the first rule receives the event. */
function evaluateTarget() {
  const index = AppIndex.of(app);
  const [rule] = index.model.rules;
  return targetOutcome(new RuleTargetPath(index, rule, rule.targets[0], EVENT));
}

/** Expects a decision, and the text in `test/messages.txt`. */
function expectOutcome({ decision, text }: TargetOutcome, expected: Evaluation['decision']) {
  expect(decision).toBe(expected);
  expectMessage([text?.problem, text?.reason, text?.fix].filter((one) => one !== undefined).join('\n'));
}

/** Expects a decision, and the text in `test/messages.txt` as its reason. */
function expectDecision({ decision, reason }: Evaluation, expected: Evaluation['decision']) {
  expect(decision).toBe(expected);
  expectMessage(reason);
}

const publisherRole = (eventBuses = [bus]) =>
  new PublisherRole(publisher, 'Role', {
    assumedBy: new AccountPrincipal(SHOP.account),
    eventBuses,
    allowedEvents: { sources: ['com.shop'] },
  });
const bareRole = (stack: Stack) =>
  new Role(stack, 'Role', { roleName: 'bare', assumedBy: new AccountPrincipal(SHOP.account) });
const allowPutEvents = (role: Role) =>
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));

describe('a rule of another account on a bus', () => {
  test('is in the account of the bus, which its role trusts', () => {
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
    expect(evaluateTarget().decision).toBe('allowed');
  });

  test.each([
    [HUB.account, 'allowed'],
    [BILLING.account, 'denied'],
  ])('has the account of the bus as its source account: with a role for account %s it is %s', (trusted, decision) => {
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
    expect(evaluateTarget().decision).toBe(decision);
  });
});

describe('a role is allowed to put an event', () => {
  test('on a bus in another account with both policies', () => {
    publisherRole();
    expect(evaluatePutEvents().decision).toBe('allowed');
  });

  test('on a bus in its account with an identity-based policy only', () => {
    allowPutEvents(bareRole(hub));
    expect(evaluatePutEvents().decision).toBe('allowed');
  });

  test('on a bus in its account whose policy names it', () => {
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
    expect(evaluatePutEvents().decision).toBe('allowed');
  });
});

describe('a role is not allowed to put an event', () => {
  test('with another source than its policy allows', () => {
    publisherRole();
    expectDecision(evaluatePutEvents({ ...EVENT, source: 'com.other' }), 'denied');
  });

  test('without a source, if its policy restricts the source', () => {
    publisherRole();
    expectDecision(evaluatePutEvents({}), 'unknown');
  });

  test('without an identity-based policy', () => {
    bareRole(publisher);
    bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    expectDecision(evaluatePutEvents(), 'denied');
  });

  test('without a bus policy', () => {
    allowPutEvents(bareRole(publisher));
    expectDecision(evaluatePutEvents(), 'denied');
  });

  test('if the bus policy allows another account', () => {
    allowPutEvents(bareRole(publisher));
    bus.allowPublisher(EventPublisher.accounts(BILLING.account));
    expectDecision(evaluatePutEvents(), 'denied');
  });

  test('on a bus in its account whose policy names the account only', () => {
    bareRole(hub);
    bus.allowPublisher(EventPublisher.accounts(HUB.account));
    expect(evaluatePutEvents().decision).toBe('denied');
  });

  test.each([
    ['its', HUB],
    ['another', SHOP],
  ])('that the policy of a bus in %s account denies', (_, { account }) => {
    allowPutEvents(bareRole(account === HUB.account ? hub : publisher));
    bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    const statement = {
      Effect: 'Deny',
      Principal: { AWS: account },
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
    };
    new CfnEventBusPolicy(hub, 'Denial', { statementId: 'Denial', eventBusName: 'orders', statement });
    expectDecision(evaluatePutEvents(), 'denied');
  });
});

describe('it is unknown whether a role is allowed to put an event', () => {
  test('on a bus that allows an organization', () => {
    allowPutEvents(bareRole(publisher));
    bus.allowPublisher(EventPublisher.organization('o-a1b2c3d4e5'));
    expectDecision(evaluatePutEvents(), 'unknown');
  });

  test('with an AWS managed policy', () => {
    bareRole(hub).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expect(evaluatePutEvents().decision).toBe('unknown');
  });

  test('with an AWS managed policy, in an account that the bus allows', () => {
    bareRole(publisher).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    expect(evaluatePutEvents().decision).toBe('unknown');
  });
});

test('a permissions boundary denies what it does not allow, whatever an AWS managed policy allows', () => {
  const role = bareRole(hub);
  role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
  const statements = [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] })];
  const boundary = new ManagedPolicy(hub, 'Boundary', { statements });
  (role.node.defaultChild as CfnRole).permissionsBoundary = boundary.managedPolicyArn;
  expectDecision(evaluatePutEvents(), 'denied');
});

test('a bus of another account denies a role that it does not allow, whatever its AWS managed policy allows', () => {
  bareRole(publisher).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
  expectDecision(evaluatePutEvents(), 'denied');
});

describe('an event reaches a bus in another account', () => {
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

  test('with a role, its trust policy and identity-based policy, and the bus policy', () => {
    expect(evaluateTarget().decision).toBe('allowed');
  });

  test.each<[string, () => unknown, Evaluation['decision']]>([
    ['without a role', () => cfnRule().addPropertyDeletionOverride('Targets.0.RoleArn'), 'denied'],
    [
      'if the role does not trust EventBridge',
      () =>
        (ruleRole().node.defaultChild as CfnRole).addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Principal',
          { Service: 'lambda.amazonaws.com' },
        ),
      'denied',
    ],
    [
      'if the role is for another rule',
      () =>
        (ruleRole().node.defaultChild as CfnRole).addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals',
          { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders/other' },
        ),
      'denied',
    ],
    ['if the role has no identity-based policy', () => ruleRole().node.tryRemoveChild('DefaultPolicy'), 'denied'],
    ['without a policy of the target bus', () => target.node.tryRemoveChild('Policy'), 'denied'],
    [
      'with a role of another app',
      () => cfnRule().addPropertyOverride('Targets.0.RoleArn', 'arn:aws:iam::111111111111:role/partner'),
      'unknown',
    ],
    [
      'if no stack defines the bus',
      () => {
        cfnRule().addPropertyOverride('Targets.0.Arn', PARTNER_BUS);
        ruleRole().addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [PARTNER_BUS] }));
      },
      'unknown',
    ],
    [
      'if no stack defines the bus, and the role does not allow it',
      () => cfnRule().addPropertyOverride('Targets.0.Arn', PARTNER_BUS),
      'denied',
    ],
  ])('but not, or not for certain, %s', (_, breakIt, decision) => {
    breakIt();
    expectOutcome(evaluateTarget(), decision);
  });
});

describe.each<[string, object, object]>([
  ['in the same account', HUB, HUB],
  ['in another account', HUB, BILLING],
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

  test('with all policies', () => {
    expect(evaluateTarget().decision).toBe('allowed');
  });

  test('but not without its permission', () => {
    permission().node.scope!.node.tryRemoveChild(permission().node.id);
    expect(evaluateTarget().decision).toBe('denied');
  });

  test('but not with a permission on another qualifier', () => {
    permission().addPropertyOverride('FunctionName', 'handler:live');
    expect(evaluateTarget().decision).toBe('denied');
  });

  test('but not in another region', () => {
    const rule = hub.node.findChild('Rule').node.defaultChild as CfnRule;
    rule.addPropertyOverride('Targets.0.Arn', 'arn:aws:lambda:us-east-1:111111111111:function:handler');
    expectOutcome(evaluateTarget(), 'denied');
  });
});

test('an event reaches no function in another account without a role, although the permission allows it', () => {
  testFunction(consumer, 'Handler', { functionName: 'handler' }).addPermission('Open', {
    principal: new ServicePrincipal('events.amazonaws.com'),
  });
  const rule = new Rule(hub, 'Rule', { ruleName: 'r', schedule: Schedule.rate(Duration.days(1)) });
  (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets', [
    { Id: 'T', Arn: 'arn:aws:lambda:eu-west-1:333333333333:function:handler' },
  ]);
  expectOutcome(evaluateTarget(), 'denied');
});

test('an event reaches a function in a stack whose account is known only at deployment', () => {
  const agnostic = new Stack(testApp(), 'Agnostic');
  const handler = testFunction(agnostic, 'Handler');
  new Rule(agnostic, 'Rule', { eventPattern: { source: ['com.shop'] }, targets: [new LambdaEventTarget(handler)] });
  app = agnostic.node.root as App;
  expect(evaluateTarget().decision).toBe('allowed');
});

describe('events that the policies of a role allow', () => {
  const allowedEvents = () => {
    const { model } = AppIndex.of(app);
    return allowedEventsOf(model.roles[0], model.eventBuses[0].arn);
  };

  test('are every source with every detail type', () => {
    new PublisherRole(publisher, 'Role', {
      assumedBy: new AccountPrincipal(SHOP.account),
      eventBuses: [bus],
      allowedEvents: { sources: ['a', 'b'], detailTypes: ['X'] },
    });
    expect(allowedEvents()).toEqual(
      ['a', 'b'].map((source) => ({ source, 'detail-type': 'X', account: SHOP.account })),
    );
  });

  test('are any event if they have no condition', () => {
    allowPutEvents(bareRole(publisher));
    expect(allowedEvents()).toEqual([{ account: SHOP.account }]);
  });

  test('are none for a bus that they do not name', () => {
    bareRole(publisher);
    expect(allowedEvents()).toEqual([]);
  });
});
