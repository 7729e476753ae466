import type { DeliveryGraph, EventKind, GraphElement } from './delivery-graph';
import { eventLabel } from '../eventbridge/event-names';
import type { Decision } from '../iam/decision';

/** More edges than this are not readable in a flowchart on a code host: elements are grouped. */
export const MAX_EDGES = 60;

/** How elements are grouped: not at all, by bus and account, or by account. */
type Grouping = (element: GraphElement) => { readonly id: string; readonly label: string };

/**
 * A flowchart in the language of Mermaid, from publishers on the left to targets on the right, with a frame for each
 * account. With more than 60 edges, publishers and targets are grouped by account, and rules by bus and account; if
 * these are too many too, there is one node for each account.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function flowchart(graph: DeliveryGraph): string {
  const groupings: readonly Grouping[] = [single, byKindInAccount(graph), byAccount];
  const charts = groupings.map((grouping) => chartOf(graph, grouping));
  return textOf(charts.find(({ edges }) => edges.length <= MAX_EDGES) ?? charts[charts.length - 1]);
}

interface Node {
  readonly label: string;
  readonly element: GraphElement;
  readonly account: string;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly events: readonly EventKind[];
  readonly decision: Decision;
}

interface Chart {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly Edge[];
  readonly isGrouped: boolean;
}

function chartOf({ connections, elements }: DeliveryGraph, grouping: Grouping): Chart {
  const groups = new Map(elements.map((element) => [element.id, { element, ...grouping(element) }]));
  const nodes = new Map<string, Node>();
  for (const { element, id, label } of groups.values()) {
    if (!nodes.has(id)) nodes.set(id, { label, element, account: accountOf(element) });
  }
  const edges = new Map<string, Edge>();
  for (const { decision, events, from: fromId, kind, to: toId } of connections) {
    const [from, to] = [groups.get(fromId)!.id, groups.get(toId)!.id];
    // What is not allowed is shown within a group too.
    if (from === to && decision === 'allowed') continue;
    const key = JSON.stringify([from, to, decision]);
    const known = edges.get(key);
    // A rule sends what it matches.
    const own = kind === 'send' && grouping === single ? [] : events;
    edges.set(key, { from, to, decision, events: [...(known?.events ?? []), ...own] });
  }
  return {
    nodes,
    edges: [...edges.values()],
    isGrouped: grouping !== single,
  };
}

const single: Grouping = ({ id, name }) => ({ id, label: name });

/** Buses as they are; the publishers, rules or targets of an account in one node. */
function byKindInAccount({ connections, elements }: DeliveryGraph): Grouping {
  const busOf = new Map(connections.filter(({ kind }) => kind === 'match').map(({ from, to }) => [to, from]));
  const idOf = (element: GraphElement) =>
    JSON.stringify([element.role, accountOf(element), element.role === 'rule' ? busOf.get(element.id) : undefined]);
  const counts = new Map<string, number>();
  for (const element of elements) counts.set(idOf(element), (counts.get(idOf(element)) ?? 0) + 1);
  return (element) => {
    const id = idOf(element);
    const count = counts.get(id)!;
    if (element.role === 'eventBus' || count === 1) return single(element);
    return { id, label: `${count} ${element.role}s` };
  };
}

const byAccount: Grouping = (element) => ({ id: accountOf(element), label: 'publishers, buses, rules and targets' });

/** The account of an element, or where it is instead. */
function accountOf({ account, kind, name }: GraphElement): string {
  if (account !== undefined) return `account ${account}`;
  return kind === 'organization' || kind === 'service' || kind === 'account' ? name : 'account known at deployment';
}

function textOf({ edges, isGrouped, nodes }: Chart): string {
  const names = new Map([...nodes.keys()].map((id, index) => [id, `n${index}`]));
  const accounts = [...new Set([...nodes.values()].map(({ account }) => account))].sort();
  const frames = accounts.flatMap((account, index) => [
    `  subgraph a${index}[${quoted(account)}]`,
    ...[...nodes]
      .filter(([, node]) => node.account === account)
      .map(([id, { element, label }]) => `    ${names.get(id)}${shapeOf(element, label)}`),
    '  end',
  ]);
  const lines = edges.map(({ decision, events, from, to }) => {
    const arrow = decision === 'allowed' ? '-->' : '-.->';
    const label = [...(decision === 'allowed' ? [] : [decision]), ...eventLabels(events, isGrouped)];
    const shown = label.length === 0 ? '' : `|${quoted(...label)}|`;
    return `  ${names.get(from)} ${arrow}${shown} ${names.get(to)}`;
  });
  const indexes = (decision: Decision) =>
    edges.flatMap((edge, index) => (edge.decision === decision ? [index] : [])).join();
  return [
    'flowchart LR',
    ...frames,
    ...lines,
    ...styleLine(indexes('denied'), '#c00'),
    ...styleLine(indexes('unknown'), '#a60'),
    '',
  ].join('\n');
}

function styleLine(indexes: string, color: string): string[] {
  return indexes === '' ? [] : [`  linkStyle ${indexes} stroke:${color},color:${color}`];
}

/** Each role has a shape of its own: publishers are rounded, buses hexagons, rules boxes, and targets stadiums. */
function shapeOf({ role }: GraphElement, label: string): string {
  const [open, close] = SHAPES[role];
  return `${open}${quoted(label)}${close}`;
}

const SHAPES: { readonly [role in GraphElement['role']]: readonly [open: string, close: string] } = {
  publisher: ['(', ')'],
  eventBus: ['{{', '}}'],
  rule: ['[', ']'],
  target: ['([', '])'],
};

/** How many kinds of events an edge names. */
const NAMED_EVENTS = 3;

function eventLabels(events: readonly EventKind[], isGrouped: boolean): string[] {
  const labels = [...new Set(events.map(eventLabel))].filter((label) => label !== '');
  const named = isGrouped ? 1 : NAMED_EVENTS;
  const more = labels.length > named ? [`and ${labels.length - named} more`] : [];
  return [...labels.slice(0, named), ...more];
}

/** A label of some lines, in which no character is part of the language. */
function quoted(...lines: readonly string[]): string {
  return `"${lines.map(escaped).join('<br>')}"`;
}

/** Letters, digits and harmless marks as they are, others as their code points. */
function escaped(text: string): string {
  return [...text.replace(/\p{Cc}+/gu, ' ')]
    .map((character) => (/[\p{L}\p{N} .,:/_-]/u.test(character) ? character : `#${character.codePointAt(0)};`))
    .join('');
}
