import { FindingId } from '../finding-id';
import { exactEventsOf, describeEvents } from './lib/events';
import { allowsPutEvents, authorizePutEvents, putEventsCall } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { EventBus, Rule } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { literalWildcard, patternFault } from '../../eventbridge/pattern-validation';
import { accountOf } from '../../iam/arn';
import { anyPrincipalContext } from '../../iam/condition-keys';
import { entriesOf, isEventKey } from '../../iam/conditions';
import { evaluate } from '../../iam/evaluate';
import { Json, denies, isObject, toList } from '../../iam/statement';
import { ANYTHING, hasUnresolved, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';

/**
 * Rules that wait for events which cannot come: by their pattern alone, or because the policy of the bus lets nobody
 * put them.
 *
 * Blind spots: what publishers of the bus's own account put, beyond roles of the app; the detail of events; matchers
 * other than exact values.
 */
export function checkPatterns(app: AppIndex): Finding[] {
  const open = new Set(app.model.eventBuses.filter((bus) => allowsAllEvents(app, bus)));
  return app.model.rules.flatMap((rule) => {
    const fault = patternFault(rule.pattern);
    if (fault !== undefined) {
      const problem = `the pattern of rule '${displayText(rule.name)}' matches no event: ${fault}`;
      return finding(rule, 'error', problem, 'correct the pattern');
    }
    const unheard = unpublishableEvents(app, rule, open);
    const literal = literalWildcard(rule.pattern);
    if (unheard.length > 0 || literal === undefined) return unheard;
    return finding(
      rule,
      'warning',
      `the pattern of rule '${displayText(rule.name)}' matches hardly any event: ${literal}`,
      "use { 'wildcard': '…' } or { 'prefix': '…' }, or acknowledge this if events are called so",
    );
  });
}

/** A pattern for events that no statement of the bus lets anybody put. */
function unpublishableEvents(app: AppIndex, rule: Rule, open: ReadonlySet<EventBus>): Finding[] {
  const bus = app.bus(rule.eventBusArn);
  const accounts = isObject(rule.pattern) ? namedAccounts(rule.pattern.account) : undefined;
  if (
    !bus ||
    accounts === undefined ||
    [bus.account, ...accounts].some(hasUnresolved) ||
    accounts.includes(bus.account)
  ) {
    return [];
  }
  const { statements, conflicting } = app.policyOn(bus.arn);
  if (conflicting) return [];
  const events = exactEventsOf(rule.pattern);
  if (accounts.length > 0) {
    if (
      receivesForwardedEvents(app, bus) ||
      accounts.some((account) => events.some((event) => allowsEvent(statements, bus, event, account)))
    ) {
      return [];
    }
    const of = accounts.length === 1 ? `account ${accounts[0]}` : `accounts ${accounts.join(', ')}`;
    return finding(
      rule,
      'error',
      `rule '${displayText(rule.name)}' waits for ${describeEvents(events)} of ${of}, which no ` +
        `statement of bus ${displayText(bus.arn)} lets put them there`,
      'let them in with these sources and detail types, or correct the pattern',
    );
  }
  const scoped = events.every(
    ({ source, 'detail-type': detailType }) => source !== undefined || detailType !== undefined,
  );
  if (
    !scoped ||
    open.has(bus) ||
    !statements.some(allowsPutEvents) ||
    events.some((event) => allowsEvent(statements, bus, event, ANYTHING))
  ) {
    return [];
  }
  if (receivesForwardedEvents(app, bus) || hasLocalPublisher(app, bus)) return [];
  return finding(
    rule,
    'warning',
    `rule '${displayText(rule.name)}' waits for ${describeEvents(events)}, which no statement of ` +
      `bus ${displayText(bus.arn)} lets another account put there, nor does this app have a ` +
      `publisher in account ${bus.account}`,
    'correct the pattern or the conditions of the statements, or ' +
      'acknowledge this if somebody else of that account puts them',
  );
}

/** What a rule of the same account brings may be of any account. */
function receivesForwardedEvents(app: AppIndex, bus: EventBus): boolean {
  return app.rulesTo(bus.arn).some(({ eventBusArn }) => accountOf(eventBusArn) === bus.account);
}

/** Whether somebody of the bus's own account, whom the app makes, may put events there. */
function hasLocalPublisher(app: AppIndex, bus: EventBus): boolean {
  return app
    .identitiesIn(bus.account)
    .some(
      (identity) =>
        authorizePutEvents(app, identity, bus.arn, {}, { assumeUnknownMatches: true }).decision !== 'denied',
    );
}

/**
 * Whether a bus lets somebody put events of every source and detail type: a statement that asks for neither answers
 * alike for all of them, if nothing is denied. To ask that once spares most questions.
 */
function allowsAllEvents(app: AppIndex, bus: EventBus): boolean {
  const { statements } = app.policyOn(bus.arn);
  return (
    !statements.some(denies) &&
    statements.some((statement) => !restrictsEvents(statement) && allowsEvent([statement], bus, {}, ANYTHING))
  );
}

function restrictsEvents(statement: Json): boolean {
  return isObject(statement) && entriesOf(statement.Condition).some(({ key }) => isEventKey(key));
}

/** Whether the policy of a bus lets anybody of an account put an event, directly or by a rule. */
function allowsEvent(policy: readonly Json[], bus: EventBus, event: EventEnvelope, account: string): boolean {
  return [true, false].some((byRule) => {
    const call = putEventsCall(bus.arn, event, { byRule, assumeUnknownMatches: true });
    return (
      evaluate(policy, {
        ...call,
        principalArn: ANYTHING,
        account,
        context: [call.context ?? {}, anyPrincipalContext(account)],
      }).decision !== 'denied'
    );
  });
}

/** The accounts that a pattern names, none where it names none; nothing where it has matchers. */
function namedAccounts(values: Json | undefined): readonly string[] | undefined {
  if (values === undefined) return [];
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? toList(values) : undefined;
}

function finding(rule: Rule, level: Finding['level'], problem: string, fix: string): Finding[] {
  return [{ id: FindingId.PATTERN_NEVER_MATCHES, level, construct: rule.construct, problem, fix }];
}
