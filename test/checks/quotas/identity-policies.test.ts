import { App, Aspects, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  CfnGroup,
  CfnManagedPolicy,
  CfnPolicy,
  CfnRole,
  CfnUser,
  CompositePrincipal,
  ManagedPolicy,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusTarget, PolicySizeAspect, PolicySizeAspectProps, PublisherRole } from '../../../src';
import { BILLING, HUB, SHOP, count, messagesOf, testApp, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';
import { LENIENT_SIZES, formatted, sizesFound } from '../../support/sizes';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const MINIMIZE = '@aws-cdk/aws-iam:minimizePolicies';

let app: App;
let stack: Stack;
let other: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  stack = testStack('Publisher', SHOP, app);
  other = testStack('Other', SHOP, app);
});

const check = (props?: PolicySizeAspectProps) => sizesFound(app, props);

const bucket = (length: number) => `arn:aws:s3:::${'x'.repeat(length)}`;
const allow = (length: number) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: bucket(length) });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
/** A document with this number of characters, without white space. */
const documentOf = (characters: number) => document(allow(characters - JSON.stringify(document(allow(0))).length));
const trust = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const l1 = (policies: object[], props: object = {}) =>
  new CfnRole(stack, 'Role', {
    roleName: 'publisher',
    assumeRolePolicyDocument: trust,
    policies: policies.map((policyDocument, i) => ({ policyName: `P${i}`, policyDocument })),
    ...props,
  });
const attached = (scope: Stack, characters: number, roles: string[] = ['publisher'], id = 'Policy') =>
  new CfnPolicy(scope, id, {
    policyName: id,
    policyDocument: documentOf(characters),
    roles,
  });
const conditionOf = (scope: Stack) =>
  new CfnCondition(scope, 'Production', { expression: Fn.conditionEquals(new CfnParameter(scope, 'Stage'), 'prod') });

describe('the inline policies of a role', () => {
  test.each<[number, string[]]>([
    [8_192, []],
    [8_193, ['warning rolePolicySize /Publisher/Role']],
    [10_240, ['warning rolePolicySize /Publisher/Role']],
    [10_241, ['error rolePolicySize /Publisher/Role']],
  ])('are measured exactly: %d characters in all', (characters, expected) => {
    l1([documentOf(4_000), documentOf(characters - 4_000)]);
    expectFindings(check(), expected);
  });

  test('are measured without white space', () => {
    const text =
      `{ "Version": "2012-10-17",\n "Statement": [${JSON.stringify(allow(9_000)).replace(/x/, 'x          ')}` + '] }';
    l1([]).addPropertyOverride('Policies', [{ PolicyName: 'Text', PolicyDocument: text }]);
    const messages = check();
    expectFindings(messages, ['warning rolePolicySize /Publisher/Role']);
    expect(messages[0]).toContain(` have ${formatted(JSON.stringify(document(allow(9_000))).length)} of `);
  });

  test.each<[string, (role: CfnRole) => unknown]>([
    ['by name from another stack', () => attached(other, 5_000)],
    ['by reference from another stack', (role) => attached(other, 5_000, [role.ref])],
    [
      'by a policy for one role',
      () =>
        new CfnResource(other, 'Policy', {
          type: 'AWS::IAM::RolePolicy',
          properties: { RoleName: 'publisher', PolicyName: 'Policy', PolicyDocument: documentOf(5_000) },
        }),
    ],
    [
      'by an L2 policy for an imported role',
      () =>
        new Policy(other, 'Policy', {
          document: PolicyDocument.fromJson(documentOf(5_000)),
          roles: [Role.fromRoleName(other, 'Imported', 'publisher')],
        }),
    ],
    ['by property override', () => attached(other, 500).addOverride('Properties.PolicyDocument', documentOf(5_000))],
  ])('are added up over stacks: %s', (_, attach) => {
    attach(l1([documentOf(6_000)]));
    expectFindings(check(), ['error rolePolicySize /Publisher/Role']);
  });

  test('do not include policies of other roles', () => {
    l1([documentOf(6_000)]);
    attached(testStack('Consumer', BILLING, app), 5_000);
    attached(other, 5_000, ['another']);
    expect(check()).toEqual([]);
  });

  test('are reported once if one policy for several roles is too long', () => {
    const roles = ['a', 'b'].map(
      (roleName) => new CfnRole(stack, roleName, { roleName, assumeRolePolicyDocument: trust }).ref,
    );
    attached(stack, 11_000, roles);
    expectFindings(check(), ['error rolePolicySize /Publisher/Policy']);
  });

  test('are estimated if one of them has a CloudFormation condition', () => {
    l1([documentOf(6_000)]);
    attached(stack, 5_000).cfnOptions.condition = conditionOf(stack);
    expectFindings(check(), ['warning rolePolicySize /Publisher/Role']);
  });

  test('are estimated with a usual length for parameters', () => {
    const parameter = new CfnParameter(stack, 'Bucket').valueAsString;
    l1([document(...count(200, () => ({ ...allow(0), Resource: parameter })))]);
    const certain = JSON.stringify(document(...count(200, () => ({ ...allow(0), Resource: '' })))).length;
    const messages = check();
    expectFindings(messages, ['error rolePolicySize /Publisher/Role']);
    expect(messages[0]).toContain(` about ${formatted(certain + 200 * 40)} of `);
    expect(messages[0]).toContain(` (at least ${formatted(certain)}, `);
  });

  test('fail cdk synth when they are too long', () => {
    l1([documentOf(10_241)]);
    Aspects.of(app).add(new PolicySizeAspect());
    expect(
      app
        .synth()
        .getStackArtifact('Publisher')
        .messages.map(({ level }) => level),
    ).toEqual(['error']);
  });

  test('of an L2 role are not reported if nearly full, because the CDK splits them', () => {
    const splitting = testStack('Splitting', SHOP, testApp({ context: { ...LENIENT_SIZES, [MINIMIZE]: false } }));
    const role = new Role(splitting, 'Role', { assumedBy: LAMBDA });
    for (let i = 0; i < 160; i++) role.addToPolicy(PolicyStatement.fromJson(allow(50 + i)));
    Aspects.of(splitting).add(new PolicySizeAspect());
    expect(messagesOf(splitting)).toEqual([]);
    expect(splitting.node.findAll().filter((c) => CfnManagedPolicy.isCfnManagedPolicy(c)).length).toBeGreaterThan(1);
    const [{ policyDocument }] = splitting.node.findAll().filter((c): c is CfnPolicy => CfnPolicy.isCfnPolicy(c));
    expect(JSON.stringify(splitting.resolve(policyDocument)).length).toBeGreaterThan(8_192);
  });

  test('of an L2 role are reported if the CDK does not split statements with ids', () => {
    const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
    for (let i = 0; i < 60; i++) {
      role.addToPolicy(PolicyStatement.fromJson({ ...allow(60), Sid: `Statement${i}`.padEnd(100, 'x') }));
    }
    expectFindings(check(), ['error rolePolicySize /Publisher/Role/DefaultPolicy/Resource']);
  });

  test('of an L2 role are reported early if the CDK does not split them', () => {
    new Role(stack, 'Role', {
      assumedBy: LAMBDA,
      inlinePolicies: { Long: PolicyDocument.fromJson(documentOf(9_000)) },
    });
    expectFindings(check(), ['warning rolePolicySize /Publisher/Role/Resource']);
  });
});

test('policies of roles with the same name are not added up over stacks without an explicit account', () => {
  const agnostic = testApp({ context: LENIENT_SIZES });
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const scope of stacks) {
    new CfnRole(scope, 'Role', {
      roleName: 'publisher',
      assumeRolePolicyDocument: trust,
      policies: [{ policyName: 'P', policyDocument: documentOf(1_000) }],
    });
    attached(scope, 5_000);
  }
  Aspects.of(agnostic).add(new PolicySizeAspect());
  expect(messagesOf(...stacks)).toEqual([]);
});

test('roles with the same name in stacks that may be deployed to different accounts are reported separately', () => {
  const agnostic = testApp({ context: LENIENT_SIZES });
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const scope of stacks) new CfnRole(scope, 'Role', { roleName: 'publisher', assumeRolePolicyDocument: trust });
  attached(stacks[0], 5_000);
  attached(stacks[0], 6_000, ['publisher'], 'More');
  Aspects.of(agnostic).add(new PolicySizeAspect());
  expectFindings(messagesOf(...stacks), ['error rolePolicySize /Dev/Role']);
});

test.each<['user' | 'group', number, number, string[]]>([
  ['user', 2_048, 1_638, []],
  ['user', 2_048, 1_639, ['warning rolePolicySize /Publisher/Owner']],
  ['user', 2_048, 2_049, ['error rolePolicySize /Publisher/Owner']],
  ['group', 5_120, 4_096, []],
  ['group', 5_120, 4_097, ['warning rolePolicySize /Publisher/Owner']],
  ['group', 5_120, 5_121, ['error rolePolicySize /Publisher/Owner']],
])('the inline policies of a %s may have %d characters, and have %d', (noun, _, characters, expected) => {
  const policies = [{ policyName: 'One', policyDocument: documentOf(1_000) }];
  if (noun === 'user') new CfnUser(stack, 'Owner', { userName: 'ci', policies });
  else new CfnGroup(stack, 'Owner', { groupName: 'ci', policies });
  new CfnPolicy(other, 'Two', {
    policyName: 'Two',
    policyDocument: documentOf(characters - 1_000),
    [`${noun}s`]: ['ci'],
  });
  expectFindings(check(), expected);
});

describe('a managed policy', () => {
  test.each<[number, string[]]>([
    [4_915, []],
    [4_916, ['warning rolePolicySize /Publisher/Policy']],
    [6_144, ['warning rolePolicySize /Publisher/Policy']],
    [6_145, ['error rolePolicySize /Publisher/Policy']],
  ])('is measured exactly: %d characters', (characters, expected) => {
    new CfnManagedPolicy(stack, 'Policy', { managedPolicyName: 'buckets', policyDocument: documentOf(characters) });
    expectFindings(check(), expected);
  });

  test('is estimated if it has a CloudFormation condition', () => {
    new CfnManagedPolicy(stack, 'Policy', { policyDocument: documentOf(7_000) }).cfnOptions.condition =
      conditionOf(stack);
    expectFindings(check(), ['warning rolePolicySize /Publisher/Policy']);
  });

  test('of an L2 is measured with property overrides', () => {
    const policy = new ManagedPolicy(stack, 'Policy', { document: PolicyDocument.fromJson(documentOf(200)) });
    (policy.node.defaultChild as CfnResource).addOverride('Properties.PolicyDocument', documentOf(6_145));
    expectFindings(check(), ['error rolePolicySize /Publisher/Policy/Resource']);
  });
});

describe('the managed policies of a role', () => {
  const arns = (n: number) => count(n, (i) => `arn:aws:iam::222222222222:policy/imported-${i}`);
  const managed = (scope: Stack, n: number, roles?: string[]) =>
    count(n, (i) => new CfnManagedPolicy(scope, `Managed${i}`, { policyDocument: documentOf(200), roles }));

  test.each<[number, string[]]>([
    [20, []],
    [21, ['error rolePolicySize /Publisher/Role']],
  ])('are counted by ARN, by reference and from another stack: %d', (n, expected) => {
    l1([], { managedPolicyArns: [...arns(n - 10), ...managed(stack, 5).map(({ ref }) => ref)] });
    managed(other, 5, ['publisher']);
    expectFindings(check(), expected);
  });

  test('are counted once if they are attached in two ways', () => {
    const all = managed(stack, 11, ['publisher']);
    l1([], { managedPolicyArns: [...all.map(({ ref }) => ref), ...arns(9), ...arns(9)] });
    expect(check()).toEqual([]);
  });

  test('are estimated if a policy has a CloudFormation condition', () => {
    const [policy] = managed(stack, 1, ['publisher']);
    policy.cfnOptions.condition = conditionOf(stack);
    l1([], { managedPolicyArns: arns(20) });
    expectFindings(check(), ['warning rolePolicySize /Publisher/Role']);
  });

  test('are estimated if one of them may be omitted', () => {
    const condition = conditionOf(stack);
    l1([], {
      managedPolicyArns: [
        ...arns(20),
        Fn.conditionIf(condition.logicalId, 'arn:aws:iam::222222222222:policy/more', '').toString(),
      ],
    });
    expectFindings(check(), ['warning rolePolicySize /Publisher/Role']);
  });

  test('are reported in addition to inline policies', () => {
    l1([documentOf(11_000)], { managedPolicyArns: arns(21) });
    expectFindings(check(), ['error rolePolicySize /Publisher/Role', 'error rolePolicySize /Publisher/Role']);
  });
});

describe('a trust policy', () => {
  const statement = (length: number) => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::222222222222:role/${'x'.repeat(length)}` },
    Action: 'sts:AssumeRole',
  });
  const trustOf = (characters: number) =>
    document(statement(characters - JSON.stringify(document(statement(0))).length));
  const role = (assumeRolePolicyDocument: object) =>
    new CfnRole(stack, 'Role', { roleName: 'publisher', assumeRolePolicyDocument });

  test.each<[number, string[], PolicySizeAspectProps]>([
    [1_638, [], {}],
    [1_639, ['warning trustPolicySize /Publisher/Role'], {}],
    [2_048, ['warning trustPolicySize /Publisher/Role'], {}],
    [2_049, ['error trustPolicySize /Publisher/Role'], {}],
    [2_049, [], { trustPolicyLimit: 4_096 }],
    [4_097, ['error trustPolicySize /Publisher/Role'], { trustPolicyLimit: 4_096 }],
    [1_100, ['warning trustPolicySize /Publisher/Role'], { warningThresholdPercent: 50 }],
  ])('is measured exactly: %d characters, which is %p', (characters, expected, props) => {
    role(trustOf(characters));
    expectFindings(check(props), expected);
  });

  test('of an L2 role with many accounts is too long', () => {
    new Role(stack, 'Role', {
      assumedBy: new CompositePrincipal(...count(60, (i) => new AccountPrincipal(String(400_000_000_000 + i)))),
    });
    expectFindings(check(), ['error trustPolicySize /Publisher/Role/Resource']);
  });

  test('with account IDs is estimated, because IAM may count them as ARNs', () => {
    const accounts = count(100, (i) => String(400_000_000_000 + i));
    role(document({ Effect: 'Allow', Principal: { AWS: accounts }, Action: 'sts:AssumeRole' }));
    const written = JSON.stringify(
      document({ Effect: 'Allow', Principal: { AWS: accounts }, Action: 'sts:AssumeRole' }),
    ).length;
    const messages = check();
    expectFindings(messages, ['warning trustPolicySize /Publisher/Role']);
    expect(messages[0]).toContain(` about ${formatted(written + 100 * 'arn:aws:iam:::root'.length)} of `);
    expect(messages[0]).toContain(` (at least ${formatted(written)}, `);
  });

  test('is measured with property overrides', () => {
    role(trust).addOverride('Properties.AssumeRolePolicyDocument', trustOf(2_049));
    expectFindings(check(), ['error trustPolicySize /Publisher/Role']);
  });

  test('is estimated if it has a CloudFormation condition or parameters', () => {
    role(trustOf(2_049)).cfnOptions.condition = conditionOf(stack);
    const parameter = new CfnParameter(other, 'Caller').valueAsString;
    new CfnRole(other, 'Role', {
      assumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { AWS: count(50, () => parameter) },
        Action: 'sts:AssumeRole',
      }),
    });
    expectFindings(check(), ['warning trustPolicySize /Publisher/Role', 'warning trustPolicySize /Other/Role']);
  });
});

describe('the roles of this library have no findings', () => {
  test('with so many buses that a publisher needs several policies', () => {
    const eventBuses = count(400, (i) =>
      EventBus.fromEventBusArn(
        stack,
        `Bus${i}`,
        `arn:aws:events:eu-west-1:222222222222:event-bus/${'orders-'.repeat(4)}${i}`,
      ),
    );
    new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses });
    expect(check()).toEqual([]);
  });

  test('with many rules that forward to one bus', () => {
    const hub = testStack('Hub', HUB, app);
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'central' });
    for (let i = 0; i < 30; i++) {
      new Rule(stack, `Rule${i}`, {
        eventPattern: { source: ['shop'] },
        targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, `Imported${i}`, bus.eventBusArn))],
      });
    }
    expect(check().filter((m) => m.includes('PolicySize') || m.includes('policySize'))).toEqual([]);
  });
});

test.each<[string, object | string | number | null]>([
  ['text', 'no policy'],
  ['a number', 1],
  ['nothing', null],
  ['a list', [1, null, 'x']],
  ['invalid statements', { Statement: [null, 'x', { Sid: 7 }, { toString: 1 }] }],
  ['an intrinsic function', { 'Fn::If': ['Prod', {}, {}] }],
])('policies that are %s do not make the check fail', (_, invalid) => {
  const policies = { Policies: [{ PolicyDocument: invalid }, invalid], ManagedPolicyArns: invalid };
  new CfnResource(stack, 'Role', {
    type: 'AWS::IAM::Role',
    properties: { AssumeRolePolicyDocument: invalid, ...policies, RoleName: invalid },
  });
  new CfnResource(stack, 'Policy', {
    type: 'AWS::IAM::ManagedPolicy',
    properties: { PolicyDocument: invalid, Roles: invalid },
  });
  expect(check().filter((m) => m.includes('PolicySize') || m.includes('checkFailed'))).toEqual([]);
});
