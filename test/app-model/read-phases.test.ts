import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AppModel } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { HUB, testStack } from '../support/apps';
import { constructsOfTemplates } from '../support/template-constructs';
import { functionArn } from '../support/three-accounts';

type ListName = { [name in keyof AppModel]: AppModel[name] extends unknown[] ? name : never }[keyof AppModel];

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const resource = (type: string, properties: object = {}) => ({ Type: type, Properties: properties });
const rule = (properties: object) => resource('AWS::Events::Rule', properties);
const ruleTo = (...arns: string[]) => rule({ Targets: arns.map((Arn) => ({ Id: 'T', Arn })) });
const document = (Sid: string) => ({ PolicyDocument: { Statement: [{ Sid }] } });

function read(resources: object, possibleTargets?: boolean): AppModel {
  return readApp(constructsOfTemplates({ Hub: { Resources: resources } }), [], { possibleTargets });
}

const OF_TARGETS: readonly [ListName, string, object, marker: string][] = [
  ['topics', 'AWS::SNS::Topic', {}, 'sns'],
  ['topicStatements', 'AWS::SNS::TopicPolicy', { Topics: ['t'], ...document('A') }, 'sns'],
  ['topicStatements', 'AWS::SNS::TopicInlinePolicy', document('A'), 'sns'],
  ['streams', 'AWS::Kinesis::Stream', {}, 'kinesis'],
  ['streamStatements', 'AWS::Kinesis::ResourcePolicy', { ResourcePolicy: {} }, 'kinesis'],
  ['taskDefinitions', 'AWS::ECS::TaskDefinition', {}, 'ecs'],
  ['logPolicies', 'AWS::Logs::LogGroup', { ResourcePolicyDocument: {} }, 'logs'],
  ['logPolicies', 'AWS::Logs::ResourcePolicy', { PolicyDocument: '{}' }, 'logs'],
  ['logPolicies', 'Custom::CloudwatchLogResourcePolicy', { Create: 'putResourcePolicy' }, 'logs'],
  ['restApis', 'AWS::ApiGateway::RestApi', {}, 'execute-api'],
];

test.each(OF_TARGETS)(
  '%s are read of %s with %j only if %s is the service of a target',
  (list, type, properties, marker) => {
    const One = resource(type, properties);
    const services = ['sns', 'kinesis', 'ecs', 'logs', 'execute-api', 'sqs'];
    const found = services.filter(
      (service) => read({ One, Rule: ruleTo(functionArn('f'), inHub(service, 'x')) })[list].length > 0,
    );
    expect(found).toEqual([marker]);
    expect([read({ One })[list], read({ One }, true)[list]].map(({ length }) => length)).toEqual([0, 1]);
  },
);

test.each<[ListName, string, object]>([
  ['eventBuses', 'AWS::Events::EventBus', {}],
  ['roles', 'AWS::IAM::Role', {}],
  ['functions', 'AWS::Lambda::Function', {}],
  ['queues', 'AWS::SQS::Queue', {}],
  ['rules', 'AWS::Events::Rule', {}],
  ['users', 'AWS::IAM::User', {}],
  ['keys', 'AWS::KMS::Key', {}],
  ['restApiMethods', 'AWS::ApiGateway::Method', { RestApiId: 'x' }],
])('%s are always read of %s', (list, type, properties) => {
  const model = read({ One: resource(type, properties) });
  expect(model[list]).toHaveLength(1);
  expect(model.stacks.map(({ node }) => node.path)).toEqual(['Hub']);
});

test.each<[string, number]>([
  ['EventBridgeEvents', 1],
  ['Other', 0],
])('topics are read if the policy of one has the statement %s', (sid, count) => {
  const { topics, streams } = read({
    Topic: resource('AWS::SNS::Topic'),
    Policy: resource('AWS::SNS::TopicPolicy', { Topics: ['t'], ...document(sid) }),
    Stream: resource('AWS::Kinesis::Stream'),
  });
  expect([topics, streams].map(({ length }) => length)).toEqual([count, 0]);
});

test('topics are read if this library allows others to send to one', () => {
  const stack = testStack('Hub');
  const scope = new Construct(stack, 'Topic');
  new CfnResource(scope, 'Resource', { type: 'AWS::SNS::Topic' });
  const before = readApp(stack.node.root).topics;
  Object.assign(scope, { [Symbol.for('cdk-cross-account-eventbridge.targetStatements')]: new Map() });
  expect([before, readApp(stack.node.root).topics].map(({ length }) => length)).toEqual([0, 1]);
});

const S3 = { Bucket: resource('AWS::S3::Bucket'), Custom: resource('Custom::AWS', { Create: 'x' }) };
const FOR_S3 = { EventPattern: { source: ['aws.s3'] } };
const TARGETS = { Targets: [{ Id: 'T', Arn: functionArn('f') }] };

test.each<[string, object, [number, number]]>([
  ['no rule', {}, [0, 0]],
  ['a rule for events of buckets', { Rule: rule({ ...FOR_S3, ...TARGETS }) }, [1, 1]],
  [
    'a rule for events of buckets, and another one',
    { A: rule(TARGETS), Rule: rule({ ...FOR_S3, ...TARGETS }) },
    [1, 1],
  ],
  ['a rule for other events', { Rule: rule({ ...TARGETS, EventPattern: { source: ['shop'] } }) }, [0, 0]],
  ['a rule with a pattern that is text', { Rule: rule({ ...TARGETS, EventPattern: 'source' }) }, [0, 0]],
  ['a rule without targets', { Rule: rule({}) }, [0, 1]],
  ['a rule without targets, and another one', { A: rule(TARGETS), Rule: rule({}) }, [0, 1]],
  ['a rule to a log group', { Rule: ruleTo(inHub('logs', 'log-group:g')) }, [0, 1]],
])('buckets and calls to the AWS SDK are read with %s', (_, rules, expected) => {
  const { buckets, sdkCalls } = read({ ...S3, ...rules });
  expect([buckets, sdkCalls].map(({ length }) => length)).toEqual(expected);
});

test('a log group has its name where others refer to it', () => {
  const { sdkCalls } = read({
    Group: resource('AWS::Logs::LogGroup', { LogGroupName: 'g' }),
    Custom: resource('Custom::AWS', { Create: { Ref: 'Group' } }),
    Rule: ruleTo(inHub('logs', 'log-group:g')),
  });
  expect(sdkCalls).toEqual(['{"Create":"g"}']);
});

test('functions are read before permissions, by which their names are known', () => {
  const Resources = {
    Permission: resource('AWS::Lambda::Permission', { FunctionName: { Ref: 'Name' } }),
    Function: resource('AWS::Lambda::Function', { FunctionName: { Ref: 'Name' } }),
  };
  const template = { Hub: { Resources, Parameters: { Name: { Type: 'String' } } } };
  const { functionStatements, functions } = readApp(constructsOfTemplates(template));
  expect(functions.map(({ arn }) => arn)).toEqual([functionArn('‹parameter Hub/Name›')]);
  expect(functionStatements.map(({ resourceArn }) => resourceArn)).toEqual([functionArn('‹parameter Hub/Name›')]);
});
