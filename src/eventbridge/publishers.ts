import { Conditions, mergeConditions, uniqueSorted } from '../iam/conditions';
import { Json, canonical, isObject, toList, scalarOrList } from '../iam/statement';

/** Who may publish, as data. */
export type Publisher =
  | { readonly kind: 'Accounts'; readonly accounts: string[] }
  | { readonly kind: 'Organizations'; readonly organizations: string[] }
  | { readonly kind: 'OrganizationalUnits'; readonly paths: string[] }
  | { readonly kind: 'Roles'; readonly roles: RoleIdentity[] }
  | { readonly kind: 'Service'; readonly service: string; readonly sources: ServiceSources }
  | { readonly kind: 'Principal'; readonly principal: Json; readonly conditions: Conditions };

export interface RoleIdentity {
  readonly account: string;
  readonly arn: string;
}

/** For whom a service may act. What is given must all hold. */
export interface ServiceSources {
  readonly accounts?: string[];
  readonly arns?: string[];
  readonly organization?: string;
}

/** Whom a statement lets in: its principal, and the conditions on the caller. */
export interface PrincipalClause {
  /** Tells statements of one group apart, where a form needs two. */
  readonly part?: string;
  readonly principal: Json;
  readonly conditions: Conditions;
}

/**
 * Members of one kind that can share a statement, by their identity (an account, an organization, the ARN of a role),
 * each with its account.
 */
export interface PublisherGroup {
  readonly kind: Publisher['kind'];
  /** What members must have in common besides their kind, as JSON text. */
  readonly alike: string;
  readonly members: ReadonlyMap<string, string | undefined>;
  /** The principals and conditions that let these in, and nobody else. */
  readonly callers: (ids: string[], accounts: string[], form: AccountPrincipalOptions) => PrincipalClause[];
}

/** How accounts stand in a statement. */
export interface AccountPrincipalOptions {
  readonly partition: string;
  /**
   * The bus's own account: never part of a wildcard that stands for accounts, because it would need no identity policy
   * then.
   */
  readonly account: string;
  readonly compact: boolean;
}

export function publisherGroupOf(publisher: Publisher): PublisherGroup {
  const { kind } = publisher;
  const anyoneWith = (operator: string, key: string) => (ids: string[]) => [
    { principal: '*', conditions: { [operator]: { [key]: scalarOrList(ids) } } },
  ];
  switch (publisher.kind) {
    case 'Accounts':
      return {
        kind,
        alike: '',
        members: new Map(publisher.accounts.map((account) => [account, account])),
        callers: (_, accounts, form) =>
          form.compact
            ? accountsAsCondition(accounts, form)
            : [{ principal: accountRootPrincipals(accounts, form), conditions: {} }],
      };
    case 'Organizations':
      return {
        kind,
        alike: '',
        members: named(publisher.organizations),
        callers: anyoneWith('StringEquals', 'aws:PrincipalOrgID'),
      };
    case 'OrganizationalUnits':
      return {
        kind,
        alike: '',
        members: named(publisher.paths),
        callers: anyoneWith('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths'),
      };
    case 'Roles':
      return {
        kind,
        alike: '',
        members: new Map(publisher.roles.map(({ account, arn }) => [arn, account])),
        callers: (ids, accounts, form) => [
          {
            principal: accountRootPrincipals(accounts, form),
            conditions: { StringEquals: { 'aws:PrincipalArn': scalarOrList(ids) } },
          },
        ],
      };
    case 'Service':
      return serviceMembers(publisher.service, publisher.sources);
    case 'Principal': {
      const { principal, conditions } = publisher;
      return {
        kind,
        alike: canonical([principal, conditions]),
        members: named(['']),
        callers: () => [{ principal, conditions }],
      };
    }
  }
}

function named(ids: string[]): Map<string, undefined> {
  return new Map(ids.map((id) => [id, undefined]));
}

/**
 * A service with one condition on its sources shares a statement with other sources of the same kind; one with several
 * is by itself.
 */
function serviceMembers(service: string, { accounts, arns, organization }: ServiceSources): PublisherGroup {
  const all: [operator: string, key: string, values: string[] | undefined][] = [
    ['StringEquals', 'aws:SourceAccount', accounts],
    ['ArnLike', 'aws:SourceArn', arns],
    ['StringEquals', 'aws:SourceOrgID', organization ? [organization] : undefined],
  ];
  const given = all.flatMap(([operator, key, values]) =>
    values ? [{ operator, key, values: uniqueSorted(values) }] : [],
  );
  const alone = given.length === 1;
  const conditions = (ids: string[]) =>
    mergeConditions(...given.map((one) => ({ [one.operator]: { [one.key]: scalarOrList(alone ? ids : one.values) } })));
  return {
    kind: 'Service',
    alike: canonical([service, ...given.map(({ operator, key, values }) => [operator, key, ...(alone ? [] : values)])]),
    members: named(alone ? given[0].values : ['']),
    callers: (ids) => [{ principal: { Service: service }, conditions: conditions(ids) }],
  };
}

/** Whether somebody of one group is let in by another one too. */
export function isIncludedIn(wider: PublisherGroup, id: string, { kind, alike, members }: PublisherGroup): boolean {
  if (wider.kind === kind && wider.alike === alike && wider.members.has(id)) return true;
  const account = members.get(id);
  if (wider.kind === 'Accounts') return kind === 'Roles' && account !== undefined && wider.members.has(account);
  if (kind !== 'OrganizationalUnits') return false;
  if (wider.kind === 'Organizations') return wider.members.has(id.split('/')[0]);
  return isInOrganizationalUnit(wider, id);
}

/** Whether an organizational unit lies below another one of the group, which stands for everything below it. */
export function isInOrganizationalUnit({ kind, members }: PublisherGroup, id: string): boolean {
  return kind === 'OrganizationalUnits' && [...members.keys()].some((path) => containsOrganizationalUnit(path, id));
}

function containsOrganizationalUnit(path: string, other: string): boolean {
  return path !== other && path.endsWith('/*') && other.startsWith(path.slice(0, -1));
}

export function principalClauseOf(
  { members, callers }: PublisherGroup,
  form: AccountPrincipalOptions,
): PrincipalClause[] {
  return callers(
    uniqueSorted([...members.keys()]),
    uniqueSorted([...members.values()].flatMap((account) => account ?? [])),
    form,
  );
}

/**
 * The own account is named as a principal: it needs an identity policy then. Where only deployment tells which it is, a
 * condition keeps it out.
 */
function accountsAsCondition(accounts: string[], form: AccountPrincipalOptions): PrincipalClause[] {
  const others = accounts.filter((account) => account !== form.account);
  // One account is shorter as a principal.
  if (others.length <= 1) return [{ principal: accountRootPrincipals(accounts, form), conditions: {} }];
  const certain = [form.account, ...others].every((account) => /^\d{12}$/.test(account));
  const compact: PrincipalClause = {
    principal: '*',
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': scalarOrList(others) },
      ...(!certain && { StringNotEquals: { 'aws:PrincipalAccount': form.account } }),
    },
  };
  const own: PrincipalClause = { part: 'own', principal: accountRootPrincipals([form.account], form), conditions: {} };
  return others.length < accounts.length ? [compact, own] : [compact];
}

/**
 * The conditions on callers, with the bus's own account kept out where a wildcard stands for them: its principals need
 * no identity policy under a wildcard, and would manage the owner's rules with none.
 */
export function excludeOwnAccount(
  { principal, conditions }: PrincipalClause,
  { account }: Pick<AccountPrincipalOptions, 'account'>,
): Conditions {
  const wildcard = principal === '*' || (isObject(principal) && toList(principal.AWS).includes('*'));
  if (!wildcard || conditions.StringEquals?.['aws:PrincipalAccount'] !== undefined) return conditions;
  return { ...conditions, StringNotEquals: { ...conditions.StringNotEquals, 'aws:PrincipalAccount': account } };
}

function accountRootPrincipals(accounts: string[], { partition }: AccountPrincipalOptions): Json {
  return { AWS: scalarOrList(accounts.map((account) => `arn:${partition}:iam::${account}:root`)) };
}
