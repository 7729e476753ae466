import { Annotations, Stack } from 'aws-cdk-lib';
import { CfnRestApi, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnStream, Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { CfnTopic, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow, jsonIn } from './fix-row';
import { eventPattern } from './manual-steps';
import { ApiGatewayEventTarget, KinesisEventTarget, SnsEventTarget, SqsEventTarget } from '../../../src';
import { BILLING, HUB, REGION, count } from '../../support/apps';
import { cfnRule, queueArn, rootArn } from '../../support/three-accounts';

/** Targets in other accounts, and the sizes of their policies. */

const TOPIC = `arn:aws:sns:${REGION}:${BILLING.account}:orders`;
const STREAM = `arn:aws:kinesis:${REGION}:${BILLING.account}:stream/orders`;
const ACKNOWLEDGE = 'then acknowledge this warning';

const ruleTo = (hub: Stack, target: IRuleTarget) =>
  new Rule(hub, 'Rule', { ruleName: 'rule', eventPattern, targets: [target] });
const statementIn = (fix: string) => PolicyStatement.fromJson(jsonIn(fix));

/** A policy with one statement for each role, or one for all accounts. */
const documentOf = (action: string, resource: string, statements: number, accounts: number) => ({
  Version: '2012-10-17',
  Statement: count(statements, (i) => ({
    Sid: `S${i}`,
    Effect: 'Allow',
    Principal: { AWS: count(accounts, (j) => rootArn({ account: String(400000000000 + i + j) })) },
    Action: action,
    Resource: resource,
  })),
});
const OWN_TOPIC = `arn:aws:sns:${REGION}:${HUB.account}:orders`;
const OWN_STREAM = `arn:aws:kinesis:${REGION}:${HUB.account}:stream/orders`;

export const OTHER_ACCOUNT_FIXES: readonly FixRow[] = [
  {
    what: 'the statement for the execution role',
    finds: 'manuallyAddQueuePolicy',
    names: ['CrossAccountQueuePermission', 'add this statement to the queue policy', ACKNOWLEDGE],
    app: ({ hub, billing }, fix) => {
      const arn = queueArn('orders', BILLING);
      if (fix) new Queue(billing, 'Queue', { queueName: 'orders' }).addToResourcePolicy(statementIn(fix));
      ruleTo(hub, new SqsEventTarget(Queue.fromQueueArn(hub, 'Imported', arn)));
    },
  },
  {
    what: 'the statement for the execution role',
    finds: 'manuallyAddTopicPolicy',
    names: ['CrossAccountTopicPermission', 'add this statement to the topic policy', ACKNOWLEDGE],
    app: ({ hub, billing }, fix) => {
      if (fix) new Topic(billing, 'Topic', { topicName: 'orders' }).addToResourcePolicy(statementIn(fix));
      ruleTo(hub, new SnsEventTarget(Topic.fromTopicArn(hub, 'Imported', TOPIC)));
    },
  },
  {
    what: 'the statement for the execution role',
    finds: 'manuallyAddStreamPolicy',
    names: ['CrossAccountStreamPermission', 'add this statement to the stream policy', ACKNOWLEDGE],
    app: ({ hub, billing }, fix) => {
      if (fix) {
        const encryption = StreamEncryption.UNENCRYPTED;
        const stream = new Stream(billing, 'Stream', { streamName: 'orders', encryption });
        stream.addToResourcePolicy(statementIn(fix));
      }
      ruleTo(hub, new KinesisEventTarget(Stream.fromStreamArn(hub, 'Imported', STREAM)));
    },
  },
  {
    // The ID of an API is known only at deployment, so the checks cannot verify the step.
    what: 'the acknowledgement after the statement for the execution role',
    finds: 'manuallyAddApiPolicy',
    names: ['CrossAccountApiPermission', 'add this statement to the API policy', ACKNOWLEDGE],
    app: ({ hub }, fix) => {
      if (fix) Annotations.of(hub).acknowledgeWarning(/\[ack: ([^\]]+)\]/.exec(fix)![1]);
      const api = RestApi.fromRestApiId(hub, 'Imported', 'a1b2c3d4e5');
      ruleTo(hub, new ApiGatewayEventTarget(api, { restApiAccount: BILLING.account, stage: 'prod' }));
    },
  },
  {
    what: 'one statement for all accounts',
    finds: 'topicPolicySize',
    names: ['use one statement for all accounts or roles', 'or allow the organization'],
    app: ({ hub }, fix) => {
      const { ref } = new CfnTopic(hub, 'Topic', { topicName: 'orders' });
      const policyDocument = documentOf('sns:Publish', OWN_TOPIC, fix ? 1 : 101, fix ? 101 : 1);
      new CfnTopicPolicy(hub, 'Policy', { topics: [ref], policyDocument });
      cfnRule(hub, { arn: OWN_TOPIC });
    },
  },
  {
    what: 'one statement for all accounts',
    finds: 'streamPolicySize',
    names: ['use one statement for all accounts or roles', 'or allow the organization'],
    app: ({ hub }, fix) => {
      new CfnStream(hub, 'Stream', { name: 'orders', shardCount: 1 });
      const resourcePolicy = documentOf('kinesis:PutRecord', OWN_STREAM, fix ? 1 : 120, fix ? 120 : 1);
      new CfnResourcePolicy(hub, 'Policy', { resourceArn: OWN_STREAM, resourcePolicy });
      cfnRule(hub, { arn: OWN_STREAM });
    },
  },
  {
    what: 'one statement for all accounts',
    finds: 'apiPolicySize',
    names: ['use one statement for all accounts or roles', "set 'apiPolicyLimit'"],
    app: ({ hub }, fix) => {
      const policy = documentOf('execute-api:Invoke', '*', fix ? 1 : 70, fix ? 70 : 1);
      new CfnRestApi(hub, 'Api', { name: 'orders', policy });
      cfnRule(hub, { arn: `arn:aws:execute-api:${REGION}:${HUB.account}:a/prod/POST/orders` });
    },
  },
];
