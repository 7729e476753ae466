import { Conditions, allOf, everyValue, sorted } from './conditions';
import { Json } from './statement';

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
export type AnyScope = Scope & RuleScope & { readonly name?: string; readonly actions?: string[]; readonly creator?: string };

/** Conditions on the events of a call: each must be in scope. */
export function scopeConditions({ sources, detailTypes, byRule }: Scope): Conditions {
  return allOf(
    everyValue('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    byRule === undefined ? {} : { Bool: { 'events:eventBusInvocation': String(byRule) } },
  );
}

/** The scope as text that is the same for the same meaning. What came later than the first release stands only where it is given: ids depend on it. */
export function scopeKey({ sources, detailTypes, actions: _, creator: __, ...later }: AnyScope): Json[] {
  const list = (values?: string[]) => (values ? sorted(values) : null);
  const given = Object.entries(later).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return [list(sources), list(detailTypes), ...given.map(([key, value]) => [key, Array.isArray(value) ? sorted(value) : value])];
}

export function covers(wider: AnyScope, narrower: AnyScope): boolean {
  const list = (a?: string[], b?: string[]) => a === undefined || (b !== undefined && b.every((value) => a.includes(value)));
  return list(wider.sources, narrower.sources) && list(wider.detailTypes, narrower.detailTypes) && list(wider.targetArns, narrower.targetArns)
    && (wider.byRule === undefined || wider.byRule === narrower.byRule)
    && (narrower.actions ?? []).every((action) => wider.actions?.includes(action));
}
