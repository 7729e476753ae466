import { App, CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { CrossAccountEventChecks } from '../../src';
import { FindingId } from '../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testFunction } from '../support/apps';
import { Annotation, deliveryAnnotationsOf } from '../support/faults';
import { randomCases } from '../support/random-cases';
import { strangeJson } from '../support/strange-json';
import {
  LENIENT,
  ThreeAccounts,
  busArn,
  functionArn,
  publisherRole,
  cfnEventBus,
  cfnPermission,
  cfnEventBusPolicy,
  cfnRule,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../support/three-accounts';

/** A publisher, a bus, rules to another bus and to a function: all is well. */
function app(): ThreeAccounts {
  const three = new ThreeAccounts(LENIENT);
  const { hub, shop } = three;
  cfnEventBus(hub);
  cfnEventBusPolicy(hub, { Principal: { AWS: [roleArn('publisher'), roleArn('sender')] } });
  publisherRole(shop);
  cfnEventBus(shop, 'Local', 'local');
  const role = executionRole(shop, ruleArn('local/rule', SHOP), busArn());
  cfnRule(shop, { arn: busArn(), roleArn: role.roleArn }, { eventBusName: 'local' });
  shop.addDependency(hub);
  cfnPermission(hub, 'handler', ruleArn('orders/deliver')).node.addDependency(
    testFunction(hub, 'Handler', { functionName: 'handler' }),
  );
  cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' }, 'Deliver');
  return three;
}

function found(made: App): Annotation[] {
  CrossAccountEventChecks.applyTo(made);
  return deliveryAnnotationsOf(made);
}

/** What is said of the app after one property of a resource was overridden. */
function withOverride(path: string, property: string, value: unknown): Annotation[] {
  const three = app();
  const at = path.split('/').reduce((construct, id) => construct.node.findChild(id), three.app as App['node']['root']);
  const resource = (CfnResource.isCfnResource(at) ? at : at.node.defaultChild) as CfnResource;
  const { Properties } = Object.values<any>(resource.stack.resolve(resource._toCloudFormation()).Resources)[0];
  const present = property.split('.').reduce((all, name) => all?.[name], Properties);
  resource.addPropertyOverride(property, instead(present, typeof value === 'function' ? value(resource.stack) : value));
  return found(three.app);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an override leaves nothing there: the CDK takes null and objects without content away. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (isObject(value) && Object.values(value).every(isNothing));

/** Overrides are merged: what is to be gone must be said. */
function instead(present: any, value: any): unknown {
  if (!isObject(present) || !isObject(value)) return value;
  const gone = Object.fromEntries(Object.keys(present).map((name) => [name, undefined]));
  const there = (name: string) => (Object.hasOwn(present, name) ? (present as any)[name] : undefined);
  return {
    ...gone,
    ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, instead(there(name), one)])),
  };
}

const ids = (all: Annotation[]) => all.map(({ id }) => id);
const POLICY = 'Hub/Policy';
const STATEMENT = {
  Effect: 'Allow',
  Principal: { AWS: rootArn(BILLING) },
  Action: 'events:PutEvents',
  Resource: busArn(),
};
const choose = (yes: unknown, no: unknown) => (stack: Stack) => {
  const condition = new CfnCondition(stack, 'Big', { expression: Fn.conditionEquals({ Ref: 'AWS::Region' }, 'x') });
  return { 'Fn::If': [condition.logicalId, yes, no] };
};

// The newest CDK prints what is wrong with each template.
beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

test('nothing is said of the app as it is', () => {
  expect(found(app().app)).toEqual([]);
});

test.each<[string, string, string, unknown]>([
  ['a statement that is text', POLICY, 'Statement', 'let them in'],
  ['a statement that is a number', POLICY, 'Statement', 7],
  ['a statement that is true', POLICY, 'Statement', true],
  ['a statement that is a list', POLICY, 'Statement', [STATEMENT]],
  ['a statement that is a list of lists', POLICY, 'Statement', [[STATEMENT]]],
  ['a statement that is JSON text', POLICY, 'Statement', JSON.stringify(STATEMENT)],
  ['a statement that is broken JSON text', POLICY, 'Statement', '{"Effect":"Allow"'],
  ['a statement by a choice', POLICY, 'Statement', choose(STATEMENT, { Ref: 'AWS::NoValue' })],
  ['a statement in JSON by an intrinsic function', POLICY, 'Statement', { 'Fn::Sub': '{"Effect":"Allow"}' }],
  ['an effect in another case', POLICY, 'Statement.Effect', 'allow'],
  ['an effect that is a list', POLICY, 'Statement.Effect', ['Allow']],
  ['an effect by a choice', POLICY, 'Statement.Effect', choose('Allow', 'Deny')],
  ['a principal that is a number', POLICY, 'Statement.Principal', 222222222222],
  ['a principal that is an account as text', POLICY, 'Statement.Principal', SHOP.account],
  ['a principal that is a list', POLICY, 'Statement.Principal', [roleArn('publisher'), roleArn('sender')]],
  ['a principal in another case', POLICY, 'Statement.Principal', { aws: rootArn(SHOP) }],
  ['a principal by a choice', POLICY, 'Statement.Principal', choose('*', { AWS: rootArn(SHOP) })],
  ['principals by a choice', POLICY, 'Statement.Principal.AWS', choose(rootArn(SHOP), '*')],
  ['a principal in a nested list', POLICY, 'Statement.Principal.AWS', [[roleArn('publisher'), roleArn('sender')]]],
  ['a principal called like a method', POLICY, 'Statement.Principal', { toString: '*', constructor: '*' }],
  ['an action that is a number', POLICY, 'Statement.Action', 1],
  ['an action that is an object', POLICY, 'Statement.Action', { 0: 'events:PutEvents' }],
  ['an action by a choice', POLICY, 'Statement.Action', choose('events:PutEvents', 'events:PutRule')],
  ['no action', POLICY, 'Statement.Action', undefined],
  ['a resource that is true', POLICY, 'Statement.Resource', true],
  ['a resource in parts that nobody knows', POLICY, 'Statement.Resource', { 'Fn::ImportValue': 'bus' }],
  ['a condition that is text', POLICY, 'Statement.Condition', 'aws:PrincipalArn'],
  [
    'a condition that is a list',
    POLICY,
    'Statement.Condition',
    [{ StringEquals: { 'aws:PrincipalArn': roleArn('other') } }],
  ],
  [
    'a condition by a choice',
    POLICY,
    'Statement.Condition',
    choose({ StringEquals: { 'aws:PrincipalArn': roleArn('other') } }, {}),
  ],
  [
    'an operator that nobody knows',
    POLICY,
    'Statement.Condition',
    { StringMatches: { 'aws:PrincipalArn': roleArn('publisher') } },
  ],
  [
    'an operator called like a method',
    POLICY,
    'Statement.Condition',
    { toString: { 'aws:PrincipalArn': roleArn('publisher') } },
  ],
  ['an operator whose keys are text', POLICY, 'Statement.Condition', { StringEquals: 'aws:PrincipalArn' }],
  ['a key without value', POLICY, 'Statement.Condition', { StringEquals: { 'aws:PrincipalArn': [] } }],
  [
    'a key whose value is an object',
    POLICY,
    'Statement.Condition',
    { StringEquals: { 'aws:PrincipalArn': { 0: roleArn('publisher') } } },
  ],
  ['a bus by a name that nobody knows', POLICY, 'EventBusName', { 'Fn::ImportValue': 'bus' }],
  ['a bus by a choice', POLICY, 'EventBusName', choose('orders', 'audit')],
  ['a trust policy that is text', 'Shop/Sender', 'AssumeRolePolicyDocument', 'events.amazonaws.com'],
  ['a trust policy whose statements are text', 'Shop/Sender', 'AssumeRolePolicyDocument.Statement', 'nobody'],
  [
    'a trust policy by a choice',
    'Shop/Sender',
    'AssumeRolePolicyDocument',
    choose({ Version: '2012-10-17', Statement: [] }, { Ref: 'AWS::NoValue' }),
  ],
  ['policies of a role that are text', 'Shop/Sender', 'Policies', 'none'],
  ['policies of a role by a choice', 'Shop/Sender', 'Policies', choose([], { Ref: 'AWS::NoValue' })],
  ['a document of a role that is text', 'Shop/Publisher', 'Policies.0.PolicyDocument', 'events:PutEvents'],
  ['statements of a role that are numbers', 'Shop/Publisher', 'Policies.0.PolicyDocument.Statement', [1, 2]],
  ['a function by a number', 'Hub/Permission', 'FunctionName', 5],
  ['a function by an object', 'Hub/Permission', 'FunctionName', { 'Fn::ImportValue': 'handler' }],
  ['the source of a permission that is a list', 'Hub/Permission', 'SourceArn', [ruleArn('orders/deliver')]],
  [
    'the source of a permission by a choice',
    'Hub/Permission',
    'SourceArn',
    choose(ruleArn('orders/deliver'), ruleArn('orders/other')),
  ],
  [
    'the principal of a permission that is an object',
    'Hub/Permission',
    'Principal',
    { Service: 'events.amazonaws.com' },
  ],
  ['targets that are an object', 'Hub/Deliver', 'Targets', { 0: { Id: 'T', Arn: functionArn('other', BILLING) } }],
  ['targets that are text', 'Shop/Rule', 'Targets', busArn('other')],
  [
    'targets by a choice',
    'Shop/Rule',
    'Targets',
    choose([{ Id: 'T', Arn: busArn('orders') }], { Ref: 'AWS::NoValue' }),
  ],
  [
    'a target by a choice',
    'Shop/Rule',
    'Targets',
    (stack: Stack) => [choose({ Id: 'T', Arn: busArn('orders') }, { Ref: 'AWS::NoValue' })(stack)],
  ],
  ['a target that is text', 'Shop/Rule', 'Targets', [busArn()]],
  ['a target without ARN', 'Shop/Rule', 'Targets.0.Arn', undefined],
  ['a target by a number', 'Shop/Rule', 'Targets.0.Arn', 12],
  ['a target in parts that nobody knows', 'Shop/Rule', 'Targets.0.Arn', { 'Fn::ImportValue': 'bus' }],
  ['a role of a target that is a list', 'Shop/Rule', 'Targets.0.RoleArn', [roleArn('sender')]],
  [
    'a role of a target by a choice',
    'Shop/Rule',
    'Targets.0.RoleArn',
    choose(roleArn('sender'), { Ref: 'AWS::NoValue' }),
  ],
  [
    'a dead-letter queue that is text',
    'Hub/Deliver',
    'Targets.0.DeadLetterConfig',
    'arn:aws:sqs:eu-west-1:111111111111:letters',
  ],
  ['a pattern that is JSON text and matches nothing', 'Hub/Deliver', 'EventPattern', '{"account":["*"]}'],
  ['a pattern that is broken text', 'Hub/Deliver', 'EventPattern', '{"account":'],
  ['a pattern that is a list', 'Hub/Deliver', 'EventPattern', [{ source: ['com.shop'] }]],
  ['a pattern that is a number', 'Hub/Deliver', 'EventPattern', 3],
  ['a pattern whose values are text', 'Hub/Deliver', 'EventPattern.source', 'com.shop'],
  ['a rule on a bus by a choice', 'Shop/Rule', 'EventBusName', choose('local', busArn('orders', HUB))],
  ['a rule on a bus by a number', 'Hub/Deliver', 'EventBusName', 1],
])('fails for %s, in a way that says so', (_, path, property, value) => {
  const all = ids(withOverride(path, property, value));
  expect(all).not.toEqual([]);
  expect(all).not.toContain(FindingId.CHECK_FAILED);
  expect(all).not.toContain(undefined);
});

test('the same in JSON text is the same', () => {
  const statement = JSON.stringify({ ...STATEMENT, Principal: { AWS: [roleArn('publisher'), roleArn('sender')] } });
  expect(withOverride(POLICY, 'Statement', statement)).toEqual([]);
  expect(withOverride('Hub/Deliver', 'EventPattern', '{"source":["com.shop"]}')).toEqual([]);
});

const json = strangeJson(
  [
    'Ref',
    'Fn::GetAtt',
    'Fn::Join',
    'Fn::Sub',
    'Fn::Select',
    'Fn::Split',
    'Fn::If',
    'Fn::ImportValue',
    'constructor',
    'toString',
    'Effect',
    'Principal',
    'AWS',
    'Service',
    'Action',
    'Resource',
    'NotAction',
    'Condition',
    'StringEquals',
    'ForAllValues:StringEquals',
    'ArnLike',
    'Null',
    'Statement',
    'Version',
    'Id',
    'Arn',
    'RoleArn',
    'account',
    'source',
    'detail',
    'prefix',
    'anything-but',
    '$or',
  ],
  [
    '*',
    'AWS::NoValue',
    'Allow',
    'Deny',
    'constructor',
    'events:PutEvents',
    'arn:',
    'arn:aws:events:::event-bus/',
    busArn('audit'),
    '${aws:PrincipalArn}',
    'com.*',
  ],
);

describe('whatever stands there, no check fails', () => {
  test.each([
    [POLICY, 'Statement'],
    [POLICY, 'Statement.Condition'],
    [POLICY, 'EventBusName'],
    [POLICY, 'StatementId'],
    ['Shop/Sender', 'AssumeRolePolicyDocument'],
    ['Shop/Sender', 'Policies'],
    ['Shop/Publisher', 'Policies'],
    ['Shop/Publisher', 'PermissionsBoundary'],
    ['Shop/Rule', 'Targets'],
    ['Shop/Rule', 'Targets.0'],
    ['Shop/Rule', 'EventPattern'],
    ['Shop/Rule', 'EventBusName'],
    ['Shop/Rule', 'Name'],
    ['Hub/Permission', 'SourceArn'],
    ['Hub/Permission', 'FunctionName'],
    ['Hub/Bus', 'Policy'],
    ['Hub/Bus', 'DeadLetterConfig'],
    ['Hub/Bus', 'KmsKeyIdentifier'],
    ['Hub/Bus', 'Name'],
  ])('in %s as %s', (path, property) => {
    fc.assert(
      fc.property(json, (value) => {
        expect(ids(withOverride(path, property, value))).not.toContain(FindingId.CHECK_FAILED);
      }),
      randomCases(5),
    );
  });
});

describe('whatever stands there instead of what lets events through is no approval', () => {
  test.each([
    [POLICY, 'Statement'],
    [POLICY, 'Statement.Principal'],
    [POLICY, 'Statement.Action'],
    [POLICY, 'Statement.Resource'],
    ['Shop/Sender', 'AssumeRolePolicyDocument'],
    ['Hub/Permission', 'SourceArn'],
    ['Hub/Permission', 'Principal'],
    ['Hub/Permission', 'FunctionName'],
  ])('in %s as %s', (path, property) => {
    // A wildcard or the right action is what lets them through.
    fc.assert(
      fc.property(
        json.filter((value) => !/\*|AWS::NoValue|events:PutEvents/.test(JSON.stringify(value))),
        (value) => {
          // Without a source, the account that the permission names is still enough.
          fc.pre(property !== 'SourceArn' || !isNothing(value));
          expect(ids(withOverride(path, property, value))).not.toEqual([]);
        },
      ),
      randomCases(10),
    );
  });
});
