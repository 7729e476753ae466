import { UNKNOWN } from '../../src/iam/condition-keys';
import { KeyLookup, evaluateCondition, resolveVariables } from '../../src/iam/evaluate-condition';
import { unresolved } from '../../src/iam/unresolved-text';

/** The values of keys in a request; other keys are absent. */
const lookup =
  (values: { readonly [key: string]: ReturnType<KeyLookup> }): KeyLookup =>
  (key) =>
    values[key] ?? [];

const REQUEST = lookup({
  'aws:username': ['shop'],
  'aws:principalorgpaths': ['a', 'b'],
  'aws:sourceip': UNKNOWN,
  'aws:resourceorgid': { oneOf: new Set(['o-a1b2c3d4e5']) },
});

test.each<[string, string[]]>([
  ['text', ['text']],
  ['a ${aws:username} b', ['a shop b']],
  ['${ AWS:UserName }', ['shop']],
  ['${aws:username}/${aws:username}', ['shop/shop']],
  ["${aws:username, 'none'}", ['shop']],
  ["${aws:userid, 'none'}", ['none']],
  ["${aws:userid,'none'  }", ['none']],
  ["${aws:userid,  'a, b'}", ['a, b']],
  ["${aws:userid, ''}", ['']],
  ['${aws:userid}', []],
  ['${aws:userid}${aws:username}', []],
  ['${$}', ['$']],
  ['${*}', [unresolved('the character *')]],
  ['${?}', [unresolved('the character ?')]],
  ['${aws:SourceIp}', [unresolved('aws:SourceIp')]],
  ['${aws:PrincipalOrgPaths}', [unresolved('aws:PrincipalOrgPaths')]],
  ['${aws:ResourceOrgID}', [unresolved('aws:ResourceOrgID')]],
])('%s is replaced by %j', (policyValue, expected) => {
  expect(resolveVariables(policyValue, REQUEST)).toEqual(expected);
});

/** The result for a value that is presumed, by the operator and the policy values. */
test.each<[string, string, string[], boolean | undefined]>([
  ['StringEquals', 'aws:ResourceOrgID', ['o-a1b2c3d4e5'], true],
  ['StringEquals', 'aws:ResourceOrgID', ['o-b1b2c3d4e5'], undefined],
  ['StringEquals', 'aws:ResourceOrgID', ['o-b1b2c3d4e5', 'o-a1b2c3d4e5'], true],
  ['StringEquals', 'aws:ResourceOrgID', ['${aws:PrincipalOrgID}'], true],
  ['StringEquals', 'aws:ResourceOrgID', ['organization'], false],
  ['StringEquals', 'aws:ResourceOrgID', ['O-A1B2C3D4E5'], false],
  ['StringEqualsIgnoreCase', 'aws:ResourceOrgID', ['O-B1B2C3D4E5'], undefined],
  ['StringNotEqualsIgnoreCase', 'aws:ResourceOrgID', ['O-B1B2C3D4E5'], undefined],
  ['StringEqualsIgnoreCase', 'aws:ResourceOrgID', ['organization'], false],
  ['StringNotEquals', 'aws:ResourceOrgID', ['organization'], true],
  ['StringEquals', 'aws:ResourceOrgID', ['organization', 'o-b1b2c3d4e5'], undefined],
  ['StringEquals', 'aws:ResourceOrgID', [unresolved('a')], undefined],
  ['StringEquals', 'aws:ResourceOrgID', ['o-*'], false],
  ['StringLike', 'aws:ResourceOrgID', ['o-*'], undefined],
  ['StringEqualsIfExists', 'aws:ResourceOrgID', ['organization'], undefined],
  ['ForAllValues:StringEquals', 'aws:ResourceOrgID', ['organization'], undefined],
  ['ForAnyValue:StringEquals', 'aws:ResourceOrgID', ['organization'], false],
  ['ArnEquals', 'aws:ResourceOrgID', ['organization'], undefined],
  ['Null', 'aws:ResourceOrgID', ['false'], true],
  ['Null', 'aws:ResourceOrgID', ['true'], undefined],
])('%s on the presumed %s with %j is %s', (operator, key, values, expected) => {
  const assumptions = { anyValue: undefined, presumed: true };
  expect(evaluateCondition({ operator, key, values }, REQUEST, assumptions)).toBe(expected);
});

test.each<[string, string, string[], boolean | undefined]>([
  ['StringEquals', 'aws:username', ['shop'], true],
  ['StringEquals', 'aws:userid', ['shop'], false],
  ['StringNotEquals', 'aws:userid', ['shop'], true],
  ['StringEqualsIfExists', 'aws:userid', ['shop'], true],
  ['ForAllValues:StringEquals', 'aws:userid', ['shop'], true],
  ['ForAnyValue:StringEquals', 'aws:userid', ['shop'], false],
  ['ForAnyValue:StringEqualsIfExists', 'aws:userid', ['shop'], undefined],
  ['StringEquals', 'aws:sourceip', ['shop'], undefined],
  ['Unknown', 'aws:username', ['shop'], undefined],
  ['Null', 'aws:username', ['false'], true],
  ['Null', 'aws:userid', ['true'], true],
  ['Null', 'aws:userid', ['false'], false],
  ['ForAnyValue:Null', 'aws:userid', ['false'], undefined],
  ['StringEquals', 'aws:PrincipalOrgPaths', ['a'], undefined],
  ['ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', ['a'], true],
  ['ForAllValues:StringEquals', 'aws:PrincipalOrgPaths', ['a'], false],
  ['ForAnyValue:StringNotEquals', 'aws:PrincipalOrgPaths', ['a'], true],
  ['ForAllValues:StringNotEquals', 'aws:PrincipalOrgPaths', ['a'], false],
  ['StringNotEquals', 'aws:username', ['${aws:userid}'], undefined],
  ['StringEquals', 'aws:username', ['${aws:userid}', 'shop'], true],
  ['StringEquals', 'aws:username', ['shop', '${aws:userid}'], true],
])('%s on %s with %j is %s', (operator, key, values, expected) => {
  const assumptions = { anyValue: undefined, presumed: undefined };
  expect(evaluateCondition({ operator, key, values }, REQUEST, assumptions)).toBe(expected);
});
