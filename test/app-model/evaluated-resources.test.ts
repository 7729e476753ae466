import { CfnResource, Stack } from 'aws-cdk-lib';
import { AppModel } from '../../src/app-model/app-model';
import {
  Identities,
  anywhere,
  evaluatedResources,
  isInAccounts,
  ownIdentities,
} from '../../src/app-model/evaluated-resources';
import { OtherApp } from '../../src/app-model/other-apps';
import { readApp } from '../../src/app-model/read-app';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';
import { busArn, functionArn, queueArn, roleArn } from '../support/three-accounts';

type Resource = readonly [type: string, properties: object];

const inAccount = (service: string, resource: string, { account, region } = SHOP) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
const document = (Resource: unknown) => ({ Statement: [{ Effect: 'Allow', Action: '*', Resource }, 'text'] });
const target = (properties: object): Resource => ['Events::Rule', { Targets: [{ Id: 'T', ...properties }] }];
const inHub = (service: string, resource: string) => inAccount(service, resource, HUB);

function define(stack: Stack, resources: readonly Resource[]): void {
  resources.forEach(([type, properties], i) => new CfnResource(stack, `R${i}`, { type: `AWS::${type}`, properties }));
}

/** What the checks of an app in account 111111111111 evaluate of an app in account 222222222222. */
function evaluated(others: readonly Resource[], own: readonly Resource[] = [], ownStack = testStack('Hub')): AppModel {
  define(ownStack, own);
  const other = testStack('Shop', SHOP);
  define(other, others);
  const { root } = ownStack.node;
  const apps = [other, testStack('Empty', BILLING)].map(({ node }) => new OtherApp(node.id, node.root));
  return evaluatedResources(readApp(root, apps, { possibleTargets: true }), apps);
}

const NAMES = [
  ...['eventBuses', 'rules', 'roles', 'users', 'groups', 'managedPolicies', 'eventBusStatements'],
  ...['eventBusV2Statements', 'functionStatements', 'queueStatements', 'topicStatements', 'streamStatements'],
  ...['restApiStatements', 'keyStatements'],
] as const;

/** The lists of a model that are reduced, without the empty ones, by the paths of the resources. */
function listsOf(model: AppModel): object {
  const lists = NAMES.map((name) => [name, model[name].map(({ construct }) => construct.node.path)] as const);
  return Object.fromEntries(lists.filter(([, paths]) => paths.length > 0));
}

test.each<[Resource, string | undefined]>([
  [['Events::EventBus', { Name: 'b' }], undefined],
  [['Events::EventBus', { Name: 'b', DeadLetterConfig: { Arn: queueArn('dead') } }], 'eventBuses'],
  [['Events::EventBus', { Name: 'b', DeadLetterConfig: { Arn: queueArn('dead', SHOP) } }], undefined],
  [['Events::EventBus', { Name: 'b', KmsKeyIdentifier: inHub('kms', 'key/k') }], 'eventBuses'],
  [target({ Arn: queueArn('q', SHOP) }), undefined],
  [target({ Arn: queueArn('q') }), 'rules'],
  [target({ Arn: queueArn('q', SHOP), DeadLetterConfig: { Arn: queueArn('dead') } }), 'rules'],
  [target({ Arn: queueArn('q', SHOP), RoleArn: roleArn('r', HUB) }), 'rules'],
  [['Events::Rule', { EventBusName: busArn() }], 'rules'],
  [['Events::Rule', { RoleArn: roleArn('r', HUB) }], 'rules'],
  [['IAM::Role', {}], undefined],
  [['IAM::Role', { Policies: [{ PolicyDocument: document(busArn('b', SHOP)) }] }], undefined],
  [['IAM::Role', { Policies: [{ PolicyDocument: document(busArn()) }] }], 'roles'],
  [['IAM::Role', { Policies: [{ PolicyDocument: document([busArn('b', SHOP), busArn()]) }] }], 'roles'],
  [['IAM::Role', { Policies: [{ PolicyDocument: document('arn:aws:events:*:*:event-bus/*') }] }], 'roles'],
  [['IAM::Role', { Policies: [{ PolicyDocument: document('*') }] }], 'roles'],
  [['IAM::Role', { Policies: [{ PolicyDocument: document('arn:aws:s3:::bucket') }] }], 'roles'],
  [['IAM::User', {}], undefined],
  [['IAM::User', { Policies: [{ PolicyDocument: document(busArn()) }] }], 'users'],
  [['IAM::Group', { Policies: [{ PolicyDocument: document(busArn()) }] }], 'groups'],
  [['IAM::ManagedPolicy', { PolicyDocument: document(busArn()) }], undefined],
  [['Events::EventBusPolicy', { EventBusName: 'b', Principal: '*' }], undefined],
  // No other account can write the policy of a bus.
  [['Events::EventBusPolicy', { EventBusName: busArn(), Principal: '*' }], undefined],
  [['EventsV2::ResourcePolicy', { EventBusArn: busArn(), PolicyDocument: {} }], 'eventBusV2Statements'],
  [['EventsV2::ResourcePolicy', { EventBusArn: busArn('b', SHOP), PolicyDocument: {} }], undefined],
  [['Lambda::Permission', { FunctionName: functionArn('f') }], 'functionStatements'],
  [['Lambda::Permission', { FunctionName: 'f' }], undefined],
  [['SQS::QueueInlinePolicy', { Queue: queueArn('q'), PolicyDocument: {} }], 'queueStatements'],
  [['SQS::QueueInlinePolicy', { Queue: queueArn('q', SHOP), PolicyDocument: {} }], undefined],
  [['SNS::TopicInlinePolicy', { TopicArn: inHub('sns', 't'), PolicyDocument: {} }], 'topicStatements'],
  [['SNS::TopicInlinePolicy', { TopicArn: inAccount('sns', 't'), PolicyDocument: {} }], undefined],
  [['Kinesis::ResourcePolicy', { ResourceArn: inHub('kinesis', 'stream/s'), ResourcePolicy: {} }], 'streamStatements'],
  [['Kinesis::ResourcePolicy', { ResourceArn: inAccount('kinesis', 's'), ResourcePolicy: {} }], undefined],
  [['ApiGateway::RestApi', { Policy: {} }], undefined],
  [['KMS::Key', { KeyPolicy: {} }], undefined],
])('of another app, %j is evaluated in the list %s', (resource, list) => {
  expect(listsOf(evaluated([resource]))).toEqual(list === undefined ? {} : { [list]: ['Shop/R0'] });
});

const own = (type: string, properties: object): Resource => [type, properties];

test.each<[Resource, Resource]>([
  [own('Events::EventBusPolicy', { EventBusName: 'b', Principal: '*' }), ['Events::EventBus', { Name: 'b' }]],
  [own('Lambda::Permission', { FunctionName: 'f' }), target({ Arn: functionArn('f', SHOP) })],
  [own('SQS::QueueInlinePolicy', { Queue: queueArn('q'), PolicyDocument: {} }), target({ Arn: queueArn('q', SHOP) })],
  [
    own('SNS::TopicInlinePolicy', { TopicArn: inHub('sns', 't'), PolicyDocument: {} }),
    target({ Arn: inAccount('sns', 't') }),
  ],
  [
    own('Kinesis::ResourcePolicy', { ResourceArn: inHub('kinesis', 'stream/s'), ResourcePolicy: {} }),
    target({ Arn: inAccount('kinesis', 'stream/s') }),
  ],
  [own('IAM::Policy', { Roles: ['r'], PolicyDocument: {} }), ['Events::Rule', { RoleArn: roleArn('r', HUB) }]],
])('with %j of this app, %j of another account is evaluated', (policy, resource) => {
  expect(Object.values(listsOf(evaluated([resource], [policy]))).flat()).toContain('Shop/R0');
});

test.each<[string, () => Stack]>([
  ['an app with a stack that may be in any account', () => testStack('Any', {}, testStack('Hub').node.root as never)],
  ['an app in the account of the other one', () => testStack('Shop2', SHOP, testApp())],
])('everything is evaluated for %s', (_, make) => {
  const resources: Resource[] = [
    ['Events::EventBus', { Name: 'b' }],
    ['IAM::Role', {}],
    target({ Arn: queueArn('q', SHOP) }),
    ['Events::EventBusPolicy', { EventBusName: 'b', Principal: '*' }],
    ['KMS::Key', { KeyPolicy: {} }],
  ];
  expect(listsOf(evaluated(resources, [], make()))).toEqual({
    ...{ eventBuses: ['Shop/R0'], roles: ['Shop/R1'], rules: ['Shop/R2'] },
    ...{ eventBusStatements: ['Shop/R3'], keyStatements: ['Shop/R4'] },
  });
});

test('everything of this app is evaluated', () => {
  const resources: Resource[] = [
    ['Events::EventBus', { Name: 'b' }],
    target({ Arn: queueArn('q', BILLING) }),
    ['IAM::Role', {}],
    ['IAM::User', {}],
    ['IAM::Group', {}],
    ['IAM::ManagedPolicy', { PolicyDocument: {} }],
    ['Events::EventBusPolicy', { EventBusName: busArn('b', BILLING), Principal: '*' }],
    ['EventsV2::ResourcePolicy', { EventBusArn: busArn('b', BILLING), PolicyDocument: {} }],
    ['Lambda::Permission', { FunctionName: functionArn('f', BILLING) }],
    ['SQS::QueueInlinePolicy', { Queue: queueArn('q', BILLING), PolicyDocument: {} }],
    ['SNS::TopicInlinePolicy', { TopicArn: inAccount('sns', 't', BILLING), PolicyDocument: {} }],
    ['Kinesis::ResourcePolicy', { ResourceArn: inAccount('kinesis', 's', BILLING), ResourcePolicy: {} }],
    ['ApiGateway::RestApi', { Policy: {} }],
    ['KMS::Key', { KeyPolicy: {} }],
  ];
  expect(listsOf(evaluated([], resources))).toEqual(Object.fromEntries(NAMES.map((name, i) => [name, [`Hub/R${i}`]])));
});

test.each(['Role', 'User', 'Group'])(
  'a %s of this app is its own, and one of another app if this app has a policy for it',
  (kind) => {
    const shared = testStack('Shared', SHOP);
    define(shared, [
      [`IAM::${kind}`, { [`${kind}Name`]: 'a' }],
      [`IAM::${kind}`, { [`${kind}Name`]: 'b' }],
    ]);
    const stack = testStack('Shop', SHOP);
    define(stack, [
      [`IAM::${kind}`, {}],
      ['IAM::Policy', { [`${kind}s`]: ['a'], PolicyDocument: document('*') }],
    ]);
    const others = [new OtherApp('shared', shared.node.root)];
    const model = readApp(stack.node.root, others);
    const pathsOf = ({ roles, users, groups }: Identities) =>
      [...roles, ...users, ...groups].map(({ construct }) => construct.node.path);

    expect(pathsOf(ownIdentities(model, others))).toEqual(['Shop/R0', 'Shared/R0']);
    expect(pathsOf(ownIdentities(model, []))).toEqual(['Shop/R0', 'Shared/R0', 'Shared/R1']);
  },
);

test.each([
  ['111111111111', true],
  ['222222222222', false],
  ['', true],
  ['*', true],
  ['1111?', true],
  ['‹AWS::AccountId›', true],
])('the account %j may be account 111111111111: %s', (account, expected) => {
  expect(isInAccounts({ account }, new Set([HUB.account]))).toBe(expected);
});

test('a text that is no ARN may be in any account', () => {
  expect(isInAccounts(undefined, new Set())).toBe(true);
  expect([busArn(), 'text'].map((arn) => anywhere(arn))).toEqual(['events:event-bus/orders', ':text']);
});
