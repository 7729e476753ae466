import { shortened } from '../../src/util/shortened';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['', 3, ''],
  ['😀😀😀', 3, '😀😀😀'],
  ['😀😀😀😀', 3, '😀😀…'],
])('%j in %d characters is %j', (text, length, expected) => {
  expect(shortened(text, length)).toBe(expected);
});
