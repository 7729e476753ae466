import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { EventBusInvocation } from '../../event-bus-invocation';
import type { EventScope } from '../../event-scope';
import { eventField, targetArn } from '../../policy/formats';
import { RuleScope, Scope } from '../../policy/scopes';
import type { RuleManagementScope } from '../../rule-management-scope';
import { checkList } from '../checked-values';
import { Place } from '../errors';

const REMEDY = 'leave the property out to allow any';

/** The scope as data, checked on behalf of the construct that it is given to. */
export function checkedScope(place: Place, { sources, detailTypes, invocation }: EventScope = {}): Scope {
  checkEventFields(place, { sources, detailTypes });
  return { sources, detailTypes, ...(invocation !== undefined && { byRule: invocation === EventBusInvocation.RULE }) };
}

/** A target is of the partition of its rule: written as that of the stack, so that two ways to write an ARN are one. */
export function checkedRuleScope(place: IConstruct, { sources, detailTypes, targetArns }: RuleManagementScope = {}): RuleScope {
  checkEventFields(place, { sources, detailTypes });
  checkList(place, 'targetArns', targetArns, targetArn, REMEDY);
  const { partition } = Stack.of(place);
  return { sources, detailTypes, targetArns: targetArns?.map((arn) => arn.replace(/^arn:[^:]+:/, `arn:${partition}:`)) };
}

function checkEventFields(place: Place, fields: { readonly [property: string]: string[] | undefined }): void {
  for (const [property, values] of Object.entries(fields)) checkList(place, property, values, eventField, REMEDY);
}
