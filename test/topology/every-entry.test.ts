import { readApp } from '../../src/app-model/read-app';
import { EventTopology } from '../../src/topology/topology';
import { topologyOf } from '../../src/topology/write-topology';
import { HUB } from '../support/apps';
import { modelOfResources } from '../support/template-constructs';
import { busArn, queueArn, roleArn, ruleArn } from '../support/three-accounts';
import { constructsOf, written } from '../support/topologies';
import { schemaErrors } from '../support/topology-schema';

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const resource = (type: string, properties: object = {}, more: object = {}) => ({
  Type: `AWS::${type}`,
  Properties: properties,
  ...more,
});
const document = (Action: string, Resource: string) => ({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action, Resource }],
});
const target = (arn: string, more: object = {}) => ({ Id: 'T', Arn: arn, ...more });
const rule = (...targets: object[]) =>
  resource('Events::Rule', { Name: 'rule', EventPattern: { source: ['shop'] }, Targets: targets });

function readAgain(resources: object, others: object = {}): EventTopology {
  const topology = written(topologyOf(modelOfResources(resources, others)));
  expect(schemaErrors(topology)).toEqual([]);
  expect(topologyOf(readApp(constructsOf(topology), [], { possibleTargets: true }))).toEqual(topology);
  return topology;
}

const place = (logicalId: string) => ({ stack: 'Hub', logicalId, path: `Hub/${logicalId}` });

test.each<[string, object, object | undefined]>([
  ['eventBuses', resource('Events::EventBus', { Name: 'orders' }), { name: 'orders', arn: busArn() }],
  [
    'eventBuses',
    resource('Events::EventBus', { Name: 'a', DeadLetterConfig: { Arn: queueArn('q') }, KmsKeyIdentifier: 'alias/k' }),
    { name: 'a', arn: busArn('a'), deadLetterQueue: queueArn('q'), kmsKey: 'alias/k' },
  ],
  ['archives', resource('Events::Archive', { ArchiveName: 'a', SourceArn: busArn() }), { name: 'a' }],
  [
    'archives',
    resource('Events::Archive', { ArchiveName: 'a', SourceArn: busArn(), EventPattern: { source: ['shop'] } }),
    { name: 'a', eventPattern: { source: ['shop'] } },
  ],
  ['functions', resource('Lambda::Function', { FunctionName: 'f' }), { name: 'f', arn: inHub('lambda', 'function:f') }],
  ['queues', resource('SQS::Queue', { QueueName: 'q' }), { name: 'q', arn: queueArn('q') }],
  [
    'queues',
    resource('SQS::Queue', {
      QueueName: 'q.fifo',
      FifoQueue: true,
      ContentBasedDeduplication: true,
      KmsMasterKeyId: 'k',
    }),
    { name: 'q.fifo', arn: queueArn('q.fifo'), fifo: true, contentBasedDeduplication: true, kmsKey: 'k' },
  ],
  [
    'queues',
    resource('SQS::Queue', { QueueName: 'q.fifo', FifoQueue: true }),
    { name: 'q.fifo', arn: queueArn('q.fifo'), fifo: true },
  ],
  [
    'topics',
    resource('SNS::Topic', { TopicName: 't', KmsMasterKeyId: 'k' }),
    { name: 't', arn: inHub('sns', 't'), kmsKey: 'k' },
  ],
  ['streams', resource('Kinesis::Stream', { Name: 's' }), { name: 's', arn: inHub('kinesis', 'stream/s') }],
  [
    'streams',
    resource('Kinesis::Stream', { Name: 's', StreamEncryption: { EncryptionType: 'KMS', KeyId: 'k' } }),
    { name: 's', arn: inHub('kinesis', 'stream/s'), kmsKey: 'k' },
  ],
  [
    'restApis',
    resource('ApiGateway::RestApi', { Name: 'a' }),
    { arn: inHub('execute-api', '‹RestApiId of Hub/R›'), hasPolicy: false },
  ],
  [
    'restApis',
    resource('ApiGateway::RestApi', { Name: 'a', Policy: { Statement: [] } }),
    { arn: inHub('execute-api', '‹RestApiId of Hub/R›'), hasPolicy: true },
  ],
  [
    'logPolicies',
    resource('Logs::ResourcePolicy', { PolicyName: 'p', PolicyDocument: document('logs:*', '*') }),
    {
      statements: document('logs:*', '*').Statement,
    },
  ],
])('an entry of %s is read as it was written: %j', (list, defined, expected) => {
  const topology = readAgain({ R: defined });
  expect(topology[list as 'functions']).toEqual([{ ...place('R'), ...expected }]);
});

test('a rule has its targets with all that decides about delivery', () => {
  const task = inHub('ecs', 'task-definition/t:1');
  const topology = readAgain({
    Rule: rule(
      target(queueArn('a'), { RoleArn: roleArn('r'), DeadLetterConfig: { Arn: queueArn('d') }, Input: '{}' }),
      target(queueArn('b.fifo'), { Id: 'U', SqsParameters: { MessageGroupId: 'g' } }),
      target(inHub('ecs', 'cluster/c'), { Id: 'V', EcsParameters: { TaskDefinitionArn: task, LaunchType: 'FARGATE' } }),
      target(inHub('batch', 'job-queue/q'), { Id: 'W', BatchParameters: { JobDefinition: 'j', JobName: 'n' } }),
    ),
  });
  expect(topology.rules).toEqual([
    {
      ...place('Rule'),
      name: 'rule',
      arn: ruleArn('rule'),
      eventBus: busArn('default'),
      eventPattern: { source: ['shop'] },
      targets: [
        { id: 'T', arn: queueArn('a'), role: roleArn('r'), deadLetterQueue: queueArn('d'), inputProperty: 'Input' },
        { id: 'U', arn: queueArn('b.fifo'), messageGroupId: 'g' },
        { id: 'V', arn: inHub('ecs', 'cluster/c'), taskDefinition: task, launchType: 'FARGATE' },
        { id: 'W', arn: inHub('batch', 'job-queue/q'), jobDefinition: 'j' },
      ],
    },
  ]);
});

test.each<[string, object, object]>([
  [
    queueArn('q'),
    resource('SQS::Queue', { QueueName: 'q' }),
    resource('SQS::QueuePolicy', {
      Queues: [{ Ref: 'R' }],
      PolicyDocument: document('sqs:SendMessage', '*'),
    }),
  ],
  [
    inHub('sns', 't'),
    resource('SNS::Topic', { TopicName: 't' }),
    resource('SNS::TopicPolicy', {
      Topics: [{ Ref: 'R' }],
      PolicyDocument: document('sns:Publish', '*'),
    }),
  ],
  [
    inHub('kinesis', 'stream/s'),
    resource('Kinesis::Stream', { Name: 's' }),
    resource('Kinesis::ResourcePolicy', {
      ResourceArn: inHub('kinesis', 'stream/s'),
      ResourcePolicy: document('kinesis:PutRecord', '*'),
    }),
  ],
])('the policy of %s is read as it was written', (arn, owner, policy: any) => {
  const { resourcePolicies } = readAgain({ R: owner, Policy: policy });
  const { PolicyDocument, ResourcePolicy } = policy.Properties;
  const [statement] = (PolicyDocument ?? ResourcePolicy).Statement;
  expect(resourcePolicies).toEqual([
    { ...place('Policy'), type: policy.Type, resource: arn, statements: [{ statement }] },
  ]);
});

test('the policies of an API and a key are those of their resource', () => {
  const { restApis, keys, resourcePolicies } = readAgain({
    Api: resource('ApiGateway::RestApi', { Policy: document('execute-api:Invoke', '*') }),
    Key: resource('KMS::Key', { KeyPolicy: document('kms:*', '*') }),
  });
  expect([restApis, keys].map(([{ logicalId }]) => logicalId)).toEqual(['Api', 'Key']);
  expect(resourcePolicies.map(({ type, logicalId }) => [type, logicalId])).toEqual([
    ['AWS::ApiGateway::RestApi', 'Api'],
    ['AWS::KMS::Key', 'Key'],
  ]);
});
