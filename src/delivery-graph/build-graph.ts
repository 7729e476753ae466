import { GraphConnections, sortedBy } from './connections';
import type { Delivery, DeliveryGraph } from './delivery-graph';
import { GraphApp, GraphElements } from './elements';
import { toEventKind } from './event-kinds';
import { EventFollower, FollowedPath, FollowedStep } from './follow';
import { publicationsIn } from './publications';
import { GraphPublisher, Publication } from './publishers';
import { AppIndex } from '../app-model/app-index';
import { Rule } from '../app-model/app-model';
import { ReportedFinding } from '../checks/engine/report';
import { isBusArn } from '../delivery-paths/routes';
import { allOf } from '../iam/decision';

/** What a graph is built from. */
export interface GraphInput {
  readonly index: AppIndex;
  /** The apps that the index contains. */
  readonly apps: readonly GraphApp[];
  /** The findings of the checks. Those that are disabled are left out. */
  readonly findings: readonly ReportedFinding[];
}

/** The graph of apps. Every decision and text in it is one of the delivery paths, or a finding of the checks. */
export function deliveryGraph(input: GraphInput): DeliveryGraph {
  const builder = new GraphBuilder(input);
  builder.addRules();
  for (const publication of publicationsIn(input.index)) builder.addPublication(publication);
  return builder.build();
}

/** Builds a graph of some publications. */
export class GraphBuilder {
  private readonly elements: GraphElements;
  private readonly connections: GraphConnections;
  private readonly deliveries = new Map<string, Delivery>();
  private readonly follower: EventFollower;
  private readonly index: AppIndex;
  private readonly rules: ReadonlyMap<string, Rule>;

  constructor({ apps, findings, index }: GraphInput) {
    this.index = index;
    this.rules = new Map(index.model.rules.map((rule) => [rule.arn, rule]));
    const open = findings.filter(({ disabled }) => disabled === undefined);
    this.elements = new GraphElements(index, apps, open);
    this.connections = new GraphConnections(this.elements);
    this.follower = new EventFollower(index);
  }

  /** Adds all buses and rules, also those without a publisher. */
  public addRules(): void {
    const { eventBuses, rules } = this.index.model;
    for (const rule of rules) this.elements.addResource(rule.arn, 'rule', rule);
    for (const { arn } of eventBuses) this.elements.addResource(arn, 'eventBus');
    for (const step of rules.flatMap((rule) => this.follower.ownSteps(rule))) this.addStep(step);
    this.addSchedules();
  }

  /** Adds what rules with a schedule send. */
  public addSchedules(): void {
    for (const rule of this.index.model.rules.filter(({ scheduled }) => scheduled)) {
      const id = this.elements.addResource(rule.arn, 'rule', rule);
      for (const path of this.follower.scheduledPaths(rule)) this.addPath(id, path);
    }
  }

  public addPublisher(publisher: GraphPublisher): string {
    return this.elements.addPublisher(publisher);
  }

  public build(): DeliveryGraph {
    return {
      elements: this.elements.sorted(),
      connections: this.connections.sorted(),
      deliveries: sortedBy([...this.deliveries], ([key]) => key).map(([, delivery]) => delivery),
      otherFindings: this.elements.otherFindings(),
    };
  }

  /** Adds what a publisher puts on a bus. Returns the ID of the connection, if that has one. */
  public addPublication(publication: Publication): string | undefined {
    const publisher = this.elements.addPublisher(publication.publisher);
    const { paths, put } = this.follower.follow(publication);
    this.elements.addResource(publication.busArn, 'eventBus');
    for (const path of paths) this.addPath(publisher, path);
    return put && this.addStep(put, publisher);
  }

  /** Adds one way to a target. */
  public addPath(publisher: string, { event, steps, targetArn }: FollowedPath): void {
    const ids = steps.map((step) => this.addStep(step, publisher));
    const target = this.elements.addResource(targetArn, isBusArn(targetArn) ? 'eventBus' : 'target');
    const delivery: Delivery = {
      publisher,
      target,
      event: toEventKind(event),
      decision: allOf(steps.map(({ step }) => step.decision)),
      connections: ids,
    };
    this.deliveries.set(JSON.stringify([publisher, target, delivery.event, ids]), delivery);
  }

  /** Adds a step, with the elements at its ends. */
  private addStep(followed: FollowedStep, publisher?: string): string {
    const known = this.connections.idOf(followed);
    if (known !== undefined) return known;
    const { from, kind, to } = followed.step;
    const [fromRole, toRole] = ROLES[kind];
    const fromId = kind === 'putEvents' ? publisher! : this.add(from.arn, fromRole);
    return this.connections.add(followed, fromId, this.add(to.arn, toRole));
  }

  private add(arn: string, role: 'eventBus' | 'rule' | 'target'): string {
    const rule = role === 'rule' ? this.rules.get(arn) : undefined;
    return this.elements.addResource(arn, role, rule);
  }
}

/** What the elements of a step are. */
const ROLES = {
  putEvents: ['eventBus', 'eventBus'],
  match: ['eventBus', 'rule'],
  send: ['rule', 'target'],
} as const;
