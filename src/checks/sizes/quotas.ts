import { Stack } from 'aws-cdk-lib';
import { Anchors, inWords, largest, levelOf } from './amount';
import { LimitsOfBuses, SizeLimits } from './size-limits';
import { FindingId } from '../../finding-id';
import { Rule } from '../../model/app-model';
import { groupedBy } from '../../policy/grouped';
import { TARGETS_PER_RULE } from '../../policy/limits';
import { jsonSize } from '../../policy/size';
import { isObject } from '../../policy/statement';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Buses with too many rules, rules with too many targets, and patterns that are too long.
 *
 * Blind spots: rules that other apps, people or AWS itself make on a bus, such as that of an archive.
 */
export function quotas({ model }: World, buses: LimitsOfBuses, limits: SizeLimits): Finding[] {
  const anchors = new Anchors(model.eventBuses);
  return [
    ...[...groupedBy(model.rules, ({ eventBusArn }) => eventBusArn)]
      .flatMap(([arn, rules]) => anchors.apart(arn, rules).flatMap((part) => judgeRules(arn, part, buses, anchors))),
    ...model.rules.flatMap(judgeTargets),
    ...model.rules.flatMap((rule) => judgePattern(rule, limits)),
  ];
}

function judgeRules(arn: string, rules: Rule[], buses: LimitsOfBuses, anchors: Anchors): Finding[] {
  const amount = { atLeast: rules.filter(({ conditional }) => !conditional).length, estimate: rules.length };
  const { limit, threshold } = buses.ofRules(arn);
  const level = levelOf(amount, limit, threshold);
  if (!level) return [];
  const byStack = [...groupedBy(rules, ({ construct }) => Stack.of(construct).node.path)].map(([name, { length }]) => ({ name, size: length }));
  const message = [
    `bus ${readable(arn)} has ${inWords(amount, 'rules')}, of ${limit} allowed`,
    largest(byStack, 3).replace("' takes", "' makes"),
    'let one rule serve several targets or detail types, spread the rules over more buses, or have the limit raised (Service Quotas, number of rules) and give it as '
      + "'rulesPerEventBusLimit', or for this bus in 'eventBuses'",
  ].join('; ');
  return [{ id: FindingId.RULES_PER_EVENT_BUS, level, construct: anchors.of(arn, rules), message }];
}

/** As many as are allowed are fine: here nothing grows unseen. */
function judgeTargets({ construct, arn, targets, conditional }: Rule): Finding[] {
  const level = levelOf({ atLeast: conditional ? 0 : targets.length, estimate: targets.length }, TARGETS_PER_RULE);
  if (!level) return [];
  const message = `rule ${readable(arn)} has ${targets.length} targets, of ${TARGETS_PER_RULE} allowed; make another rule with the same pattern for the rest`;
  return [{ id: FindingId.TARGETS_PER_RULE, level, construct, message }];
}

function judgePattern({ construct, arn, pattern, conditional }: Rule, { eventPattern: limit, warningThresholdPercent }: SizeLimits): Finding[] {
  if (pattern === null) return [];
  const size = jsonSize(pattern);
  const amount = { ...size, ...(conditional && { atLeast: 0 }) };
  const level = levelOf(amount, limit, warningThresholdPercent);
  if (!level) return [];
  const message = [
    `the event pattern of rule ${readable(arn)} has ${inWords(amount, 'characters')}, of ${limit} allowed`,
    ...(isObject(pattern) ? [largest(Object.entries(pattern).map(([name, value]) => ({ name, size: jsonSize(value).estimate })), 3)] : []),
    "match by 'prefix', 'wildcard' or 'anything-but' rather than by a long list, spread the values over several rules, or have the limit raised (Service Quotas, event pattern size) and "
      + "give it as 'eventPatternLimit'",
  ].join('; ');
  return [{ id: FindingId.EVENT_PATTERN_SIZE, level, construct, message }];
}
