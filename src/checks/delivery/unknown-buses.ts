import { isInvalidStatement } from './invalid-statements';
import { SimilarBus, didYouMean, mostSimilarBus } from './lib/similar-buses';
import { checkPublishers } from './publishers';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Reports statements for a bus that no stack defines, if the app defines a similar one.
 *
 * Blind spots: buses that are no misspelling of a bus of the app.
 */
export function checkUnknownBuses(app: AppIndex): Finding[] {
  const misspelled = misspelledStatements(app);
  if (misspelled.length === 0) return [];
  // If a publisher is denied because of the misspelled bus, the finding of the publisher reports the statement.
  const reported = new Set(checkPublishers(app).map(({ construct }) => construct));
  return misspelled
    .filter(({ statement }) => !reported.has(statement.construct) && !isInvalidStatement(statement))
    .map(({ statement: { construct, resourceArn, id }, similarBus }) => {
      const text = didYouMean(similarBus, `bus ${resourceArn}, which statement '${displayText(id)}' is for`);
      return warningFinding(FindingId.EVENT_BUS_NOT_FOUND, construct, text, resourceArn);
    });
}

interface MisspelledStatement {
  readonly statement: ResourcePolicyStatement;
  readonly similarBus: SimilarBus;
}

function misspelledStatements(app: AppIndex): MisspelledStatement[] {
  const misspelled: MisspelledStatement[] = [];
  for (const statement of app.evaluated.eventBusStatements) {
    if (app.bus(statement.resourceArn)) continue;
    const similarBus = mostSimilarBus(app, statement.resourceArn);
    if (similarBus) misspelled.push({ statement, similarBus });
  }
  return misspelled;
}
