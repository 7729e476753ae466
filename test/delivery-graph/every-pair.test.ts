import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventAssertions } from '../../src';
import { deliveryGraph } from '../../src/delivery-graph/build-graph';
import { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { explain } from '../../src/delivery-graph/explain';
import { Question } from '../../src/delivery-graph/question';
import { Outcome, Pair, outcomeOf, pairsIn } from '../assertions/pairs';
import { EXAMPLES, exampleApp } from '../support/examples';
import { graphInputOf } from '../support/graphs';

/** `test/assertions/every-pair.test.ts` compares the same pairs with the checks and with the oracle. */
describe.each(EXAMPLES)(
  'all pairs of publishers and targets of %s',
  (name, example, questions = `${name}/questions.json`) => {
    const file = join(__dirname, '../../examples/typescript', questions);
    const { defaults } = JSON.parse(readFileSync(file, 'utf8')) as { defaults?: { account?: string } };
    const apps = example.map(exampleApp);
    const pairs = pairsIn(apps, defaults);
    const events = EventAssertions.ofAll(apps);
    const input = graphInputOf(...apps);
    const graph = deliveryGraph(input);
    const outcomes = new Map(pairs.map((pair) => [pair, outcomeOf(events, pair)]));

    test('are explained as the assertions expect', () => {
      const explained = pairs.map((pair) => {
        const { decision } = explain(input, questionAbout(pair, graph));
        return `${describePair(pair)}: ${OUTCOMES[decision]}`;
      });
      expect(explained).toEqual(pairs.map((pair) => `${describePair(pair)}: ${outcomes.get(pair)}`));
    });

    test('are in the graph if the event is delivered', () => {
      const own = pairs.filter(({ from, props }) => from.role !== undefined && props.publisher !== undefined);
      const inGraph = own.filter((pair) => isDeliveredIn(graph, pair)).map(describePair);
      expect(inGraph).toEqual(own.filter((pair) => outcomes.get(pair) === 'delivered').map(describePair));
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

function describePair({ bus, from, props }: Pair): string {
  const { event, target } = props;
  return [event.source, event.detailType, JSON.stringify(from), JSON.stringify(bus), target!.node.path].join(' ');
}
