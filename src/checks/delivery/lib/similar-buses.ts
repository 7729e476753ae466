import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AppIndex } from '../../../app-model/app-index';
import { AppResource, EventBus } from '../../../app-model/app-model';
import { accountOf, arnParts, parseArn } from '../../../iam/arn';
import { equals } from '../../../iam/matching';
import { hasUnresolved, displayText, isArnUnresolved } from '../../../iam/unresolved-text';
import { memoizeByObject } from '../../../util/memoize';
import { isMisspelledCode, isMisspelledName } from '../../../util/similar-names';
import { FindingText } from '../../engine/finding';

/** Whether the app defines neither a bus nor a statement of its policy. */
export function isUnknownBus(app: AppIndex, arn: string): boolean {
  return !app.bus(arn) && app.statementsOn(arn).length === 0;
}

/**
 * Whether only deployment decides which bus an ARN is, and whether its policy applies: its name or account is
 * unresolved, or the app defines a bus that it is in one Region. In the account of the principal, the identity-based
 * policy is sufficient, whatever the name and Region of the bus.
 *
 * @param account the account of the principal
 */
export function isBusUnresolved(app: AppIndex, arn: string, account: string): boolean {
  if (!hasUnresolved(arn) || app.bus(arn) || accountOf(arn) === account) return false;
  return isArnUnresolved(arn) || app.model.eventBuses.some((bus) => !certainlyDifferInPart(bus.arn, arn));
}

function certainlyDifferInPart(first: string, second: string): boolean {
  const [firstParts, secondParts] = [arnParts(first), arnParts(second)];
  return firstParts.some((part, i) => equals(part, secondParts[i] ?? '') === false);
}

/** A bus of the app whose ARN differs in one part from the ARN of a bus that the app does not define. */
export interface SimilarBus {
  readonly bus: EventBus;
  /** The part that differs, such as `name is 'order' instead of 'orders'`. */
  readonly difference: string;
  /** Whether the unknown bus is where the rule or role is that refers to it, as a bus that is imported by name. */
  readonly isAtReferrer: boolean;
}

/**
 * The text of a finding about a bus that the app does not define, but that resembles one of its buses.
 *
 * @param unknownBus the ARN of the bus and what refers to it, such as `bus arn:…, the target of rule 'r'`
 */
export function didYouMean({ bus, difference, isAtReferrer }: SimilarBus, unknownBus: string): FindingText {
  const fix = `correct the ARN to ${displayText(bus.arn)} ('${bus.construct.node.path}')`;
  return {
    problem: `no stack of this app defines ${unknownBus}`,
    reason: `its ${difference}`,
    fix: isAtReferrer ? `${fix}${IMPORT_BY_ARN}` : fix,
  };
}

const IMPORT_BY_ARN = '; in place of EventBus.fromEventBusName(), use EventBus.fromEventBusArn()';

const BUS_ARN_PARTS = ['partition', 'account', 'region', 'name'] as const;

/** The parts of the ARN of a bus. */
type EventBusArn = { readonly [part in (typeof BUS_ARN_PARTS)[number]]: string };

/** Where a role, rule or resource that refers to a bus is. */
export type Place = Pick<AppResource, 'account' | 'region'>;

/**
 * Finds the bus of the app that the ARN of an unknown bus was probably intended for: only one of partition, account,
 * Region and name differs, and by a misspelling. There is none for a default bus, since every account has one.
 *
 * @param referrer a rule or role whose own account or Region may be in the ARN by mistake, as if the bus were there too
 */
export function mostSimilarBus(app: AppIndex, arn: string, referrer?: Place): SimilarBus | undefined {
  const unknownBus = parseEventBusArn(arn);
  if (!unknownBus || unknownBus.name === 'default' || isArnUnresolved(arn)) return undefined;
  for (const bus of app.model.eventBuses) {
    const { account, region, name } = bus;
    const defined: EventBusArn = { partition: parseArn(bus.arn)?.partition ?? '', account, region, name };
    const [part, ...moreParts] = BUS_ARN_PARTS.filter((candidate) => defined[candidate] !== unknownBus[candidate]);
    if (part === undefined || moreParts.length > 0) continue;
    if (hasUnresolved(defined[part]) || hasUnresolved(unknownBus[part])) continue;
    const isReferrers = (part === 'account' || part === 'region') && referrer?.[part] === unknownBus[part];
    if (!isReferrers && !IS_MISSPELLED[part](unknownBus[part], defined[part], app)) continue;
    return {
      bus,
      difference: `${part} is '${unknownBus[part]}' instead of '${defined[part]}'`,
      isAtReferrer: isReferrers && isAt(referrer, unknownBus),
    };
  }
  return undefined;
}

function isAt(place: Place | undefined, { account, region }: EventBusArn): boolean {
  return place?.account === account && place.region === region;
}

/** Whether a part of an ARN is a misspelling of the part of a defined bus. */
const IS_MISSPELLED: {
  readonly [part in (typeof BUS_ARN_PARTS)[number]]: (unknown: string, defined: string, app: AppIndex) => boolean;
} = {
  partition: () => true,
  // An account or Region to which the app deploys something else is not misspelled.
  account: (unknown, defined, app) => isMisspelledCode(unknown, defined) && !placesOf(app).has(unknown),
  region: (unknown, defined, app) => isMisspelledRegion(unknown, defined) && !placesOf(app).has(unknown),
  name: isMisspelledName,
};

/** A Region that exists is misspelled only if its number differs, because names such as `us` and `eu` are similar. */
function isMisspelledRegion(unknown: string, defined: string): boolean {
  const withoutNumber = (region: string) => region.replace(/\d+$/, '');
  if (withoutNumber(unknown) === withoutNumber(defined)) return true;
  return isMisspelledCode(unknown, defined) && !RegionInfo.regions.some(({ name }) => name === unknown);
}

/** The accounts and Regions of the resources in the app. */
const placesOf: (app: AppIndex) => ReadonlySet<string> = memoizeByObject(({ model }) => {
  const { eventBuses, functions, queues, roles, rules } = model;
  const resources: AppResource[] = [eventBuses, functions, queues, roles, rules].flat();
  return new Set(resources.flatMap(({ account, region }) => [account, region]));
});

function parseEventBusArn(arn: string): EventBusArn | undefined {
  const parsed = parseArn(arn);
  const name = /^event-bus\/(.+)$/.exec(parsed?.resource ?? '')?.[1];
  if (parsed?.service !== 'events' || name === undefined) return undefined;
  return { partition: parsed.partition, account: parsed.account, region: parsed.region, name };
}
