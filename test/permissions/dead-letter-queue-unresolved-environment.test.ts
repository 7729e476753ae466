import { App, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, LambdaEventTarget } from '../../src';
import { HUB, REGION, messagesOf, testApp, testFunction } from '../support/apps';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const QUEUE_ARN = `arn:aws:sqs:${REGION}:${HUB.account}:undelivered`;

let app: App;
beforeEach(() => {
  app = testApp();
});

/** Of this library: the CDK may warn of references between stacks. */
const ours = (of: Stack) => messagesOf(of).filter((message) => message.includes('cdk-cross-account-eventbridge'));
const stackOf = (id: string, known: boolean) => new Stack(app, id, { env: known ? HUB : { region: REGION } });
const queueIn = (scope: Stack) => new Queue(scope, 'Queue', { queueName: 'undelivered' });

type Use = (scope: Stack, deadLetterQueue: IQueue) => unknown;
const SOURCES: [string, Use][] = [
  [
    'a rule with a function',
    (scope, deadLetterQueue) =>
      new Rule(scope, 'Source', {
        ruleName: 'rule',
        eventPattern: { source: ['x'] },
        targets: [new LambdaEventTarget(testFunction(scope, 'Handler'), { deadLetterQueue })],
      }),
  ],
  [
    'a rule with a bus',
    (scope, deadLetterQueue) =>
      new Rule(scope, 'Source', {
        ruleName: 'rule',
        eventPattern: { source: ['x'] },
        targets: [new CrossAccountEventBusTarget(new CrossAccountEventBus(scope, 'Target'), { deadLetterQueue })],
      }),
  ],
  ['a bus', (scope, deadLetterQueue) => new CrossAccountEventBus(scope, 'Source', { deadLetterQueue })],
];

describe.each(SOURCES)('the dead-letter queue of %s', (_, use) => {
  test.each<[string, boolean, boolean]>([
    ['of the source', false, true],
    ['of the queue', true, false],
  ])('fails where only deployment tells the account %s', (__, ofSource, ofQueue) => {
    const [scope, queue] = [stackOf('Sources', ofSource), queueIn(stackOf('Queues', ofQueue))];
    expectError(() => use(scope, queue), "Sources/Source: 'deadLetterQueue' must");
  });

  test.each<[string, boolean]>([
    ['of none', false],
    ['of both', true],
  ])('takes messages where the account is known %s', (__, known) => {
    const [scope, queues] = [stackOf('Sources', known), stackOf('Queues', known)];
    use(scope, queueIn(queues));
    expect(propertiesOf(queues, 'AWS::SQS::QueuePolicy')[0].PolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::Join': expect.anything() } } },
      },
    ]);
    expect(ours(scope)).toEqual([]);
  });

  test.each<[string, boolean]>([
    ['known', true],
    ['unknown', false],
  ])('keeps its policy where it is imported, and gives a warning: the account is %s', (__, known) => {
    const scope = stackOf('Sources', known);
    use(scope, Queue.fromQueueArn(scope, 'Queue', QUEUE_ARN));
    expect(propertiesOf(scope, 'AWS::SQS::QueuePolicy')).toEqual([]);
    expectFindings(messagesOf(scope), ['warning manuallyAddQueuePolicy /Sources/Source']);
  });
});

describeWithOracle('undelivered events arrive in the queue', () => {
  test('of another stack, where only deployment tells the account of both', () => {
    const [rules, buses, queues] = ['Rules', 'Buses', 'Queues'].map((id) => stackOf(id, false));
    const queue = queueIn(queues);
    SOURCES[0][1](rules, queue);
    SOURCES[2][1](buses, queue);
    expectAnswers(app, {
      defaults: HUB,
      questions: [
        { noProblems: true },
        {
          deliver: { rule: { account: HUB.account, name: 'rule' } },
          expect: { Target0: 'allow', 'Target0.deadLetter': 'allow' },
        },
        { busDeadLetter: { bus: 'Buses/Source' }, expect: 'allow' },
        { strangers: true, queue: 'undelivered' },
      ],
    });
  });
});
