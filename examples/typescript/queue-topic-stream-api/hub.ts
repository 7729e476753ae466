import { join } from 'node:path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  ApiGatewayEventTarget,
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventPublisher,
  KinesisEventTarget,
  SnsEventTarget,
  SqsEventTarget,
} from 'cdk-cross-account-eventbridge';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const SHOP_ACCOUNT = '222222222222';
const AUDIT_ACCOUNT = '333333333333';

/** The ARN of a resource in the account of the audit. */
const arnOf = (service: string, resource: string) => `arn:aws:${service}:${HUB.region}:${AUDIT_ACCOUNT}:${resource}`;

/** The app of the bus. It refers to the targets by ARN. */
export function hubApp(props?: AppProps): App {
  const app = new App(props);
  const hub = new Stack(app, 'Hub', { env: HUB });
  const eventBus = new CrossAccountEventBus(hub, 'Bus', {
    eventBusName: 'orders',
    publishers: [EventPublisher.accounts(SHOP_ACCOUNT)],
  });
  for (const [id, target] of Object.entries(auditTargets(hub))) {
    new Rule(hub, id, { eventBus, eventPattern: { source: ['com.example.shop'] }, targets: [target] });
  }
  const otherApps = [join(__dirname, 'contracts/audit.event-topology.json')];
  CrossAccountEventChecks.applyTo(app, { otherApps, topology: true });
  return app;
}

/** The targets in the account of the audit, each by the ID of its rule. */
function auditTargets(hub: Stack): Record<string, IRuleTarget> {
  const queue = Queue.fromQueueArn(hub, 'Queue', arnOf('sqs', 'audit'));
  const topic = Topic.fromTopicArn(hub, 'Topic', arnOf('sns', 'audit'));
  // KMS and API Gateway create these IDs when the app of the targets is deployed.
  const encryptionKey = Key.fromKeyArn(hub, 'Key', arnOf('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'));
  const streamArn = arnOf('kinesis', 'stream/audit');
  const stream = Stream.fromStreamAttributes(hub, 'Stream', { streamArn, encryptionKey });
  const restApi = RestApi.fromRestApiId(hub, 'Api', 'a1b2c3d4e5');

  const deadLetterQueue = new Queue(hub, 'DeadLetterQueue', { enforceSSL: true });
  const method = { restApiAccount: AUDIT_ACCOUNT, stage: 'prod', method: 'POST', path: '/events' };
  return {
    ToQueue: new SqsEventTarget(queue, { deadLetterQueue }),
    ToTopic: new SnsEventTarget(topic, { deadLetterQueue }),
    ToStream: new KinesisEventTarget(stream, { deadLetterQueue }),
    ToApi: new ApiGatewayEventTarget(restApi, { ...method, deadLetterQueue }),
  };
}
