import { openFindings } from './texts';
import { Part, Topology } from './topology';
import type { GraphElement } from '../src/delivery-graph/delivery-graph';
import { DELIVERED } from '../src/delivery-graph/words';

/** What the filters of the page are set to. An empty text is no filter. */
export interface Filters {
  readonly account: string;
  readonly app: string;
  /** A value of `findingChoices()`. */
  readonly finding: string;
}

export const NO_FILTERS: Filters = { account: '', app: '', finding: '' };

const DENIED = 'decision:denied';
const UNKNOWN = 'decision:unknown';
const OPEN = 'open';

/** A value of a filter, and its text. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function accountChoices({ graph }: Topology): Choice[] {
  return sortedChoices(graph.elements.map(({ account }) => account));
}

export function appChoices({ graph }: Topology): Choice[] {
  return sortedChoices(graph.elements.map(({ app }) => app));
}

/** What is not delivered, what is open, and the ID of each finding that is not acknowledged. */
export function findingChoices({ graph }: Topology): Choice[] {
  const hasDecision = (decision: 'denied' | 'unknown') => graph.connections.some((one) => one.decision === decision);
  return [
    ...(hasDecision('denied') ? [{ value: DENIED, label: DELIVERED.denied }] : []),
    ...(hasDecision('unknown') ? [{ value: UNKNOWN, label: DELIVERED.unknown }] : []),
    ...(graph.elements.some(({ openTo }) => openTo) ? [{ value: OPEN, label: 'open to others' }] : []),
    ...sortedChoices(graph.elements.flatMap((element) => openFindings(element).map(({ id }) => id))),
  ];
}

function sortedChoices(values: readonly (string | undefined)[]): Choice[] {
  const unique = new Set(values.filter((value) => value !== undefined));
  return [...unique].sort().map((value) => ({ value, label: value }));
}

/** The elements that pass the filters, with the paths of all deliveries over them. */
export function filtered(topology: Topology, filters: Filters): Part {
  const { elements, connections } = topology.graph;
  const all = { elements: idsOf(elements), connections: idsOf(connections) };
  const parts = [
    filters.account && pathsOf(topology, ({ account }) => account === filters.account),
    filters.app && pathsOf(topology, ({ app }) => app === filters.app),
    filters.finding && partWithFinding(topology, filters.finding),
  ].filter((part) => part !== '');
  return parts.reduce<Part>(intersection, all);
}

function partWithFinding(topology: Topology, finding: string): Part {
  if (finding === OPEN) return pathsOf(topology, ({ openTo }) => openTo !== undefined);
  if (finding !== DENIED && finding !== UNKNOWN) {
    return pathsOf(topology, (element) => openFindings(element).some(({ id }) => id === finding));
  }
  const decision = finding === DENIED ? 'denied' : 'unknown';
  const found = topology.graph.connections.filter((connection) => connection.decision === decision);
  return union(found.map(({ id }) => topology.pathsThrough({ kind: 'connection', id })));
}

function pathsOf(topology: Topology, isChosen: (element: GraphElement) => boolean): Part {
  return union(
    topology.graph.elements.filter(isChosen).map(({ id }) => topology.pathsThrough({ kind: 'element', id })),
  );
}

function idsOf(list: readonly { readonly id: string }[]): Set<string> {
  return new Set(list.map(({ id }) => id));
}

function union(parts: readonly Part[]): Part {
  return {
    elements: new Set(parts.flatMap(({ elements }) => [...elements])),
    connections: new Set(parts.flatMap(({ connections }) => [...connections])),
  };
}

function intersection(one: Part, other: Part): Part {
  return {
    elements: new Set([...one.elements].filter((id) => other.elements.has(id))),
    connections: new Set([...one.connections].filter((id) => other.connections.has(id))),
  };
}
