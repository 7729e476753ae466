import { CfnResource } from 'aws-cdk-lib';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { AppIndex } from '../../../src/app-model/app-index';
import {
  ResourceStatement,
  allowsOtherAccounts,
  describeAccess,
  functionStatements,
  isOwnAccount,
  isTopicStatementForEventBridge,
  targetStatements,
} from '../../../src/checks/access/resource-statements';
import { featureFlagFix } from '../../../src/checks/access/restrict-principals';
import { BUS, FUNCTION, QUEUE, TOPIC, TargetKind } from '../../../src/checks/engine/target-kinds';
import { analyzeAccess } from '../../../src/iam/access-analysis';
import { ThreeAccounts, busArn, cfnEventBus, cfnRule, functionArn, queueArn } from '../../support/three-accounts';

const EVENTS = { Service: 'events.amazonaws.com' };
const HUB_ACCOUNT = '111111111111';
const SHOP_ACCOUNT = '222222222222';

const queuePolicy = (three: ThreeAccounts, statement: object, queue = 'q', id = 'Policy') =>
  new CfnQueuePolicy(three.hub, id, {
    queues: [`https://sqs.eu-west-1.amazonaws.com/${HUB_ACCOUNT}/${queue}`],
    policyDocument: { Statement: [{ Effect: 'Allow', Resource: queueArn(queue), ...statement }] },
  });

describe('the statements of functions', () => {
  test.each<[string, object, boolean]>([
    ['one action', { Action: 'lambda:InvokeFunction' }, true],
    ['the URL, and another action', { Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] }, true],
    ['all actions but others', { NotAction: 'lambda:DeleteFunction' }, true],
    ['no action', { Action: [] }, true],
    ['the URL', { Action: 'LAMBDA:InvokeFunctionUrl' }, false],
    [
      'calls by the URL',
      { Action: 'lambda:InvokeFunction', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
      false,
    ],
    [
      'calls not by the URL',
      { Action: 'lambda:InvokeFunction', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'false' } } },
      true,
    ],
    ['calls by another condition', { Action: 'lambda:InvokeFunction', Condition: { Bool: 'true' } }, true],
  ])('contain those that allow %s, if EventBridge uses it', (_, statement, isContained) => {
    const three = new ThreeAccounts();
    const Statement = { Sid: 'All', Effect: 'Allow', Principal: '*', Resource: functionArn('handler'), ...statement };
    new CfnResource(three.hub, 'Policy', {
      type: 'AWS::Lambda::ResourcePolicy',
      properties: { ResourceArn: functionArn('handler'), PolicyDocument: { Statement } },
    });
    expect(functionStatements(AppIndex.of(three.app)).map(({ id }) => id)).toEqual(isContained ? ['All'] : []);
  });
});

describe('the statements of targets', () => {
  test.each<[string, string, (three: ThreeAccounts) => unknown, boolean]>([
    ['a rule', 'Any', ({ hub }) => cfnRule(hub, { arn: queueArn('q') }), true],
    [
      'dead letters of a rule',
      'Any',
      ({ hub }) => cfnRule(hub, { arn: functionArn('f'), deadLetterConfig: { arn: queueArn('q') } }),
      true,
    ],
    [
      'dead letters of a bus',
      'Any',
      ({ hub }) => cfnEventBus(hub, 'Bus', 'orders', { deadLetterConfig: { arn: queueArn('q') } }),
      true,
    ],
    ['rules of other accounts', 'EventBridge-Rules', () => undefined, true],
    ['nothing', 'Any', ({ hub }) => cfnRule(hub, { arn: queueArn('other') }), false],
  ])('contain those of a queue for %s', (_, sid, create, isContained) => {
    const three = new ThreeAccounts();
    new CfnQueue(three.hub, 'Queue', { queueName: 'q' });
    queuePolicy(three, { Sid: sid, Principal: EVENTS, Action: 'sqs:SendMessage' });
    create(three);
    const found = targetStatements(AppIndex.of(three.app));
    expect(found.map(({ id, kind }) => [id, kind])).toEqual(isContained ? [[sid, QUEUE]] : []);
  });
});

test.each<[TargetKind, string, object, string]>([
  [BUS, busArn(), { Action: 'events:PutEvents' }, "call events:PutEvents on bus 'orders'"],
  [BUS, busArn().replace('event-bus', 'event-busv2'), {}, "call events:PutEvents on bus 'orders'"],
  [BUS, busArn(), { Action: ['events:PutRule', 'EVENTS:putevents'] }, "call events:PutEvents on bus 'orders'"],
  [BUS, busArn(), { Action: ['events:PutRule', 'events:Put*'] }, "call events:PutRule, events:Put* on bus 'orders'"],
  [FUNCTION, functionArn('handler:live'), {}, "call lambda:InvokeFunction on function 'handler:live'"],
  [FUNCTION, functionArn('my-function:1'), {}, "call lambda:InvokeFunction on function 'my-function:1'"],
  [FUNCTION, 'handler', {}, "call lambda:InvokeFunction on function 'handler'"],
  [QUEUE, queueArn('my-event-bus/q'), {}, "call sqs:SendMessage on queue 'my-event-bus/q'"],
])('the access to a %p is described: %s %j', (kind, resourceArn, statement, expected) => {
  expect(describeAccess({ kind, resourceArn, statement } as ResourceStatement)).toBe(expected);
});

test.each<[string, object, boolean]>([
  ['any principal', { Principal: '*' }, true],
  ['another account', { Principal: { AWS: SHOP_ACCOUNT } }, true],
  ['both accounts', { Principal: { AWS: [HUB_ACCOUNT, SHOP_ACCOUNT] } }, true],
  ['the account of the resource', { Principal: { AWS: HUB_ACCOUNT } }, false],
  ['no principal', { Principal: '*', Effect: 'Deny' }, false],
  [
    'another account that must be the own one',
    { Principal: { AWS: SHOP_ACCOUNT }, Condition: { StringEquals: { 'aws:PrincipalAccount': HUB_ACCOUNT } } },
    false,
  ],
])('principals of other accounts are allowed or not: %s', (_, statement, expected) => {
  const analysis = analyzeAccess({ Effect: 'Allow', Action: 'events:PutEvents', ...statement } as never);
  expect(allowsOtherAccounts(analysis, HUB_ACCOUNT)).toBe(expected);
});

test.each<[string | undefined, boolean]>([
  [HUB_ACCOUNT, true],
  ['${AWS:resourceaccount}', true],
  [SHOP_ACCOUNT, false],
  ['', false],
  [undefined, false],
])('the account of a resource is its own: %s', (account, expected) => {
  expect(isOwnAccount(account, HUB_ACCOUNT)).toBe(expected);
});

test.each<[TargetKind, object, boolean]>([
  [TOPIC, EVENTS, true],
  [TOPIC, { AWS: '*' }, false],
  [QUEUE, EVENTS, false],
])('a topic can allow EventBridge without a condition: %p %j', (kind, Principal, expected) => {
  expect(isTopicStatementForEventBridge({ kind, statement: { Principal } } as never)).toBe(expected);
});

describe('the feature flag of aws-cdk-lib is the fix for a statement of a queue', () => {
  const GRANTED = ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'];
  const FLAG = '@aws-cdk/aws-events:eventsTargetQueueSameAccount';
  const fixOf = (statement: object, { key = true, kind = QUEUE, flag = false } = {}) => {
    const three = new ThreeAccounts({ [FLAG]: flag });
    new CfnQueue(three.hub, 'Queue', { queueName: 'q', kmsMasterKeyId: key ? 'alias/key' : undefined });
    const all = { Effect: 'Allow', Principal: EVENTS, Action: GRANTED, ...statement };
    const construct = queuePolicy(three, all);
    const resourceArn = queueArn('q');
    return featureFlagFix(AppIndex.of(three.app), { kind, construct, resourceArn, statement: all } as never);
  };

  test('that the CDK adds', () => {
    expect(fixOf({})).toContain(FLAG);
  });

  test.each<[string, object, { key?: boolean; kind?: TargetKind; flag?: boolean }?]>([
    ['without a key', {}, { key: false }],
    ['of another kind', {}, { kind: TOPIC }],
    ['with the flag', {}, { flag: true }],
    ['with a condition', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    ['with other actions', { Action: 'sqs:SendMessage' }],
    ['with other principals', { Principal: '*' }],
  ])('but not %s', (_, statement, options = {}) => {
    expect(fixOf(statement, options)).toBeUndefined();
  });
});
