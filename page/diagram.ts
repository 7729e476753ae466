import { svg } from './dom';
import type { Box, Frame, Layout, PlacedConnection } from './layout';
import { LINE_HEIGHT, labelLines, nodeText } from './measure';
import { elementText, eventText, findingSign, openFindings } from './texts';
import { Part, Selection, Topology } from './topology';
import type { GraphElement } from '../src/delivery-graph/delivery-graph';
import { DECISIONS } from '../src/iam/decision';

/** What the diagram does when it is used. */
export interface DiagramEvents {
  readonly onSelect: (selection: Selection | undefined) => void;
  /** The element or connection under the mouse. */
  readonly onPoint: (selection: Selection | undefined) => void;
}

/** The drawing of the topology. */
export class Diagram {
  private readonly content = svg('g');
  private nodes: ReadonlyMap<string, SVGGElement> = new Map();
  private connections: ReadonlyMap<string, SVGGElement> = new Map();

  constructor(
    private readonly drawing: SVGSVGElement,
    private readonly topology: Topology,
    private readonly events: DiagramEvents,
  ) {
    drawing.append(arrows(), this.content);
    drawing.addEventListener('click', (event) => {
      if (event.target === drawing && !drawing.classList.contains('moving')) events.onSelect(undefined);
    });
  }

  /** Draws a layout in place of the one before. */
  public draw({ frames, nodes, connections }: Layout): void {
    this.nodes = new Map([...nodes].map(([id, box]) => [id, this.node(this.topology.element(id), box)]));
    this.connections = new Map(connections.map((placed) => [placed.connection.id, this.connection(placed)]));
    this.content.replaceChildren(
      ...frames.map(frameOf),
      ...this.connections.values(),
      ...this.nodes.values(),
      ...frames.map(titleOf),
    );
  }

  /** The node of an element, if it is drawn. */
  public nodeOf(elementId: string): SVGGElement | undefined {
    return this.nodes.get(elementId);
  }

  /** Makes everything paler except for a part, and marks what is selected. */
  public emphasize(part: Part | undefined, selected: Selection | undefined): void {
    this.drawing.classList.toggle('partial', part !== undefined);
    for (const [id, node] of this.nodes) {
      node.classList.toggle('followed', part?.elements.has(id) ?? false);
      node.setAttribute('aria-pressed', String(selected?.kind === 'element' && selected.id === id));
    }
    for (const [id, connection] of this.connections) {
      connection.classList.toggle('followed', part?.connections.has(id) ?? false);
      connection.classList.toggle('selected', selected?.kind === 'connection' && selected.id === id);
    }
  }

  private node(element: GraphElement, { x, y, width, height }: Box): SVGGElement {
    const { name, kind } = nodeText(this.topology, element);
    const description = elementText(element, [name, kind]);
    const node = svg(
      'g',
      {
        class: `node ${element.role}${element.openTo ? ' open' : ''}`,
        transform: `translate(${x} ${y})`,
        role: 'button',
        tabindex: -1,
        'aria-label': description,
        'data-element': element.id,
      },
      svg('title', {}, description),
      svg('rect', { class: 'box', width, height, rx: 7 }),
      svg('rect', { class: 'stripe', width: 6, height: height - 14, x: 8, y: 7, rx: 3 }),
      svg('text', { class: 'name', x: 22, y: 18 }, name),
      ' ', // Between words for screen readers.
      svg('text', { class: 'kind', x: 22, y: 33 }, kind),
      ' ',
      badgeOf(element, width),
    );
    return this.selectable(node, { kind: 'element', id: element.id });
  }

  private connection({ connection, path, label }: PlacedConnection): SVGGElement {
    const { id, kind, decision, events } = connection;
    const title = events.map(eventText).join('\n') || 'any event';
    const group = svg(
      'g',
      { class: `connection ${kind} ${decision}`, 'aria-hidden': 'true', 'data-connection': id },
      svg('title', {}, title),
      svg('path', { class: 'hit', d: path }),
      svg('path', { class: 'line', d: path, 'marker-end': `url(#arrow-${decision})` }),
      ...(label ? [labelOf(label, labelLines(this.topology, connection))] : []),
    );
    return this.selectable(group, { kind: 'connection', id });
  }

  private selectable(element: SVGGElement, selection: Selection): SVGGElement {
    element.addEventListener('click', () => {
      if (!this.drawing.classList.contains('moving')) this.events.onSelect(selection);
    });
    element.addEventListener('pointerenter', () => this.events.onPoint(selection));
    element.addEventListener('pointerleave', () => this.events.onPoint(undefined));
    return element;
  }
}

function frameOf({ kind, x, y, width, height }: Frame): SVGRectElement {
  return svg('rect', { class: `frame ${kind}`, x, y, width, height, rx: 10 });
}

/** Above everything, to be readable from far away. */
function titleOf({ kind, name, x, y }: Frame): SVGGElement {
  const noun = kind === 'account' ? 'Account' : 'Region';
  const text = svg('text', { x: 12, y: 20 }, `${noun} ${name}`);
  return svg('g', { class: `title ${kind}`, transform: `translate(${x} ${y})` }, text);
}

/** The sign for the findings on an element, if there are any. */
function badgeOf(element: GraphElement, width: number): SVGGElement | undefined {
  const sign = findingSign(element);
  if (sign === undefined) return undefined;
  const level = openFindings(element).some((finding) => finding.level === 'error') ? 'error' : 'warning';
  return svg(
    'g',
    { class: `badge ${level}`, transform: `translate(${width - 2} 2)` },
    svg('circle', { r: 8 }),
    svg('text', { y: 4 }, sign),
  );
}

function labelOf({ x, y, width, height }: Box, lines: readonly string[]): SVGGElement {
  return svg(
    'g',
    { class: 'label', transform: `translate(${x} ${y})` },
    svg('rect', { width, height, rx: 4 }),
    ...lines.map((line, index) => svg('text', { x: width / 2, y: (index + 1) * LINE_HEIGHT - 1 }, line)),
  );
}

/** The arrowheads of connections. */
function arrows(): SVGDefsElement {
  const heads = DECISIONS.map((decision) =>
    svg(
      'marker',
      {
        id: `arrow-${decision}`,
        class: decision,
        markerUnits: 'userSpaceOnUse',
        markerWidth: 9,
        markerHeight: 9,
        refX: 8,
        refY: 4.5,
        orient: 'auto',
      },
      svg('path', { d: 'M0 0L9 4.5L0 9Z' }),
    ),
  );
  return svg('defs', {}, ...heads);
}
