import { App, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueueInlinePolicy, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { LambdaEventTarget, PolicySizeAspectProps } from '../../../src';
import { HUB, count, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';
import { LENIENT_SIZES, formatted, sizesFound } from '../../support/sizes';

const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111111111111:orders';

let app: App;
let hub: Stack;
let other: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  hub = testStack('Hub', HUB, app);
  other = testStack('Other', HUB, app);
});

const check = (props?: PolicySizeAspectProps) => sizesFound(app, props);

const statement = (Sid: string, source: string) => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: QUEUE_ARN,
  Condition: { ArnLike: { 'aws:SourceArn': source } },
});
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const sizeOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
/** A document with this number of characters and statements. */
function documentOf(characters: number, statements = 1) {
  const short = count(statements - 1, (i) => statement(`S${i}`, ''));
  return document(
    statement('Long', 'x'.repeat(characters - sizeOf(document(statement('Long', ''), ...short)))),
    ...short,
  );
}
const queue = (scope = hub, id = 'Queue', queueName = 'orders') => new CfnQueue(scope, id, { queueName });
const policy = (queues: string[], policyDocument: object, scope = hub, id = 'Policy') =>
  new CfnQueuePolicy(scope, id, { queues, policyDocument });
const conditionOf = (scope: Stack) =>
  new CfnCondition(scope, 'Production', { expression: Fn.conditionEquals(new CfnParameter(scope, 'Stage'), 'prod') });

describe('the policy of a queue', () => {
  test.each<[number, number, string[]]>([
    [6_553, 16, []],
    [6_554, 2, ['warning queuePolicySize /Hub/Policy']],
    [8_192, 2, ['warning queuePolicySize /Hub/Policy']],
    [8_193, 2, ['error queuePolicySize /Hub/Policy']],
    [6_000, 17, ['warning queuePolicySize /Hub/Policy']],
    [6_000, 20, ['warning queuePolicySize /Hub/Policy']],
    [6_000, 21, ['error queuePolicySize /Hub/Policy']],
    [8_193, 21, ['error queuePolicySize /Hub/Policy']],
  ])('is measured exactly: %d characters and %d statements', (characters, statements, expected) => {
    policy([queue().ref], documentOf(characters, statements));
    expectFindings(check(), expected);
  });

  test.each<[string, (cfnQueue: CfnQueue) => unknown, string]>([
    [
      'by reference from another stack',
      (cfnQueue) => policy([cfnQueue.ref], documentOf(8_193), other),
      '/Other/Policy',
    ],
    [
      'by URL',
      () => policy(['https://sqs.eu-west-1.amazonaws.com/111111111111/orders'], documentOf(8_193), other),
      '/Other/Policy',
    ],
    [
      'in a resource for one queue',
      (cfnQueue) => new CfnQueueInlinePolicy(hub, 'Inline', { queue: cfnQueue.ref, policyDocument: documentOf(8_193) }),
      '/Hub/Inline',
    ],
    [
      'with a property override',
      (cfnQueue) => policy([cfnQueue.ref], document()).addOverride('Properties.PolicyDocument', documentOf(8_193)),
      '/Hub/Policy',
    ],
    [
      'as text',
      (cfnQueue) =>
        policy([cfnQueue.ref], document()).addPropertyOverride('PolicyDocument', JSON.stringify(documentOf(8_193))),
      '/Hub/Policy',
    ],
    [
      'from an L2 queue',
      () => {
        const l2 = new Queue(hub, 'L2', { queueName: 'orders2' });
        for (let i = 0; i < 3; i++) {
          l2.addToResourcePolicy(PolicyStatement.fromJson(statement(`S${i}`, 'x'.repeat(3_000))));
        }
      },
      '/Hub/L2/Policy/Resource',
    ],
  ])('is read %s', (_, attach, path) => {
    attach(queue());
    expectFindings(check(), [`error queuePolicySize ${path}`]);
  });

  test('is reported once if it is attached to several queues', () => {
    policy([queue().ref, queue(hub, 'Second', 'invoices').ref], documentOf(8_193));
    expectFindings(check(), ['error queuePolicySize /Hub/Policy']);
  });

  test('is an estimate if several resources define it, because the last one replaces the others', () => {
    const { ref } = queue();
    policy([ref], documentOf(5_000));
    policy([ref], documentOf(5_000), other);
    expectFindings(check(), ['warning queuePolicySize /Hub/Queue']);
  });

  test('is not added up over resources that have a CloudFormation condition', () => {
    const { ref } = queue();
    const condition = conditionOf(hub);
    for (const id of ['A', 'B']) policy([ref], documentOf(5_000), hub, id).cfnOptions.condition = condition;
    expect(check()).toEqual([]);
  });

  test('is estimated if it has a CloudFormation condition or parameters', () => {
    policy([queue().ref], documentOf(8_193)).cfnOptions.condition = conditionOf(hub);
    const parameter = new CfnParameter(other, 'Rule').valueAsString;
    policy(
      [queue(other, 'Queue', 'invoices').ref],
      document(...count(8, (i) => statement(`S${i}`.padEnd(800, 'x'), parameter))),
      other,
    );
    expectFindings(check(), ['warning queuePolicySize /Hub/Policy', 'warning queuePolicySize /Other/Policy']);
  });

  test('has the warning threshold of the options', () => {
    policy([queue().ref], documentOf(5_000));
    expectFindings(check({ warningThresholdPercent: 50 }), ['warning queuePolicySize /Hub/Policy']);
  });

  test('has too many statements if each target of aws-cdk-lib adds one', () => {
    const deadLetterQueue = new Queue(hub, 'DeadLetters');
    const targets = [new SqsQueue(new Queue(hub, 'Target'), { deadLetterQueue })];
    for (let i = 0; i < 21; i++) new Rule(hub, `Rule${i}`, { eventPattern: { source: ['shop'] }, targets });
    const messages = check().filter((message) => message.includes('/DeadLetters/'));
    expectFindings(messages, ['error queuePolicySize /Hub/DeadLetters/Policy/Resource']);
  });

  test.each([10, 60, 80, 100, 200])('has no findings with %d targets of this library, which shorten it', (n) => {
    const deadLetterQueue = new Queue(hub, 'DeadLetters');
    const handler = testFunction(hub, 'Handler');
    const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    for (let i = 0; i < n; i++) {
      new Rule(hub, `Rule${i}`, {
        ruleName: `rule-number-${i}`,
        eventBus,
        eventPattern: { source: ['shop'] },
        targets: [new LambdaEventTarget(handler, { deadLetterQueue })],
      });
    }
    expect(check({ functionPolicyLimit: 1_000_000 }).filter((m) => m.includes('olicySize'))).toEqual([]);
  });
});

describe('the policy of a key', () => {
  const key = (keyPolicy: object) => new CfnKey(hub, 'Key', { keyPolicy });
  test.each<[number, string[]]>([
    [26_214, []],
    [26_215, ['warning keyPolicySize /Hub/Key']],
    [32_768, ['warning keyPolicySize /Hub/Key']],
    [32_769, ['error keyPolicySize /Hub/Key']],
  ])('is measured exactly: %d bytes', (bytes, expected) => {
    key(documentOf(bytes));
    expectFindings(check(), expected);
  });

  test('is measured in bytes, not characters', () => {
    const keyPolicy = document(statement('Long', 'é'.repeat(16_384)));
    key(keyPolicy);
    const messages = check();
    expectFindings(messages, ['error keyPolicySize /Hub/Key']);
    expect(messages[0]).toContain(` has ${formatted(sizeOf(keyPolicy))} of `);
  });

  test('is the sum of all statements that are added to an L2 key', () => {
    const l2 = new Key(hub, 'Key');
    for (let i = 0; i < 60; i++) {
      l2.addToResourcePolicy(PolicyStatement.fromJson({ ...statement(`S${i}`, 'x'.repeat(500)), Resource: '*' }));
    }
    expectFindings(check(), ['error keyPolicySize /Hub/Key/Resource']);
  });

  test('is measured with property overrides, and estimated if the key has a CloudFormation condition', () => {
    const cfnKey = key(document());
    cfnKey.addOverride('Properties.KeyPolicy', documentOf(32_769));
    cfnKey.cfnOptions.condition = conditionOf(hub);
    expectFindings(check(), ['warning keyPolicySize /Hub/Key']);
  });
});

describe('the policy of an EventsV2 bus', () => {
  const arn = 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders/1';
  const v2 = (characters: number, id = 'Policy', scope = hub) =>
    new CfnResource(scope, id, {
      type: 'AWS::EventsV2::ResourcePolicy',
      properties: { EventBusArn: arn, PolicyDocument: documentOf(characters) },
    });
  test.each<[number, string[]]>([
    [16_384, []],
    [16_385, ['warning eventBusPolicySize /Hub/Policy']],
    [20_481, ['error eventBusPolicySize /Hub/Policy']],
  ])('is measured exactly: %d characters', (characters, expected) => {
    v2(characters);
    expectFindings(check({ eventBusPolicyLimit: 100 }), expected);
  });

  test('has the limit of a single bus with its ARN', () => {
    v2(12_000);
    expectFindings(check({ eventBuses: { [arn]: { policyLimit: 11_000 } } }), ['error eventBusPolicySize /Hub/Policy']);
  });
});

test.each<[string, object | string | number | null]>([
  ['text', 'no policy'],
  ['a number', 1],
  ['nothing', null],
  ['a list', [1, null, 'x']],
  ['invalid statements', { Statement: [null, 'x', { Sid: 7 }, { toString: 1 }] }],
])('policies that are %s do not make the check fail', (_, invalid) => {
  const resource = (type: string, properties: object) =>
    new CfnResource(hub, type.replace(/::/g, ''), { type, properties });
  resource('AWS::SQS::QueuePolicy', { Queues: invalid, PolicyDocument: invalid });
  resource('AWS::SQS::QueueInlinePolicy', { Queue: invalid, PolicyDocument: invalid });
  resource('AWS::KMS::Key', { KeyPolicy: invalid });
  resource('AWS::EventsV2::ResourcePolicy', { EventBusArn: invalid, PolicyDocument: invalid });
  expect(check().filter((m) => /olicySize|checkFailed/.test(m))).toEqual([]);
});
