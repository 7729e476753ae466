import { principalClauseOf, publisherGroupOf } from './publishers';
import { Conditions, mergeConditions } from '../iam/conditions';
import { statementSize } from '../iam/policy-size';
import { Json, Statement, canonical, isObject, toList, accountOfRoot } from '../iam/statement';
import { groupedBy } from '../util/group-by';

/** The size of the grants to accounts in a bus policy, in characters, and what it would be in each form. */
export interface AccountCapacity {
  readonly accounts: number;
  readonly characters: number;
  /** The size of one statement for each set of conditions, with accounts as principals. */
  readonly sizeAsPrincipals: number;
  /** The size of one statement for each set of conditions, with accounts in a condition. */
  readonly sizeAsCondition: number;
  /** The size of one more account that is allowed in the same way. */
  readonly sizePerAccount: number;
  /** The number of statements for a single account that could be merged. */
  readonly unmergedStatements: number;
}

/**
 * Measures the statements of one bus policy. The bus's own account does not count, because each form needs a statement
 * of its own for it.
 */
export function accountCapacity(statements: Json[], ownAccount?: string): AccountCapacity {
  const grants = statements
    .map(accountGrant)
    .filter((grant) => grant !== undefined)
    .filter(({ accounts }) => accounts.join() !== ownAccount);
  const groups = [...groupedBy(grants, ({ conditionsKey }) => conditionsKey).values()];
  const merged = groups.map(mergeGroup);
  const accountCount = new Set(grants.flatMap(({ accounts }) => accounts)).size;
  return {
    accounts: accountCount,
    characters: sum(grants.map(({ statement }) => sizeOf(statement))),
    sizeAsPrincipals: sum(merged.map((grant) => sizeOf(renderGrant(grant, false)))),
    sizeAsCondition: sum(merged.map((grant) => sizeOf(renderGrant(grant, true)))),
    sizePerAccount: averageAccountSize(grants, accountCount),
    unmergedStatements: groups
      .filter((group) => group.length > 1)
      .flat()
      .filter(({ accounts }) => accounts.length === 1).length,
  };
}

/** A statement that allows whole accounts. */
interface AccountGrant {
  readonly statement: Statement;
  readonly accounts: string[];
  /** Whether the accounts are in a condition. */
  readonly compact: boolean;
  /** The statement without its accounts, as text. */
  readonly conditionsKey: string;
}

function accountGrant(statement: Json): AccountGrant | undefined {
  if (!isObject(statement) || statement.Effect !== 'Allow') return undefined;
  const { Sid, Principal, Condition, ...otherElements } = statement;
  const conditions = isObject(Condition) ? Condition : {};
  const equals = isObject(conditions.StringEquals) ? conditions.StringEquals : {};
  const compact = Principal === '*';
  const values = compact ? toList(equals['aws:PrincipalAccount']) : awsPrincipals(Principal);
  const accounts = values.map(accountOfRoot).filter((account) => account !== undefined);
  const areAllAccounts = accounts.length > 0 && accounts.length === values.length;
  if (!areAllAccounts || hasPrincipalArn(conditions)) return undefined;
  const conditionsKey = canonical([
    otherElements,
    { ...conditions, StringEquals: { ...equals, 'aws:PrincipalAccount': [] } },
  ]);
  return { statement, accounts, compact, conditionsKey };
}

function awsPrincipals(principal: Json): readonly string[] {
  return isObject(principal) && Object.keys(principal).join() === 'AWS' ? toList(principal.AWS) : [];
}

function hasPrincipalArn({ StringEquals, ArnEquals }: { readonly [operator: string]: Json }): boolean {
  return [StringEquals, ArnEquals].some((keys) => isObject(keys) && keys['aws:PrincipalArn'] !== undefined);
}

function mergeGroup(group: AccountGrant[]): AccountGrant {
  return { ...group[0], accounts: [...new Set(group.flatMap(({ accounts }) => accounts))] };
}

/** The statement with the accounts as principals or in a condition. */
function renderGrant({ statement, accounts }: AccountGrant, compact: boolean): Json {
  const { Condition, ...otherElements } = statement;
  const { StringEquals = {}, ...otherConditions } = (isObject(Condition) ? Condition : {}) as Conditions;
  const { 'aws:PrincipalAccount': _, ...equals } = StringEquals;
  const group = publisherGroupOf({ kind: 'Accounts', accounts });
  const [{ principal, conditions }] = principalClauseOf(group, { partition: 'aws', account: NO_ACCOUNT, compact });
  const equalsCondition = Object.keys(equals).length > 0 ? { StringEquals: equals } : {};
  const merged = mergeConditions(otherConditions, equalsCondition as Conditions, conditions);
  return {
    ...otherElements,
    Principal: principal,
    ...(Object.keys(merged).length > 0 && { Condition: merged as Json }),
  };
}

/** An account of the bus that is none of the allowed accounts. */
const NO_ACCOUNT = '000000000000';

const PRINCIPAL_CHARACTERS = '"arn:aws:iam::000000000000:root",'.length;
const CONDITION_VALUE_CHARACTERS = '"000000000000",'.length;

/** The average size of an account: its entries in lists, and the statements for it alone. */
function averageAccountSize(grants: AccountGrant[], accountCount: number): number {
  const [longest] = [...grants].sort((a, b) => b.accounts.length - a.accounts.length);
  const entrySize = longest?.compact ? CONDITION_VALUE_CHARACTERS : PRINCIPAL_CHARACTERS;
  if (accountCount <= 1) return entrySize;
  const sizes = grants.map(({ accounts, statement }) =>
    accounts.length === 1 ? sizeOf(statement) + ','.length : accounts.length * entrySize,
  );
  return Math.ceil(sum(sizes) / accountCount);
}

function sizeOf(statement: Json): number {
  return statementSize(statement).estimate;
}

function sum(sizes: number[]): number {
  return sizes.reduce((a, b) => a + b, 0);
}
