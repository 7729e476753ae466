import { PrincipalClause, Publisher, excludeOwnAccount, serviceOf } from '../../src/eventbridge/publishers';
import { RETRY_ATTEMPTS, EVENT_AGE_SECONDS, EVENT_BUS_ARN_CHARACTERS } from '../../src/eventbridge/quotas';
import * as role from '../../src/eventbridge/role-statements';
import { ruleManagementStatement } from '../../src/eventbridge/rule-statement';
import { S3_SOURCE } from '../../src/eventbridge/service-events';
import { targetClause, targetStatement } from '../../src/eventbridge/target-statements';
import { Json } from '../../src/iam/statement';

const RULE = 'arn:aws:events:eu-west-1:111111111111:rule/all';
const ROLE = 'arn:aws:iam::111111111111:role/rule';
const [A, B, C] = ['111111111111', '222222222222', '333333333333'];

describe('the trust policy of a role', () => {
  const trust = role.ruleTrustStatement([A], [RULE]) as Json;

  test('allows EventBridge for rules of accounts', () => {
    expect(trust).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': A }, ArnEquals: { 'aws:SourceArn': [RULE] } },
    });
  });

  test.each([
    [RULE, A, 'allowed'],
    [`${RULE}2`, A, 'denied'],
    [RULE, B, 'denied'],
  ])('allows the rule %s of %s: %s', (rule, account, decision) => {
    expect(role.evaluateAssumeRole([trust], ROLE, rule, account).decision).toBe(decision);
  });

  test.each([
    ['events.amazonaws.com', RULE, 'allowed'],
    ['events.amazonaws.com', `${RULE}2`, 'denied'],
    ['events.amazonaws.com', undefined, 'unknown'],
    ['scheduler.amazonaws.com', RULE, 'denied'],
  ])('allows %s for %s: %s', (service, source, decision) => {
    const statement: Json = {
      ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' },
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
    };
    expect(role.evaluateServiceAssumeRole(service, [statement], ROLE, source).decision).toBe(decision);
  });
});

test('a statement of an identity-based policy has an action and resources', () => {
  expect(role.identityStatement('events:PutEvents', ['a'])).toEqual({
    ...{ Effect: 'Allow', Action: 'events:PutEvents', Resource: ['a'] },
  });
});

test('a statement for the management of a rule allows what CloudFormation does', () => {
  expect(ruleManagementStatement(A, RULE)).toEqual({
    Effect: 'Allow',
    Principal: { AWS: A },
    Action: [
      ...['events:PutRule', 'events:PutTargets', 'events:DeleteRule', 'events:RemoveTargets'],
      'events:DescribeRule',
    ],
    Resource: RULE,
    Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
  });
});

describe('a statement of the policy of a target', () => {
  const grant = { action: 'sqs:SendMessage', resource: 'queue' };
  const target = { account: A, partition: 'aws' };
  const root = (account: string) => `arn:aws:iam::${account}:root`;
  const roles = [
    { account: B, arn: 'arn:aws:iam::222222222222:role/b' },
    { account: C, arn: 'arn:aws:iam::333333333333:role/c' },
  ];

  test('lists accounts', () => {
    expect(targetStatement(grant, { kind: 'Accounts', accounts: [C, B] }, target)).toEqual({
      ...{ Effect: 'Allow', Principal: { AWS: [root(B), root(C)] }, Action: 'sqs:SendMessage', Resource: 'queue' },
    });
  });

  test('has the conditions of the grant', () => {
    const conditions = { ArnLike: { 'aws:SourceArn': RULE } };
    const statement = targetStatement({ ...grant, conditions }, { kind: 'Accounts', accounts: [B] }, target);
    expect(statement.Condition).toEqual(conditions);
  });

  test('has many accounts in a condition, without its own', () => {
    const accounts: Publisher = { kind: 'Accounts', accounts: [B, C] };
    expect(targetClause({ ...grant, maxPrincipals: 2 }, [accounts], target).principal).toEqual({
      AWS: [root(B), root(C)],
    });
    expect(targetClause({ ...grant, maxPrincipals: 1 }, [accounts], target)).toEqual({
      ...{ principal: '*', conditions: { StringEquals: { 'aws:PrincipalAccount': [B, C] } } },
    });
  });

  test('has many roles in a condition', () => {
    const clause = targetClause({ ...grant, maxPrincipals: 1 }, [{ kind: 'Roles', roles }], target);
    expect(clause).toEqual({
      principal: '*',
      conditions: {
        StringEquals: { 'aws:PrincipalArn': roles.map(({ arn }) => arn) },
        StringNotEquals: { 'aws:PrincipalAccount': A },
      },
    });
    const few = targetClause({ ...grant, maxPrincipals: 2 }, [{ kind: 'Roles', roles }], target);
    expect(few.principal).toEqual({ AWS: [root(B), root(C)] });
  });

  test('has all publishers of one kind', () => {
    const publishers = [B, C].map((account): Publisher => ({ kind: 'Accounts', accounts: [account] }));
    expect(targetClause(grant, publishers, target).principal).toEqual({ AWS: [root(B), root(C)] });
  });
});

test.each<[PrincipalClause['principal'], PrincipalClause['conditions'], boolean]>([
  ['*', {}, true],
  [{ AWS: '*' }, {}, true],
  [{ AWS: [B, '*'] }, {}, true],
  [{ AWS: B }, {}, false],
  [{ Service: '*' }, {}, false],
  ['*', { StringEquals: { 'aws:PrincipalAccount': B } }, false],
  ['*', { StringEquals: { 'aws:PrincipalOrgID': 'o' }, StringNotEquals: { 'aws:PrincipalArn': 'a' } }, true],
])('the principal %j with %j excludes the account of the bus: %s', (principal, conditions, isExcluded) => {
  const { StringNotEquals, ...others } = conditions;
  const excluded = { StringNotEquals: { ...StringNotEquals, 'aws:PrincipalAccount': A } };
  expect(excludeOwnAccount({ principal, conditions }, { account: A })).toEqual(
    isExcluded ? { ...others, ...excluded } : conditions,
  );
});

test('a publisher can be a service', () => {
  const principal = (value: Json): Publisher => ({ kind: 'Principal', principal: value, conditions: {} });
  expect(serviceOf({ kind: 'Service', service: 'a', sources: {} })).toBe('a');
  expect(serviceOf({ kind: 'Accounts', accounts: [A] })).toBeUndefined();
  expect(serviceOf(principal('*'))).toBeUndefined();
  expect(serviceOf(principal({ AWS: A }))).toBeUndefined();
  expect(serviceOf(principal({ Service: ['b', 'c'] }))).toBe('b');
});

test('values that AWS documents', () => {
  expect([RETRY_ATTEMPTS, EVENT_AGE_SECONDS]).toEqual([
    { min: 0, max: 185 },
    { min: 60, max: 86_400 },
  ]);
  expect([EVENT_BUS_ARN_CHARACTERS, S3_SOURCE]).toEqual([320, 'aws.s3']);
});
