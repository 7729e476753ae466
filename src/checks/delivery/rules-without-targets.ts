import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds enabled rules without targets.
 *
 * Blind spots: targets that other apps or people add.
 */
export function checkRulesWithoutTargets({ model }: AppIndex): Finding[] {
  const putTargetsCalls = model.sdkCalls.filter((call) => /puttargets/i.test(call));
  return model.rules
    .filter(({ enabled, targets }) => enabled && targets.length === 0)
    .filter(({ name }) => !putTargetsCalls.some((call) => call.includes(name)))
    .map(ruleWithoutTargets);
}

function ruleWithoutTargets({ construct, name }: Rule): Finding {
  const text = {
    problem: `rule '${displayText(name)}' has no targets, so that its events have no effect`,
    fix: 'add a target, disable or remove the rule, or acknowledge this warning if another app adds its targets',
  };
  return warningFinding(FindingId.RULE_WITHOUT_TARGETS, construct, text);
}
