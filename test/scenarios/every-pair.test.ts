import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventAssertions } from '../../src';
import { targetKindOf } from '../../src/checks/engine/target-kinds';
import { deliveryGraph } from '../../src/delivery-graph/build-graph';
import { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { explain } from '../../src/delivery-graph/explain';
import { Question } from '../../src/delivery-graph/question';
import { PageData, graphOf, pageData } from '../../src/page/page-data';
import { comparedWithChecks } from '../support/delivery-decisions';
import { EXAMPLES, exampleApp } from '../support/examples';
import { graphInputOf } from '../support/graphs';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { Outcome, Pair, isKnownToOracle, outcomeOf, pairsIn, pathQuestions } from '../support/pairs';
import { ROOT } from '../support/repository';

/** The settings for the oracle, such as the organizations of accounts. */
interface Settings {
  readonly defaults?: { readonly account?: string };
  readonly questions: unknown;
}

/**
 * The assertions, the checks, `explain`, the data of the page and the oracle decide about each pair alike. The oracle
 * is asked last, and about what the others agree on.
 */
describe.each(EXAMPLES)(
  'all pairs of publishers and targets of %s',
  (name, example, questions = `${name}/questions.json`) => {
    const file = join(ROOT, 'examples/typescript', questions);
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Settings;
    const apps = example.map(exampleApp);
    const pairs = pairsIn(apps, settings.defaults);
    const events = EventAssertions.ofAll(apps);
    const input = graphInputOf(...apps);
    const graph = graphOf(JSON.parse(JSON.stringify(pageData(deliveryGraph(input)))) as PageData);
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

    test('are explained alike', () => {
      const explained = pairs.map((pair) => {
        const { decision } = explain(input, questionAbout(pair, graph));
        return `${describePair(pair)}: ${OUTCOMES[decision]}`;
      });
      expect(explained).toEqual(pairs.map((pair) => `${describePair(pair)}: ${outcomes.get(pair)}`));
    });

    test('are in the data of the page if the event is delivered', () => {
      // The page has publishers that are known, not any role of an account.
      const own = pairs.filter(({ from, props }) => from.role !== undefined && props.publisher !== undefined);
      const inGraph = own.filter((pair) => isDeliveredIn(graph, pair)).map(describePair);
      expect(inGraph).toEqual(own.filter((pair) => outcomes.get(pair) === 'delivered').map(describePair));
    });

    describeWithOracle(`${name}, by the oracle`, () => {
      test('are delivered or refused alike', () => {
        const listOf = (pair: Pair) => (outcomes.get(pair) === 'delivered' ? 'reaches' : 'notReaches');
        expectAnswers(apps, { ...settings, questions: pathQuestions(pairs.filter(isKnownToOracle), listOf) });
      });

      test('get the events of each rule, and dead-letter queues those that are not delivered', () => {
        expectAnswers(apps, { ...settings, questions: questionsAboutRules(graph) });
      });
    });
  },
);

const OUTCOMES: { readonly [decision: string]: Outcome } = {
  allowed: 'delivered',
  denied: 'refused',
  unknown: 'unknown',
};

function questionAbout({ bus, from, props }: Pair, graph: DeliveryGraph): Question {
  const publisher = from.role ?? props.publisherArn ?? props.publisherAccount;
  const { source, detailType } = props.event;
  return {
    ...(publisher !== undefined && { from: publisher }),
    bus: typeof bus === 'string' ? bus : busIdOf(graph, bus),
    source,
    detailType,
    to: props.target!.node.path,
  };
}

/** The ID of a default bus. Without an account in the stack, there is only one. */
function busIdOf({ elements }: DeliveryGraph, bus: { account: string; name: string }): string {
  const buses = elements.filter(({ kind, name }) => kind === 'eventBus' && name === bus.name);
  return (buses.find(({ account }) => account === bus.account) ?? buses[0]).id;
}

/** Whether the graph has a way on which the event is allowed. */
function isDeliveredIn(graph: DeliveryGraph, { bus, from, props }: Pair): boolean {
  const idsAt = (path: string) => graph.elements.filter((element) => element.path === path).map(({ id }) => id);
  const busIds = typeof bus === 'string' ? idsAt(bus) : [busIdOf(graph, bus)];
  const connections = new Map(graph.connections.map((connection) => [connection.id, connection]));
  const isAbout = (event: { source?: string; detailType?: string }) =>
    [undefined, props.event.source].includes(event.source) &&
    [undefined, props.event.detailType].includes(event.detailType);
  const ways = [
    ...graph.deliveries
      .filter(({ event, publisher }) => idsAt(from.role!).includes(publisher) && isAbout(event))
      .map((delivery) => delivery.connections.map((id) => connections.get(id)!)),
    // What is put on a bus is there, whether or not a rule matches it.
    ...graph.connections.filter(({ events, kind }) => kind === 'putEvents' && events.some(isAbout)).map((put) => [put]),
  ].filter(([first]) => idsAt(from.role!).includes(first.from) && busIds.includes(first.to));
  return ways.some((steps) => {
    const end = steps.findIndex(({ kind, to }) => kind !== 'match' && idsAt(props.target!.node.path).includes(to));
    return end >= 0 && steps.slice(0, end + 1).every(({ decision }) => decision === 'allowed');
  });
}

/** Rules with targets of other kinds, whose policies `forward-to-any-target.test.ts` and `test/targets` evaluate. */
const OTHER_TARGETS = ['Fulfillment/PaidOrders', 'Hub/ToTopic', 'Hub/ToStream', 'Hub/ToApi'];

/** One question about each rule whose targets the oracle knows, which are all but those above. */
function questionsAboutRules({ connections, elements }: DeliveryGraph): object[] {
  const rules = elements.filter(({ path, role }) => role === 'rule' && !OTHER_TARGETS.includes(path!));
  const ids = new Set(rules.map(({ id }) => id));
  const nouns = connections.filter(({ from }) => ids.has(from)).map(({ to }) => targetKindOf(to)?.noun);
  expect([...new Set(nouns)].filter((noun) => !['bus', 'function', 'queue'].includes(String(noun)))).toEqual([]);
  expect(rules).not.toEqual([]);
  return rules.map(({ path }) => ({ deliver: { rule: path }, expect: 'allow' }));
}

function describePair({ bus, from, props }: Pair): string {
  const { event, target } = props;
  return [event.source, event.detailType, JSON.stringify(from), JSON.stringify(bus), target!.node.path].join(' ');
}
