import { FindingId } from '../finding-id';
import { exactEventsOf, overlap, describeEvents } from './lib/events';
import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { accountOf, regionOf } from '../../iam/arn';
import { Json, isObject } from '../../iam/statement';
import { mayEqualAnyText, displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';

/**
 * Rules that send on what another rule has brought: EventBridge does not deliver it to a third account, region or bus.
 *
 * Blind spots: rules of other apps that bring events to a bus of this one; patterns that differ only in the detail of
 * an event.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function checkSecondHops(app: AppIndex): Finding[] {
  return secondHopsOf(app).map(({ finding }) => finding);
}

/**
 * Whether what a rule sends to a bus is told to be lost on the way: what that bus needs besides is no matter until that
 * is mended.
 */
export function isDroppedOnSecondHop(app: AppIndex, rule: Rule, busArn: string): boolean {
  return secondHopsOf(app).some(
    ({ second, finding }) => finding.level === 'error' && second.rule === rule && second.to.arn === busArn,
  );
}

interface SecondHop {
  readonly second: ForwardingRule;
  readonly finding: Finding;
}

function secondHopsOf(app: AppIndex): SecondHop[] {
  const before = SECOND_HOPS.get(app);
  if (before) return before;
  const forwards = forwardingRulesOf(app);
  const byEnd = groupedBy(forwards, ({ to }) => to.arn);
  const hops = forwards.flatMap((second) => {
    const brought = (byEnd.get(second.from.arn) ?? []).flatMap((first) => droppedFindings(app, first, second) ?? []);
    const worst = brought.find(({ level }) => level === 'error') ?? brought[0];
    return worst ? [{ second, finding: worst }] : [];
  });
  SECOND_HOPS.set(app, hops);
  return hops;
}

/** Two checks ask for them. */
const SECOND_HOPS = new WeakMap<AppIndex, SecondHop[]>();

/** A rule that sends from one bus of the app to another. */
interface ForwardingRule {
  readonly rule: Rule;
  readonly from: EventBusLocation;
  readonly to: EventBusLocation;
}

function forwardingRulesOf({ model }: AppIndex): ForwardingRule[] {
  return model.rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const from = eventBusLocationOf(rule.eventBusArn);
      const ends = rule.targets.flatMap(({ arn }) => eventBusLocationOf(arn) ?? []);
      return from ? ends.map((to) => ({ rule, from, to })) : [];
    });
}

/** A bus by its ARN: the default bus is made by nobody, and the last one may be of another app. */
interface EventBusLocation {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

function eventBusLocationOf(arn: string): EventBusLocation | undefined {
  const known =
    arn.startsWith('arn:') && arn.includes(':event-bus/') && !mayEqualAnyText(arn.slice(arn.indexOf(':event-bus/')));
  return known ? { arn, account: accountOf(arn), region: regionOf(arn) } : undefined;
}

/** What of the first rule's events the second one cannot send on. */
function droppedFindings(app: AppIndex, first: ForwardingRule, second: ForwardingRule): Finding | undefined {
  const third = thirdPlace(first.from, second.from, second.to);
  const both = third === undefined ? false : overlap(withAccount(app, first), second.rule.pattern);
  if (third === undefined || both === false) return undefined;
  const events = describeEvents(exactEventsOf(first.rule.pattern));
  const way = [first.from, second.from, second.to].map(({ arn }) => displayText(arn)).join(' > ');
  const sure = both === true && third.sure;
  const verb = sure ? 'does not deliver' : 'may not deliver';
  const problem =
    `rule '${displayText(second.rule.name)}' ${verb} ${events} that rule '${first.rule.construct.node.path}` +
    `' brings (${way}): what came by a rule is not sent on to a third ${third.what}`;
  const fix =
    'send them from the first bus straight there, put them on the second bus directly, or leave ' +
    "them out of this rule's pattern";
  return {
    id: FindingId.EVENT_FORWARDED_TOO_FAR,
    level: sure ? 'error' : 'warning',
    construct: second.rule.construct,
    problem,
    fix,
  };
}

/**
 * What is a third one, if the last bus is beyond what AWS sends events on to, and whether that is certain before
 * deployment.
 */
function thirdPlace(
  first: EventBusLocation,
  second: EventBusLocation,
  third: EventBusLocation,
): { what: 'account' | 'region' | 'bus'; sure: boolean } | undefined {
  for (const part of ['account', 'region'] as const) {
    const places = [first[part], second[part], third[part]];
    if (new Set(places).size === 3) return { what: part, sure: !places.some(mayEqualAnyText) };
  }
  const local = isLocal(first, second) && isLocal(second, third);
  return local && new Set([first.arn, second.arn, third.arn]).size === 3 ? { what: 'bus', sure: true } : undefined;
}

function isLocal(one: EventBusLocation, other: EventBusLocation): boolean {
  return one.account === other.account && one.region === other.region;
}

/** The pattern of a rule, with the account that its events are of where the bus lets in no other. */
function withAccount(app: AppIndex, { rule, from }: ForwardingRule): Json {
  const alone = app.statementsOn(from.arn).length === 0;
  return isObject(rule.pattern) && rule.pattern.account === undefined && alone
    ? { ...rule.pattern, account: [from.account] }
    : rule.pattern;
}
