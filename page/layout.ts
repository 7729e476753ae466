import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { FrameName, POINTS_PER_INCH, dotGraph } from './dot';
import { measureLabel } from './measure';
import { Part, Topology } from './topology';
import type { Connection } from '../src/delivery-graph/delivery-graph';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Box, FrameName {}

export interface PlacedConnection {
  readonly connection: Connection;
  /** The path of an SVG element. */
  readonly path: string;
  readonly label?: Box;
}

/** Where everything is, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Outer frames come first. */
  readonly frames: readonly Frame[];
  readonly nodes: ReadonlyMap<string, Box>;
  readonly connections: readonly PlacedConnection[];
}

/** What Graphviz returns. Positions are texts of numbers, separated by commas and spaces. */
interface Output {
  readonly bb: string;
  readonly objects?: readonly {
    readonly name: string;
    readonly bb?: string;
    readonly pos?: string;
    readonly width?: string;
    readonly height?: string;
  }[];
  readonly edges?: readonly { readonly class: string; readonly pos: string; readonly lp?: string }[];
}

/** Lays out a part of the topology: accounts as frames with their Regions, paths from left to right. */
export async function layOut(topology: Topology, part: Part): Promise<Layout> {
  const graphviz = await Graphviz.load();
  const dot = dotGraph(topology, part);
  const output = JSON.parse(graphviz.layout(dot.text, 'json', 'dot', { yInvert: true })) as Output;
  const objects = new Map((output.objects ?? []).map((object) => [object.name, object]));
  const { x, y, width, height } = boxOfCorners(output.bb);
  return {
    width: x + width,
    height: y + height,
    frames: [...dot.frames]
      .map(([name, frame]) => ({ ...frame, ...boxOfCorners(objects.get(name)!.bb!) }))
      .sort((one, other) => one.kind.localeCompare(other.kind)),
    nodes: new Map(
      [...dot.elements].map(([name, { id }]) => {
        const { pos, width: inchesWide, height: inchesHigh } = objects.get(name)!;
        const size = { width: Number(inchesWide) * POINTS_PER_INCH, height: Number(inchesHigh) * POINTS_PER_INCH };
        return [id, boxAround(pos!, size)];
      }),
    ),
    connections: (output.edges ?? []).map((edge) => {
      const connection = dot.connections.get(edge.class)!;
      const size = measureLabel(topology, connection);
      return {
        connection,
        path: pathOf(edge.pos),
        ...(size && edge.lp !== undefined && { label: boxAround(edge.lp, size) }),
      };
    }),
  };
}

function boxOfCorners(corners: string): Box {
  const [x0, y0, x1, y1] = numbersIn(corners);
  return { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
}

function boxAround(center: string, { width, height }: { readonly width: number; readonly height: number }): Box {
  const [x, y] = numbersIn(center);
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Graphviz returns the first point of a line and then three points for each of its curves. */
function pathOf(position: string): string {
  const [x, y, ...curves] = numbersIn(position);
  return `M${x} ${y}C${curves.join(' ')}`;
}

function numbersIn(text: string): number[] {
  return text.split(/[\s,]+/).map(Number);
}
