import { didYouMean, nearestBus } from './nearest';
import { publishersRefused } from './publishers';
import { FindingId } from '../../finding-id';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Statements that are written for a bus which is probably another one.
 *
 * Blind spots: buses of other apps without a bus of this app that resembles them; names of which one is a part of the other.
 */
export function policiesOnUnknownBuses(world: World): Finding[] {
  const nearly = world.model.eventBusStatements.filter(({ of }) => !world.bus(of)).flatMap((statement) => {
    const near = nearestBus(world, statement.of);
    return near && isOfALength(near.bus.name, near.name) ? [{ ...statement, near }] : [];
  });
  if (nearly.length === 0) return [];
  // Where it keeps a publisher out, that is told already.
  const told = new Set(publishersRefused(world).map(({ construct }) => construct));
  return nearly.filter(({ construct }) => !told.has(construct)).map(({ construct, of, id, near }) => ({
    id: FindingId.EVENT_BUS_UNKNOWN, level: 'warning', construct, message: didYouMean(near, `bus ${of}, which statement '${readable(id)}' is for`),
  }));
}

/** One bus of `orders` and `orders-archive` may well be made by another app: a slip is a letter or two. */
function isOfALength(one: string, other: string): boolean {
  return Math.abs(one.length - other.length) <= 2;
}
