import { eventsAskedFor, someNamesOf } from './events';
import { letsPut, mayPut, putCall } from './paths';
import { FindingId } from '../../finding-id';
import { EventBus, Rule } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { keysOfSomebody } from '../../policy/condition-keys';
import { entriesOf, isOfEvents } from '../../policy/conditions';
import { EventEnvelope } from '../../policy/pattern';
import { literalWildcard, patternFault } from '../../policy/pattern-faults';
import { answer } from '../../policy/request';
import { Json, denies, isObject, listOf } from '../../policy/statement';
import { ANYTHING, hasUnknown, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Rules that wait for events which cannot come: by their pattern alone, or because the policy of the bus lets nobody put them.
 *
 * Blind spots: what publishers of the bus's own account put, beyond roles of the app; the detail of events; matchers other than exact values.
 */
export function patternsThatNeverMatch(world: World): Finding[] {
  const open = new Set(world.model.eventBuses.filter((bus) => isOpen(world, bus)));
  return world.model.rules.flatMap((rule) => {
    const fault = patternFault(rule.pattern);
    if (fault !== undefined) return finding(rule, 'error', `the pattern of rule '${readable(rule.name)}' matches no event: ${fault}`);
    const unheard = unheardOf(world, rule, open);
    const literal = literalWildcard(rule.pattern);
    if (unheard.length > 0 || literal === undefined) return unheard;
    return finding(rule, 'warning', `the pattern of rule '${readable(rule.name)}' matches hardly any event: ${literal}; use { 'wildcard': '…' } or { 'prefix': '…' }, or acknowledge this if events are called so`);
  });
}

/** A pattern for events that no statement of the bus lets anybody put. */
function unheardOf(world: World, rule: Rule, open: ReadonlySet<EventBus>): Finding[] {
  const bus = world.bus(rule.eventBusArn);
  const accounts = isObject(rule.pattern) ? namedAccounts(rule.pattern.account) : undefined;
  if (!bus || accounts === undefined || [bus.account, ...accounts].some(hasUnknown) || accounts.includes(bus.account)) return [];
  const { contents, conflicting } = world.policyOn(bus.arn);
  if (conflicting) return [];
  const events = eventsAskedFor(rule.pattern);
  if (accounts.length > 0) {
    if (isBroughtWithin(world, bus) || accounts.some((account) => events.some((event) => letsIn(contents, bus, event, account)))) return [];
    const of = accounts.length === 1 ? `account ${accounts[0]}` : `accounts ${accounts.join(', ')}`;
    return finding(rule, 'error', `rule '${readable(rule.name)}' waits for ${someNamesOf(events)} of ${of}, which no statement of bus ${readable(bus.arn)} lets put them there; `
      + 'let them in with these sources and detail types, or correct the pattern');
  }
  const scoped = events.every(({ source, 'detail-type': detailType }) => source !== undefined || detailType !== undefined);
  if (!scoped || open.has(bus) || !contents.some(letsPut) || events.some((event) => letsIn(contents, bus, event, ANYTHING))) return [];
  if (isBroughtWithin(world, bus) || mayBePutWithin(world, bus)) return [];
  return finding(rule, 'warning', `rule '${readable(rule.name)}' waits for ${someNamesOf(events)}, which no statement of bus ${readable(bus.arn)} lets another account put there, nor does this app have a publisher `
    + `in account ${bus.account}; correct the pattern or the scope of the statements, or acknowledge this if somebody else of that account puts them`);
}

/** What a rule of the same account brings may be of any account. */
function isBroughtWithin(world: World, bus: EventBus): boolean {
  return world.rulesTo(bus.arn).some(({ eventBusArn }) => accountOf(eventBusArn) === bus.account);
}

/** Whether somebody of the bus's own account, whom the app makes, may put events there. */
function mayBePutWithin(world: World, bus: EventBus): boolean {
  return world.identitiesIn(bus.account).some((identity) => mayPut(world, identity, bus.arn, {}, { inDoubtYes: true }).decision !== 'denied');
}

/**
 * Whether a bus lets somebody put events of every source and detail type: a statement that asks for neither answers alike for all of them, if nothing is denied.
 * To ask that once spares most questions.
 */
function isOpen(world: World, bus: EventBus): boolean {
  const { contents } = world.policyOn(bus.arn);
  return !contents.some(denies) && contents.some((statement) => !isScoped(statement) && letsIn([statement], bus, {}, ANYTHING));
}

function isScoped(statement: Json): boolean {
  return isObject(statement) && entriesOf(statement.Condition).some(({ key }) => isOfEvents(key));
}

/** Whether the policy of a bus lets anybody of an account put an event, directly or by a rule. */
function letsIn(policy: readonly Json[], bus: EventBus, event: EventEnvelope, account: string): boolean {
  return [true, false].some((byRule) => {
    const call = putCall(bus.arn, event, { byRule, inDoubtYes: true });
    return answer(policy, { ...call, principalArn: ANYTHING, account, context: [call.context ?? {}, keysOfSomebody(account)] }).decision !== 'denied';
  });
}

/** The accounts that a pattern names, none where it names none; nothing where it has matchers. */
function namedAccounts(values: Json | undefined): readonly string[] | undefined {
  if (values === undefined) return [];
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? listOf(values) : undefined;
}

function finding(rule: Rule, level: Finding['level'], message: string): Finding[] {
  return [{ id: FindingId.PATTERN_NEVER_MATCHES, level, construct: rule.construct, message }];
}

