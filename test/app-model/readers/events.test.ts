import { AppModel } from '../../../src/app-model/app-model';
import { HUB, SHOP } from '../../support/apps';
import { modelOfResources } from '../../support/template-constructs';
import { busArn, queueArn, roleArn, ruleArn } from '../../support/three-accounts';

const CONDITIONS = { Conditions: { Big: {}, Small: {} } };
const ifBig = (value: unknown, otherwise: unknown = { Ref: 'AWS::NoValue' }) => ({
  'Fn::If': ['Big', value, otherwise],
});

function read(type: string, properties: object, more: object = {}): AppModel {
  return modelOfResources({ One: { Type: `AWS::Events${type}`, Properties: properties, ...more } }, CONDITIONS);
}

const without = <T extends { construct: unknown }>({ construct: _, ...others }: T) => others;
const BASE = { ...HUB, conditional: false, conditions: undefined };

test.each<[object, object]>([
  [{}, { name: '‹Name of Hub/One›', arn: busArn('‹Name of Hub/One›') }],
  [{ Name: 'orders' }, {}],
  [{ Name: 'orders', KmsKeyIdentifier: 'alias/own' }, { key: 'alias/own' }],
  [{ Name: 'orders', KmsKeyIdentifier: '' }, {}],
  [{ Name: 'orders', DeadLetterConfig: { Arn: queueArn('dead') } }, { deadLetterArn: queueArn('dead') }],
  [{ Name: 'orders', DeadLetterConfig: {} }, {}],
  [{ Name: 'orders', DeadLetterConfig: 'text' }, { deadLetterArn: '‹a queue that cannot be read: text›' }],
])('a bus with %j is read as %j', (properties, expected) => {
  const bus = { ...BASE, name: 'orders', arn: busArn(), deadLetterArn: undefined, key: undefined, ...expected };
  expect(read('::EventBus', properties).eventBuses.map(without)).toEqual([bus]);
});

test('a resource has the condition of its template', () => {
  const conditions = { conditional: true, conditions: ['Hub/Big'] };
  const [bus] = read('::EventBus', { Policy: { Statement: [{ Sid: 'A' }] } }, { Condition: 'Big' }).eventBuses;
  expect(bus).toMatchObject(conditions);
  const policy = { StatementId: 'S', Statement: {} };
  expect(read('::EventBusPolicy', policy, { Condition: 'Big' }).eventBusStatements).toMatchObject([conditions]);
});

test('a policy has a statement for each branch of a condition', () => {
  const { eventBusStatements } = read(
    '::EventBusPolicy',
    { StatementId: 'S', EventBusName: 'orders', Statement: ifBig({ Effect: 'Allow' }, { Effect: 'Deny' }) },
    { Condition: 'Small' },
  );
  const [first, second] = eventBusStatements;
  expect(eventBusStatements.map(without)).toMatchObject([
    { statement: { Sid: 'S', Effect: 'Allow' }, conditional: true, conditions: ['Hub/Small', 'Hub/Big'] },
    { statement: { Sid: 'S', Effect: 'Deny' }, conditional: true, conditions: ['Hub/Small', '!Hub/Big'] },
  ]);
  expect(first.branchOf).toBe(second.branchOf);
});

const [A1, B1] = ['A', 'B'].map((Sid) => ({ Sid }));

test.each<[string, unknown, unknown[]]>([
  ['without statements', { Statement: [] }, []],
  ['that is missing', undefined, []],
  [
    'with a condition on each statement',
    { Statement: [ifBig(A1), B1] },
    [
      [A1, ['Hub/Small', 'Hub/Big']],
      [B1, ['Hub/Small']],
    ],
  ],
  ['with a condition', ifBig({ Statement: [A1] }, undefined), [[A1, ['Hub/Small', 'Hub/Big']]]],
  [
    'with a condition on the list',
    { Statement: ifBig([A1, B1], [B1]) },
    [
      [A1, ['Hub/Small', 'Hub/Big']],
      [B1, ['Hub/Small', 'Hub/Big']],
      [B1, ['Hub/Small', '!Hub/Big']],
    ],
  ],
  ['that a function returns', { Statement: { Ref: 'Unknown' } }, [['‹Unknown in Hub›', ['Hub/Small']]]],
])('a policy %s is read', (_, policy, expected) => {
  const { eventBusStatements } = read('::EventBus', { Name: 'orders', Policy: policy }, { Condition: 'Small' });
  expect(eventBusStatements.map(({ statement, conditions }) => [statement, conditions])).toEqual(expected);
  expect(eventBusStatements.every(({ conditional }) => conditional)).toBe(true);
});

test.each<[object, object | undefined]>([
  [
    { Action: 'events:PutEvents', Principal: '*', Condition: { Type: 'StringEquals' } },
    { action: 'events:PutEvents', principal: '*', condition: { Type: 'StringEquals' } },
  ],
  [{}, { action: undefined, principal: undefined, condition: undefined }],
  [{ Statement: {} }, undefined],
  [{ Principal: '*', Statement: {} }, undefined],
])('the short form of a policy with %j is %j', (properties, expected) => {
  const all = { StatementId: 'S', EventBusName: 'orders', ...properties };
  expect(read('::EventBusPolicy', all).eventBusStatements.map(({ shortForm }) => shortForm)).toEqual([expected]);
});

test.each<unknown>([
  { 'Fn::Transform': {} },
  { Principal: '*', 'Fn::Transform': {}, x: 1 },
  { Principal: '*', 'Fn::ForEach::X': [] },
  'text',
  [],
  5,
])('the properties %j of a policy are known only after a transform', (Properties) => {
  const { eventBusStatements, unreadResources } = modelOfResources({
    One: { Type: 'AWS::Events::EventBusPolicy', Properties },
  });
  expect(eventBusStatements).toEqual([]);
  expect(unreadResources.map(({ node }) => node.path)).toEqual(['Hub/One']);
});

test.each<[object, string]>([
  [{ EventBusArn: busArn() }, busArn()],
  [{}, '‹EventBusArn of Hub/One›'],
  [{ EventBusArn: 5 }, '‹EventBusArn of Hub/One›'],
])('the policy of a new kind with %j is that of the bus %s', (properties, resourceArn) => {
  const document = { Statement: [{ Sid: 'A' }, { Effect: 'Deny' }] };
  const all = { PolicyDocument: document, ...properties };
  expect(read('V2::ResourcePolicy', all).eventBusV2Statements.map(without)).toEqual([
    { resourceArn, id: 'A', statement: { Sid: 'A' }, conditional: false, isWholePolicy: true },
    { resourceArn, id: '#2', statement: { Effect: 'Deny' }, conditional: false, isWholePolicy: true },
  ]);
});

test.each<[string, object, object]>([
  ['on the default bus', {}, { eventBusArn: busArn('default'), arn: ruleArn('‹Name of Hub/One›') }],
  [
    'on a bus, by name',
    { Name: 'all', EventBusName: 'orders' },
    { name: 'all', eventBusName: 'orders', eventBusArn: busArn(), arn: ruleArn('orders/all') },
  ],
  [
    'on a bus of another account, by ARN',
    { Name: 'all', EventBusName: busArn('orders', SHOP) },
    { eventBusName: busArn('orders', SHOP), eventBusArn: busArn('orders', SHOP), arn: ruleArn('orders/all', SHOP) },
  ],
  ['with a pattern', { EventPattern: { source: ['shop'] } }, { pattern: { source: ['shop'] }, enabled: true }],
  ['with a pattern as text', { EventPattern: '{"source":["shop"]}' }, { pattern: { source: ['shop'] } }],
  ['with a pattern that is no JSON', { EventPattern: '{source' }, { pattern: '{source' }],
  ['without a pattern', { ScheduleExpression: 'rate(1 day)' }, { pattern: null, scheduled: true, targets: [] }],
  ['with a role', { RoleArn: roleArn('r') }, { roleArn: roleArn('r'), scheduled: false }],
  ['that is off', { State: 'DISABLED' }, { enabled: false, roleArn: undefined, eventBusName: undefined }],
  ['that is on', { State: 'ENABLED' }, { enabled: true }],
  ['that is on for all events', { State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' }, { enabled: true }],
])('a rule %s is read', (_, properties, expected) => {
  expect(read('::Rule', properties).rules).toEqual([expect.objectContaining(expected)]);
});

const TARGET = {
  ...{ id: 'T', arn: queueArn('jobs'), roleArn: undefined, deadLetterArn: undefined, inputProperty: undefined },
  ...{ task: undefined, jobDefinition: undefined, messageGroupId: undefined },
};

test.each<[object, object]>([
  [{}, {}],
  [{ RoleArn: roleArn('r') }, { roleArn: roleArn('r') }],
  [{ DeadLetterConfig: { Arn: queueArn('dead') } }, { deadLetterArn: queueArn('dead') }],
  [{ Input: '{}' }, { inputProperty: 'Input' }],
  [{ InputPath: '$.detail' }, { inputProperty: 'InputPath' }],
  [{ InputTransformer: { InputTemplate: 'x' } }, { inputProperty: 'InputTransformer' }],
  [{ EcsParameters: { LaunchType: 'FARGATE' } }, {}],
  [{ EcsParameters: 'text' }, {}],
  [{ EcsParameters: { TaskDefinitionArn: 't' } }, { task: { definitionArn: 't', launchType: undefined } }],
  [
    { EcsParameters: { TaskDefinitionArn: 't', LaunchType: 'EC2' } },
    { task: { definitionArn: 't', launchType: 'EC2' } },
  ],
  [{ BatchParameters: { JobDefinition: 'job' } }, { jobDefinition: 'job' }],
  [{ BatchParameters: 'text' }, {}],
  [{ SqsParameters: { MessageGroupId: 'group' } }, { messageGroupId: 'group' }],
  [{ SqsParameters: 'text' }, {}],
])('a target with %j is read as %j', (properties, expected) => {
  const targets = [{ Id: 'T', Arn: queueArn('jobs'), ...properties }];
  expect(read('::Rule', { Targets: targets }).rules[0].targets).toEqual([{ ...TARGET, ...expected }]);
});

const A = { Id: 'A', Arn: 'a' };
const B = { Id: 'B', Arn: 'b' };
const ON_BIG = ['Hub/Big'];
const IF_NOT_BIG = ['!Hub/Big'];

test.each<[string, unknown, [string, readonly string[] | undefined][]]>([
  ['none', [], []],
  ['one that is no list', A, [['A', undefined]]],
  [
    'one of which has a condition',
    [A, ifBig(B)],
    [
      ['A', undefined],
      ['B', ON_BIG],
    ],
  ],
  [
    'one of two by a condition',
    [ifBig(A, B)],
    [
      ['A', ON_BIG],
      ['B', IF_NOT_BIG],
    ],
  ],
  [
    'in a list with a condition',
    ifBig([A, B]),
    [
      ['A', ON_BIG],
      ['B', ON_BIG],
    ],
  ],
  [
    'with a condition in a list with another one',
    ifBig([A, { 'Fn::If': ['Small', B, { Ref: 'AWS::NoValue' }] }]),
    [
      ['A', [...ON_BIG, 'Hub/Small']],
      ['B', [...ON_BIG, 'Hub/Small']],
      ['A', [...ON_BIG, '!Hub/Small']],
    ],
  ],
  ['a parameter', { Ref: 'Unknown' }, [['?', undefined]]],
])('the targets of a rule are read: %s', (_, targets, expected) => {
  const [rule] = read('::Rule', { Targets: targets }).rules;
  expect(rule.targets.map(({ id, conditions }) => [id, conditions])).toEqual(expected);
});

test.each<[object, object]>([
  [
    { Name: 'global', EventBuses: [{ EventBusArn: busArn() }, 'text', { EventBusArn: busArn('orders', SHOP) }] },
    { name: 'global', eventBusArns: [busArn(), busArn('orders', SHOP)] },
  ],
  [{}, { name: '‹Name of Hub/One›', eventBusArns: [] }],
])('a global endpoint with %j is read', (properties, expected) => {
  expect(read('::Endpoint', properties).globalEndpoints.map(without)).toEqual([{ ...BASE, ...expected }]);
});

test.each<[object, object]>([
  [{ ArchiveName: 'all' }, { name: 'all', pattern: null }],
  [{ EventPattern: { source: ['shop'] } }, { name: '‹ArchiveName of Hub/One›', pattern: { source: ['shop'] } }],
])('an archive with %j is read', (properties, expected) => {
  const archive = { ...BASE, arn: '‹Arn of Hub/One›', ...expected };
  expect(read('::Archive', properties).archives.map(without)).toEqual([archive]);
});
