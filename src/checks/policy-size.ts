import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { World } from './world';
import { AppModel, PolicyStatement } from '../model/app-model';
import { accountCapacity } from '../policy/capacity';
import { documentSize, statementSize } from '../policy/size';
import { Json } from '../policy/statement';
import { hasUnknown, partsOf, readable } from '../policy/text';

/** What a policy may measure, in characters, and from which share of it on there is a warning, in per cent. */
export interface SizeLimits {
  readonly eventBusPolicy: number;
  readonly functionPolicy: number;
  readonly warningThresholdPercent: number;
}

/**
 * Policies of buses and functions that are too long, or nearly: all statements of one, added up over the stacks of the app.
 *
 * Blind spots: statements that other apps or people add; white space, should AWS count it; values that are known only at deployment.
 */
export function policySizes({ model }: World, limits: SizeLimits): Finding[] {
  const anchors = new Map<string, IConstruct>([...model.eventBuses, ...model.functions].map(({ arn, construct }) => [arn, construct]));
  const judge = (statements: PolicyStatement[], kind: Kind) => [...grouped(statements)]
    .flatMap(([arn, group]) => apart(arn, group, model).map((part) => ({ arn, group: part })))
    .flatMap(({ arn, group }) => judgeOne(arn, group, kind, anchors.get(arn) ?? group[0].construct, limits.warningThresholdPercent));
  return [
    ...judge(model.eventBusStatements, { ...EVENT_BUS, limit: limits.eventBusPolicy }),
    ...judge(model.functionStatements, { ...FUNCTION, limit: limits.functionPolicy }),
  ];
}

interface Kind {
  readonly id: FindingId;
  readonly what: string;
  readonly limit: number;
  /** What makes up the policy, and what would make it shorter. */
  readonly details: (group: PolicyStatement[], room: number) => string[];
}

const EVENT_BUS = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  details: (group: PolicyStatement[], room: number) => [
    longest(group, 5),
    ...accountDetails(group, room),
    "let an organization in rather than its accounts, or have the limit raised (Service Quotas L-FC354966) and give it as 'eventBusPolicyLimit'",
  ],
};

const FUNCTION = {
  id: FindingId.FUNCTION_POLICY_SIZE,
  what: 'the resource policy of function',
  details: (group: PolicyStatement[]) => [
    longest(group, 1),
    'make one permission for all rules of a bus (permissionScope of LambdaEventTarget), or spread the rules over aliases, each of which has a policy of its own',
  ],
};

function judgeOne(arn: string, group: PolicyStatement[], kind: Kind, construct: IConstruct, threshold: number): Finding[] {
  const { estimate } = documentSize(group.map((s) => s.statement));
  const { atLeast } = documentSize(group.filter((s) => !s.conditional).map((s) => s.statement));
  const over = atLeast > kind.limit;
  if (!over && estimate <= (kind.limit * threshold) / 100) return [];
  const length = atLeast === estimate ? `${estimate} characters` : `about ${estimate} characters (at least ${atLeast}, the rest is known only at deployment)`;
  const message = [
    `${kind.what} ${readable(arn)} has ${length} in ${group.length} statement${group.length === 1 ? '' : 's'}, of ${kind.limit} allowed`,
    ...kind.details(group, kind.limit - estimate),
  ].join('; ');
  return [{ id: kind.id, level: over ? 'error' : 'warning', construct, message }];
}

/** How many characters the longest statements take, and all others together. */
function longest(group: PolicyStatement[], count: number): string {
  const sizes = group
    .map(({ id, statement }) => ({ id, size: statementSize(statement).estimate, of: accountsIn(statement) }))
    .sort((a, b) => b.size - a.size);
  const others = sizes.slice(count);
  const rest = others.length > 0 ? [`${others.length} other${others.length === 1 ? '' : 's'} ${others.reduce((sum, s) => sum + s.size, 0)}`] : [];
  return [...sizes.slice(0, count).map(({ id, size, of }, i) => `'${readable(id)}'${i === 0 ? ' takes' : ''} ${size}${of}`), ...rest].join(', ');
}

function accountsIn(statement: Json): string {
  const { accounts } = accountCapacity([statement]);
  return accounts > 1 ? ` (${accounts} accounts)` : '';
}

/** How many accounts still fit, and what would save characters. */
function accountDetails(group: PolicyStatement[], room: number): string[] {
  const { accounts, characters, listed, compact, another, alone } = accountCapacity(group.map((s) => s.statement), partsOf(group[0].of, ':')[4]);
  const fit = room < 0 ? `${-room} characters too many` : `room for ${Math.floor(room / another)} more of ${another} each`;
  if (accounts === 0) return [room < 0 ? fit : `${room} characters are left`];
  const merged = alone > 0 ? [`${alone} statements name one account each and are not merged; EventPublisher.accounts() for all of them, without a 'sid', would save ${characters - listed}`] : [];
  const shorter = compact < Math.min(characters, listed) ? [`AccountGrantForm.COMPACT would save ${characters - compact}`] : [];
  return [`${accounts} account${accounts === 1 ? ' takes' : 's take'} ${characters}, ${fit}`, ...merged, ...shorter];
}

function grouped(statements: PolicyStatement[]): Map<string, PolicyStatement[]> {
  const groups = new Map<string, PolicyStatement[]>();
  for (const statement of statements) groups.set(statement.of, [...(groups.get(statement.of) ?? []), statement]);
  return groups;
}

/**
 * Stacks that leave account or region to deployment may go to different places, and then have buses of one name. They do for certain where the
 * app makes a bus twice; where it makes none, nothing tells.
 */
function apart(arn: string, group: PolicyStatement[], model: AppModel): PolicyStatement[][] {
  const made = [...model.eventBuses, ...model.functions].filter((m) => m.arn === arn).length;
  if (!hasUnknown(arn) || made === 1) return [group];
  const stacks = new Map<Stack, PolicyStatement[]>();
  for (const statement of group) {
    const { stack } = statement.construct;
    stacks.set(stack, [...(stacks.get(stack) ?? []), statement]);
  }
  return [...stacks.values()];
}
