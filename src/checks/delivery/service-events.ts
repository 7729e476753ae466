import { certainlyDiffer } from './lib/authorize';
import { mayPutBy } from './lib/event-origins';
import { exactEventsOf, overlap } from './lib/events';
import { allowsPutEvents } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { matchesOnlyServiceEvents, regionOfGlobalEvents } from '../../eventbridge/service-events';
import { Arn, parseArn } from '../../iam/arn';
import { Json, isObject } from '../../iam/statement';
import { ANYTHING, displayText, hasUnresolved, isAttribute, mayEqualAnyText } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';
import { FindingText } from '../engine/finding';

/**
 * The text of a warning about a rule that matches only events of AWS services, which AWS does not put on the bus of the
 * rule, and which no other rule or account forwards to it. Undefined if such events may arrive.
 *
 * Blind spots: rules of other apps that forward events within the account; patterns with other sources too.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export function serviceEventsNotForwarded(app: AppIndex, rule: Rule): FindingText | undefined {
  if (!rule.enabled || !matchesOnlyServiceEvents(rule.pattern)) return undefined;
  const bus = parseArn(rule.eventBusArn);
  if (!bus) return undefined;
  const missing = missingEvents(app, rule, bus);
  return missing && !mayBeForwarded(app, rule) ? missing : undefined;
}

function missingEvents(app: AppIndex, rule: Rule, bus: Arn): FindingText | undefined {
  return onCustomBus(app, rule, bus) ?? inOtherRegion(rule, bus) ?? ofOtherAccounts(rule, bus);
}

/** Buses of partners receive the events of their partner. A bus of another app may receive events from its rules. */
function onCustomBus(app: AppIndex, { name, eventBusArn, pattern }: Rule, { partition }: Arn): FindingText | undefined {
  const bus = app.bus(eventBusArn);
  if (!bus || mayEqualAnyText(bus.name) || bus.name.startsWith('aws.partner/')) return undefined;
  const region = regionOfGlobalEvents(pattern, partition);
  return {
    problem: `the pattern of rule '${displayText(name)}' on bus '${displayText(bus.name)}' may match no event`,
    reason:
      'AWS services put their events on the default event bus' +
      `${region === undefined ? '' : ` in ${region}`}, and no rule of this app forwards them to this bus`,
    fix:
      `${region === undefined ? '' : `in a stack in ${region}, `}define the rule on the default event bus, or ` +
      'forward the events to this bus by a rule there, or acknowledge this warning if another app forwards them',
  };
}

function inOtherRegion({ name, pattern }: Rule, { partition, region }: Arn): FindingText | undefined {
  const globalRegion = regionOfGlobalEvents(pattern, partition);
  if (globalRegion === undefined || !certainlyDiffer(region, globalRegion)) return undefined;
  return {
    problem: `the pattern of rule '${displayText(name)}' in ${region} may match no event`,
    reason: `these services put their events on the default event bus in ${globalRegion} only`,
    fix:
      `define the rule in a stack in ${globalRegion}, or forward the events to this bus by a rule there, ` +
      'or acknowledge this warning if another app forwards them',
  };
}

function ofOtherAccounts({ name, pattern }: Rule, { account }: Arn): FindingText | undefined {
  if (hasUnresolved(account) || !isObject(pattern) || pattern.account !== undefined) return undefined;
  const accounts = accountsOf(pattern.resources);
  if (!accounts || accounts.includes(account)) return undefined;
  return {
    problem: `the pattern of rule '${displayText(name)}' may match no event`,
    reason:
      `'resources' has only ARNs in ${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(', ')}, but ` +
      `the bus receives the events of account ${account}`,
    fix: 'correct the ARNs, or acknowledge this warning if another app forwards the events of these accounts',
  };
}

/** The accounts of the ARNs that a field lists; undefined if it lists other values too, or ARNs without account. */
function accountsOf(resources: Json | undefined): string[] | undefined {
  if (!Array.isArray(resources) || resources.length === 0) return undefined;
  const accounts = resources.map((filter) => {
    const text = isObject(filter) ? filter.prefix : filter;
    return typeof text === 'string' ? (parseArn(text)?.account ?? '') : '';
  });
  return accounts.every((account) => /^\d{12}$/.test(account)) ? [...new Set(accounts)] : undefined;
}

/** Whether a rule of the app, another account or a service may put the events of a rule on its bus. */
function mayBeForwarded(app: AppIndex, { eventBusArn, pattern }: Rule): boolean {
  const rules = [...app.rulesTo(eventBusArn), ...rulesToUnresolvedBuses(app)];
  if (rules.some((rule) => rule.enabled && overlap(rule.pattern, pattern) !== false)) return true;
  const events = exactEventsOf(pattern);
  return app
    .statementsOn(eventBusArn)
    .some(
      ({ statement }) =>
        allowsService(statement) || events.some((event) => mayPutBy([statement], eventBusArn, event, ANYTHING, true)),
    );
}

/** Rules with a target that may be any bus. */
const rulesToUnresolvedBuses = memoizeByObject(({ model }: AppIndex): Rule[] =>
  model.rules.filter(({ targets }) => targets.some(({ arn }) => mayBeAnyBus(arn))),
);

function mayBeAnyBus(arn: string): boolean {
  const service = parseArn(arn)?.service;
  return mayEqualAnyText(arn) && !isAttribute(arn) && (service === undefined || /^events$|‹/.test(service));
}

function allowsService(statement: Json): boolean {
  if (!isObject(statement) || !allowsPutEvents(statement)) return false;
  const { Principal } = statement;
  return isObject(Principal) && Principal.Service !== undefined;
}
