import {
  AccountPrincipalOptions,
  PrincipalClause,
  Publisher,
  PublisherGroup,
  excludeOwnAccount,
  principalClauseOf,
  publisherGroupOf,
} from './publishers';
import { Conditions, mergeConditions } from '../iam/conditions';
import { Json, Statement, isObject, toList } from '../iam/statement';

/** What principals in other accounts may do on a target of their rules, or on its key. */
export interface TargetGrant {
  readonly action: Json;
  readonly resource: string;
  /** Conditions in addition to those on the principal. */
  readonly conditions?: Conditions;
  /** Distinguishes the statements of several grants in one policy. */
  readonly idSuffix?: string;
  /** The number of accounts up to which a statement lists them as principals, not in a condition. */
  readonly maxPrincipals?: number;
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
  const clause = shortClause({ ...groups[0], members }, grant, target);
  const conditions = mergeConditions(excludeOwnAccount(clause, target), grant.conditions ?? {});
  return { ...clause, conditions };
}

/** The clause with accounts as principals, or with any principal and the accounts or roles in a condition. */
function shortClause(
  group: PublisherGroup,
  { maxPrincipals = Infinity }: TargetGrant,
  target: TargetAccount,
): PrincipalClause {
  const [listed] = principalClauseOf(group, { ...target, compact: false });
  if (!isObject(listed.principal) || toList(listed.principal.AWS).length <= maxPrincipals) return listed;
  // The ARN of a role in its condition contains the account.
  if (group.kind === 'Roles') return { ...listed, principal: '*' };
  return principalClauseOf(group, { ...target, compact: true })[0];
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
