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
    ['by a wildcard', { source: [{ wildcard: 'com.*.shop' }] }, true],
    ['unless the wildcard differs', { source: [{ wildcard: 'com.*.other' }] }, false],
    ['by a wildcard, not by the character that it escapes', { source: [{ wildcard: 'com.\\*.shop' }] }, false],
    ['by a prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'COM.' } }] }, true],
    ['by an excluded prefix that differs', { source: [{ 'anything-but': { prefix: 'org.' } }] }, true],
    ['unless one prefix is excluded', { source: [{ 'anything-but': { prefix: ['org.', 'com.'] } }] }, false],
    ['unless a wildcard is excluded', { source: [{ 'anything-but': { wildcard: 'com.*' } }] }, false],
    ['by one alternative', { $or: [{ source: ['other'] }, { account: ['111111111111'] }] }, true],
    ['unless no alternative matches', { $or: [{ source: ['other'] }, { account: ['222222222222'] }] }, false],
    ['perhaps, by an alternative', { $or: [{ source: ['other'] }, { detail: { total: [3] } }] }, undefined],
    ['perhaps, by an operator that is not known', { source: [{ sounds: 'shop' }] }, undefined],
    ['perhaps, by two operators in one filter', { source: [{ prefix: 'com.', suffix: '.shop' }] }, undefined],
    ['perhaps, by an operand of another type', { source: [{ prefix: 3 }] }, undefined],
    ['perhaps, by the resources of the event', { resources: ['arn:aws:s3:::orders'] }, undefined],
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

describe('a pattern matches the detail of an event', () => {
  const detail: { [field: string]: Json } = {
    total: 42,
    currency: 'EUR',
    address: '10.0.1.7',
    note: null,
    express: true,
    tags: ['new', 'gift'],
    empty: [],
    customer: { id: 'c-1', name: 'Ada' },
    items: [
      { sku: 'a', count: 1 },
      { sku: 'b', count: 2, gift: true },
    ],
  };

  test.each<[string, Json, boolean | undefined]>([
    ['by a text', { currency: ['EUR'] }, true],
    ['by a number', { total: [42] }, true],
    ['by null', { note: [null] }, true],
    ['by a Boolean', { express: [true] }, true],
    ['unless the type differs', { total: ['42'] }, false],
    ['unless the field is absent', { discount: [3] }, false],
    ['by a nested field', { customer: { id: [{ prefix: 'c-' }] } }, true],
    ['unless a nested field differs', { customer: { id: ['c-2'] } }, false],
    ['unless a nested field is absent', { customer: { email: ['x'] } }, false],
    ['unless the field that is an object must be a value', { customer: ['c-1'] }, false],
    ['by a range', { total: [{ numeric: ['>', 0, '<=', 42] }] }, true],
    ['unless the number is out of range', { total: [{ numeric: ['>', 42] }] }, false],
    ['unless a text must be in a range', { currency: [{ numeric: ['>', 0] }] }, false],
    ['by an equal number', { total: [{ numeric: ['=', 42] }] }, true],
    ['perhaps, by a comparison that is not known', { total: [{ numeric: ['~', 42] }] }, undefined],
    ['by an address', { address: [{ cidr: '10.0.0.0/16' }] }, true],
    ['unless the address differs', { address: [{ cidr: '10.1.0.0/16' }] }, false],
    ['because a field is absent', { discount: [{ exists: false }] }, true],
    ['unless an absent field must exist', { discount: [{ exists: true }] }, false],
    ['because a field exists whose value is null', { note: [{ exists: true }] }, true],
    ['because a nested field of an absent field is absent', { gift: { from: [{ exists: false }] } }, true],
    ['perhaps, because an object exists', { customer: [{ exists: true }] }, undefined],
    ['perhaps, because an empty list exists', { empty: [{ exists: false }] }, undefined],
    ['by one value of a list', { tags: ['gift'] }, true],
    ['unless no value of a list is the same', { tags: ['old'] }, false],
    ['unless a list is empty', { empty: ['old'] }, false],
    ['because all values of a list differ', { tags: [{ 'anything-but': 'old' }] }, true],
    ['perhaps, if only one value of a list is excluded', { tags: [{ 'anything-but': 'gift' }] }, undefined],
    ['perhaps, if an excluded value has another type', { total: [{ 'anything-but': ['42'] }] }, undefined],
    ['by the fields of one object in a list', { items: { sku: ['b'], count: [2] } }, true],
    ['unless no object in a list has the value', { items: { sku: ['c'] } }, false],
    ['perhaps, by fields of several objects in a list', { items: { sku: ['a'], count: [2] } }, undefined],
    ['perhaps, if some objects in a list have the field', { items: { gift: [{ exists: false }] } }, undefined],
    ['by one alternative', { $or: [{ total: [1] }, { currency: ['EUR'] }] }, true],
    ['unless no alternative matches', { customer: { $or: [{ id: ['x'] }, { name: ['y'] }] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(matches({ detail: pattern }, { ...EVENT, detail })).toBe(expected);
  });

  test('and the resources', () => {
    const resources = ['arn:aws:s3:::orders', 'arn:aws:s3:::archive'];
    expect(matches({ resources: [{ suffix: ':orders' }] }, { ...EVENT, resources })).toBe(true);
    expect(matches({ resources: [{ suffix: ':other' }] }, { ...EVENT, resources })).toBe(false);
  });
});
