import { allowAccountsOnBus } from './lib/bus-grants';
import { hasDeniedPublisher } from './lib/denied-publishers';
import { AppIndex } from '../../app-model/app-index';
import { Archive, EventBus, Rule } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { literalWildcard, patternFault } from '../../eventbridge/pattern-validation';
import { entriesOf, isEventKey } from '../../iam/conditions';
import { Json, denies, isObject } from '../../iam/statement';
import { ANYTHING, displayText, hasUnresolved } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';
import { Finding, FindingText, errorFinding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  mayCarryEventsOf,
  mayPut,
  mayServicePut,
  possiblePolicyOf,
  receivesForwardedEvents,
  unknownForwarding,
} from './lib/event-origins';
import { describeEvents, exactEventsOf } from './lib/events';
import { allowsPutEvents, authorizePutEvents } from './lib/put-events';
import { serviceEventsNotForwarded } from './service-events';
import { hasReportedPolicyFault } from './unsatisfiable-conditions';

/**
 * Finds rules that match no event: because of the pattern itself, or because the bus policy allows no principal to put
 * such events, or because AWS services put them on another bus.
 *
 * Blind spots: publishers in the account of the bus and rules that forward events, if they are not defined in this app;
 * the `detail` of events; matchers other than exact values.
 */
export function checkPatterns(app: AppIndex): Finding[] {
  const isOpenBus = memoizeByObject((bus: EventBus) => allowsAllEvents(app, bus));
  const findings: Finding[] = [];
  for (const rule of app.evaluated.rules) {
    const finding =
      invalidPattern(rule) ??
      missingServiceEvents(app, rule) ??
      unpublishableEvents(app, rule, isOpenBus) ??
      wildcardInExactValue(rule);
    if (finding) findings.push(finding);
  }
  return [...findings, ...app.model.archives.flatMap(invalidArchivePattern)];
}

function invalidArchivePattern({ construct, name, pattern }: Archive): Finding[] {
  const fault = patternFault(pattern);
  if (fault === undefined) return [];
  const problem = `the pattern of archive '${displayText(name)}' matches no event`;
  const text = { problem, reason: fault, fix: 'correct the pattern' };
  return [errorFinding(FindingId.PATTERN_NEVER_MATCHES, construct, text)];
}

function missingServiceEvents(app: AppIndex, rule: Rule): Finding | undefined {
  const text = serviceEventsNotForwarded(app, rule);
  return text && mayNeverMatch(rule, text);
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
    reason: literal.reason,
    fix: `use { 'wildcard': '${literal.value}' }, or acknowledge this warning if events contain these values`,
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
  const { accounts, bus } = pattern;
  const finding = accounts.length > 0 ? accountsNotAllowed(app, pattern) : eventsNotAllowed(app, pattern, isOpenBus);
  const isReported = finding && (hasReportedPolicyFault(app, bus.arn) || hasDeniedPublisher(app, rule, bus, accounts));
  return isReported ? undefined : finding;
}

function crossAccountPattern(app: AppIndex, rule: Rule): CrossAccountPattern | undefined {
  const bus = app.bus(rule.eventBusArn);
  const accounts = listedAccounts(rule.pattern);
  if (!bus || !accounts || accounts.includes(bus.account) || isPartnerBus(bus)) return undefined;
  if ([bus.account, ...accounts].some(hasUnresolved)) return undefined;
  return { rule, bus, statements: possiblePolicyOf(app, bus), accounts, events: exactEventsOf(rule.pattern) };
}

/**
 * Whether the events of a bus are from a SaaS partner. The policy of such a bus does not apply to them.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
 */
function isPartnerBus({ name }: EventBus): boolean {
  return name.startsWith('aws.partner/');
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

/**
 * A finding if none of the accounts that the pattern lists can publish a matching event: not by the bus policy, and not
 * by a rule of this app that forwards it. Nothing if a rule of another app may well forward it.
 */
function accountsNotAllowed(app: AppIndex, { rule, bus, accounts, events }: CrossAccountPattern): Finding | undefined {
  const { pattern } = rule;
  if (accounts.some((account) => mayCarryEventsOf(app, bus, { account, pattern, events }))) return undefined;
  const forwarding = unknownForwarding(app, bus, events);
  if (forwarding === 'possible') return undefined;
  const text = accountsText(app, bus, accounts, events);
  return forwarding === 'none'
    ? neverMatches(rule, { problem: matchesNoEvent(rule), ...text })
    : mayNeverMatch(rule, {
        problem: mayMatchNoEvent(rule),
        reason: `${text.reason}, and no rule of this app forwards such events to the bus`,
        fix: `${text.fix}, or acknowledge this warning if a rule of another app forwards these events`,
      });
}

function accountsText(
  app: AppIndex,
  bus: EventBus,
  accounts: readonly string[],
  events: EventEnvelope[],
): Omit<FindingText, 'problem'> {
  const isSingle = accounts.length === 1;
  const policy = isSingle
    ? `does not allow account ${accounts[0]}`
    : `allows none of the accounts ${accounts.join(', ')}`;
  return {
    reason: `the bus policy ${policy} to put ${describeEvents(events)}`,
    fix: `${allowAccountsOnBus(app, accounts, bus.arn, events)}, or correct the pattern`,
  };
}

/** A warning if the bus policy restricts sources or detail types, and allows no other account to put such events. */
function eventsNotAllowed(
  app: AppIndex,
  { rule, bus, statements, events }: CrossAccountPattern,
  isOpenBus: (bus: EventBus) => boolean,
): Finding | undefined {
  const isAnyEvent = events.some((event) => event.source === undefined && event['detail-type'] === undefined);
  if (isAnyEvent || isOpenBus(bus) || !app.policyOn(bus.arn).statements.some(allowsPutEvents)) return undefined;
  if (events.some((event) => mayPut(statements, bus, event, ANYTHING))) return undefined;
  if (receivesForwardedEvents(app, bus) || hasLocalPublisher(app, bus)) return undefined;
  if (mayServicePut(app, bus, events)) return undefined;
  return mayNeverMatch(rule, {
    problem: mayMatchNoEvent(rule),
    reason:
      `the bus policy allows no other account to put ${describeEvents(events)}, and this app defines no publisher ` +
      `in account ${bus.account}`,
    fix:
      'correct the pattern or the conditions of the bus policy, ' +
      `or acknowledge this warning if another publisher in account ${bus.account} puts these events`,
  });
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
  return statements.some((statement) => !restrictsEvents(statement) && mayPut([statement], bus, {}, ANYTHING));
}

function restrictsEvents(statement: Json): boolean {
  return isObject(statement) && entriesOf(statement.Condition).some(({ key }) => isEventKey(key));
}

function matchesNoEvent({ name }: Rule): string {
  return `the pattern of rule '${displayText(name)}' matches no event`;
}

function mayMatchNoEvent({ name }: Rule): string {
  return `the pattern of rule '${displayText(name)}' may match no event`;
}

function neverMatches({ construct, eventBusArn }: Rule, text: FindingText): Finding {
  return errorFinding(FindingId.PATTERN_NEVER_MATCHES, construct, text, displayText(eventBusArn));
}

function mayNeverMatch({ construct, eventBusArn }: Rule, text: FindingText): Finding {
  return warningFinding(FindingId.PATTERN_NEVER_MATCHES, construct, text, displayText(eventBusArn));
}
