import { Branches, negated } from '../../../src/app-model/resolve/branches';
import { Json } from '../../../src/iam/statement';

function branchesWith(choices: { readonly [placeholder: string]: [condition: string, ...Json[]] }): Branches {
  const branches = new Branches();
  for (const [name, [condition, ...values]] of Object.entries(choices)) branches.add(`‹${name}›`, condition, values);
  return branches;
}

const TWO = branchesWith({ a: ['Hub/Big', 'x', ['y']], b: ['Hub/Small', 'v', 'w'], again: ['Hub/Big', 1] });
const valuesOf = (value: Json | undefined) =>
  TWO.of(value).map((branch) => [branch.conditions.join(' '), branch.value]);

test.each<[Json | undefined, unknown[]]>([
  ['text', [['', 'text']]],
  [undefined, [['', undefined]]],
  [5, [['', 5]]],
  [null, [['', null]]],
  ['‹other›', [['', '‹other›']]],
  [
    '‹a›',
    [
      ['Hub/Big', 'x'],
      ['!Hub/Big', ['y']],
    ],
  ],
  [
    '‹again›',
    [
      ['Hub/Big', 1],
      ['!Hub/Big', undefined],
    ],
  ],
  [
    ['‹again›', 'z'],
    [
      ['Hub/Big', [1, 'z']],
      ['!Hub/Big', ['z']],
    ],
  ],
  [
    { p: '‹again›', q: 2 },
    [
      ['Hub/Big', { p: 1, q: 2 }],
      ['!Hub/Big', { q: 2 }],
    ],
  ],
  [
    ['‹a›', { p: '‹again›' }, 'in ‹a›', '‹other›', null],
    [
      ['Hub/Big', ['x', { p: 1 }, 'in x', '‹other›', null]],
      ['!Hub/Big', [['y'], {}, 'in ‹value of a›', '‹other›', null]],
    ],
  ],
  [
    'in ‹a› and ‹b›',
    [
      ['Hub/Big Hub/Small', 'in x and v'],
      ['Hub/Big !Hub/Small', 'in x and w'],
      ['!Hub/Big Hub/Small', 'in ‹value of a› and v'],
      ['!Hub/Big !Hub/Small', 'in ‹value of a› and w'],
    ],
  ],
])('%j has the branches %j', (value, expected) => {
  expect(valuesOf(value)).toStrictEqual(expected);
});

test('a choice may be in another one, and contradictory branches are left out', () => {
  const branches = branchesWith({
    outer: ['Big', '‹inner›', '‹same›'],
    inner: ['Small', 'a', 'b'],
    same: ['Big', 'never', 'c'],
  });
  expect(branches.of('‹outer›')).toEqual([
    { value: 'a', conditions: ['Big', 'Small'] },
    { value: 'b', conditions: ['Big', '!Small'] },
    { value: 'c', conditions: ['!Big'] },
  ]);
});

test('only the first four conditions are followed', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const branches = branchesWith(Object.fromEntries(names.map((name) => [name, [name.toUpperCase(), '1', '0']])));
  const all = branches.of(names.map((name) => `‹${name}›`).join(' '));
  expect(all).toHaveLength(16);
  expect(all[0]).toEqual({ value: '1 1 1 1 ‹e›', conditions: ['A', 'B', 'C', 'D'] });
});

test('without choices, a value is its only branch', () => {
  expect(new Branches().of('‹a›')).toEqual([{ value: '‹a›', conditions: [] }]);
});

test.each([
  ['Big', '!Big'],
  ['!Big', 'Big'],
])('the condition %s is negated: %s', (condition, expected) => {
  expect(negated(condition)).toBe(expected);
});
