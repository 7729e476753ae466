import { Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { AppIndex } from '../../src/app-model/app-index';
import { OtherApp } from '../../src/app-model/other-apps';
import { resourceOrganizationContext } from '../../src/iam/condition-keys';
import { HUB, SHOP, testApp, testStack } from '../support/apps';
import { modelOfResources } from '../support/template-constructs';
import { busArn, functionArn, queueArn, roleArn } from '../support/three-accounts';

const resource = (type: string, properties: object = {}, more: object = {}) => ({
  Type: type,
  Properties: properties,
  ...more,
});
const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const PUT = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
const QUEUE_URL = `https://sqs.${HUB.region}.amazonaws.com/${HUB.account}/jobs`;
const KEY_ID = '‹KeyId of Hub/Key›';

const RESOURCES = {
  Bus: resource('AWS::Events::EventBus', { Name: 'orders' }),
  Function: resource('AWS::Lambda::Function', { FunctionName: 'handler' }),
  Queue: resource('AWS::SQS::Queue', { QueueName: 'jobs' }, { Condition: 'Big' }),
  QueuePolicy: resource('AWS::SQS::QueuePolicy', { Queues: [QUEUE_URL], PolicyDocument: { Statement: [PUT] } }),
  Topic: resource('AWS::SNS::Topic', { TopicName: 'news' }),
  Stream: resource('AWS::Kinesis::Stream', { Name: 'log' }),
  Api: resource('AWS::ApiGateway::RestApi'),
  Task: resource('AWS::ECS::TaskDefinition', { Family: 'task' }),
  Key: resource('AWS::KMS::Key', { KeyPolicy: { Statement: [PUT] } }),
  Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/own', TargetKeyId: { Ref: 'Key' } }),
  Second: resource('AWS::KMS::Alias', { AliasName: 'alias/second', TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } }),
  Lost: resource('AWS::KMS::Alias', { AliasName: 'alias/lost', TargetKeyId: 'unknown' }),
  Role: resource('AWS::IAM::Role', { RoleName: 'role' }),
  User: resource('AWS::IAM::User', { UserName: 'user' }),
  Policy: resource('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'policy', PolicyDocument: {} }),
  Rule: resource('AWS::Events::Rule', {
    Name: 'rule',
    EventBusName: 'orders',
    EventPattern: { source: ['shop'] },
    Targets: [
      { Id: 'A', Arn: queueArn('jobs') },
      { Id: 'B', Arn: functionArn('handler') },
    ],
  }),
};

let index: AppIndex;
beforeAll(() => {
  index = new AppIndex(modelOfResources(RESOURCES));
});

const idOf = (found: { construct: { node: { id: string } } } | undefined) => found?.construct.node.id;

test.each<[string, string | undefined]>([
  [busArn(), 'Bus'],
  [functionArn('handler'), 'Function'],
  [functionArn('handler:live'), 'Function'],
  [queueArn('jobs'), 'Queue'],
  [inHub('sns', 'news'), 'Topic'],
  [inHub('kinesis', 'stream/log'), 'Stream'],
  [inHub('execute-api', '‹RestApiId of Hub/Api›'), 'Api'],
  [inHub('kms', `key/${KEY_ID}`), 'Key'],
  [inHub('kms', 'alias/own'), 'Key'],
  [roleArn('role', HUB), 'Role'],
  [`arn:aws:iam::${HUB.account}:user/user`, 'User'],
  [busArn('other'), undefined],
  [functionArn('other'), undefined],
  [`arn:aws:iam::${HUB.account}:policy/policy`, undefined],
])('the resource %s is %s', (arn, expected) => {
  expect(idOf(index.resource(arn))).toBe(expected);
});

test('resources are found by the methods of their type only', () => {
  const apiArn = inHub('execute-api', '‹RestApiId of Hub/Api›');
  const taskArn = inHub('ecs', 'task-definition/task:‹Revision of Hub/Task›');
  const policyArn = `arn:aws:iam::${HUB.account}:policy/policy`;
  expect([idOf(index.bus(busArn())), idOf(index.bus(queueArn('jobs')))]).toEqual(['Bus', undefined]);
  expect([idOf(index.queue(queueArn('jobs'))), idOf(index.queue(busArn()))]).toEqual(['Queue', undefined]);
  expect([idOf(index.topic(inHub('sns', 'news'))), idOf(index.topic(busArn()))]).toEqual(['Topic', undefined]);
  expect([idOf(index.stream(inHub('kinesis', 'stream/log'))), idOf(index.stream(''))]).toEqual(['Stream', undefined]);
  expect([idOf(index.restApi(apiArn)), idOf(index.taskDefinition(taskArn))]).toEqual(['Api', 'Task']);
  expect([idOf(index.role(roleArn('role', HUB))), idOf(index.managedPolicy(policyArn))]).toEqual(['Role', 'Policy']);
  expect(idOf(index.role(`arn:aws:iam::${HUB.account}:user/user`))).toBeUndefined();
});

test.each<[string, typeof HUB, string | undefined]>([
  [KEY_ID, SHOP, 'Key'],
  [inHub('kms', `key/${KEY_ID}`), SHOP, 'Key'],
  [`key/${KEY_ID}`, SHOP, 'Key'],
  ['alias/own', HUB, 'Key'],
  ['alias/second', HUB, 'Key'],
  ['alias/own', SHOP, undefined],
  ['alias/own', { ...HUB, region: 'us-east-1' }, undefined],
  ['alias/lost', HUB, undefined],
])('the key %s of a resource in %j is %s', (name, environment, expected) => {
  expect(idOf(index.key(name, environment))).toBe(expected);
});

test('policies, conditions and rules are found by ARN', () => {
  expect(index.statementsOn(queueArn('jobs')).map(({ statement }) => statement)).toEqual([PUT]);
  expect(index.policyOn(queueArn('jobs'))).toMatchObject({ statements: [PUT], conflicting: false });
  expect(index.policyOn(inHub('kms', `key/${KEY_ID}`)).statements).toEqual([PUT]);
  expect(index.policyOn(busArn())).toEqual({ entries: [], statements: [], conflicting: false });
  expect(index.conditionsOf(queueArn('jobs'))).toEqual(['Hub/Big']);
  expect([index.conditionsOf(busArn()), index.conditionsOf(busArn('other'))]).toEqual([[], []]);
  expect([index.rulesOn(busArn()), index.rulesOn(busArn('other'))].map((rules) => rules.map(idOf))).toEqual([
    ['Rule'],
    [],
  ]);
  const targets = [queueArn('jobs'), functionArn('handler'), busArn()];
  expect(targets.map((arn) => index.rulesTo(arn).map(idOf))).toEqual([['Rule'], ['Rule'], []]);
  expect([HUB, SHOP].map(({ account }) => index.identitiesIn(account).map(idOf))).toEqual([['Role', 'User'], []]);
});

test('other apps are found by their constructs, and by the accounts and Regions that they have', () => {
  const app = testApp();
  const own = testStack('Hub', HUB, app);
  const stage = new Stage(app, 'Stage');
  const inStage = new Stack(stage, 'Shop', { env: SHOP });
  const other = new OtherApp('stage', stage, true);
  const found = AppIndex.of(app, [other]);
  expect([own, inStage, stage].map((one) => found.otherAppOf(one))).toEqual([undefined, other, other]);
  expect([busArn(), busArn('orders', SHOP)].map((arn) => found.othersDescribing(arn))).toEqual([[], [other]]);
});

test('of an app that is deployed separately, only what may concern this app is evaluated', () => {
  const app = testApp();
  new CfnEventBus(testStack('Hub', HUB, app), 'Bus', { name: 'orders' });
  const shop = testApp();
  new CfnEventBus(testStack('Shop', SHOP, shop), 'Bus', { name: 'orders' });
  const { model, evaluated } = AppIndex.of(app, [new OtherApp('shop', shop)]);
  expect([model, evaluated].map(({ eventBuses }) => eventBuses.length)).toEqual([2, 1]);
  // without a root, nothing is known to be separate
  const unknown = new AppIndex(model, undefined, [new OtherApp('shop', shop)]);
  expect(unknown.evaluated.eventBuses).toHaveLength(2);
});

test('the organizations of an app are those of its copy', () => {
  const copy = index.withOrganizations(['o-a', 'o-b']);
  expect(index.withOrganizations([])).toBe(index);
  expect(index.withOrganizations()).toBe(index);
  expect(index.withOrganizations(['o-a', 'o-b'])).toBe(copy);
  expect(index.withOrganizations(['o-a'])).not.toBe(copy);
  expect([index.organizationKeys, copy.model]).toEqual([{}, index.model]);
  expect(copy.organizationKeys).toEqual(resourceOrganizationContext(['o-a', 'o-b']));
  expect(idOf(copy.bus(busArn()))).toBe('Bus');
});
