import { CfnResource } from 'aws-cdk-lib';
import { ResourcePolicyStatement } from '../../../src/app-model/app-model';
import { tooManyPrincipals } from '../../../src/checks/quotas/principal-quota';
import {
  QuotaUsage,
  describeAlternatives,
  describeLargest,
  describeUsage,
  pluralize,
  severity,
  sumOf,
} from '../../../src/checks/quotas/quota-usage';
import { unreplaceableStatement } from '../../../src/checks/quotas/replaced-statements';

test.each<[QuotaUsage, number | undefined, string | undefined]>([
  [{ minimum: 101, estimate: 101 }, undefined, 'error'],
  [{ minimum: 100, estimate: 101 }, undefined, 'warning'],
  [{ minimum: 100, estimate: 100 }, undefined, undefined],
  [{ minimum: 0, estimate: 81 }, 80, 'warning'],
  [{ minimum: 80, estimate: 80 }, 80, undefined],
  [{ minimum: 0, estimate: 90, thresholdEstimate: 80 }, 80, undefined],
  [{ minimum: 0, estimate: 101, thresholdEstimate: 0 }, 80, 'warning'],
])('the usage of a quota of 100 has a level: %j, %p percent', (usage, threshold, expected) => {
  expect(severity(usage, 100, threshold)).toBe(expected);
});

test('a sum includes conditional parts in its estimate only', () => {
  const part = (minimum: number, estimate: number, conditional: boolean) => ({
    size: { minimum, estimate },
    conditional,
  });
  expect(sumOf([part(1, 2, false), part(10, 20, true), part(100, 200, false)])).toEqual({
    minimum: 101,
    estimate: 222,
  });
});

test.each<[number, number, string]>([
  [9000, 9000, '9,000 of 10,240 allowed rules here'],
  [0, 0, '0 of 10,240 allowed rules here'],
  [0, 9000, '9,000 of 10,240 allowed rules here if its CloudFormation condition is true'],
  [8000, 9000, 'about 9,000 of 10,240 allowed rules here (at least 8,000, the rest is known only at deployment)'],
])('the usage from %i to %i is described', (minimum, estimate, expected) => {
  expect(describeUsage({ minimum, estimate }, 10_240, 'rules', ' here')).toBe(expected);
});

test.each<[number[], number, string | undefined]>([
  [[], 3, undefined],
  [[5000], 3, "statement '0' has 5,000 bytes!"],
  [[1, 3, 2], 3, "statement '1' has 3 bytes!, '2' 2!, '0' 1!"],
  [[1, 5, 2, 3, 4], 2, "statement '1' has 5 bytes!, '4' 4!, 3 others 6"],
  [[1, 2], 1, "statement '1' has 2 bytes!, 1 other 1"],
])('the largest of the parts %j are described, at most %i', (sizes, maxParts, expected) => {
  const parts = sizes.map((size, i) => ({ name: String(i), size, note: '!' }));
  expect(describeLargest(parts, 'statement', 'bytes', maxParts)).toBe(expected);
});

test('the largest parts are described without notes', () => {
  const parts = ['a', 'b'].map((name) => ({ name, size: 1 }));
  expect(describeLargest(parts, 'stack', 'rules', 2)).toBe("stack 'a' has 1 rules, 'b' 1");
});

test.each<[string[], string]>([
  [['a'], 'a'],
  [['a', 'b'], 'a, or b'],
  [['a', 'b', 'c'], 'a, b, or c'],
])('alternatives are described: %j', (alternatives, expected) => {
  expect(describeAlternatives(alternatives)).toBe(expected);
});

test.each<[number, string]>([
  [0, '0 roles'],
  [1, '1 role'],
  [1000, '1,000 roles'],
])('%i is in the singular or plural', (count, expected) => {
  expect(pluralize(count, 'role')).toBe(expected);
});

const statement = (id: string, more: object = {}, isWholePolicy = false): ResourcePolicyStatement => ({
  ...{ construct: {} as CfnResource, resourceArn: 'arn', id, conditional: false, isWholePolicy },
  statement: { Effect: 'Allow', Action: 'sqs:SendMessage', ...more },
});
const accounts = (count: number) => ({ Principal: { AWS: Array(count).fill('222222222222') } });

describe('the number of principals', () => {
  test.each<[string, object[]]>([
    ['two statements', [accounts(2), accounts(1)]],
    ['all accounts', [{ Principal: '*' }, { Principal: '*' }, { Principal: '*' }]],
    ['no principals', [{}, {}]],
  ])('is not exceeded by %s', (_, statements) => {
    const all = statements.map((more, i) => statement(`S${i}`, more));
    expect(tooManyPrincipals(all, 3, true)).toBeUndefined();
  });

  test('does not include a statement that cannot be read', () => {
    const all = ['A', 'B', 'C', 'D'].map((id) => ({ ...statement(id), statement: 'text' }));
    expect(tooManyPrincipals(all, 3, true)).toBeUndefined();
  });

  test('is exceeded for certain only by one statement', () => {
    const all = [statement('A', accounts(1)), statement('B', accounts(4)), statement('C', accounts(5)), statement('D')];
    const problem = "5 of 3 allowed principals in statement 'C'";
    expect(tooManyPrincipals(all, 3, true)).toEqual({ level: 'error', problem });
    expect(tooManyPrincipals(all, 3, false)).toEqual({ level: 'warning', problem });
  });

  test('may be exceeded by several statements together', () => {
    const service = { Principal: { AWS: ['1', '2'], Service: 's3.amazonaws.com' } };
    expect(tooManyPrincipals([statement('A', service), statement('B', accounts(1))], 3, true)).toEqual({
      level: 'warning',
      problem: '4 of 3 allowed principals',
      reason: expect.any(String),
    });
  });
});

describe('a statement that cannot be replaced in one deployment', () => {
  const [SHORT, LONG] = [statement('Short'), statement('Long', { Resource: 'x'.repeat(100) })];
  const sizeOf = (...statements: ResourcePolicyStatement[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => one.statement) }).length;
  const size = sizeOf(SHORT, LONG, LONG);

  test('is the longest one, if a second copy is too long', () => {
    const characters = JSON.stringify(LONG.statement).length;
    expect(unreplaceableStatement([SHORT, LONG], size - 1, 'characters')).toEqual({
      name: `statement 'Long' (${characters} characters)`,
      size,
    });
  });

  test.each<[string, ResourcePolicyStatement[], number]>([
    ['a second copy is not too long', [SHORT, LONG], size],
    ['the document is replaced', [statement('Long', LONG.statement as object, true)], 10],
    ['there is none', [], 10],
  ])('does not exist if %s', (_, statements, limit) => {
    expect(unreplaceableStatement(statements, limit, 'characters')).toBeUndefined();
  });
});
