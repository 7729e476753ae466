import { EventBusQuotas, QuotaLimits } from './quota-limits';
import {
  QuotaUsage,
  OwnerLookup,
  pluralize,
  describeUsage,
  describeLargest,
  severity,
  firstPerConstruct,
} from './quota-usage';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { accountCapacity } from '../../eventbridge/policy-capacity';
import {
  EVENTS_V2_POLICY_CHARACTERS,
  KEY_POLICY_BYTES,
  QUEUE_POLICY_CHARACTERS,
  QUEUE_POLICY_STATEMENTS,
} from '../../eventbridge/quotas';
import { accountOf } from '../../iam/arn';
import { Unit, documentSize, statementSize } from '../../iam/policy-size';
import { Json, isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { DEAD_LETTERS_STATEMENT_ID } from '../../util/names';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Policies of buses, functions, queues and keys that are too long, or nearly. To a bus or function every resource adds
 * statements: they are added up over the stacks of the app. The policy of a queue or key is written as a whole.
 *
 * Blind spots: statements that other apps or people add; white space, should AWS count it; values that are known only
 * at deployment.
 */
export function checkResourcePolicies({ model }: AppIndex, buses: EventBusQuotas, limits: QuotaLimits): Finding[] {
  const { functionPolicy, warningThresholdPercent: threshold } = limits;
  const anchors = new OwnerLookup([...model.eventBuses, ...model.functions, ...model.queues, ...model.keys]);
  const judge = (statements: ResourcePolicyStatement[], kind: PolicyQuota) =>
    [...groupedBy(statements, ({ resourceArn }) => resourceArn)]
      .flatMap(([arn, group]) => anchors.apart(arn, group).map((part) => ({ arn, group: part })))
      .flatMap(({ arn, group }) =>
        kind.whole ? checkWholePolicies(arn, group, kind, anchors) : checkSum(arn, group, kind, anchors),
      );
  return [
    ...judge(model.eventBusStatements, { ...EVENT_BUS, limitOf: (arn) => buses.policyQuota(arn) }),
    ...judge(model.eventBusV2Statements, {
      ...EVENTS_V2,
      limitOf: (arn) => buses.policyQuota(arn, EVENTS_V2_POLICY_CHARACTERS),
    }),
    ...judge(model.functionStatements, { ...FUNCTION, limitOf: () => ({ limit: functionPolicy, threshold }) }),
    ...firstPerConstruct(
      judge(model.queueStatements, { ...QUEUE, limitOf: () => ({ limit: QUEUE_POLICY_CHARACTERS, threshold }) }),
    ),
    ...judge(model.keyStatements, { ...KEY, limitOf: () => ({ limit: KEY_POLICY_BYTES, threshold }) }),
  ];
}

interface PolicyQuota {
  readonly id: FindingId;
  readonly what: string;
  readonly unit: Unit;
  readonly limitOf: (arn: string) => { limit: number; threshold: number };
  /** Whether a resource writes the whole policy, and not just some statements of it. */
  readonly whole: boolean;
  /** How many statements there may be. */
  readonly statements?: number;
  /** What makes up the policy, and what would make it shorter. */
  readonly details: (group: ResourcePolicyStatement[], room: number) => string[];
}

const EVENT_BUS = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  unit: 'characters' as const,
  whole: false,
  details: (group: ResourcePolicyStatement[], room: number) => [
    describeLongest(group, 5),
    ...accountDetails(group, room),
    'let an organization in rather than its accounts, or have the limit raised (Service Quotas ' +
      "L-FC354966) and give it as 'eventBusPolicyLimit'",
  ],
};

const EVENTS_V2 = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  unit: 'characters' as const,
  whole: true,
  details: (group: ResourcePolicyStatement[]) => [
    describeLongest(group, 5),
    'let an organization in rather than its accounts',
  ],
};

const FUNCTION = {
  id: FindingId.FUNCTION_POLICY_SIZE,
  what: 'the resource policy of function',
  unit: 'characters' as const,
  whole: false,
  details: (group: ResourcePolicyStatement[]) => [
    describeLongest(group, 1),
    'make one permission for all rules of a bus (permissionScope of LambdaEventTarget), or ' +
      'spread the rules over aliases, each of which has a policy of its own',
  ],
};

const QUEUE = {
  id: FindingId.QUEUE_POLICY_SIZE,
  what: 'the policy of queue',
  unit: 'characters' as const,
  whole: true,
  statements: QUEUE_POLICY_STATEMENTS,
  details: (group: ResourcePolicyStatement[]) => [
    describeLongest(group, 5),
    "let one statement serve all rules or topics, with a list or a pattern as 'aws:SourceArn', or use more queues",
  ],
};

const KEY = {
  id: FindingId.KEY_POLICY_SIZE,
  what: 'the policy of key',
  unit: 'bytes' as const,
  whole: true,
  details: (group: ResourcePolicyStatement[]) => [
    describeLongest(group, 5, 'bytes'),
    'let accounts or an organization in rather than single roles, or let services use the key by ' +
      "'aws:SourceAccount' in one statement, or use more keys",
  ],
};

function checkSum(arn: string, group: ResourcePolicyStatement[], kind: PolicyQuota, anchors: OwnerLookup): Finding[] {
  const { estimate } = size(group, kind);
  const { limit, threshold } = kind.limitOf(arn);
  // What is certain is no more than the estimate.
  if (!severity({ minimum: 0, estimate }, limit, threshold)) return [];
  const amount = {
    minimum: size(
      group.filter((s) => !s.conditional),
      kind,
    ).minimum,
    estimate,
  };
  const level = severity(amount, limit, threshold)!;
  const head =
    `${kind.what} ${displayText(arn)} has ${describeUsage(amount, kind.unit)} in ` +
    `${pluralize(group.length, 'statement')}, of ${limit} allowed`;
  return [
    {
      id: kind.id,
      level,
      construct: anchors.of(arn, group),
      message: [head, ...kind.details(group, limit - estimate)].join('; '),
    },
  ];
}

/**
 * Of several resources that write one policy the last one wins, which only deployment tells: each is judged, and all
 * together by estimate.
 */
function checkWholePolicies(
  arn: string,
  group: ResourcePolicyStatement[],
  kind: PolicyQuota,
  anchors: OwnerLookup,
): Finding[] {
  const documents = [...groupedBy(group, ({ construct }) => construct).values()];
  const alone = documents.flatMap((document) => checkDocument(arn, document, kind, document[0].construct));
  const certain = group.filter((s) => !s.conditional);
  return alone.length > 0 || documents.length === 1 || certain.length === 0
    ? alone
    : checkDocument(arn, certain, kind, anchors.of(arn, certain));
}

function checkDocument(
  arn: string,
  group: ResourcePolicyStatement[],
  kind: PolicyQuota,
  construct: Finding['construct'],
): Finding[] {
  const { limit, threshold } = kind.limitOf(arn);
  const several = group.some((s) => s.construct !== group[0].construct);
  const certain = !several && !group[0].conditional;
  const { minimum, estimate } = size(group, kind);
  const others = group.filter((s) => s.id !== DEAD_LETTERS_STATEMENT_ID);
  const growing = others.length < group.length ? size(others, kind).estimate : estimate;
  const length: QuotaUsage = { minimum: certain ? minimum : 0, estimate, thresholdEstimate: growing };
  const number = {
    minimum: certain ? group.filter(({ statement }) => isObject(statement)).length : 0,
    estimate: group.length,
  };
  const levels = [
    severity(length, limit, threshold),
    kind.statements === undefined ? undefined : severity(number, kind.statements, threshold),
  ];
  if (!levels.some(Boolean)) return [];
  const level = levels.includes('error') ? 'error' : 'warning';
  const words = several ? `${estimate} ${kind.unit}` : describeUsage(length, kind.unit);
  const of = several ? ' of several resources, of which the last one to be deployed replaces the others' : '';
  const allowed =
    kind.statements === undefined
      ? `${limit} allowed`
      : `${limit} ${kind.unit} and ${kind.statements} statements allowed`;
  const head =
    `${kind.what} ${displayText(arn)} has ${words} in ${pluralize(group.length, 'statement')}${of}` + `, of ${allowed}`;
  return [{ id: kind.id, level, construct, message: [head, ...kind.details(group, limit - estimate)].join('; ') }];
}

function size(group: ResourcePolicyStatement[], { unit }: PolicyQuota): { minimum: number; estimate: number } {
  return documentSize(
    group.map((s) => s.statement),
    unit,
  );
}

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
