import { allowedBusArns, allowedEventsOf, authorizePutEvents } from './put-events';
import { isRuleRole } from './trusted-principals';
import { AppIndex } from '../../../app-model/app-index';
import { EventBus, Rule } from '../../../app-model/app-model';
import { matches } from '../../../eventbridge/event-pattern';

/**
 * Whether the policy of a bus denies a publisher of the app whose events a rule on the bus may match. The finding about
 * the publisher then also explains why the rule receives no events.
 *
 * @param accounts the accounts of the publishers; empty for all accounts
 */
export function hasDeniedPublisher(app: AppIndex, rule: Rule, bus: EventBus, accounts: readonly string[]): boolean {
  return [...app.model.roles, ...app.model.users]
    .filter(({ account }) => accounts.length === 0 || accounts.includes(account))
    .filter((identity) => allowedBusArns(identity, app.model.eventBuses).includes(bus.arn))
    .some((identity) => {
      const options = { byRule: isRuleRole(identity), assumeUnknownMatches: true };
      return allowedEventsOf(identity, bus.arn)
        .filter((event) => matches(rule.pattern, event) !== false)
        .map((event) => authorizePutEvents(app, identity, bus.arn, event, options))
        .some(({ decision, policyType }) => decision === 'denied' && policyType === 'resource');
    });
}
