import { describeEvents, exactEventsOf } from './lib/events';
import { allowedBusArns, allowedEventsOf, allowsPutEvents, eventsInConditions } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { EventBus, Rule } from '../../app-model/app-model';
import { EventEnvelope, matches } from '../../eventbridge/event-pattern';
import { isObject } from '../../iam/statement';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds events that may be put on a bus of the app, but that no enabled rule on the bus matches. One finding for each
 * bus. Only reported on request, because other apps may define the rules.
 *
 * Blind spots: publishers and statements whose policies list neither sources nor detail types, and wildcards in them.
 */
export function checkEventsWithoutRule(app: AppIndex): Finding[] {
  const groups = eventsByBus(app);
  return app.model.eventBuses.flatMap((bus) => {
    const unmatched = unmatchedEvents(app.rulesOn(bus.arn), groups.get(bus.arn) ?? []);
    return unmatched.length > 0 ? [eventsWithoutRule(bus, unmatched)] : [];
  });
}

/** The events that may be put on each bus, by the publisher, statement or rule that allows or puts them. */
function eventsByBus({ model }: AppIndex): ReadonlyMap<string, readonly EventEnvelope[][]> {
  const groups = new Map<string, EventEnvelope[][]>(model.eventBuses.map(({ arn }) => [arn, []]));
  const add = (busArn: string | undefined, events: EventEnvelope[]) => groups.get(busArn ?? '')?.push(events);
  for (const identity of [...model.roles, ...model.users]) {
    for (const busArn of allowedBusArns(identity, model.eventBuses)) add(busArn, allowedEventsOf(identity, busArn));
  }
  for (const { resourceArn, statement } of model.eventBusStatements) {
    if (isObject(statement) && allowsPutEvents(statement)) add(resourceArn, eventsInConditions(statement));
  }
  for (const { pattern, targets, enabled } of model.rules) {
    if (enabled) for (const { arn } of targets) add(arn, exactEventsOf(pattern));
  }
  for (const { entries } of model.publishers) for (const { busArn, event } of entries) add(busArn, [event]);
  return groups;
}

/**
 * The sources that no rule matches, and the detail types that no rule matches with any source of the same group: not
 * every source has every detail type.
 */
function unmatchedEvents(rules: readonly Rule[], groups: readonly EventEnvelope[][]): EventEnvelope[] {
  const isMatched = (event: EventEnvelope) => rules.some((rule) => mayMatch(rule, event));
  const exact = groups.map((events) => events.map(exactPart));
  const allSources = new Set(exact.flat().flatMap(({ source }) => source ?? []));
  const sources = [...allSources].filter((source) => !isMatched({ source })).sort();
  const ofDetailTypes = exact
    .flatMap((events) => [...groupedBy(events.filter(hasDetailType), (event) => event['detail-type']).values()])
    .filter((events) => !events.some(isMatched))
    .flat()
    .filter(({ source }) => source === undefined || !sources.includes(source));
  return [...sources.map((source) => ({ source })), ...ofDetailTypes];
}

function hasDetailType(event: EventEnvelope): boolean {
  return event['detail-type'] !== undefined;
}

/** An event with the source and detail type that are known. */
function exactPart({ source, 'detail-type': detailType }: EventEnvelope): EventEnvelope {
  const exact = (value: string | undefined) => (value !== undefined && isExact(value) ? value : undefined);
  return { source: exact(source), 'detail-type': exact(detailType) };
}

function isExact(value: string): boolean {
  return !hasUnresolved(value) && !/[*?$]/.test(value);
}

function mayMatch({ pattern, enabled }: Rule, event: EventEnvelope): boolean {
  return enabled && pattern !== null && matches(pattern, event) !== false;
}

function eventsWithoutRule({ construct, name, arn }: EventBus, events: EventEnvelope[]): Finding {
  const text = {
    problem: `no rule of this app on bus '${displayText(name)}' matches ${describeEvents(events)}`,
    reason: 'publishers are allowed to put these events on the bus',
    fix:
      'define a rule for these events, remove the permission to put them, ' +
      'or acknowledge this warning if another app defines the rule',
  };
  return warningFinding(FindingId.EVENTS_WITHOUT_RULE, construct, text, displayText(arn));
}
