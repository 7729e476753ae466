import { Conditions, mergeConditions, forAllValues, uniqueSorted } from '../iam/conditions';
import { Json, scalarOrList } from '../iam/statement';

/** The events that a grant allows. A property that is left out does not restrict them. */
export interface AllowedEventValues {
  readonly sources?: string[];
  readonly detailTypes?: string[];
  readonly byRule?: boolean;
  /** Patterns for the ARNs of the rules that may forward the events. */
  readonly ruleArns?: string[];
  /** Patterns for the ARNs of rules that may not forward them. Calls without a rule are allowed. */
  readonly excludedRuleArns?: string[];
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

/**
 * The conditions on the events of a PutEvents call, and on the rule that makes it. Each event must be allowed. A call
 * without a rule has no `aws:SourceArn`: it matches `ArnNotLike`, but not `ArnLike`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
 */
export function conditionsOf(allowed: AllowedEventValues): Conditions {
  const { sources, detailTypes, byRule, ruleArns, excludedRuleArns } = allowed;
  return mergeConditions(
    forAllValues('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    byRule === undefined ? {} : { Bool: { 'events:eventBusInvocation': String(byRule) } },
    onRule('ArnLike', ruleArns),
    onRule('ArnNotLike', excludedRuleArns),
  );
}

function onRule(operator: string, arns: string[] | undefined): Conditions {
  return arns === undefined ? {} : { [operator]: { 'aws:SourceArn': scalarOrList(uniqueSorted(arns)) } };
}

/**
 * A key that is equal for equivalent conditions. Properties other than sources and detail types are part of it only if
 * they are defined, because statement IDs depend on the key.
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
    includesValues(wider.ruleArns, narrower.ruleArns) &&
    (wider.excludedRuleArns ?? []).every((arn) => narrower.excludedRuleArns?.includes(arn)) &&
    (wider.byRule === undefined || wider.byRule === narrower.byRule) &&
    (narrower.actions ?? []).every((action) => wider.actions?.includes(action))
  );
}

function includesValues(wider: string[] | undefined, narrower: string[] | undefined): boolean {
  return wider === undefined || (narrower !== undefined && narrower.every((value) => wider.includes(value)));
}
