import { ConditionalValue, oneOf, whenConditions } from '../../src/topology/conditional-values';

const NO_VALUE = { Ref: 'AWS::NoValue' };
const choice = (condition: string, met: unknown, notMet: unknown) => ({ 'Fn::If': [condition, met, notMet] });
const value = (text: string | undefined, ...conditions: string[]): ConditionalValue => ({ value: text, conditions });

test.each<[string[], unknown]>([
  [[], 'a'],
  [['Big'], choice('Big', 'a', NO_VALUE)],
  [['!Big'], choice('Big', NO_VALUE, 'a')],
  [['Big', 'New'], choice('Big', choice('New', 'a', NO_VALUE), NO_VALUE)],
])('a value under the conditions %j', (conditions, expected) => {
  expect(whenConditions('a', conditions)).toEqual(expected);
});

test.each<[string, ConditionalValue[], unknown]>([
  ['no value', [], undefined],
  ['a value', [{ value: 'a' }], 'a'],
  ['a value that is missing', [{ value: undefined }], undefined],
  ['a value under a condition', [value('a', 'Big')], choice('Big', 'a', NO_VALUE)],
  ['a value if a condition is not met', [value('a', '!Big')], choice('Big', NO_VALUE, 'a')],
  ['two values', [value('a', 'Big'), value('b', '!Big')], choice('Big', 'a', 'b')],
  ['two values in another order', [value('b', '!Big'), value('a', 'Big')], choice('Big', 'a', 'b')],
  ['a value that is missing in one case', [value(undefined, 'Big'), value('b', '!Big')], choice('Big', NO_VALUE, 'b')],
  [
    'a value that is missing in the other case',
    [value('a', 'Big'), value(undefined, '!Big')],
    choice('Big', 'a', NO_VALUE),
  ],
  ['a value that is missing in both cases', [value(undefined, 'Big'), value(undefined, '!Big')], undefined],
  [
    'three values',
    [value('a', 'Big', 'New'), value('b', 'Big', '!New'), value('c', '!Big')],
    choice('Big', choice('New', 'a', 'b'), 'c'),
  ],
])('%s of several', (_, values, expected) => {
  expect(oneOf(values)).toEqual(expected);
});
