import { allowedBusArns, allowedEventsOf, authorizePutEvents } from './put-events';
import { isRuleRole } from './trusted-principals';
import { AppIndex } from '../../../app-model/app-index';
import { EventBus, Identity, Rule } from '../../../app-model/app-model';
import { EventEnvelope, matches } from '../../../eventbridge/event-pattern';

/**
 * Whether the policy of a bus denies a publisher of the app whose events a rule on the bus may match. The finding about
 * the publisher then also explains why the rule receives no events.
 *
 * @param accounts the accounts of the publishers; empty for all accounts
 */
export function hasDeniedPublisher(app: AppIndex, rule: Rule, bus: EventBus, accounts: readonly string[]): boolean {
  return [...app.model.roles, ...app.model.users]
    .filter(({ account }) => accounts.length === 0 || accounts.includes(account))
    .some((identity) => isDeniedByBus(app, identity, bus.arn, (event) => matches(rule.pattern, event) !== false));
}

/** Whether the policy of a bus denies an event that a role or user may put on the bus by its own policies. */
export function isDeniedByBus(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  isConcerned: (event: EventEnvelope) => boolean = () => true,
): boolean {
  if (!allowedBusArns(identity, app.model.eventBuses).includes(busArn)) return false;
  const options = { byRule: isRuleRole(identity), assumeUnknownMatches: true };
  return allowedEventsOf(identity, busArn)
    .filter(isConcerned)
    .map((event) => authorizePutEvents(app, identity, busArn, event, options))
    .some(({ decision, policyType }) => decision === 'denied' && policyType === 'resource');
}
