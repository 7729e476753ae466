import { Conditions, mergeConditions, uniqueSorted } from '../iam/conditions';
import { scalarOrList } from '../iam/statement';

/** The resources for which a service may call, by account, ARN and organization. All that are set must match. */
export interface ServiceSources {
  readonly accounts?: string[];
  readonly arns?: string[];
  readonly organization?: string;
}

interface SourceCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: string[];
}

function sourceConditions({ accounts, arns, organization }: ServiceSources): SourceCondition[] {
  const conditions: SourceCondition[] = [];
  const add = (operator: string, key: string, values: string[]) =>
    conditions.push({ operator, key, values: uniqueSorted(values) });
  if (accounts) add('StringEquals', 'aws:SourceAccount', accounts);
  if (arns) add('ArnLike', 'aws:SourceArn', arns);
  if (organization) add('StringEquals', 'aws:SourceOrgID', [organization]);
  return conditions;
}

/**
 * The values of the only condition, which a statement can list together with the values of other sources. Undefined for
 * sources with several conditions, which need a statement of their own: all of them must match.
 */
export function mergeableSources(sources: ServiceSources): string[] | undefined {
  const conditions = sourceConditions(sources);
  return conditions.length === 1 ? conditions[0].values : undefined;
}

/** Sources with equal merge keys share a statement. */
export function sourcesMergeKey(sources: ServiceSources): string[][] {
  const conditions = sourceConditions(sources);
  const isMergeable = conditions.length === 1;
  return conditions.map(({ operator, key, values }) => (isMergeable ? [operator, key] : [operator, key, ...values]));
}

/**
 * The conditions of a statement on its sources.
 *
 * @param mergedValues the values of all sources that share the statement; ignored if they cannot share one
 */
export function renderSources(sources: ServiceSources, mergedValues: string[]): Conditions {
  const conditions = sourceConditions(sources);
  const isMergeable = conditions.length === 1;
  const rendered = conditions.map(({ operator, key, values }) => ({
    [operator]: { [key]: scalarOrList(isMergeable ? mergedValues : values) },
  }));
  return mergeConditions(...rendered);
}
