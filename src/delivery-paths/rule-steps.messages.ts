import { Rule, Target } from '../app-model/app-model';
import { FindingText } from '../checks/engine/finding';
import { EventEnvelope, matches } from '../eventbridge/event-pattern';
import { Json, isObject } from '../iam/statement';
import { Ternary } from '../iam/ternary';
import { displayText } from '../iam/unresolved-text';

/** The texts of steps in which a rule matches an event or sends it. */

export function noMatch(rule: Rule, event: EventEnvelope): FindingText {
  const problem = `${nameOf(rule)} does not match ${describeEvent(event)}`;
  if (!rule.enabled) return { problem, reason: 'it is disabled', fix: 'enable the rule' };
  if (rule.pattern === null) return { problem, reason: 'it has no event pattern', fix: 'give it an event pattern' };
  return {
    problem,
    reason: `its pattern has ${fieldsOf(rule.pattern, event, false)}`,
    fix: 'correct the pattern or the event',
  };
}

export function matchUnverified(rule: Rule, event: EventEnvelope): FindingText {
  return {
    problem: `cannot determine whether ${nameOf(rule)} matches ${describeEvent(event)}`,
    reason: `its pattern has ${fieldsOf(rule.pattern, event, undefined)}, and the event is given without these fields`,
    fix: 'test the path from the rule on, and the pattern with the TestEventPattern action of EventBridge',
  };
}

export function conditionalRule(rule: Rule): FindingText {
  return {
    problem: `cannot determine at synthesis whether ${nameOf(rule)} is created`,
    reason: 'it has a CloudFormation condition',
    fix: 'test the path without the condition',
  };
}

export function targetUnresolved(rule: Rule, { id, arn }: Target): FindingText {
  return {
    problem: `cannot determine at synthesis whether target '${displayText(id)}' of ${nameOf(rule)} is this resource`,
    reason: `its ARN ${displayText(arn)} is known only at deployment`,
    fix: 'use a literal ARN, or define the target in these apps',
  };
}

/** The fields of a pattern that decide, or that do not match, such as `'source' ["com.shop"]`. */
function fieldsOf(pattern: Json, event: EventEnvelope, isMatch: Ternary): string {
  const fields = isObject(pattern) ? Object.entries(pattern) : [];
  const deciding = fields.filter(([field, filters]) => matches({ [field]: filters }, event) === isMatch);
  return deciding.map(([field, filters]) => `'${field}' ${displayText(JSON.stringify(filters))}`).join(' and ');
}

export function describeEvent({ source, 'detail-type': detailType, account }: EventEnvelope): string {
  const fields = [
    source !== undefined && `source '${source}'`,
    detailType !== undefined && `detail type '${detailType}'`,
    account !== undefined && `account ${displayText(account)}`,
  ].filter((field) => field !== false);
  return `an event with ${fields.join(', ')}`;
}

function nameOf({ name }: Rule): string {
  return `rule '${displayText(name)}'`;
}
