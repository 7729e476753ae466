import { Place, checkList } from './errors';
import { EventBusInvocation } from '../event-bus-invocation';
import type { EventScope } from '../event-scope';
import { eventField, targetArn } from '../policy/formats';
import { RuleScope, Scope } from '../policy/scopes';
import type { RuleManagementScope } from '../rule-management-scope';

const REMEDY = 'leave the property out to allow any';

/** The scope as data, checked on behalf of the construct that it is given to. */
export function checkedScope(place: Place, { sources, detailTypes, invocation }: EventScope = {}): Scope {
  checkList(place, 'sources', sources, eventField, REMEDY);
  checkList(place, 'detailTypes', detailTypes, eventField, REMEDY);
  return { sources, detailTypes, ...(invocation !== undefined && { byRule: invocation === EventBusInvocation.RULE }) };
}

export function checkedRuleScope(place: Place, { sources, detailTypes, targetArns }: RuleManagementScope = {}): RuleScope {
  checkList(place, 'sources', sources, eventField, REMEDY);
  checkList(place, 'detailTypes', detailTypes, eventField, REMEDY);
  checkList(place, 'targetArns', targetArns, targetArn, REMEDY);
  return { sources, detailTypes, targetArns };
}
