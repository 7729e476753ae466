import { describeEvents, exactEventsOf } from './lib/events';
import { allowedBusArns, allowedEventsOf, allowsPutEvents, eventsInConditions } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { EventBus, Rule } from '../../app-model/app-model';
import { EventEnvelope, matches } from '../../eventbridge/event-pattern';
import { isObject } from '../../iam/statement';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds sources of events that may be put on a bus of the app, but that no enabled rule on the bus matches. One finding
 * for each bus. Only reported on request, because other apps may define the rules.
 *
 * Blind spots: publishers and statements whose policies list no sources, wildcards in sources, detail types.
 */
export function checkEventsWithoutRule(app: AppIndex): Finding[] {
  const sourcesByBus = new Map(app.model.eventBuses.map((bus) => [bus.arn, new Set<string>()]));
  const add = (busArn: string, events: EventEnvelope[]) => {
    for (const { source } of events) if (source !== undefined) sourcesByBus.get(busArn)?.add(source);
  };
  for (const identity of [...app.model.roles, ...app.model.users]) {
    for (const busArn of allowedBusArns(identity, app.model.eventBuses)) add(busArn, allowedEventsOf(identity, busArn));
  }
  for (const { resourceArn, statement } of app.model.eventBusStatements) {
    if (isObject(statement) && allowsPutEvents(statement)) add(resourceArn, eventsInConditions(statement));
  }
  for (const { pattern, targets, enabled } of app.model.rules) {
    if (enabled) for (const { arn } of targets) add(arn, exactEventsOf(pattern));
  }
  return app.model.eventBuses.flatMap((bus) => {
    const sources = [...sourcesByBus.get(bus.arn)!].filter(isExact);
    const unmatched = sources.filter((source) => !app.rulesOn(bus.arn).some((rule) => mayMatch(rule, source)));
    return unmatched.length > 0 ? [eventsWithoutRule(bus, unmatched)] : [];
  });
}

function isExact(source: string): boolean {
  return !hasUnresolved(source) && !/[*?$]/.test(source);
}

function mayMatch({ pattern, enabled }: Rule, source: string): boolean {
  return enabled && pattern !== null && matches(pattern, { source }) !== false;
}

function eventsWithoutRule({ construct, name, arn }: EventBus, sources: string[]): Finding {
  const text = {
    problem:
      `no rule of this app on bus '${displayText(name)}' matches ` +
      describeEvents(sources.sort().map((source) => ({ source }))),
    reason: 'publishers are allowed to put these events on the bus',
    fix:
      'define a rule for these events, remove the permission to put them, ' +
      'or acknowledge this warning if another app defines the rule',
  };
  return warningFinding(FindingId.EVENTS_WITHOUT_RULE, construct, text, displayText(arn));
}
