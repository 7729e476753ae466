import { CfnResource, Stack } from 'aws-cdk-lib';
import {
  attributesOf,
  functionArn,
  namingProperties,
  queueArn,
} from '../../../src/app-model/resolve/resource-attributes';
import { BILLING, HUB, testApp, testStack } from '../../support/apps';

const app = testApp();
const hub = testStack('Hub', HUB, app);
const resourceIn = (stack: Stack) =>
  new CfnResource(stack, `R${stack.node.children.length}`, { type: 'AWS::Any::Type' });
const resource = new CfnResource(hub, 'R', { type: 'AWS::Any::Type' });

const inRegion = (service: string, path: string) => `arn:aws:${service}:eu-west-1:111111111111:${path}`;
const global = (service: string, path: string) => `arn:aws:${service}::111111111111:${path}`;

/** An ARN of each type with a name, by the name of its attribute; and what `Ref` is, if it is not that ARN. */
const NAMED: readonly [type: string, property: string, attribute: string, arn: string, ref?: string][] = [
  ['AWS::Events::EventBus', 'Name', 'Arn', inRegion('events', 'event-bus/x'), 'x'],
  ['AWS::Events::Rule', 'Name', 'Arn', inRegion('events', 'rule/x'), 'x'],
  ['AWS::IAM::Role', 'RoleName', 'Arn', global('iam', 'role/x'), 'x'],
  ['AWS::IAM::User', 'UserName', 'Arn', global('iam', 'user/x'), 'x'],
  ['AWS::IAM::Group', 'GroupName', 'Arn', global('iam', 'group/x'), 'x'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName', 'PolicyArn', global('iam', 'policy/x')],
  ['AWS::IAM::SAMLProvider', 'Name', 'Arn', global('iam', 'saml-provider/x')],
  ['AWS::IAM::OIDCProvider', 'Url', 'Arn', global('iam', 'oidc-provider/x')],
  ['Custom::AWSCDKOpenIdConnectProvider', 'Url', 'Arn', global('iam', 'oidc-provider/x')],
  ['AWS::Lambda::Function', 'FunctionName', 'Arn', inRegion('lambda', 'function:x'), 'x'],
  ['AWS::S3::Bucket', 'BucketName', 'Arn', 'arn:aws:s3:::x', 'x'],
  ['AWS::SQS::Queue', 'QueueName', 'Arn', inRegion('sqs', 'x'), 'https://sqs.eu-west-1.amazonaws.com/111111111111/x'],
  ['AWS::SNS::Topic', 'TopicName', 'TopicArn', inRegion('sns', 'x')],
  ['AWS::KMS::Alias', 'AliasName', 'Arn', inRegion('kms', 'x'), 'x'],
  ['AWS::Kinesis::Stream', 'Name', 'Arn', inRegion('kinesis', 'stream/x'), 'x'],
  ['AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamName', 'Arn', inRegion('firehose', 'deliverystream/x'), 'x'],
  ['AWS::ECS::Cluster', 'ClusterName', 'Arn', inRegion('ecs', 'cluster/x'), 'x'],
  ['AWS::CodeBuild::Project', 'Name', 'Arn', inRegion('codebuild', 'project/x'), 'x'],
  ['AWS::CodePipeline::Pipeline', 'Name', 'Arn', inRegion('codepipeline', 'x'), 'x'],
  ['AWS::SageMaker::Pipeline', 'PipelineName', 'Arn', inRegion('sagemaker', 'pipeline/x'), 'x'],
  ['AWS::Scheduler::ScheduleGroup', 'Name', 'Arn', inRegion('scheduler', 'schedule-group/x'), 'x'],
  ['AWS::Logs::LogGroup', 'LogGroupName', 'Arn', inRegion('logs', 'log-group:x:*'), 'x'],
  ['AWS::StepFunctions::StateMachine', 'StateMachineName', 'Arn', inRegion('states', 'stateMachine:x')],
  ['AWS::Batch::JobQueue', 'JobQueueName', 'JobQueueArn', inRegion('batch', 'job-queue/x')],
  [
    'AWS::Batch::JobDefinition',
    'JobDefinitionName',
    'JobDefinitionArn',
    inRegion('batch', 'job-definition/x:‹Revision of Hub/R›'),
  ],
  ['AWS::ECS::TaskDefinition', 'Family', 'TaskDefinitionArn', inRegion('ecs', 'task-definition/x:‹Revision of Hub/R›')],
  [
    'AWS::Events::ApiDestination',
    'Name',
    'Arn',
    inRegion('events', 'api-destination/x/‹ApiDestinationId of Hub/R›'),
    'x',
  ],
  ['AWS::StepFunctions::StateMachineVersion', 'StateMachineArn', 'Arn', 'x:‹Version of Hub/R›'],
  [
    'AWS::StepFunctions::StateMachineAlias',
    'Name',
    'Arn',
    inRegion('states', 'stateMachine:‹StateMachineName of Hub/R›:x'),
  ],
];

const withRef = NAMED.map(
  ([type, property, attribute, arn, ref = arn]) => [type, property, attribute, arn, ref] as const,
);

test.each(withRef)('%s has the ARN of its %s, and of a generated one', (type, property, attribute, arn, ref) => {
  expect(namingProperties(type)).toContain(property);
  const attributes = attributesOf({ construct: resource, type, properties: { [property]: 'x' } }, new Set());
  expect([attributes?.[attribute], attributes?.Ref]).toEqual([arn, ref]);

  const generated = attributesOf({ construct: resource, type, properties: {} }, new Set());
  const placeholder = `‹${property} of Hub/R›`;
  expect(generated?.[attribute]).toBe(arn.replace(/x(?=$|:\*$|[:/]‹)/, placeholder));
});

test.each<[string, object]>([
  ['AWS::Events::EventBus', { Name: 'x' }],
  ['AWS::SQS::Queue', { QueueName: 'x', QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/x' }],
  ['AWS::SNS::Topic', { TopicName: 'x' }],
  ['AWS::StepFunctions::StateMachine', { Name: 'x' }],
  ['AWS::Events::ApiDestination', { ArnForPolicy: inRegion('events', 'api-destination/x') }],
])('%s has the attributes %j', (type, expected) => {
  const [property] = namingProperties(type)!;
  const attributes = attributesOf({ construct: resource, type, properties: { [property]: 'x' } }, new Set());
  expect(attributes).toMatchObject(expected);
});

test.each<[string, object]>([
  [
    'AWS::KMS::Key',
    { Ref: '‹KeyId of Hub/R›', KeyId: '‹KeyId of Hub/R›', Arn: inRegion('kms', 'key/‹KeyId of Hub/R›') },
  ],
  ['AWS::ApiGateway::Resource', { Ref: '‹ResourceId of Hub/R›', ResourceId: '‹ResourceId of Hub/R›' }],
  [
    'AWS::ApiGateway::RestApi',
    {
      Ref: '‹RestApiId of Hub/R›',
      RestApiId: '‹RestApiId of Hub/R›',
      RootResourceId: '‹RootResourceId of Hub/R›',
      ExecuteArn: inRegion('execute-api', '‹RestApiId of Hub/R›'),
    },
  ],
  [
    'AWS::AppSync::GraphQLApi',
    {
      Ref: inRegion('appsync', 'apis/‹ApiId of Hub/R›'),
      Arn: inRegion('appsync', 'apis/‹ApiId of Hub/R›'),
      ApiId: '‹ApiId of Hub/R›',
      GraphQLEndpointArn: inRegion('appsync', 'endpoints/graphql-api/‹GraphQLEndpoint of Hub/R›'),
    },
  ],
])('%s is always named by CloudFormation: %j', (type, expected) => {
  expect(namingProperties(type)).toEqual([]);
  expect(attributesOf({ construct: resource, type, properties: {} }, new Set())).toEqual(expected);
});

test.each(['AWS::Any::Type', 'constructor', ''])('the type %j has no attributes', (type) => {
  expect(namingProperties(type)).toBeUndefined();
  expect(attributesOf({ construct: resource, type, properties: {} }, new Set())).toBeUndefined();
});

test.each([
  ['AWS::IAM::Role', 'RoleName', 'Arn', 'role'],
  ['AWS::IAM::User', 'UserName', 'Arn', 'user'],
  ['AWS::IAM::Group', 'GroupName', 'Arn', 'group'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName', 'PolicyArn', 'policy'],
])('%s may have a path', (type, property, attribute, kind) => {
  expect(namingProperties(type)).toEqual([property, 'Path']);
  const properties = { [property]: 'x', Path: '/shop/eu/' };
  const attributes = attributesOf({ construct: resource, type, properties }, new Set());
  expect(attributes?.[attribute]).toBe(global('iam', `${kind}/shop/eu/x`));
});

test.each<[unknown, string]>([
  [undefined, inRegion('events', 'rule/x')],
  ['default', inRegion('events', 'rule/x')],
  ['orders', inRegion('events', 'rule/orders/x')],
  [inRegion('events', 'event-bus/default'), inRegion('events', 'rule/x')],
  ['arn:aws-cn:events:cn-north-1:222222222222:event-bus/a', 'arn:aws-cn:events:cn-north-1:222222222222:rule/a/x'],
  [
    '‹parameter Hub/Bus¦arn›',
    'arn:aws:events:‹region in parameter Hub/Bus›:‹account in parameter Hub/Bus¦account›:' +
      'rule/‹name of the bus of Hub/R›/x',
  ],
  [
    `‹one¦¦orders¦${inRegion('events', 'event-bus/a')}›`,
    'arn:aws:events:‹region in one›:‹account in one›:rule/‹name of the bus of Hub/R›/x',
  ],
  ['‹one¦¦orders¦a:arn:›', inRegion('events', 'rule/‹one¦¦orders¦a:arn:›/x')],
  ['‹parameter Hub/Bus›', inRegion('events', 'rule/‹parameter Hub/Bus›/x')],
])('a rule on the bus %j has the ARN %s', (EventBusName, expected) => {
  expect(namingProperties('AWS::Events::Rule')).toEqual(['Name', 'EventBusName']);
  const properties = { Name: 'x', EventBusName: EventBusName as string };
  expect(attributesOf({ construct: resource, type: 'AWS::Events::Rule', properties }, new Set())?.Arn).toBe(expected);
});

test.each<[string, unknown, string]>([
  ['AWS::Lambda::Alias', 'orders', inRegion('lambda', 'function:orders:live')],
  ['AWS::Lambda::Version', 'orders', inRegion('lambda', 'function:orders:‹Version of Hub/R›')],
])('%s has the ARN of its function', (type, FunctionName, expected) => {
  const properties = { FunctionName: FunctionName as string, Name: 'live' };
  const attributes = attributesOf({ construct: resource, type, properties }, new Set());
  expect(attributes).toMatchObject({
    Ref: expected,
    [type === 'AWS::Lambda::Alias' ? 'AliasArn' : 'FunctionArn']: expected,
    ...(type === 'AWS::Lambda::Version' && { Version: '‹Version of Hub/R›' }),
  });
  expect(namingProperties(type)).toContain('FunctionName');
});

test.each<[unknown, string]>([
  ['https://sqs.eu-west-1.amazonaws.com/111111111111/x', inRegion('sqs', 'x')],
  ['https://sqs.cn-north-1.amazonaws.com.cn/111111111111/x', 'arn:aws-cn:sqs:cn-north-1:111111111111:x'],
  ['https://sqs.us-gov-west-1.amazonaws.com/111111111111/x', 'arn:aws-us-gov:sqs:us-gov-west-1:111111111111:x'],
  ['https://sqs.eusc-de-east-1.amazonaws.eu/111111111111/x', 'arn:aws-eusc:sqs:eusc-de-east-1:111111111111:x'],
  ['https://sqs.cn-new-1.amazonaws.com.cn/111111111111/x', 'arn:aws-cn:sqs:cn-new-1:111111111111:x'],
  ['https://sqs.us-gov-new-1.amazonaws.com/111111111111/x', 'arn:aws-us-gov:sqs:us-gov-new-1:111111111111:x'],
  ['https://sqs.us-iso-new-1.c2s.ic.gov/111111111111/x', 'arn:aws-iso:sqs:us-iso-new-1:111111111111:x'],
  ['https://sqs.us-isob-new-1.sc2s.sgov.gov/111111111111/x', 'arn:aws-iso-b:sqs:us-isob-new-1:111111111111:x'],
  ['https://sqs.eu-isoe-new-1.cloud.adc-e.uk/111111111111/x', 'arn:aws-iso-e:sqs:eu-isoe-new-1:111111111111:x'],
  ['https://sqs.us-isof-new-1.csp.hci.ic.gov/111111111111/x', 'arn:aws-iso-f:sqs:us-isof-new-1:111111111111:x'],
  ['https://sqs.eusc-fr-new-1.amazonaws.eu/111111111111/x', 'arn:aws-eusc:sqs:eusc-fr-new-1:111111111111:x'],
  ['https://sqs.eu-new-1.amazonaws.com/111111111111/x', 'arn:aws:sqs:eu-new-1:111111111111:x'],
  ['https://sqs.‹region›.amazonaws.com.cn/111111111111/x', 'arn:aws:sqs:‹region›:111111111111:x'],
  ['https://sqs.‹region›.example.com/111111111111/x', 'https://sqs.‹region›.example.com/111111111111/x'],
  ['https://sqs.cn-north-1.amazonaws.com/111111111111/x', 'https://sqs.cn-north-1.amazonaws.com/111111111111/x'],
  ['https://sqs.nowhere.amazonaws.com/111111111111/x', 'arn:aws:sqs:nowhere:111111111111:x'],
  ['see https://sqs.eu-west-1.amazonaws.com/111111111111/x', 'see https://sqs.eu-west-1.amazonaws.com/111111111111/x'],
  ['https://sqs.eu-west-1.example.com/111111111111/x', 'https://sqs.eu-west-1.example.com/111111111111/x'],
  ['https://sqs.eu-west-1.amazonaws.com/111111111111', 'https://sqs.eu-west-1.amazonaws.com/111111111111'],
  [5, '‹Queue of Hub/R›'],
])('the queue of the URL %j has the ARN %s', (url, expected) => {
  expect(queueArn(resource, url)).toBe(expected);
});

test.each<[unknown, string]>([
  ['orders', inRegion('lambda', 'function:orders')],
  ['orders:live', inRegion('lambda', 'function:orders:live')],
  [inRegion('lambda', 'function:orders'), inRegion('lambda', 'function:orders')],
  ['222222222222:function:orders', 'arn:aws:lambda:eu-west-1:222222222222:function:orders'],
  ['‹AWS::AccountId›:function:orders', 'arn:aws:lambda:eu-west-1:‹AWS::AccountId›:function:orders'],
  ['12:function:orders', inRegion('lambda', 'function:12:function:orders')],
  ['x222222222222:function:orders', inRegion('lambda', 'function:x222222222222:function:orders')],
  ['‹parameter Hub/Name›', '‹parameter Hub/Name›'],
  ['‹parameter Hub/Name›:live', '‹parameter Hub/Name›:live'],
  ['orders-‹parameter Hub/Name›', inRegion('lambda', 'function:orders-‹parameter Hub/Name›')],
  ['‹FunctionName of Hub/F›', inRegion('lambda', 'function:‹FunctionName of Hub/F›')],
  [5, inRegion('lambda', 'function:‹FunctionName of Hub/R›')],
])('the function %j has the ARN %s', (name, expected) => {
  expect(functionArn(resource, name, new Set())).toBe(expected);
});

test('an unresolved name that a function has is its name', () => {
  const known = new Set([inRegion('lambda', 'function:‹parameter Hub/Name›')]);
  const names = ['‹parameter Hub/Name›', '‹parameter Hub/Name›:live', '‹parameter Hub/Other›'];
  expect(names.map((name) => functionArn(resource, name, known))).toEqual([
    inRegion('lambda', 'function:‹parameter Hub/Name›'),
    inRegion('lambda', 'function:‹parameter Hub/Name›:live'),
    '‹parameter Hub/Other›',
  ]);
});

test.each([
  ['https://token.example.com', 'token.example.com'],
  ['see-https://token.example.com', 'see-https://token.example.com'],
])('the provider of the issuer %s has the ARN of %s', (Url, expected) => {
  const attributes = attributesOf(
    { construct: resource, type: 'AWS::IAM::OIDCProvider', properties: { Url } },
    new Set(),
  );
  expect(attributes?.Arn).toBe(global('iam', `oidc-provider/${expected}`));
});

test('an alias may have a generated name', () => {
  const properties = { FunctionName: 'orders' };
  const attributes = attributesOf({ construct: resource, type: 'AWS::Lambda::Alias', properties }, new Set());
  expect(attributes?.AliasArn).toBe(inRegion('lambda', 'function:orders:‹Name of Hub/R›'));
});

test('the partition is that of the Region', () => {
  const china = testStack('China', { account: BILLING.account, region: 'cn-north-1' }, app);
  const queue = attributesOf(
    { construct: resourceIn(china), type: 'AWS::SQS::Queue', properties: { QueueName: 'x' } },
    new Set(),
  );
  expect(queue).toMatchObject({
    Ref: 'https://sqs.cn-north-1.amazonaws.com.cn/333333333333/x',
    Arn: 'arn:aws-cn:sqs:cn-north-1:333333333333:x',
  });
});
