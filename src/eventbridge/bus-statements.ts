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

export interface Grant {
  readonly publisher: Publisher;
  readonly scope: AllowedEventValues;
}

/** Leave to manage rules on the bus. */
export interface RuleGrant {
  readonly publisher: Publisher;
  readonly scope: AllowedRuleValues;
}

/** The bus of a policy. */
export interface BusPolicyContext extends AccountPrincipalOptions {
  readonly arn: string;
  /** ARN of its rules, with a wildcard for their names. */
  readonly ruleArns: string;
}

/** A statement of the bus policy, and what it is for: the key, JSON text, stays the same when members come and go. */
export interface IdentifiedStatement {
  readonly kind: string;
  readonly key: string;
  readonly statement: Statement;
}

/**
 * The statements that say what was granted: members of one kind and scope share one, doubles vanish,
 * and a member that a wider grant covers already is left out. The order of the grants does not matter.
 */
export function statementsFor(grants: Grant[], bus: BusPolicyContext): IdentifiedStatement[] {
  return mergeGrants(grants).flatMap((group) =>
    principalClauseOf(group, bus).map((callers) => ({
      kind: group.kind,
      key: keyOf(group, callers),
      statement: statement(
        'events:PutEvents',
        bus.arn,
        callers.principal,
        callers.conditions,
        conditionsOf(group.scope),
      ),
    })),
  );
}

/** The statement that lets one role in, for messages that tell where to add it. */
export function roleStatement(
  role: RoleIdentity,
  scope: AllowedEventValues,
  bus: Pick<BusPolicyContext, 'arn' | 'partition'>,
): Statement {
  const [callers] = principalClauseOf(publisherGroupOf({ kind: 'Roles', roles: [role] }), {
    ...bus,
    account: '',
    compact: false,
  });
  return statement('events:PutEvents', bus.arn, callers.principal, callers.conditions, conditionsOf(scope));
}

/**
 * The statements that let others manage their own rules on a bus. Before a rule is there nobody has made it; from then
 * on the account that made it must be that of the caller, also for rules of which it is not known.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
 */
export function ruleStatementsFor(grants: RuleGrant[], bus: BusPolicyContext): IdentifiedStatement[] {
  const parts = grants.flatMap(({ publisher, scope }) =>
    ruleActionGroups(scope).map((rules) => ({ publisher, scope: rules })),
  );
  return mergeGrants(parts).flatMap((group) =>
    principalClauseOf(group, bus).map((callers) => ({
      kind: `${group.kind}${group.scope.name}`,
      key: keyOf(group, callers),
      statement: statement(
        scalarOrList(group.scope.actions),
        bus.ruleArns,
        callers.principal,
        excludeOwnAccount(callers, bus),
        ruleConditions(group.scope),
      ),
    })),
  );
}

/**
 * Actions on rules that have the same conditions. The name stands for the actions in ids, so that these stay if AWS
 * adds one.
 */
interface RuleActionGroup extends AllowedRuleValues {
  readonly name: string;
  readonly actions: string[];
  /** How the creator is compared: a rule that is being made has none yet. */
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

/** As few parts as the conditions allow: a key that an action does not carry would refuse that action. */
function ruleActionGroups({ sources, detailTypes, targetArns }: AllowedRuleValues): RuleActionGroup[] {
  const whileNew = (name: string, actions: string[], scope: AllowedRuleValues = {}) =>
    part(name, actions, 'StringEqualsIfExists', scope);
  const own = (name: string, actions: string[], scope: AllowedRuleValues = {}) =>
    part(name, actions, 'StringEquals', scope);
  return [
    ...(sources || detailTypes
      ? [whileNew('CreateRules', ['PutRule'], { sources, detailTypes }), whileNew('TagRules', ['TagResource'])]
      : [whileNew('CreateRules', ['PutRule', 'TagResource'])]),
    ...(targetArns
      ? [own('PutTargets', ['PutTargets'], { targetArns }), own('ManageRules', MANAGE_ACTIONS)]
      : [own('ManageRulesAndTargets', [...MANAGE_ACTIONS, 'PutTargets'])]),
  ];
}

function part(
  name: string,
  actions: string[],
  creator: RuleActionGroup['creator'],
  scope: AllowedRuleValues,
): RuleActionGroup {
  return { name, creator, actions: actions.map((action) => `events:${action}`).sort(), ...scope };
}

function ruleConditions({ creator, sources, detailTypes, targetArns }: RuleActionGroup): Conditions {
  return mergeConditions(
    { [creator]: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
    forAllValues('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    forAllValues('ArnLike', { 'events:TargetArn': targetArns }),
  );
}

function statement(action: Json, resource: string, principal: Json, ...conditions: Conditions[]): Statement {
  const all = mergeConditions(...conditions);
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: resource,
    ...(Object.keys(all).length > 0 && { Condition: all as Json }),
  };
}

/** Members with the same scope. */
type GrantGroup<S> = PublisherGroup & { readonly scope: S };

function mergeGrants<S extends GrantConditions>(grants: { publisher: Publisher; scope: S }[]): GrantGroup<S>[] {
  const groups = new Map<string, GrantGroup<S>>();
  for (const { publisher, scope } of grants) {
    const group = { ...publisherGroupOf(publisher), scope };
    const key = keyOf(group);
    const before = groups.get(key);
    groups.set(key, before ? { ...before, members: new Map([...before.members, ...group.members]) } : group);
  }
  const all = [...groups.values()];
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      ...group,
      members: new Map([...group.members].filter(([id]) => !all.some((wider) => isCoveredByOther(id, group, wider)))),
    }))
    .filter((group) => group.members.size > 0);
}

/** Whether this member may do everything without being named in its group. */
function isCoveredByOther<S extends GrantConditions>(id: string, group: GrantGroup<S>, wider: GrantGroup<S>): boolean {
  return wider === group
    ? isInOrganizationalUnit(group, id)
    : isSupersetOf(wider.scope, group.scope) && isIncludedIn(wider, id, group);
}

function keyOf(
  { kind, alike, scope }: GrantGroup<GrantConditions>,
  callers: Pick<PrincipalClause, 'part'> = {},
): string {
  return canonical([kind, ...conditionsKey(scope), alike, ...(callers.part === undefined ? [] : [callers.part])]);
}
