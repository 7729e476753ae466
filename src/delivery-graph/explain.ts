import { GraphBuilder, GraphInput } from './build-graph';
import type { Connection, Delivery, DeliveryGraph, EventKind, GraphElement } from './delivery-graph';
import { GraphElements } from './elements';
import { SCHEDULED_EVENT, intersection, toEventKind } from './event-kinds';
import { GraphPublisher, Publication, accountInEvents } from './publishers';
import { Question, ResolvedQuestion, resolveQuestion } from './question';
import { AppIndex } from '../app-model/app-index';
import { byProgress } from '../delivery-paths/delivery-path';
import { deliveryPaths } from '../delivery-paths/delivery-paths';
import { Decision, allOf, anyOf } from '../iam/decision';
import { displayText } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/** The answer to a question about apps. */
export interface Explanation {
  readonly question: Question;
  /** Whether everything is delivered that was asked for. */
  readonly decision: Decision;
  /** Why nothing is delivered, if no event gets from a publisher to a target. */
  readonly reason?: string;
  /** Who may put events on the buses, or is known to try it. */
  readonly publications: readonly ExplainedPublication[];
  /** Where the events go, one for each way. */
  readonly deliveries: readonly ExplainedDelivery[];
  /** The elements that the others name by their IDs. */
  readonly elements: readonly GraphElement[];
}

export interface ExplainedPublication {
  readonly publisher: string;
  readonly eventBus: string;
  readonly event: EventKind;
  readonly decision: Decision;
  readonly step: Connection;
}

export interface ExplainedDelivery extends Omit<Delivery, 'connections'> {
  readonly steps: readonly Connection[];
}

/** Explains who may put events on buses, where they go, and why they do not arrive. */
export function explain(input: GraphInput, question: Question): Explanation {
  const names = new GraphElements(input.index, input.apps, []);
  return new Explainer(input, question, resolveQuestion(input.index, names, question)).explanation();
}

class Explainer {
  private readonly builder: GraphBuilder;
  private readonly index: AppIndex;

  constructor(
    input: GraphInput,
    private readonly asked: Question,
    private readonly question: ResolvedQuestion,
  ) {
    this.index = input.index;
    this.builder = new GraphBuilder(input);
  }

  public explanation(): Explanation {
    const publications = this.publications();
    const puts = publications.map((publication) => ({ publication, id: this.builder.addPublication(publication) }));
    if (this.isAskedAboutSchedules()) this.builder.addSchedules();
    if (!this.isReached(this.builder.build())) this.addClosestPaths(publications);
    const graph = this.builder.build();
    const connections = new Map(graph.connections.map((connection) => [connection.id, connection]));
    const deliveries = graph.deliveries.filter((delivery) => this.isAsked(delivery));
    return this.answer(
      graph,
      puts.flatMap(({ publication, id }) => {
        const step = id === undefined ? undefined : connections.get(id);
        return step ? [toExplained(publication, step)] : [];
      }),
      deliveries.map(({ connections: ids, ...delivery }) => ({
        ...delivery,
        steps: ids.map((id) => connections.get(id)!),
      })),
    );
  }

  /** Rules with a schedule send their event without a publisher and a bus. */
  private isAskedAboutSchedules(): boolean {
    const { bus, from } = this.asked;
    return from === undefined && bus === undefined && intersection(SCHEDULED_EVENT, this.question.event).length > 0;
  }

  private answer(
    graph: DeliveryGraph,
    publications: readonly ExplainedPublication[],
    deliveries: readonly ExplainedDelivery[],
  ): Explanation {
    const shownPublications = this.asked.to === undefined ? publications : [];
    const reason = deliveries.length === 0 ? this.reasonForNone(publications) : undefined;
    const decisions = [...bestDecisions(deliveries), ...shownPublications.map(({ decision }) => decision)];
    const used = new Set([
      ...shownPublications.flatMap(({ eventBus, publisher }) => [eventBus, publisher]),
      ...deliveries.flatMap(({ publisher, steps, target }) => [
        publisher,
        target,
        ...steps.flatMap(({ from, to }) => [from, to]),
      ]),
    ]);
    return {
      question: this.asked,
      decision: reason === undefined ? allOf(decisions) : 'denied',
      ...(reason !== undefined && { reason }),
      publications: shownPublications,
      deliveries,
      elements: graph.elements.filter(({ id }) => used.has(id)),
    };
  }

  /** What is put that the question is about. */
  private publications(): Publication[] {
    const { anyInAccount, busArns, event, known, publishers } = this.question;
    const isOnBus = ({ busArn }: Publication) => busArns === undefined || busArns.includes(busArn);
    const matching = (publication: Publication) =>
      intersection(publication.event, event).map((kind) => ({ ...publication, event: kind }));
    if (!publishers) return known.filter(isOnBus).flatMap(matching);
    const answers = publishers.map((publisher) => {
      const own = known.filter((publication) => publication.publisher.id === publisher.id);
      return { publisher, own, matching: own.filter(isOnBus).flatMap(matching) };
    });
    if (!anyInAccount) {
      return answers.flatMap((one) => (one.matching.length > 0 ? one.matching : this.unknown(one.publisher, one.own)));
    }
    const inAccount = answers.flatMap((one) => one.matching);
    return inAccount.length > 0 ? inAccount : this.unknown(anyInAccount, []);
  }

  /** What a publisher is not known to put, but was asked about. */
  private unknown(publisher: GraphPublisher, own: readonly Publication[]): Publication[] {
    const { busArns, event } = this.question;
    const { eventBuses } = this.index.model;
    const knownArns = own.length > 0 ? own.map(({ busArn }) => busArn) : eventBuses.map(({ arn }) => arn);
    return [...new Set(busArns ?? knownArns)].map((busArn) => ({
      publisher,
      busArn,
      event: { ...event, ...accountInEvents(publisher) },
    }));
  }

  private isAsked({ target }: Delivery): boolean {
    const { targetArns } = this.question;
    return targetArns === undefined || targetArns.some((arn) => displayText(arn) === target);
  }

  private isReached({ deliveries }: DeliveryGraph): boolean {
    return this.question.targetArns === undefined || deliveries.some((delivery) => this.isAsked(delivery));
  }

  /** Adds the path of each publisher that gets furthest to the target, though it does not arrive. */
  private addClosestPaths(publications: readonly Publication[]): void {
    const starts = publications.length > 0 ? publications : this.startsOnBuses();
    for (const targetArn of this.question.targetArns ?? []) {
      for (const { busArn, event, publisher } of starts) {
        const query = { publisher: publisher.source, busArn, event, targetArn, isTarget: isSame(targetArn) };
        const [path] = deliveryPaths(this.index, query).sort(byProgress);
        if (!path) continue;
        const id = publisher.source.kind === 'bus' ? displayText(busArn) : this.builder.addPublisher(publisher);
        this.builder.addPath(id, { event, targetArn, steps: path.steps.map((step) => ({ step, event })) });
      }
    }
  }

  /** An event that is on a bus already, where no principal is known to put it. */
  private startsOnBuses(): Publication[] {
    const { busArns, event } = this.question;
    const arns = busArns ?? [...new Set(this.index.model.rules.map(({ eventBusArn }) => eventBusArn))];
    return arns.map((busArn) => ({
      publisher: { id: displayText(busArn), kind: 'eventBus', source: { kind: 'bus', busArn } },
      busArn,
      event,
    }));
  }

  /** Why there is no delivery; undefined if none was asked for. */
  private reasonForNone(publications: readonly ExplainedPublication[]): string | undefined {
    const { bus, detailType, from, source, to } = this.asked;
    const isAboutBus = bus !== undefined && source === undefined && detailType === undefined;
    if (to !== undefined) return `no rule leads from there to '${to}'`;
    if (publications.length === 0) return 'no principal is known to put such events';
    if (isAboutBus || (from ?? source ?? detailType) === undefined) return undefined;
    return 'no rule matches these events';
  }
}

function toExplained({ busArn, event, publisher }: Publication, step: Connection): ExplainedPublication {
  return {
    publisher: publisher.id,
    eventBus: displayText(busArn),
    event: toEventKind(event),
    decision: step.decision,
    step,
  };
}

function isSame(targetArn: string): (arn: string) => boolean {
  return (arn) => arn === targetArn;
}

/** For each publisher, target and event the decision on the best of its ways. */
function bestDecisions(deliveries: readonly ExplainedDelivery[]): Decision[] {
  const byEnds = groupedBy([...deliveries], ({ event, publisher, target }) =>
    JSON.stringify([publisher, target, event]),
  );
  return [...byEnds.values()].map((ways) => anyOf(ways.map(({ decision }) => decision)));
}
