import { App } from 'aws-cdk-lib';
import { buildApp } from './build';
import { AppDescription } from './description';
import { EventAssertions } from '../../src';
import { disagreements } from '../support/oracle';
import { Pair, isKnownToOracle, outcomeOf, pairsIn, pathQuestions } from '../support/pairs';

/** An app, and what the delivery oracle is asked about it. */
interface Asked {
  readonly name: string;
  readonly app: App;
  readonly questions: object[];
}

/** How many publishers, buses and events of an app the oracle is asked about. */
const QUESTIONS = 12;

/**
 * Asks about apps of known values: who can put events where, and what is delivered. Returns what the oracle decides in
 * another way than the assertions of this library. Where one of them does not decide, nothing is compared or counted.
 */
export function oracleDisagreements(descriptions: readonly AppDescription[]): { answered: number; disagree: string[] } {
  const asked = descriptions.map((one, i) => askedAbout(`app ${i}`, one)).filter((one) => one !== undefined);
  const failures = asked.length === 0 ? [] : disagreements(asked);
  const disagree = failures.filter((answer) => !/: no answer \(/.test(answer));
  const unanswered = failures.length - disagree.length;
  return { answered: asked.flatMap(({ questions }) => questions).length - unanswered, disagree };
}

function askedAbout(name: string, description: AppDescription): Asked | undefined {
  const { app, isIncomplete } = buildApp(description);
  if (isIncomplete) return undefined;
  // Before synthesis: it adds constructs for default buses.
  const pairs = pairsIn([app]).filter(isKnownToOracle);
  try {
    app.synth();
  } catch {
    // The CDK does not synthesize it.
    return undefined;
  }
  const events = EventAssertions.of(app);
  const questions = pathQuestions(pairs, (pair) => listFor(events, pair), QUESTIONS);
  return questions.length === 0 ? undefined : { name, app, questions };
}

function listFor(events: EventAssertions, pair: Pair): 'reaches' | 'notReaches' | undefined {
  const outcome = outcomeOf(events, pair);
  if (outcome === 'unknown') return undefined;
  return outcome === 'delivered' ? 'reaches' : 'notReaches';
}
