import type { ResourcePolicyStatement } from './app-model';
import { Json } from '../iam/statement';

/** The resource-based policy of a bus, function, version, alias, queue, topic or key. */
export interface ResourcePolicy {
  /** The statements with the resources that define them. */
  readonly entries: readonly ResourcePolicyStatement[];
  readonly statements: readonly Json[];
  /** Whether several resources define the policy, and each replaces the others: it is unknown which of them applies. */
  readonly conflicting: boolean;
}

export const NO_POLICY: ResourcePolicy = { entries: [], statements: [], conflicting: false };

/** The policy that statements on one resource add up to. */
export function resourcePolicy(entries: ResourcePolicyStatement[]): ResourcePolicy {
  const unconditional = entries.filter(({ conditional }) => !conditional);
  if (hasConflictingWriters(unconditional)) return { ...NO_POLICY, entries, conflicting: true };
  return {
    entries,
    statements: entries.map(({ statement }) => statement),
    conflicting: false,
  };
}

/** Whether several resources define the policy, and one of them replaces the others. */
export function hasConflictingWriters(statements: readonly ResourcePolicyStatement[]): boolean {
  return statements.some(
    ({ isWholePolicy, construct }) => isWholePolicy && statements.some((entry) => entry.construct !== construct),
  );
}
