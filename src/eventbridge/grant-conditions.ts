import { Conditions, mergeConditions, forAllValues, uniqueSorted } from '../iam/conditions';
import { Json } from '../iam/statement';

/** The events that a grant allows. A property that is left out does not restrict them. */
export interface AllowedEventValues {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly byRule?: boolean;
}

/** The rules that a grant allows. A property that is left out does not restrict them. */
export interface AllowedRuleValues {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly targetArns?: string[];
}

/** The properties in which statements for the same kind of publisher differ. */
export type GrantConditions = AllowedEventValues &
  AllowedRuleValues & { readonly name?: string; readonly actions?: string[]; readonly creator?: string };

/** The conditions on the events of a PutEvents call. Each event must be allowed. */
export function conditionsOf({ sources, detailTypes, byRule }: AllowedEventValues): Conditions {
  return mergeConditions(
    forAllValues('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    byRule === undefined ? {} : { Bool: { 'events:eventBusInvocation': String(byRule) } },
  );
}

/**
 * A key that is equal for equivalent conditions. Properties other than sources and detail types are part of it only if
 * they are defined, because statement ids depend on the key.
 */
export function conditionsKey({
  sources,
  detailTypes,
  actions: _,
  creator: __,
  ...otherProperties
}: GrantConditions): Json[] {
  const defined = Object.entries(otherProperties)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    sources ? uniqueSorted(sources) : null,
    detailTypes ? uniqueSorted(detailTypes) : null,
    ...defined.map(([key, value]): Json => [key, Array.isArray(value) ? uniqueSorted(value) : value]),
  ];
}

/** Whether the first conditions allow everything that the second ones allow. */
export function isSupersetOf(wider: GrantConditions, narrower: GrantConditions): boolean {
  return (
    includesValues(wider.sources, narrower.sources) &&
    includesValues(wider.detailTypes, narrower.detailTypes) &&
    includesValues(wider.targetArns, narrower.targetArns) &&
    (wider.byRule === undefined || wider.byRule === narrower.byRule) &&
    (narrower.actions ?? []).every((action) => wider.actions?.includes(action))
  );
}

function includesValues(wider: string[] | undefined, narrower: string[] | undefined): boolean {
  return wider === undefined || (narrower !== undefined && narrower.every((value) => wider.includes(value)));
}
