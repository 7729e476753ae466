import { modelOfResources } from '../../support/template-constructs';

const PUT = { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' };
const OTHER = { Effect: 'Allow', Action: 'events:PutRule', Resource: '*' };
const document = (...statements: object[]) => ({ Statement: statements });
const inline = (statement: object) => [{ PolicyName: 'inline', PolicyDocument: document(statement) }];
const resource = (kind: string, properties: object) => ({ Type: `AWS::IAM::${kind}`, Properties: properties });
const EVERYTHING = { Effect: 'Allow', Action: 'events:*', Resource: '*' };
const unknown = (arn: string) => ({
  Effect: 'Allow',
  Action: `‹actions of ${arn}›`,
  Resource: `‹resources of ${arn}›`,
});
const PARTNER = 'arn:aws:iam::111111111111:policy/partner';

test.each<[string, object[]]>([
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', []],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole', []],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole', []],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole', []],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole', []],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaMSKExecutionRole', []],
  ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess', []],
  ['arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess', []],
  ['arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy', []],
  ['arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy', []],
  ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore', []],
  ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess', []],
  ['arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess', []],
  ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccess', [EVERYTHING]],
  [PARTNER, [unknown(PARTNER)]],
  [`${PARTNER}:aws:policy/AmazonSSMReadOnlyAccess2`, [unknown(`${PARTNER}:aws:policy/AmazonSSMReadOnlyAccess2`)]],
])('a role with the managed policy %s has the statements %j', (arn, statements) => {
  const [role] = modelOfResources({ Role: resource('Role', { ManagedPolicyArns: [arn] }) }).roles;

  expect(role).toMatchObject({ managedPolicyArns: [arn], statements, policies: [] });
});

test.each([
  ['Role', 'roles'],
  ['User', 'users'],
  ['Group', 'groups'],
] as const)('a %s has its own policies, and those that name it', (kind, list) => {
  const named = { [`${kind}Name`]: 'one' };
  const { policiesOfOtherApps, ...model } = modelOfResources({
    First: resource('Policy', { [`${kind}s`]: [{ Ref: 'One' }], PolicyDocument: document(PUT) }),
    One: resource(kind, { ...named, Policies: inline(OTHER), Tags: [{ Key: 'team', Value: 'shop' }] }),
    Second: resource(`${kind}Policy`, { ...named, PolicyDocument: document(OTHER) }),
    Third: resource('ManagedPolicy', { [`${kind}s`]: ['one'], PolicyDocument: document(PUT) }),
    Fourth: resource('Policy', { [`${kind}s`]: ['two', 'one'], PolicyDocument: document(OTHER) }),
    Fifth: resource('Policy', { [`${kind}s`]: [{ Ref: 'Unknown' }], PolicyDocument: document(OTHER) }),
  });
  const [identity] = model[list];

  expect(identity).toMatchObject({
    name: 'one',
    statements: [OTHER, PUT, OTHER, PUT, OTHER],
    tags: { team: 'shop' },
    conditional: false,
  });
  const own = identity.policies.map(({ construct, inline: isInline }) => [construct.node.id, isInline]);
  expect(own).toEqual([
    ['One', true],
    ['First', true],
    ['Second', true],
    ['Third', false],
    ['Fourth', true],
  ]);
  expect(policiesOfOtherApps.map(({ attachedTo, statements }) => [attachedTo, statements])).toEqual([
    [[`arn:aws:iam::111111111111:${kind.toLowerCase()}/two`], [OTHER]],
    [[`arn:aws:iam::111111111111:${kind.toLowerCase()}/‹Unknown in Hub›`], [OTHER]],
  ]);
});

test('a role has the statements of a managed policy that it names', () => {
  const { roles, managedPolicies } = modelOfResources({
    Role: resource('Role', { ManagedPolicyArns: [{ Ref: 'Policy' }], PermissionsBoundary: PARTNER }),
    Policy: resource('ManagedPolicy', { ManagedPolicyName: 'policy', PolicyDocument: document(PUT) }),
    Other: resource('Role', { PermissionsBoundary: '' }),
  });

  expect(managedPolicies).toEqual([
    expect.objectContaining({ arn: 'arn:aws:iam::111111111111:policy/policy', statements: [PUT] }),
  ]);
  expect(roles.map(({ statements, boundaryArn }) => [statements, boundaryArn])).toEqual([
    [[PUT], PARTNER],
    [[], undefined],
  ]);
  expect(roles[0].policies).toEqual([
    expect.objectContaining({ construct: managedPolicies[0].construct, inline: false, statements: [PUT] }),
  ]);
});

test('identities and managed policies have a path, and roles a trust policy', () => {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' };
  const Path = '/shop/';
  const { roles, users, groups, managedPolicies } = modelOfResources({
    Role: resource('Role', { Path, RoleName: 'r', AssumeRolePolicyDocument: document(trust) }),
    User: resource('User', { Path, UserName: 'u' }),
    Group: resource('Group', { Path, GroupName: 'g' }),
    Policy: resource('ManagedPolicy', { Path, ManagedPolicyName: 'p', PolicyDocument: document(PUT) }),
  });

  expect([roles, users, groups, managedPolicies].map(([{ arn }]) => arn)).toEqual(
    ['role/shop/r', 'user/shop/u', 'group/shop/g', 'policy/shop/p'].map((path) => `arn:aws:iam::111111111111:${path}`),
  );
  expect(roles[0].trust).toEqual([trust]);
});

test('users have the statements of their groups, whichever is defined first', () => {
  const { users } = modelOfResources({
    Added: resource('UserToGroupAddition', { GroupName: 'publishers', Users: ['second', 'unknown'] }),
    First: resource('User', { UserName: 'first', Groups: ['publishers', 'unknown'] }),
    Second: resource('User', { UserName: 'second' }),
    Third: resource('User', { UserName: 'third' }),
    Publishers: resource('Group', { GroupName: 'publishers' }),
    Policy: resource('GroupPolicy', { GroupName: 'publishers', PolicyDocument: document(PUT) }),
  });

  expect(users.map(({ statements }) => statements)).toEqual([[PUT], [PUT], []]);
});

test('a statement has the resources of all branches of a condition, and the other statements are as they were', () => {
  const choice = { 'Fn::If': ['Big', ['a', { Ref: 'Name' }], { Ref: 'AWS::NoValue' }] };
  const statements = [
    { ...PUT, Resource: choice },
    { ...PUT, Effect: 'Deny', Resource: choice },
    { Effect: 'Allow', Action: 'events:PutEvents', NotResource: 'b' },
  ];
  const { roles } = modelOfResources(
    { Role: resource('Role', { Policies: [{ PolicyDocument: { Statement: statements } }] }) },
    { Conditions: { Big: {} }, Parameters: { Name: { Type: 'String' } } },
  );
  const [chosen, denied, without] = roles[0].statements;

  expect(chosen).toEqual({ ...PUT, Resource: ['a', expect.stringContaining('‹')] });
  expect(denied).toEqual({ ...PUT, Effect: 'Deny', Resource: expect.stringContaining('‹Fn::If') });
  expect(without).toEqual(statements[2]);
});
