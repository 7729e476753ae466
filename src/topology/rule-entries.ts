import { conditionId, defined, namedEntry } from './entries';
import { RuleEntry, TargetEntry } from './topology';
import { Rule, Target } from '../app-model/app-model';

/** @param sdkCalls the calls of custom resources to the AWS SDK, of which some may add targets to rules */
export function ruleEntry(rule: Rule, sdkCalls: readonly string[]): RuleEntry {
  const { name, eventBusArn, eventBusName, roleArn, pattern, scheduled, enabled, targets } = rule;
  return {
    ...namedEntry(rule, name),
    eventBus: eventBusArn,
    ...defined({ eventBusName, role: roleArn }),
    ...(pattern !== null && { eventPattern: pattern }),
    ...(scheduled && { scheduled }),
    ...(!enabled && { disabled: true }),
    targets: targets.map(targetEntry),
    ...(targets.length === 0 && sdkCalls.some((call) => addsTargets(call, name)) && { customTargets: true }),
  };
}

function addsTargets(call: string, ruleName: string): boolean {
  return /puttargets/i.test(call) && call.includes(ruleName);
}

function targetEntry(target: Target): TargetEntry {
  const {
    id,
    arn,
    roleArn,
    deadLetterArn,
    task,
    jobDefinition,
    messageGroupId,
    inputProperty,
    conditions = [],
  } = target;
  return {
    id,
    arn,
    ...defined({
      role: roleArn,
      deadLetterQueue: deadLetterArn,
      taskDefinition: task?.definitionArn,
      launchType: task?.launchType,
      jobDefinition,
      messageGroupId,
      inputProperty,
      conditions: conditions.map(conditionId),
    }),
  };
}
