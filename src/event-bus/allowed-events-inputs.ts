import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { AllowedEvents } from './allowed-events';
import type { AllowedRules } from './allowed-rules';
import { EventBusInvocation } from './event-bus-invocation';
import { givenRuleLimits, validatedRuleLimits } from './private/rule-limits';
import { PropertyNames, validateProperties } from '../core/validate-properties';
import { validateList } from '../core/validate-values';
import { ErrorScope, validationError } from '../core/validation-error';
import { eventField, problem, targetArn } from '../eventbridge/formats';
import { AllowedRuleValues, AllowedEventValues } from '../eventbridge/grant-conditions';
import { Publisher } from '../eventbridge/publishers';

const EMPTY_LIST_FIX = 'omit the property to allow any value';

const EVENT_PROPERTIES: PropertyNames<AllowedEvents> = {
  sources: true,
  detailTypes: true,
  invocation: true,
  ruleArns: true,
  ruleRegions: true,
  excludedRuleRegions: true,
};
const RULE_PROPERTIES: PropertyNames<AllowedRules> = { sources: true, detailTypes: true, targetArns: true };

/** Validates the events that a role may publish by calls of `PutEvents`, and returns them as data. */
export function validatedEventsOfRole(errorScope: ErrorScope, allowedEvents: AllowedEvents = {}): AllowedEventValues {
  const values = validatedEvents(errorScope, allowedEvents);
  const [limit] = givenRuleLimits(allowedEvents);
  if (limit === undefined && !values.byRule) return values;
  const must = limit === undefined ? "'invocation' must not be RULE" : `'${limit}' must not be set`;
  const got = limit === undefined ? 'RULE' : String(allowedEvents[limit]);
  throw validationError(
    errorScope,
    `${must} for a role, which calls PutEvents, got ${got}; omit it, or forward events from a rule with ` +
      'CrossAccountEventBusTarget',
  );
}

/** Validates the events that a grant allows a publisher, and returns them as data. */
export function validatedEventsOf(
  scope: IConstruct,
  publisher: Publisher,
  allowedEvents?: AllowedEvents,
): AllowedEventValues {
  return {
    ...validatedEvents(scope, allowedEvents),
    ...validatedRuleLimits(scope, publisher, allowedEvents ?? {}),
  };
}

function validatedEvents(errorScope: ErrorScope, allowedEvents: AllowedEvents = {}): AllowedEventValues {
  validateProperties(errorScope, 'allowedEvents', allowedEvents, EVENT_PROPERTIES);
  const { sources, detailTypes, invocation } = allowedEvents;
  validateInvocation(errorScope, invocation);
  validateEventFields(errorScope, { sources, detailTypes });
  const byRule = invocation === EventBusInvocation.RULE;
  return { sources, detailTypes, ...(invocation !== undefined && { byRule }) };
}

/**
 * Validates the allowed rules and returns them as data. Target ARNs get the partition of the stack, because a target is
 * in the partition of its rule: two forms of one ARN become equal.
 */
export function validatedRules(scope: IConstruct, allowedRules: AllowedRules = {}): AllowedRuleValues {
  validateProperties(scope, 'allowedRules', allowedRules, RULE_PROPERTIES);
  const { sources, detailTypes, targetArns } = allowedRules;
  validateEventFields(scope, { sources, detailTypes });
  validateList(scope, 'targetArns', targetArns, targetArn, EMPTY_LIST_FIX);
  const { partition } = Stack.of(scope);
  return {
    sources,
    detailTypes,
    targetArns: targetArns?.map((arn) => arn.replace(/^arn:[^:]+:/, `arn:${partition}:`)),
  };
}

function validateEventFields(
  errorScope: ErrorScope,
  fields: { readonly [property: string]: string[] | undefined },
): void {
  for (const [property, values] of Object.entries(fields)) {
    validateList(errorScope, property, values, eventField, EMPTY_LIST_FIX);
  }
}

function validateInvocation(errorScope: ErrorScope, invocation?: EventBusInvocation): void {
  const known = Object.values(EventBusInvocation);
  if (invocation === undefined || known.includes(invocation)) return;
  const found = problem(`be ${known.join(' or ')}`, invocation, 'use EventBusInvocation');
  throw validationError(errorScope, `'invocation' ${found}`);
}
