import { ConcernedApp } from '../../src/app-model/concerned-app';
import { entriesOfConcern } from '../../src/topology/entries-of-concern';
import { EventTopology } from '../../src/topology/topology';
import { validateTopology } from '../../src/topology/validate-topology';
import { HUB, SHOP } from '../support/apps';

const APP: ConcernedApp = { accounts: new Set([HUB.account]), busesWithPolicy: new Set(['events:event-bus/orders']) };
const arn = (service: string, path: string, { account } = SHOP) => `arn:aws:${service}:eu-west-1:${account}:${path}`;
const generated = (kind: string, id: string) => `‹${kind} of Shop/${id}›`;
const entry = (id: string, more: object = {}) => ({ stack: 'Shop', logicalId: id, path: `Shop/${id}`, ...more });

const functionArn = (id: string) => arn('lambda', `function:${generated('FunctionName', id)}`);
const queueArn = (id: string) => arn('sqs', generated('QueueName', id));
const keyArn = (id: string) => arn('kms', `key/${generated('KeyId', id)}`);
const busArn = (name: string, environment = SHOP) => arn('events', `event-bus/${name}`, environment);

const LISTS = {
  stacks: [{ path: 'Shop', name: 'Shop' }],
  functions: ['A', 'B', 'C'].map((id) => entry(id, { arn: functionArn(id) })),
  queues: ['P', 'Q'].map((id) => entry(id, { arn: queueArn(id), kmsKey: keyArn(`Key${id}`) })),
  keys: ['KeyP', 'KeyQ'].map((id) => entry(id, { arn: keyArn(id) })),
  resourcePolicies: [functionArn('B'), `${functionArn('C')}:live`, queueArn('Q'), keyArn('KeyQ')].map((resource, i) =>
    entry(`Policy${i}`, { type: 'AWS::SQS::QueuePolicy', resource, statements: [] }),
  ),
};

/** The IDs that stay, of the file with more entries; the first function and queue always do. */
function staying(more: object = {}, app = APP): string[] {
  const topology = validateTopology({ version: 1, ...LISTS, ...more } as never);
  const part: EventTopology = entriesOfConcern(topology, app);
  const { functions, queues, keys, resourcePolicies } = part;
  return [...functions, ...queues, ...keys, ...resourcePolicies].map(({ logicalId }) => logicalId);
}

const rule = (properties: object) => ({
  rules: [entry('Rule', { arn: arn('events', 'rule/r'), eventBus: busArn('own'), targets: [], ...properties })],
});
const target = (more: object = {}) => ({ id: 'T', arn: functionArn('B'), ...more });
const ALWAYS = ['A', 'P'];
const WITH_B = ['A', 'B', 'P', 'Policy0'];
const WITH_Q = ['A', 'P', 'Q', 'KeyQ', 'Policy2', 'Policy3'];

test.each<[string, object, string[]]>([
  ['no rule', {}, ALWAYS],
  ['a rule on a bus of another app', rule({ targets: [target()] }), ALWAYS],
  ['a rule on a bus for which the app has a policy', rule({ eventBus: busArn('orders'), targets: [target()] }), WITH_B],
  ['a rule on a bus of the app', rule({ eventBus: busArn('x', HUB), targets: [target()] }), WITH_B],
  ['a role of another app', rule({ role: arn('iam', 'role/r'), targets: [target()] }), ALWAYS],
  ['a role of the app', rule({ role: arn('iam', 'role/r', HUB), targets: [target()] }), WITH_B],
  ['a role of the app for a target', rule({ targets: [target({ role: arn('iam', 'role/r', HUB) })] }), WITH_B],
  ['a named queue', rule({ targets: [target(), { id: 'U', arn: arn('sqs', 'named') }] }), WITH_B],
  ['an API destination', rule({ targets: [target(), { id: 'U', arn: arn('events', 'api-destination/d') }] }), WITH_B],
  ['a dead-letter queue', rule({ targets: [target({ deadLetterQueue: arn('sqs', 'x', HUB) })] }), WITH_B],
  [
    'a generated queue',
    rule({ targets: [target({ arn: arn('sqs', 'named'), deadLetterQueue: queueArn('Q') })] }),
    WITH_Q,
  ],
  ['a target that is no ARN', rule({ targets: [target(), { id: 'U', arn: 'text' }] }), WITH_B],
  [
    'a bus with a dead-letter queue',
    { eventBuses: [entry('Bus', { arn: busArn('b'), deadLetterQueue: queueArn('Q') })] },
    WITH_Q,
  ],
  [
    'a bus with a key',
    { eventBuses: [entry('Bus', { arn: busArn('b'), kmsKey: keyArn('KeyQ') })] },
    ['A', 'P', 'KeyQ', 'Policy3'],
  ],
  [
    'an alias of a key',
    { keyAliases: [entry('Alias', { arn: arn('kms', 'alias/a'), kmsKey: keyArn('KeyQ') })] },
    ['A', 'P', 'KeyQ', 'Policy3'],
  ],
  [
    'a function with destinations',
    { publishers: [entry('C', { kind: 'function', role: 'r', events: [] })] },
    ['A', 'C', 'P', 'Policy1'],
  ],
])('with %s these stay: %j', (_, more, expected) => {
  expect(staying(more).sort()).toEqual([...expected].sort());
});

test('all stays in an account of the app', () => {
  const app = { ...APP, accounts: new Set([HUB.account, SHOP.account]) };
  expect(staying({}, app)).toHaveLength(11);
});

test.each<[string, object, boolean]>([
  ['with a name', { name: 'b', arn: arn('lambda', 'function:b') }, true],
  ['with a literal ARN', { arn: arn('lambda', 'function:b') }, true],
  ['named by a parameter', { arn: arn('lambda', 'function:‹parameter Shop/Name›') }, true],
  ['with the generated name of another one', { name: '‹Name of Shop/Y›', arn: functionArn('Y') }, true],
  ['with a generated name', { arn: functionArn('Z') }, false],
])('a function %s stays: %s', (_, properties, expected) => {
  const functions = [LISTS.functions[0], entry('Z', properties)];
  expect(staying({ functions }).includes('Z')).toBe(expected);
});

test('topics and streams are left out too, but the first ones of each stack', () => {
  const stacks = [...LISTS.stacks, { path: 'Second', name: 'Second' }];
  const ofBoth = (service: string) => [
    ...['S', 'T'].map((id) => entry(id, { arn: arn(service, generated('Name', id)) })),
    { ...entry('U'), stack: 'Second', path: 'Second/U', arn: arn(service, '‹Name of Second/U›') },
  ];
  const topology = validateTopology({ version: 1, stacks, topics: ofBoth('sns'), streams: ofBoth('kinesis') } as never);
  const { topics, streams } = entriesOfConcern(topology, APP);
  expect([topics, streams].map((list) => list.map(({ logicalId }) => logicalId))).toEqual([
    ['S', 'U'],
    ['S', 'U'],
  ]);
});
