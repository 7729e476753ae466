import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';
import { unsatisfiableReasons } from '../../src/iam/unsatisfiable-conditions';
import { expectMessage } from '../support/messages';

const allow = (condition: Json, principal: Json = '*'): Json => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'events:PutEvents',
  Condition: condition,
});
const SERVICE = { Service: 's3.amazonaws.com' };

describe('a condition never matches', () => {
  test.each<[string, Json]>([
    ['an exact match with a wildcard', allow({ StringEquals: { 'events:source': 'com.*' } })],
    ['an optional exact match with a wildcard', allow({ StringEqualsIfExists: { 'events:source': 'com.*' } })],
    ['an exact match that ignores case', allow({ StringEqualsIgnoreCase: { 'events:source': 'com.*' } })],
    ['a key that services do not have', allow({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, SERVICE)],
    ['a multivalued key without set operator', allow({ StringLike: { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } })],
    ['a value in the wrong format', allow({ StringEquals: { 'aws:PrincipalOrgID': 'my-organization' } })],
  ])('for %s', (_, statement) => {
    const reasons = unsatisfiableReasons(statement);
    expect(reasons).toHaveLength(1);
    expectMessage(`${reasons[0].reason}\n${reasons[0].fix}`);
  });

  test.each<[string, Json]>([
    ['a wildcard among other values', allow({ StringEquals: { 'events:source': ['com.*', 'com.shop'] } })],
    ['a wildcard of a policy variable', allow({ StringEquals: { 'events:source': '${*}' } })],
    ['an unresolved value', allow({ StringEquals: { 'aws:PrincipalOrgID': unresolved('parameter Id') } })],
    ['a negated operator', allow({ StringNotEquals: { 'events:source': 'com.*' } })],
    ['a key that may be missing', allow({ Null: { 'aws:PrincipalOrgID': 'true' } }, SERVICE)],
    ['a key that other principals have', allow({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['a denial', { ...(allow({ StringEquals: { 'events:source': 'com.*' } }) as object), Effect: 'Deny' }],
    ['text', 'a statement'],
  ])('except for %s', (_, statement) => {
    expect(unsatisfiableReasons(statement)).toEqual([]);
  });
});

/** Whether a condition never matches: by operator, key and values. */
test.each<[boolean, string, string, Json]>([
  [true, 'StringEquals', 'events:source', ['com.*', 'org.?']],
  [false, 'StringEquals', 'events:source', []],
  [false, 'StringEquals', 'events:source', unresolved('all of *')],
  [false, 'StringLike', 'events:source', 'com.*'],
  [false, 'StringEquals', 'events:source', 'com.shop'],
  [true, 'ForAllValues:StringEquals', 'events:source', 'com.*'],
  [false, 'ForAllValues:StringEquals', 'aws:SourceAccount', '1'],
  [false, 'StringEqualsIfExists', 'aws:SourceAccount', '1'],
  [false, 'Null', 'aws:SourceAccount', '1'],
  [false, 'StringNotEquals', 'aws:SourceAccount', '1'],
  [true, 'StringEquals', 'aws:SourceAccount', '1'],
  [true, 'StringEquals', 'aws:SourceAccount', '1111111111112'],
  [true, 'StringEquals', 'aws:SourceAccount', 'x111111111111'],
  [false, 'StringEquals', 'aws:SourceAccount', '111111111111'],
  [false, 'StringEquals', 'aws:SourceAccount', ['1', '111111111111']],
  [false, 'StringEquals', 'aws:SourceAccount', '${aws:ResourceAccount}'],
  [false, 'StringEquals', 'aws:SourceAccount', []],
  [true, 'StringEquals', 'AWS:principalaccount', '1'],
  [true, 'StringEquals', 'aws:SourceOrgID', 'O-A1B2C3D4E5'],
  [false, 'StringEqualsIgnoreCase', 'aws:SourceOrgID', 'O-A1B2C3D4E5'],
  [true, 'StringEquals', 'aws:ResourceOrgID', 'a'],
  [true, 'StringEquals', 'aws:PrincipalArn', 'shop'],
  [true, 'StringEquals', 'aws:SourceArn', 'an arn:aws:sqs:eu-west-1:111111111111:q'],
  [false, 'StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::111111111111:role/shop'],
  [true, 'StringEquals', 'events:eventBusInvocation', 'yes'],
  [true, 'StringEquals', 'events:eventBusInvocation', 'untrue'],
  [true, 'StringEquals', 'events:eventBusInvocation', 'trueish'],
  [false, 'StringEquals', 'events:eventBusInvocation', 'False'],
  [false, 'StringEquals', 'aws:PrincipalTag/a', 'a'],
  [true, 'ArnLike', 'aws:SourceArn', 'arn:aws:sqs:undefined:111111111111:*'],
  [true, 'ArnEquals', 'AWS:PRINCIPALARN', 'arn:aws:iam::1:role/shop'],
  [true, 'StringLike', 'aws:PrincipalArn', ['arn:aws:iam::1:*', 'arn:aws:iam::2:*']],
  [false, 'StringLike', 'aws:PrincipalArn', ['arn:aws:iam::1:*', 'arn:aws:iam::111111111111:*']],
  [false, 'StringLike', 'aws:PrincipalArn', ['arn:aws:iam::111111111111:*', 'arn:aws:iam::1:*']],
  [false, 'ArnNotLike', 'aws:SourceArn', 'arn:aws:sqs:undefined:111111111111:*'],
  [false, 'ArnLike', 'aws:SourceArn', []],
  [false, 'BinaryEquals', 'aws:SourceArn', 'arn:aws:iam::1:role/shop'],
  [false, 'ArnLike', 'my:aws:SourceArn', 'arn:aws:iam::1:role/shop'],
  [false, 'ArnLike', 'aws:SourceArns', 'arn:aws:iam::1:role/shop'],
  [true, 'StringEquals', 'aws:SourceOrgPaths', 'o-a1b2c3d4e5/*'],
  [true, 'StringLike', 'AWS:TagKeys', 'a'],
  [true, 'ArnLike', 'events:TargetArn', 'arn:aws:sqs:eu-west-1:111111111111:q'],
  [false, 'ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'],
  [false, 'ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'],
  [false, 'ForAnyValue:StringNotEquals', 'aws:PrincipalOrgID', '*'],
  [false, 'StringLike', 'my:aws:TagKeys', 'a'],
  [false, 'StringLike', 'aws:TagKeysOf', 'a'],
])('it is %s that %s on %s with %j never matches', (isUnsatisfiable, operator, key, value) => {
  const reasons = unsatisfiableReasons(allow({ [operator]: { [key]: value } }));
  expect(reasons).toHaveLength(isUnsatisfiable ? 1 : 0);
  if (isUnsatisfiable) expectMessage(`${reasons[0].reason}\n${reasons[0].fix}`);
});

test.each<[Json, number]>([
  [SERVICE, 1],
  [{ ...SERVICE, AWS: '*' }, 0],
  [{ AWS: '*' }, 0],
  ['Service', 0],
])('services that are all of %j have no organization: %d', (principal, count) => {
  const condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
  expect(unsatisfiableReasons(allow(condition, principal))).toHaveLength(count);
});

test('each condition has its reason', () => {
  const condition = { StringEquals: { 'events:source': 'a*', 'aws:SourceAccount': '1', 'events:detail-type': 'a' } };
  expect(unsatisfiableReasons(allow(condition))).toHaveLength(2);
});
