import { SIGNS, eventText } from './texts';
import { Topology } from './topology';
import type { Connection, GraphElement } from '../src/delivery-graph/delivery-graph';
import { KIND_NOUNS } from '../src/delivery-graph/words';
import { shortened } from '../src/util/shortened';

/** The longest text in a node and on a connection. The details have all of it. */
const NAME_LENGTH = 28;
const LABEL_LENGTH = 32;

const FONT = 'system-ui, sans-serif';
const NAME_FONT = `600 13px ${FONT}`;
const SMALL_FONT = `11px ${FONT}`;

/** The space for the color at the left, and around the text. */
const NODE_SPACE = 36;
const NODE_HEIGHT = 42;
const LABEL_SPACE = 12;
/** Of the text at a connection. */
export const LINE_HEIGHT = 13;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The two lines of text in a node. */
export function nodeText(topology: Topology, element: GraphElement): { readonly name: string; readonly kind: string } {
  const open = element.openTo ? ', open' : '';
  return { name: shortened(nameIn(topology, element), NAME_LENGTH), kind: KIND_NOUNS[element.kind] + open };
}

/** The name of a rule may begin with the name of its bus, which is beside it. */
function nameIn(topology: Topology, { id, name, role }: GraphElement): string {
  if (role !== 'rule') return name;
  const match = topology.connectionsOf(id).find(({ kind }) => kind === 'match');
  const prefix = match ? `${topology.element(match.from).name}/` : '/';
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

export function measureNode(topology: Topology, element: GraphElement): Size {
  const { name, kind } = nodeText(topology, element);
  const width = Math.max(textWidth(name, NAME_FONT), textWidth(kind, SMALL_FONT));
  return { width: Math.ceil(width) + NODE_SPACE, height: NODE_HEIGHT };
}

/** The lines of text at a connection. A rule sends the events that it matches, which its other connection names. */
export function labelLines(topology: Topology, connection: Connection): readonly string[] {
  const { decision } = connection;
  const lines = isRepeated(topology, connection) ? [] : eventLines(connection.events);
  const [first = '', ...others] = lines.map((line) => shortened(line, LABEL_LENGTH));
  const sign = decision === 'allowed' ? '' : SIGNS[decision];
  const firstLine = [sign, first].filter(Boolean).join(' ');
  return firstLine === '' ? [] : [firstLine, ...others];
}

function isRepeated(topology: Topology, { kind, from, events }: Connection): boolean {
  if (kind !== 'send') return false;
  const matches = topology.connectionsOf(from).filter((other) => other.to === from && other.kind === 'match');
  const matched = new Set(matches.flatMap((match) => match.events.map(eventText)));
  return events.every((event) => matched.has(eventText(event)));
}

/** The sources and the detail types of events in a line each. An event without fields adds nothing to others. */
function eventLines(events: Connection['events']): string[] {
  const known = events.filter(({ source, detailType }) => source !== undefined || detailType !== undefined);
  if (known.length === 0) return ['any event'];
  return [known.map(({ source }) => source), known.map(({ detailType }) => detailType)].flatMap(listed);
}

/** The first value and the number of others; nothing if there is any value. */
function listed(all: readonly (string | undefined)[]): string[] {
  const values = new Set(all.filter((value) => value !== undefined));
  const [first] = values;
  if (first === undefined || all.includes(undefined)) return [];
  return [values.size === 1 ? first : `${shortened(first, LABEL_LENGTH - 4)} +${values.size - 1}`];
}

export function measureLabel(topology: Topology, connection: Connection): Size | undefined {
  const lines = labelLines(topology, connection);
  if (lines.length === 0) return undefined;
  const width = Math.max(...lines.map((line) => textWidth(line, SMALL_FONT)));
  return { width: Math.ceil(width) + LABEL_SPACE, height: lines.length * LINE_HEIGHT + 4 };
}

const context = document.createElement('canvas').getContext('2d');

function textWidth(text: string, font: string): number {
  if (!context) return text.length * 8;
  context.font = font;
  return context.measureText(text).width;
}
