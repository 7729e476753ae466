import { closestMatch, misspelled } from '../../src/util/edit-distance';

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
  ])('as %p is %p', (text, expected) => {
    expect(misspelled(text, ['secondHop', 'hops'])).toBe(expected);
  });
});
