import { Ternary, every, not, some } from '../../src/iam/ternary';

const identity = (value: Ternary) => value;

test.each<[Ternary[], Ternary, Ternary]>([
  [[], false, true],
  [[true], true, true],
  [[false], false, false],
  [[undefined], undefined, undefined],
  [[true, false], true, false],
  [[undefined, true], true, undefined],
  [[undefined, false], undefined, false],
  [[false, undefined, true], true, false],
])('of %j, some is %j and every is %j', (values, one, all) => {
  expect([some(values, identity), every(values, identity)]).toEqual([one, all]);
});

test('the negation of unknown is unknown', () => {
  expect([true, false, undefined].map(not)).toEqual([false, true, undefined]);
});
