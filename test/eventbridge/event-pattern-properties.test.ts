import * as fc from 'fast-check';
import { EventEnvelope, matches } from '../../src/eventbridge/event-pattern';
import { patternFault } from '../../src/eventbridge/pattern-validation';
import { Json, isObject } from '../../src/iam/statement';
import { Ternary, not } from '../../src/iam/ternary';
import { unresolved } from '../../src/iam/unresolved-text';
import { randomCases } from '../support/random-cases';
import { anyEvent, anyPattern } from '../support/random-events';

type Fields = { readonly [field: string]: Json };

/** Whether a whole event matches a pattern, restated; undefined where AWS does not document it. */
function isMatch(pattern: Fields, event: Fields): Ternary {
  const results = Object.entries(pattern).map(([field, filters]): Ternary => {
    const value = Object.keys(event).includes(field) ? event[field] : undefined;
    if (field === '$or') return anyOf((filters as Fields[]).map((alternative) => isMatch(alternative, event)));
    if (Array.isArray(filters)) return anyOf(filters.map((filter) => isValueMatch(filter, value)));
    return isMatch(filters as Fields, isObject(value) ? value : {});
  });
  return not(anyOf(results.map(not)));
}

function anyOf(results: Ternary[]): Ternary {
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

function isValueMatch(filter: Json, value: Json | undefined): Ternary {
  const exists = isObject(filter) ? filter.exists : undefined;
  if (exists !== undefined) {
    return Array.isArray(value) && value.length === 0 ? undefined : (value !== undefined) === exists;
  }
  if (value === undefined) return false;
  const values = Array.isArray(value) ? value : [value];
  const results = values.map((one) => isScalarMatch(filter, one));
  const isExclusion = isObject(filter) && filter['anything-but'] !== undefined;
  return isExclusion && new Set(results).size > 1 ? undefined : anyOf(results);
}

function isScalarMatch(filter: Json, value: Json): Ternary {
  if (!isObject(filter)) return filter === value;
  const [[operator, operand]] = Object.entries(filter);
  if (operator === 'numeric') return typeof value === 'number' && compare(value, operand as [string, number]);
  if (operator === 'anything-but') {
    if (typeof value !== 'string') return undefined;
    return Array.isArray(operand) ? !operand.includes(value) : !value.startsWith(String((operand as Fields).prefix));
  }
  if (typeof value !== 'string') return false;
  const [text, other] = isObject(operand)
    ? [value.toUpperCase(), String(operand['equals-ignore-case']).toUpperCase()]
    : [value, String(operand)];
  switch (operator) {
    case 'prefix':
      return text.slice(0, other.length) === other;
    case 'suffix':
      return text.slice(text.length - other.length) === other;
    case 'equals-ignore-case':
      return text.toUpperCase() === other.toUpperCase();
    default:
      return isWildcardMatch(other, text);
  }
}

function compare(value: number, [operator, limit]: [string, number]): boolean {
  const order = Math.sign(value - limit);
  return { '<': order < 0, '<=': order <= 0, '=': order === 0, '>': order > 0, '>=': order >= 0 }[operator]!;
}

/** The characters from left to right. An asterisk matches none, or one more. */
function isWildcardMatch(wildcard: string, text: string): boolean {
  if (wildcard === '') return text === '';
  if (wildcard[0] === '*') {
    return isWildcardMatch(wildcard.slice(1), text) || (text !== '' && isWildcardMatch(wildcard, text.slice(1)));
  }
  const isEscaped = /^\\[*\\]/.test(wildcard);
  const character = isEscaped ? wildcard[1] : wildcard[0];
  return text[0] === character && isWildcardMatch(wildcard.slice(isEscaped ? 2 : 1), text.slice(1));
}

describe('an event pattern', () => {
  test('matches a whole event as AWS documents it', () => {
    fc.assert(
      fc.property(anyPattern, anyEvent, (pattern, event) => {
        const { detail = {}, ...envelope } = pattern;
        const inDetail = Object.entries(detail as Fields).map(([field, filters]) => ({ detail: { [field]: filters } }));
        const parts = Object.entries(envelope).map(([field, filters]) => ({ [field]: filters }));
        for (const one of [pattern, ...parts, ...inDetail]) {
          expect(matches(one, event)).toBe(isMatch(one, event as Fields));
        }
      }),
      randomCases(1_500),
    );
  });

  test('is decided for a part of an event only if the whole event is', () => {
    const fields = ['source', 'detail-type', 'resources', 'detail'] as const;
    fc.assert(
      fc.property(anyPattern, anyEvent, fc.subarray([...fields]), (pattern, event, known) => {
        const part: EventEnvelope = Object.fromEntries(known.map((field) => [field, event[field]]));
        const decided = matches(pattern, part);
        if (decided !== undefined) expect(matches(pattern, event)).toBe(decided);
      }),
      randomCases(5_000),
    );
  });

  test('is decided with a parameter only as it is for all values of the parameter', () => {
    fc.assert(
      fc.property(anyPattern, anyEvent, fc.constantFrom('a', 'b', 'ab', ''), (pattern, event, value) => {
        const template = JSON.parse(JSON.stringify(pattern).replace(/"ab"/g, `"${unresolved('parameter P')}"`));
        const deployed = JSON.parse(JSON.stringify(template).split(unresolved('parameter P')).join(value));
        const decided = matches(template, event);
        if (decided !== undefined) expect(matches(deployed, event)).toBe(decided);
      }),
      randomCases(5_000),
    );
  });

  test('that matches an event has no fault', () => {
    fc.assert(
      fc.property(anyPattern, anyEvent, (pattern, event) => {
        if (matches(pattern, event)) expect(patternFault(pattern)).toBeUndefined();
      }),
      randomCases(5_000),
    );
  });
});
