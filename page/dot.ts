import { Size, measureLabel, measureNode } from './measure';
import { Part, Topology } from './topology';
import type { Connection, GraphElement } from '../src/delivery-graph/delivery-graph';

/** What Graphviz lays out, and which of its names belongs to what. */
export interface DotGraph {
  readonly text: string;
  readonly frames: ReadonlyMap<string, FrameName>;
  readonly elements: ReadonlyMap<string, GraphElement>;
  readonly connections: ReadonlyMap<string, Connection>;
}

export interface FrameName {
  readonly kind: 'account' | 'region';
  readonly name: string;
}

/** Graphviz measures in points, and in inches. One point is one pixel here. */
export const POINTS_PER_INCH = 72;

/** All elements from left to right, also if their accounts are frames (`newrank`). */
const GRAPH = 'graph [rankdir=LR, newrank=true, nodesep=0.16, ranksep=0.45, pad=0.1, labeljust=l, margin=14]';
const NODES = 'node [shape=box, fixedsize=true, label=""]';
const EDGES = 'edge [tailport=e, headport=w, arrowhead=none]';

/** The title of a frame. */
const TITLE: Size = { width: 130, height: 14 };

/**
 * The part of a topology in the language of Graphviz, with a frame for each account and each Region in it. The names in
 * it are numbers, so that nothing in the topology has to be escaped.
 */
export function dotGraph(topology: Topology, part: Part): DotGraph {
  const elements = topology.graph.elements.filter(({ id }) => part.elements.has(id));
  const connections = topology.graph.connections.filter(({ id }) => part.connections.has(id));
  const numbers = new Map(elements.map(({ id }, index) => [id, index]));
  const root = new DotFrame();
  for (const element of elements) {
    const size = measureNode(topology, element);
    const node = `n${numbers.get(element.id)} [width=${inches(size.width)}, height=${inches(size.height)}]`;
    root.frameOf(element).lines.push(node);
  }
  const frames = new Map<string, FrameName>();
  const edges = connections.map((connection, index) => {
    const label = measureLabel(topology, connection);
    const attributes = [`class=c${index}`, ...(label ? [`label=${spaceOf(label)}`] : [])];
    return `n${numbers.get(connection.from)} -> n${numbers.get(connection.to)} [${attributes.join(', ')}]`;
  });
  const lines = [GRAPH, NODES, EDGES, ...root.write(frames), ...edges];
  return {
    text: `digraph {\n${lines.join('\n')}\n}`,
    frames,
    elements: new Map(elements.map((element, index) => [`n${index}`, element])),
    connections: new Map(connections.map((connection, index) => [`c${index}`, connection])),
  };
}

/** The whole drawing, an account or a Region. */
class DotFrame {
  public readonly lines: string[] = [];
  private readonly children = new Map<string, DotFrame>();

  constructor(private readonly title?: FrameName) {}

  public frameOf({ account, region }: GraphElement): DotFrame {
    const outer = account === undefined ? this : this.child('account', account);
    return region === undefined ? outer : outer.child('region', region);
  }

  public write(frames: Map<string, FrameName>): string[] {
    const inner = [...this.lines, ...[...this.children.values()].flatMap((child) => child.write(frames))];
    if (!this.title) return inner;
    const name = `cluster_${frames.size}`;
    frames.set(name, this.title);
    return [`subgraph ${name} {`, `label=${spaceOf(TITLE)}`, ...inner, '}'];
  }

  private child(kind: FrameName['kind'], name: string): DotFrame {
    const key = `${kind} ${name}`;
    const child = this.children.get(key) ?? new DotFrame({ kind, name });
    this.children.set(key, child);
    return child;
  }
}

/** A label that only takes space, as the page draws the text itself. */
function spaceOf({ width, height }: Size): string {
  return `<<table border="0" fixedsize="true" width="${width}" height="${height}"><tr><td></td></tr></table>>`;
}

function inches(points: number): string {
  return (points / POINTS_PER_INCH).toFixed(3);
}
