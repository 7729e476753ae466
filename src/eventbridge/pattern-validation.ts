import { Json, getOwn, isObject } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * Why an event pattern matches no event, as far as the pattern alone decides that.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function patternFault(pattern: Json): string | undefined {
  if (pattern === null || (typeof pattern === 'string' && hasUnresolved(pattern))) return undefined;
  if (!isObject(pattern)) return `it must be an object with fields, not ${JSON.stringify(pattern)}`;
  for (const [field, filters] of Object.entries(pattern)) {
    const fault = fieldFault(field, filters);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Fields of the envelope whose values have a fixed format. */
const FIELD_FORMATS: { readonly [field: string]: { readonly format: RegExp; readonly description: string } } = {
  account: { format: /^\d{12}$/, description: 'a 12-digit account id' },
  region: { format: /^[a-z]{2}(-[a-z]+)+-\d$/, description: 'the name of a Region' },
};

/** Fields of the envelope that are strings. */
const STRING_FIELDS = ['source', 'detail-type', 'account', 'region'];

function fieldFault(field: string, filters: Json): string | undefined {
  if (Array.isArray(filters) && filters.length === 0) return `'${field}' is an empty list, which matches no value`;
  if (field.startsWith('$')) return undefined;
  if (isObject(filters)) return patternFault(filters);
  if (!Array.isArray(filters)) {
    if (hasUnresolved(JSON.stringify(filters))) return undefined;
    return `'${field}' must be a list of values, not ${JSON.stringify(filters)}`;
  }
  return typeFault(field, filters) ?? valueFault(field, filters);
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

/**
 * A reason to warn of a pattern whose source or detail type looks like a wildcard, but is an exact match. No AWS
 * service has such a value, but custom publishers can.
 */
export function literalWildcard(pattern: Json): string | undefined {
  if (!isObject(pattern)) return undefined;
  for (const field of ['source', 'detail-type']) {
    const filters = pattern[field];
    if (!Array.isArray(filters) || filters.length === 0) continue;
    if (filters.every((filter) => typeof filter === 'string' && filter.includes('*'))) {
      return `'${field}' matches only the literal value '${filters[0] as string}', because '*' is not a wildcard there`;
    }
  }
  return undefined;
}
