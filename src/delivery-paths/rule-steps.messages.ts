import { Rule, Target } from '../app-model/app-model';
import { FindingText } from '../checks/engine/finding';
import { withFields } from '../eventbridge/event-names';
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
    fix: "give the event these fields, such as 'detail', or test the pattern with the TestEventPattern action",
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

/** The fields of a pattern that decide, or that do not match, such as `'detail.state' ["stopped"]`. */
function fieldsOf(pattern: Json, event: EventEnvelope, isMatch: Ternary): string {
  const isDeciding = (part: Json) => matches(part, event) === isMatch;
  return decidingFields(pattern, isDeciding)
    .map(({ path, filters }) => `'${path}' ${displayText(JSON.stringify(filters))}`)
    .join(' and ');
}

/** A field at any depth, such as `detail.state`. */
interface Field {
  readonly path: string;
  readonly filters: Json;
}

/** @param isDeciding whether a pattern of one field is a reason for the result */
function decidingFields(pattern: Json, isDeciding: (part: Json) => boolean, prefix = ''): Field[] {
  if (!isObject(pattern)) return [];
  return Object.entries(pattern).flatMap(([name, filters]) => {
    if (!isDeciding({ [name]: filters })) return [];
    const path = `${prefix}${name}`;
    const nested = decidingFields(filters, (part) => isDeciding({ [name]: part }), `${path}.`);
    return nested.length > 0 ? nested : [{ path, filters }];
  });
}

function describeEvent({ source, 'detail-type': detailType, account }: EventEnvelope): string {
  return `an event${withFields({ source, detailType, account: account && displayText(account) })}`;
}

function nameOf({ name }: Rule): string {
  return `rule '${displayText(name)}'`;
}
