import { groupedBy } from '../../src/util/group-by';

test('values are grouped in their order', () => {
  expect([...groupedBy(['b1', 'a1', 'b2', 'a2'], ([key]) => key)]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1', 'a2']],
  ]);
});
