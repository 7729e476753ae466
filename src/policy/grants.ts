import { Conditions, allOf, everyValue } from './conditions';
import { AccountForm, Callers, Members, Publisher, RoleIdentity, callersOf, isAmong, isBelow, membersOf, withoutOwn } from './publishers';
import { AnyScope, RuleScope, Scope, covers, scopeConditions, scopeKey } from './scopes';
import { Json, Statement, canonical, oneOrMany } from './statement';

export interface Grant {
  readonly publisher: Publisher;
  readonly scope: Scope;
}

/** Leave to manage rules on the bus. */
export interface RuleGrant {
  readonly publisher: Publisher;
  readonly scope: RuleScope;
}

/** The bus of a policy. */
export interface Bus extends AccountForm {
  readonly arn: string;
  /** ARN of its rules, with a wildcard for their names. */
  readonly ruleArns: string;
}

/** A statement of the bus policy, and what it is for: the key, JSON text, stays the same when members come and go. */
export interface KeyedStatement {
  readonly kind: string;
  readonly key: string;
  readonly statement: Statement;
}

/**
 * The statements that say what was granted: members of one kind and scope share one, doubles vanish,
 * and a member that a wider grant covers already is left out. The order of the grants does not matter.
 */
export function statementsFor(grants: Grant[], bus: Bus): KeyedStatement[] {
  return coalesced(grants).flatMap((group) => callersOf(group, bus).map((callers) => ({
    kind: group.kind,
    key: keyOf(group, callers),
    statement: statement('events:PutEvents', bus.arn, callers.principal, callers.conditions, scopeConditions(group.scope)),
  })));
}

/** The statement that lets one role in, for messages that tell where to add it. */
export function roleStatement(role: RoleIdentity, scope: Scope, bus: Pick<Bus, 'arn' | 'partition'>): Statement {
  const [callers] = callersOf(membersOf({ kind: 'Roles', roles: [role] }), { ...bus, account: '', compact: false });
  return statement('events:PutEvents', bus.arn, callers.principal, callers.conditions, scopeConditions(scope));
}

/**
 * The statements that let others manage their own rules on a bus. Before a rule is there nobody has made it; from then on the account that
 * made it must be that of the caller, also for rules of which it is not known.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
 */
export function ruleStatementsFor(grants: RuleGrant[], bus: Bus): KeyedStatement[] {
  const parts = grants.flatMap(({ publisher, scope }) => ruleParts(scope).map((rules) => ({ publisher, scope: rules })));
  return coalesced(parts).flatMap((group) => callersOf(group, bus).map((callers) => ({
    kind: `${group.kind}${group.scope.name}`,
    key: keyOf(group, callers),
    statement: statement(oneOrMany(group.scope.actions), bus.ruleArns, callers.principal, withoutOwn(callers, bus), ruleConditions(group.scope)),
  })));
}

/** Actions on rules that have the same conditions. The name stands for the actions in ids, so that these stay if AWS adds one. */
interface RulePart extends RuleScope {
  readonly name: string;
  readonly actions: string[];
  /** How the creator is compared: a rule that is being made has none yet. */
  readonly creator: 'StringEquals' | 'StringEqualsIfExists';
}

const MANAGE = ['DeleteRule', 'DescribeRule', 'DisableRule', 'EnableRule', 'ListTagsForResource', 'ListTargetsByRule', 'RemoveTargets', 'UntagResource'];

/** As few parts as the conditions allow: a key that an action does not carry would refuse that action. */
function ruleParts({ sources, detailTypes, targetArns }: RuleScope): RulePart[] {
  const whileNew = (name: string, actions: string[], scope: RuleScope = {}) => part(name, actions, 'StringEqualsIfExists', scope);
  const own = (name: string, actions: string[], scope: RuleScope = {}) => part(name, actions, 'StringEquals', scope);
  return [
    ...(sources || detailTypes
      ? [whileNew('CreateRules', ['PutRule'], { sources, detailTypes }), whileNew('TagRules', ['TagResource'])]
      : [whileNew('CreateRules', ['PutRule', 'TagResource'])]),
    ...(targetArns
      ? [own('PutTargets', ['PutTargets'], { targetArns }), own('ManageRules', MANAGE)]
      : [own('ManageRulesAndTargets', [...MANAGE, 'PutTargets'])]),
  ];
}

function part(name: string, actions: string[], creator: RulePart['creator'], scope: RuleScope): RulePart {
  return { name, creator, actions: actions.map((action) => `events:${action}`).sort(), ...scope };
}

function ruleConditions({ creator, sources, detailTypes, targetArns }: RulePart): Conditions {
  return allOf(
    { [creator]: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
    everyValue('StringEquals', { 'events:source': sources, 'events:detail-type': detailTypes }),
    everyValue('ArnLike', { 'events:TargetArn': targetArns }),
  );
}

function statement(action: Json, resource: string, principal: Json, ...conditions: Conditions[]): Statement {
  const all = allOf(...conditions);
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: resource,
    ...(Object.keys(all).length > 0 && { Condition: all as Json }),
  };
}

/** Members with the same scope. */
type Group<S> = Members & { readonly scope: S };

function coalesced<S extends AnyScope>(grants: { publisher: Publisher; scope: S }[]): Group<S>[] {
  const groups = new Map<string, Group<S>>();
  for (const { publisher, scope } of grants) {
    const group = { ...membersOf(publisher), scope };
    const key = keyOf(group);
    const before = groups.get(key);
    groups.set(key, before ? { ...before, members: new Map([...before.members, ...group.members]) } : group);
  }
  const all = [...groups.values()];
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group, members: new Map([...group.members].filter(([id]) => !all.some((wider) => isSuperfluous(id, group, wider)))) }))
    .filter((group) => group.members.size > 0);
}

/** Whether this member may do everything without being named in its group. */
function isSuperfluous<S extends AnyScope>(id: string, group: Group<S>, wider: Group<S>): boolean {
  return wider === group ? isBelow(group, id) : covers(wider.scope, group.scope) && isAmong(wider, id, group);
}

function keyOf({ kind, alike, scope }: Group<AnyScope>, callers: Pick<Callers, 'part'> = {}): string {
  return canonical([kind, ...scopeKey(scope), alike, ...(callers.part === undefined ? [] : [callers.part])]);
}
