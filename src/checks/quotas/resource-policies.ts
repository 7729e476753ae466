import { PolicyQuota, EVENT_BUS, EVENTS_V2, FUNCTION, QUEUE, KEY } from './policy-quotas';
import { EventBusQuotas, QuotaLimits } from './quota-limits';
import { QuotaUsage, OwnerLookup, pluralize, describeUsage, severity, firstPerConstruct } from './quota-usage';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { EVENTS_V2_POLICY_CHARACTERS, KEY_POLICY_BYTES, QUEUE_POLICY_CHARACTERS } from '../../eventbridge/quotas';
import { documentSize } from '../../iam/policy-size';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { DEAD_LETTERS_STATEMENT_ID } from '../../util/names';
import { Finding } from '../engine/finding';

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
      problem: [head, ...kind.details(group, limit - estimate)].join('; '),
      fix: kind.fix,
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
  const problem = [head, ...kind.details(group, limit - estimate)].join('; ');
  return [{ id: kind.id, level, construct, problem, fix: kind.fix }];
}

function size(group: ResourcePolicyStatement[], { unit }: PolicyQuota): { minimum: number; estimate: number } {
  return documentSize(
    group.map((s) => s.statement),
    unit,
  );
}
