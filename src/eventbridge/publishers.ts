import { ServiceSources, mergeableSources, renderSources, sourcesMergeKey } from './service-sources';
import { Conditions, uniqueSorted } from '../iam/conditions';
import { Json, canonical, isObject, toList, scalarOrList } from '../iam/statement';

/** The principals of a grant, as data. */
export type Publisher =
  | AccountPublishers
  | OrganizationPublishers
  | OrganizationalUnitPublishers
  | RolePublishers
  | ServicePublisher
  | PrincipalPublisher;

interface AccountPublishers {
  readonly kind: 'Accounts';
  readonly accounts: string[];
}

interface OrganizationPublishers {
  readonly kind: 'Organizations';
  readonly organizations: string[];
}

interface OrganizationalUnitPublishers {
  readonly kind: 'OrganizationalUnits';
  readonly paths: string[];
}

interface RolePublishers {
  readonly kind: 'Roles';
  readonly roles: RoleIdentity[];
}

interface ServicePublisher {
  readonly kind: 'Service';
  readonly service: string;
  readonly sources: ServiceSources;
}

interface PrincipalPublisher {
  readonly kind: 'Principal';
  readonly principal: Json;
  readonly conditions: Conditions;
}

export interface RoleIdentity {
  readonly account: string;
  readonly arn: string;
}

/** The principal of a statement, and its conditions on the principal. */
export interface PrincipalClause {
  /** Distinguishes the statements of a group that needs more than one. */
  readonly variant?: string;
  readonly principal: Json;
  readonly conditions: Conditions;
}

/** The members of a group by their id: an account, an organization, a path or a role ARN. Roles have their account. */
type Members = ReadonlyMap<string, string | undefined>;

/** Publishers that can share a statement. */
export interface PublisherGroup {
  readonly kind: Publisher['kind'];
  /** Any of the publishers. */
  readonly publisher: Publisher;
  /** The properties that publishers of the kind must have in common, as JSON text. */
  readonly mergeKey: string;
  readonly members: Members;
}

/** How a statement represents accounts. */
export interface AccountPrincipalOptions {
  readonly partition: string;
  /**
   * The account of the bus. A wildcard principal never includes it, because its principals would not need an
   * identity-based policy.
   */
  readonly account: string;
  /** Whether accounts are listed in a condition instead of the principal. */
  readonly compact: boolean;
}

/** How publishers of one kind are grouped and rendered. */
interface PublisherKind<P extends Publisher> {
  mergeKey(publisher: P): string;
  members(publisher: P): Members;
  /** The principals and conditions that match exactly the members. */
  render(group: { ids: string[]; members: Members; publisher: P }, options: AccountPrincipalOptions): PrincipalClause[];
}

const PUBLISHER_KINDS: { readonly [K in Publisher['kind']]: PublisherKind<Extract<Publisher, { kind: K }>> } = {
  Accounts: {
    mergeKey: () => '',
    members: ({ accounts }) => membersById(accounts),
    render: ({ ids }, options) =>
      options.compact ? accountsInCondition(ids, options) : accountsInPrincipal(ids, options),
  },
  Organizations: {
    mergeKey: () => '',
    members: ({ organizations }) => membersById(organizations),
    render: ({ ids }) => [anyPrincipalWith('StringEquals', 'aws:PrincipalOrgID', ids)],
  },
  OrganizationalUnits: {
    mergeKey: () => '',
    members: ({ paths }) => membersById(paths),
    render: ({ ids }) => [anyPrincipalWith('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', ids)],
  },
  Roles: {
    mergeKey: () => '',
    members: ({ roles }) => new Map(roles.map(({ account, arn }) => [arn, account])),
    render: ({ ids, members }, options) => [
      {
        principal: accountRootPrincipals(uniqueSorted([...members.values()].filter(isDefined)), options),
        conditions: { StringEquals: { 'aws:PrincipalArn': scalarOrList(ids) } },
      },
    ],
  },
  Service: {
    mergeKey: ({ service, sources }) => canonical([service, ...sourcesMergeKey(sources)]),
    members: ({ sources }) => membersById(mergeableSources(sources) ?? ['']),
    render: ({ ids, publisher: { service, sources } }) => [
      { principal: { Service: service }, conditions: renderSources(sources, ids) },
    ],
  },
  Principal: {
    mergeKey: ({ principal, conditions }) => canonical([principal, conditions]),
    members: () => membersById(['']),
    render: ({ publisher: { principal, conditions } }) => [{ principal, conditions }],
  },
};

/** The AWS service that a publisher is. */
export function serviceOf(publisher: Publisher): string | undefined {
  if (publisher.kind === 'Service') return publisher.service;
  if (publisher.kind !== 'Principal' || !isObject(publisher.principal)) return undefined;
  return toList(publisher.principal.Service)[0];
}

function kindOf<P extends Publisher>({ kind }: P): PublisherKind<P> {
  return PUBLISHER_KINDS[kind] as PublisherKind<Publisher>;
}

export function publisherGroupOf(publisher: Publisher): PublisherGroup {
  const kind = kindOf(publisher);
  return {
    kind: publisher.kind,
    publisher,
    mergeKey: kind.mergeKey(publisher),
    members: kind.members(publisher),
  };
}

/** The principals and conditions that match exactly the members of a group. */
export function principalClauseOf(
  { publisher, members }: PublisherGroup,
  options: AccountPrincipalOptions,
): PrincipalClause[] {
  return kindOf(publisher).render({ ids: uniqueSorted([...members.keys()]), members, publisher }, options);
}

function membersById(ids: string[]): Members {
  return new Map(ids.map((id) => [id, undefined]));
}

function isDefined(value: string | undefined): value is string {
  return value !== undefined;
}

function anyPrincipalWith(operator: string, key: string, values: string[]): PrincipalClause {
  return { principal: '*', conditions: { [operator]: { [key]: scalarOrList(values) } } };
}

/** Whether a group includes a member of another group. */
export function isIncludedIn(wider: PublisherGroup, id: string, group: PublisherGroup): boolean {
  if (wider.kind === group.kind && wider.mergeKey === group.mergeKey && wider.members.has(id)) return true;
  if (wider.kind === 'Accounts') {
    const account = group.members.get(id);
    return group.kind === 'Roles' && account !== undefined && wider.members.has(account);
  }
  if (group.kind !== 'OrganizationalUnits') return false;
  if (wider.kind === 'Organizations') return wider.members.has(id.split('/')[0]);
  return isInOrganizationalUnit(wider, id);
}

/** Whether an organizational unit is below another one in the group that includes all units below it. */
export function isInOrganizationalUnit({ kind, members }: PublisherGroup, id: string): boolean {
  return kind === 'OrganizationalUnits' && [...members.keys()].some((path) => containsOrganizationalUnit(path, id));
}

function containsOrganizationalUnit(path: string, otherPath: string): boolean {
  return path !== otherPath && path.endsWith('/*') && otherPath.startsWith(path.slice(0, -1));
}

function accountsInPrincipal(accounts: string[], options: AccountPrincipalOptions): PrincipalClause[] {
  return [{ principal: accountRootPrincipals(accounts, options), conditions: {} }];
}

/**
 * Accounts in a condition. The bus's own account is listed as a principal instead, so that its principals need an
 * identity-based policy. If it is known only at deployment, a condition excludes it.
 */
function accountsInCondition(accounts: string[], options: AccountPrincipalOptions): PrincipalClause[] {
  const otherAccounts = accounts.filter((account) => account !== options.account);
  // A single account is shorter as a principal.
  if (otherAccounts.length <= 1) return accountsInPrincipal(accounts, options);
  const areKnown = [options.account, ...otherAccounts].every((account) => /^\d{12}$/.test(account));
  const compact: PrincipalClause = {
    principal: '*',
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': scalarOrList(otherAccounts) },
      ...(!areKnown && { StringNotEquals: { 'aws:PrincipalAccount': options.account } }),
    },
  };
  if (otherAccounts.length === accounts.length) return [compact];
  const [own] = accountsInPrincipal([options.account], options);
  return [compact, { variant: 'own', ...own }];
}

/**
 * The conditions on the principal, which exclude the bus's own account from a wildcard principal. Otherwise its
 * principals would need no identity-based policy, and could manage the rules of the owner without one.
 */
export function excludeOwnAccount(
  { principal, conditions }: PrincipalClause,
  { account }: Pick<AccountPrincipalOptions, 'account'>,
): Conditions {
  const isWildcard = principal === '*' || (isObject(principal) && toList(principal.AWS).includes('*'));
  if (!isWildcard || conditions.StringEquals?.['aws:PrincipalAccount'] !== undefined) return conditions;
  return { ...conditions, StringNotEquals: { ...conditions.StringNotEquals, 'aws:PrincipalAccount': account } };
}

function accountRootPrincipals(accounts: string[], { partition }: AccountPrincipalOptions): Json {
  return { AWS: scalarOrList(accounts.map((account) => `arn:${partition}:iam::${account}:root`)) };
}
