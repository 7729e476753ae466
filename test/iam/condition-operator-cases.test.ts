import {
  OPERATORS,
  isInRange,
  isKnownOperator,
  parseOperator,
  similarOperator,
} from '../../src/iam/condition-operators';
import { unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');

test.each<[string, string | undefined]>([
  ['StringEqual', 'StringEquals'],
  ['stringequal', 'StringEquals'],
  ['StringNotEqual', 'StringNotEquals'],
  ['StringLikes', 'StringLike'],
  ['StringNotLikes', 'StringNotLike'],
  ['StringEqualIgnoreCase', 'StringEqualsIgnoreCase'],
  ['ArnEqual', 'ArnEquals'],
  ['ArnLikes', 'ArnLike'],
  ['ArnNotEqual', 'ArnNotEquals'],
  ['ArnNotLikes', 'ArnNotLike'],
  ['Boolx', 'Bool'],
  ['Nullx', 'Null'],
  ['NullIfExists', 'Null'],
  ['IpAddres', 'IpAddress'],
  ['NotIpAddres', 'NotIpAddress'],
  ['StringEqualsxx', 'StringEquals'],
  ['StringEqualsxxx', undefined],
  ['StringEqualIfExists', 'StringEqualsIfExists'],
  ['ForAllValue:StringEqual', 'ForAllValues:StringEquals'],
  ['ForAnyValues:StringLike', 'ForAnyValue:StringLike'],
  ['foranyvalue:StringLikes', 'ForAnyValue:StringLike'],
  ['x ForAnyValue:StringLike', undefined],
  ['Matches', undefined],
])('%s is probably %s', (name, expected) => {
  expect(similarOperator(name)).toBe(expected);
});

test.each<[string, boolean]>([
  ['StringEquals', true],
  ['STRINGEQUALS', true],
  ['stringEqualsIfExists', true],
  ['ForAllValues:StringLike', true],
  ['ForAnyValue:StringLikeIfExists', true],
  ['ForAllValue:StringLike', false],
  ['a ForAllValues:StringLike', false],
  ['Null', true],
  ['NullIfExists', false],
  ['NumericLessThanEquals', true],
  ['DateGreaterThan', true],
  ['BinaryEquals', true],
  ['StringMatches', false],
  ['constructor', false],
  ['', false],
])('AWS knows the operator %j: %s', (name, expected) => {
  expect(isKnownOperator(name)).toBe(expected);
});

test.each<[string, object]>([
  ['StringEquals', { base: 'stringequals', ifExists: false, negated: false, exact: true }],
  ['StringNotEquals', { base: 'stringnotequals', ifExists: false, negated: true, exact: true }],
  ['StringEqualsIgnoreCase', { base: 'stringequalsignorecase', ifExists: false, negated: false, exact: true }],
  ['StringNotEqualsIgnoreCase', { base: 'stringnotequalsignorecase', ifExists: false, negated: true, exact: true }],
  ['StringLikeIfExists', { base: 'stringlike', ifExists: true, negated: false, exact: false }],
  ['ArnNotEquals', { base: 'arnnotequals', ifExists: false, negated: true, exact: false }],
  ['NotIpAddress', { base: 'notipaddress', ifExists: false, negated: true, exact: false }],
  ['NumericNotEquals', { base: 'numericnotequals', ifExists: false, negated: true, exact: false }],
  ['ForAllValues:ArnLike', { quantifier: 'forallvalues', base: 'arnlike', ifExists: false, negated: false }],
  ['ForAnyValue:Bool', { quantifier: 'foranyvalue', base: 'bool', ifExists: false, negated: false }],
  ['Null', { base: 'null', ifExists: false, negated: false, exact: false }],
  ['Unknown', { base: 'unknown', ifExists: false, negated: false, exact: false }],
])('%s has its parts', (name, parts) => {
  expect(parseOperator(name)).toMatchObject(parts);
});

test.each<[string, string, string, boolean | undefined]>([
  ['numericequals', '10', '10.0', true],
  ['numericequals', '-10', '-10', true],
  ['numericequals', '10.25', '10.25', true],
  ['numericequals', '10', '11', false],
  ['numericequals', 'ten', 'ten', false],
  ['numericequals', '', '', false],
  ['numericequals', '1x', '1', false],
  ['numericequals', '0x1', '1', false],
  ['numericequals', UNKNOWN, '1', undefined],
  ['numericequals', '1', UNKNOWN, undefined],
  ['numericnotequals', '1', 'one', false],
  ['numericlessthan', '10', '9', true],
  ['numericlessthan', '10', '10', false],
  ['numericlessthanequals', '10', '10', true],
  ['numericlessthanequals', '10', '11', false],
  ['numericgreaterthan', '10', '11', true],
  ['numericgreaterthan', '10', '10', false],
  ['numericgreaterthanequals', '10', '10', true],
  ['numericgreaterthanequals', '10', '9', false],
  ['dateequals', '2024-01-01T00:00:00Z', '1704067200', true],
  ['dateequals', '1704067200.25', '2024-01-01T00:00:00.250Z', true],
  ['dateequals', '2024-01-01', '2024-01-02', false],
  ['datelessthan', '2024-01-02', '1704067200', true],
  ['dategreaterthan', 'tomorrow', '2024-01-02', false],
  ['bool', 'true', 'TRUE', true],
  ['bool', 'False', 'false', true],
  ['bool', 'true', 'false', false],
  ['bool', 'yes', 'yes', false],
  ['bool', 'untrue', 'untrue', false],
  ['bool', 'trueish', 'trueish', false],
  ['bool', UNKNOWN, 'true', undefined],
  ['binaryequals', 'QQ==', 'QQ==', true],
  ['stringequalsignorecase', 'Shop', 'sHOP', true],
  ['stringequals', 'Shop', 'shop', false],
  ['stringequals', 'sh*', 'shop', false],
  ['stringlike', 'sh*', 'shop', true],
])('%s %j matches %j: %s', (operator, policyValue, requestValue, expected) => {
  expect(OPERATORS[operator].matches(policyValue, requestValue)).toBe(expected);
});

test.each<[string, string, boolean | undefined]>([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '10.0.0.2', false],
  ['10.0.0.0/0', '192.0.2.1', true],
  ['10.0.0.0/32', '10.0.0.0', true],
  ['10.0.0.0/33', '10.0.0.0', false],
  ['10.0.0.0/-1', '10.0.0.0', false],
  ['10.0.0.0/x', '10.0.0.0', false],
  ['2001:db8::/32', '2001:db8::1', true],
  ['2001:db8::1', '2001:db8::1', true],
  ['2001:db8::1', '2001:db8::2', false],
  ['2001:db8::/128', '2001:db8::', true],
  ['2001:db8::/129', '2001:db8::', false],
  ['2001:db8::/32', '10.0.0.1', false],
  ['10.0.0.0/8', '2001:db8::1', false],
  ['10.0.0.0/8', 'shop', false],
  ['shop', 'shop', false],
  [UNKNOWN, '10.0.0.1', undefined],
  ['10.0.0.0/8', UNKNOWN, undefined],
])('the range %s contains %s: %s', (range, address, expected) => {
  expect(isInRange(range, address)).toBe(expected);
});
