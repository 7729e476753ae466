import { Json, canonical, isObject, listOf, oneOrMany } from './statement';

/** Who may publish, as data. */
export type Publisher =
  | { readonly kind: 'Accounts'; readonly accounts: string[] }
  | { readonly kind: 'Organizations'; readonly organizations: string[] }
  | { readonly kind: 'OrganizationalUnits'; readonly paths: string[] }
  | { readonly kind: 'Roles'; readonly roles: RoleIdentity[] }
  | { readonly kind: 'Service'; readonly service: string; readonly sources: Sources }
  | { readonly kind: 'Principal'; readonly principal: Json; readonly conditions: Conditions };

export interface RoleIdentity {
  readonly account: string;
  readonly arn: string;
}

/** For whom a service may act. What is given must all hold. */
export interface Sources {
  readonly accounts?: string[];
  readonly arns?: string[];
  readonly organization?: string;
}

/** Condition operators, each with its keys and values. */
export type Conditions = { readonly [operator: string]: { readonly [key: string]: Json } };

/** Whom a statement lets in: its principal, and the conditions on the caller. */
export interface Callers {
  /** Tells statements of one group apart, where a form needs two. */
  readonly part?: string;
  readonly principal: Json;
  readonly conditions: Conditions;
}

/** Members of one kind that can share a statement, by their identity: an account, an organization, the ARN of a role. */
export interface Members {
  readonly kind: Publisher['kind'];
  /** What members must have in common besides their kind, as JSON text. */
  readonly alike: string;
  readonly members: ReadonlyMap<string, Member>;
}

interface Member {
  readonly account?: string;
}

/** How accounts stand in a statement. */
export interface AccountForm {
  readonly partition: string;
  /** The bus's own account: never part of a wildcard that stands for accounts, because it would need no identity policy then. */
  readonly account: string;
  readonly compact: boolean;
}

export function membersOf(publisher: Publisher): Members {
  const named = (ids: string[], alike = '') => ({ kind: publisher.kind, alike, members: new Map<string, Member>(ids.map((id) => [id, {}])) });
  switch (publisher.kind) {
    case 'Accounts': return { ...named([]), members: new Map(publisher.accounts.map((account) => [account, { account }])) };
    case 'Organizations': return named(publisher.organizations);
    case 'OrganizationalUnits': return named(publisher.paths);
    case 'Roles': return { ...named([]), members: new Map(publisher.roles.map(({ account, arn }) => [arn, { account }])) };
    case 'Service': return serviceMembers(publisher.service, sourceConditions(publisher.sources));
    case 'Principal': return named(principalParts(publisher.principal), canonical(publisher.conditions));
  }
}

/** A service with one condition on its sources shares a statement with other sources of the same kind; one with several is by itself. */
function serviceMembers(service: string, conditions: [operator: string, key: string, values: string[]][]): Members {
  const [operator, key, values] = conditions[0];
  const alike = conditions.length === 1 ? [service, operator, key] : [service, ...conditions];
  return { kind: 'Service', alike: canonical(alike), members: new Map((conditions.length === 1 ? values : [service]).map((id) => [id, {}])) };
}

function sourceConditions({ accounts, arns, organization }: Sources): [operator: string, key: string, values: string[]][] {
  return [
    ...(accounts ? [['StringEquals', 'aws:SourceAccount', sorted(accounts)] as [string, string, string[]]] : []),
    ...(arns ? [['ArnLike', 'aws:SourceArn', sorted(arns)] as [string, string, string[]]] : []),
    ...(organization ? [['StringEquals', 'aws:SourceOrgID', [organization]] as [string, string, string[]]] : []),
  ];
}

/** A principal as text of its parts, each `[type, value]`. */
function principalParts(principal: Json): string[] {
  const byType = isObject(principal) ? Object.entries(principal) : [['*', principal] as [string, Json]];
  return byType.flatMap(([type, values]) => listOf(values).map((value) => canonical([type, value])));
}

/** Whether somebody of one group is let in by another one too. */
export function isAmong(wider: Members, id: string, { kind, alike, members }: Members): boolean {
  if (wider.kind === kind && wider.alike === alike && wider.members.has(id)) return true;
  const account = members.get(id)?.account;
  if (wider.kind === 'Accounts') return kind === 'Roles' && account !== undefined && wider.members.has(account);
  if (kind !== 'OrganizationalUnits') return false;
  if (wider.kind === 'Organizations') return wider.members.has(id.split('/')[0]);
  return isBelow(wider, id);
}

/** Whether an organizational unit lies below another one of the group, which stands for everything below it. */
export function isBelow({ kind, members }: Members, id: string): boolean {
  return kind === 'OrganizationalUnits' && [...members.keys()].some((path) => isAbove(path, id));
}

function isAbove(path: string, other: string): boolean {
  return path !== other && path.endsWith('/*') && other.startsWith(path.slice(0, -1));
}

/** The principals and conditions that let the members in, and nobody else. */
export function callersOf({ kind, alike, members }: Members, form: AccountForm): Callers[] {
  const ids = sorted([...members.keys()]);
  const accounts = sorted([...members.values()].flatMap((m) => m.account ?? []));
  switch (kind) {
    case 'Accounts': return form.compact ? compactAccounts(accounts, form) : [{ principal: roots(accounts, form), conditions: {} }];
    case 'Organizations': return [{ principal: '*', conditions: { StringEquals: { 'aws:PrincipalOrgID': oneOrMany(ids) } } }];
    case 'OrganizationalUnits': return [{ principal: '*', conditions: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': oneOrMany(ids) } } }];
    case 'Roles': return [{ principal: roots(accounts, form), conditions: { ArnEquals: { 'aws:PrincipalArn': oneOrMany(ids) } } }];
    case 'Service': return [serviceCaller(JSON.parse(alike), ids)];
    case 'Principal': return [{ principal: principalOf(ids), conditions: JSON.parse(alike) as Conditions }];
  }
}

function serviceCaller([service, ...rest]: [string, ...unknown[]], ids: string[]): Callers {
  const alone = typeof rest[0] === 'string';
  const all = (alone ? [[...rest, ids]] : rest) as [operator: string, key: string, values: string[]][];
  const conditions: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, key, values] of all) (conditions[operator] ??= {})[key] = oneOrMany(values);
  return { principal: { Service: service }, conditions };
}

function principalOf(parts: string[]): Json {
  const types: { [type: string]: string[] } = {};
  for (const [type, value] of parts.map((part) => JSON.parse(part) as [string, string])) (types[type] ??= []).push(value);
  if (types['*']) return '*';
  return Object.fromEntries(Object.entries(types).map(([type, values]) => [type, oneOrMany(values)]));
}

/** The own account is named as a principal: it needs an identity policy then. Where only deployment tells which it is, a condition keeps it out. */
function compactAccounts(accounts: string[], form: AccountForm): Callers[] {
  const others = accounts.filter((account) => account !== form.account);
  const certain = [form.account, ...others].every((account) => /^\d{12}$/.test(account));
  const compact: Callers = {
    principal: '*',
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': oneOrMany(others) },
      ...(!certain && { StringNotEquals: { 'aws:PrincipalAccount': form.account } }),
    },
  };
  const own: Callers = { part: 'own', principal: roots([form.account], form), conditions: {} };
  return [...(others.length > 0 ? [compact] : []), ...(others.length < accounts.length ? [own] : [])];
}

function roots(accounts: string[], { partition }: AccountForm): Json {
  return { AWS: oneOrMany(accounts.map((account) => `arn:${partition}:iam::${account}:root`)) };
}

export function sorted(values: string[]): string[] {
  return [...new Set(values)].sort();
}
