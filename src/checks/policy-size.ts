import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { AppModel, PolicyStatement } from '../model/app-model';
import { documentSize, statementSize } from '../policy/size';
import { hasUnknown, readable } from '../policy/text';

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
export function policySizes(model: AppModel, limits: SizeLimits): Finding[] {
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
  readonly remedy: string;
  readonly limit: number;
}

const EVENT_BUS = {
  id: FindingId.EVENT_BUS_POLICY_SIZE,
  what: 'the policy of bus',
  remedy: 'let accounts share one statement with EventPublisher.accounts(), or let the organization in; the limit can be raised (Service Quotas L-FC354966)',
};

const FUNCTION = {
  id: FindingId.FUNCTION_POLICY_SIZE,
  what: 'the resource policy of function',
  remedy: 'let fewer rules have it as target, or spread them over aliases, each of which has a policy of its own',
};

function judgeOne(arn: string, group: PolicyStatement[], kind: Kind, construct: IConstruct, threshold: number): Finding[] {
  const { estimate } = documentSize(group.map((s) => s.statement));
  const { atLeast } = documentSize(group.filter((s) => !s.conditional).map((s) => s.statement));
  const over = atLeast > kind.limit;
  if (!over && estimate <= (kind.limit * threshold) / 100) return [];
  const length = atLeast === estimate ? `${estimate} characters` : `about ${estimate} characters (at least ${atLeast}, the rest is known only at deployment)`;
  const longest = [...group].sort((a, b) => statementSize(b.statement).estimate - statementSize(a.statement).estimate)[0];
  const message = `${kind.what} ${readable(arn)} has ${length} in ${group.length} statement${group.length === 1 ? '' : 's'}, of ${kind.limit} allowed; `
    + `the longest is '${readable(longest.id)}' with ${statementSize(longest.statement).estimate}; ${kind.remedy}`;
  return [{ id: kind.id, level: over ? 'error' : 'warning', construct, message }];
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
