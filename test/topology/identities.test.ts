import { Json } from '../../src/iam/statement';
import { EventTopology } from '../../src/topology/topology';
import { topologyOf } from '../../src/topology/write-topology';
import { modelOfResources } from '../support/template-constructs';

const topologyOfResources = (resources: object): EventTopology => topologyOf(modelOfResources(resources));

const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
const document = (...statements: Json[]) => ({ Statement: statements });
const inline = (...statements: Json[]) => [{ PolicyName: 'inline', PolicyDocument: document(...statements) }];
const trusted = (service: string) =>
  document({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });
const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trusted('lambda.amazonaws.com'), ...properties },
});
const user = (properties: object = {}) => ({ Type: 'AWS::IAM::User', Properties: properties });
const group = (properties: object = {}) => ({ Type: 'AWS::IAM::Group', Properties: properties });
const policy = (roles: unknown[], ...statements: Json[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'own', Roles: roles, PolicyDocument: document(...statements) },
});
const managedPolicy = (properties: object, ...statements: Json[]) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { ...properties, PolicyDocument: document(...statements) },
});
const arnOf = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });
const ref = (logicalId: string) => ({ Ref: logicalId });
/** Without it, the first identity of the account is in the file, whichever it is. */
const NAMED = { Named: role({ RoleName: 'named' }) };
const idsOf = (entries: readonly { readonly logicalId: string }[]) =>
  entries.map(({ logicalId }) => logicalId).filter((id) => id !== 'Named');
const PUT = allow('events:PutEvents');

describe('a role with a generated name is in the file', () => {
  const rule = (properties: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['shop'] }, Targets: [], ...properties },
  });
  const target = (properties: object) => ({ Id: 'T', Arn: 'arn:aws:sqs:eu-west-1:111111111111:queue', ...properties });

  test.each<[string, object, object]>([
    ['of a target', {}, rule({ Targets: [target({ RoleArn: arnOf('Role') })] })],
    ['of a rule', {}, rule({ RoleArn: arnOf('Role') })],
    ['that EventBridge may assume', { AssumeRolePolicyDocument: trusted('events.amazonaws.com') }, rule({})],
    ['that may put events', { Policies: inline(PUT) }, rule({})],
  ])('%s', (_, properties, aRule) => {
    expect(idsOf(topologyOfResources({ ...NAMED, Role: role(properties), Rule: aRule }).roles)).toEqual(['Role']);
  });

  test('unless nothing of that is known', () => {
    const { roles, rules } = topologyOfResources({ ...NAMED, Role: role(), Rule: rule({}) });
    expect([idsOf(roles), idsOf(rules)]).toEqual([[], ['Rule']]);
  });
});

test.each<[Json, boolean]>([
  [allow('events:PutEvents'), true],
  [allow('EVENTS:put*'), true],
  [allow('e*'), true],
  [allow('ev?nts:PutEvents'), true],
  [allow('*'), true],
  [allow('s3:GetObject', 'events:PutRule'), true],
  [allow('s3:*'), false],
  [allow('eventsource:*'), false],
  [allow('events-rules:*'), false],
  [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, true],
  [allow('‹unknown›', 'events:PutEvents'), true],
  [allow('‹unknown›'), false],
  [{ ...PUT, Effect: 'Deny' }, false],
  ['text', false],
])('a role with the statement %j is in the file: %s', (statement, expected) => {
  const { roles } = topologyOfResources({ ...NAMED, Role: role({ Policies: inline(statement) }) });
  expect(idsOf(roles)).toEqual(expected ? ['Role'] : []);
});

test('a role whose policy is not known is not in the file, and neither is that policy', () => {
  const unknown = 'arn:aws:iam::111111111111:policy/unknown';
  const { roles } = topologyOfResources({ ...NAMED, Role: role({ ManagedPolicyArns: [unknown] }) });
  expect(idsOf(roles)).toEqual([]);
});

test('a role has its statements about events, managed policies of others, boundary and tags', () => {
  const { roles, managedPolicies } = topologyOfResources({
    Own: managedPolicy({}, PUT),
    Role: role({
      RoleName: 'full',
      Policies: inline(PUT, allow('s3:*')),
      ManagedPolicyArns: [ref('Own'), 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
      PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary',
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
    Plain: role({ RoleName: 'plain' }),
  });
  const place = { stack: 'Hub' };
  const trustPolicy = trusted('lambda.amazonaws.com').Statement;
  expect(roles).toEqual([
    {
      ...{ ...place, logicalId: 'Plain', path: 'Hub/Plain', name: 'plain', trustPolicy },
      arn: 'arn:aws:iam::111111111111:role/plain',
    },
    {
      ...{ ...place, logicalId: 'Role', path: 'Hub/Role', name: 'full', trustPolicy },
      arn: 'arn:aws:iam::111111111111:role/full',
      statements: [PUT],
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      permissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary',
      tags: { team: 'shop' },
    },
  ]);
  expect(managedPolicies).toEqual([
    expect.objectContaining({ logicalId: 'Own', attachedTo: [roles[1].arn], statements: [PUT] }),
  ]);
});

test('users have the groups whose statements they have', () => {
  const { users, groups } = topologyOfResources({
    Publishers: group({ GroupName: 'publishers', Policies: inline(PUT) }),
    Admins: group({ GroupName: 'admins', Policies: inline(allow('*')) }),
    Readers: group({ GroupName: 'readers', Policies: inline(allow('s3:*')) }),
    Both: user({ UserName: 'both', Groups: ['publishers', 'admins', 'readers'] }),
    One: user({ UserName: 'one', Groups: ['publishers'] }),
    None: user({ UserName: 'none' }),
  });
  expect(idsOf(groups)).toEqual(['Admins', 'Publishers']);
  expect(groups.map(({ statements }) => statements)).toEqual([[allow('*')], [PUT]]);
  expect(Object.fromEntries(users.map((one) => [one.name, one.groups]))).toEqual({
    both: ['admins', 'publishers'],
    one: ['publishers'],
    none: undefined,
  });
});

describe('a policy that is a resource of its own', () => {
  const execution = role({ RoleName: 'execution', AssumeRolePolicyDocument: trusted('events.amazonaws.com') });
  const INVOKE = allow('lambda:InvokeFunction');
  const READ = allow('s3:GetObject');

  test.each<[string, object, unknown[]]>([
    ['has the statements about events', policy([ref('A')], PUT, READ), [[['a'], [PUT]]]],
    ['has its roles in order', policy([ref('B'), ref('A')], PUT), [[['a', 'b'], [PUT]]]],
    ['is not in the file without statements about events', policy([ref('A')], READ, INVOKE), []],
    ['has all statements of an execution role', policy([ref('Execution')], READ), [[['execution'], [READ]]]],
    ['has the roles of other apps', policy(['other', ref('A')], PUT, READ), [[['a', 'other'], [PUT]]]],
    [
      'of other apps only has statements about targets',
      policy(['other'], PUT, INVOKE, READ),
      [[['other'], [PUT, INVOKE]]],
    ],
    ['of other apps only may be about nothing that matters', policy(['other'], READ), []],
  ])('%s', (_, resource, expected) => {
    const roles = { A: role({ RoleName: 'a' }), B: role({ RoleName: 'b' }), Execution: execution };
    const { identityPolicies } = topologyOfResources({ ...roles, Policy: resource });
    const nameIn = (arn: string) => arn.replace('arn:aws:iam::111111111111:role/', '');
    expect(identityPolicies.map((entry) => [entry.attachedTo.map(nameIn), entry.statements])).toEqual(expected);
  });
});

describe('a managed policy', () => {
  const READ = allow('s3:GetObject');
  const INVOKE = allow('lambda:InvokeFunction');
  const NAME = { ManagedPolicyName: 'policy', Path: '/shop/' };

  test.each<[string, object, object, unknown[]]>([
    [
      'with a name has statements about targets',
      managedPolicy(NAME, PUT, INVOKE, READ),
      {},
      [['policy', [], [PUT, INVOKE]]],
    ],
    ['with a name may have no such statement', managedPolicy(NAME, READ), {}, [['policy', [], []]]],
    [
      'with a generated name is in the file if it is used',
      managedPolicy({ Roles: [ref('A')] }, PUT),
      {},
      [[undefined, ['a'], [PUT]]],
    ],
    ['with a generated name must be about events', managedPolicy({ Roles: [ref('A')] }, READ), {}, []],
    ['with a generated name must be used', managedPolicy({}, PUT), {}, []],
    [
      'may be a boundary',
      managedPolicy({}, READ, PUT),
      { PermissionsBoundary: ref('Policy') },
      [[undefined, [], [PUT]]],
    ],
  ])('%s', (_, resource, properties, expected) => {
    const { managedPolicies, identityPolicies } = topologyOfResources({
      A: role({ RoleName: 'a', ...properties }),
      Policy: resource,
    });
    const nameIn = (arn: string) => arn.replace('arn:aws:iam::111111111111:role/', '');
    const read = managedPolicies.map((entry) => [entry.name, entry.attachedTo.map(nameIn), entry.statements]);
    expect(read).toEqual(expected);
    expect(identityPolicies).toEqual([]);
  });
});
