import {
  AccountPrincipalOptions,
  PrincipalClause,
  Publisher,
  excludeOwnAccount,
  principalClauseOf,
  publisherGroupOf,
} from './publishers';
import { Conditions, mergeConditions } from '../iam/conditions';
import { Json, Statement } from '../iam/statement';

/** What principals in other accounts may do on a target of their rules, or on its key. */
export interface TargetGrant {
  readonly action: Json;
  readonly resource: string;
  /** Conditions in addition to those on the principal. */
  readonly conditions?: Conditions;
}

/** The account and partition of the target. */
export type TargetAccount = Pick<AccountPrincipalOptions, 'account' | 'partition'>;

/** The principals and conditions that match exactly publishers of one kind, in other accounts than the target. */
export function targetClause(
  grant: TargetGrant,
  publishers: readonly Publisher[],
  target: TargetAccount,
): PrincipalClause {
  const groups = publishers.map(publisherGroupOf);
  const members = new Map(groups.flatMap((group) => [...group.members]));
  const [clause] = principalClauseOf({ ...groups[0], members }, { ...target, compact: false });
  const conditions = mergeConditions(excludeOwnAccount(clause, target), grant.conditions ?? {});
  return { ...clause, conditions };
}

/** The statement of a resource-based policy that allows one publisher. */
export function targetStatement(grant: TargetGrant, publisher: Publisher, target: TargetAccount): Statement {
  const { principal, conditions } = targetClause(grant, [publisher], target);
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: grant.action,
    Resource: grant.resource,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions as Json }),
  };
}
