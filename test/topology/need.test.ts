import * as fc from 'fast-check';
import { Json, canonical } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';
import { Need, fingerprintOf } from '../../src/topology/need';
import { randomCases } from '../support/random-cases';

const anyText = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('shop', '"shop"', '["shop"]', 'a,b', 'null'));
const anyTexts = fc.uniqueArray(anyText, { maxLength: 4 });
const anyFilter = fc.oneof(
  anyText.map((text): Json => text),
  fc.integer({ min: 0, max: 9 }).map((number): Json => number),
  anyText.map((prefix): Json => ({ prefix })),
  fc.tuple(fc.integer({ max: 9 }), fc.integer({ max: 9 })).map(([a, b]): Json => ({ numeric: ['>', a, '<', b] })),
  anyTexts.map((texts): Json => ({ 'anything-but': texts })),
);
const anyPattern = fc.dictionary(
  fc.constantFrom('source', 'detail-type', 'account'),
  fc.uniqueArray(anyFilter, { minLength: 1, maxLength: 4, selector: canonical }),
);
const anyEvent = fc.record({ source: anyText, detailType: anyText }, { requiredKeys: [] });
const anyNeed: fc.Arbitrary<Need> = fc.record(
  {
    principal: anyText,
    action: fc.constantFrom('events:PutEvents', 'sqs:SendMessage'),
    resource: anyText,
    source: anyText,
    rule: anyText,
    events: fc.uniqueArray(anyEvent, { minLength: 1, maxLength: 3, selector: canonical }),
    eventPattern: anyPattern,
    targets: fc.uniqueArray(anyText, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['principal', 'action', 'resource'] },
);
const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, key === 'numeric' ? member : reversed(member)]);
  return Object.fromEntries(entries.reverse());
};

describe('the fingerprint of what is needed', () => {
  test('is 6 hexadecimal digits, and the same for the same content in any order', () => {
    fc.assert(
      fc.property(anyNeed, (need) => {
        const fingerprint = fingerprintOf(need);
        expect(fingerprint).toMatch(/^[0-9a-f]{6}$/);
        const other = reversed(need as unknown as Json) as unknown as Need;
        expect(fingerprintOf(other)).toBe(fingerprint);
        expect(fingerprintOf({ ...need, statement: { Effect: 'Allow' } })).toBe(fingerprint);
        const duplicates = {
          ...need,
          ...(need.events && { events: [...need.events, ...need.events] }),
          ...(need.targets && { targets: [...need.targets, ...need.targets] }),
        };
        expect(fingerprintOf(duplicates)).toBe(fingerprint);
      }),
      randomCases(2_000),
    );
  });

  test('is the same after the need is written to a file and read again', () => {
    const keys = ['source', 'rule', 'events', 'eventPattern', 'targets'];
    fc.assert(
      fc.property(anyNeed, fc.subarray(keys), (need, omitted) => {
        const withUndefined = { ...need, ...Object.fromEntries(omitted.map((key) => [key, undefined])) } as Need;
        const read = JSON.parse(JSON.stringify(withUndefined)) as Need;
        expect(fingerprintOf(withUndefined)).toBe(fingerprintOf(read));
      }),
      randomCases(1_000),
    );
  });

  test('differs for different content', () => {
    const textOf = (need: Need) => canonical(sortedLists(need as unknown as Json));
    fc.assert(
      fc.property(anyNeed, anyNeed, (one, other) => {
        fc.pre(textOf(one) !== textOf(other));
        expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
      }),
      randomCases(2_000),
    );
    const range = (...numeric: Json[]): Need => ({
      ...{ principal: 'a', action: 'b', resource: 'c' },
      eventPattern: { detail: { total: [{ numeric }] } },
    });
    expect(fingerprintOf(range('>', 1, '<', 2))).not.toBe(fingerprintOf(range('<', 1, '>', 2)));
    // Needs that differ in one part only.
    const part = fc.constantFrom('principal', 'action', 'resource', 'source', 'rule');
    fc.assert(
      fc.property(anyNeed, part, anyText, (need, key, text) => {
        const other = { ...need, [key]: text };
        fc.pre(textOf(need) !== textOf(other));
        expect(fingerprintOf(need)).not.toBe(fingerprintOf(other));
      }),
      randomCases(2_000),
    );
  });

  test('does not depend on the path of the app in paths of constructs', () => {
    const path = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(anyNeed, path, path, (need, app, stack) => {
        const role = (...ids: string[]) => ({ ...need, principal: unresolved(`RoleName of ${ids.join('/')}`) });
        expect(fingerprintOf(role(app, stack, 'Role'), app)).toBe(fingerprintOf(role(stack, 'Role')));
      }),
      randomCases(1_000),
    );
  });

  test('of names is the same in any order, and differs for other names', () => {
    fc.assert(
      fc.property(anyTexts, anyTexts, (one, other) => {
        expect(fingerprintOf([...one].reverse())).toBe(fingerprintOf(one));
        fc.pre(canonical([...one].sort()) !== canonical([...other].sort()));
        expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
      }),
      randomCases(1_000),
    );
  });
});

/** The content with its lists in one order, without duplicates. */
function sortedLists(value: Json): Json {
  if (Array.isArray(value)) return [...new Set(value.map((one) => canonical(sortedLists(one))))].sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === 'numeric' ? member : sortedLists(member)]),
  );
}
