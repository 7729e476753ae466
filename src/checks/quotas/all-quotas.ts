import { checkIdentityPolicies } from './identity-policies';
import { EventBusQuotas, QuotaLimits } from './quota-limits';
import { checkResourcePolicies } from './resource-policies';
import { checkRulesAndPatterns } from './rules-and-patterns';
import { AppIndex } from '../../app-model/app-index';
import { Finding } from '../engine/finding';

/** Quotas that are exceeded, or nearly: of policies, event patterns, and the numbers of rules and targets. */
export function checkQuotas(app: AppIndex, limits: QuotaLimits): Finding[] {
  const buses = new EventBusQuotas(app, limits);
  return [
    ...checkResourcePolicies(app, buses, limits),
    ...checkIdentityPolicies(app, limits),
    ...checkRulesAndPatterns(app, buses, limits),
    ...buses.unusedLimits(),
  ];
}
