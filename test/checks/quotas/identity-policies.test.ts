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
import { CONSUMER, HUB, PUBLISHER, count, messagesOf, testApp, testStack } from '../../support/apps';
import { pattern } from '../../support/pattern';
import { LENIENT_SIZES, brief, sizesFound } from '../../support/sizes';

const ROLE_SIZE = 'cdk-cross-account-eventbridge:rolePolicySize';
const TRUST_SIZE = 'cdk-cross-account-eventbridge:trustPolicySize';
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const MINIMIZE = '@aws-cdk/aws-iam:minimizePolicies';

let app: App;
let stack: Stack;
let other: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  stack = testStack('Publisher', PUBLISHER, app);
  other = testStack('Other', PUBLISHER, app);
});

const check = (props?: PolicySizeAspectProps) => sizesFound(app, props);

const bucket = (length: number) => `arn:aws:s3:::${'x'.repeat(length)}`;
const allow = (length: number) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: bucket(length) });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
/** A document of exactly so many characters, none of them white space. */
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
    [8_193, ['warning /Publisher/Role']],
    [10_240, ['warning /Publisher/Role']],
    [10_241, ['error /Publisher/Role']],
  ])('of %d characters in all are judged to the letter', (characters, expected) => {
    l1([documentOf(4_000), documentOf(characters - 4_000)]);
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the inline policies of role arn:aws:iam::222222222222:role/publisher have ${characters} ` +
          'characters, of 10240 allowed; ' +
          `'Publisher/Role' takes ${characters}; move statements to a managed policy, or make another ` +
          'role for some of them',
      );
      expect(message).toContain(ROLE_SIZE);
    }
  });

  test('have no white space that counts', () => {
    const text =
      `{ "Version": "2012-10-17",\n "Statement": [${JSON.stringify(allow(9_000)).replace(/x/, 'x          ')}` + '] }';
    l1([]).addPropertyOverride('Policies', [{ PolicyName: 'Text', PolicyDocument: text }]);
    expect(check()).toEqual([
      expect.stringContaining(`have ${JSON.stringify(document(allow(9_000))).length} characters`),
    ]);
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
    ['by raw override', () => attached(other, 500).addOverride('Properties.PolicyDocument', documentOf(5_000))],
  ])('are added up over stacks: %s', (_, attach) => {
    attach(l1([documentOf(6_000)]));
    const [message, ...more] = check();
    expect(more).toEqual([]);
    expect(message).toMatch(
      pattern(
        /^error \/Publisher\/Role the inline .* have 11000 characters, of 10240 /,
        /allowed; 'Publisher\/Role' takes 6000, 'Other\/Policy' 5000; /,
      ),
    );
  });

  test('are those of that role alone', () => {
    l1([documentOf(6_000)]);
    attached(testStack('Elsewhere', CONSUMER, app), 5_000);
    attached(other, 5_000, ['another']);
    expect(check()).toEqual([]);
  });

  test('are told once where one policy for several roles is too long', () => {
    const roles = ['a', 'b'].map(
      (roleName) => new CfnRole(stack, roleName, { roleName, assumeRolePolicyDocument: trust }).ref,
    );
    attached(stack, 11_000, roles);
    expect(brief(check())).toEqual(['error /Publisher/Policy']);
  });

  test('are told by estimate where a condition decides, or a value is known at deployment only', () => {
    l1([documentOf(6_000)]);
    attached(stack, 5_000).cfnOptions.condition = conditionOf(stack);
    expect(check()).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Publisher\/Role .* about 11000 characters \(at least 6000, the /,
          /rest is known only at deployment\), of 10240/,
        ),
      ),
    ]);
  });

  test('hold parameters, which count as usual values', () => {
    const parameter = new CfnParameter(stack, 'Bucket').valueAsString;
    l1([document(...count(200, () => ({ ...allow(0), Resource: parameter })))]);
    const certain = JSON.stringify(document(...count(200, () => ({ ...allow(0), Resource: '' })))).length;
    expect(check()).toEqual([expect.stringContaining(`about ${certain + 200 * 40} characters (at least ${certain}, `)]);
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

  test('of an L2 role are split by the CDK: it may be nearly full', () => {
    const splitting = testStack('Splitting', PUBLISHER, testApp({ context: { ...LENIENT_SIZES, [MINIMIZE]: false } }));
    const role = new Role(splitting, 'Role', { assumedBy: LAMBDA });
    for (let i = 0; i < 160; i++) role.addToPolicy(PolicyStatement.fromJson(allow(50 + i)));
    Aspects.of(splitting).add(new PolicySizeAspect());
    expect(messagesOf(splitting)).toEqual([]);
    expect(splitting.node.findAll().filter((c) => CfnManagedPolicy.isCfnManagedPolicy(c)).length).toBeGreaterThan(1);
    const [{ policyDocument }] = splitting.node.findAll().filter((c): c is CfnPolicy => CfnPolicy.isCfnPolicy(c));
    expect(JSON.stringify(splitting.resolve(policyDocument)).length).toBeGreaterThan(8_192);
  });

  test('of an L2 role are too long all the same when the CDK leaves statement ids out', () => {
    const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
    for (let i = 0; i < 60; i++) {
      role.addToPolicy(PolicyStatement.fromJson({ ...allow(60), Sid: `Statement${i}`.padEnd(100, 'x') }));
    }
    expect(brief(check())).toEqual(['error /Publisher/Role/DefaultPolicy/Resource']);
  });

  test('of an L2 role that nothing splits are told early', () => {
    new Role(stack, 'Role', {
      assumedBy: LAMBDA,
      inlinePolicies: { Long: PolicyDocument.fromJson(documentOf(9_000)) },
    });
    expect(brief(check())).toEqual(['warning /Publisher/Role/Resource']);
  });
});

test('roles of one name in stacks that may go to different accounts are not added up', () => {
  const agnostic = testApp({ context: LENIENT_SIZES });
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const one of stacks) {
    new CfnRole(one, 'Role', {
      roleName: 'publisher',
      assumeRolePolicyDocument: trust,
      policies: [{ policyName: 'P', policyDocument: documentOf(1_000) }],
    });
    attached(one, 5_000);
  }
  Aspects.of(agnostic).add(new PolicySizeAspect());
  expect(stacks.flatMap(messagesOf)).toEqual([]);
});

test('roles of one name in stacks that may go to different accounts are told apart', () => {
  const agnostic = testApp({ context: LENIENT_SIZES });
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const one of stacks) new CfnRole(one, 'Role', { roleName: 'publisher', assumeRolePolicyDocument: trust });
  attached(stacks[0], 5_000);
  attached(stacks[0], 6_000, ['publisher'], 'More');
  Aspects.of(agnostic).add(new PolicySizeAspect());
  expect(brief(stacks.flatMap(messagesOf))).toEqual(['error /Dev/Role']);
});

test.each<['user' | 'group', number, number, string[]]>([
  ['user', 2_048, 1_638, []],
  ['user', 2_048, 1_639, ['warning /Publisher/Owner']],
  ['user', 2_048, 2_049, ['error /Publisher/Owner']],
  ['group', 5_120, 4_096, []],
  ['group', 5_120, 4_097, ['warning /Publisher/Owner']],
  ['group', 5_120, 5_121, ['error /Publisher/Owner']],
])('the inline policies of a %s have %d characters, of which they take %d', (what, limit, characters, expected) => {
  const policies = [{ policyName: 'One', policyDocument: documentOf(1_000) }];
  if (what === 'user') new CfnUser(stack, 'Owner', { userName: 'ci', policies });
  else new CfnGroup(stack, 'Owner', { groupName: 'ci', policies });
  new CfnPolicy(other, 'Two', {
    policyName: 'Two',
    policyDocument: documentOf(characters - 1_000),
    [`${what}s`]: ['ci'],
  });
  const messages = check();
  expect(brief(messages)).toEqual(expected);
  for (const message of messages) {
    expect(message).toContain(
      `the inline policies of ${what} arn:aws:iam::222222222222:${what}/ci have ${characters} ` +
        `characters, of ${limit} allowed`,
    );
  }
});

describe('a managed policy', () => {
  test.each<[number, string[]]>([
    [4_915, []],
    [4_916, ['warning /Publisher/Policy']],
    [6_144, ['warning /Publisher/Policy']],
    [6_145, ['error /Publisher/Policy']],
  ])('of %d characters is judged to the letter', (characters, expected) => {
    new CfnManagedPolicy(stack, 'Policy', { managedPolicyName: 'buckets', policyDocument: documentOf(characters) });
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the managed policy arn:aws:iam::222222222222:policy/buckets has ${characters} characters, ` +
          "of 6144 allowed; '#1' takes ",
      );
      expect(message).toContain(ROLE_SIZE);
    }
  });

  test('is judged under a condition by estimate', () => {
    new CfnManagedPolicy(stack, 'Policy', { policyDocument: documentOf(7_000) }).cfnOptions.condition =
      conditionOf(stack);
    expect(check()).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Publisher\/Policy .*policy\/<Publisher\/Policy> has 7000 characters /,
          /if its condition holds, of 6144/,
        ),
      ),
    ]);
  });

  test('of an L2 is judged too, with a raw override', () => {
    const policy = new ManagedPolicy(stack, 'Policy', { document: PolicyDocument.fromJson(documentOf(200)) });
    (policy.node.defaultChild as CfnResource).addOverride('Properties.PolicyDocument', documentOf(6_145));
    expect(brief(check())).toEqual(['error /Publisher/Policy/Resource']);
  });
});

describe('managed policies of a role', () => {
  const arns = (n: number) => count(n, (i) => `arn:aws:iam::222222222222:policy/given-${i}`);
  const managed = (scope: Stack, n: number, roles?: string[]) =>
    count(n, (i) => new CfnManagedPolicy(scope, `Managed${i}`, { policyDocument: documentOf(200), roles }));

  test.each<[number, string[]]>([
    [20, []],
    [21, ['error /Publisher/Role']],
  ])('are %d, by ARN, by reference and from another stack', (n, expected) => {
    l1([], { managedPolicyArns: [...arns(n - 10), ...managed(stack, 5).map(({ ref }) => ref)] });
    managed(other, 5, ['publisher']);
    const messages = check();
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        'role arn:aws:iam::222222222222:role/publisher has 21 managed policies, of 20 allowed; 10 of ' +
          'them are made by the app; ',
      );
      expect(message).toContain(ROLE_SIZE);
    }
  });

  test('that are attached in two ways count once', () => {
    const all = managed(stack, 11, ['publisher']);
    l1([], { managedPolicyArns: [...all.map(({ ref }) => ref), ...arns(9), ...arns(9)] });
    expect(check()).toEqual([]);
  });

  test('are told by estimate where a condition decides', () => {
    const [policy] = managed(stack, 1, ['publisher']);
    policy.cfnOptions.condition = conditionOf(stack);
    l1([], { managedPolicyArns: arns(20) });
    expect(check()).toEqual([
      expect.stringMatching(/^warning \/Publisher\/Role .* about 21 managed policies \(at least 20, /),
    ]);
  });

  test('that may be left out count by estimate', () => {
    const condition = conditionOf(stack);
    l1([], {
      managedPolicyArns: [
        ...arns(20),
        Fn.conditionIf(condition.logicalId, 'arn:aws:iam::222222222222:policy/more', '').toString(),
      ],
    });
    expect(brief(check())).toEqual(['warning /Publisher/Role']);
  });

  test('are another cause than inline policies: both are told', () => {
    l1([documentOf(11_000)], { managedPolicyArns: arns(21) });
    expect(brief(check())).toEqual(['error /Publisher/Role', 'error /Publisher/Role']);
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
    [1_639, ['warning /Publisher/Role'], {}],
    [2_048, ['warning /Publisher/Role'], {}],
    [2_049, ['error /Publisher/Role'], {}],
    [2_049, [], { trustPolicyLimit: 4_096 }],
    [4_097, ['error /Publisher/Role'], { trustPolicyLimit: 4_096 }],
    [1_100, ['warning /Publisher/Role'], { warningThresholdPercent: 50 }],
  ])('of %d characters is judged to the letter: %p', (characters, expected, props) => {
    role(trustOf(characters));
    const messages = check(props);
    expect(brief(messages)).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(
        `the trust policy of role arn:aws:iam::222222222222:role/publisher has ${characters} ` +
          `characters, of ${props.trustPolicyLimit ?? 2048} allowed; '#1' takes `,
      );
      expect(message).toContain("at most 8192 (Service Quotas L-C07B4B0D) and give it as 'trustPolicyLimit'");
      expect(message).toContain(TRUST_SIZE);
    }
  });

  test('of an L2 with many accounts is too long', () => {
    new Role(stack, 'Role', {
      assumedBy: new CompositePrincipal(...count(60, (i) => new AccountPrincipal(String(400_000_000_000 + i)))),
    });
    expect(brief(check())).toEqual(['error /Publisher/Role/Resource']);
  });

  test('with account ids is told by estimate: IAM may count them as ARNs', () => {
    const accounts = count(100, (i) => String(400_000_000_000 + i));
    role(document({ Effect: 'Allow', Principal: { AWS: accounts }, Action: 'sts:AssumeRole' }));
    const written = JSON.stringify(
      document({ Effect: 'Allow', Principal: { AWS: accounts }, Action: 'sts:AssumeRole' }),
    ).length;
    expect(check()).toEqual([
      expect.stringContaining(`about ${written + 100 * 'arn:aws:iam:::root'.length} characters (at least ${written}, `),
    ]);
  });

  test('is judged with raw overrides', () => {
    role(trust).addOverride('Properties.AssumeRolePolicyDocument', trustOf(2_049));
    expect(brief(check())).toEqual(['error /Publisher/Role']);
  });

  test('is judged under a condition, and with parameters, by estimate', () => {
    role(trustOf(2_049)).cfnOptions.condition = conditionOf(stack);
    const parameter = new CfnParameter(other, 'Caller').valueAsString;
    new CfnRole(other, 'Role', {
      assumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { AWS: count(50, () => parameter) },
        Action: 'sts:AssumeRole',
      }),
    });
    expect(check()).toEqual([
      expect.stringMatching(/^warning \/Publisher\/Role .* has 2049 characters if its condition holds, of 2048/),
      expect.stringMatching(/^warning \/Other\/Role .* about \d{4} characters \(at least \d{3}, /),
    ]);
  });
});

describe('roles of this library are silent', () => {
  test('of a publisher for so many buses that it needs more policies', () => {
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

  test('of rules that forward to one bus', () => {
    const hub = testStack('Hub', HUB, app);
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'central' });
    for (let i = 0; i < 30; i++) {
      new Rule(stack, `Rule${i}`, {
        eventPattern: { source: ['shop'] },
        targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, `Far${i}`, bus.eventBusArn))],
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
  ['strange statements', { Statement: [null, 'x', { Sid: 7 }, { toString: 1 }] }],
  ['an intrinsic function', { 'Fn::If': ['Prod', {}, {}] }],
])('policies that are %s are no reason to fail', (_, strange) => {
  const policies = { Policies: [{ PolicyDocument: strange }, strange], ManagedPolicyArns: strange };
  new CfnResource(stack, 'Role', {
    type: 'AWS::IAM::Role',
    properties: { AssumeRolePolicyDocument: strange, ...policies, RoleName: strange },
  });
  new CfnResource(stack, 'Policy', {
    type: 'AWS::IAM::ManagedPolicy',
    properties: { PolicyDocument: strange, Roles: strange },
  });
  expect(check().filter((m) => m.includes('PolicySize') || m.includes('checkFailed'))).toEqual([]);
});
