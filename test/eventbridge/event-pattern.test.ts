import { matches } from '../../src/eventbridge/event-pattern';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';

const EVENT = { source: 'com.example.shop', 'detail-type': 'OrderPlaced', account: '111111111111' };

describe('a pattern matches an event', () => {
  test.each<[string, Json, boolean | undefined]>([
    ['by a value', { source: ['com.example.shop'] }, true],
    ['by one of its values', { source: ['other', 'com.example.shop'] }, true],
    ['unless the value is another', { source: ['other'] }, false],
    ['in all its fields', { source: ['com.example.shop'], 'detail-type': ['OrderPlaced'] }, true],
    ['unless one field is another', { source: ['com.example.shop'], 'detail-type': ['Other'] }, false],
    ['by prefix', { source: [{ prefix: 'com.example.' }] }, true],
    ['unless the prefix is another', { source: [{ prefix: 'org.' }] }, false],
    ['by suffix', { source: [{ suffix: '.shop' }] }, true],
    ['by whatever case', { source: [{ 'equals-ignore-case': 'COM.example.SHOP' }] }, true],
    ['by being there', { source: [{ exists: true }] }, true],
    ['unless the field must not be there', { source: [{ exists: false }] }, false],
    ['by not being another', { account: [{ 'anything-but': '222222222222' }] }, true],
    ['by not being one of others', { account: [{ 'anything-but': ['222222222222', '333333333333'] }] }, true],
    ['unless it is what it must not be', { account: [{ 'anything-but': ['111111111111'] }] }, false],
    ['by a value and not by a wildcard in it', { account: ['*'] }, false],
    ['unless the value is no text', { source: [null] }, false],
    ['perhaps, by what is known at deployment', { source: [unresolved('parameter Source')] }, undefined],
    ['perhaps, by its detail', { source: ['com.example.shop'], detail: { total: [{ numeric: ['>', 3] }] } }, undefined],
    ['perhaps, by an operator that is not known here', { source: [{ wildcard: 'com.*.shop' }] }, undefined],
    ['perhaps, by a nested operator', { source: [{ 'anything-but': { prefix: 'org.' } }] }, undefined],
    ['not, when another field fails for certain', { account: ['2'], detail: { total: [3] } }, false],
    ['perhaps, when it is no pattern', 'com.example', undefined],
    ['perhaps, when a field has no list', { source: 'com.example.shop' }, undefined],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, EVENT)).toBe(expected);
  });

  test('perhaps, when the event does not tell', () => {
    expect(matches({ source: ['com.example.shop'] }, {})).toBeUndefined();
    expect(matches({ source: ['com.example.shop'] }, { source: unresolved('parameter Source') })).toBeUndefined();
  });
});
