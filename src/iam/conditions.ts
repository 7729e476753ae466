import { Json, canonical, isObject, toList, scalarOrList } from './statement';

/** The condition element of a statement: operators, each with its keys and values. */
export type Conditions = { readonly [operator: string]: { readonly [key: string]: Json } };

/**
 * Conditions that match only if the request has each key, and all of its values are allowed. They are for multivalued
 * keys.
 */
export function forAllValues(
  operator: string,
  allowedValues: { readonly [key: string]: string[] | undefined },
): Conditions {
  const entries: [key: string, values: Json][] = [];
  for (const [key, values] of Object.entries(allowedValues)) {
    if (values) entries.push([key, scalarOrList(uniqueSorted(values))]);
  }
  if (entries.length === 0) return {};
  return {
    [`ForAllValues:${operator}`]: Object.fromEntries(entries),
    Null: Object.fromEntries(entries.map(([key]) => [key, 'false'])),
  };
}

/**
 * Merges conditions, so that all of them must match. Throws an error for different values of the same operator and key,
 * because one would overwrite the other.
 */
export function mergeConditions(...conditions: Conditions[]): Conditions {
  const merged: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, keys] of conditions.flatMap((condition) => Object.entries(condition))) {
    for (const [key, value] of Object.entries(keys)) {
      const existing = merged[operator]?.[key];
      if (existing !== undefined && canonical(existing) !== canonical(value)) {
        throw new Error(
          `'principal' must not have a condition that 'allowedEvents' also has, got '${operator}' on '${key}'` +
            "; remove the condition of the principal, or leave 'allowedEvents' out",
        );
      }
      (merged[operator] ??= {})[key] = value;
    }
  }
  return merged;
}

export function uniqueSorted(values: string[]): string[] {
  return [...new Set(values)].sort();
}

/** One key of a condition element, with its operator. */
export interface ConditionEntry {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whether a condition key is the source or detail type of an event. */
export function isEventKey(key: string): boolean {
  return /^events:(source|detail-type)$/i.test(key);
}

/** All keys of a condition element in a template. An operator without keys is invalid and left out. */
export function entriesOf(condition: Json | undefined): ConditionEntry[] {
  const entries: ConditionEntry[] = [];
  if (!isObject(condition)) return entries;
  for (const operator of Object.keys(condition)) {
    const keys = condition[operator];
    if (!isObject(keys)) continue;
    for (const key of Object.keys(keys)) entries.push({ operator, key, values: toList(keys[key]) });
  }
  return entries;
}
