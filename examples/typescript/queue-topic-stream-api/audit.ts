import { join } from 'node:path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountApiPermission,
  CrossAccountEventChecks,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
} from 'cdk-cross-account-eventbridge';

const AUDIT = { account: '333333333333', region: 'eu-west-1' };

/** The account of the bus, whose rules send to the targets. */
const eventBusAccount = '111111111111';

/** The app of the targets. It allows the rules of the account of the bus. */
export function auditApp(props?: AppProps): App {
  const app = new App(props);
  const audit = new Stack(app, 'Audit', { env: AUDIT });

  const queue = new Queue(audit, 'Queue', { queueName: 'audit', enforceSSL: true });
  new CrossAccountQueuePermission(audit, 'QueuePermission', { queue, eventBusAccount });

  const topic = new Topic(audit, 'Topic', { topicName: 'audit', enforceSSL: true });
  new CrossAccountTopicPermission(audit, 'TopicPermission', { topic, eventBusAccount });

  // Other accounts can use a customer managed key, but not an AWS managed one.
  const encryptionKey = new Key(audit, 'Key', { enableKeyRotation: true });
  const stream = new Stream(audit, 'Stream', { streamName: 'audit', encryptionKey });
  new CrossAccountStreamPermission(audit, 'StreamPermission', { stream, eventBusAccount });

  const restApi = auditApi(audit);
  new CrossAccountApiPermission(audit, 'ApiPermission', { restApi, method: 'POST', path: '/events', eventBusAccount });

  const otherApps = [join(__dirname, 'contracts/hub.event-topology.json')];
  CrossAccountEventChecks.applyTo(app, { otherApps, topology: true });
  return app;
}

function auditApi(audit: Stack): RestApi {
  const handler = new Function(audit, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async ({ body }) => (console.log(body), { statusCode: 204 });'),
  });
  const restApi = new RestApi(audit, 'Api', {
    restApiName: 'audit',
    cloudWatchRole: false,
    // API Gateway knows the role of a rule only with IAM authorization.
    defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
  });
  restApi.root.addResource('events').addMethod('POST', new LambdaIntegration(handler));
  return restApi;
}
