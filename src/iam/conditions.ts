import { Json, canonical, isObject, toList, scalarOrList } from './statement';

/** Condition operators, each with its keys and values. */
export type Conditions = { readonly [operator: string]: { readonly [key: string]: Json } };

/**
 * Holds only when every value of the key is one of these, and fails when the call does not say: all keys are
 * multivalued.
 */
export function forAllValues(operator: string, keys: { readonly [key: string]: string[] | undefined }): Conditions {
  const given = Object.entries(keys).flatMap(([key, values]) =>
    values ? [[key, scalarOrList(uniqueSorted(values))] as [string, Json]] : [],
  );
  if (given.length === 0) return {};
  return {
    [`ForAllValues:${operator}`]: Object.fromEntries(given),
    Null: Object.fromEntries(given.map(([key]) => [key, 'false'])),
  };
}

/**
 * Merges conditions: all of them must hold. On the same operator and key they would overwrite each other, so that is
 * refused.
 */
export function mergeConditions(...conditions: Conditions[]): Conditions {
  const merged: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, keys] of conditions.flatMap((c) => Object.entries(c))) {
    for (const [key, value] of Object.entries(keys)) {
      const before = merged[operator]?.[key];
      if (before !== undefined && canonical(before) !== canonical(value)) {
        throw new Error(
          `'principal' must not have a condition that the scope has too, got '${operator}' on '${key}` +
            "'; grant without it, or without a scope",
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

/** One key of a condition, under one operator. */
export interface ConditionEntry {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whether a key of a condition is one of the events that a publisher puts. */
export function isEventKey(key: string): boolean {
  return /^events:(source|detail-type)$/i.test(key);
}

/** All keys of a condition as it stands in a template; an operator without keys, which cannot be read, gives none. */
export function entriesOf(condition: Json | undefined): ConditionEntry[] {
  const entries: ConditionEntry[] = [];
  if (!isObject(condition)) return entries;
  for (const operator of Object.keys(condition)) {
    const keys = condition[operator];
    if (isObject(keys)) for (const key of Object.keys(keys)) entries.push({ operator, key, values: toList(keys[key]) });
  }
  return entries;
}
