import { Json, getOwn, isObject } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';
import { editDistance } from '../util/edit-distance';

/**
 * Why an event pattern matches no event, as far as the pattern alone decides that.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function patternFault(pattern: Json): string | undefined {
  if (pattern === null || (typeof pattern === 'string' && hasUnresolved(pattern))) return undefined;
  if (!isObject(pattern)) return `it must be an object with fields, not ${JSON.stringify(pattern)}`;
  return firstFault(pattern, envelopeFault);
}

/** The fault of a field, if there is one. */
type FieldFault = (field: string, filters: Json) => string | undefined;

function firstFault(pattern: { readonly [field: string]: Json }, faultOf: FieldFault): string | undefined {
  for (const [field, filters] of Object.entries(pattern)) {
    const fault = field === '$or' ? alternativesFault(filters, faultOf) : faultOf(field, filters);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The fault of the first alternative, if no alternative matches an event. */
function alternativesFault(alternatives: Json, faultOf: FieldFault): string | undefined {
  if (!Array.isArray(alternatives)) return undefined;
  if (alternatives.length === 0) return "'$or' is an empty list, which matches no value";
  const faults = alternatives.map((pattern) => (isObject(pattern) ? firstFault(pattern, faultOf) : undefined));
  return faults.every((fault) => fault !== undefined) ? faults[0] : undefined;
}

/**
 * The fields of an event; `replay-name` is in events that an archive replays.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
const EVENT_FIELDS = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
  'replay-name',
];

function envelopeFault(field: string, filters: Json): string | undefined {
  return unknownFieldFault(field, filters) ?? nestedFault(field, filters) ?? envelopeValueFault(field, filters);
}

function unknownFieldFault(field: string, filters: Json): string | undefined {
  if (EVENT_FIELDS.includes(field) || field.startsWith('$') || hasUnresolved(field)) return undefined;
  if (mayMatchAbsentField(filters)) return undefined;
  const intended = EVENT_FIELDS.find((name) => editDistance(plainName(name), plainName(field)) <= 1);
  const hint = intended === undefined ? "fields of the content are in 'detail'" : `the field is '${intended}'`;
  return `events have no field '${field}' (${hint})`;
}

function plainName(field: string): string {
  return field.replace(/[-_ ]/g, '').toLowerCase();
}

function mayMatchAbsentField(filters: Json): boolean {
  if (Array.isArray(filters)) return filters.some((filter) => isObject(filter) && filter.exists === false);
  if (isObject(filters)) return Object.values(filters).every(mayMatchAbsentField);
  return hasUnresolved(JSON.stringify(filters));
}

/** Fields of the envelope whose values have a fixed format. */
const FIELD_FORMATS: { readonly [field: string]: { readonly format: RegExp; readonly description: string } } = {
  account: { format: /^\d{12}$/, description: 'a 12-digit account ID' },
  region: { format: /^[a-z]{2}(-[a-z]+)+-\d$/, description: 'the name of a Region' },
};

/** Fields of the envelope that are strings. */
const STRING_FIELDS = ['source', 'detail-type', 'account', 'region'];

/** The fault of a field of the envelope whose values are in a list. */
function envelopeValueFault(field: string, filters: Json): string | undefined {
  return Array.isArray(filters) ? (typeFault(field, filters) ?? valueFault(field, filters)) : undefined;
}

/** The fault of a field at any depth: its type, an empty list, or the fault of a field within it. */
function nestedFault(field: string, filters: Json): string | undefined {
  if (Array.isArray(filters) && filters.length === 0) return `'${field}' is an empty list, which matches no value`;
  if (field.startsWith('$') || Array.isArray(filters)) return undefined;
  if (isObject(filters)) return firstFault(filters, nestedFault);
  if (hasUnresolved(JSON.stringify(filters))) return undefined;
  return `'${field}' must be a list of values, not ${JSON.stringify(filters)}`;
}

function typeFault(field: string, filters: Json[]): string | undefined {
  if (!STRING_FIELDS.includes(field)) return undefined;
  if (!filters.every((filter) => typeof filter === 'number' || typeof filter === 'boolean')) return undefined;
  return `'${field}' is always a string, never ${JSON.stringify(filters[0])} (quote the value)`;
}

function valueFault(field: string, filters: Json[]): string | undefined {
  const values = filters.filter((filter): filter is string => typeof filter === 'string');
  if (values.length < filters.length) return undefined;
  if (STRING_FIELDS.includes(field) && values.every((value) => value === '*')) {
    const alternative = "for any value, leave the field out or use { 'wildcard': '…' }";
    return `'${field}' matches only the literal value '*' (${alternative})`;
  }
  const known = getOwn(FIELD_FORMATS, field);
  const isWrong = (value: string) => !hasUnresolved(value) && !known!.format.test(value);
  return known && values.every(isWrong) ? `'${field}' is always ${known.description}, never '${values[0]}'` : undefined;
}

/** A value of a pattern that looks like a wildcard, and what it matches. */
export interface LiteralWildcard {
  readonly value: string;
  readonly reason: string;
}

/**
 * A reason to warn of a pattern whose source or detail type looks like a wildcard, but is an exact match. No AWS
 * service has such a value, but custom publishers can.
 */
export function literalWildcard(pattern: Json): LiteralWildcard | undefined {
  if (!isObject(pattern)) return undefined;
  for (const field of ['source', 'detail-type']) {
    const filters = pattern[field];
    if (!Array.isArray(filters) || filters.length === 0) continue;
    if (filters.every((filter) => typeof filter === 'string' && filter.includes('*'))) {
      const value = filters[0] as string;
      return {
        value,
        reason: `'${field}' matches only the literal value '${value}', because '*' is not a wildcard there`,
      };
    }
  }
  return undefined;
}
