import { Stack } from 'aws-cdk-lib';
import { EventBusQuotas, QuotaLimits } from './quota-limits';
import { describeLargest, describeUsage, severity } from './quota-usage';
import { ResourceOwners } from './resource-owners';
import { AppIndex } from '../../app-model/app-index';
import { Rule, Target } from '../../app-model/app-model';
import { TARGETS_PER_RULE } from '../../eventbridge/quotas';
import { jsonSize } from '../../iam/policy-size';
import { Json, isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, createFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Buses with too many rules, rules with too many targets, and event patterns that are too long.
 *
 * Blind spot: rules that other apps, people or AWS create on a bus, such as the rule of an archive.
 */
export function checkRulesAndPatterns(
  { evaluated: model }: AppIndex,
  buses: EventBusQuotas,
  limits: QuotaLimits,
): Finding[] {
  const owners = new ResourceOwners(model.eventBuses);
  const rulesByBus = [...groupedBy(model.rules, ({ eventBusArn }) => eventBusArn)];
  return [
    ...rulesByBus.flatMap(([arn, rules]) =>
      owners.groupByEnvironment(arn, rules).flatMap((group) => checkRuleCount(arn, group, buses, owners)),
    ),
    ...model.rules.flatMap(checkTargetCount),
    ...model.rules.flatMap((rule) => checkPatternSize(rule, limits)),
  ];
}

function checkRuleCount(arn: string, rules: Rule[], buses: EventBusQuotas, owners: ResourceOwners): Finding[] {
  const usage = { minimum: rules.filter(({ conditional }) => !conditional).length, estimate: rules.length };
  const { limit, threshold } = buses.rulesQuota(arn);
  const level = severity(usage, limit, threshold);
  if (!level) return [];
  const rulesByStack = groupedBy(rules, ({ construct }) => Stack.of(construct).node.path);
  const parts = [...rulesByStack].map(([name, { length }]) => ({ name, size: length }));
  const text = {
    problem: `bus ${displayText(arn)} has ${describeUsage(usage, limit, 'rules')}`,
    reason: describeLargest(parts, 'stack', 'rules', 3),
    fix:
      'use one rule for several targets or detail types, distribute the rules over several buses, or request a ' +
      "quota increase (Service Quotas, number of rules) and set 'rulesPerEventBusLimit', or 'eventBuses' for one bus",
  };
  const construct = owners.ownerOf(arn, rules);
  const resource = owners.arnUnlessOwner(arn, construct);
  return [createFinding(level, FindingId.RULES_PER_EVENT_BUS, construct, text, resource)];
}

/** The number of targets in the branches of `Fn::If`, of which the rule has those for one value of each condition. */
function countBranches(targets: readonly Target[]): number {
  const inBranches = targets.filter(({ conditions }) => conditions !== undefined);
  const byValue = [...groupedBy(inBranches, ({ conditions }) => conditions![0])];
  const byCondition = groupedBy(byValue, ([condition]) => condition.replace(/^!/, ''));
  const counts = [...byCondition.values()].map((values) => Math.max(...values.map(([, { length }]) => length)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** There is no warning threshold, because targets are only added to a rule explicitly. */
function checkTargetCount({ construct, arn, targets, conditional }: Rule): Finding[] {
  const unconditional = targets.filter(({ conditions }) => conditions === undefined).length;
  const usage = { minimum: conditional ? 0 : unconditional, estimate: unconditional + countBranches(targets) };
  const level = severity(usage, TARGETS_PER_RULE);
  if (!level) return [];
  const text = {
    problem: `rule ${displayText(arn)} has ${describeUsage(usage, TARGETS_PER_RULE, 'targets')}`,
    fix: 'create another rule with the same pattern for the other targets',
  };
  return [createFinding(level, FindingId.TARGETS_PER_RULE, construct, text)];
}

function checkPatternSize(
  { construct, arn, pattern, conditional }: Rule,
  { eventPattern: limit, warningThresholdPercent }: QuotaLimits,
): Finding[] {
  if (pattern === null) return [];
  const { minimum, estimate } = jsonSize(pattern);
  const usage = { minimum: conditional ? 0 : minimum, estimate };
  const level = severity(usage, limit, warningThresholdPercent);
  if (!level) return [];
  const text = {
    problem: `event pattern of rule ${displayText(arn)} has ${describeUsage(usage, limit, 'characters')}`,
    reason: describeFields(pattern),
    fix:
      "use 'prefix', 'wildcard' or 'anything-but' instead of a long list, distribute the values over several rules, " +
      "or request a quota increase (Service Quotas, event pattern size) and set 'eventPatternLimit'",
  };
  return [createFinding(level, FindingId.EVENT_PATTERN_SIZE, construct, text)];
}

/** The largest fields of an event pattern. */
function describeFields(pattern: Json): string | undefined {
  if (!isObject(pattern)) return undefined;
  const fields = Object.entries(pattern).map(([name, value]) => ({ name, size: jsonSize(value).estimate }));
  return describeLargest(fields, 'field', 'characters', 3);
}
