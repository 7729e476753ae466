import { App, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { LambdaRestApi, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AuthorizationType, CfnGraphQLApi, GraphqlApi, IGraphqlApi } from 'aws-cdk-lib/aws-appsync';
import { CfnJobDefinition, CfnJobQueue } from 'aws-cdk-lib/aws-batch';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, Ec2TaskDefinition, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import {
  ApiDestination,
  Authorization,
  Connection,
  EventBus,
  EventField,
  IRuleTarget,
  Rule,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { HUB, testApp } from '../../support/apps';
import { deliveryAnnotationsOf } from '../../support/faults';

/** Targets of aws-cdk-lib. Each creates its role and permissions itself, so that nothing is missing. */
const TARGETS: { readonly [name: string]: (stack: Stack) => IRuleTarget } = {
  'a function': (stack) => new targets.LambdaFunction(inlineFunction(stack)),
  'a call of the API of AWS': () => new targets.AwsApi({ service: 'RDS', action: 'stopDBInstance' }),
  'a queue': (stack) => new targets.SqsQueue(new Queue(stack, 'Queue')),
  'a queue with its own key': (stack) =>
    new targets.SqsQueue(new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS })),
  'a topic': (stack) => new targets.SnsTopic(new Topic(stack, 'Topic')),
  'a bus': (stack) => new targets.EventBus(new EventBus(stack, 'Target', { eventBusName: 'target' })),
  'a stream': (stack) => new targets.KinesisStream(new Stream(stack, 'Stream')),
  'a stream with the AWS managed key': (stack) =>
    new targets.KinesisStream(new Stream(stack, 'Stream', { encryption: StreamEncryption.MANAGED })),
  'a stream with a key': (stack) => {
    const encryptionKey = new Key(stack, 'Key');
    return new targets.KinesisStream(
      new Stream(stack, 'Stream', { encryption: StreamEncryption.KMS, encryptionKey, streamName: 'orders' }),
    );
  },
  'an imported stream': (stack) =>
    new targets.KinesisStream(
      Stream.fromStreamArn(stack, 'Stream', stack.formatArn({ service: 'kinesis', resource: 'stream/orders' })),
    ),
  'a delivery stream': (stack) => {
    const destination = new S3Bucket(new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }));
    return new targets.FirehoseDeliveryStream(new DeliveryStream(stack, 'Delivery', { destination }));
  },
  'a state machine': (stack) => new targets.SfnStateMachine(stateMachine(stack)),
  'an imported state machine': (stack) =>
    new targets.SfnStateMachine(StateMachine.fromStateMachineName(stack, 'Machine', 'orders')),
  'a job queue': (stack) => {
    const queue = new CfnJobQueue(stack, 'Jobs', { priority: 1, computeEnvironmentOrder: [] });
    const definition = new CfnJobDefinition(stack, 'Definition', { type: 'container' });
    return new targets.BatchJob(queue.attrJobQueueArn, queue, definition.ref, definition);
  },
  'a task on Fargate': (stack) => {
    const taskDefinition = new FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('App', { image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx') });
    return new targets.EcsTask({ cluster: cluster(stack), taskDefinition });
  },
  'a task with an execution role on Fargate': (stack) => {
    const taskDefinition = new FargateTaskDefinition(stack, 'Task', { family: 'orders' });
    taskDefinition.addContainer('App', { image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx') });
    taskDefinition.obtainExecutionRole();
    return new targets.EcsTask({ cluster: cluster(stack), taskDefinition });
  },
  'a task on EC2': (stack) => {
    const taskDefinition = new Ec2TaskDefinition(stack, 'Task');
    taskDefinition.addContainer('App', { image: ContainerImage.fromRegistry('nginx'), memoryLimitMiB: 64 });
    return new targets.EcsTask({ cluster: cluster(stack), taskDefinition });
  },
  'an API destination': (stack) => {
    const authorization = Authorization.apiKey('key', SecretValue.unsafePlainText('value'));
    const connection = new Connection(stack, 'Connection', { authorization });
    const destination = new ApiDestination(stack, 'Destination', { connection, endpoint: 'https://example.com' });
    return new targets.ApiDestination(destination);
  },
  'a REST API': (stack) => {
    const api = new RestApi(stack, 'Api');
    api.root.addResource('orders').addMethod('POST', new MockIntegration());
    return new targets.ApiGateway(api, { path: '/orders', method: 'POST' });
  },
  'a path with a wildcard of a REST API': (stack) =>
    new targets.ApiGateway(new LambdaRestApi(stack, 'Api', { handler: inlineFunction(stack) }), {
      path: '/orders/*',
      pathParameterValues: ['$.detail.id'],
    }),
  'an HTTP API': (stack) => new targets.ApiGatewayV2(new HttpApi(stack, 'Api')),
  'a GraphQL API': (stack) =>
    new targets.AppSync(graphqlApi(stack), {
      graphQLOperation: 'mutation Publish($message: String!) { publish(message: $message) { message } }',
      variables: RuleTargetInput.fromObject({ message: EventField.fromPath('$.detail') }),
    }),
  'a log group': (stack) => new targets.CloudWatchLogGroup(new LogGroup(stack, 'Logs')),
  'a log group with a name': (stack) =>
    new targets.CloudWatchLogGroup(new LogGroup(stack, 'Logs', { logGroupName: '/aws/events/orders' })),
  'an imported log group': (stack) =>
    new targets.CloudWatchLogGroup(LogGroup.fromLogGroupName(stack, 'Logs', '/aws/events/orders')),
  'a build project': (stack) =>
    new targets.CodeBuildProject(
      new Project(stack, 'Project', { buildSpec: BuildSpec.fromObject({ version: '0.2' }) }),
    ),
  'a pipeline': (stack) =>
    new targets.CodePipeline(
      Pipeline.fromPipelineArn(stack, 'Pipeline', stack.formatArn({ service: 'codepipeline', resource: 'deploy' })),
    ),
  'a data warehouse': (stack) =>
    new targets.RedshiftQuery(`arn:aws:redshift:${stack.region}:${stack.account}:cluster:orders`, {
      database: 'dev',
      sql: ['SELECT 1'],
    }),
  'several statements for a data warehouse': (stack) =>
    new targets.RedshiftQuery(`arn:aws:redshift-serverless:${stack.region}:${stack.account}:workgroup/orders`, {
      database: 'dev',
      sql: ['SELECT 1', 'SELECT 2'],
    }),
};

const ENVIRONMENTS = { 'a stack with an environment': HUB, 'a stack without an environment': undefined };

describe.each(Object.entries(ENVIRONMENTS))('targets of aws-cdk-lib in %s', (_, env) => {
  test.each(Object.entries(TARGETS))('%s has no finding', (__, target) => {
    const findings = deliveryAnnotationsOf(appWith(target, env)).filter(({ id }) => id !== undefined);
    expect(findings).toEqual([]);
  });
});

function appWith(target: (stack: Stack) => IRuleTarget, env?: typeof HUB): App {
  const app = testApp();
  const stack = new Stack(app, 'Hub', { env });
  new Rule(stack, 'Rule', { schedule: Schedule.rate(Duration.hours(1)), targets: [target(stack)] });
  return app;
}

function inlineFunction(stack: Stack): Function {
  const code = Code.fromInline('exports.handler = async () => {};');
  return new Function(stack, 'Handler', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
}

function stateMachine(stack: Stack): StateMachine {
  return new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });
}

function cluster(stack: Stack): Cluster {
  return new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') });
}

/** Imported, because a schema is an asset. */
function graphqlApi(stack: Stack): IGraphqlApi {
  const api = new CfnGraphQLApi(stack, 'Api', { name: 'orders', authenticationType: 'AWS_IAM' });
  return GraphqlApi.fromGraphqlApiAttributes(stack, 'Imported', {
    graphqlApiId: api.attrApiId,
    graphqlApiArn: api.attrArn,
    graphQLEndpointArn: api.attrGraphQlEndpointArn,
    modes: [AuthorizationType.IAM],
  });
}
