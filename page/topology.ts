import type { Connection, Delivery, DeliveryGraph, GraphElement } from '../src/delivery-graph/delivery-graph';

/** What is selected: an element or a connection. */
export interface Selection {
  readonly kind: 'element' | 'connection';
  readonly id: string;
}

/** Elements and connections, by their IDs. */
export interface Part {
  readonly elements: ReadonlySet<string>;
  readonly connections: ReadonlySet<string>;
}

/** The delivery graph, with what is looked up in it. */
export class Topology {
  private readonly elementsById: ReadonlyMap<string, GraphElement>;
  private readonly connectionsById: ReadonlyMap<string, Connection>;
  private readonly connectionsByElement = new Map<string, Connection[]>();
  private readonly deliveriesByConnection = new Map<string, Delivery[]>();

  constructor(public readonly graph: DeliveryGraph) {
    this.elementsById = new Map(graph.elements.map((element) => [element.id, element]));
    this.connectionsById = new Map(graph.connections.map((connection) => [connection.id, connection]));
    for (const connection of graph.connections) {
      for (const id of new Set([connection.from, connection.to])) add(this.connectionsByElement, id, connection);
    }
    for (const delivery of graph.deliveries) {
      for (const id of new Set(delivery.connections)) add(this.deliveriesByConnection, id, delivery);
    }
  }

  public element(id: string): GraphElement {
    return known(this.elementsById.get(id), id);
  }

  public connection(id: string): Connection {
    return known(this.connectionsById.get(id), id);
  }

  /** The connections from and to an element. */
  public connectionsOf(elementId: string): readonly Connection[] {
    return this.connectionsByElement.get(elementId) ?? [];
  }

  /** The deliveries over an element or a connection. */
  public deliveriesThrough({ kind, id }: Selection): readonly Delivery[] {
    const connections = kind === 'connection' ? [id] : this.connectionsOf(id).map((connection) => connection.id);
    return [...new Set(connections.flatMap((connection) => this.deliveriesByConnection.get(connection) ?? []))];
  }

  /** The deliveries of which all connections are in a part. */
  public deliveriesIn({ connections }: Part): readonly Delivery[] {
    return this.graph.deliveries.filter((delivery) => delivery.connections.every((id) => connections.has(id)));
  }

  /** The paths of all deliveries over an element or a connection, and the connections next to it. */
  public pathsThrough(selection: Selection): Part {
    const direct =
      selection.kind === 'connection' ? [selection.id] : this.connectionsOf(selection.id).map(({ id }) => id);
    const delivered = this.deliveriesThrough(selection).flatMap((delivery) => delivery.connections);
    const connections = new Set([...direct, ...delivered]);
    const elements = new Set([...connections].flatMap((id) => endsOf(this.connection(id))));
    if (selection.kind === 'element') elements.add(selection.id);
    return { elements, connections };
  }
}

function endsOf({ from, to }: Connection): string[] {
  return [from, to];
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function known<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new Error(`the page has no data about '${id}'`);
  return value;
}
