import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Rule } from 'aws-cdk-lib/aws-events';

import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';

import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  ApiGatewayEventTarget,
  CrossAccountApiPermission,
  CrossAccountEventBus,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
  KinesisEventTarget,
  SnsEventTarget,
  SqsEventTarget,
} from '../../../src';
import * as w from '../world';
import { BILLING, HUB, PLATFORM, SHOP, World } from '../world';

export const TARGETS: World = {
  name: 'queue-topic-stream-api',
  silent: [],
  apps: {
    hub: w.program(
      {
        env: HUB,
        queue: w.queueArn(BILLING, 'audit'),
        topic: w.topicArn(BILLING, 'audit'),
        stream: w.arn('kinesis', BILLING, 'stream/audit'),
        method: 'POST',
        path: '/events',
        apiAccount: BILLING.account,
        key: w.keyArn(BILLING, '1234abcd-12ab-34cd-56ef-1234567890ab'),
        events: undefined as any,
      },
      (app, c) => {
        const stack = new Stack(app, 'Hub', { env: c.env });
        const eventBus = new CrossAccountEventBus(stack, 'Bus', {
          eventBusName: 'orders',
          publishers: [EventPublisher.accounts(SHOP.account)],
        });
        const encryptionKey = Key.fromKeyArn(stack, 'Key', c.key);
        const targets = {
          ToQueue: new SqsEventTarget(Queue.fromQueueAttributes(stack, 'Queue', { queueArn: c.queue, keyArn: c.key })),
          ToTopic: new SnsEventTarget(Topic.fromTopicArn(stack, 'Topic', c.topic)),
          ToStream: new KinesisEventTarget(
            Stream.fromStreamAttributes(stack, 'Stream', { streamArn: c.stream, encryptionKey }),
          ),
          ToApi: new ApiGatewayEventTarget(RestApi.fromRestApiId(stack, 'Api', 'a1b2c3d4e5'), {
            restApiAccount: c.apiAccount,
            stage: 'prod',
            method: c.method,
            path: c.path,
          }),
        };
        for (const [id, target] of Object.entries(targets)) {
          new Rule(stack, id, { eventBus, eventPattern: { source: ['com.shop'] }, targets: [target] });
        }
      },
    ),
    audit: w.program(
      {
        env: BILLING,
        account: { queue: HUB.account, topic: HUB.account, stream: HUB.account, api: HUB.account } as any,
        names: { queue: 'audit', topic: 'audit', stream: 'audit' } as any,
        method: 'POST',
        path: '/events',
        key: 'own',
        fifo: false,
      },
      (app, c) => {
        const stack = new Stack(app, 'Audit', { env: c.env });
        const key = c.key === 'own' ? new Key(stack, 'Key') : undefined;
        const queue = new Queue(stack, 'Queue', { queueName: c.names.queue, encryptionMasterKey: key });
        if (c.account.queue) {
          new CrossAccountQueuePermission(stack, 'QueuePermission', { queue, eventBusAccount: c.account.queue });
        }
        const topic = new Topic(stack, 'Topic', { topicName: c.names.topic });
        if (c.account.topic) {
          new CrossAccountTopicPermission(stack, 'TopicPermission', { topic, eventBusAccount: c.account.topic });
        }
        const stream = new Stream(
          stack,
          'Stream',
          key
            ? { streamName: c.names.stream, encryptionKey: key }
            : { streamName: c.names.stream, encryption: StreamEncryption.MANAGED },
        );
        if (c.account.stream) {
          new CrossAccountStreamPermission(stack, 'StreamPermission', { stream, eventBusAccount: c.account.stream });
        }
        const restApi = new RestApi(stack, 'Api', {
          cloudWatchRole: false,
          defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
        });
        restApi.root.resourceForPath(c.path).addMethod(c.method);
        if (c.account.api) {
          new CrossAccountApiPermission(stack, 'ApiPermission', {
            restApi,
            method: c.method,
            path: c.path,
            eventBusAccount: c.account.api,
          });
        }
      },
    ),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'put',
      putEvents: { as: { account: SHOP.account }, bus: w.busAt(HUB, 'orders'), source: 'com.shop', detailType: 'x' },
      expect: 'allow',
    },
  ],
  edits: [
    ...['queue', 'topic', 'stream', 'api'].flatMap((kind) => [
      {
        title: `audit: the permission of the ${kind} is for another account`,
        app: 'audit',
        effect: 'breaks' as const,
        oracle: 'queues only',
        alone: 'unchanged need' as const,
        change: (c: any) => (c.account[kind] = SHOP.account),
      },
    ]),
    ...['queue', 'topic', 'stream'].map((kind) => ({
      title: `audit: the ${kind} has another case`,
      app: 'audit',
      effect: 'breaks' as const,
      oracle: 'queues only',
      alone: 'unchanged need' as const,
      change: (c: any) => (c.names[kind] = 'Audit'),
    })),
    {
      title: 'audit: the method',
      app: 'audit',
      effect: 'breaks',
      oracle: 'no APIs',
      alone: 'unchanged need',
      change: (c) => (c.method = 'PUT'),
    },
    {
      title: 'audit: the path',
      app: 'audit',
      effect: 'breaks',
      oracle: 'no APIs',
      alone: 'unchanged need',
      change: (c) => (c.path = '/event'),
    },
    {
      title: 'audit: the AWS managed keys',
      app: 'audit',
      effect: 'breaks',
      oracle: 'no streams',
      alone: 'unchanged need',
      change: (c) => (c.key = 'none'),
    },
    {
      title: 'hub: the stream is in another Region',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no streams',
      change: (c) => (c.stream = w.arn('kinesis', { ...BILLING, region: 'us-east-1' }, 'stream/audit')),
    },
    {
      title: 'hub: the topic of another account',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no topics',
      change: (c) => (c.topic = w.topicArn({ ...BILLING, account: '333333333332' }, 'audit')),
    },
    {
      title: 'hub: the queue is a topic name',
      app: 'hub',
      effect: 'breaks',
      oracle: 'the key is imported by a made-up ID',
      change: (c) => (c.queue = w.queueArn(BILLING, 'audits')),
    },
    {
      title: 'hub: the method of the API',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no APIs',
      change: (c) => (c.method = 'GET'),
    },
    {
      title: 'hub: the path of the API has another case',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no APIs',
      change: (c) => (c.path = '/Events'),
    },
    {
      title: 'hub: the account of the API',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no APIs',
      change: (c) => (c.apiAccount = PLATFORM.account),
    },
  ],
};
