import { certainlyDiffer } from './lib/authorize';
import { RuleTargetPath } from './lib/rule-target-path';
import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { parseArn, regionOf } from '../../iam/arn';
import { displayText, mayEqualAnyText } from '../../iam/unresolved-text';
import { Finding, errorFinding } from '../engine/finding';
import { BUS } from '../engine/target-kinds';
import { FindingId } from '../finding-id';

/**
 * Finds rules and targets that EventBridge rejects, whatever the policies allow: a rule on a bus in another Region, a
 * schedule on a custom event bus, and an input transformation for a bus in another account.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function checkRejectedRules(app: AppIndex): Finding[] {
  return app.evaluated.rules.flatMap((rule) => {
    const finding = ruleInOtherRegion(rule) ?? scheduleOnCustomBus(app, rule);
    return finding
      ? [finding]
      : rule.targets.flatMap((target) => transformedInput(new RuleTargetPath(app, rule, target)));
  });
}

/** Whether the bus of a rule is certainly in another Region than the stack of the rule. */
export function isBusInOtherRegion({ eventBusArn, region }: Rule): boolean {
  return certainlyDiffer(regionOf(eventBusArn), region);
}

function ruleInOtherRegion(rule: Rule): Finding | undefined {
  const { construct, eventBusArn, region, name } = rule;
  if (!isBusInOtherRegion(rule)) return undefined;
  const busRegion = displayText(regionOf(eventBusArn));
  const text = {
    problem:
      `EventBridge rejects rule '${displayText(name)}' in ${region}, because its bus ${displayText(eventBusArn)} is ` +
      `in ${busRegion}`,
    reason: 'a rule must be in the Region of its bus',
    fix:
      `define the rule in a stack in ${busRegion}, with targets in ${busRegion} or a bus in ${region} as target, ` +
      `or use a bus in ${region} as 'EventBusName'`,
  };
  return errorFinding(FindingId.RULE_REJECTED, construct, text, displayText(eventBusArn));
}

function scheduleOnCustomBus(app: AppIndex, rule: Rule): Finding | undefined {
  const { construct, eventBusArn, name, scheduled, pattern } = rule;
  if (!scheduled || !isCustomBus(app, eventBusArn)) return undefined;
  const text = {
    problem: `EventBridge rejects rule '${displayText(name)}' on bus ${displayText(eventBusArn)}`,
    reason: "only rules on the default event bus can have a 'ScheduleExpression'",
    fix:
      pattern === null
        ? "remove 'EventBusName'"
        : "move 'ScheduleExpression' and the targets to a second rule without 'EventBusName'",
  };
  return errorFinding(FindingId.RULE_REJECTED, construct, text, displayText(eventBusArn));
}

/** Whether a bus is certainly not the default event bus. */
function isCustomBus(app: AppIndex, busArn: string): boolean {
  if (app.bus(busArn)) return true;
  const resource = parseArn(busArn)?.resource;
  return resource !== undefined && resource !== 'event-bus/default' && !mayEqualAnyText(resource);
}

function transformedInput(path: RuleTargetPath): Finding[] {
  const { inputProperty } = path.target;
  if (path.kind !== BUS || path.isCrossAccount !== true || inputProperty === undefined) return [];
  return path.error(FindingId.RULE_REJECTED, {
    problem: `EventBridge rejects ${path.targetOfRule}, ${path.targetName}, because it has '${inputProperty}'`,
    reason: 'events cannot be transformed on the way to a bus in another account',
    fix: `remove '${inputProperty}', and transform the event in the account of that bus, in the targets of its rules`,
  });
}
