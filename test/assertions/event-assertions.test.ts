import { join } from 'node:path';
import { App, Aws, CfnCondition, CfnParameter, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnRule, CfnRuleProps, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  EventAssertions,
  EventDeliveryProps,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import {
  PARTNER,
  busArn,
  cfnEventBus,
  cfnPermission,
  cfnRule,
  executionRole,
  functionArn,
  importedBus,
  publisherRole,
  roleArn,
  ruleArn,
} from '../support/three-accounts';

const event = { source: 'com.shop', detailType: 'OrderPlaced' };

interface Shop {
  readonly app: App;
  readonly hub: Stack;
  readonly bus: CrossAccountEventBus;
  readonly otherBus: CrossAccountEventBus;
  readonly publisher: PublisherRole;
  readonly rule: Rule;
  readonly handler: LambdaFunction;
}

/** A publisher in one account, a bus with a rule in another one, and a function in a third one. */
function shopApp(): Shop {
  const app = testApp();
  const [hub, shop, billing] = [
    testStack('Hub', HUB, app),
    testStack('Shop', SHOP, app),
    testStack('Billing', BILLING, app),
  ];
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  const otherBus = new CrossAccountEventBus(hub, 'OtherBus', { eventBusName: 'other' });
  const publisher = new PublisherRole(shop, 'Publisher', {
    assumedBy: new AccountPrincipal(SHOP.account),
    eventBuses: [bus],
    allowedEvents: { sources: ['com.shop'] },
    roleName: 'publisher',
  });
  const handler = testFunction(billing, 'Handler', { functionName: 'handler' });
  const rule = new Rule(hub, 'Rule', {
    ruleName: 'rule',
    eventBus: bus,
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler)],
  });
  return { app, hub, bus, otherBus, publisher, rule, handler };
}

describe('an event is delivered', () => {
  const { app, bus, publisher, rule, handler } = shopApp();
  const events = EventAssertions.of(app);

  test.each([
    ['from a role to a function', { from: publisher, to: handler }],
    ['over a given bus', { from: publisher, eventBus: bus, to: handler }],
    ['from a role to the bus itself', { from: publisher, to: bus }],
    ['from the bus on', { from: bus, to: handler }],
    ['from the rule on', { from: rule, to: handler }],
    ['to an ARN', { from: publisher, toArn: `arn:aws:lambda:eu-west-1:${BILLING.account}:function:handler` }],
    ['from an ARN', { fromArn: roleArn('publisher'), to: handler }],
  ])('%s', (_, props) => {
    events.delivered({ event, ...props });
    expect(() => events.refused({ event, ...props })).toThrow('expected no delivery');
  });
});

describe('an event is not delivered', () => {
  const { app, bus, otherBus, publisher, rule, handler } = shopApp();
  const events = EventAssertions.of(app);
  const other = { source: 'com.other', detailType: 'OrderPlaced' };

  test.each<[string, EventDeliveryProps, string]>([
    [
      'with a source that the publisher may not put',
      { from: publisher, event: other, to: bus },
      'identity-based policy',
    ],
    ['from a role that no app defines', { fromArn: roleArn('other'), event, to: bus }, roleArn('other')],
    ['from any role in an account', { fromAccount: PARTNER.account, event, to: handler }, PARTNER.account],
    ['from a service', { fromService: 'ses.amazonaws.com', event, to: handler }, 'ses.amazonaws.com'],
    ['that the rule does not match', { from: rule, event: other, to: handler }, '"com.shop"'],
    ['with a source of AWS services', { from: publisher, event: { ...event, source: 'aws.ec2' }, to: bus }, 'aws.ec2'],
    ['to a function over another bus', { from: publisher, event, to: handler, eventBus: otherBus }, 'no rule'],
  ])('%s', (_, props, part) => {
    events.refused(props);
    expectError(() => events.delivered(props), part);
  });
});

/** A rule with a function as its target, as L1 constructs: each part can be left out or changed. */
function cfnApp(permissionFor: string | undefined, rule: Partial<CfnRuleProps> = {}, id = 'Hub'): Stack {
  const hub = testStack(id, HUB, testApp());
  cfnEventBus(hub);
  testFunction(hub, 'Handler', { functionName: 'handler' });
  if (permissionFor !== undefined) cfnPermission(hub, 'handler', permissionFor);
  cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', ...rule });
  return hub;
}

const assertionsOn = ({ node }: Stack) => EventAssertions.of(node.root as App);
const fromBus = (stack: Stack): EventDeliveryProps => ({
  from: stack.node.findChild('Bus'),
  event,
  to: stack.node.findChild('Handler'),
});

describe('a failure has the missing statement', () => {
  test('in the policy of a function', () => {
    const stack = cfnApp(undefined);
    assertionsOn(stack).refused(fromBus(stack));
    expectError(() => assertionsOn(stack).delivered(fromBus(stack)), `"aws:SourceArn":"${ruleArn('orders/rule')}"`);
  });

  test('in a bus policy', () => {
    const app = testApp();
    const [hub, shop] = [testStack('Hub', HUB, app), testStack('Shop', SHOP, app)];
    const props = { from: publisherRole(shop), event, to: cfnEventBus(hub) };
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: roleArn('publisher') },
      Action: 'events:PutEvents',
      Resource: busArn(),
      Condition: { StringEquals: { 'events:source': 'com.shop', 'events:detail-type': 'OrderPlaced' } },
    };
    expectError(() => EventAssertions.of(app).delivered(props), JSON.stringify(statement));
  });

  test('in the policies of an execution role', () => {
    const app = testApp();
    const [hub, billing] = [testStack('Hub', HUB, app), testStack('Billing', BILLING, app)];
    cfnEventBus(billing);
    const arn = busArn('orders', BILLING);
    const role = executionRole(hub, ruleArn('rule'), busArn('other', BILLING));
    const props = { from: cfnRule(hub, { arn, roleArn: role.roleArn }), event, toArn: arn };
    const missing = JSON.stringify({ Effect: 'Allow', Action: 'events:PutEvents', Resource: arn });
    expectError(() => EventAssertions.of(app).delivered(props), missing);
  });

  test('in the trust policy of an execution role', () => {
    const app = testApp();
    const [hub, billing] = [testStack('Hub', HUB, app), testStack('Billing', BILLING, app)];
    cfnEventBus(billing);
    const arn = busArn('orders', BILLING);
    const role = executionRole(hub, ruleArn('other'), arn);
    const props = { from: cfnRule(hub, { arn, roleArn: role.roleArn }), event, toArn: arn };
    expectError(() => EventAssertions.of(app).delivered(props), '"Action":"sts:AssumeRole"');
  });
});

describe('both assertions fail for an unknown delivery', () => {
  const hub = () => testStack('Hub', HUB, testApp());

  test.each<[string, () => [Stack, EventDeliveryProps]]>([
    [
      'to a function that is not defined in the app',
      () => {
        const stack = hub();
        const role = executionRole(stack, ruleArn('rule'), functionArn('handler', BILLING), 'lambda:InvokeFunction');
        const target = { arn: functionArn('handler', BILLING), roleArn: role.roleArn };
        return [stack, { from: cfnRule(stack, target), event, toArn: target.arn }];
      },
    ],
    [
      'on a bus whose policy is not defined in the app',
      () => {
        const stack = testStack('Shop', SHOP, testApp());
        return [
          stack,
          {
            from: publisherRole(stack),
            event,
            to: importedBus(stack),
            eventBus: importedBus(stack, busArn(), 'Again'),
          },
        ];
      },
    ],
    [
      'by a pattern with other fields of the event',
      () => {
        const stack = cfnApp(ruleArn('orders/rule'), {
          eventPattern: { source: ['com.shop'], detail: { total: [1] } },
        });
        return [stack, fromBus(stack)];
      },
    ],
    [
      'by a rule with a condition',
      () => {
        const stack = cfnApp(ruleArn('orders/rule'));
        const condition = new CfnCondition(stack, 'Enabled', { expression: Fn.conditionEquals(Aws.NO_VALUE, 'x') });
        (stack.node.findChild('Rule') as CfnRule).cfnOptions.condition = condition;
        return [stack, fromBus(stack)];
      },
    ],
    [
      'to a target whose ARN is a parameter',
      () => {
        const stack = hub();
        const arn = new CfnParameter(stack, 'TargetArn').valueAsString;
        const handler = testFunction(stack, 'Handler', { functionName: 'handler' });
        return [stack, { from: cfnRule(stack, { arn }), event, to: handler }];
      },
    ],
  ])('%s', (_, make) => {
    const [stack, props] = make();
    const events = assertionsOn(stack);
    expectError(() => events.delivered(props), 'unknown whether it is delivered');
    expectError(() => events.refused(props), 'unknown whether it is delivered');
  });
});

describe('several apps', () => {
  /** The bus and the rule in one app, the publisher in another one. */
  const twoApps = () => {
    const [hub, shop] = [testStack('Hub', HUB), testStack('Shop', SHOP)];
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.allowPublisher(EventPublisher.role(roleArn('publisher')));
    return { hub, shop, props: { from: publisherRole(shop), event, to: bus } };
  };

  test('are evaluated together', () => {
    const { hub, shop, props } = twoApps();
    const apps = [hub, shop].map(({ node }) => node.root as App);
    EventAssertions.ofAll(apps).delivered(props);
    const other = { ...event, source: 'aws.ec2' };
    expectError(() => EventAssertions.ofAll(apps).delivered({ ...props, event: other }), 'aws.ec2');
  });

  test.each(['cloud assembly', 'topology file'])('are read from a %s', (form) => {
    const { hub, shop } = twoApps();
    const app = hub.node.root as App;
    CrossAccountEventChecks.applyTo(app, { topology: true });
    const { directory } = app.synth();
    const path = form === 'topology file' ? join(directory, 'event-topology.json') : directory;
    const props = { from: shop.node.findChild('Publisher'), event, toArn: busArn() };
    const own = shop.node.root as App;
    EventAssertions.of(own, { otherApps: [path] }).delivered(props);
    expectError(() => EventAssertions.of(own).delivered(props), 'unknown whether it is delivered');
  });

  test('fail if a construct is in none of them', () => {
    const { hub, props } = twoApps();
    expectError(() => assertionsOn(hub).delivered(props), 'Shop/Publisher');
  });

  test('fail for a stack without an account', () => {
    const { hub } = twoApps();
    const agnostic = new Stack(testApp(), 'Agnostic');
    cfnEventBus(agnostic);
    const apps = [hub, agnostic].map(({ node }) => node.root as App);
    expectError(() => EventAssertions.ofAll(apps), "'Agnostic'");
  });

  test('fail for a path that does not exist', () => {
    const { hub } = twoApps();
    expectError(
      () => EventAssertions.of(hub.node.root as App, { otherApps: ['no/such.json'] }),
      'EventAssertions.of()',
    );
  });
});

describe('an assertion fails for', () => {
  const { app, publisher, handler, hub } = shopApp();
  const events = EventAssertions.of(app);
  const valid = { from: publisher, event, to: handler };

  test.each<[string, object, string]>([
    ['two publishers', { ...valid, fromAccount: SHOP.account }, 'from and fromAccount'],
    ['no publisher', { ...valid, from: undefined }, 'fromService, got none'],
    ['no target', { ...valid, to: undefined }, 'got none'],
    ['an ARN that is no target', { ...valid, to: undefined, toArn: functionArn('misspelled') }, 'misspelled'],
    ['an ARN with a token', { ...valid, from: undefined, fromArn: publisher.roleArn }, "as 'from'"],
    [
      'an ARN of a rule that does not exist',
      { ...valid, from: undefined, fromArn: ruleArn('misspelled') },
      'misspelled',
    ],
    ['an invalid account', { ...valid, from: undefined, fromAccount: '1234' }, '1234'],
    ['a misspelled service', { ...valid, from: undefined, fromService: 'ses.amazonaws.co' }, 'ses.amazonaws.co'],
    ['a service in a token', { ...valid, from: undefined, fromService: hub.urlSuffix }, 'got a token'],
    ['a bus that does not exist', { ...valid, from: undefined, fromArn: busArn('misspelled') }, 'misspelled'],
    [
      'an imported bus that nothing uses',
      { ...valid, eventBus: importedBus(hub, busArn('misspelled'), 'Misspelled') },
      'misspelled',
    ],
    ['a publisher without a role', { ...valid, from: new Queue(hub, 'Late') }, 'Hub/Late'],
    ['a construct without a resource', { ...valid, to: hub }, "'Hub'"],
    ['a misspelled property', { ...valid, too: handler }, 'too'],
    ['an event without a detail type', { ...valid, event: { source: 'com.shop' } }, "'detailType'"],
    ['no event', { ...valid, event: undefined }, "'event'"],
  ])('%s', (_, props, part) => {
    expectError(() => events.refused(props as EventDeliveryProps), part);
  });

  test('a stack in place of its app', () => {
    expectError(() => EventAssertions.of(hub as unknown as App), "got 'Hub'");
  });
});

test('a function, its versions and its aliases are one target', () => {
  const stack = testStack('Hub', HUB, testApp());
  const handler = testFunction(stack, 'Handler');
  const alias = new Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
  const other = new Alias(stack, 'Next', { aliasName: 'next', version: handler.currentVersion });
  const from = new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(alias)],
  });
  const events = assertionsOn(stack);
  events.delivered({ from, event, to: handler });
  events.delivered({ from, event, to: alias });
  events.refused({ from, event, to: other });
});

test('a function puts events with its role', () => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const [publisher, other] = ['Publisher', 'Other'].map((id) => testFunction(stack, id));
  bus.grantPutEventsTo(publisher);
  const events = assertionsOn(stack);
  events.delivered({ from: publisher, event, to: bus });
  events.refused({ from: other, event, to: bus });
});

test('a state machine is a target', () => {
  const stack = testStack('Hub', HUB, testApp());
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
  });
  const from = new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new SfnStateMachine(machine)],
  });
  assertionsOn(stack).delivered({ from, event, to: machine });
});

test('an event that was forwarded twice is not delivered to a bus in a third account', () => {
  const app = testApp();
  const stacks = [testStack('Hub', HUB, app), testStack('Shop', SHOP, app), testStack('Billing', BILLING, app)];
  const buses = stacks.map((stack) => new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' }));
  const eventPattern = { source: ['com.shop'] };
  [0, 1].forEach((i) => {
    const targets = [new CrossAccountEventBusTarget(buses[i + 1])];
    new Rule(stacks[i], 'Forward', { eventBus: buses[i], eventPattern, targets });
  });
  const events = EventAssertions.of(app);
  events.delivered({ from: buses[0], event, to: buses[1] });
  events.delivered({ from: buses[1], event, to: buses[2] });
  events.refused({ from: buses[0], event, to: buses[2] });
  expectError(() => events.delivered({ from: buses[0], event, to: buses[2] }), 'third account');
});

test('an event of an AWS service is on the default event bus, and on no other bus', () => {
  const stack = testStack('Hub', HUB, testApp());
  const [onDefault, onBus] = [testFunction(stack, 'OnDefault'), testFunction(stack, 'OnBus')];
  const eventPattern = { source: ['aws.ec2'] };
  const eventBus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  new Rule(stack, 'Default', { eventPattern, targets: [new LambdaEventTarget(onDefault)] });
  new Rule(stack, 'Custom', { eventBus, eventPattern, targets: [new LambdaEventTarget(onBus)] });
  const props = { fromService: 'ec2.amazonaws.com', event: { source: 'aws.ec2', detailType: 'Started' } };
  assertionsOn(stack).delivered({ ...props, to: onDefault });
  assertionsOn(stack).refused({ ...props, to: onBus });
});

test('a service that the bus policy allows puts its events', () => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  bus.allowPublisher(EventPublisher.service('ses.amazonaws.com'), { sources: ['com.shop'] });
  const events = assertionsOn(stack);
  events.delivered({ fromService: 'ses.amazonaws.com', event, to: bus });
  events.refused({ fromService: 'ses.amazonaws.com', event: { ...event, source: 'com.other' }, to: bus });
});

test.each(['ses.amazonaws.com', 'ses.amazonaws.com.cn'])('the missing statement for %s names a service', (service) => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const deliver = () => assertionsOn(stack).delivered({ fromService: service, event, to: bus });
  expectError(deliver, `"Principal":{"Service":"${service}"}`);
});

test.each([
  ['can assume its role', 'scheduler.amazonaws.com', true],
  ['cannot assume its role', 'lambda.amazonaws.com', false],
])('a schedule whose service %s', (_, service, isDelivered) => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal(service) });
  bus.grantPutEventsTo(role);
  const schedule = new CfnSchedule(stack, 'Schedule', {
    scheduleExpression: 'rate(1 hour)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: bus.eventBusArn,
      roleArn: role.roleArn,
      eventBridgeParameters: { source: 'com.shop', detailType: 'OrderPlaced' },
    },
  });
  const props = { from: schedule, event, to: bus };
  if (isDelivered) assertionsOn(stack).delivered(props);
  else expectError(() => assertionsOn(stack).delivered(props), 'scheduler.amazonaws.com');
});

test('a stage is evaluated by itself, and with its app', () => {
  const app = testApp();
  const stage = new Stage(app, 'Prod', { env: HUB });
  const stack = new Stack(stage, 'Hub');
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const handler = testFunction(stack, 'Handler');
  const eventPattern = { source: ['com.shop'] };
  new Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
  EventAssertions.of(stage).delivered({ from: bus, event, to: handler });
  EventAssertions.of(app).delivered({ from: bus, event, to: handler });
});

test('an environment-agnostic stack, and a function in a nested stack, are evaluated', () => {
  const stack = new Stack(testApp(), 'Hub');
  const handler = testFunction(new NestedStack(stack, 'Nested'), 'Handler');
  const from = new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler)],
  });
  assertionsOn(stack).delivered({ from, event, to: handler });
});
