import { literalWildcard, patternFault } from '../../src/eventbridge/pattern-validation';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';
import { expectMessage } from '../support/messages';

const FIELDS = ['version', 'id', 'detail-type', 'source', 'time', 'resources', 'replay-name'];

describe('a pattern matches no event', () => {
  test.each<[string, Json]>([
    ['because it is not an object', 'com.shop'],
    ['because of an empty list', { source: [] }],
    ['because of a value instead of a list', { source: 'com.shop' }],
    ['because of a number in a string field', { account: [111111111111] }],
    ['because of an exact match with *', { source: ['*'] }],
    ['because of an invalid account', { account: ['1111'] }],
    ['because of an invalid Region', { region: ['europe'] }],
    ['because of a field by the name of the CDK', { source: ['com.shop'], detailType: ['Order'] }],
    ['because of a field in another case', { Source: ['com.shop'] }],
    ['because of a misspelled field', { details: { kind: ['Order'] } }],
    ['because of a field of the content', { orderId: [{ exists: true }] }],
    ['because of an unknown field in each alternative', { $or: [{ details: { a: ['1'] } }, { sources: ['a'] }] }],
    ['because of no alternative', { $or: [] }],
    ['because of a nested field', { detail: { total: [] } }],
  ])('%s', (_, pattern) => {
    expectMessage(patternFault(pattern)!);
  });

  test.each<[string, Json]>([
    ['one of several values', { account: ['1111', '111111111111'] }],
    ['an unresolved value', { account: [unresolved('parameter Account')] }],
    ['an unresolved pattern', unresolved('parameter Pattern')],
    ['a filter', { account: ['1111', { prefix: '1' }] }],
    ['a list of patterns', { $or: [{ source: ['com.shop'] }] }],
    ['each field of an event', Object.fromEntries(FIELDS.map((field) => [field, [{ exists: true }]]))],
    ['an unknown field that must not exist', { details: [{ exists: false }] }],
    ['a nested unknown field that must not exist', { details: { kind: [{ exists: false }] } }],
    ['an unknown field in one alternative', { $or: [{ details: { a: ['1'] } }, { source: ['a'] }] }],
    ['fields of the detail that are called like fields of the event', { detail: { account: ['x'], region: [1] } }],
    ['alternatives in the detail', { detail: { $or: [{ account: ['*'] }, { detailType: ['x'] }] } }],
    ['a number in the detail', { detail: { total: [3] } }],
  ])('except for %s', (_, pattern) => {
    expect(patternFault(pattern)).toBeUndefined();
  });
});

describe('a pattern has a literal wildcard', () => {
  test.each<[string, Json]>([
    ['in its source', { source: ['com.*'] }],
    ['in its detail type', { 'detail-type': ['Order*'] }],
  ])('%s', (_, pattern) => {
    expectMessage(literalWildcard(pattern)!.reason);
  });

  test.each<[string, Json]>([
    ['besides other values', { source: ['com.*', 'com.shop'] }],
    ['in another field', { account: ['1*'] }],
    ['in a filter', { source: [{ wildcard: 'com.*' }] }],
    ['in an empty list', { source: [] }],
    ['in text', 'com.*'],
  ])('except %s', (_, pattern) => {
    expect(literalWildcard(pattern)).toBeUndefined();
  });
});
