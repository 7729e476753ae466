import { Json } from '../../src/iam/statement';
import { SHOP } from '../support/apps';
import { busArn } from '../support/three-accounts';
import { placeOf, readAgain } from '../support/topologies';

const resource = (type: string, properties: object = {}) => ({ Type: `AWS::IAM::${type}`, Properties: properties });
const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
const document = (...statements: Json[]) => ({ Statement: statements });
const inline = (...statements: Json[]) => [{ PolicyName: 'inline', PolicyDocument: document(...statements) }];
const PUT = allow('events:PutEvents');
const RULES = allow('events:PutRule');
const READ = allow('s3:GetObject');
const trust = (...services: unknown[]) =>
  services.map((Service) => ({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }));
const role = (properties: object = {}, trusted: Json = trust('lambda.amazonaws.com') as Json) =>
  resource('Role', { AssumeRolePolicyDocument: { Statement: trusted }, ...properties });
const arnOf = (path: string) => `arn:aws:iam::111111111111:${path}`;
const ref = (logicalId: string) => ({ Ref: logicalId });
const idsOf = (entries: readonly { readonly logicalId: string }[]) => entries.map(({ logicalId }) => logicalId);

const BOUNDARY = arnOf('policy/boundary');
const OF_IDENTITY = {
  Policies: inline(PUT, READ),
  ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  PermissionsBoundary: BOUNDARY,
  Tags: [
    { Key: 'team', Value: 'shop' },
    { Key: 'stage', Value: 'test' },
  ],
};
const READ_OF_IDENTITY = {
  statements: [PUT],
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  permissionsBoundary: BOUNDARY,
  tags: { team: 'shop', stage: 'test' },
};

describe('an entry is read as it was written', () => {
  test.each<[string, object]>([
    ['role/own', { RoleName: 'own' }],
    ['role/own', { RoleName: 'own', Path: '/' }],
    ['role/shop/own', { RoleName: 'own', Path: '/shop/' }],
    ['role/shop/orders/own', { RoleName: 'own', Path: '/shop/orders/' }],
  ])('of %s', (path, properties) => {
    const { roles } = readAgain({ R: role({ ...properties, ...OF_IDENTITY }) });
    const trustPolicy = trust('lambda.amazonaws.com');
    expect(roles).toEqual([{ ...placeOf('R'), arn: arnOf(path), name: 'own', trustPolicy, ...READ_OF_IDENTITY }]);
  });

  test.each<[string, object]>([
    ['role/‹RoleName of Hub/R›', {}],
    ['role/shop/‹RoleName of Hub/R›', { Path: '/shop/' }],
  ])('of %s, whose name is generated', (path, properties) => {
    const { roles } = readAgain({ R: role({ ...properties, Policies: inline(PUT) }) });
    expect(roles).toEqual([expect.objectContaining({ arn: arnOf(path), statements: [PUT] })]);
    expect(roles[0]).not.toHaveProperty('name');
  });

  test('of a role with a name that is a parameter', () => {
    const { roles } = readAgain({ R: role({ RoleName: ref('Name') }) }, { Parameters: { Name: { Type: 'String' } } });
    expect(roles).toEqual([expect.objectContaining({ name: '‹parameter Hub/Name›' })]);
  });

  const PATH = { Parameters: { Path: { Type: 'String' } } };

  test.each<[string, object, unknown]>([
    ['‹parameter Hub/Path›own', { RoleName: 'own' }, ref('Path')],
    ['‹parameter Hub/Path›‹RoleName of Hub/R›', {}, ref('Path')],
    ['/‹parameter Hub/Path›/own', { RoleName: 'own' }, { 'Fn::Sub': '/${Path}/' }],
    ['/‹parameter Hub/Path›/a/‹RoleName of Hub/R›', {}, { 'Fn::Sub': '/${Path}/a/' }],
  ])('of role%s, in whose path a parameter is, with its policies', (name, properties, Path) => {
    const Managed = { ManagedPolicyName: 'p', Path, PolicyDocument: document(PUT), Roles: [ref('R')] };
    const { roles, identityPolicies, managedPolicies } = readAgain(
      {
        R: role({ ...properties, Path }),
        Own: resource('Policy', { PolicyName: 'p', PolicyDocument: document(PUT), Roles: [ref('R')] }),
        Managed: resource('ManagedPolicy', Managed),
      },
      PATH,
    );
    const attachedTo = [arnOf(`role${name}`)];
    expect(roles.map(({ arn }) => [arn])).toEqual([attachedTo]);
    expect(identityPolicies).toEqual([{ ...placeOf('Own'), attachedTo, statements: [PUT] }]);
    const arn = arnOf(`policy${name.replace(/(own|‹RoleName of Hub\/R›)$/, 'p')}`);
    expect(managedPolicies).toEqual([{ ...placeOf('Managed'), arn, name: 'p', attachedTo, statements: [PUT] }]);
  });

  test('of a user', () => {
    const { users } = readAgain({ R: resource('User', { UserName: 'own', Path: '/shop/', ...OF_IDENTITY }) });
    expect(users).toEqual([{ ...placeOf('R'), arn: arnOf('user/shop/own'), name: 'own', ...READ_OF_IDENTITY }]);
  });

  test('of a user in groups', () => {
    const { users, groups } = readAgain({
      B: resource('Group', { GroupName: 'b', Path: '/shop/', Policies: inline(PUT, RULES) }),
      A: resource('Group', { GroupName: 'a', Policies: inline(RULES) }),
      R: resource('User', { UserName: 'own', Groups: ['b', 'a'] }),
      Second: resource('User', { UserName: 'second', Groups: ['a'] }),
    });
    expect(users.map(({ name, groups: names }) => [name, names])).toEqual([
      ['own', ['a', 'b']],
      ['second', ['a']],
    ]);
    expect(groups.map(({ arn, statements }) => [arn, statements])).toEqual([
      [arnOf('group/a'), [RULES]],
      [arnOf('group/shop/b'), [PUT, RULES]],
    ]);
  });

  test('of a user that has only a managed policy of a group', () => {
    const Managed = resource('ManagedPolicy', { PolicyDocument: document(PUT), Users: [ref('R')], Groups: [ref('G')] });
    const { users } = readAgain({
      ...{ Managed, R: resource('User', { UserName: 'own' }) },
      G: resource('Group', { GroupName: 'g', Policies: inline(RULES) }),
    });
    expect(users.map(({ groups }) => groups)).toEqual([undefined]);
  });

  test('of a group', () => {
    const { Tags: _, PermissionsBoundary: __, ...ofGroup } = OF_IDENTITY;
    const { tags: _tags, permissionsBoundary: _boundary, ...expected } = READ_OF_IDENTITY;
    const { groups } = readAgain({ R: resource('Group', { GroupName: 'own', Path: '/shop/', ...ofGroup }) });
    expect(groups).toEqual([{ ...placeOf('R'), arn: arnOf('group/shop/own'), name: 'own', ...expected }]);
  });
});

describe('a policy of a role, a user, a group and identities of other apps', () => {
  const IDENTITIES = {
    R: role({ RoleName: 'r', Path: '/shop/' }),
    U: resource('User', { UserName: 'u' }),
    G: resource('Group', { GroupName: 'g', Policies: inline(PUT) }),
  };
  const ATTACHED = { Roles: [ref('R'), 'other'], Users: [ref('U'), 'other'], Groups: [ref('G'), 'other'] };
  const attachedTo = ['group/g', 'group/other', 'role/other', 'role/shop/r', 'user/other', 'user/u'].map(arnOf);

  test('is read as it was written', () => {
    const Policy = resource('Policy', { PolicyName: 'p', PolicyDocument: document(PUT, READ), ...ATTACHED });
    expect(readAgain({ ...IDENTITIES, Policy }).identityPolicies).toEqual([
      { ...placeOf('Policy'), attachedTo, statements: [PUT] },
    ]);
  });

  test('is read as it was written if it is a managed policy', () => {
    const properties = { ManagedPolicyName: 'p', Path: '/shop/', PolicyDocument: document(PUT, READ), ...ATTACHED };
    const Policy = resource('ManagedPolicy', properties);
    expect(readAgain({ ...IDENTITIES, Policy }).managedPolicies).toEqual([
      { ...placeOf('Policy'), arn: arnOf('policy/shop/p'), name: 'p', attachedTo, statements: [PUT] },
    ]);
  });
});

test.each<[string, Json, boolean]>([
  ['EventBridge', trust('events.amazonaws.com') as Json, true],
  ['EventBridge and another service', trust(['lambda.amazonaws.com', 'events.amazonaws.com']) as Json, true],
  ['EventBridge in a second statement', trust('lambda.amazonaws.com', 'events.amazonaws.com') as Json, true],
  ['another service', trust('lambda.amazonaws.com') as Json, false],
  ['an account', [{ Effect: 'Allow', Principal: { AWS: SHOP.account }, Action: 'sts:AssumeRole' }], false],
  ['anybody', [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }], false],
  ['nobody that is known', ['text'], false],
])('a role that trusts %s is in the file with all its statements: %s', (_, trusted, expected) => {
  const Named = role({ RoleName: 'named' });
  const { roles } = readAgain({ Named, R: role({ Policies: inline(READ) }, trusted) });
  expect(roles.slice(1).map(({ statements }) => statements)).toEqual(expected ? [[READ]] : []);
});

test('the role of a publisher is in the file', () => {
  const Target = { Arn: busArn(), RoleArn: { 'Fn::GetAtt': ['R', 'Arn'] } };
  const { roles } = readAgain({
    ...{ Named: role({ RoleName: 'named' }), Other: role(), R: role() },
    Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Target } },
  });
  expect(idsOf(roles)).toEqual(['Named', 'R']);
});

test('a user is in the file if a policy names it, and else if no other identity of its account is', () => {
  const bus = (Principal: object) => ({
    Type: 'AWS::Events::EventBus',
    Properties: { Name: 'orders', Policy: document({ ...PUT, Principal, Resource: busArn() } as Json) },
  });
  const USERS = { A: resource('User'), B: resource('User') };
  const named = { AWS: { 'Fn::GetAtt': ['B', 'Arn'] } };
  expect(idsOf(readAgain({ ...USERS, Bus: bus(named) }).users)).toEqual(['B']);
  expect(idsOf(readAgain({ ...USERS, Bus: bus({ AWS: SHOP.account }) }).users)).toEqual(['A']);
  expect(readAgain({ ...USERS, Bus: bus(named), Named: role({ RoleName: 'named' }) })).toMatchObject({
    roles: [{ name: 'named' }],
    users: [{ logicalId: 'B' }],
  });
});

test.each([
  'events:PutEvents',
  'lambda:InvokeFunction',
  'sqs:SendMessage',
  'sns:Publish',
  'kinesis:PutRecord',
  'firehose:PutRecord',
  'states:StartExecution',
  'ecs:RunTask',
  'iam:PassRole',
  'batch:SubmitJob',
  'codebuild:StartBuild',
  'codepipeline:StartPipelineExecution',
  'ssm:StartAutomationExecution',
  'ssm-incidents:StartIncident',
  'ec2:StopInstances',
  'logs:PutLogEvents',
  'kms:GenerateDataKey',
  'redshift-data:ExecuteStatement',
  'execute-api:Invoke',
  'appsync:GraphQL',
  'sagemaker:StartPipelineExecution',
  'inspector:StartAssessmentRun',
])('a policy for a role of another app, which EventBridge may use, is in the file with %s', (action) => {
  const PolicyDocument = document(allow(action), READ);
  const Policy = resource('Policy', { PolicyName: 'p', PolicyDocument, Roles: ['other'] });
  expect(readAgain({ Policy }).identityPolicies.map(({ statements }) => statements)).toEqual([[allow(action)]]);
});
