import { QuotaPart, describeLargest, formatNumber, pluralize } from './quota-usage';
import { describeShorterPolicies } from './shorter-policies.messages';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { AccountCapacity, accountCapacity } from '../../eventbridge/policy-capacity';
import {
  QUEUE_POLICY_PRINCIPALS,
  QUEUE_POLICY_STATEMENTS,
  TOPIC_POLICY_PRINCIPALS,
  TOPIC_POLICY_STATEMENTS,
} from '../../eventbridge/quotas';
import { accountOf } from '../../iam/arn';
import { Unit, statementSize } from '../../iam/policy-size';
import { FindingId } from '../finding-id';

/** A kind of resource-based policy, with the texts of its findings. */
export interface PolicyKind {
  readonly id: FindingId;
  /** The policy without the ARN of the resource, such as `policy of bus`. */
  readonly noun: string;
  readonly unit: Unit;
  /** Whether one resource defines the whole policy. If not, each resource adds statements. */
  readonly isWholePolicy: boolean;
  /** The maximum number of statements, if there is one. */
  readonly maxStatements?: number;
  /** The maximum number of principals, if there is one. */
  readonly maxPrincipals?: number;
  /** Whether AWS documents no limit, so that it is unknown whether it rejects a longer policy. */
  readonly isUndocumented?: boolean;
  /**
   * Whether a statement that is replaced is in the policy together with its successor for a while, so that the policy
   * needs room for both.
   */
  readonly replacesStatements?: boolean;
  /** Describes the content of a policy that has so many units left, which is negative if it has too many. */
  readonly describe: (statements: ResourcePolicyStatement[], remaining: number) => PolicyDescription;
}

/** A kind of policy with its limits. */
export interface PolicyQuota extends PolicyKind {
  readonly limitOf: (arn: string) => { readonly limit: number; readonly threshold: number };
}

/** What makes a policy long, and alternatives to shorten it. */
export interface PolicyDescription {
  readonly reason?: string;
  readonly fixes: readonly string[];
}

export const EVENT_BUS: PolicyKind = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  noun: 'policy of bus',
  unit: 'characters',
  isWholePolicy: false,
  replacesStatements: true,
  describe: describeEventBusPolicy,
};

export const EVENT_BUS_V2: PolicyKind = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  noun: 'policy of bus',
  unit: 'characters',
  isWholePolicy: true,
  describe: (statements) => {
    const fixes = describeShorterPolicies(statements, 'generation 2');
    const reason = describeStatements(statements, 5);
    return { reason, fixes: [...fixes, 'distribute the publishers over several buses'] };
  },
};

export const FUNCTION: PolicyKind = {
  id: FindingId.FUNCTION_POLICY_SIZE,
  noun: 'resource-based policy of function',
  unit: 'characters',
  isWholePolicy: false,
  describe: (statements) => ({
    reason: describeStatements(statements, 1),
    fixes: [
      "create one permission for all rules of a bus (set 'permissionScope' of LambdaEventTarget to " +
        'LambdaPermissionScope.EVENT_BUS)',
      'distribute the rules over several aliases, each of which has its own policy',
    ],
  }),
};

export const QUEUE: PolicyKind = {
  id: FindingId.QUEUE_POLICY_SIZE,
  noun: 'policy of queue',
  unit: 'characters',
  isWholePolicy: true,
  maxStatements: QUEUE_POLICY_STATEMENTS,
  maxPrincipals: QUEUE_POLICY_PRINCIPALS,
  describe: (statements) => ({
    reason: describeStatements(statements, 5),
    fixes: [
      "use one statement for all rules or topics, with a list as 'aws:SourceArn', or a pattern with 'ArnLike'",
      'distribute them over several queues',
    ],
  }),
};

const SHARED_STATEMENTS =
  'use one statement for all accounts or roles, with a list, as the permissions of this library do, or allow the ' +
  'organization';

export const TOPIC: PolicyKind = {
  id: FindingId.TOPIC_POLICY_SIZE,
  noun: 'policy of topic',
  unit: 'bytes',
  isWholePolicy: true,
  maxStatements: TOPIC_POLICY_STATEMENTS,
  maxPrincipals: TOPIC_POLICY_PRINCIPALS,
  describe: (statements) => ({
    reason: describeStatements(statements, 5, 'bytes'),
    fixes: [SHARED_STATEMENTS, 'distribute them over several topics'],
  }),
};

export const STREAM: PolicyKind = {
  id: FindingId.STREAM_POLICY_SIZE,
  noun: 'policy of stream',
  unit: 'bytes',
  isWholePolicy: true,
  isUndocumented: true,
  describe: (statements) => ({
    reason: describeStatements(statements, 5, 'bytes'),
    fixes: [SHARED_STATEMENTS, 'distribute them over several streams'],
  }),
};

export const API: PolicyKind = {
  id: FindingId.API_POLICY_SIZE,
  noun: 'policy of API',
  unit: 'characters',
  isWholePolicy: true,
  describe: (statements) => ({
    reason: describeStatements(statements, 5),
    fixes: [SHARED_STATEMENTS, "request a quota increase (Service Quotas L-8B81B02C) and set 'apiPolicyLimit'"],
  }),
};

export const KEY: PolicyKind = {
  id: FindingId.KEY_POLICY_SIZE,
  noun: 'policy of key',
  unit: 'bytes',
  isWholePolicy: true,
  describe: (statements) => ({
    reason: describeStatements(statements, 5, 'bytes'),
    fixes: [
      'grant access to accounts or an organization instead of roles',
      "grant access to services in one statement with an 'aws:SourceAccount' condition",
      'use several keys',
    ],
  }),
};

/** The largest statements, with the accounts in each. */
function describeStatements(statements: ResourcePolicyStatement[], maxParts: number, unit: Unit = 'characters') {
  const parts = statements.map(({ id, statement }): QuotaPart => {
    const { accounts } = accountCapacity([statement]);
    const note = accounts > 1 ? ` (${accounts} accounts)` : '';
    return { name: id, size: statementSize(statement, unit).estimate, note };
  });
  return describeLargest(parts, 'statement', unit, maxParts);
}

function describeEventBusPolicy(statements: ResourcePolicyStatement[], remaining: number): PolicyDescription {
  const documents = statements.map(({ statement }) => statement);
  const capacity = accountCapacity(documents, accountOf(statements[0].resourceArn));
  const largest = describeStatements(statements, 5);
  return {
    reason: capacity.accounts > 0 ? `${largest}; ${describeAccounts(capacity, remaining)}` : largest,
    fixes: [
      ...describeShorterPolicies(statements),
      "request a quota increase (Service Quotas L-FC354966) and set 'eventBusPolicyLimit'",
    ],
  };
}

/** The characters for accounts, and how many more accounts are possible. */
function describeAccounts({ accounts, characters, sizePerAccount }: AccountCapacity, remaining: number): string {
  const verb = accounts === 1 ? 'uses' : 'use';
  const usage = `${pluralize(accounts, 'account')} ${verb} ${formatNumber(characters)} characters`;
  if (remaining < 0) return `${usage}, and the policy is ${pluralize(-remaining, 'character')} too long`;
  const more = pluralize(Math.floor(remaining / sizePerAccount), 'more account');
  return (
    `${usage}, and the remaining ${formatNumber(remaining)} characters are enough for ${more} ` +
    `(${sizePerAccount} characters each)`
  );
}
