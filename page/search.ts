import { Topology } from './topology';
import type { Connection, GraphElement } from '../src/delivery-graph/delivery-graph';
import { KIND_NOUNS } from '../src/delivery-graph/words';

/** The elements in which all words of a query are found, also in the events from and to them. */
export function found(topology: Topology, query: string): GraphElement[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return topology.graph.elements
    .map((element) => ({ element, text: textOf(element, topology.connectionsOf(element.id)) }))
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map(({ element }) => element);
}

function textOf(element: GraphElement, connections: readonly Connection[]): string {
  const { name, kind, account, region, app, path, arn } = element;
  const events = connections.flatMap((connection) => connection.events);
  const fields = events.flatMap(({ source, detailType }) => [source, detailType]);
  return [name, KIND_NOUNS[kind], account, region, app, path, arn, ...fields].filter(Boolean).join('\n').toLowerCase();
}
