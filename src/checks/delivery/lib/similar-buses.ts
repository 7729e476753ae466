import { AppIndex } from '../../../app-model/app-index';
import { EventBus } from '../../../app-model/app-model';
import { parseArn } from '../../../iam/arn';
import { hasUnresolved, displayText } from '../../../iam/unresolved-text';
import { editDistance } from '../../../util/edit-distance';
import { FindingText } from '../../engine/finding';

/** Whether the app defines neither a bus nor a statement of its policy. */
export function isUnknownBus(app: AppIndex, arn: string): boolean {
  return !app.bus(arn) && app.statementsOn(arn).length === 0;
}

/** A bus of the app whose ARN differs in one part from the ARN of a bus that the app does not define. */
export interface SimilarBus {
  readonly bus: EventBus;
  /** The name of the bus that the app does not define. */
  readonly unknownName: string;
  /** The part that differs, such as `name is 'order' instead of 'orders'`. */
  readonly difference: string;
}

/**
 * The text of a finding about a bus that the app does not define, but that resembles one of its buses.
 *
 * @param unknownBus the ARN of the bus and what refers to it, such as `bus arn:…, the target of rule 'r'`
 */
export function didYouMean({ bus, difference }: SimilarBus, unknownBus: string): FindingText {
  return {
    problem: `no stack of this app defines ${unknownBus}`,
    reason: `its ${difference}`,
    fix: `correct the ARN to ${displayText(bus.arn)} ('${bus.construct.node.path}')`,
  };
}

const BUS_ARN_PARTS = ['partition', 'account', 'region', 'name'] as const;

/** The parts of the ARN of a bus. */
type EventBusArn = { readonly [part in (typeof BUS_ARN_PARTS)[number]]: string };

/**
 * Finds the bus of the app that the ARN of an unknown bus was probably intended for: only one of partition, account,
 * Region and name differs. There is none for a default bus, since every account has one.
 */
export function mostSimilarBus(app: AppIndex, arn: string): SimilarBus | undefined {
  const unknownBus = parseEventBusArn(arn);
  if (!unknownBus || unknownBus.name === 'default' || hasUnresolved(arn)) return undefined;
  for (const bus of app.model.eventBuses) {
    const { account, region, name } = bus;
    const defined: EventBusArn = { partition: parseArn(bus.arn)?.partition ?? '', account, region, name };
    const [part, ...moreParts] = BUS_ARN_PARTS.filter((candidate) => defined[candidate] !== unknownBus[candidate]);
    if (part === undefined || moreParts.length > 0) continue;
    if (part === 'name' && !isSimilarName(defined.name, unknownBus.name)) continue;
    const difference = `${part} is '${unknownBus[part]}' instead of '${defined[part]}'`;
    return { bus, unknownName: unknownBus.name, difference };
  }
  return undefined;
}

function parseEventBusArn(arn: string): EventBusArn | undefined {
  const parsed = parseArn(arn);
  const name = /^event-bus\/(.+)$/.exec(parsed?.resource ?? '')?.[1];
  if (parsed?.service !== 'events' || name === undefined) return undefined;
  return { partition: parsed.partition, account: parsed.account, region: parsed.region, name };
}

/** Whether two names differ in upper and lower case, by an additional part, or by a few characters. */
function isSimilarName(first: string, second: string): boolean {
  const [firstName, secondName] = [first.toLowerCase(), second.toLowerCase()];
  if (firstName.includes(secondName) || secondName.includes(firstName)) return true;
  const shorterLength = Math.min(firstName.length, secondName.length);
  return editDistance(firstName, secondName) <= Math.max(1, Math.floor(shorterLength / 3));
}
