import { CfnParameter, Duration, PhysicalName, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { LambdaEventTarget, LambdaEventTargetProps } from '../../src';
import { BILLING, HUB, REGION, testApp, testFunction, testStack } from '../support/apps';
import { propertiesOf } from '../support/templates';

/** The targets of a rule with these options, made anew for each class. */
type Options = (
  stack: Stack,
) => Pick<LambdaEventTargetProps, 'event' | 'deadLetterQueue' | 'retryAttempts' | 'maxEventAge'>;
type Made = typeof LambdaFunction | typeof LambdaEventTarget;

const parameter = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
const detail = EventField.fromPath('$.detail.id');

const OPTIONS: [string, Options][] = [
  ['nothing else', () => ({})],
  ['a text', () => ({ event: RuleTargetInput.fromText('placed') })],
  [
    'a text with parts of the event',
    () => ({ event: RuleTargetInput.fromText(`order ${detail} from ${EventField.account} at ${EventField.time}`) }),
  ],
  ['several lines', () => ({ event: RuleTargetInput.fromMultilineText('one\ntwo') })],
  [
    'several lines with parts of the event',
    () => ({ event: RuleTargetInput.fromMultilineText(`id: ${detail}\nof: ${EventField.source}`) }),
  ],
  ['an object', () => ({ event: RuleTargetInput.fromObject({ fixed: true, list: [1, 'a', null] }) })],
  [
    'an object with parts of the event',
    () => ({
      event: RuleTargetInput.fromObject({ id: detail, nested: { type: EventField.detailType, text: `of ${detail}` } }),
    }),
  ],
  [
    'an object with a value of the stack',
    (stack) => ({ event: RuleTargetInput.fromObject({ account: stack.account, stack: stack.stackId }) }),
  ],
  ['a part of the event', () => ({ event: RuleTargetInput.fromEventPath('$.detail') })],
  ['a dead-letter queue', (stack) => ({ deadLetterQueue: new Queue(stack, 'Queue') })],
  [
    'an encrypted dead-letter queue',
    (stack) => ({ deadLetterQueue: new Queue(stack, 'Queue', { encryption: QueueEncryption.SQS_MANAGED }) }),
  ],
  [
    'an imported dead-letter queue',
    (stack) => ({
      deadLetterQueue: Queue.fromQueueArn(stack, 'Queue', `arn:aws:sqs:${REGION}:${HUB.account}:undelivered`),
    }),
  ],
  ['no second attempt', () => ({ retryAttempts: 0 })],
  ['some attempts', () => ({ retryAttempts: 10 })],
  ['the most attempts', () => ({ retryAttempts: 185 })],
  ['the shortest age', () => ({ maxEventAge: Duration.seconds(60) })],
  ['an age in hours', () => ({ maxEventAge: Duration.hours(2) })],
  ['the longest age', () => ({ maxEventAge: Duration.days(1) })],
  ['attempts and an age', () => ({ retryAttempts: 2, maxEventAge: Duration.minutes(5) })],
  [
    'attempts and an age that only deployment tells',
    (stack) => ({
      retryAttempts: parameter(stack, 'Attempts'),
      maxEventAge: Duration.seconds(parameter(stack, 'Age')),
    }),
  ],
  [
    'everything',
    (stack) => ({
      event: RuleTargetInput.fromObject({ id: detail }),
      deadLetterQueue: new Queue(stack, 'Queue'),
      retryAttempts: 3,
      maxEventAge: Duration.minutes(10),
    }),
  ],
];

/** The targets as the template of a new app has them. */
function targetsWith(
  target: Made,
  options: Options,
  handlerOf: (stack: Stack) => IFunction = (stack) => testFunction(stack, 'Handler'),
) {
  const stack = testStack('Hub', HUB);
  const rule = new Rule(stack, 'Rule', { ruleName: 'rule', eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new target(handlerOf(stack), options(stack)));
  return propertiesOf(stack, 'AWS::Events::Rule')[0].Targets;
}

describe('a function of the same account as target', () => {
  test.each(OPTIONS)('is written as the CDK writes it, with %s', (_, options) => {
    const targets = targetsWith(LambdaEventTarget, options);
    expect(targets).toEqual(targetsWith(LambdaFunction, options));
    expect(targets).toHaveLength(1);
  });

  test.each<[string, (stack: Stack) => IFunction]>([
    ['a version', (stack) => testFunction(stack, 'Handler').currentVersion],
    [
      'an alias',
      (stack) =>
        new Alias(stack, 'Live', { aliasName: 'live', version: testFunction(stack, 'Handler').currentVersion }),
    ],
    ['an imported function', (stack) => Function.fromFunctionName(stack, 'Handler', 'theirs')],
  ])('is written as the CDK writes it, when it is %s', (_, handler) => {
    const everything = OPTIONS[OPTIONS.length - 1][1];
    expect(targetsWith(LambdaEventTarget, everything, handler)).toEqual(
      targetsWith(LambdaFunction, everything, handler),
    );
  });

  test('has all that the options make, not only what the CDK has', () => {
    const [target] = targetsWith(LambdaEventTarget, OPTIONS[OPTIONS.length - 1][1]);
    expect(Object.keys(target).sort()).toEqual(['Arn', 'DeadLetterConfig', 'Id', 'InputTransformer', 'RetryPolicy']);
    expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 3 });
  });
});

describe('a function of another account as target', () => {
  const inConsumer = (stack: Stack) =>
    testFunction(testStack('Consumer', BILLING, stack.node.root as ReturnType<typeof testApp>), 'Handler', {
      functionName: PhysicalName.GENERATE_IF_NEEDED,
    });
  test.each(OPTIONS)('has the same options besides its ARN and role: %s', (_, options) => {
    const [{ Arn, RoleArn, ...target }] = targetsWith(LambdaEventTarget, options, inConsumer);
    const [{ Arn: own, ...same }] = targetsWith(LambdaFunction, options);
    expect(target).toEqual(same);
    expect([Arn, RoleArn, own]).not.toContain(undefined);
  });
});

test('several targets of one rule are written as the CDK writes them', () => {
  const [ours, theirs] = [LambdaEventTarget, LambdaFunction].map((target) => {
    const stack = testStack('Hub', HUB);
    const [first, second] = ['A', 'B'].map((id) => testFunction(stack, id));
    const targets = [first, second, first].map((handler, i) => new target(handler, { retryAttempts: i }));
    new Rule(stack, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
    return propertiesOf(stack, 'AWS::Events::Rule')[0].Targets;
  });
  expect(ours).toEqual(theirs);
  expect(ours).toHaveLength(3);
});
