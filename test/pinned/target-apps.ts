import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  ApiGatewayEventTarget,
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  KinesisEventTarget,
  LambdaEventTarget,
  LambdaPermissionScope,
  QueuePermissionScope,
  SnsEventTarget,
  SqsEventTarget,
} from '../../src';
import { BILLING, ORGANIZATION, REGION, testFunction } from '../support/apps';
import { busArn, inThreeAccounts, ThreeAccounts } from '../support/three-accounts';

const eventPattern = { source: ['com.example.shop'] };

/** An app whose bus has a rule with a target. */
function target(make: (three: ThreeAccounts) => IRuleTarget) {
  return inThreeAccounts((three) => {
    const eventBus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    new Rule(three.hub, 'Rule', { eventBus, eventPattern, targets: [make(three)] });
  });
}

const apiOfBilling = ({ hub }: ThreeAccounts) => RestApi.fromRestApiId(hub, 'Api', 'a1b2c3d4e5');

/** Rules with each kind of target, in the account of the rule and in another one. */
export const TARGET_APPS = {
  function: target(({ hub }) => new LambdaEventTarget(testFunction(hub, 'Handler'))),
  'function, a permission for the bus': target(
    ({ hub }) =>
      new LambdaEventTarget(testFunction(hub, 'Handler'), { permissionScope: LambdaPermissionScope.EVENT_BUS }),
  ),
  'alias of a function': target(({ hub }) => new LambdaEventTarget(testFunction(hub, 'Handler').addAlias('live'))),
  'function of another account': target(
    ({ billing }) => new LambdaEventTarget(testFunction(billing, 'Handler', { functionName: 'invoices' })),
  ),
  'function of another account, for the execution role': target(
    ({ billing }) =>
      new LambdaEventTarget(testFunction(billing, 'Handler', { functionName: 'invoices' }), {
        restrictToExecutionRole: true,
      }),
  ),
  'imported function of another account': target(({ hub }) => {
    const functionArn = `arn:aws:lambda:${REGION}:${BILLING.account}:function:invoices`;
    return new LambdaEventTarget(Function.fromFunctionArn(hub, 'Handler', functionArn));
  }),
  queue: target(({ hub }) => new SqsEventTarget(new Queue(hub, 'Queue'))),
  'queue, a permission for the bus': target(
    ({ hub }) => new SqsEventTarget(new Queue(hub, 'Queue'), { permissionScope: QueuePermissionScope.EVENT_BUS }),
  ),
  'queue of another account': target(
    ({ billing }) => new SqsEventTarget(new Queue(billing, 'Queue', { queueName: 'invoices' })),
  ),
  'encrypted queue of another account': target(({ billing }) => {
    const encryptionMasterKey = new Key(billing, 'Key');
    const encryption = QueueEncryption.KMS;
    return new SqsEventTarget(new Queue(billing, 'Queue', { queueName: 'invoices', encryption, encryptionMasterKey }));
  }),
  'FIFO queue': target(
    ({ hub }) =>
      new SqsEventTarget(new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true }), {
        messageGroupId: 'orders',
      }),
  ),
  topic: target(({ hub }) => new SnsEventTarget(new Topic(hub, 'Topic'))),
  'topic of another account': target(
    ({ billing }) => new SnsEventTarget(new Topic(billing, 'Topic', { topicName: 'invoices' })),
  ),
  stream: target(({ hub }) => new KinesisEventTarget(new Stream(hub, 'Stream'))),
  'stream of another account': target(
    ({ billing }) =>
      new KinesisEventTarget(
        new Stream(billing, 'Stream', { streamName: 'invoices', encryption: StreamEncryption.UNENCRYPTED }),
      ),
  ),
  'API of another account': target(
    (three) =>
      new ApiGatewayEventTarget(apiOfBilling(three), {
        restApiAccount: BILLING.account,
        stage: 'prod',
        method: 'POST',
        path: '/orders',
      }),
  ),
  'bus of another account': target(
    ({ billing }) =>
      new CrossAccountEventBusTarget(new CrossAccountEventBus(billing, 'Bus', { eventBusName: 'billing' })),
  ),
  'bus of another account that lets the organization in': target(({ billing }) => {
    const publishers = [EventPublisher.organization(ORGANIZATION)];
    const billingBus = new CrossAccountEventBus(billing, 'Bus', { eventBusName: 'billing', publishers });
    return new CrossAccountEventBusTarget(billingBus);
  }),
  'imported bus of another account': target(
    ({ hub }) => new CrossAccountEventBusTarget(EventBus.fromEventBusArn(hub, 'Other', busArn('billing', BILLING))),
  ),
  'dead-letter queue': target(
    ({ hub }) =>
      new LambdaEventTarget(testFunction(hub, 'Handler'), { deadLetterQueue: new Queue(hub, 'DeadLetters') }),
  ),
  'rule on a bus of another account': inThreeAccounts(({ hub, billing }) => {
    const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const targets = [new CrossAccountEventBusTarget(EventBus.fromEventBusName(billing, 'Default', 'default'))];
    new CrossAccountRule(billing, 'Rule', { eventBus, eventPattern, targets });
  }),
};
