import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { AllowedEvents } from './allowed-events';
import type { AllowedRules } from './allowed-rules';
import { EventBusInvocation } from './event-bus-invocation';
import { validateList } from '../core/validate-values';
import { ErrorScope } from '../core/validation-error';
import { eventField, targetArn } from '../eventbridge/formats';
import { AllowedRuleValues, AllowedEventValues } from '../eventbridge/grant-conditions';

const EMPTY_LIST_FIX = 'omit the property to allow any value';

/** Validates the allowed events and returns them as data. */
export function validatedEvents(
  errorScope: ErrorScope,
  { sources, detailTypes, invocation }: AllowedEvents = {},
): AllowedEventValues {
  validateEventFields(errorScope, { sources, detailTypes });
  const byRule = invocation === EventBusInvocation.RULE;
  return { sources, detailTypes, ...(invocation !== undefined && { byRule }) };
}

/**
 * Validates the allowed rules and returns them as data. Target ARNs get the partition of the stack, because a target is
 * in the partition of its rule: two forms of one ARN become equal.
 */
export function validatedRules(
  scope: IConstruct,
  { sources, detailTypes, targetArns }: AllowedRules = {},
): AllowedRuleValues {
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
