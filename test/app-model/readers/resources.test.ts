import { AppModel } from '../../../src/app-model/app-model';
import { HUB } from '../../support/apps';
import { modelOfResources } from '../../support/template-constructs';
import { functionArn, queueArn, roleArn } from '../../support/three-accounts';

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const BASE = { ...HUB, conditional: false, conditions: undefined };
const POLICY = { PolicyDocument: { Statement: [{ Sid: 'A' }, { Effect: 'Deny' }] } };
const TOPIC = inHub('sns', 'news');
const QUEUE_URL = `https://sqs.${HUB.region}.amazonaws.com/${HUB.account}/jobs`;
const KEY_ARN = inHub('kms', 'key/‹KeyId of Hub/One›');

type ListName = {
  [name in keyof AppModel]: AppModel[name] extends { construct: unknown }[] ? name : never;
}[keyof AppModel];

/** A list of the model of an app with one resource, without the construct. */
function read(list: ListName, type: string, properties: object): object[] {
  const model = modelOfResources(
    { One: { Type: `AWS::${type}`, Properties: properties } },
    { Conditions: { Big: {} }, Parameters: { Name: { Type: 'String' } } },
  );
  return model[list].map(({ construct: _, ...others }) => others);
}

test.each<[ListName, string, object, object]>([
  ['functions', 'Lambda::Function', { FunctionName: 'f' }, { arn: functionArn('f'), roleArn: undefined }],
  ['functions', 'Lambda::Function', { FunctionName: 'f', Role: roleArn('r') }, { roleArn: roleArn('r') }],
  ['queues', 'SQS::Queue', { QueueName: 'q' }, { arn: queueArn('q'), fifo: false, deduplicates: false }],
  ['queues', 'SQS::Queue', { FifoQueue: true, ContentBasedDeduplication: true }, { fifo: true, deduplicates: true }],
  ['queues', 'SQS::Queue', { FifoQueue: 'true', ContentBasedDeduplication: 'false' }, { fifo: true }],
  ['queues', 'SQS::Queue', { FifoQueue: false, KmsMasterKeyId: 'alias/own' }, { fifo: false, key: 'alias/own' }],
  ['queues', 'SQS::Queue', { ContentBasedDeduplication: { Ref: 'Name' } }, { deduplicates: undefined }],
  ['topics', 'SNS::Topic', { TopicName: 'news' }, { arn: TOPIC, key: undefined }],
  ['topics', 'SNS::Topic', { KmsMasterKeyId: 'alias/own' }, { key: 'alias/own' }],
  ['keys', 'KMS::Key', {}, { arn: KEY_ARN }],
  [
    'keyAliases',
    'KMS::Alias',
    { AliasName: 'alias/own', TargetKeyId: 'id' },
    { arn: inHub('kms', 'alias/own'), name: 'alias/own', key: 'id' },
  ],
])('in %s, %s with %j is read', (list, type, properties, expected) => {
  expect(read(list, type, properties)).toEqual([expect.objectContaining({ ...BASE, ...expected })]);
});

test.each<[ListName, string, object, string[]]>([
  ['functionStatements', 'Lambda::ResourcePolicy', { ...POLICY, ResourceArn: 'f' }, [functionArn('f')]],
  ['queueStatements', 'SQS::QueuePolicy', { ...POLICY, Queues: [QUEUE_URL] }, [queueArn('jobs')]],
  ['queueStatements', 'SQS::QueuePolicy', { ...POLICY, Queues: ['a', 'b'] }, ['a', 'b']],
  ['queueStatements', 'SQS::QueueInlinePolicy', { ...POLICY, Queue: QUEUE_URL }, [queueArn('jobs')]],
  ['topicStatements', 'SNS::TopicPolicy', { ...POLICY, Topics: [TOPIC, 'b'] }, [TOPIC, 'b']],
  ['topicStatements', 'SNS::TopicInlinePolicy', { ...POLICY, TopicArn: TOPIC }, [TOPIC]],
  ['topicStatements', 'SNS::TopicInlinePolicy', POLICY, ['‹TopicArn of Hub/One›']],
  ['keyStatements', 'KMS::Key', { KeyPolicy: POLICY.PolicyDocument }, [KEY_ARN]],
  ['streamStatements', 'Kinesis::ResourcePolicy', { ResourceArn: 's', ResourcePolicy: POLICY.PolicyDocument }, ['s']],
  [
    'streamStatements',
    'Kinesis::ResourcePolicy',
    { ResourcePolicy: POLICY.PolicyDocument },
    ['‹ResourceArn of Hub/One›'],
  ],
])('in %s, %s with %j is the policy of %j', (list, type, properties, arns) => {
  const whole = { conditional: false, isWholePolicy: true };
  expect(read(list, type, properties)).toEqual(
    arns.flatMap((resourceArn) => [
      { resourceArn, id: 'A', statement: { Sid: 'A' }, ...whole },
      { resourceArn, id: '#2', statement: { Effect: 'Deny' }, ...whole },
    ]),
  );
});

const ON_BIG = { 'Fn::If': ['Big', '*', { Ref: 'AWS::NoValue' }] };

test('a permission has a statement for each branch of a condition', () => {
  const properties = { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: ON_BIG };
  const one = { resourceArn: functionArn('f'), id: '‹Sid of Hub/One›', isWholePolicy: false, conditional: true };
  const statement = { Sid: one.id, Effect: 'Allow', Action: properties.Action, Resource: functionArn('f') };
  const branchOf = expect.any(Array);
  expect(read('functionStatements', 'Lambda::Permission', properties)).toEqual([
    { ...one, statement: { ...statement, Principal: '*' }, conditions: ['Hub/Big'], branchOf },
    { ...one, statement: { ...statement, Principal: [null] }, conditions: ['!Hub/Big'], branchOf },
  ]);
});

test.each<[string, object, object]>([
  ['Principal', { Principal: 'sns.amazonaws.com' }, { Principal: { Service: 'sns.amazonaws.com' } }],
  ['Principal', { Principal: 'sns.amazonaws.com.cn' }, { Principal: { Service: 'sns.amazonaws.com.cn' } }],
  ['Principal', { Principal: 'x/sns.amazonaws.com' }, { Principal: { AWS: 'x/sns.amazonaws.com' } }],
  ['Principal', { Principal: 'sns.amazonaws.com/x' }, { Principal: { AWS: 'sns.amazonaws.com/x' } }],
  ['Principal', { Principal: ['sns.amazonaws.com'] }, { Principal: [['sns.amazonaws.com']] }],
  ['Principal', { Principal: '1111111111111' }, { Principal: { AWS: '1111111111111' } }],
  ['Principal', { Principal: 'a111111111111' }, { Principal: { AWS: 'a111111111111' } }],
  ['Action', { Action: 'lambda:*' }, { Action: 'lambda:*' }],
  ['Action', {}, { Action: null }],
  ['Condition', {}, { Condition: undefined }],
  ['Condition', { SourceArn: 'a' }, { Condition: { ArnLike: { 'AWS:SourceArn': 'a' } } }],
  ['Condition', { SourceAccount: 'a' }, { Condition: { StringEquals: { 'AWS:SourceAccount': 'a' } } }],
  ['Condition', { PrincipalOrgID: 'o' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o' } } }],
  ['Condition', { EventSourceToken: 't' }, { Condition: { StringEquals: { 'lambda:EventSourceToken': 't' } } }],
  ['Condition', { FunctionUrlAuthType: 'x' }, { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'x' } } }],
  ['Condition', { InvokedViaFunctionUrl: true }, { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': true } } }],
  [
    'Condition',
    { SourceArn: ['a'] },
    { Condition: { ArnLike: { 'AWS:SourceArn': '‹a value that is not text: ["a"]›' } } },
  ],
  [
    'Condition',
    { SourceAccount: {} },
    { Condition: { StringEquals: { 'AWS:SourceAccount': '‹a value that is not text: {}›' } } },
  ],
])('the %s of the statement of a permission with %j is %j', (element, properties, expected) => {
  const [{ statement }] = read('functionStatements', 'Lambda::Permission', properties) as { statement: object }[];
  expect({ [element]: (statement as { [name: string]: unknown })[element] }).toEqual(expected);
});
