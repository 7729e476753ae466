import { AppIndex } from '../../app-model/app-index';
import { AppModel, Rule } from '../../app-model/app-model';
import { parseArn } from '../../iam/arn';
import { Json, isObject } from '../../iam/statement';
import { Ternary } from '../../iam/ternary';
import { displayText, mayEqualAnyText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { memoizeByObject } from '../../util/memoize';
import { Finding, errorFinding, warningFinding, withAffected } from '../engine/finding';
import { BUS, TargetKind, targetKindOf } from '../engine/target-kinds';
import { FindingId } from '../finding-id';
import { describeEvents, exactEventsOf, overlap } from './lib/events';

/**
 * Finds rules that forward events that another rule already forwarded: the second hop. EventBridge does not deliver it
 * to a bus in a third account, in a third Region, or that is the third one. AWS states that an event is not sent on to
 * a third account, but not whether that applies to targets other than buses: this is a warning.
 *
 * Blind spots: rules of other apps that forward events to a bus in this app; patterns that differ only in the `detail`
 * of events.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 */
export function checkSecondHops(app: AppIndex): Finding[] {
  return secondHopsOf(app).map(({ finding }) => finding);
}

/** Whether an error is reported for the events that a rule forwards to a bus: the bus policy is irrelevant then. */
export function isDroppedOnSecondHop(app: AppIndex, rule: Rule, busArn: string): boolean {
  return secondHopsOf(app).some(
    ({ second, finding }) => finding.level === 'error' && second.rule === rule && second.to.arn === busArn,
  );
}

/**
 * The finding about an event that one rule forwards to the bus of another rule, which sends it to a target. Undefined
 * if EventBridge delivers it.
 *
 * @param isMatched whether the second rule matches the event
 */
export function secondHopFindingFor(
  [firstRule, secondRule]: readonly [Rule, Rule],
  targetArn: string,
  isMatched: Ternary,
): Finding | undefined {
  const first = forwardingRule(firstRule, secondRule.eventBusArn);
  const second = forwardingRule(secondRule, targetArn);
  return first && second && droppedEvents(first, second, () => isMatched);
}

/** A rule with a bus, or another target, in `to`. */
interface ForwardingRule {
  readonly rule: Rule;
  readonly from: EventBusLocation;
  readonly to: EventBusLocation & { readonly kind: TargetKind };
}

/** A bus that may be defined in another app, or the default bus. */
interface EventBusLocation {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** A rule whose events are not forwarded, and the finding on it. */
interface SecondHop {
  readonly second: ForwardingRule;
  readonly finding: Finding;
}

const secondHopsOf = memoizeByObject((app: AppIndex): SecondHop[] => {
  const forwardingRules = forwardingRulesOf(app.model);
  const byDestination = groupedBy(forwardingRules, ({ to }) => to.arn);
  const evaluated = new Set(app.evaluated.rules);
  const secondHops: SecondHop[] = [];
  for (const second of forwardingRules) {
    const firstRules = byDestination.get(second.from.arn) ?? [];
    if (![second, ...firstRules].some(({ rule }) => evaluated.has(rule))) continue;
    const finding = secondHopFinding(app, firstRules, second);
    if (finding) secondHops.push({ second, finding });
  }
  return secondHops;
});

function forwardingRulesOf(model: AppModel): ForwardingRule[] {
  const forwardingRules: ForwardingRule[] = [];
  for (const rule of model.rules) {
    if (!rule.enabled) continue;
    for (const { arn } of rule.targets) {
      const forwarding = forwardingRule(rule, arn);
      if (forwarding) forwardingRules.push(forwarding);
    }
  }
  return forwardingRules;
}

function forwardingRule(rule: Rule, targetArn: string): ForwardingRule | undefined {
  const from = parseEventBusArn(rule.eventBusArn);
  const to = from && parseTargetArn(targetArn);
  return from && to && { rule, from, to };
}

/** The location of a target; undefined for targets that cannot be in another account. */
function parseTargetArn(arn: string): ForwardingRule['to'] | undefined {
  const kind = targetKindOf(arn);
  if (!kind?.crossAccount) return undefined;
  const parsed = kind === BUS ? parseEventBusArn(arn) : parseArn(arn);
  return parsed && { arn, account: parsed.account, region: parsed.region, kind };
}

/** The location of a bus; undefined for other resources, and for a bus whose name is known only at deployment. */
function parseEventBusArn(arn: string): EventBusLocation | undefined {
  const parsed = parseArn(arn);
  if (!parsed?.resource.startsWith('event-bus/') || mayEqualAnyText(parsed.resource)) return undefined;
  return { arn, account: parsed.account, region: parsed.region };
}

/** The first error of a rule, or else its first warning, for the rules that forward events to its bus. */
function secondHopFinding(app: AppIndex, firstRules: ForwardingRule[], second: ForwardingRule): Finding | undefined {
  const findings = firstRules.flatMap((first) => {
    const isMatched = () => overlap(patternWithAccount(app, first), second.rule.pattern);
    const finding = droppedEvents(first, second, isMatched);
    return finding ? [withAffected(finding, first.rule.construct)] : [];
  });
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return findings[0];
  return withAffected(errors[0], ...errors.slice(1).flatMap(({ affected = [] }) => affected));
}

/** An error if a rule certainly matches events that it cannot forward, a warning if it may. */
function droppedEvents(
  first: ForwardingRule,
  second: ForwardingRule,
  evaluateMatch: () => Ternary,
): Finding | undefined {
  const limit = exceededLimit(first.from, second.from, second.to);
  if (!limit) return undefined;
  const isMatched = evaluateMatch();
  if (second.to.kind !== BUS) {
    return isMatched && limit.noun === 'account' && limit.isCertain ? undocumented(first, second) : undefined;
  }
  if (isMatched === false) return undefined;
  const isCertain = isMatched === true && limit.isCertain;
  const text = {
    problem:
      `rule '${displayText(second.rule.name)}' ${isCertain ? 'cannot' : 'may be unable to'} ` + forward(first, second),
    reason: `EventBridge does not forward an already forwarded event to a third ${limit.noun}`,
    fix:
      'forward these events from the first bus directly, put them on the second bus directly, ' +
      'or exclude them from the pattern of this rule',
  };
  const createFinding = isCertain ? errorFinding : warningFinding;
  return createFinding(FindingId.EVENT_FORWARDED_TOO_FAR, second.rule.construct, text, displayText(second.to.arn));
}

function forward(first: ForwardingRule, second: ForwardingRule): string {
  const events = describeEvents(exactEventsOf(first.rule.pattern));
  const path = [first.from, second.from, second.to].map(({ arn }) => displayText(arn)).join(' > ');
  return `forward ${events} from rule '${first.rule.construct.node.path}' (${path})`;
}

/** The warning about a target in a third account that is no bus. */
function undocumented(first: ForwardingRule, second: ForwardingRule): Finding {
  const text = {
    problem: `rule '${displayText(second.rule.name)}' may be unable to ${forward(first, second)}`,
    reason:
      'AWS documents that a forwarded event is not sent on to a third account, and not whether a ' +
      `${second.to.kind.noun} is an exception`,
    fix:
      `send these events to the ${second.to.kind.noun} from the first bus directly, or test the delivery and ` +
      'acknowledge this warning',
  };
  return warningFinding(FindingId.EVENT_FORWARDED_TOO_FAR, second.rule.construct, text, displayText(second.to.arn));
}

/** The limit on forwarding that three buses exceed. */
interface ExceededLimit {
  readonly noun: 'account' | 'Region' | 'bus';
  /** Whether the three values are certainly different. */
  readonly isCertain: boolean;
}

function exceededLimit(...buses: EventBusLocation[]): ExceededLimit | undefined {
  const accounts = buses.map(({ account }) => account);
  if (areDistinct(accounts)) return { noun: 'account', isCertain: !accounts.some(mayEqualAnyText) };
  const regions = buses.map(({ region }) => region);
  if (areDistinct(regions)) return { noun: 'Region', isCertain: !regions.some(mayEqualAnyText) };
  const isLocal = new Set(accounts).size === 1 && new Set(regions).size === 1;
  return isLocal && areDistinct(buses.map(({ arn }) => arn)) ? { noun: 'bus', isCertain: true } : undefined;
}

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** The pattern of a rule. If the bus has no policy, all its events are from its own account. */
function patternWithAccount(app: AppIndex, { rule, from }: ForwardingRule): Json {
  const { pattern } = rule;
  if (!isObject(pattern) || pattern.account !== undefined) return pattern;
  return app.statementsOn(from.arn).length === 0 ? { ...pattern, account: [from.account] } : pattern;
}
