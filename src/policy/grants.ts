import { Json, Statement, canonical, oneOrMany } from './statement';

/** Who may publish, as data. Every kind with the same scope becomes one statement. */
export type Publisher =
  | { readonly kind: 'Accounts'; readonly accounts: string[] }
  | { readonly kind: 'Organizations'; readonly organizations: string[] }
  | { readonly kind: 'Roles'; readonly roles: RoleIdentity[] }
  | { readonly kind: 'Principal'; readonly principal: Json; readonly conditions: Conditions };

export interface RoleIdentity {
  readonly account: string;
  readonly arn: string;
}

/** Condition operators, each with its keys and values. */
export type Conditions = { readonly [operator: string]: { readonly [key: string]: Json } };

/** What may be published. A missing list is no limit. */
export interface Scope {
  readonly sources?: string[];
  readonly detailTypes?: string[];
}

export interface Grant {
  readonly publisher: Publisher;
  readonly scope: Scope;
}

/** A statement of the bus policy, and what it is for: the key, JSON text, stays the same when members come and go. */
export interface KeyedStatement {
  readonly kind: Publisher['kind'];
  readonly key: string;
  readonly statement: Statement;
}

/**
 * The statements that say what was granted: members of one kind and scope share one, doubles vanish,
 * and a role or member that a wider grant covers already is left out. The order of the grants does not matter.
 */
export function statementsFor(grants: Grant[], bus: { arn: string; partition: string }): KeyedStatement[] {
  const groups = new Map<string, Group>();
  for (const grant of grants) addTo(groups, grant);
  const all = [...groups.values()];
  return all
    .map((group) => ({ ...group, members: new Map([...group.members].filter(([id]) => !all.some((wider) => includes(wider, id, group)))) }))
    .filter((group) => group.members.size > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((group) => ({ kind: group.kind, key: group.key, statement: render(group, bus) }));
}

/** Conditions that hold only when every event of the call is in scope, and fail when an event does not say: both keys are multivalued. */
export function scopeConditions({ sources, detailTypes }: Scope): Conditions {
  const values = {
    ...(sources && { 'events:source': oneOrMany(sorted(sources)) }),
    ...(detailTypes && { 'events:detail-type': oneOrMany(sorted(detailTypes)) }),
  };
  if (Object.keys(values).length === 0) return {};
  return { 'ForAllValues:StringEquals': values, 'Null': Object.fromEntries(Object.keys(values).map((key) => [key, 'false'])) };
}

/** Merges conditions: all of them must hold. On the same operator and key they would overwrite each other, so that is refused. */
export function allOf(...conditions: Conditions[]): Conditions {
  const merged: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, keys] of conditions.flatMap((c) => Object.entries(c))) {
    for (const [key, value] of Object.entries(keys)) {
      const before = merged[operator]?.[key];
      if (before !== undefined && canonical(before) !== canonical(value)) {
        throw new Error(`'principal' must not have a condition that the scope has too, got '${operator}' on '${key}'; grant without it, or without a scope`);
      }
      (merged[operator] ??= {})[key] = value;
    }
  }
  return merged;
}

/** Members by their identity: an account, an organization, the ARN of a role. */
interface Group {
  readonly kind: Publisher['kind'];
  readonly key: string;
  readonly scope: Scope;
  readonly members: Map<string, Member>;
  readonly conditions: Conditions;
}

interface Member {
  readonly account?: string;
  readonly principal?: Json;
}

function addTo(groups: Map<string, Group>, { publisher, scope }: Grant): void {
  const own = publisher.kind === 'Principal' ? canonical([publisher.principal, publisher.conditions]) : '';
  const key = canonical([publisher.kind, sorted(scope.sources) ?? null, sorted(scope.detailTypes) ?? null, own]);
  const conditions = publisher.kind === 'Principal' ? publisher.conditions : {};
  const group = groups.get(key) ?? { kind: publisher.kind, key, scope, members: new Map<string, Member>(), conditions };
  groups.set(key, group);
  for (const [id, member] of membersOf(publisher)) group.members.set(id, member);
}

function membersOf(publisher: Publisher): [string, Member][] {
  switch (publisher.kind) {
    case 'Accounts': return publisher.accounts.map((account) => [account, { account }]);
    case 'Organizations': return publisher.organizations.map((organization) => [organization, {}]);
    case 'Roles': return publisher.roles.map(({ account, arn }) => [arn, { account }]);
    case 'Principal': return [[canonical([publisher.principal, publisher.conditions]), { principal: publisher.principal }]];
  }
}

/** Whether a wider group makes this member of another one superfluous. */
function includes(wider: Group, id: string, narrower: Group): boolean {
  if (wider === narrower || wider.key === narrower.key || !covers(wider.scope, narrower.scope)) return false;
  if (wider.kind === narrower.kind) return wider.members.has(id);
  const account = narrower.members.get(id)?.account;
  return wider.kind === 'Accounts' && narrower.kind === 'Roles' && account !== undefined && wider.members.has(account);
}

function covers(wider: Scope, narrower: Scope): boolean {
  const covered = (a?: string[], b?: string[]) => a === undefined || (b !== undefined && b.every((value) => a.includes(value)));
  return covered(wider.sources, narrower.sources) && covered(wider.detailTypes, narrower.detailTypes);
}

function render(group: Group, bus: { arn: string; partition: string }): Statement {
  const ids = sorted([...group.members.keys()]);
  const accounts = sorted([...group.members.values()].flatMap((m) => m.account ?? []));
  const roots = { AWS: oneOrMany(accounts.map((account) => `arn:${bus.partition}:iam::${account}:root`)) };
  const form: { [kind in Publisher['kind']]: () => [Json, Conditions] } = {
    Accounts: () => [roots, {}],
    Organizations: () => ['*', { StringEquals: { 'aws:PrincipalOrgID': oneOrMany(ids) } }],
    Roles: () => [roots, { ArnEquals: { 'aws:PrincipalArn': oneOrMany(ids) } }],
    Principal: () => [[...group.members.values()][0].principal!, group.conditions],
  };
  const [principal, own] = form[group.kind]();
  const conditions = allOf(own, scopeConditions(group.scope));
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: 'events:PutEvents',
    Resource: bus.arn,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions as Json }),
  };
}

function sorted(values: string[]): string[];
function sorted(values: string[] | undefined): string[] | undefined;
function sorted(values: string[] | undefined): string[] | undefined {
  return values && [...new Set(values)].sort();
}
