import { memoize, memoizeByObject, once } from '../../src/util/memoize';

test('a memoized function computes each result once, also an undefined one', () => {
  const compute = jest.fn((key: string) => (key === 'a' ? undefined : key));
  const memoized = memoize(compute);
  expect(['a', 'b', 'a', 'b'].map(memoized)).toEqual([undefined, 'b', undefined, 'b']);
  expect(compute).toHaveBeenCalledTimes(2);
});

test('a function that is memoized by object distinguishes equal objects', () => {
  const compute = jest.fn((key: object) => Object.keys(key).length);
  const memoized = memoizeByObject(compute);
  const [first, second] = [{ a: 1 }, { a: 1 }];
  expect([first, second, first].map(memoized)).toEqual([1, 1, 1]);
  expect(compute).toHaveBeenCalledTimes(2);
});

test('a value that is needed once is computed once, also an undefined one, and not before', () => {
  const compute = jest.fn(() => undefined);
  const value = once(compute);
  expect(compute).not.toHaveBeenCalled();
  expect([value(), value()]).toEqual([undefined, undefined]);
  expect(compute).toHaveBeenCalledTimes(1);
});
