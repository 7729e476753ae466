import * as fc from 'fast-check';
import { EventEnvelope } from '../../src/eventbridge/event-pattern';
import { Json } from '../../src/iam/statement';

/** Event patterns and events with few different values, so that many match. */

const TEXTS = ['a', 'A', 'b', 'ab', 'ba', 'a*b', 'a\\b', ''];
const anyText = fc.constantFrom(...TEXTS);
const anyWildcard = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', '\\*', '\\\\'), { maxLength: 4 })
  .map((pieces) => pieces.join(''))
  .chain((wildcard) => fc.constantFrom(wildcard, 'a\\*b', 'a\\\\b'));
const textFilter: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  anyText.map((prefix) => ({ prefix })),
  anyText.map((suffix) => ({ suffix })),
  anyText.map((text) => ({ prefix: { 'equals-ignore-case': text } })),
  anyText.map((text) => ({ 'equals-ignore-case': text })),
  anyWildcard.map((wildcard) => ({ wildcard })),
  fc.uniqueArray(anyText, { minLength: 1, maxLength: 2 }).map((texts) => ({ 'anything-but': texts })),
  anyText.map((prefix) => ({ 'anything-but': { prefix } })),
  fc.boolean().map((exists) => ({ exists })),
);
const anyNumber = fc.constantFrom(0, 1, 2);
const scalarFilter: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: textFilter },
  anyNumber,
  fc.constantFrom(true, null),
  fc.tuple(fc.constantFrom('<', '<=', '=', '>', '>='), anyNumber).map(([operator, limit]) => ({
    numeric: [operator, limit],
  })),
);
const filters = (filter: fc.Arbitrary<Json>) => fc.array(filter, { minLength: 1, maxLength: 2 });
const detailPattern: fc.Arbitrary<Json> = fc.record(
  {
    id: filters(scalarFilter),
    toString: filters(scalarFilter),
    inner: fc.record({ id: filters(scalarFilter), name: filters(scalarFilter) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const fields = {
  source: filters(textFilter),
  'detail-type': filters(textFilter),
  resources: filters(textFilter),
  detail: detailPattern,
};
const patternOf = (filtersOf: { [field: string]: fc.Arbitrary<Json> }): fc.Arbitrary<{ [field: string]: Json }> => {
  const alternatives = fc.array(fc.record(filtersOf, { requiredKeys: [] }), { minLength: 1, maxLength: 2 });
  return fc
    .record({ ...filtersOf, $or: fc.option(alternatives, { nil: undefined, freq: 3 }) }, { requiredKeys: [] })
    .map((pattern) => JSON.parse(JSON.stringify(pattern)) as { [field: string]: Json });
};

export const anyPattern = patternOf(fields as { [field: string]: fc.Arbitrary<Json> });

/** Patterns for the source and detail type alone. */
export const anyEnvelopePattern = patternOf({
  source: filters(textFilter) as fc.Arbitrary<Json>,
  'detail-type': filters(textFilter) as fc.Arbitrary<Json>,
});

const scalar: fc.Arbitrary<Json> = fc.oneof(anyText, anyNumber, fc.constantFrom(true, null));
const scalars: fc.Arbitrary<Json> = fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 2 }));
const eventWith = (value: fc.Arbitrary<Json>): fc.Arbitrary<EventEnvelope> => {
  const inner = fc.record({ id: value, name: value }, { requiredKeys: [] });
  return fc.record({
    source: anyText,
    'detail-type': anyText,
    resources: fc.array(anyText, { minLength: 1, maxLength: 2 }),
    detail: fc.record({ id: value, toString: value, inner }, { requiredKeys: [] }),
  }) as fc.Arbitrary<EventEnvelope>;
};

/** Whole events: no field has a value that is not known. */
export const anyEvent = eventWith(scalars);

/** Events whose content has no list. */
export const anyEventWithoutLists = eventWith(scalar);
