import { App, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueueInlinePolicy, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { LambdaEventTarget, PolicySizeAspectProps } from '../../../src';
import { HUB, count, testApp, testFunction, testStack } from '../../support/apps';
import { pattern } from '../../support/pattern';
import { LENIENT_SIZES, brief, sizesFound } from '../../support/sizes';

const QUEUE_SIZE = 'cdk-cross-account-eventbridge:queuePolicySize';
const KEY_SIZE = 'cdk-cross-account-eventbridge:keyPolicySize';
const BUS_SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize';
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
/** A document of exactly so many characters, in so many statements. */
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
    [6_554, 2, ['warning /Hub/Policy']],
    [8_192, 2, ['warning /Hub/Policy']],
    [8_193, 2, ['error /Hub/Policy']],
    [6_000, 17, ['warning /Hub/Policy']],
    [6_000, 20, ['warning /Hub/Policy']],
    [6_000, 21, ['error /Hub/Policy']],
    [8_193, 21, ['error /Hub/Policy']],
  ])('of %d characters and %d statements is judged to the letter', (characters, statements, expected) => {
    policy([queue().ref], documentOf(characters, statements));
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the policy of queue ${QUEUE_ARN} has ${characters} characters in ${statements} statements, ` +
          "of 8192 characters and 20 statements allowed; 'Long' takes ",
      );
      expect(message).toContain(QUEUE_SIZE);
    }
  });

  test.each<[string, (made: CfnQueue) => unknown, string]>([
    ['by reference from another stack', (made) => policy([made.ref], documentOf(8_193), other), '/Other/Policy'],
    [
      'by URL',
      () => policy(['https://sqs.eu-west-1.amazonaws.com/111111111111/orders'], documentOf(8_193), other),
      '/Other/Policy',
    ],
    [
      'in a resource for one queue',
      (made) => new CfnQueueInlinePolicy(hub, 'Inline', { queue: made.ref, policyDocument: documentOf(8_193) }),
      '/Hub/Inline',
    ],
    [
      'by raw override',
      (made) => policy([made.ref], document()).addOverride('Properties.PolicyDocument', documentOf(8_193)),
      '/Hub/Policy',
    ],
    [
      'as text',
      (made) => policy([made.ref], document()).addPropertyOverride('PolicyDocument', JSON.stringify(documentOf(8_193))),
      '/Hub/Policy',
    ],
    [
      'of an L2',
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
    expect(brief(check())).toEqual([`error ${path}`]);
  });

  test('for several queues is told once', () => {
    policy([queue().ref, queue(hub, 'Second', 'invoices').ref], documentOf(8_193));
    expect(brief(check())).toEqual(['error /Hub/Policy']);
  });

  test('that several resources write is not added up for certain: the last one wins', () => {
    const { ref } = queue();
    policy([ref], documentOf(5_000));
    policy([ref], documentOf(5_000), other);
    const messages = check();
    expect(brief(messages)).toEqual(['warning /Hub/Queue']);
    expect(messages[0]).toMatch(
      pattern(
        / has 99\d\d characters in 2 statements of several resources, of which the /,
        /last one to be deployed replaces the others, of 8192 characters and 20/,
      ),
    );
  });

  test('that one of two resources writes by condition is judged by each', () => {
    const { ref } = queue();
    const condition = conditionOf(hub);
    for (const id of ['A', 'B']) policy([ref], documentOf(5_000), hub, id).cfnOptions.condition = condition;
    expect(check()).toEqual([]);
  });

  test('is told by estimate under a condition, and where a value is known at deployment only', () => {
    policy([queue().ref], documentOf(8_193)).cfnOptions.condition = conditionOf(hub);
    const parameter = new CfnParameter(other, 'Rule').valueAsString;
    policy(
      [queue(other, 'Queue', 'invoices').ref],
      document(...count(8, (i) => statement(`S${i}`.padEnd(800, 'x'), parameter))),
      other,
    );
    expect(check()).toEqual([
      expect.stringMatching(
        /^warning \/Hub\/Policy .* has 8193 characters if its condition holds in 1 statement, of 8192/,
      ),
      expect.stringMatching(
        pattern(
          /^warning \/Other\/Policy .* about \d{4} characters \(at least \d{4}, the /,
          /rest is known only at deployment\) in 8 statements, of 8192/,
        ),
      ),
    ]);
  });

  test('is judged by the threshold that is given', () => {
    policy([queue().ref], documentOf(5_000));
    expect(brief(check({ warningThresholdPercent: 50 }))).toEqual(['warning /Hub/Policy']);
  });

  test('has too many statements where each target of the CDK adds one', () => {
    const deadLetterQueue = new Queue(hub, 'DeadLetters');
    const targets = [new SqsQueue(new Queue(hub, 'Target'), { deadLetterQueue })];
    for (let i = 0; i < 21; i++) new Rule(hub, `Rule${i}`, { eventPattern: { source: ['shop'] }, targets });
    expect(check().filter((m) => m.includes('/DeadLetters/'))).toEqual([
      expect.stringMatching(/^error \/Hub\/DeadLetters\/Policy\/Resource .* in 21 statements/),
    ]);
  });

  test.each([10, 60, 80, 100, 200])(
    'of this library is silent with %d rules: it is shortened where it has to be',
    (n) => {
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
    },
  );
});

describe('the policy of a key', () => {
  const key = (keyPolicy: object) => new CfnKey(hub, 'Key', { keyPolicy });
  test.each<[number, string[]]>([
    [26_214, []],
    [26_215, ['warning /Hub/Key']],
    [32_768, ['warning /Hub/Key']],
    [32_769, ['error /Hub/Key']],
  ])('of %d bytes is judged to the letter', (bytes, expected) => {
    key(documentOf(bytes));
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(` has ${bytes} bytes in 1 statement, of 32768 allowed; 'Long' takes `);
      expect(message).toContain(KEY_SIZE);
    }
  });

  test('counts bytes, not characters', () => {
    const keyPolicy = document(statement('Long', 'é'.repeat(16_384)));
    key(keyPolicy);
    expect(check()).toEqual([expect.stringContaining(` has ${sizeOf(keyPolicy)} bytes in 1 statement`)]);
  });

  test('of an L2, with grants of another stack, is added up', () => {
    const l2 = new Key(hub, 'Key');
    for (let i = 0; i < 60; i++) {
      l2.addToResourcePolicy(PolicyStatement.fromJson({ ...statement(`S${i}`, 'x'.repeat(500)), Resource: '*' }));
    }
    expect(check()).toEqual([
      expect.stringMatching(
        /^error \/Hub\/Key\/Resource the policy of key \S+ has \d{5} bytes in 61 statements, of 32768/,
      ),
    ]);
  });

  test('is judged with raw overrides, and by estimate under a condition', () => {
    const made = key(document());
    made.addOverride('Properties.KeyPolicy', documentOf(32_769));
    made.cfnOptions.condition = conditionOf(hub);
    expect(check()).toEqual([
      expect.stringMatching(/^warning \/Hub\/Key .* 32769 bytes if its condition holds in 1 statement/),
    ]);
  });
});

describe('the policy of a bus of the newer generation', () => {
  const arn = 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders/1';
  const v2 = (characters: number, id = 'Policy', scope = hub) =>
    new CfnResource(scope, id, {
      type: 'AWS::EventsV2::ResourcePolicy',
      properties: { EventBusArn: arn, PolicyDocument: documentOf(characters) },
    });
  test.each<[number, string[]]>([
    [16_384, []],
    [16_385, ['warning /Hub/Policy']],
    [20_481, ['error /Hub/Policy']],
  ])('of %d characters is judged to the letter', (characters, expected) => {
    v2(characters);
    const messages = check({ eventBusPolicyLimit: 100 });
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the policy of bus ${arn} has ${characters} characters in 1 statement, of 20480 allowed; 'Long' takes `,
      );
      expect(message).toContain(BUS_SIZE);
    }
  });

  test('has a limit of its own by its ARN', () => {
    v2(12_000);
    expect(brief(check({ eventBuses: { [arn]: { policyLimit: 11_000 } } }))).toEqual(['error /Hub/Policy']);
  });
});

test.each<[string, object | string | number | null]>([
  ['text', 'no policy'],
  ['a number', 1],
  ['nothing', null],
  ['a list', [1, null, 'x']],
  ['strange statements', { Statement: [null, 'x', { Sid: 7 }, { toString: 1 }] }],
])('policies that are %s are no reason to fail', (_, strange) => {
  const resource = (type: string, properties: object) =>
    new CfnResource(hub, type.replace(/::/g, ''), { type, properties });
  resource('AWS::SQS::QueuePolicy', { Queues: strange, PolicyDocument: strange });
  resource('AWS::SQS::QueueInlinePolicy', { Queue: strange, PolicyDocument: strange });
  resource('AWS::KMS::Key', { KeyPolicy: strange });
  resource('AWS::EventsV2::ResourcePolicy', { EventBusArn: strange, PolicyDocument: strange });
  expect(check().filter((m) => /olicySize|checkFailed/.test(m))).toEqual([]);
});
