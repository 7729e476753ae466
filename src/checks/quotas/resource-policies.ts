import {
  API,
  EVENT_BUS,
  EVENT_BUS_V2,
  FUNCTION,
  KEY,
  PolicyDescription,
  PolicyQuota,
  QUEUE,
  STREAM,
  TOPIC,
} from './policy-quotas';
import { FEWER_PRINCIPALS, tooManyPrincipals } from './principal-quota';
import { EventBusQuotas, QuotaLimits } from './quota-limits';
import {
  QuotaUsage,
  describeAlternatives,
  describeUsage,
  firstPerConstruct,
  formatNumber,
  pluralize,
  severity,
} from './quota-usage';
import { REPLACE_IN_TWO_DEPLOYMENTS, UnreplaceableStatement, unreplaceableStatement } from './replaced-statements';
import { ResourceOwners } from './resource-owners';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import {
  EVENTS_V2_POLICY_CHARACTERS,
  KEY_POLICY_BYTES,
  QUEUE_POLICY_CHARACTERS,
  STREAM_POLICY_BYTES,
  TOPIC_POLICY_BYTES,
} from '../../eventbridge/quotas';
import { PolicySize, documentSize, statementSize } from '../../iam/policy-size';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { DEAD_LETTERS_STATEMENT_ID, EVENTS_STATEMENT_ID } from '../../util/names';
import { Finding, FindingText, createFinding } from '../engine/finding';

/**
 * Resource-based policies that exceed their quota, or nearly do. The statements of a bus or function are added up over
 * the stacks of the app. The policy of a queue, topic, stream, API or key is defined as a whole.
 *
 * Blind spots: statements that other apps or people add; white space, should AWS count it; values that are known only
 * at deployment.
 */
export function checkResourcePolicies(
  { evaluated: model }: AppIndex,
  buses: EventBusQuotas,
  limits: QuotaLimits,
): Finding[] {
  const { functionPolicy, warningThresholdPercent: threshold } = limits;
  const owners = new ResourceOwners([
    ...model.eventBuses,
    ...model.functions,
    ...model.queues,
    ...model.topics,
    ...model.streams,
    ...model.restApis,
    ...model.keys,
  ]);
  const check = (statements: ResourcePolicyStatement[], quota: PolicyQuota) =>
    [...groupedBy(longestBranches(statements), ({ resourceArn }) => resourceArn)].flatMap(([arn, policy]) =>
      owners.groupByEnvironment(arn, policy).flatMap((group) => checkPolicy({ arn, quota, owners }, group)),
    );
  return [
    ...check(model.eventBusStatements, { ...EVENT_BUS, limitOf: (arn) => buses.policyQuota(arn) }),
    ...check(model.eventBusV2Statements, {
      ...EVENT_BUS_V2,
      limitOf: (arn) => buses.policyQuota(arn, EVENTS_V2_POLICY_CHARACTERS),
    }),
    ...check(model.functionStatements, { ...FUNCTION, limitOf: () => ({ limit: functionPolicy, threshold }) }),
    ...firstPerConstruct(
      check(model.queueStatements, { ...QUEUE, limitOf: () => ({ limit: QUEUE_POLICY_CHARACTERS, threshold }) }),
    ),
    ...firstPerConstruct(
      check(model.topicStatements, { ...TOPIC, limitOf: () => ({ limit: TOPIC_POLICY_BYTES, threshold }) }),
    ),
    ...check(model.streamStatements, { ...STREAM, limitOf: () => ({ limit: STREAM_POLICY_BYTES, threshold: 100 }) }),
    ...check(model.restApiStatements, { ...API, limitOf: () => ({ limit: limits.apiPolicy, threshold }) }),
    ...check(model.keyStatements, { ...KEY, limitOf: () => ({ limit: KEY_POLICY_BYTES, threshold }) }),
  ];
}

/** The statements with only the longest branch of each `Fn::If`, because the policy has one of them. */
function longestBranches(statements: readonly ResourcePolicyStatement[]): ResourcePolicyStatement[] {
  const longest = new Map<object, { statement: ResourcePolicyStatement; size: number }>();
  for (const statement of statements) {
    const template = statement.branchOf ?? statement;
    const size = statement.branchOf ? statementSize(statement.statement).estimate : 0;
    if ((longest.get(template)?.size ?? -1) < size) longest.set(template, { statement, size });
  }
  return [...longest.values()].map(({ statement }) => statement);
}

/** The resource whose policy is checked. */
interface CheckedResource {
  readonly arn: string;
  readonly quota: PolicyQuota;
  readonly owners: ResourceOwners;
}

function checkPolicy(resource: CheckedResource, statements: ResourcePolicyStatement[]): Finding[] {
  return resource.quota.isWholePolicy
    ? checkWholePolicies(resource, statements)
    : checkAddedStatements(resource, statements);
}

/** Statements that several resources add to one policy. */
function checkAddedStatements(resource: CheckedResource, statements: ResourcePolicyStatement[]): Finding[] {
  const { arn, quota, owners } = resource;
  const { estimate } = sizeOf(statements, quota);
  const { limit, threshold } = quota.limitOf(arn);
  const replaced = quota.replacesStatements ? unreplaceableStatement(statements, limit, quota.unit) : undefined;
  // The minimum is never larger than the estimate, and is computed only if needed.
  const isLong = severity({ minimum: 0, estimate }, limit, threshold) !== undefined;
  if (!isLong && !replaced) return [];
  const unconditional = statements.filter(({ conditional }) => !conditional);
  const usage = { minimum: sizeOf(unconditional, quota).minimum, estimate };
  const level = severity(usage, limit, threshold) ?? 'warning';
  const where = ` in ${pluralize(statements.length, 'statement')}`;
  const policy = `${quota.noun} ${displayText(arn)} has ${describeUsage(usage, limit, quota.unit, where)}`;
  const description = quota.describe(statements, limit - estimate);
  const text = isLong
    ? longPolicyText(policy, description, estimate > limit ? undefined : replaced)
    : replacementText(policy, description, replaced!);
  const construct = owners.ownerOf(arn, statements);
  return [createFinding(level, quota.id, construct, text, owners.arnUnlessOwner(arn, construct))];
}

function longPolicyText(
  policy: string,
  { reason, fixes }: PolicyDescription,
  replaced?: UnreplaceableStatement,
): FindingText {
  const fix = describeAlternatives(fixes);
  if (!replaced) return { problem: policy, reason, fix };
  return {
    problem: policy,
    reason: `${reason}; too few are left for a second copy of the longest statement, which replacing it needs`,
    fix: `${fix}; until then, ${REPLACE_IN_TWO_DEPLOYMENTS}`,
  };
}

function replacementText(
  policy: string,
  { fixes }: PolicyDescription,
  { name, size }: UnreplaceableStatement,
): FindingText {
  return {
    problem: `${policy}, too many to replace ${name} in one deployment`,
    reason:
      'CloudFormation creates the new statement before it deletes the old one, and the policy then has ' +
      `${formatNumber(size)} characters`,
    fix: `${REPLACE_IN_TWO_DEPLOYMENTS}; or ${describeAlternatives(fixes)}`,
  };
}

/**
 * Resources that each define the whole policy. The last one deployed replaces the others, so each is checked on its
 * own. All of them together are an estimate.
 */
function checkWholePolicies(resource: CheckedResource, statements: ResourcePolicyStatement[]): Finding[] {
  const documents = [...groupedBy(statements, ({ construct }) => construct).values()];
  const findings = documents.flatMap((document) => checkDocument(resource, document, document[0].construct));
  const unconditional = statements.filter(({ conditional }) => !conditional);
  if (findings.length > 0 || documents.length === 1 || unconditional.length === 0) return findings;
  return checkDocument(resource, unconditional, resource.owners.ownerOf(resource.arn, unconditional));
}

function checkDocument(
  { arn, quota, owners }: CheckedResource,
  statements: ResourcePolicyStatement[],
  construct: Finding['construct'],
): Finding[] {
  const { limit, threshold } = quota.limitOf(arn);
  const { maxStatements, maxPrincipals, isUndocumented } = quota;
  const hasSeveralWriters = statements.some((statement) => statement.construct !== statements[0].construct);
  const isCertain = !hasSeveralWriters && !statements[0].conditional;
  const length = lengthOf(statements, quota, isCertain);
  const levels = [severity(length, limit, threshold)];
  if (maxStatements !== undefined) levels.push(severity(countOf(statements, isCertain), maxStatements, threshold));
  const principals = maxPrincipals === undefined ? undefined : tooManyPrincipals(statements, maxPrincipals, isCertain);
  levels.push(principals?.level);
  const highest = levels.includes('error') ? 'error' : levels.find((each) => each !== undefined);
  if (!highest) return [];
  const level = isUndocumented ? 'warning' : highest;
  const where =
    maxStatements === undefined
      ? ` in ${pluralize(statements.length, 'statement')}`
      : ` in ${statements.length} of ${formatNumber(maxStatements)} allowed statements`;
  const described = hasSeveralWriters ? { minimum: length.estimate, estimate: length.estimate } : length;
  const { reason, fixes } = quota.describe(statements, limit - length.estimate);
  const usage = isUndocumented
    ? `${formatNumber(length.estimate)} ${quota.unit}${where}`
    : describeUsage(described, limit, quota.unit, where);
  const reasons = [
    hasSeveralWriters ? SEVERAL_WRITERS : undefined,
    isUndocumented
      ? `AWS documents no quota, and other services allow ${formatNumber(limit)} ${quota.unit}`
      : undefined,
    principals?.reason,
    reason,
  ];
  const text = {
    problem: [`${quota.noun} ${displayText(arn)} has ${usage}`, principals?.problem].filter(isDefined).join(', and '),
    reason: reasons.filter(isDefined).join('; '),
    fix: principals ? FEWER_PRINCIPALS : describeAlternatives(fixes),
  };
  return [createFinding(level, quota.id, construct, text, owners.arnUnlessOwner(arn, construct))];
}

function isDefined(text: string | undefined): text is string {
  return text !== undefined;
}

const SEVERAL_WRITERS = 'several resources define the policy, and the last one deployed replaces the others';

/** The statements whose lists of rules shorten themselves do not count for the warning threshold. */
const SHORTENED = [DEAD_LETTERS_STATEMENT_ID, EVENTS_STATEMENT_ID];

function lengthOf(statements: ResourcePolicyStatement[], quota: PolicyQuota, isCertain: boolean): QuotaUsage {
  const { minimum, estimate } = sizeOf(statements, quota);
  const others = statements.filter(({ id }) => !SHORTENED.includes(id));
  const thresholdEstimate = others.length < statements.length ? sizeOf(others, quota).estimate : estimate;
  return { minimum: isCertain ? minimum : 0, estimate, thresholdEstimate };
}

function countOf(statements: ResourcePolicyStatement[], isCertain: boolean): QuotaUsage {
  const readable = statements.filter(({ statement }) => isObject(statement));
  return { minimum: isCertain ? readable.length : 0, estimate: statements.length };
}

function sizeOf(statements: ResourcePolicyStatement[], { unit }: PolicyQuota): PolicySize {
  return documentSize(
    statements.map(({ statement }) => statement),
    unit,
  );
}
