import { AccountPrincipalOptions, Publisher, principalClauseOf, publisherGroupOf } from './publishers';
import { accountOf } from '../iam/arn';
import { parseOperator } from '../iam/condition-operators';
import { Conditions, mergeConditions, uniqueSorted } from '../iam/conditions';
import { documentSize } from '../iam/policy-size';
import { Json, Statement, accountOfRoot, canonical, isObject, scalarOrList, toList } from '../iam/statement';
import { groupedBy } from '../util/group-by';

/** How the grants of a bus policy can be written with fewer characters. */
export type ShorterForm = 'merged' | 'compact' | 'rolesAsAccounts' | 'sharedEvents' | 'organization';

/** A bus policy in a shorter form. */
export interface ShorterPolicy {
  readonly form: ShorterForm;
  /** The characters of the whole policy. */
  readonly characters: number;
  /** The numbers of accounts and roles that the changed statements allow. */
  readonly accounts: number;
  readonly roles: number;
}

/**
 * The forms in which a bus policy is shorter, with its size in each. Only statements that allow accounts or roles to
 * put events change; those for other principals or actions do not.
 *
 * @param ownAccount the account of the bus, which needs a statement of its own
 */
export function shorterPolicies(statements: readonly Json[], ownAccount?: string): ShorterPolicy[] {
  const grants = statements.map((statement) => grantOf(statement, ownAccount)).filter((grant) => grant !== undefined);
  if (grants.length === 0) return [];
  const changed = new Set<Json>(grants.map(({ statement }) => statement));
  const unchanged = statements.filter((statement) => !changed.has(statement));
  const groups = [...groupedBy(grants, ({ key }) => key).values()].map(merge);
  const shared = groups.length > 1 ? withSharedEvents(groups) : undefined;
  const accounts = new Set(grants.flatMap((grant) => (grant.roles.length > 0 ? [] : grant.accounts))).size;
  const roles = new Set(grants.flatMap((grant) => grant.roles)).size;
  const sizeOf = (...replacements: Statement[]) => documentSize([...unchanged, ...replacements]).estimate;
  const current = documentSize([...statements]).estimate;
  const forms: { readonly [form in ShorterForm]: Statement[] | undefined } = {
    merged: groups.flatMap((group) => listed(group)),
    compact: accounts > 0 ? groups.flatMap((group) => listed(group, true)) : undefined,
    rolesAsAccounts: roles > 0 ? groups.flatMap((group) => listed(asAccounts(group))) : undefined,
    sharedEvents: shared && listed(shared),
    organization: groups.some(isForOrganization) ? undefined : (shared ? [shared] : groups).map(organizationStatement),
  };
  const shorter: ShorterPolicy[] = [];
  for (const [form, replacements] of Object.entries(forms)) {
    const characters = replacements === undefined ? current : sizeOf(...replacements);
    // A form that allows more is of use only if it is shorter than a form that allows less.
    const shortest = Math.min(current, ...shorter.filter((one) => KEEPS_ACCESS[one.form]).map((one) => one.characters));
    if (characters < shortest) shorter.push({ form: form as ShorterForm, accounts, roles, characters });
  }
  return shorter;
}

/** Whether the policy in a form allows the same requests. */
const KEEPS_ACCESS: { readonly [form in ShorterForm]: boolean } = {
  merged: true,
  compact: true,
  rolesAsAccounts: false,
  sharedEvents: false,
  organization: false,
};

/** What a statement for accounts or roles allows. */
interface Grant {
  readonly statement: Statement;
  readonly accounts: readonly string[];
  /** The ARNs of roles; none if the statement allows the accounts. */
  readonly roles: readonly string[];
  /** The conditions on events. */
  readonly events: Conditions;
  /** The statement without its principals, as text. */
  readonly key: string;
}

/** Accounts and roles that are allowed to put the same events. */
interface GrantGroup {
  readonly template: Statement;
  readonly accounts: readonly string[];
  readonly roles: readonly string[];
  readonly events: Conditions;
}

function grantOf(statement: Json, ownAccount: string | undefined): Grant | undefined {
  if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Action !== 'events:PutEvents') return undefined;
  const { Sid: _, Principal, Condition, ...others } = statement;
  if (isObject(Condition) && !Object.values(Condition).every(isObject)) return undefined;
  const conditions = (isObject(Condition) ? Condition : {}) as Conditions;
  const { accounts, roles } = principalsOf(Principal, conditions);
  if (accounts.length === 0 || (roles.length === 0 && accounts.join() === ownAccount)) return undefined;
  const events = withoutPrincipals(conditions);
  return { statement, accounts, roles, events, key: canonical([others, events]) };
}

/** The accounts and roles that a statement allows; none if it allows other principals, too. */
function principalsOf(principal: Json, conditions: Conditions): Pick<Grant, 'accounts' | 'roles'> {
  const equals = { ...conditions.ArnEquals, ...conditions.StringEquals };
  if (principal === '*') return onlyAccounts(toList(equals['aws:PrincipalAccount'] ?? []));
  const isAws = isObject(principal) && Object.keys(principal).join() === 'AWS';
  const values = isAws ? toList(principal.AWS) : [];
  const named = toList(equals['aws:PrincipalArn'] ?? []);
  const roles = named.length > 0 ? named : values.filter(isRoleArn);
  if (roles.length === 0) return onlyAccounts(values);
  const areRoles = roles.every(isRoleArn) && (named.length > 0 || roles.length === values.length);
  return areRoles ? { accounts: uniqueSorted(roles.map(accountOf)), roles } : { accounts: [], roles: [] };
}

function onlyAccounts(values: readonly string[]): Pick<Grant, 'accounts' | 'roles'> {
  const accounts = values.map(accountOfRoot).filter((account) => account !== undefined);
  return { accounts: accounts.length === values.length ? accounts : [], roles: [] };
}

function isRoleArn(value: string): boolean {
  return /:role\/[^*?]+$/.test(value);
}

const PRINCIPAL_KEYS = ['aws:PrincipalAccount', 'aws:PrincipalArn'];

function withoutPrincipals(conditions: Conditions): Conditions {
  const entries = Object.entries(conditions).map(([operator, keys]): [string, Conditions[string]] => [
    operator,
    Object.fromEntries(Object.entries(keys).filter(([key]) => !PRINCIPAL_KEYS.includes(key))),
  ]);
  return Object.fromEntries(entries.filter(([, keys]) => Object.keys(keys).length > 0));
}

function merge(grants: readonly Grant[]): GrantGroup {
  const [{ statement, events }] = grants;
  const isForRoles = ({ roles }: Grant) => roles.length > 0;
  const accounts = grants.filter((grant) => !isForRoles(grant)).flatMap((grant) => grant.accounts);
  const roles = grants.filter(isForRoles).flatMap((grant) => grant.roles);
  return { template: statement, accounts: uniqueSorted(accounts), roles: uniqueSorted(roles), events };
}

/** One group for the events of all groups; undefined if their conditions differ in more than their values. */
function withSharedEvents(groups: readonly GrantGroup[]): GrantGroup | undefined {
  const shapes = new Set(groups.map(({ events }) => canonical(shapeOf(events))));
  if (shapes.size > 1) return undefined;
  const [{ template, events }] = groups;
  const union = mapValues(events, (operator, key) => {
    const values = groups.flatMap((group) => toList(group.events[operator][key]));
    return scalarOrList(uniqueSorted(values));
  });
  return {
    template,
    accounts: uniqueSorted(groups.flatMap(({ accounts }) => accounts)),
    roles: uniqueSorted(groups.flatMap(({ roles }) => roles)),
    events: union,
  };
}

/** The conditions without the values that a union extends: further values of a negated operator would deny events. */
function shapeOf(conditions: Conditions): Json {
  const isNegated = (operator: string) => parseOperator(operator).negated;
  return mapValues(conditions, (operator, key) => (isNegated(operator) ? conditions[operator][key] : '')) as Json;
}

function mapValues(conditions: Conditions, value: (operator: string, key: string) => Json): Conditions {
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.keys(keys).map((key) => [key, value(operator, key)])),
    ]),
  );
}

function asAccounts({ roles, accounts, ...group }: GrantGroup): GrantGroup {
  return { ...group, accounts: uniqueSorted([...accounts, ...roles.map(accountOf)]), roles: [] };
}

/** One statement for all accounts of a group, and one for all of its roles. */
function listed(group: GrantGroup, compact = false): Statement[] {
  const roles = group.roles.map((arn) => ({ arn, account: accountOf(arn) }));
  const publishers: Publisher[] = [
    { kind: 'Accounts' as const, accounts: [...group.accounts] },
    { kind: 'Roles' as const, roles },
  ];
  const isEmpty = { Accounts: group.accounts.length === 0, Roles: roles.length === 0 };
  return publishers
    .filter(({ kind }) => !isEmpty[kind as keyof typeof isEmpty])
    .map((publisher) => render(group, publisher, compact));
}

/** Whether the statements of a group have a condition on the organization: another one would not be shorter. */
function isForOrganization({ events }: GrantGroup): boolean {
  const keys = Object.values(events).flatMap((operator) => Object.keys(operator));
  return keys.some((key) => key.toLowerCase() === 'aws:principalorgid');
}

function organizationStatement(group: GrantGroup): Statement {
  return render(group, { kind: 'Organizations', organizations: [SAMPLE_ORGANIZATION] });
}

const SAMPLE_ORGANIZATION = 'o-a1b2c3d4e5';

/** The hash in the IDs that this library generates. */
const SAMPLE_HASH = '0'.repeat(12);

/** An account of the bus that is none of the allowed accounts. */
const NO_ACCOUNT = '000000000000';

function render({ template, events }: GrantGroup, publisher: Publisher, compact = false): Statement {
  const options: AccountPrincipalOptions = { partition: 'aws', account: NO_ACCOUNT, compact };
  const [{ principal, conditions }] = principalClauseOf(publisherGroupOf(publisher), options);
  const merged = mergeConditions(conditions, events);
  const { Condition: _, ...elements } = template;
  return {
    ...elements,
    Sid: `${publisher.kind}-${SAMPLE_HASH}`,
    Principal: principal,
    ...(Object.keys(merged).length > 0 && { Condition: merged as Json }),
  };
}
