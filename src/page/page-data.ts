import type { Delivery, DeliveryGraph, EventKind } from '../delivery-graph/delivery-graph';
import { DECISIONS } from '../iam/decision';

/**
 * The data of the page: a delivery graph in which deliveries refer to elements, connections and events by their
 * numbers, because most of an app's graph are deliveries.
 */
export interface PageData extends Omit<DeliveryGraph, 'deliveries'> {
  readonly events: readonly EventKind[];
  readonly deliveries: readonly NumberedDelivery[];
}

/** A publisher, a target, an event, a decision, and the connections. */
export type NumberedDelivery = readonly [
  publisher: number,
  target: number,
  event: number,
  decision: number,
  ...connections: number[],
];

/** The data of the page about a delivery graph. */
export function pageData(graph: DeliveryGraph): PageData {
  const elements = numbersOf(graph.elements.map(({ id }) => id));
  const connections = numbersOf(graph.connections.map(({ id }) => id));
  const events = new Map<string, { readonly number: number; readonly event: EventKind }>();
  const numberOf = (event: EventKind): number => {
    const key = JSON.stringify([event.source, event.detailType]);
    const known = events.get(key) ?? { number: events.size, event };
    events.set(key, known);
    return known.number;
  };
  const deliveries = graph.deliveries.map((delivery): NumberedDelivery => [
    elements.get(delivery.publisher)!,
    elements.get(delivery.target)!,
    numberOf(delivery.event),
    DECISIONS.indexOf(delivery.decision),
    ...delivery.connections.map((id) => connections.get(id)!),
  ]);
  return { ...graph, events: [...events.values()].map(({ event }) => event), deliveries };
}

/** The delivery graph in the data of the page. */
export function graphOf({ deliveries, events, ...graph }: PageData): DeliveryGraph {
  return {
    ...graph,
    deliveries: deliveries.map(([publisher, target, event, decision, ...connections]): Delivery => ({
      publisher: graph.elements[publisher].id,
      target: graph.elements[target].id,
      event: events[event],
      decision: DECISIONS[decision],
      connections: connections.map((number) => graph.connections[number].id),
    })),
  };
}

function numbersOf(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}
