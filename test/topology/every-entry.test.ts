import { HUB } from '../support/apps';
import { busArn, queueArn, roleArn, ruleArn } from '../support/three-accounts';
import { placeOf, readAgain } from '../support/topologies';

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const resource = (type: string, properties: object = {}, more: object = {}) => ({
  Type: `AWS::${type}`,
  Properties: properties,
  ...more,
});
const ALLOW = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: '*', Resource: '*' };
const target = (arn: string, more: object = {}) => ({ Id: 'T', Arn: arn, ...more });
const rule = (...targets: object[]) =>
  resource('Events::Rule', { Name: 'rule', EventPattern: { source: ['shop'] }, Targets: targets });

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
    'restApis',
    resource('ApiGateway::RestApi', { Name: 'a', Body: '‹unknown›' }),
    { arn: inHub('execute-api', '‹RestApiId of Hub/R›') },
  ],
  [
    'logPolicies',
    resource('Logs::ResourcePolicy', { PolicyName: 'p', PolicyDocument: { Statement: [ALLOW] } }),
    { statements: [ALLOW] },
  ],
  ['keys', resource('KMS::Key', { KeyPolicy: { Statement: [ALLOW] } }), { arn: inHub('kms', 'key/‹KeyId of Hub/R›') }],
  [
    'keys',
    resource('KMS::ReplicaKey', { Enabled: false, KeyPolicy: { Statement: [ALLOW] } }),
    { arn: inHub('kms', 'key/‹KeyId of Hub/R›'), disabled: true },
  ],
])('an entry of %s is read as it was written: %j', (list, defined, expected) => {
  const topology = readAgain({ R: defined });
  expect(topology[list as 'functions']).toEqual([{ ...placeOf('R'), ...expected }]);
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
      ...placeOf('Rule'),
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

describe('a rule', () => {
  const ruleWith = (properties: object) =>
    readAgain({ Rule: resource('Events::Rule', { Name: 'rule', Targets: [target(queueArn('q'))], ...properties }) })
      .rules[0];
  const RULE = {
    ...placeOf('Rule'),
    ...{ name: 'rule', arn: ruleArn('rule'), eventBus: busArn('default') },
    targets: [{ id: 'T', arn: queueArn('q') }],
  };

  test.each<[string, object, object]>([
    ['has an event pattern', { EventPattern: { source: ['a'] } }, { eventPattern: { source: ['a'] } }],
    ['is scheduled', { ScheduleExpression: 'rate(1 hour)' }, { scheduled: true }],
    ['is disabled', { EventPattern: {}, State: 'DISABLED' }, { eventPattern: {}, disabled: true }],
    ['is enabled', { EventPattern: {}, State: 'ENABLED' }, { eventPattern: {} }],
    ['has a role', { EventPattern: {}, RoleArn: roleArn('r') }, { eventPattern: {}, role: roleArn('r') }],
    [
      'is on a bus',
      { EventPattern: {}, EventBusName: 'orders' },
      { eventPattern: {}, eventBus: busArn(), eventBusName: 'orders', arn: ruleArn('orders/rule') },
    ],
  ])('%s', (_, properties, expected) => {
    expect(ruleWith(properties)).toEqual({ ...RULE, ...expected });
  });

  test('has no name if CloudFormation generates it', () => {
    expect(ruleWith({ Name: undefined, EventPattern: {} })).toEqual({
      ...placeOf('Rule'),
      ...{ arn: ruleArn('‹Name of Hub/Rule›'), eventBus: busArn('default'), eventPattern: {}, targets: RULE.targets },
    });
  });
});

describe('a custom resource', () => {
  const call = (action: string, Rule: string) => ({
    Type: 'Custom::AWS',
    Properties: { Create: JSON.stringify({ service: 'EventBridge', action, parameters: { Rule } }) },
  });
  const ruleNamed = (Name: string, ...Targets: object[]) =>
    resource('Events::Rule', { Name, EventPattern: { source: ['shop'] }, Targets });
  const RULES = { Empty: ruleNamed('empty'), Full: ruleNamed('full', target(queueArn('q'))) };

  test.each<[string, object, true | undefined]>([
    ['adds targets to a rule', { Call: call('putTargets', 'empty') }, true],
    ['is not listed if the rule has targets', { Call: call('putTargets', 'full') }, undefined],
    ['does something else', { Call: call('putRule', 'empty') }, undefined],
    ['adds targets after another one', { A: call('putRule', 'empty'), B: call('putTargets', 'empty') }, true],
  ])('%s', (_, calls, expected) => {
    const { rules } = readAgain({ ...RULES, ...calls });
    expect(rules.map(({ customTargets }) => customTargets)).toEqual([expected, undefined]);
  });
});

test.each<[string, string[], true | undefined]>([
  ['all', ['AWS_IAM', 'AWS_IAM'], true],
  ['not all', ['AWS_IAM', 'NONE'], undefined],
  ['no', [], undefined],
])('an API of which %s methods use IAM authorization', (_, types, requiresIam) => {
  const methods = types.map((AuthorizationType, i) => [
    `Method${i}`,
    resource('ApiGateway::Method', { RestApiId: { Ref: 'Api' }, HttpMethod: 'POST', AuthorizationType }),
  ]);
  const { restApis } = readAgain({ Api: resource('ApiGateway::RestApi'), ...Object.fromEntries(methods) });
  expect(restApis.map((api) => api.requiresIam)).toEqual([requiresIam]);
});

test('an API has its methods, in the order of their names', () => {
  const [RestApiId, root] = [{ Ref: 'Api' }, { 'Fn::GetAtt': ['Api', 'RootResourceId'] }];
  const part = (PathPart: string, ParentId: object) =>
    resource('ApiGateway::Resource', { RestApiId, ParentId, PathPart });
  const method = (HttpMethod: string, ResourceId: object) =>
    resource('ApiGateway::Method', { RestApiId, HttpMethod, ResourceId, AuthorizationType: 'AWS_IAM' });
  const { restApis } = readAgain({
    ...{ Api: resource('ApiGateway::RestApi'), Orders: part('orders', root), Order: part('{id}', { Ref: 'Orders' }) },
    ...{ Post: method('POST', { Ref: 'Orders' }), Get: method('GET', { Ref: 'Order' }), Any: method('ANY', root) },
  });
  expect(restApis).toEqual([
    {
      ...placeOf('Api'),
      arn: inHub('execute-api', '‹RestApiId of Hub/Api›'),
      hasPolicy: false,
      requiresIam: true,
      methods: ['ANY /', 'GET /orders/{id}', 'POST /orders'],
    },
  ]);
});

test('the task definition of a target has the roles that are passed', () => {
  const definition = (Family: string) => resource('ECS::TaskDefinition', { Family, ExecutionRoleArn: roleArn('r') });
  const { taskDefinitions } = readAgain({
    ...{ Used: definition('used'), Other: definition('other') },
    Rule: rule(target(inHub('ecs', 'cluster/c'), { EcsParameters: { TaskDefinitionArn: { Ref: 'Used' } } })),
  });
  expect(taskDefinitions).toEqual([
    {
      ...placeOf('Used'),
      arn: inHub('ecs', 'task-definition/used:‹Revision of Hub/Used›'),
      name: 'used',
      passedRoles: [roleArn('r')],
    },
  ]);
});

describe('the key of a queue', () => {
  const key = resource('KMS::Key', { KeyPolicy: { Statement: [] } });
  const alias = (name: string, TargetKeyId: unknown) => resource('KMS::Alias', { AliasName: name, TargetKeyId });
  const queue = (KmsMasterKeyId: unknown) => resource('SQS::Queue', { QueueName: 'q', KmsMasterKeyId });
  const KEYS = { Key: key, OtherKey: key };
  const keyArn = inHub('kms', 'key/‹KeyId of Hub/Key›');

  test.each<[string, unknown]>([
    ['an ARN', { 'Fn::GetAtt': ['Key', 'Arn'] }],
    ['an ID', { Ref: 'Key' }],
  ])('is in the file if its property has %s', (_, value) => {
    const { keys, keyAliases } = readAgain({ ...KEYS, Queue: queue(value) });
    expect(keys).toEqual([{ ...placeOf('Key'), arn: keyArn }]);
    expect(keyAliases).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['the name', 'alias/used'],
    ['the ARN', inHub('kms', 'alias/used')],
  ])('is in the file with its alias if its property has %s of that', (_, value) => {
    const { keys, keyAliases } = readAgain({
      ...KEYS,
      Alias: alias('alias/used', { 'Fn::GetAtt': ['Key', 'Arn'] }),
      OtherAlias: alias('alias/other', { 'Fn::GetAtt': ['OtherKey', 'Arn'] }),
      Queue: queue(value),
    });
    expect(keys).toEqual([{ ...placeOf('Key'), arn: keyArn }]);
    expect(keyAliases).toEqual([
      { ...placeOf('Alias'), arn: inHub('kms', 'alias/used'), name: 'alias/used', kmsKey: keyArn },
    ]);
  });
});
