import { describeLargest } from './quota-usage';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { accountCapacity } from '../../eventbridge/policy-capacity';
import { QUEUE_POLICY_STATEMENTS } from '../../eventbridge/quotas';
import { accountOf } from '../../iam/arn';
import { Unit, statementSize } from '../../iam/policy-size';
import { Json } from '../../iam/statement';
import { FindingId } from '../finding-id';

export interface PolicyQuota {
  readonly id: FindingId;
  readonly what: string;
  readonly unit: Unit;
  readonly limitOf: (arn: string) => { limit: number; threshold: number };
  /** Whether a resource writes the whole policy, and not just some statements of it. */
  readonly whole: boolean;
  /** How many statements there may be. */
  readonly statements?: number;
  /** What makes up the policy. */
  readonly details: (group: ResourcePolicyStatement[], room: number) => string[];
  /** What would make it shorter. */
  readonly fix: string;
}

export const EVENT_BUS = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  unit: 'characters' as const,
  whole: false,
  details: (group: ResourcePolicyStatement[], room: number) => [
    describeLongest(group, 5),
    ...accountDetails(group, room),
  ],
  fix:
    'let an organization in rather than its accounts, or have the limit raised (Service Quotas ' +
    "L-FC354966) and give it as 'eventBusPolicyLimit'",
};

export const EVENTS_V2 = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  unit: 'characters' as const,
  whole: true,
  details: (group: ResourcePolicyStatement[]) => [describeLongest(group, 5)],
  fix: 'let an organization in rather than its accounts',
};

export const FUNCTION = {
  id: FindingId.FUNCTION_POLICY_SIZE,
  what: 'the resource policy of function',
  unit: 'characters' as const,
  whole: false,
  details: (group: ResourcePolicyStatement[]) => [describeLongest(group, 1)],
  fix:
    'make one permission for all rules of a bus (permissionScope of LambdaEventTarget), or ' +
    'spread the rules over aliases, each of which has a policy of its own',
};

export const QUEUE = {
  id: FindingId.QUEUE_POLICY_SIZE,
  what: 'the policy of queue',
  unit: 'characters' as const,
  whole: true,
  statements: QUEUE_POLICY_STATEMENTS,
  details: (group: ResourcePolicyStatement[]) => [describeLongest(group, 5)],
  fix: "let one statement serve all rules or topics, with a list or a pattern as 'aws:SourceArn', or use more queues",
};

export const KEY = {
  id: FindingId.KEY_POLICY_SIZE,
  what: 'the policy of key',
  unit: 'bytes' as const,
  whole: true,
  details: (group: ResourcePolicyStatement[]) => [describeLongest(group, 5, 'bytes')],
  fix:
    'let accounts or an organization in rather than single roles, or let services use the key by ' +
    "'aws:SourceAccount' in one statement, or use more keys",
};

/** How much the longest statements take, and all others together. */
function describeLongest(group: ResourcePolicyStatement[], count: number, unit?: Unit): string {
  return describeLargest(
    group.map(({ id, statement }) => ({
      name: id,
      size: statementSize(statement, unit).estimate,
      note: accountsIn(statement),
    })),
    count,
  );
}

function accountsIn(statement: Json): string {
  const { accounts } = accountCapacity([statement]);
  return accounts > 1 ? ` (${accounts} accounts)` : '';
}

/** How many accounts still fit, and what would save characters. */
function accountDetails(group: ResourcePolicyStatement[], room: number): string[] {
  const { accounts, characters, sizeAsPrincipals, sizeAsCondition, sizePerAccount, unmergedStatements } =
    accountCapacity(
      group.map((s) => s.statement),
      accountOf(group[0].resourceArn),
    );
  const fit =
    room < 0
      ? `${-room} characters too many`
      : `room for ${Math.floor(room / sizePerAccount)} more of ${sizePerAccount} each`;
  if (accounts === 0) return [room < 0 ? fit : `${room} characters are left`];
  const merged =
    unmergedStatements > 0
      ? [
          `${unmergedStatements} statements name one account each and are not merged; ` +
            "EventPublisher.accounts() for all of them, without a 'sid', would save " +
            `${characters - sizeAsPrincipals}`,
        ]
      : [];
  const shorter =
    sizeAsCondition < Math.min(characters, sizeAsPrincipals)
      ? [`AccountGrantForm.COMPACT would save ${characters - sizeAsCondition}`]
      : [];
  return [`${accounts} account${accounts === 1 ? ' takes' : 's take'} ${characters}, ${fit}`, ...merged, ...shorter];
}
