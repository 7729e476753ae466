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
