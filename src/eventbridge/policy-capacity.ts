import { principalClauseOf, publisherGroupOf } from './publishers';
import { Conditions, mergeConditions } from '../iam/conditions';
import { statementSize } from '../iam/policy-size';
import { Json, canonical, isObject, toList, accountOfRoot } from '../iam/statement';

/** What the grants to accounts in a bus policy take, in characters, and would take in each form. */
export interface AccountCapacity {
  readonly accounts: number;
  readonly characters: number;
  /** In one statement for each scope, as principals. */
  readonly sizeAsPrincipals: number;
  /** In one statement for each scope, by a condition. */
  readonly sizeAsCondition: number;
  /** What one more account takes, if it is let in as those are. */
  readonly sizePerAccount: number;
  /** Statements for one account alone that say what others say for theirs. */
  readonly unmergedStatements: number;
}

/**
 * Measures the statements of one bus policy. The bus's own account does not count: it stands by itself in every form.
 */
export function accountCapacity(statements: Json[], ownAccount?: string): AccountCapacity {
  const grants = statements
    .flatMap((statement) => accountGrant(statement) ?? [])
    .filter(({ accounts }) => accounts.join() !== ownAccount);
  const scopes = new Map<string, AccountGrant[]>();
  for (const grant of grants) scopes.set(grant.rest, [...(scopes.get(grant.rest) ?? []), grant]);
  const merged = [...scopes.values()].map((group) => ({
    ...group[0],
    accounts: [...new Set(group.flatMap((g) => g.accounts))],
  }));
  const accounts = new Set(grants.flatMap((g) => g.accounts)).size;
  return {
    accounts,
    characters: sum(grants.map(({ statement }) => size(statement))),
    sizeAsPrincipals: sum(merged.map((grant) => size(written(grant, false)))),
    sizeAsCondition: sum(merged.map((grant) => size(written(grant, true)))),
    sizePerAccount: another(grants, accounts),
    unmergedStatements: [...scopes.values()]
      .filter((group) => group.length > 1)
      .flat()
      .filter((grant) => grant.accounts.length === 1).length,
  };
}

interface AccountGrant {
  readonly statement: { readonly [element: string]: Json };
  readonly accounts: string[];
  readonly compact: boolean;
  /** All but the accounts, as text. */
  readonly rest: string;
}

/** The accounts of a statement that lets in whole accounts, in either form. */
function accountGrant(statement: Json): AccountGrant | undefined {
  if (!isObject(statement) || statement.Effect !== 'Allow') return undefined;
  const { Sid, Principal, Condition, ...rest } = statement;
  const conditions = isObject(Condition) ? Condition : {};
  const equals = isObject(conditions.StringEquals) ? conditions.StringEquals : {};
  const compact = Principal === '*';
  const values = compact
    ? toList(equals['aws:PrincipalAccount'])
    : toList(isObject(Principal) && Object.keys(Principal).join() === 'AWS' ? Principal.AWS : []);
  const accounts = values.flatMap((value) => accountOfRoot(value) ?? []);
  const roles = [conditions.StringEquals, conditions.ArnEquals].some(
    (keys) => isObject(keys) && keys['aws:PrincipalArn'] !== undefined,
  );
  if (accounts.length === 0 || accounts.length < values.length || roles) return undefined;
  return {
    statement,
    accounts,
    compact,
    rest: canonical([rest, { ...conditions, StringEquals: { ...equals, 'aws:PrincipalAccount': [] } }]),
  };
}

/** The same grant, in one of the forms. */
function written({ statement, accounts }: AccountGrant, compact: boolean): Json {
  const { Condition, ...bare } = statement;
  const { StringEquals = {}, ...others } = (isObject(Condition) ? Condition : {}) as Conditions;
  const { 'aws:PrincipalAccount': _, ...equals } = StringEquals;
  const [{ principal, conditions }] = principalClauseOf(publisherGroupOf({ kind: 'Accounts', accounts }), {
    partition: 'aws',
    account: NO_ACCOUNT,
    compact,
  });
  const all = mergeConditions(
    others,
    ...(Object.keys(equals).length > 0 ? [{ StringEquals: equals }] : []),
    conditions,
  );
  return { ...bare, Principal: principal, ...(Object.keys(all).length > 0 && { Condition: all as Json }) };
}

/** The bus's own, so that none of the accounts is. */
const NO_ACCOUNT = '000000000000';

const LISTED_ACCOUNT = '"arn:aws:iam::000000000000:root",'.length;
const COMPACT_ACCOUNT = '"000000000000",'.length;

/** What an account takes by now: its places in lists, and the statements that are for one account alone. */
function another(grants: AccountGrant[], accounts: number): number {
  const [longest] = [...grants].sort((a, b) => b.accounts.length - a.accounts.length);
  const place = longest?.compact ? COMPACT_ACCOUNT : LISTED_ACCOUNT;
  if (accounts <= 1) return place;
  const taken = grants.map((grant) =>
    grant.accounts.length === 1 ? size(grant.statement) + ','.length : grant.accounts.length * place,
  );
  return Math.ceil(sum(taken) / accounts);
}

function size(statement: Json): number {
  return statementSize(statement).estimate;
}

function sum(sizes: number[]): number {
  return sizes.reduce((a, b) => a + b, 0);
}
