import { matchesFilter } from './pattern-filters';
import { Json, getOwn, isObject } from '../iam/statement';
import { Ternary, every, some } from '../iam/ternary';

/** The fields of an event that are known before it is published. */
export interface EventEnvelope {
  readonly source?: string;
  readonly 'detail-type'?: string;
  readonly account?: string;
  /** The ARNs of what the event is about. */
  readonly resources?: string[];
  /** The whole content of the event: it has no other fields. */
  readonly detail?: { [field: string]: Json };
}

/** The fields of a pattern, with their filters. */
interface FieldFilters {
  readonly [field: string]: Json;
}

/**
 * Whether an event pattern matches an event. Unknown if it depends on fields that are not known, or if AWS does not
 * document it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Json, event: EventEnvelope): Ternary {
  if (!isObject(pattern)) return undefined;
  const fields: { readonly [field: string]: Json | undefined } = { ...event };
  return everyField(pattern, (field, filters) => {
    const value = getOwn(fields, field);
    return value === undefined ? undefined : matchField(filters, value);
  });
}

/** Whether all fields of a pattern match, or those of one alternative. */
function everyField(pattern: FieldFilters, matchesField: (field: string, filters: Json) => Ternary): Ternary {
  return every(Object.entries(pattern), ([field, filters]) =>
    field === '$or' && Array.isArray(filters)
      ? some(filters, (alternative) => (isObject(alternative) ? everyField(alternative, matchesField) : undefined))
      : matchesField(field, filters),
  );
}

/** @param value undefined if the event does not have the field */
function matchField(filters: Json, value: Json | undefined): Ternary {
  if (Array.isArray(filters)) return some(filters, (filter) => matchesFilter(filter, value));
  if (!isObject(filters)) return undefined;
  return Array.isArray(value) && value.length > 0 ? matchElements(filters, value) : matchObject(filters, value);
}

function matchObject(pattern: FieldFilters, value: Json | undefined): Ternary {
  const fields = isObject(value) ? value : {};
  return everyField(pattern, (field, filters) => matchField(filters, getOwn(fields, field)));
}

/**
 * Whether a pattern matches one of several objects. AWS does not document whether all of its fields must match in the
 * same object, nor when a field does not exist that only some of them have.
 */
function matchElements(pattern: FieldFilters, elements: Json[]): Ternary {
  const results = elements.map((element) => matchObject(pattern, element));
  const isSameForAll = new Set(results).size === 1;
  if (!isSameForAll && JSON.stringify(pattern).includes('"exists":false')) return undefined;
  const isMatch = some(results, (result) => result);
  if (isMatch !== false) return isMatch;
  const isMatchInPieces = everyField(pattern, (field, filters) =>
    some(elements, (element) => matchObject({ [field]: filters }, element)),
  );
  return isMatchInPieces === false ? false : undefined;
}
