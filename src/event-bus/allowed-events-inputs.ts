import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { AllowedEvents } from './allowed-events';
import type { AllowedRules } from './allowed-rules';
import { EventBusInvocation } from './event-bus-invocation';
import { validateList } from '../core/validate-values';
import { ErrorScope } from '../core/validation-error';
import { eventField, targetArn } from '../eventbridge/formats';
import { AllowedRuleValues, AllowedEventValues } from '../eventbridge/grant-conditions';

const REMEDY = 'leave the property out to allow any';

/** What is allowed as data, checked on behalf of the construct that it is given to. */
export function validatedEvents(
  place: ErrorScope,
  { sources, detailTypes, invocation }: AllowedEvents = {},
): AllowedEventValues {
  checkEventFields(place, { sources, detailTypes });
  return { sources, detailTypes, ...(invocation !== undefined && { byRule: invocation === EventBusInvocation.RULE }) };
}

/** A target is of the partition of its rule: written as that of the stack, so that two ways to write an ARN are one. */
export function validatedRules(
  place: IConstruct,
  { sources, detailTypes, targetArns }: AllowedRules = {},
): AllowedRuleValues {
  checkEventFields(place, { sources, detailTypes });
  validateList(place, 'targetArns', targetArns, targetArn, REMEDY);
  const { partition } = Stack.of(place);
  return {
    sources,
    detailTypes,
    targetArns: targetArns?.map((arn) => arn.replace(/^arn:[^:]+:/, `arn:${partition}:`)),
  };
}

function checkEventFields(place: ErrorScope, fields: { readonly [property: string]: string[] | undefined }): void {
  for (const [property, values] of Object.entries(fields)) validateList(place, property, values, eventField, REMEDY);
}
