import { Conditions, sorted } from './publishers';
import { Json, canonical, oneOrMany } from './statement';

/** What may be published. What is missing is no limit. */
export interface Scope {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly byRule?: boolean;
}

/** Which rules may be made on a bus. What is missing is no limit. */
export interface RuleScope {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly targetArns?: string[];
}

/** What statements may differ in: the events, the rules, the actions. */
export type AnyScope = Scope & RuleScope & { readonly actions?: string[] };

/** Conditions on the events of a call: each must be in scope. */
export function scopeConditions({ sources, detailTypes, byRule }: Scope): Conditions {
  return allOf(
    everyValue('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    byRule === undefined ? {} : { Bool: { 'events:eventBusInvocation': String(byRule) } },
  );
}

/** Holds only when every value of the key is one of these, and fails when the call does not say: all keys are multivalued. */
export function everyValue(operator: string, keys: { readonly [key: string]: string[] | undefined }): Conditions {
  const given = Object.entries(keys).flatMap(([key, values]) => (values ? [[key, oneOrMany(sorted(values))] as [string, Json]] : []));
  if (given.length === 0) return {};
  return { [`ForAllValues:${operator}`]: Object.fromEntries(given), Null: Object.fromEntries(given.map(([key]) => [key, 'false'])) };
}

/** The scope as text that is the same for the same meaning. What came later than the first release stands only where it is given: ids depend on it. */
export function scopeKey({ sources, detailTypes, actions: _, ...later }: AnyScope): Json[] {
  const list = (values?: string[]) => (values ? sorted(values) : null);
  const given = Object.entries(later).filter(([, value]) => value !== undefined);
  return [list(sources), list(detailTypes), ...given.map(([key, value]) => [key, Array.isArray(value) ? sorted(value) : value])];
}

export function covers(wider: AnyScope, narrower: AnyScope): boolean {
  const list = (a?: string[], b?: string[]) => a === undefined || (b !== undefined && b.every((value) => a.includes(value)));
  return list(wider.sources, narrower.sources) && list(wider.detailTypes, narrower.detailTypes) && list(wider.targetArns, narrower.targetArns)
    && (wider.byRule === undefined || wider.byRule === narrower.byRule)
    && (narrower.actions ?? []).every((action) => wider.actions?.includes(action));
}

/** Merges conditions: all of them must hold. On the same operator and key they would overwrite each other, so that is refused. */
export function allOf(...conditions: Conditions[]): Conditions {
  const merged: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, keys] of conditions.flatMap((c) => Object.entries(c))) {
    for (const [key, value] of Object.entries(keys)) {
      const before = merged[operator]?.[key];
      if (before !== undefined && canonical(before) !== canonical(value)) {
        throw new Error(`'principal' must not have a condition that the scope has too, got '${operator}' on '${key}'; grant without it, or without a scope`);
      }
      (merged[operator] ??= {})[key] = value;
    }
  }
  return merged;
}
