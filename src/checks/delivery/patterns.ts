import { AppIndex } from '../../app-model/app-index';
import { EventBus, Rule } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { literalWildcard, patternFault } from '../../eventbridge/pattern-validation';
import { accountOf } from '../../iam/arn';
import { anyPrincipalContext } from '../../iam/condition-keys';
import { entriesOf, isEventKey } from '../../iam/conditions';
import { evaluate } from '../../iam/evaluate';
import { Json, denies, isObject } from '../../iam/statement';
import { ANYTHING, displayText, hasUnresolved } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';
import { Finding, FindingText, errorFinding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import { describeEvents, exactEventsOf } from './lib/events';
import { allowsPutEvents, authorizePutEvents, putEventsCall } from './lib/put-events';

/**
 * Finds rules that match no event: because of the pattern itself, or because the bus policy allows no principal to put
 * such events.
 *
 * Blind spots: publishers in the account of the bus that are not defined in this app; the `detail` of events; matchers
 * other than exact values.
 */
export function checkPatterns(app: AppIndex): Finding[] {
  const isOpenBus = memoizeByObject((bus: EventBus) => allowsAllEvents(app, bus));
  const findings: Finding[] = [];
  for (const rule of app.model.rules) {
    const finding = invalidPattern(rule) ?? unpublishableEvents(app, rule, isOpenBus) ?? wildcardInExactValue(rule);
    if (finding) findings.push(finding);
  }
  return findings;
}

function invalidPattern(rule: Rule): Finding | undefined {
  const fault = patternFault(rule.pattern);
  if (fault === undefined) return undefined;
  return neverMatches(rule, { problem: matchesNoEvent(rule), reason: fault, fix: 'correct the pattern' });
}

function wildcardInExactValue(rule: Rule): Finding | undefined {
  const literal = literalWildcard(rule.pattern);
  if (literal === undefined) return undefined;
  return mayNeverMatch(rule, {
    problem: `the pattern of rule '${displayText(rule.name)}' matches almost no event`,
    reason: literal,
    fix: "use { 'wildcard': '…' } or { 'prefix': '…' }, or acknowledge this warning if events contain these values",
  });
}

/** A rule whose pattern lists other accounts than that of its bus, or no accounts, and the policy of the bus. */
interface CrossAccountPattern {
  readonly rule: Rule;
  readonly bus: EventBus;
  readonly statements: readonly Json[];
  /** The accounts that the pattern lists; empty if it has no `account` field. */
  readonly accounts: readonly string[];
  readonly events: EventEnvelope[];
}

function unpublishableEvents(app: AppIndex, rule: Rule, isOpenBus: (bus: EventBus) => boolean): Finding | undefined {
  const pattern = crossAccountPattern(app, rule);
  if (!pattern) return undefined;
  return pattern.accounts.length > 0 ? accountsNotAllowed(app, pattern) : eventsNotAllowed(app, pattern, isOpenBus);
}

function crossAccountPattern(app: AppIndex, rule: Rule): CrossAccountPattern | undefined {
  const bus = app.bus(rule.eventBusArn);
  const accounts = listedAccounts(rule.pattern);
  if (!bus || !accounts || accounts.includes(bus.account)) return undefined;
  if ([bus.account, ...accounts].some(hasUnresolved)) return undefined;
  const { statements, conflicting } = app.policyOn(bus.arn);
  return conflicting ? undefined : { rule, bus, statements, accounts, events: exactEventsOf(rule.pattern) };
}

/** The accounts that a pattern lists, none without an `account` field; undefined if the field has matchers. */
function listedAccounts(pattern: Json): readonly string[] | undefined {
  if (!isObject(pattern)) return undefined;
  const { account } = pattern;
  if (account === undefined) return [];
  if (!Array.isArray(account)) return undefined;
  const accounts = account.filter((value): value is string => typeof value === 'string');
  return accounts.length === account.length ? accounts : undefined;
}

/** An error if the bus policy allows none of the accounts that the pattern lists to put a matching event. */
function accountsNotAllowed(app: AppIndex, pattern: CrossAccountPattern): Finding | undefined {
  const { rule, bus, statements, accounts, events } = pattern;
  if (receivesForwardedEvents(app, bus)) return undefined;
  if (accounts.some((account) => events.some((event) => allowsEvent(statements, bus, event, account)))) {
    return undefined;
  }
  const isSingle = accounts.length === 1;
  const policy = isSingle
    ? `does not allow account ${accounts[0]}`
    : `allows none of the accounts ${accounts.join(', ')}`;
  return neverMatches(rule, {
    problem: matchesNoEvent(rule),
    reason: `the bus policy ${policy} to put ${describeEvents(events)}`,
    fix: `allow the ${isSingle ? 'account' : 'accounts'} in the bus policy to put these events, or correct the pattern`,
  });
}

/** A warning if the bus policy restricts sources or detail types, and allows no other account to put such events. */
function eventsNotAllowed(
  app: AppIndex,
  { rule, bus, statements, events }: CrossAccountPattern,
  isOpenBus: (bus: EventBus) => boolean,
): Finding | undefined {
  const isAnyEvent = events.some((event) => event.source === undefined && event['detail-type'] === undefined);
  if (isAnyEvent || isOpenBus(bus) || !statements.some(allowsPutEvents)) return undefined;
  if (events.some((event) => allowsEvent(statements, bus, event, ANYTHING))) return undefined;
  if (receivesForwardedEvents(app, bus) || hasLocalPublisher(app, bus)) return undefined;
  return mayNeverMatch(rule, {
    problem: `the pattern of rule '${displayText(rule.name)}' may match no event`,
    reason:
      `the bus policy allows no other account to put ${describeEvents(events)}, and this app defines no publisher ` +
      `in account ${bus.account}`,
    fix:
      'correct the pattern or the conditions of the bus policy, ' +
      `or acknowledge this warning if another publisher in account ${bus.account} puts these events`,
  });
}

/** Whether a rule in the account of the bus forwards events to it: these may come from any account. */
function receivesForwardedEvents(app: AppIndex, bus: EventBus): boolean {
  return app.rulesTo(bus.arn).some(({ eventBusArn }) => accountOf(eventBusArn) === bus.account);
}

/** Whether a role or user in this app and in the account of the bus may be allowed to put events on it. */
function hasLocalPublisher(app: AppIndex, bus: EventBus): boolean {
  return app.identitiesIn(bus.account).some((identity) => {
    const { decision } = authorizePutEvents(app, identity, bus.arn, {}, { assumeUnknownMatches: true });
    return decision !== 'denied';
  });
}

/**
 * Whether a bus policy allows a principal to put events with any source and detail type. One evaluation for each bus
 * then replaces one for each rule.
 */
function allowsAllEvents(app: AppIndex, bus: EventBus): boolean {
  const { statements } = app.policyOn(bus.arn);
  if (statements.some(denies)) return false;
  return statements.some((statement) => !restrictsEvents(statement) && allowsEvent([statement], bus, {}, ANYTHING));
}

function restrictsEvents(statement: Json): boolean {
  return isObject(statement) && entriesOf(statement.Condition).some(({ key }) => isEventKey(key));
}

/** Whether a bus policy may allow a principal in an account to put an event, directly or by a rule. */
function allowsEvent(policy: readonly Json[], bus: EventBus, event: EventEnvelope, account: string): boolean {
  return [true, false].some((byRule) => {
    const call = putEventsCall(bus.arn, event, { byRule, assumeUnknownMatches: true });
    const context = [call.context ?? {}, anyPrincipalContext(account)];
    return evaluate(policy, { ...call, principalArn: ANYTHING, account, context }).decision !== 'denied';
  });
}

function matchesNoEvent({ name }: Rule): string {
  return `the pattern of rule '${displayText(name)}' matches no event`;
}

function neverMatches({ construct, eventBusArn }: Rule, text: FindingText): Finding {
  return errorFinding(FindingId.PATTERN_NEVER_MATCHES, construct, text, displayText(eventBusArn));
}

function mayNeverMatch({ construct, eventBusArn }: Rule, text: FindingText): Finding {
  return warningFinding(FindingId.PATTERN_NEVER_MATCHES, construct, text, displayText(eventBusArn));
}
