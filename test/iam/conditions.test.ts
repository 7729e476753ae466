import { Conditions, entriesOf, forAllValues, isEventKey, mergeConditions } from '../../src/iam/conditions';
import { DECISIONS, Decision, allOf, anyOf, byDecision } from '../../src/iam/decision';
import { principalArnsIn } from '../../src/iam/principal-arns';
import { Json } from '../../src/iam/statement';
import { errorOf, expectMessage } from '../support/messages';

describe('conditions for all values', () => {
  test('require each key, with its values sorted and once', () => {
    const values = { 'events:source': ['b', 'a', 'b'], 'events:detail-type': ['x'], 'events:other': undefined };
    expect(forAllValues('StringEquals', values)).toEqual({
      'ForAllValues:StringEquals': { 'events:source': ['a', 'b'], 'events:detail-type': 'x' },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    });
  });

  test('are none without values', () => {
    expect(forAllValues('StringEquals', { 'events:source': undefined })).toEqual({});
  });
});

describe('merged conditions', () => {
  const account: Conditions = { StringEquals: { 'aws:SourceAccount': ['1', '2'] } };

  test('must all match', () => {
    expect(
      mergeConditions(account, { StringEquals: { 'events:source': 'a' }, Bool: { 'aws:ViaAWSService': 'true' } }),
    ).toEqual({
      StringEquals: { 'aws:SourceAccount': ['1', '2'], 'events:source': 'a' },
      Bool: { 'aws:ViaAWSService': 'true' },
    });
  });

  test('can have the same values of a key', () => {
    expect(mergeConditions(account, { StringEquals: { 'aws:SourceAccount': ['1', '2'] } })).toEqual(account);
  });

  test('fails for different values of a key', () => {
    expectMessage(errorOf(() => mergeConditions(account, { StringEquals: { 'aws:SourceAccount': '1' } })));
  });
});

test.each([
  ['events:source', true],
  ['EVENTS:Source', true],
  ['events:detail-type', true],
  ['events:sources', false],
  ['myevents:source', false],
  ['events:detail', false],
])('%s is a key of the event: %s', (key, expected) => {
  expect(isEventKey(key)).toBe(expected);
});

test('the entries of a condition are its keys, without operators that have none', () => {
  const condition: Json = { StringEquals: { a: '1', b: ['2', '3'] }, Bool: 'true', Null: ['a'], StringLike: { c: 4 } };
  expect(entriesOf(condition)).toEqual([
    { operator: 'StringEquals', key: 'a', values: ['1'] },
    { operator: 'StringEquals', key: 'b', values: ['2', '3'] },
    { operator: 'StringLike', key: 'c', values: ['4'] },
  ]);
  expect([undefined, 'a', ['a']].map(entriesOf)).toEqual([[], [], []]);
});

describe('decisions', () => {
  test.each<[Decision[], Decision, Decision]>([
    [[], 'allowed', 'denied'],
    [['allowed'], 'allowed', 'allowed'],
    [['unknown'], 'unknown', 'unknown'],
    [['allowed', 'unknown'], 'unknown', 'allowed'],
    [['unknown', 'denied', 'allowed'], 'denied', 'allowed'],
    [['denied', 'unknown'], 'denied', 'unknown'],
    [['denied', 'denied'], 'denied', 'denied'],
  ])('%j are %s together, and %s if one is enough', (decisions, all, any) => {
    expect([allOf(decisions), anyOf(decisions)]).toEqual([all, any]);
  });

  test('are sorted', () => {
    const decisions: Decision[] = ['denied', 'allowed', 'unknown', 'allowed'];
    const sorted = decisions.map((decision) => ({ decision })).sort(byDecision);
    expect(sorted.map(({ decision }) => decision)).toEqual(['allowed', 'allowed', 'unknown', 'denied']);
    expect(DECISIONS).toEqual(['allowed', 'unknown', 'denied']);
  });
});

describe('the principals that a statement names', () => {
  test('are its own', () => {
    const Principal = { AWS: ['arn:aws:iam::1:role/a', '2'], Service: 'events.amazonaws.com' };
    expect(principalArnsIn({ Principal })).toEqual([
      { arn: 'arn:aws:iam::1:role/a', isPrincipal: true },
      { arn: '2', isPrincipal: true },
    ]);
  });

  test.each(['ArnEquals', 'ArnLike', 'StringEquals', 'stringlike'])('are those of %s', (operator) => {
    const Condition = { [operator]: { 'AWS:principalARN': ['a', 'b*'], 'aws:SourceArn': 'c' } };
    expect(principalArnsIn({ Principal: '*', Condition })).toEqual([
      { arn: 'a', isPrincipal: false },
      { arn: 'b*', isPrincipal: false },
    ]);
  });

  test.each(['ArnNotEquals', 'ArnLikeIfExists', 'ForAnyValue:ArnLike', 'ForAllValues:ArnLike', 'Null'])(
    'are not those of %s',
    (operator) => {
      expect(principalArnsIn({ Principal: '*', Condition: { [operator]: { 'aws:PrincipalArn': 'a' } } })).toEqual([]);
    },
  );

  test('are none of a text', () => {
    expect(principalArnsIn('a')).toEqual([]);
  });
});
