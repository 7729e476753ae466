import {
  GrantConditions,
  AllowedRuleValues,
  AllowedEventValues,
  isSupersetOf,
  conditionsOf,
  conditionsKey,
} from './grant-conditions';
import {
  AccountPrincipalOptions,
  PrincipalClause,
  PublisherGroup,
  Publisher,
  RoleIdentity,
  principalClauseOf,
  isIncludedIn,
  isInOrganizationalUnit,
  publisherGroupOf,
  excludeOwnAccount,
} from './publishers';
import { Conditions, mergeConditions, forAllValues } from '../iam/conditions';
import { Json, Statement, canonical, scalarOrList } from '../iam/statement';

/** A permission to put events on the bus. */
export interface Grant {
  readonly publisher: Publisher;
  readonly allowed: AllowedEventValues;
}

/** A permission to manage rules on the bus. */
export interface RuleGrant {
  readonly publisher: Publisher;
  readonly allowed: AllowedRuleValues;
}

/** The bus of a policy. */
export interface BusPolicyContext extends AccountPrincipalOptions {
  readonly arn: string;
  /** The ARN of all rules on the bus, with a wildcard in place of their names. */
  readonly ruleArns: string;
}

/** A statement of the bus policy. */
export interface IdentifiedStatement {
  readonly kind: string;
  /** What the statement allows, as JSON text. It does not change when publishers are added or removed. */
  readonly key: string;
  readonly statement: Statement;
}

/**
 * The statements for grants to put events. Publishers of one kind with the same conditions share a statement.
 * Publishers that another grant includes are omitted. The order of the grants does not matter.
 */
export function putEventsStatements(grants: Grant[], bus: BusPolicyContext): IdentifiedStatement[] {
  return mergeGrants(grants).flatMap((group) =>
    principalClauseOf(group, bus).map((clause) => ({
      kind: group.kind,
      key: keyOf(group, clause.variant),
      statement: putEventsStatement(clause, bus.arn, group.allowed),
    })),
  );
}

/** The statement that allows one role, for messages. */
export function roleStatement(
  role: RoleIdentity,
  allowed: AllowedEventValues,
  bus: Pick<BusPolicyContext, 'arn' | 'partition'>,
): Statement {
  const options = { ...bus, account: '', compact: false };
  const [clause] = principalClauseOf(publisherGroupOf({ kind: 'Roles', roles: [role] }), options);
  return putEventsStatement(clause, bus.arn, allowed);
}

function putEventsStatement(
  { principal, conditions }: PrincipalClause,
  busArn: string,
  allowed: AllowedEventValues,
): Statement {
  return allowStatement('events:PutEvents', busArn, principal, conditions, conditionsOf(allowed));
}

/**
 * The statements for grants to manage rules. A new rule has no creator account. For an existing rule, the creator
 * account must be the account of the principal, also if it is unknown.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
 */
export function ruleManagementStatements(grants: RuleGrant[], bus: BusPolicyContext): IdentifiedStatement[] {
  const groups = grants.flatMap(({ publisher, allowed }) =>
    ruleActionGroups(allowed).map((actionGroup) => ({ publisher, allowed: actionGroup })),
  );
  return mergeGrants(groups).flatMap((group) =>
    principalClauseOf(group, bus).map((clause) => ({
      kind: `${group.kind}${group.allowed.name}`,
      key: keyOf(group, clause.variant),
      statement: allowStatement(
        scalarOrList(group.allowed.actions),
        bus.ruleArns,
        clause.principal,
        excludeOwnAccount(clause, bus),
        ruleConditions(group.allowed),
      ),
    })),
  );
}

/** Actions on rules that have the same conditions. */
interface RuleActionGroup extends AllowedRuleValues {
  /** Part of statement IDs instead of the actions, so that these do not change if AWS adds an action. */
  readonly name: string;
  readonly actions: string[];
  /** The operator for the creator account. A rule that does not exist yet has none. */
  readonly creator: 'StringEquals' | 'StringEqualsIfExists';
}

const MANAGE_ACTIONS = [
  'DeleteRule',
  'DescribeRule',
  'DisableRule',
  'EnableRule',
  'ListTagsForResource',
  'ListTargetsByRule',
  'RemoveTargets',
  'UntagResource',
];

/** As few groups as possible. An action is denied if a condition has a key that requests for the action do not have. */
function ruleActionGroups({ sources, detailTypes, targetArns }: AllowedRuleValues): RuleActionGroup[] {
  const groups: RuleActionGroup[] = [];
  if (sources || detailTypes) {
    groups.push(newRuleActions('CreateRules', ['PutRule'], { sources, detailTypes }));
    groups.push(newRuleActions('TagRules', ['TagResource']));
  } else {
    groups.push(newRuleActions('CreateRules', ['PutRule', 'TagResource']));
  }
  if (targetArns) {
    groups.push(existingRuleActions('PutTargets', ['PutTargets'], { targetArns }));
    groups.push(existingRuleActions('ManageRules', MANAGE_ACTIONS));
  } else {
    groups.push(existingRuleActions('ManageRulesAndTargets', [...MANAGE_ACTIONS, 'PutTargets']));
  }
  return groups;
}

function newRuleActions(name: string, actions: string[], allowed: AllowedRuleValues = {}): RuleActionGroup {
  return { name, creator: 'StringEqualsIfExists', actions: eventsActions(actions), ...allowed };
}

function existingRuleActions(name: string, actions: string[], allowed: AllowedRuleValues = {}): RuleActionGroup {
  return { name, creator: 'StringEquals', actions: eventsActions(actions), ...allowed };
}

function eventsActions(actions: string[]): string[] {
  return actions.map((action) => `events:${action}`).sort();
}

function ruleConditions({ creator, sources, detailTypes, targetArns }: RuleActionGroup): Conditions {
  return mergeConditions(
    { [creator]: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
    forAllValues('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    forAllValues('ArnLike', { 'events:TargetArn': targetArns }),
  );
}

function allowStatement(action: Json, resource: string, principal: Json, ...conditions: Conditions[]): Statement {
  const merged = mergeConditions(...conditions);
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: resource,
    ...(Object.keys(merged).length > 0 && { Condition: merged as Json }),
  };
}

/** Publishers that share a statement, because their conditions are the same. */
type GrantGroup<C> = PublisherGroup & { readonly allowed: C };

function mergeGrants<C extends GrantConditions>(grants: { publisher: Publisher; allowed: C }[]): GrantGroup<C>[] {
  const groups = new Map<string, GrantGroup<C>>();
  for (const { publisher, allowed } of grants) {
    const group = { ...publisherGroupOf(publisher), allowed };
    const key = keyOf(group);
    const existing = groups.get(key);
    groups.set(key, existing ? { ...existing, members: new Map([...existing.members, ...group.members]) } : group);
  }
  const allGroups = [...groups.values()];
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => withoutCoveredMembers(group, allGroups))
    .filter(({ members }) => members.size > 0);
}

/** The group without members that are allowed anyway. */
function withoutCoveredMembers<C extends GrantConditions>(
  group: GrantGroup<C>,
  allGroups: GrantGroup<C>[],
): GrantGroup<C> {
  const members = [...group.members].filter(([id]) => !allGroups.some((wider) => isCoveredBy(wider, id, group)));
  return { ...group, members: new Map(members) };
}

function isCoveredBy<C extends GrantConditions>(wider: GrantGroup<C>, id: string, group: GrantGroup<C>): boolean {
  return wider === group
    ? isInOrganizationalUnit(group, id)
    : isSupersetOf(wider.allowed, group.allowed) && isIncludedIn(wider, id, group);
}

function keyOf({ kind, mergeKey, allowed }: GrantGroup<GrantConditions>, variant?: string): string {
  return canonical([kind, ...conditionsKey(allowed), mergeKey, ...(variant === undefined ? [] : [variant])]);
}
