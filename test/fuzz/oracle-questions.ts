import { App } from 'aws-cdk-lib';
import { buildApp } from './build';
import { AppDescription } from './description';
import { EventAssertions } from '../../src';
import { disagreements } from '../support/oracle';
import { Pair, outcomeOf, pairsIn } from '../support/pairs';

/** An app, and what the delivery oracle is asked about it. */
interface Asked {
  readonly name: string;
  readonly app: App;
  readonly questions: object[];
}

/** The kinds of targets that the oracle knows. */
const KNOWN_TARGETS = ['AWS::Events::EventBus', 'AWS::Lambda::Function', 'AWS::SQS::Queue'];

/** How many publishers, buses and events of an app the oracle is asked about. */
const QUESTIONS = 12;

/**
 * Asks about apps of known values: who can put events where, and what is delivered. Returns what the oracle decides in
 * another way than the assertions of this library. Where one of them does not decide, nothing is compared.
 */
export function oracleDisagreements(descriptions: readonly AppDescription[]): { asked: number; disagree: string[] } {
  const asked = descriptions.map((one, i) => askedAbout(`app ${i}`, one)).filter((one) => one !== undefined);
  const answers = asked.length === 0 ? [] : disagreements(asked);
  const disagree = answers.filter((answer) => !/: no answer \(/.test(answer));
  return { asked: asked.reduce((sum, { questions }) => sum + questions.length, 0), disagree };
}

function askedAbout(name: string, description: AppDescription): Asked | undefined {
  const { app, isIncomplete } = buildApp(description);
  if (isIncomplete) return undefined;
  // Before synthesis: it adds constructs for default buses.
  const pairs = pairsIn([app]).filter(({ target }) => KNOWN_TARGETS.includes(target.cfnResourceType));
  try {
    app.synth();
  } catch {
    // The CDK does not synthesize it.
    return undefined;
  }
  const questions = questionsAbout(app, pairs);
  return questions.length === 0 ? undefined : { name, app, questions };
}

function questionsAbout(app: App, pairs: readonly Pair[]): object[] {
  const events = EventAssertions.of(app);
  const questions = new Map<string, { path: { reaches: string[]; notReaches: string[] } }>();
  for (const pair of pairs) {
    const { bus, from, props } = pair;
    const key = JSON.stringify([from, bus, props.event]);
    if (!questions.has(key) && questions.size >= QUESTIONS) continue;
    const path = {
      from,
      to: { bus },
      event: props.event,
      reaches: new Array<string>(),
      notReaches: new Array<string>(),
    };
    const question = questions.get(key) ?? { name: key, path };
    questions.set(key, question);
    const list = listFor(events, pair);
    if (list) question.path[list].push(props.target!.node.path);
  }
  const isAsked = ({ path }: { path: { reaches: string[]; notReaches: string[] } }) =>
    path.reaches.length + path.notReaches.length > 0;
  return [...questions.values()].filter(isAsked);
}

function listFor(events: EventAssertions, pair: Pair): 'reaches' | 'notReaches' | undefined {
  const outcome = outcomeOf(events, pair);
  if (outcome === 'unknown') return undefined;
  return outcome === 'delivered' ? 'reaches' : 'notReaches';
}
