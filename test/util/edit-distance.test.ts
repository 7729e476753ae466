import { closestMatch, editDistance, misspelled } from '../../src/util/edit-distance';

describe('the closest name', () => {
  test.each([
    ['secondhop', 'secondHop'],
    ['secondHops', 'secondHop'],
    ['scondHop', 'secondHop'],
    ['targetRole', 'targetRole'],
    ['targetRegoin', 'targetRegion'],
    ['ruleRefusd', 'ruleRefused'],
    ['', 'secondHop'],
  ])('to %p is %p', (text, expected) => {
    expect(closestMatch(text, ['secondHop', 'targetRole', 'targetRegion', 'ruleRefused'])).toBe(expected);
  });

  test('is the first of equally close names', () => {
    expect(closestMatch('ac', ['ab', 'aa'])).toBe('ab');
  });

  test('is undefined without names', () => {
    expect(closestMatch('a', [])).toBeUndefined();
  });
});

describe('the name that is misspelled', () => {
  test.each([
    ['scondHop', 'secondHop'],
    ['SECONDHOPS', 'secondHop'],
    ['secondHopsss', undefined],
    ['a', undefined],
    ['hop', undefined],
    ['hosp', 'hops'],
    ['secondHoppp', 'secondHop'],
  ])('as %p is %p', (text, expected) => {
    expect(misspelled(text, ['secondHop', 'hops'])).toBe(expected);
  });
});

test('no name is misspelled if there is none', () => {
  expect(misspelled('secondHop', [])).toBeUndefined();
});

test.each([
  ['', '', 0],
  ['', 'ab', 2],
  ['ab', '', 2],
  ['ab', 'ab', 0],
  ['ab', 'ba', 1],
  ['abc', 'acb', 1],
  ['abc', 'cab', 2],
  ['ab', 'cd', 2],
  ['aab', 'aba', 1],
  ['abcd', 'badc', 2],
  ['axb', 'bya', 3],
  ['abx', 'bay', 2],
  ['xab', 'yca', 3],
  ['aa', 'a', 1],
  ['ca', 'abc', 3],
])('%j and %j differ by %d', (from, to, distance) => {
  expect([editDistance(from, to), editDistance(to, from)]).toEqual([distance, distance]);
});
