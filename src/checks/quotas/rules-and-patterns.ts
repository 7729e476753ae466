import { Stack } from 'aws-cdk-lib';
import { EventBusQuotas, QuotaLimits } from './quota-limits';
import { OwnerLookup, describeUsage, describeLargest, severity } from './quota-usage';
import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { TARGETS_PER_RULE } from '../../eventbridge/quotas';
import { jsonSize } from '../../iam/policy-size';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Buses with too many rules, rules with too many targets, and patterns that are too long.
 *
 * Blind spots: rules that other apps, people or AWS itself make on a bus, such as that of an archive.
 */
export function checkRulesAndPatterns({ model }: AppIndex, buses: EventBusQuotas, limits: QuotaLimits): Finding[] {
  const anchors = new OwnerLookup(model.eventBuses);
  return [
    ...[...groupedBy(model.rules, ({ eventBusArn }) => eventBusArn)].flatMap(([arn, rules]) =>
      anchors.apart(arn, rules).flatMap((part) => checkRuleCount(arn, part, buses, anchors)),
    ),
    ...model.rules.flatMap(checkTargetCount),
    ...model.rules.flatMap((rule) => checkPatternSize(rule, limits)),
  ];
}

function checkRuleCount(arn: string, rules: Rule[], buses: EventBusQuotas, anchors: OwnerLookup): Finding[] {
  const amount = { minimum: rules.filter(({ conditional }) => !conditional).length, estimate: rules.length };
  const { limit, threshold } = buses.rulesQuota(arn);
  const level = severity(amount, limit, threshold);
  if (!level) return [];
  const byStack = [...groupedBy(rules, ({ construct }) => Stack.of(construct).node.path)].map(([name, { length }]) => ({
    name,
    size: length,
  }));
  const problem =
    `bus ${displayText(arn)} has ${describeUsage(amount, 'rules')}, of ${limit} allowed; ` +
    describeLargest(byStack, 3, 'makes');
  const fix =
    'let one rule serve several targets or detail types, spread the rules over more buses, or ' +
    'have the limit raised (Service Quotas, number of rules) and give it as ' +
    "'rulesPerEventBusLimit', or for this bus in 'eventBuses'";
  return [{ id: FindingId.RULES_PER_EVENT_BUS, level, construct: anchors.of(arn, rules), problem, fix }];
}

/** As many as are allowed are fine: here nothing grows unseen. */
function checkTargetCount({ construct, arn, targets, conditional }: Rule): Finding[] {
  const level = severity({ minimum: conditional ? 0 : targets.length, estimate: targets.length }, TARGETS_PER_RULE);
  if (!level) return [];
  const problem = `rule ${displayText(arn)} has ${targets.length} targets, of ${TARGETS_PER_RULE} allowed`;
  const fix = 'make another rule with the same pattern for the rest';
  return [{ id: FindingId.TARGETS_PER_RULE, level, construct, problem, fix }];
}

function checkPatternSize(
  { construct, arn, pattern, conditional }: Rule,
  { eventPattern: limit, warningThresholdPercent }: QuotaLimits,
): Finding[] {
  if (pattern === null) return [];
  const size = jsonSize(pattern);
  const amount = { ...size, ...(conditional && { minimum: 0 }) };
  const level = severity(amount, limit, warningThresholdPercent);
  if (!level) return [];
  const problem = [
    `the event pattern of rule ${displayText(arn)} has ${describeUsage(amount, 'characters')}, of ${limit} allowed`,
    ...(isObject(pattern)
      ? [
          describeLargest(
            Object.entries(pattern).map(([name, value]) => ({ name, size: jsonSize(value).estimate })),
            3,
          ),
        ]
      : []),
  ].join('; ');
  const fix =
    "match by 'prefix', 'wildcard' or 'anything-but' rather than by a long list, spread the " +
    'values over several rules, or have the limit raised (Service Quotas, event pattern size) and ' +
    "give it as 'eventPatternLimit'";
  return [{ id: FindingId.EVENT_PATTERN_SIZE, level, construct, problem, fix }];
}
