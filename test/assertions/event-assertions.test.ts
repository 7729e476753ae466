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
  EventDeliveryOptions,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';
import { errorOf, expectError } from '../support/messages';
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
    ['from a role to a function', { publisher, target: handler }],
    ['over a given bus', { publisher, eventBus: bus, target: handler }],
    ['from a role to the bus itself', { publisher, target: bus }],
    ['from the bus on', { publisher: bus, target: handler }],
    ['from the rule on', { publisher: rule, target: handler }],
    ['to an ARN', { publisher, targetArn: `arn:aws:lambda:eu-west-1:${BILLING.account}:function:handler` }],
    ['from an ARN', { publisherArn: roleArn('publisher'), target: handler }],
  ])('%s', (_, props) => {
    events.delivered({ event, ...props });
    expect(() => events.refused({ event, ...props })).toThrow('expected no delivery');
  });
});

describe('an event is not delivered', () => {
  const { app, bus, otherBus, publisher, rule, handler } = shopApp();
  const events = EventAssertions.of(app);
  const other = { source: 'com.other', detailType: 'OrderPlaced' };

  test.each<[string, EventDeliveryOptions, string]>([
    ['with a source that the publisher may not put', { publisher, event: other, target: bus }, 'identity-based policy'],
    ['from a role that no app defines', { publisherArn: roleArn('other'), event, target: bus }, roleArn('other')],
    ['from any role in an account', { publisherAccount: PARTNER.account, event, target: handler }, PARTNER.account],
    ['from a service', { publisherService: 'ses.amazonaws.com', event, target: handler }, 'ses.amazonaws.com'],
    ['that the rule does not match', { publisher: rule, event: other, target: handler }, '"com.shop"'],
    ['with a source of AWS services', { publisher, event: { ...event, source: 'aws.ec2' }, target: bus }, 'aws.ec2'],
    ['to a function over another bus', { publisher, event, target: handler, eventBus: otherBus }, 'no rule'],
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
const fromBus = (stack: Stack): EventDeliveryOptions => ({
  publisher: stack.node.findChild('Bus'),
  event,
  target: stack.node.findChild('Handler'),
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
    const props = { publisher: publisherRole(shop), event, target: cfnEventBus(hub) };
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
    const props = { publisher: cfnRule(hub, { arn, roleArn: role.roleArn }), event, targetArn: arn };
    const missing = JSON.stringify({ Effect: 'Allow', Action: 'events:PutEvents', Resource: arn });
    expectError(() => EventAssertions.of(app).delivered(props), missing);
  });

  test('in the trust policy of an execution role', () => {
    const app = testApp();
    const [hub, billing] = [testStack('Hub', HUB, app), testStack('Billing', BILLING, app)];
    cfnEventBus(billing);
    const arn = busArn('orders', BILLING);
    const role = executionRole(hub, ruleArn('other'), arn);
    const props = { publisher: cfnRule(hub, { arn, roleArn: role.roleArn }), event, targetArn: arn };
    expectError(() => EventAssertions.of(app).delivered(props), '"Action":"sts:AssumeRole"');
  });
});

describe('both assertions fail for an unknown delivery', () => {
  const hub = () => testStack('Hub', HUB, testApp());

  test.each<[string, () => [Stack, EventDeliveryOptions]]>([
    [
      'to a function that is not defined in the app',
      () => {
        const stack = hub();
        const role = executionRole(stack, ruleArn('rule'), functionArn('handler', BILLING), 'lambda:InvokeFunction');
        const target = { arn: functionArn('handler', BILLING), roleArn: role.roleArn };
        return [stack, { publisher: cfnRule(stack, target), event, targetArn: target.arn }];
      },
    ],
    [
      'on a bus whose policy is not defined in the app',
      () => {
        const stack = testStack('Shop', SHOP, testApp());
        return [
          stack,
          {
            publisher: publisherRole(stack),
            event,
            target: importedBus(stack),
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
        return [stack, { publisher: cfnRule(stack, { arn }), event, target: handler }];
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
    return { hub, shop, props: { publisher: publisherRole(shop), event, target: bus } };
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
    const props = { publisher: shop.node.findChild('Publisher'), event, targetArn: busArn() };
    const own = shop.node.root as App;
    EventAssertions.of(own, { otherApps: [path] }).delivered(props);
    expectError(() => EventAssertions.of(own).delivered(props), "pass the app with that policy as 'otherApps'");
    const other = { ...props, event: { ...event, source: 'aws.ec2' } };
    const among = EventAssertions.of(own, { otherApps: [path] });
    expect(errorOf(() => among.delivered(other))).toContain("'ThisApp/Shop/Publisher'");
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

  test.each<[string, (hub: Stack) => Stage[], string]>([
    ['no app', () => [], 'got none'],
    ['a stack among the apps', (hub) => [hub.node.root as App, hub as unknown as Stage], "got 'Hub'"],
  ])('fail for %s, and name the parameter', (_, appsOf, expected) => {
    const { hub } = twoApps();
    expectError(
      () => EventAssertions.ofAll(appsOf(hub)),
      `'apps' must contain only Apps and Stages, at least one, ${expected}`,
    );
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
  const valid = { publisher, event, target: handler };

  test.each<[string, object, string]>([
    ['two publishers', { ...valid, publisherAccount: SHOP.account }, 'publisher and publisherAccount'],
    ['no publisher', { ...valid, publisher: undefined }, 'publisherService, got none'],
    ['no target', { ...valid, target: undefined }, 'got none'],
    ['an ARN that is no target', { ...valid, target: undefined, targetArn: functionArn('misspelled') }, 'misspelled'],
    ['an ARN with a token', { ...valid, publisher: undefined, publisherArn: publisher.roleArn }, "as 'publisher'"],
    [
      'an ARN of a rule that does not exist',
      { ...valid, publisher: undefined, publisherArn: ruleArn('misspelled') },
      'misspelled',
    ],
    ['an invalid account', { ...valid, publisher: undefined, publisherAccount: '1234' }, '1234'],
    [
      'a misspelled service',
      { ...valid, publisher: undefined, publisherService: 'ses.amazonaws.co' },
      'ses.amazonaws.co',
    ],
    ['a service in a token', { ...valid, publisher: undefined, publisherService: hub.urlSuffix }, 'got a token'],
    ['a bus that does not exist', { ...valid, publisher: undefined, publisherArn: busArn('misspelled') }, 'misspelled'],
    [
      'an imported bus that nothing uses',
      { ...valid, eventBus: importedBus(hub, busArn('misspelled'), 'Misspelled') },
      'misspelled',
    ],
    ['a publisher without a role', { ...valid, publisher: new Queue(hub, 'Late') }, 'Hub/Late'],
    ['a construct without a resource', { ...valid, target: hub }, "'Hub'"],
    ['a misspelled property', { ...valid, targt: handler }, 'targt'],
    ['an event without a detail type', { ...valid, event: { source: 'com.shop' } }, "'detailType'"],
    ['no event', { ...valid, event: undefined }, "'event'"],
  ])('%s', (_, props, part) => {
    expectError(() => events.refused(props as EventDeliveryOptions), part);
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
  events.delivered({ publisher: from, event, target: handler });
  events.delivered({ publisher: from, event, target: alias });
  events.refused({ publisher: from, event, target: other });
});

test('a function puts events with its role', () => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const [publisher, other] = ['Publisher', 'Other'].map((id) => testFunction(stack, id));
  bus.grantPutEventsTo(publisher);
  const events = assertionsOn(stack);
  events.delivered({ publisher, event, target: bus });
  events.refused({ publisher: other, event, target: bus });
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
  assertionsOn(stack).delivered({ publisher: from, event, target: machine });
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
  events.delivered({ publisher: buses[0], event, target: buses[1] });
  events.delivered({ publisher: buses[1], event, target: buses[2] });
  events.refused({ publisher: buses[0], event, target: buses[2] });
  expectError(() => events.delivered({ publisher: buses[0], event, target: buses[2] }), 'third account');
});

test('an event of an AWS service is on the default event bus, and on no other bus', () => {
  const stack = testStack('Hub', HUB, testApp());
  const [onDefault, onBus] = [testFunction(stack, 'OnDefault'), testFunction(stack, 'OnBus')];
  const eventPattern = { source: ['aws.ec2'] };
  const eventBus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  new Rule(stack, 'Default', { eventPattern, targets: [new LambdaEventTarget(onDefault)] });
  new Rule(stack, 'Custom', { eventBus, eventPattern, targets: [new LambdaEventTarget(onBus)] });
  const props = { publisherService: 'ec2.amazonaws.com', event: { source: 'aws.ec2', detailType: 'Started' } };
  assertionsOn(stack).delivered({ ...props, target: onDefault });
  assertionsOn(stack).refused({ ...props, target: onBus });
});

test('a service that the bus policy allows puts its events', () => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  bus.allowPublisher(EventPublisher.service('ses.amazonaws.com'), { sources: ['com.shop'] });
  const events = assertionsOn(stack);
  events.delivered({ publisherService: 'ses.amazonaws.com', event, target: bus });
  events.refused({ publisherService: 'ses.amazonaws.com', event: { ...event, source: 'com.other' }, target: bus });
});

test.each(['ses.amazonaws.com', 'ses.amazonaws.com.cn'])('the missing statement for %s names a service', (service) => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const deliver = () => assertionsOn(stack).delivered({ publisherService: service, event, target: bus });
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
  const props = { publisher: schedule, event, target: bus };
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
  EventAssertions.of(stage).delivered({ publisher: bus, event, target: handler });
  EventAssertions.of(app).delivered({ publisher: bus, event, target: handler });
});

test('an environment-agnostic stack, and a function in a nested stack, are evaluated', () => {
  const stack = new Stack(testApp(), 'Hub');
  const handler = testFunction(new NestedStack(stack, 'Nested'), 'Handler');
  const from = new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler)],
  });
  assertionsOn(stack).delivered({ publisher: from, event, target: handler });
});
