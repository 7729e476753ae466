import { matches } from '../../src/eventbridge/event-pattern';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';

const EVENT = { source: 'com.example.shop', 'detail-type': 'OrderPlaced', account: '111111111111' };

describe('a pattern matches an event', () => {
  test.each<[string, Json, boolean | undefined]>([
    ['by a value', { source: ['com.example.shop'] }, true],
    ['by one of its values', { source: ['other', 'com.example.shop'] }, true],
    ['unless the value differs', { source: ['other'] }, false],
    ['in all its fields', { source: ['com.example.shop'], 'detail-type': ['OrderPlaced'] }, true],
    ['unless one field differs', { source: ['com.example.shop'], 'detail-type': ['Other'] }, false],
    ['by prefix', { source: [{ prefix: 'com.example.' }] }, true],
    ['unless the prefix differs', { source: [{ prefix: 'org.' }] }, false],
    ['by suffix', { source: [{ suffix: '.shop' }] }, true],
    ['in any case', { source: [{ 'equals-ignore-case': 'COM.example.SHOP' }] }, true],
    ['because the field exists', { source: [{ exists: true }] }, true],
    ['unless the field must not exist', { source: [{ exists: false }] }, false],
    ['by an excluded value that differs', { account: [{ 'anything-but': '222222222222' }] }, true],
    [
      'by several excluded values that differ',
      { account: [{ 'anything-but': ['222222222222', '333333333333'] }] },
      true,
    ],
    ['unless the value is excluded', { account: [{ 'anything-but': ['111111111111'] }] }, false],
    ['by an exact value, not by a wildcard in it', { account: ['*'] }, false],
    ['unless the value is not a string', { source: [null] }, false],
    ['perhaps, by an unresolved value', { source: [unresolved('parameter Source')] }, undefined],
    [
      'perhaps, by the detail of the event',
      { source: ['com.example.shop'], detail: { total: [{ numeric: ['>', 3] }] } },
      undefined,
    ],
    ['perhaps, by an operator that is not evaluated', { source: [{ wildcard: 'com.*.shop' }] }, undefined],
    ['perhaps, by a nested operator', { source: [{ 'anything-but': { prefix: 'org.' } }] }, undefined],
    ['not, if another field differs', { account: ['2'], detail: { total: [3] } }, false],
    ['perhaps, if the pattern is invalid', 'com.example', undefined],
    ['perhaps, if a field has no list', { source: 'com.example.shop' }, undefined],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, EVENT)).toBe(expected);
  });

  test('perhaps, if the field of the event is unknown', () => {
    expect(matches({ source: ['com.example.shop'] }, {})).toBeUndefined();
    expect(matches({ source: ['com.example.shop'] }, { source: unresolved('parameter Source') })).toBeUndefined();
  });
});
