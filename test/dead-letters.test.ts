import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CONSUMER, HUB, messagesOf, testApp, testFunction, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';
import { CrossAccountEventBus, LambdaEventTarget } from '../src';

function hub(app: App = testApp()) {
  const stack = testStack('Hub', HUB, app);
  return { app, stack, bus: new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' }) };
}

const ruleWith = (stack: Stack, bus: CrossAccountEventBus, deadLetterQueue: IQueue) => new Rule(stack, 'Rule', {
  eventBus: bus, ruleName: 'rule', eventPattern: { source: ['x'] }, targets: [new LambdaEventTarget(testFunction(stack, 'Handler'), { deadLetterQueue })],
});

const policies = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy')).flatMap((p) => p.Properties.PolicyDocument.Statement);

describe('undelivered events may be written to', () => {
  test('a queue of the stack, by this rule alone', () => {
    const { stack, bus } = hub();
    ruleWith(stack, bus, new Queue(stack, 'Queue'));

    expect(policies(stack)).toEqual([{
      Sid: expect.stringMatching(/^[A-Za-z0-9]{1,128}$/),
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Queue/), 'Arn'] },
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [expect.stringMatching(/^Rule/), 'Arn'] } } },
    }]);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Targets: [{ DeadLetterConfig: { Arn: policies(stack)[0].Resource } }] });
  });

  test('an encrypted queue, by its key too', () => {
    const { stack, bus } = hub();
    ruleWith(stack, bus, new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS }));

    const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    expect(key.Properties.KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
    });
  });

  test('a queue of another account of the app, in its own stack', () => {
    const { app, stack, bus } = hub();
    const consumer = testStack('Consumer', CONSUMER, app);
    ruleWith(stack, bus, new Queue(consumer, 'Queue', { queueName: 'dead' }));

    expect(policies(consumer)).toMatchObject([{ Condition: { ArnEquals: { 'aws:SourceArn': {} } } }]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('a queue of another stack, without a circle of stacks', () => {
    const { app, stack, bus } = hub();
    const other = testStack('Other', HUB, app);
    ruleWith(stack, bus, new Queue(other, 'Queue'));

    expect(() => app.synth()).not.toThrow();
    expect(other.dependencies).toEqual([]);
    expect(policies(other)[0].Condition.ArnEquals['aws:SourceArn']).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-west-1:111111111111:rule/orders/rule']] });
  });
});

describe('undelivered events may not be written to', () => {
  test('an imported queue, and a warning has the statement to add', () => {
    const { stack, bus } = hub();
    ruleWith(stack, bus, Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:eu-west-1:111111111111:dead'));

    expect(messagesOf(stack)).toEqual([expect.stringMatching(
      /^warning \/Hub\/Rule undelivered events are lost until the policy of queue arn:aws:sqs:eu-west-1:\d+:dead has this statement: \{.*"aws:SourceArn":"arn:aws:events:eu-west-1:111111111111:rule\/orders\/rule".*\} \[ack: cdk-cross-account-eventbridge:queueGrantElsewhere\]$/,
    )]);
  });

  test('an encrypted queue whose key the app does not make, and a warning has the statement to add', () => {
    const { stack, bus } = hub();
    const encryptionMasterKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555');
    ruleWith(stack, bus, new Queue(stack, 'Queue', { encryptionMasterKey }));

    expect(messagesOf(stack)).toEqual([expect.stringMatching(
      /^warning \/Hub\/Rule undelivered events are lost until the policy of key arn:aws:kms:.* has this statement: \{.*"kms:GenerateDataKey".*\} \[ack: cdk-cross-account-eventbridge:queueGrantElsewhere\]$/,
    )]);
  });
});

describeWithOracle('a dead-letter queue', () => {
  test('takes the events of rule and bus, encrypted or not, and those of no stranger', () => {
    const app = testApp();
    const stack = testStack('Hub', HUB, app);
    const encrypted = new Queue(stack, 'Encrypted', { encryption: QueueEncryption.KMS });
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', deadLetterQueue: new Queue(stack, 'OfBus') });
    ruleWith(stack, bus, encrypted);

    const ofRule = { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:eu-west-1:111111111111:rule/orders/rule' };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { deliver: { rule: { account: HUB.account, bus: 'orders', name: 'rule' } }, expect: { 'Target0': 'allow', 'Target0.deadLetter': 'allow' } },
        { busDeadLetter: { bus: 'Hub/Bus' }, expect: 'allow' },
        { strangers: true, queue: 'Hub/Encrypted', welcome: [ofRule] },
      ],
    });
  });
});
