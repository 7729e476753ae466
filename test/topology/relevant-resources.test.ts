import { EventTopology } from '../../src/topology/topology';
import { topologyOf } from '../../src/topology/write-topology';
import { HUB, SHOP } from '../support/apps';
import { modelOfResources } from '../support/template-constructs';
import { queueArn, roleArn, rootArn } from '../support/three-accounts';
import { placeOf, readAgain } from '../support/topologies';

const resource = (type: string, properties: object = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const getAtt = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const idsOf = (entries: readonly { readonly logicalId: string }[]) => entries.map(({ logicalId }) => logicalId);

const QUEUE = resource('SQS::Queue');
const targetOf = (Arn: unknown, more: object = {}) =>
  resource('Events::Rule', { EventPattern: { source: ['a'] }, Targets: [{ Id: 'T', Arn, ...more }] });
const DOCUMENT = (...statements: unknown[]) => ({ Statement: statements });
const allow = (Principal: unknown, more: object = {}) => ({
  ...{ Effect: 'Allow', Principal, Action: '*', Resource: '*' },
  ...more,
});
const EVENTS = allow({ Service: 'events.amazonaws.com' });

/** The list of the file with a resource `R` and others. */
const listed = (list: keyof EventTopology, R: object, others: object = {}) =>
  idsOf(topologyOf(modelOfResources({ R, ...others }))[list] as never);

describe('a resource with a generated name is in the file', () => {
  const version = resource('Lambda::Version', { FunctionName: { Ref: 'R' } });

  test.each<[string, keyof EventTopology, object, object]>([
    ['a function that is a target', 'functions', resource('Lambda::Function'), { Rule: targetOf(getAtt('R', 'Arn')) }],
    [
      'a function of which a version is a target',
      'functions',
      resource('Lambda::Function'),
      { Version: version, Rule: targetOf({ Ref: 'Version' }) },
    ],
    ['a queue that is a target', 'queues', QUEUE, { Rule: targetOf(getAtt('R', 'Arn')) }],
    [
      'a queue with events that a target does not receive',
      'queues',
      QUEUE,
      { Rule: targetOf(queueArn('q'), { DeadLetterConfig: { Arn: getAtt('R', 'Arn') } }) },
    ],
    [
      'a queue with events that a bus does not deliver',
      'queues',
      QUEUE,
      { Bus: resource('Events::EventBus', { Name: 'a', DeadLetterConfig: { Arn: getAtt('R', 'Arn') } }) },
    ],
    ['a topic that is a target', 'topics', resource('SNS::Topic'), { Rule: targetOf({ Ref: 'R' }) }],
    ['a stream that is a target', 'streams', resource('Kinesis::Stream'), { Rule: targetOf(getAtt('R', 'Arn')) }],
    [
      'a function with a policy',
      'functions',
      resource('Lambda::Function'),
      {
        Permission: resource('Lambda::Permission', {
          ...{ FunctionName: { Ref: 'R' }, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' },
        }),
      },
    ],
    [
      'a topic with a policy',
      'topics',
      resource('SNS::Topic'),
      { Policy: resource('SNS::TopicPolicy', { Topics: [{ Ref: 'R' }], PolicyDocument: DOCUMENT(EVENTS) }) },
    ],
    [
      'a stream with a policy',
      'streams',
      resource('Kinesis::Stream'),
      {
        Policy: resource('Kinesis::ResourcePolicy', {
          ...{ ResourceArn: getAtt('R', 'Arn'), ResourcePolicy: DOCUMENT(EVENTS) },
        }),
      },
    ],
    ['a key with a policy', 'keys', resource('KMS::Key', { KeyPolicy: DOCUMENT(EVENTS) }), {}],
    ['the key of a bus', 'keys', resource('KMS::Key'), { Bus: busWithKey() }],
    [
      'the key of a topic',
      'keys',
      resource('KMS::Key'),
      { Topic: resource('SNS::Topic', { TopicName: 't', KmsMasterKeyId: { Ref: 'R' } }) },
    ],
    [
      'the key of a stream',
      'keys',
      resource('KMS::Key'),
      { Stream: resource('Kinesis::Stream', { Name: 's', StreamEncryption: { KeyId: { Ref: 'R' } } }) },
    ],
  ])('%s', (_, list, R, others) => {
    expect(listed(list, R, others)).toEqual(['R']);
  });

  test.each<[keyof EventTopology, object]>([
    ['functions', resource('Lambda::Function')],
    ['queues', QUEUE],
    ['topics', resource('SNS::Topic')],
    ['streams', resource('Kinesis::Stream')],
    ['keys', resource('KMS::Key')],
    ['keyAliases', resource('KMS::Alias', { AliasName: 'alias/a', TargetKeyId: 'k' })],
    ['taskDefinitions', resource('ECS::TaskDefinition')],
  ])('and other %s are not', (list, R) => {
    const others = { Rule: targetOf(queueArn('q')), Queue: resource('SQS::Queue', { KmsMasterKeyId: 'k' }) };
    expect(listed(list, R, others)).toEqual([]);
  });

  test('with its policy, which is else not in the file', () => {
    const policyOf = (id: string, document: object) =>
      resource('SQS::QueuePolicy', { Queues: [{ Ref: id }], PolicyDocument: document });
    const { resourcePolicies } = readAgain({
      ...{ A: QUEUE, B: QUEUE },
      PolicyA: policyOf('A', DOCUMENT(EVENTS)),
      PolicyB: policyOf('B', DOCUMENT(allow({ Service: 'sns.amazonaws.com' }))),
      KeyC: resource('KMS::Key', { KeyPolicy: DOCUMENT(allow({ AWS: rootArn(HUB) })) }),
    });
    expect(idsOf(resourcePolicies)).toEqual(['PolicyA']);
  });
});

function busWithKey(): object {
  return resource('Events::EventBus', { Name: 'a', KmsKeyIdentifier: { Ref: 'R' } });
}

test.each<[unknown, boolean]>([
  [EVENTS, true],
  [allow({ Service: ['sns.amazonaws.com', 'events.amazonaws.com'] }), true],
  [allow({ Service: 'events.amazonaws.com.cn' }), true],
  [allow({ Service: { Ref: 'Service' } }), true],
  [allow({ Service: 'events.amazonaws.com.example' }), false],
  [allow({ Service: 'my-events.amazonaws.com' }), false],
  [allow({ Service: 'sns.amazonaws.com' }), false],
  [allow({ Service: 'events.amazonaws.com' }, { Effect: 'Deny' }), false],
  [allow('*'), true],
  [allow({ AWS: '*' }), true],
  [allow({ AWS: SHOP.account }), true],
  [allow({ AWS: rootArn(SHOP) }), true],
  [allow({ AWS: roleArn('r') }), true],
  [allow({ AWS: [rootArn(HUB), roleArn('r')] }), true],
  [allow({ AWS: HUB.account }), false],
  [allow({ AWS: rootArn(HUB) }), false],
  [allow({ AWS: roleArn('r', HUB) }), false],
  [allow(undefined, { NotPrincipal: { AWS: rootArn(HUB) } }), true],
  [allow(undefined, { NotPrincipal: { AWS: rootArn(HUB) }, Effect: 'Deny' }), false],
  ['text', true],
  [{ Ref: 'Service' }, true],
])('a queue with the statement %j in its policy is in the file: %s', (statement, expected) => {
  const others = {
    Policy: resource('SQS::QueuePolicy', { Queues: [{ Ref: 'R' }], PolicyDocument: DOCUMENT(statement) }),
  };
  const parameters = { Parameters: { Service: { Type: 'String' } } };
  const { queues } = topologyOf(modelOfResources({ R: QUEUE, ...others }, parameters));
  expect(idsOf(queues)).toEqual(expected ? ['R'] : []);
});

test.each<[unknown[], boolean]>([
  [[EVENTS], true],
  [[allow({ Service: 'delivery.logs.amazonaws.com' })], true],
  [[allow({ Service: ['es.amazonaws.com', 'delivery.logs.amazonaws.com'] })], true],
  [[allow({ Service: 'es.amazonaws.com' }), EVENTS], true],
  [[allow({ Service: 'es.amazonaws.com' })], false],
  [[allow({ Service: 'logs.amazonaws.com' })], false],
  [[allow({ AWS: SHOP.account })], false],
  [[allow('*')], true],
  [['text'], true],
  [[], false],
])('a policy of CloudWatch Logs with the statements %j is in the file: %s', (statements, expected) => {
  const R = resource('Logs::ResourcePolicy', { PolicyName: 'p', PolicyDocument: DOCUMENT(...statements) });
  expect(listed('logPolicies', R)).toEqual(expected ? ['R'] : []);
});

describe('a bucket', () => {
  const bucket = (properties: object = {}) => resource('S3::Bucket', { BucketName: 'orders', ...properties });
  const ruleOn = (pattern: object) =>
    resource('Events::Rule', {
      ...{ Name: 'rule', EventPattern: { source: ['aws.s3'], ...pattern } },
      Targets: [{ Id: 'T', Arn: queueArn('q') }],
    });
  const byName = ruleOn({ detail: { bucket: { name: ['orders'] } } });

  test.each<[string, object, string[]]>([
    ['by its name', byName, ['Bucket']],
    ['by its ARN', ruleOn({ resources: ['arn:aws:s3:::orders'] }), ['Bucket']],
    ['by no name', ruleOn({}), []],
    ['by another name', ruleOn({ detail: { bucket: { name: ['invoices'] } } }), []],
  ])('is in the file if a pattern matches it %s', (_, rule, expected) => {
    expect(idsOf(readAgain({ Bucket: bucket(), Rule: rule }).buckets)).toEqual(expected);
  });

  const notifications = (BucketName: string, NotificationConfiguration: object) => ({
    Type: 'Custom::S3BucketNotifications',
    Properties: { BucketName, NotificationConfiguration },
  });
  const call = (action: string, Bucket: string) => ({
    Type: 'Custom::AWS',
    Properties: { Create: JSON.stringify({ service: 'S3', action, parameters: { Bucket } }) },
  });
  const SENDS = { EventBridgeConfiguration: {} };

  test.each<[string, object, object, boolean | undefined]>([
    ['sends its events', { NotificationConfiguration: SENDS }, {}, true],
    ['sends no events', {}, {}, false],
    ['may send events', { NotificationConfiguration: '‹unknown›' }, {}, undefined],
    ['may send events by a custom resource', {}, { Custom: notifications('orders', SENDS) }, undefined],
    ['sends none by a custom resource for another one', {}, { Custom: notifications('other', SENDS) }, false],
    ['sends none by a custom resource without EventBridge', {}, { Custom: notifications('orders', {}) }, false],
    ['may send events by a call', {}, { Custom: call('putBucketNotificationConfiguration', 'orders') }, undefined],
    ['sends none by another call', {}, { Custom: call('putBucketTagging', 'orders') }, false],
    ['sends none by a call for another one', {}, { Custom: call('putBucketNotification', 'other') }, false],
    [
      'may send events by one of two calls',
      {},
      { A: call('putBucketTagging', 'orders'), B: call('putBucketNotification', 'orders') },
      undefined,
    ],
  ])('%s', (_, properties, custom, sendsEvents) => {
    const { buckets } = readAgain({ Bucket: bucket(properties), Rule: byName, ...custom });
    expect(buckets).toEqual([
      {
        ...{ ...placeOf('Bucket'), arn: 'arn:aws:s3:::orders', name: 'orders' },
        ...(sendsEvents !== undefined && { sendsEvents }),
      },
    ]);
  });
});
