import type { DecisionChange, DeliveryChange, PublisherChange } from './delivery-diff';
import type { Connection, DeliveryGraph, EventKind, GraphElement } from './delivery-graph';
import { covers } from './event-kinds';
import { ANY_ACCOUNT } from './named-principals';
import { Decision, byDecision } from '../iam/decision';
import { groupedBy } from '../util/group-by';

/** A decision about a kind of event between two elements, and the connection because of which it is not allowed. */
interface Decided {
  readonly from: string;
  readonly to: string;
  readonly event: EventKind;
  readonly decision: Decision;
  readonly text?: Connection['text'];
}

/** What publishers can deliver to targets only before or only after a change. */
export function deliveryChanges(before: DeliveryGraph, after: DeliveryGraph): DeliveryChange[] {
  const isIncluded = includedPublishers(before, after);
  const [isThere, isStillThere] = [existsIn(before, after), existsIn(after, before)];
  const puts = new Decisions(
    putsIn(after).map(({ to: _, ...put }) => ({ ...put, to: '' })),
    isIncluded,
  );
  const sides = [
    new Decisions(deliveriesIn(before).filter(isThere), isIncluded),
    new Decisions(deliveriesIn(after).filter(isStillThere), isIncluded),
  ];
  return changes(sides[0], sides[1]).map(({ event, from, to, text, ...change }) => {
    const reasonForNone = () => (puts.find(from, '', event) ? NO_RULE : NO_PUBLISHER);
    const reason = isStillThere({ from }) ? (text ?? { problem: reasonForNone() }) : { problem: NOT_DEFINED };
    const shown = change.after === undefined ? reason : text;
    return { publisher: from, target: to, event, ...change, ...(shown && { text: shown }) };
  });
}

const NO_RULE = 'no rule sends these events to the target';
const NO_PUBLISHER = 'the publisher is not known to put these events';
const NOT_DEFINED = 'the role or user is not defined any more';

/** What publishers may put on buses only before or only after a change. */
export function publisherChanges(before: DeliveryGraph, after: DeliveryGraph): PublisherChange[] {
  const isIncluded = includedPublishers(before, after);
  const [isThere, isStillThere] = [existsIn(before, after), existsIn(after, before)];
  const sides = [
    new Decisions(putsIn(before).filter(isThere), isIncluded),
    new Decisions(putsIn(after).filter(isStillThere), isIncluded),
  ];
  return changes(sides[0], sides[1]).map(({ event, from, to, ...change }) => ({
    publisher: from,
    eventBus: to,
    event,
    ...change,
    ...(!isStillThere({ from }) && { text: { problem: NOT_DEFINED } }),
  }));
}

/**
 * Whether a publisher exists on a side. A role or user that only the other side defines does not, although policies of
 * buses may name it.
 */
function existsIn(side: DeliveryGraph, other: DeliveryGraph): (decided: Pick<Decided, 'from'>) => boolean {
  const defined = definedPrincipals(side);
  const missing = new Set([...definedPrincipals(other)].filter((id) => !defined.has(id)));
  return ({ from }) => !missing.has(from);
}

function definedPrincipals({ elements }: DeliveryGraph): ReadonlySet<string> {
  const isDefined = ({ kind, path }: GraphElement) => path !== undefined && (kind === 'role' || kind === 'user');
  return new Set(elements.filter(isDefined).map(({ id }) => id));
}

/** Whether a publisher is an account or organization, for which what any AWS account may do is allowed too. */
function includedPublishers(...graphs: readonly DeliveryGraph[]): (id: string) => boolean {
  const ids = graphs.flatMap(({ elements }) => elements.filter(isAccounts).map(({ id }) => id));
  const included = new Set(ids.filter((id) => id !== ANY_ACCOUNT));
  return (id) => included.has(id);
}

function isAccounts({ kind }: GraphElement): boolean {
  return kind === 'account' || kind === 'organization';
}

function deliveriesIn({ connections, deliveries }: DeliveryGraph): Decided[] {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  return deliveries.map(({ connections: ids, decision, event, publisher, target }) => {
    const failed = ids.map((id) => byId.get(id)!).find((connection) => connection.decision === decision);
    return { from: publisher, to: target, event, decision, text: failed?.text };
  });
}

function putsIn({ connections }: DeliveryGraph): Decided[] {
  return connections
    .filter(({ kind }) => kind === 'putEvents')
    .flatMap(({ decision, events, from, text, to }) => events.map((event) => ({ from, to, event, decision, text })));
}

/** The decisions of one side. Of several ways, the best one counts. */
class Decisions {
  /** By their ends and events. */
  public readonly all: ReadonlyMap<string, Decided>;
  private readonly byEnds: ReadonlyMap<string, readonly Decided[]>;

  constructor(
    all: readonly Decided[],
    private readonly isIncluded: (publisher: string) => boolean,
  ) {
    const best = [...all].sort(byDecision);
    this.all = new Map([...groupedBy(best, keyOf)].map(([key, [first]]) => [key, first]));
    this.byEnds = groupedBy([...this.all.values()], endsOf);
  }

  /** The decision about exactly these events; otherwise the best one about more events. */
  public find(from: string, to: string, event: EventKind): Decided | undefined {
    const between = this.byEnds.get(endsOf({ from, to })) ?? [];
    const own = this.all.get(keyOf({ from, to, event })) ?? between.find((one) => covers(one.event, event));
    if (own?.decision === 'allowed' || !this.isIncluded(from)) return own;
    const wider = this.find(ANY_ACCOUNT, to, event);
    return wider?.decision === 'allowed' ? wider : own;
  }

  /** Those of the events that are allowed. */
  public allowedOf(from: string, to: string, event: EventKind): EventKind[] {
    const between = this.byEnds.get(endsOf({ from, to })) ?? [];
    return between.filter((one) => one.decision === 'allowed' && covers(event, one.event)).map((one) => one.event);
  }
}

function endsOf({ from, to }: Pick<Decided, 'from' | 'to'>): string {
  return JSON.stringify([from, to]);
}

function keyOf({ event: { detailType, source }, from, to }: Pick<Decided, 'from' | 'to' | 'event'>): string {
  return JSON.stringify([from, to, source ?? null, detailType ?? null]);
}

/** Where the decisions differ, those first that are not allowed any more. */
function changes(before: Decisions, after: Decisions): (Pick<Decided, 'from' | 'to' | 'event'> & DecisionChange)[] {
  const all = new Map([...before.all, ...after.all]);
  const sorted = [...all].sort(([first], [second]) => (first < second ? -1 : 1)).map(([, one]) => one);
  const changed = sorted.flatMap(({ event, from, to }) => {
    const [was, is] = [before, after].map((side) => side.find(from, to, event));
    if (was?.decision === is?.decision) return [];
    const stillAllowed = was?.decision === 'allowed' && !is ? after.allowedOf(from, to, event) : [];
    return [
      {
        from,
        to,
        event,
        change: changeOf(was?.decision, is?.decision),
        ...(was && { before: was.decision }),
        ...(is && { after: is.decision }),
        ...(is?.text && is.decision !== 'allowed' && { text: is.text }),
        ...(stillAllowed.length > 0 && { stillAllowed, text: { problem: ONLY_SOME } }),
      },
    ];
  });
  return CHANGES.flatMap((change) => changed.filter((one) => one.change === change));
}

const ONLY_SOME = 'only some of these events are still allowed';

const CHANGES: readonly DecisionChange['change'][] = ['removed', 'added', 'other'];

function changeOf(before: Decision | undefined, after: Decision | undefined): DecisionChange['change'] {
  if (after === 'allowed') return 'added';
  return before === 'allowed' ? 'removed' : 'other';
}
