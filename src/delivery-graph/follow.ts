import { SCHEDULED_EVENT, isServiceEvent, keyOfKind, kindsMatching } from './event-kinds';
import { isDecidedAlike } from './narrowed-publications';
import { Publication } from './publishers';
import { AppIndex } from '../app-model/app-index';
import { Rule, Target } from '../app-model/app-model';
import { DeliveryStep } from '../delivery-paths/delivery-path';
import { evaluateHop, evaluatePut } from '../delivery-paths/delivery-paths';
import { Hop, MAX_HOPS, isBusArn } from '../delivery-paths/routes';
import { matchStep, ruleMatches } from '../delivery-paths/rule-steps';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { hasUnresolved } from '../iam/unresolved-text';
import { memoizeByObject } from '../util/memoize';

/** A step, and the kind of event for which it was decided. */
export interface FollowedStep {
  readonly step: DeliveryStep;
  readonly event: EventEnvelope;
}

/** One way of a kind of event from where it was put to a target. */
export interface FollowedPath {
  /** The kind of event that arrives: a part of what was put, if the patterns on the way match only that. */
  readonly event: EventEnvelope;
  readonly steps: readonly FollowedStep[];
  readonly targetArn: string;
}

/** Follows kinds of events over the rules and buses of apps. Each step is evaluated once. */
export class EventFollower {
  private readonly evaluated = new Map<Target, Map<string, [match: DeliveryStep, send: DeliveryStep]>>();
  private readonly pathsByKind = new Map<string, FollowedPath[]>();
  private readonly isAccountRead: boolean;

  constructor(private readonly app: AppIndex) {
    this.isAccountRead = app.model.rules.some(readsAccount);
  }

  /**
   * The step in which a publication is put on its bus, and its ways from there to the targets of rules; none if no rule
   * matches it. Of any event, rules may match only such events as the policies deny.
   */
  public follow(publication: Publication): { readonly put?: FollowedStep; readonly paths: FollowedPath[] } {
    const { busArn, event } = publication;
    const paths = this.pathsOn(busArn, event);
    const put = this.putOf(publication);
    if (!put) return { paths: [...paths] };
    const putOf = this.putsOf(publication, put);
    return {
      put,
      paths: paths
        .filter((path) => isPutBy(publication, path.event))
        .map((path) => ({ ...path, steps: [putOf(path.event), ...path.steps] })),
    };
  }

  private putOf({ busArn, event, publisher }: Publication): FollowedStep | undefined {
    const step = evaluatePut(this.app, publisher.source, busArn, event);
    return step && { step, event };
  }

  /** The step in which those events of a publication are put that are of a kind. */
  private putsOf(publication: Publication, put: FollowedStep): (kind: EventEnvelope) => FollowedStep {
    if (isDecidedAlike(this.app, publication, put.step.decision)) return () => put;
    const byKind = new Map([[keyOfKind(put.event), put]]);
    return (kind) => {
      const event = { ...kind, account: put.event.account };
      const key = keyOfKind(event);
      const own = byKind.get(key) ?? this.putOf({ ...publication, event })!;
      const known = own.step.decision === put.step.decision ? put : own;
      byKind.set(key, known);
      return known;
    };
  }

  /** The ways of a kind of event that is on a bus. */
  public pathsOn(busArn: string, event: EventEnvelope): readonly FollowedPath[] {
    const relevant = this.isAccountRead ? event : { ...event, account: undefined };
    const key = `${busArn} ${keyOfKind(relevant)}`;
    const paths = this.pathsByKind.get(key) ?? this.pathsFrom(busArn, relevant);
    this.pathsByKind.set(key, paths);
    return paths;
  }

  /** The ways of the events of a rule with a schedule. */
  public scheduledPaths(rule: Rule): FollowedPath[] {
    if (!rule.scheduled || !rule.enabled) return [];
    const event = { ...SCHEDULED_EVENT, account: rule.account };
    return rule.targets.flatMap((target) => this.pathsOver({ rule, target, isCertain: true }, event, [], true));
  }

  /** What a rule matches and sends, also without a publisher: its two steps for each target and kind of event. */
  public ownSteps(rule: Rule): FollowedStep[] {
    if (rule.pattern === null) return [];
    const kinds = rule.enabled ? kindsMatching(rule, {}) : [{}];
    return rule.targets.flatMap((target) =>
      kinds.flatMap((event) => this.hopSteps({ rule, target, isCertain: true }, undefined, event)),
    );
  }

  private pathsFrom(busArn: string, event: EventEnvelope, hops: readonly Hop[] = []): FollowedPath[] {
    return this.app
      .rulesOn(busArn)
      .filter(({ enabled, pattern }) => enabled && pattern !== null)
      .flatMap((rule) =>
        kindsMatching(rule, event).flatMap((kind) =>
          rule.targets.flatMap((target) => this.pathsOver({ rule, target, isCertain: true }, kind, hops)),
        ),
      );
  }

  private pathsOver(hop: Hop, event: EventEnvelope, before: readonly Hop[], isScheduled = false): FollowedPath[] {
    const [match, send] = this.hopSteps(hop, before[before.length - 1], event);
    const steps = isScheduled ? [send] : [match, send];
    const targetArn = hop.target.arn;
    const hops = [...before, hop];
    const isRepeated = hops.some(({ rule }) => rule.eventBusArn === targetArn);
    if (isRepeated) return [];
    const onward = isBusArn(targetArn) && hops.length < MAX_HOPS ? this.pathsFrom(targetArn, event, hops) : [];
    if (onward.length === 0) return [{ event, steps, targetArn }];
    return onward.map((path) => ({ ...path, steps: [...steps, ...path.steps] }));
  }

  private hopSteps(hop: Hop, previous: Hop | undefined, event: EventEnvelope): [FollowedStep, FollowedStep] {
    const byKind = this.evaluated.get(hop.target) ?? new Map<string, [DeliveryStep, DeliveryStep]>();
    this.evaluated.set(hop.target, byKind);
    const relevant = readsAccount(hop.rule) ? event : { ...event, account: undefined };
    const key = `${keyOfKind(relevant)} ${previous?.rule.arn}`;
    const known = byKind.get(key) ?? evaluateHop(this.app, hop, previous, relevant, matchOfKind);
    byKind.set(key, known);
    const [match, send] = known;
    return [
      { step: match, event },
      { step: send, event },
    ];
  }
}

/** Whether a publisher of any event is known to put events of a kind. Those of AWS services are put by these only. */
function isPutBy({ event, publisher }: Publication, kind: EventEnvelope): boolean {
  return publisher.source.kind === 'service' || isServiceEvent(event) || !isServiceEvent(kind);
}

/** Most patterns match events from any account, so that their steps are the same for all publishers. */
const readsAccount = memoizeByObject(({ pattern }: Rule) => JSON.stringify(pattern).includes('"account"'));

/**
 * The step in which a rule matches events of a kind. Where the pattern depends on other fields than those of the kind,
 * there are such events.
 */
function matchOfKind(app: AppIndex, rule: Rule, event: EventEnvelope): DeliveryStep {
  const { text: _, ...step } = matchStep(app, rule, event);
  const isForSome = ruleMatches(rule, event) === undefined && !hasUnresolved(JSON.stringify(rule.pattern));
  return isForSome && !rule.conditional ? { ...step, decision: 'allowed' } : matchStep(app, rule, event);
}
