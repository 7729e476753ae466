import { nameOfEvent, overlap, eventsAskedFor } from './events';
import { FindingId } from '../../finding-id';
import { EventBus, Rule } from '../../model/app-model';
import { Json, isObject } from '../../policy/statement';
import { mayBeAnyText, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Rules that send on what another rule has brought: EventBridge does not deliver it to a third account, region or bus.
 *
 * Blind spots: rules of other apps that bring events to a bus of this one; patterns that differ only in the detail of an event.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function secondHops(world: World): Finding[] {
  const forwards = forwardsOf(world);
  const byEnd = new Map<EventBus, Forward[]>();
  for (const forward of forwards) byEnd.set(forward.to, [...(byEnd.get(forward.to) ?? []), forward]);
  return forwards.flatMap((second) => {
    const brought = (byEnd.get(second.from) ?? []).flatMap((first) => lost(world, first, second) ?? []);
    const worst = brought.find(({ level }) => level === 'error') ?? brought[0];
    return worst ? [worst] : [];
  });
}

/** A rule that sends from one bus of the app to another. */
interface Forward {
  readonly rule: Rule;
  readonly from: EventBus;
  readonly to: EventBus;
}

function forwardsOf(world: World): Forward[] {
  return world.model.rules.filter(({ enabled }) => enabled).flatMap((rule) => {
    const from = world.bus(rule.eventBusArn);
    const ends = rule.targets.flatMap(({ arn }) => world.bus(arn) ?? []);
    return from ? ends.map((to) => ({ rule, from, to })) : [];
  });
}

/** What of the first rule's events the second one cannot send on. */
function lost(world: World, first: Forward, second: Forward): Finding | undefined {
  const third = thirdPlace(first.from, second.from, second.to);
  const both = third === undefined ? false : overlap(withAccount(world, first), second.rule.pattern);
  if (third === undefined || both === false) return undefined;
  const events = eventsAskedFor(first.rule.pattern).map(nameOfEvent).filter((name, i, all) => all.indexOf(name) === i).slice(0, 3).join(', ');
  const way = [first.from, second.from, second.to].map(({ arn }) => readable(arn)).join(' > ');
  const places = [first.from, second.from, second.to].flatMap(({ account, region }) => [account, region]);
  const sure = both === true && !places.some(mayBeAnyText);
  const verb = sure ? 'does not deliver' : 'may not deliver';
  const message = `rule '${readable(second.rule.name)}' ${verb} ${events} that rule '${first.rule.construct.node.path}' brings (${way}): what came by a rule is not sent on to a third ${third}; `
    + "send them from the first bus straight there, put them on the second bus directly, or leave them out of this rule's pattern";
  return { id: FindingId.SECOND_HOP, level: sure ? 'error' : 'warning', construct: second.rule.construct, message };
}

/** What is a third one, if the last bus is beyond what AWS sends events on to. */
function thirdPlace(first: EventBus, second: EventBus, third: EventBus): 'account' | 'region' | 'bus' | undefined {
  for (const part of ['account', 'region'] as const) {
    if (first[part] !== second[part] && third[part] !== first[part] && third[part] !== second[part]) return part;
  }
  const local = isLocal(first, second) && isLocal(second, third);
  return local && first !== second && third !== first && third !== second ? 'bus' : undefined;
}

function isLocal(one: EventBus, other: EventBus): boolean {
  return one.account === other.account && one.region === other.region;
}

/** The pattern of a rule, with the account that its events are of where the bus lets in no other. */
function withAccount(world: World, { rule, from }: Forward): Json {
  const alone = world.statementsOn(from.arn).length === 0;
  return isObject(rule.pattern) && rule.pattern.account === undefined && alone ? { ...rule.pattern, account: [from.account] } : rule.pattern;
}
