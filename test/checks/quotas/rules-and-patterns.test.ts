import {
  App,
  Aspects,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Environment,
  Fn,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, EventBus, IRuleTarget, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicySizeAspect, PolicySizeAspectProps } from '../../../src';
import { BILLING, HUB, count, messagesOf, testApp, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';
import { LENIENT_SIZES, sizesFound } from '../../support/sizes';

const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

let app: App;
let hub: Stack;
let other: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  hub = testStack('Hub', HUB, app);
  other = testStack('Other', HUB, app);
});

const check = (props?: PolicySizeAspectProps) => sizesFound(app, props);

const eventPattern = { source: ['shop'] };
const rules = (scope: Stack, n: number, eventBusName?: string) =>
  count(n, (i) => new CfnRule(scope, `Rule${i}`, { eventBusName, eventPattern }));
const conditionOf = (scope: Stack) =>
  new CfnCondition(scope, 'Production', { expression: Fn.conditionEquals(new CfnParameter(scope, 'Stage'), 'prod') });

describe('the number of rules on a bus', () => {
  test.each<[number, string[], PolicySizeAspectProps]>([
    [3, [], {}],
    [240, [], {}],
    [241, ['warning rulesPerEventBus /Hub/Bus'], {}],
    [300, ['warning rulesPerEventBus /Hub/Bus'], {}],
    [301, ['error rulesPerEventBus /Hub/Bus'], {}],
    [301, [], { rulesPerEventBusLimit: 500 }],
    [200, ['warning rulesPerEventBus /Hub/Bus'], { warningThresholdPercent: 50 }],
  ])('is %d in two stacks, which is %p with %p', (n, expected, props) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    rules(hub, 2, bus.ref);
    rules(other, n - 2, 'orders');
    expectFindings(check(props), expected);
  });

  test('includes rules with any reference to the bus', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    new Rule(hub, 'L2', { eventBus: bus, eventPattern });
    new Rule(other, 'Imported', { eventBus: EventBus.fromEventBusArn(other, 'Far', BUS_ARN), eventPattern });
    new CfnRule(other, 'Arn', { eventBusName: bus.eventBusArn, eventPattern });
    new CfnRule(new NestedStack(other, 'Nested'), 'Name', { eventBusName: 'orders', eventPattern });
    new CfnRule(other, 'Raw', { eventPattern }).addPropertyOverride('EventBusName', 'orders');
    new CfnResource(other, 'Typed', {
      type: 'AWS::Events::Rule',
      properties: { EventBusName: 'orders', EventPattern: eventPattern },
    });
    expectFindings(check({ rulesPerEventBusLimit: 5 }), ['error rulesPerEventBus /Hub/Bus/Resource']);
  });

  test('does not include rules on other buses', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    rules(hub, 2, bus.ref);
    rules(other, 2);
    rules(testStack('Consumer', BILLING, app), 2, 'orders');
    expect(check({ rulesPerEventBusLimit: 2, warningThresholdPercent: 100 })).toEqual([]);
  });

  test('includes schedules, and is reported on the first rule if the bus is the default bus', () => {
    rules(hub, 2);
    new Rule(other, 'Schedule', { schedule: Schedule.expression('rate(1 day)') });
    expectFindings(check({ rulesPerEventBusLimit: 2 }), ['error rulesPerEventBus /Hub/Rule0']);
  });

  test('is not added up over stacks whose default buses may be different ones', () => {
    const agnostic = testApp({ context: LENIENT_SIZES });
    const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
    for (const stack of stacks) rules(stack, 2);
    Aspects.of(agnostic).add(new PolicySizeAspect({ rulesPerEventBusLimit: 3, warningThresholdPercent: 100 }));
    expect(messagesOf(...stacks)).toEqual([]);
  });

  test('is estimated if a rule has a CloudFormation condition', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    const [first] = rules(hub, 3, bus.ref);
    first.cfnOptions.condition = conditionOf(hub);
    expectFindings(check({ rulesPerEventBusLimit: 2 }), ['warning rulesPerEventBus /Hub/Bus']);
  });

  test.each<[Environment, string[]]>([
    [{ ...HUB, region: 'eu-south-1' }, ['error rulesPerEventBus /Region/Rule0']],
    [{ ...HUB, region: 'us-east-1' }, []],
  ])('has a lower quota in some Regions: %p', (env, expected) => {
    rules(testStack('Region', env, app), 101);
    expectFindings(check(), expected);
  });
});

describe('the number of targets of a rule', () => {
  const arn = (i: number) => `arn:aws:sqs:eu-west-1:111111111111:queue-${i}`;
  const targets = (n: number) => count(n, (i) => ({ id: `T${i}`, arn: arn(i) }));
  const target = (i: number): IRuleTarget => ({ bind: () => ({ id: '', arn: arn(i) }) });

  test.each<[number, string[]]>([
    [1, []],
    [5, []],
    [6, ['error targetsPerRule /Hub/Rule']],
  ])('is %d', (n, expected) => {
    new CfnRule(hub, 'Rule', { name: 'orders', eventPattern, targets: targets(n) });
    expectFindings(check(), expected);
  });

  test.each<[string, () => unknown, string]>([
    [
      'in an L2 rule with an override',
      () => {
        const rule = new Rule(hub, 'Rule', { eventPattern, targets: count(5, target) });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets.5', { Id: 'More', Arn: arn(6) });
      },
      'error targetsPerRule /Hub/Rule/Resource',
    ],
    [
      'in a property override',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern }).addPropertyOverride(
          'Targets',
          targets(6).map(({ id, arn: Arn }) => ({ Id: id, Arn })),
        );
      },
      'error targetsPerRule /Hub/Rule',
    ],
    [
      'with parameters',
      () => {
        const parameter = new CfnParameter(hub, 'Target').valueAsString;
        new CfnRule(hub, 'Rule', { eventPattern, targets: targets(6).map(({ id }) => ({ id, arn: parameter })) });
      },
      'error targetsPerRule /Hub/Rule',
    ],
    [
      'as an estimate with a CloudFormation condition',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern, targets: targets(6) }).cfnOptions.condition = conditionOf(hub);
      },
      'warning targetsPerRule /Hub/Rule',
    ],
  ])('is counted %s', (_, create, expected) => {
    create();
    expectFindings(check(), [expected]);
  });

  test('does not include targets of other rules', () => {
    for (const scope of [hub, other]) new CfnRule(scope, 'Rule', { eventPattern, targets: targets(5) });
    expect(check()).toEqual([]);
  });
});

describe('the size of an event pattern', () => {
  /** A pattern with this number of characters as compact JSON. */
  const patternOf = (characters: number) => ({
    source: ['shop'],
    'detail-type': ['x'.repeat(characters - '{"source":["shop"],"detail-type":[""]}'.length)],
  });

  test.each<[number, string[], PolicySizeAspectProps]>([
    [200, [], {}],
    [1_638, [], {}],
    [1_639, ['warning eventPatternSize /Hub/Rule'], {}],
    [2_048, ['warning eventPatternSize /Hub/Rule'], {}],
    [2_049, ['error eventPatternSize /Hub/Rule'], {}],
    [2_049, [], { eventPatternLimit: 4_096 }],
    [4_097, ['error eventPatternSize /Hub/Rule'], { eventPatternLimit: 4_096 }],
  ])('is %d characters, which is %p with %p', (characters, expected, props) => {
    new CfnRule(hub, 'Rule', { name: 'orders', eventPattern: patternOf(characters) });
    expectFindings(check(props), expected);
  });

  test.each<[string, () => unknown, string]>([
    [
      'in an L2 rule',
      () => new Rule(hub, 'Rule', { eventPattern: { source: count(250, (i) => `shop-${i}`) } }),
      'error eventPatternSize /Hub/Rule/Resource',
    ],
    [
      'in a property override',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern }).addPropertyOverride('EventPattern', patternOf(2_049));
      },
      'error eventPatternSize /Hub/Rule',
    ],
    [
      'as text without its white space',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern }).addPropertyOverride(
          'EventPattern',
          JSON.stringify(patternOf(2_049), null, 2),
        );
        new CfnRule(hub, 'Fits', { eventPattern }).addPropertyOverride(
          'EventPattern',
          JSON.stringify(patternOf(1_600), null, 100),
        );
      },
      'error eventPatternSize /Hub/Rule',
    ],
    [
      'as an estimate with a CloudFormation condition',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern: patternOf(2_049) }).cfnOptions.condition = conditionOf(hub);
      },
      'warning eventPatternSize /Hub/Rule',
    ],
    [
      'as an estimate with parameters',
      () => {
        const parameter = new CfnParameter(hub, 'Source').valueAsString;
        new CfnRule(hub, 'Rule', { eventPattern: { source: count(60, () => parameter) } });
      },
      'warning eventPatternSize /Hub/Rule',
    ],
  ])('is measured %s', (_, create, expected) => {
    create();
    expectFindings(check(), [expected]);
  });

  test('is measured for each rule', () => {
    for (const scope of [hub, other]) new CfnRule(scope, 'Rule', { eventPattern: patternOf(1_600) });
    expect(check()).toEqual([]);
  });
});

test.each<[string, object | string | number | null]>([
  ['text', 'x'],
  ['a number', 1],
  ['nothing', null],
  ['a list', [1, null, 'x']],
  ['an object', { toString: 1 }],
])('rules with %s as properties do not make the check fail', (_, invalid) => {
  new CfnResource(hub, 'Rule', {
    type: 'AWS::Events::Rule',
    properties: { EventBusName: invalid, EventPattern: invalid, Targets: invalid, Name: invalid },
  });
  expect(check().filter((m) => /Size|PerRule|PerEventBus|checkFailed/.test(m))).toEqual([]);
});
