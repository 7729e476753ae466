import type { Connection, GraphStatement } from './delivery-graph';
import { GraphElements } from './elements';
import { toEventKind } from './event-kinds';
import { FollowedStep } from './follow';
import { nameConstructs } from '../checks/engine/construct-names';
import { AllowingStatement, DeliveryStep } from '../delivery-paths/delivery-path';
import { Json, isObject } from '../iam/statement';
import { displayText, hasUnresolved } from '../iam/unresolved-text';
import { hash } from '../util/names';

/** A connection to which steps are added. */
interface OpenConnection {
  readonly connection: Omit<Connection, 'events' | 'allowedBy'>;
  readonly events: Map<string, Connection['events'][number]>;
  readonly allowedBy: Map<string, GraphStatement>;
}

/** The connections of a graph: the steps between two elements with the same result are one of them. */
export class GraphConnections {
  private readonly connections = new Map<string, OpenConnection>();
  private readonly added = new Map<DeliveryStep, OpenConnection>();
  private readonly ids = new Map<FollowedStep, string>();

  constructor(private readonly elements: GraphElements) {}

  /** Adds a step between two elements. Returns the ID of its connection. */
  public add(followed: FollowedStep, from: string, to: string): string {
    const { step, event } = followed;
    const open = this.added.get(step) ?? this.open(step, from, to);
    this.added.set(step, open);
    this.ids.set(followed, open.connection.id);
    const eventKind = toEventKind(event);
    open.events.set(JSON.stringify(eventKind), eventKind);
    return open.connection.id;
  }

  /** The ID of the connection to which a step was added. */
  public idOf(followed: FollowedStep): string | undefined {
    return this.ids.get(followed);
  }

  private open(step: DeliveryStep, from: string, to: string): OpenConnection {
    const { action, decision, kind } = step;
    const text = textOf(step);
    const missing = missingOf(step);
    const id = hash(JSON.stringify([kind, from, to, decision, text, missing]), 10);
    const open = this.connections.get(id) ?? {
      connection: {
        id,
        kind,
        from,
        to,
        ...(action !== undefined && { action }),
        decision,
        ...(text && { text }),
        ...(missing && { missing }),
      },
      events: new Map(),
      allowedBy: new Map(),
    };
    this.connections.set(id, open);
    for (const statement of step.allowedBy) this.addStatement(open, statement);
    return open;
  }

  public sorted(): Connection[] {
    const connections = [...this.connections.values()].map(({ connection, events, allowedBy }): Connection => ({
      ...connection,
      events: valuesByKey(events),
      allowedBy: valuesByKey(allowedBy),
    }));
    const keyOf = ({ kind, from, to, id }: Connection) => `${KINDS.indexOf(kind)}\0${from}\0${to}\0${id}`;
    return sortedBy(connections, keyOf);
  }

  private addStatement({ allowedBy }: OpenConnection, { construct, policyType, statement }: AllowingStatement): void {
    const shown = { policyType, ...this.elements.locationOf(construct), statement: displayStatement(statement) };
    allowedBy.set(JSON.stringify(shown), shown);
  }
}

const KINDS: readonly Connection['kind'][] = ['putEvents', 'match', 'send'];

export function sortedBy<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return values
    .map((value) => ({ key: keyOf(value), value }))
    .sort((first, second) => (first.key < second.key ? -1 : Number(first.key > second.key)))
    .map(({ value }) => value);
}

function valuesByKey<T>(values: ReadonlyMap<string, T>): T[] {
  return sortedBy([...values], ([key]) => key).map(([, value]) => value);
}

function textOf({ text }: DeliveryStep): Connection['text'] {
  if (!text) return undefined;
  const { problem, reason, fix } = text;
  const shown = (line: string) => nameConstructs(displayText(line));
  return { problem: shown(problem), ...(reason !== undefined && { reason: shown(reason) }), fix: shown(fix) };
}

function missingOf({ missing }: DeliveryStep): Connection['missing'] {
  if (!missing) return undefined;
  const { policyOf, policyType, statement } = missing;
  return { policyType, policyOf: displayText(policyOf), statement: displayStatement(statement) };
}

/** Lambda generates the ID of the statement for a permission, which is left out. */
function displayStatement(defined: Json): Json {
  const { Sid, ...others } = isObject(defined) ? defined : {};
  const statement = typeof Sid === 'string' && hasUnresolved(Sid) ? others : defined;
  const text = JSON.stringify(statement);
  const shown = displayText(text);
  return shown === text ? statement : (JSON.parse(shown) as Json);
}
