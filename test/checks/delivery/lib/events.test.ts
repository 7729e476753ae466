import * as fc from 'fast-check';
import { forEvents, overlap } from '../../../../src/checks/delivery/lib/events';
import { matches } from '../../../../src/eventbridge/event-pattern';
import { Json } from '../../../../src/iam/statement';
import { expectMessage } from '../../../support/messages';
import { randomCases } from '../../../support/random-cases';
import { anyEnvelopePattern, anyEventWithoutLists, anyPattern } from '../../../support/random-events';

const events = (...sources: string[]) => sources.map((source) => ({ source }));

describe('the words for events in a finding', () => {
  test('are none for any event', () => {
    expect(forEvents([{}, {}])).toBe('');
  });

  test.each([
    ['one event', [{ source: 'com.shop', 'detail-type': 'OrderPlaced' }]],
    ['equal events', events('com.shop', 'com.shop')],
    ['more than three events', events('a', 'b', 'c', 'd', 'e')],
  ])('name %s', (_, named) => {
    expectMessage(forEvents(named));
  });
});

describe('two event patterns', () => {
  test('overlap if an event matches both', () => {
    fc.assert(
      fc.property(fc.array(anyPattern, { minLength: 9, maxLength: 9 }), anyEventWithoutLists, (patterns, event) => {
        const matching = patterns.filter((pattern) => matches(pattern, event) === true);
        for (const one of matching) for (const other of matching) expect(overlap(one, other)).not.toBe(false);
      }),
      randomCases(3_000),
    );
  });

  test('have no opposite result in the other direction', () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, (one, other) => {
        expect([overlap(one, other), overlap(other, one)].sort()).not.toEqual([false, true]);
      }),
      randomCases(3_000),
    );
  });

  test('certainly overlap only if an event matches both', () => {
    const samples = ['a', 'A', 'b', 'ab', 'ba', 'a*b', 'a\\b', ''].flatMap((source) =>
      ['a', 'A', 'b', 'ab', 'ba', 'a*b', 'a\\b', ''].map((detailType) => ({ source, 'detail-type': detailType })),
    );
    fc.assert(
      fc.property(anyEnvelopePattern, anyEnvelopePattern, (one, other) => {
        const canMatch = (...patterns: Json[]) =>
          samples.some((event) => patterns.every((pattern) => matches(pattern, event) !== false));
        if (overlap(one, other) && canMatch(one) && canMatch(other)) expect(canMatch(one, other)).toBe(true);
      }),
      randomCases(3_000),
    );
  });

  test.each<[string, Json, Json, boolean | undefined]>([
    ['with different resources', { resources: ['a'] }, { resources: ['b'] }, undefined],
    ['with different fields of one name as a method', { detail: { toString: ['a'] } }, { detail: {} }, true],
    [
      'with an alternative for a field of one name as a method',
      { detail: { $or: [{ toString: ['a'] }] } },
      { detail: { toString: ['a'] } },
      true,
    ],
    ['with alternatives that all differ', { $or: [{ source: ['a'] }, { source: ['b'] }] }, { source: ['c'] }, false],
    ['with one alternative that is the same', { source: ['c'] }, { $or: [{ source: ['a'] }, { source: ['c'] }] }, true],
    ['with two filters for one field', { source: ['a'], $or: [{ source: ['b'] }] }, { source: ['a', 'b'] }, undefined],
  ])('%s', (_, one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
  });
});
