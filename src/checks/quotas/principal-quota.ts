import { formatNumber, sumNumbers } from './quota-usage';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { FindingLevel } from '../engine/finding';

/** A policy with more principals than allowed. */
export interface TooManyPrincipals {
  readonly level: FindingLevel;
  /** The number of principals, such as `250 of 200 allowed principals`. */
  readonly problem: string;
  readonly reason?: string;
}

/** What to do about too many principals. */
export const FEWER_PRINCIPALS =
  "use principal '*' and list the other accounts in a condition on 'aws:PrincipalAccount', or allow the organization";

/**
 * Whether a policy has too many principals. AWS does not document whether the quota applies to the policy or to each
 * statement, so it is exceeded for certain only if one statement exceeds it.
 *
 * @param isCertain whether the policy certainly has all of the statements
 */
export function tooManyPrincipals(
  statements: readonly ResourcePolicyStatement[],
  limit: number,
  isCertain: boolean,
): TooManyPrincipals | undefined {
  const counts = statements.map(({ id, statement }) => ({ id, count: principalCount(statement) }));
  const usage = (count: number) => `${formatNumber(count)} of ${formatNumber(limit)} allowed principals`;
  const [largest] = [...counts].sort((a, b) => b.count - a.count);
  if (largest.count > limit) {
    const problem = `${usage(largest.count)} in statement '${displayText(largest.id)}'`;
    return { level: isCertain ? 'error' : 'warning', problem };
  }
  const sum = sumNumbers(counts.map(({ count }) => count));
  if (sum <= limit) return undefined;
  const reason = 'AWS does not document whether the quota of principals applies to each statement';
  return { level: 'warning', problem: usage(sum), reason };
}

function principalCount(statement: Json): number {
  if (!isObject(statement)) return 0;
  const { Principal: principal } = statement;
  return isObject(principal) ? sumNumbers(Object.values(principal).map((value) => toList(value).length)) : 1;
}
