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
import { CONSUMER, HUB, count, messagesOf, testApp, testStack } from '../../support/apps';
import { pattern } from '../../support/pattern';
import { LENIENT_SIZES, brief, sizesFound } from '../../support/sizes';

const RULES = 'cdk-cross-account-eventbridge:rulesPerEventBus';
const TARGETS = 'cdk-cross-account-eventbridge:targetsPerRule';
const PATTERN = 'cdk-cross-account-eventbridge:eventPatternSize';
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

describe('rules of a bus', () => {
  test.each<[number, string[], PolicySizeAspectProps]>([
    [3, [], {}],
    [240, [], {}],
    [241, ['warning /Hub/Bus'], {}],
    [300, ['warning /Hub/Bus'], {}],
    [301, ['error /Hub/Bus'], {}],
    [301, [], { rulesPerEventBusLimit: 500 }],
    [200, ['warning /Hub/Bus'], { warningThresholdPercent: 50 }],
  ])('are %d, over two stacks, which is %p with %p', (n, expected, props) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    rules(hub, 2, bus.ref);
    rules(other, n - 2, 'orders');
    const messages = check(props);
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `bus ${BUS_ARN} has ${n} rules, of ${props.rulesPerEventBusLimit ?? 300} allowed; 'Other' ` +
          `makes ${n - 2}, 'Hub' 2; let one rule serve`,
      );
      expect(message).toContain(RULES);
    }
  });

  test('are counted however they name it', () => {
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
    expect(check({ rulesPerEventBusLimit: 5 })).toEqual([
      expect.stringMatching(/^error \/Hub\/Bus\/Resource bus \S+ has 6 rules, of 5 allowed; 'Other' makes 4, /),
    ]);
  });

  test('are those of that bus alone', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    rules(hub, 2, bus.ref);
    rules(other, 2);
    rules(testStack('Elsewhere', CONSUMER, app), 2, 'orders');
    expect(check({ rulesPerEventBusLimit: 2, warningThresholdPercent: 100 })).toEqual([]);
  });

  test('of the default bus are told at the first of them, schedules included', () => {
    rules(hub, 2);
    new Rule(other, 'Schedule', { schedule: Schedule.expression('rate(1 day)') });
    expect(brief(check({ rulesPerEventBusLimit: 2 }))).toEqual(['error /Hub/Rule0']);
  });

  test('of the default bus are not added up over stacks that may go to different places', () => {
    const agnostic = testApp({ context: LENIENT_SIZES });
    const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
    for (const stack of stacks) rules(stack, 2);
    Aspects.of(agnostic).add(new PolicySizeAspect({ rulesPerEventBusLimit: 3, warningThresholdPercent: 100 }));
    expect(stacks.flatMap(messagesOf)).toEqual([]);
  });

  test('are told by estimate where a condition decides', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    const [first] = rules(hub, 3, bus.ref);
    first.cfnOptions.condition = conditionOf(hub);
    expect(check({ rulesPerEventBusLimit: 2 })).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Hub\/Bus bus \S+ has about 3 rules \(at least 2, the rest is /,
          /known only at deployment\), of 2 allowed/,
        ),
      ),
    ]);
  });

  test.each<[Environment, string[]]>([
    [{ ...HUB, region: 'eu-south-1' }, ['error /Region/Rule0']],
    [{ ...HUB, region: 'us-east-1' }, []],
  ])('are fewer in some regions: %p', (env, expected) => {
    rules(testStack('Region', env, app), 101);
    expect(brief(check())).toEqual(expected);
  });
});

describe('targets of a rule', () => {
  const arn = (i: number) => `arn:aws:sqs:eu-west-1:111111111111:queue-${i}`;
  const targets = (n: number) => count(n, (i) => ({ id: `T${i}`, arn: arn(i) }));
  const target = (i: number): IRuleTarget => ({ bind: () => ({ id: '', arn: arn(i) }) });

  test.each<[number, string[]]>([
    [1, []],
    [5, []],
    [6, ['error /Hub/Rule']],
  ])('are %d', (n, expected) => {
    new CfnRule(hub, 'Rule', { name: 'orders', eventPattern, targets: targets(n) });
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        'rule arn:aws:events:eu-west-1:111111111111:rule/orders has 6 targets, of 5 allowed; make ' +
          'another rule with the same pattern for the rest',
      );
      expect(message).toContain(TARGETS);
    }
  });

  test.each<[string, () => unknown, string]>([
    [
      'of an L2 with an override: without one it fails by itself',
      () => {
        const rule = new Rule(hub, 'Rule', { eventPattern, targets: count(5, target) });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets.5', { Id: 'More', Arn: arn(6) });
      },
      'error /Hub/Rule/Resource',
    ],
    [
      'by raw override',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern }).addPropertyOverride(
          'Targets',
          targets(6).map(({ id, arn: Arn }) => ({ Id: id, Arn })),
        );
      },
      'error /Hub/Rule',
    ],
    [
      'with parameters',
      () => {
        const parameter = new CfnParameter(hub, 'Target').valueAsString;
        new CfnRule(hub, 'Rule', { eventPattern, targets: targets(6).map(({ id }) => ({ id, arn: parameter })) });
      },
      'error /Hub/Rule',
    ],
    [
      'by estimate under a condition',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern, targets: targets(6) }).cfnOptions.condition = conditionOf(hub);
      },
      'warning /Hub/Rule',
    ],
  ])('are counted %s', (_, make, expected) => {
    make();
    expect(brief(check())).toEqual([expected]);
  });

  test('are those of that rule alone', () => {
    for (const scope of [hub, other]) new CfnRule(scope, 'Rule', { eventPattern, targets: targets(5) });
    expect(check()).toEqual([]);
  });
});

describe('the length of an event pattern', () => {
  /** A pattern of exactly so many characters as compact JSON. */
  const patternOf = (characters: number) => ({
    source: ['shop'],
    'detail-type': ['x'.repeat(characters - '{"source":["shop"],"detail-type":[""]}'.length)],
  });

  test.each<[number, string[], PolicySizeAspectProps]>([
    [200, [], {}],
    [1_638, [], {}],
    [1_639, ['warning /Hub/Rule'], {}],
    [2_048, ['warning /Hub/Rule'], {}],
    [2_049, ['error /Hub/Rule'], {}],
    [2_049, [], { eventPatternLimit: 4_096 }],
    [4_097, ['error /Hub/Rule'], { eventPatternLimit: 4_096 }],
  ])('of %d characters is judged to the letter: %p with %p', (characters, expected, props) => {
    new CfnRule(hub, 'Rule', { name: 'orders', eventPattern: patternOf(characters) });
    const messages = check(props);
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the event pattern of rule arn:aws:events:eu-west-1:111111111111:rule/orders has ${characters}` +
          ` characters, of ${props.eventPatternLimit ?? 2048} allowed; ` +
          `'detail-type' takes ${characters - 34}, 'source' 8; match by 'prefix'`,
      );
      expect(message).toContain(PATTERN);
    }
  });

  test.each<[string, () => unknown, string]>([
    [
      'of an L2',
      () => new Rule(hub, 'Rule', { eventPattern: { source: count(250, (i) => `shop-${i}`) } }),
      'error /Hub/Rule/Resource',
    ],
    [
      'by raw override',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern }).addPropertyOverride('EventPattern', patternOf(2_049));
      },
      'error /Hub/Rule',
    ],
    [
      'as text with white space, which does not count',
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
      'error /Hub/Rule',
    ],
    [
      'by estimate under a condition',
      () => {
        new CfnRule(hub, 'Rule', { eventPattern: patternOf(2_049) }).cfnOptions.condition = conditionOf(hub);
      },
      'warning /Hub/Rule',
    ],
    [
      'by estimate with parameters',
      () => {
        const parameter = new CfnParameter(hub, 'Source').valueAsString;
        new CfnRule(hub, 'Rule', { eventPattern: { source: count(60, () => parameter) } });
      },
      'warning /Hub/Rule',
    ],
  ])('is judged %s', (_, make, expected) => {
    make();
    expect(brief(check())).toEqual([expected]);
  });

  test('is that of one rule', () => {
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
])('rules that are made of %s are no reason to fail', (_, strange) => {
  new CfnResource(hub, 'Rule', {
    type: 'AWS::Events::Rule',
    properties: { EventBusName: strange, EventPattern: strange, Targets: strange, Name: strange },
  });
  expect(check().filter((m) => /Size|PerRule|PerEventBus|checkFailed/.test(m))).toEqual([]);
});
