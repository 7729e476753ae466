import { partitionOfStatement, statementSize } from '../iam/policy-size';
import { Json, Statement, isObject, toList, accountOfRoot } from '../iam/statement';

/** The size of the grants to accounts in a bus policy, in characters. */
export interface AccountCapacity {
  readonly accounts: number;
  readonly characters: number;
  /** The size of one more account that is allowed in the same way. */
  readonly sizePerAccount: number;
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
  const accountCount = new Set(grants.flatMap(({ accounts }) => accounts)).size;
  return {
    accounts: accountCount,
    characters: sum(grants.map(({ statement }) => sizeOf(statement))),
    sizePerAccount: averageAccountSize(grants, accountCount),
  };
}

/** A statement that allows whole accounts. */
interface AccountGrant {
  readonly statement: Statement;
  readonly accounts: string[];
  /** Whether the accounts are in a condition. */
  readonly compact: boolean;
}

function accountGrant(statement: Json): AccountGrant | undefined {
  if (!isObject(statement) || statement.Effect !== 'Allow') return undefined;
  const { Principal, Condition } = statement;
  const conditions = isObject(Condition) ? Condition : {};
  const equals = isObject(conditions.StringEquals) ? conditions.StringEquals : {};
  const compact = Principal === '*';
  const values = compact ? toList(equals['aws:PrincipalAccount']) : awsPrincipals(Principal);
  const accounts = values.map(accountOfRoot).filter((account) => account !== undefined);
  const areAllAccounts = accounts.length > 0 && accounts.length === values.length;
  if (!areAllAccounts || hasPrincipalArn(conditions)) return undefined;
  return { statement, accounts, compact };
}

function awsPrincipals(principal: Json): readonly string[] {
  return isObject(principal) && Object.keys(principal).join() === 'AWS' ? toList(principal.AWS) : [];
}

function hasPrincipalArn({ StringEquals, ArnEquals }: { readonly [operator: string]: Json }): boolean {
  return [StringEquals, ArnEquals].some((keys) => isObject(keys) && keys['aws:PrincipalArn'] !== undefined);
}

/** The average size of an account: its entries in lists, and the statements for it alone. */
function averageAccountSize(grants: AccountGrant[], accountCount: number): number {
  const [longest] = [...grants].sort((a, b) => b.accounts.length - a.accounts.length);
  const entrySize = entrySizeOf(longest);
  if (accountCount <= 1) return entrySize;
  const sizes = grants.map(({ accounts, statement }) =>
    accounts.length === 1 ? sizeOf(statement) + ','.length : accounts.length * entrySize,
  );
  return Math.ceil(sum(sizes) / accountCount);
}

/** The size of an account in a list, with its comma; without a grant, that of a principal in partition `aws`. */
function entrySizeOf({ statement, compact }: Partial<AccountGrant> = {}): number {
  const account = '0'.repeat(12);
  const value = compact ? account : `arn:${partitionOfStatement(statement ?? {})}:iam::${account}:root`;
  return `"${value}",`.length;
}

function sizeOf(statement: Json): number {
  return statementSize(statement).estimate;
}

function sum(sizes: number[]): number {
  return sizes.reduce((a, b) => a + b, 0);
}
