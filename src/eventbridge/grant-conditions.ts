import { Conditions, mergeConditions, forAllValues, uniqueSorted } from '../iam/conditions';
import { Json } from '../iam/statement';

/** What may be published. What is missing is no limit. */
export interface AllowedEventValues {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly byRule?: boolean;
}

/** Which rules may be made on a bus. What is missing is no limit. */
export interface AllowedRuleValues {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly targetArns?: string[];
}

/** What statements may differ in: the events, the rules, the actions. */
export type GrantConditions = AllowedEventValues &
  AllowedRuleValues & { readonly name?: string; readonly actions?: string[]; readonly creator?: string };

/** Conditions on the events of a call: each must be allowed. */
export function conditionsOf({ sources, detailTypes, byRule }: AllowedEventValues): Conditions {
  return mergeConditions(
    forAllValues('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    byRule === undefined ? {} : { Bool: { 'events:eventBusInvocation': String(byRule) } },
  );
}

/**
 * Conditions as text that is the same for the same meaning. What came later than the first release stands only where it
 * is given: ids depend on it.
 */
export function conditionsKey({ sources, detailTypes, actions: _, creator: __, ...later }: GrantConditions): Json[] {
  const list = (values?: string[]) => (values ? uniqueSorted(values) : null);
  const given = Object.entries(later)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    list(sources),
    list(detailTypes),
    ...given.map(([key, value]) => [key, Array.isArray(value) ? uniqueSorted(value) : value]),
  ];
}

export function isSupersetOf(wider: GrantConditions, narrower: GrantConditions): boolean {
  const list = (a?: string[], b?: string[]) =>
    a === undefined || (b !== undefined && b.every((value) => a.includes(value)));
  return (
    list(wider.sources, narrower.sources) &&
    list(wider.detailTypes, narrower.detailTypes) &&
    list(wider.targetArns, narrower.targetArns) &&
    (wider.byRule === undefined || wider.byRule === narrower.byRule) &&
    (narrower.actions ?? []).every((action) => wider.actions?.includes(action))
  );
}
