import { Conditions, mergeConditions, uniqueSorted } from '../iam/conditions';
import { scalarOrList } from '../iam/statement';

/** The sources on whose behalf a service may call. All that are defined must match. */
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
 * The values that a statement can list together with those of other sources; undefined for sources with several
 * conditions, which need a statement of their own.
 */
export function mergeableSources(sources: ServiceSources): string[] | undefined {
  const conditions = sourceConditions(sources);
  return conditions.length === 1 ? conditions[0].values : undefined;
}

/** A key that is equal for sources that can share a statement. */
export function sourcesKey(sources: ServiceSources): string[][] {
  const conditions = sourceConditions(sources);
  const isMergeable = conditions.length === 1;
  return conditions.map(({ operator, key, values }) => (isMergeable ? [operator, key] : [operator, key, ...values]));
}

/**
 * The conditions on sources.
 *
 * @param mergedValues the values of all sources that share the statement, if they can share one
 */
export function renderSources(sources: ServiceSources, mergedValues: string[]): Conditions {
  const conditions = sourceConditions(sources);
  const isMergeable = conditions.length === 1;
  const rendered = conditions.map(({ operator, key, values }) => ({
    [operator]: { [key]: scalarOrList(isMergeable ? mergedValues : values) },
  }));
  return mergeConditions(...rendered);
}
