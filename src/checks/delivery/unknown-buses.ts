import { didYouMean, mostSimilarBus } from './lib/similar-buses';
import { checkPublishers } from './publishers';
import { AppIndex } from '../../app-model/app-index';
import { displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Statements that are written for a bus which is probably another one.
 *
 * Blind spots: buses of other apps without a bus of this app that resembles them; names of which one is a part of the
 * other.
 */
export function checkUnknownBuses(app: AppIndex): Finding[] {
  const nearly = app.model.eventBusStatements
    .filter(({ resourceArn }) => !app.bus(resourceArn))
    .flatMap((statement) => {
      const near = mostSimilarBus(app, statement.resourceArn);
      return near && isOfALength(near.bus.name, near.name) ? [{ ...statement, near }] : [];
    });
  if (nearly.length === 0) return [];
  // Where it keeps a publisher out, that is told already.
  const told = new Set(checkPublishers(app).map(({ construct }) => construct));
  return nearly
    .filter(({ construct }) => !told.has(construct))
    .map(({ construct, resourceArn, id, near }) => ({
      id: FindingId.EVENT_BUS_NOT_FOUND,
      level: 'warning',
      construct,
      ...didYouMean(near, `bus ${resourceArn}, which statement '${displayText(id)}' is for`),
    }));
}

/** One bus of `orders` and `orders-archive` may well be made by another app: a slip is a letter or two. */
function isOfALength(one: string, other: string): boolean {
  return Math.abs(one.length - other.length) <= 2;
}
