import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Outcome, Pair, outcomeOf, pairsIn } from './pairs';
import { EventAssertions } from '../../src';
import { comparedWithChecks } from '../support/delivery-decisions';
import { EXAMPLES, exampleApp } from '../support/examples';
import { describeWithOracle, expectAnswers } from '../support/oracle';

/** The settings for the oracle, such as the organizations of accounts. */
interface Settings {
  readonly defaults?: { readonly account?: string };
  readonly questions: unknown;
}

describe.each(EXAMPLES)(
  'all pairs of publishers and targets of %s',
  (name, example, questions = `${name}/questions.json`) => {
    const file = join(__dirname, '../../examples/typescript', questions);
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Settings;
    const apps = example.map(exampleApp);
    const pairs = pairsIn(apps, settings.defaults);
    const events = EventAssertions.ofAll(apps);
    const outcomes = new Map(pairs.map((pair) => [pair, outcomeOf(events, pair)]));
    const withOutcome = (outcome: Outcome) => pairs.filter((pair) => outcomes.get(pair) === outcome).map(describePair);

    test('are delivered or refused, never unknown', () => {
      expect(withOutcome('unknown')).toEqual([]);
      expect(withOutcome('delivered')).not.toEqual([]);
      expect(withOutcome('refused')).not.toEqual([]);
    });

    test('are delivered as the checks expect', () => {
      expect(comparedWithChecks(...apps)).toEqual({ denied: [], contradictions: [] });
    });

    describeWithOracle('and by the oracle', () => {
      test('are delivered or refused alike', () => {
        expectAnswers(apps, { ...settings, questions: questionsAbout(pairs, outcomes) });
      });
    });
  },
);

/** The kinds of targets that the oracle knows. */
const KNOWN_TARGETS = ['AWS::Events::EventBus', 'AWS::Lambda::Function', 'AWS::SQS::Queue'];

/** One question about each publisher, bus and event, with all targets that the oracle knows. */
function questionsAbout(pairs: readonly Pair[], outcomes: ReadonlyMap<Pair, Outcome>): object[] {
  const questions = new Map<string, { path: { reaches: string[]; notReaches: string[] } }>();
  for (const pair of pairs.filter(({ target }) => KNOWN_TARGETS.includes(target.cfnResourceType))) {
    const { bus, from, props } = pair;
    const key = JSON.stringify([from, bus, props.event]);
    const path = {
      from,
      to: { bus },
      event: props.event,
      reaches: new Array<string>(),
      notReaches: new Array<string>(),
    };
    const question = questions.get(key) ?? { name: key, path };
    questions.set(key, question);
    question.path[outcomes.get(pair) === 'delivered' ? 'reaches' : 'notReaches'].push(props.target!.node.path);
  }
  return [...questions.values()];
}

function describePair({ bus, from, props }: Pair): string {
  const { event, target } = props;
  return [event.source, event.detailType, JSON.stringify(from), JSON.stringify(bus), target!.node.path].join(' ');
}
