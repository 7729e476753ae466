import type { EventKind, GraphElement, GraphFinding } from './delivery-graph';
import type { Decision } from '../iam/decision';

/** What a change of apps does to deliveries. Plain data in the same order for the same apps. */
export interface DeliveryDiff {
  readonly deliveries: readonly DeliveryChange[];
  readonly publishers: readonly PublisherChange[];
  readonly openAccess: readonly OpenAccessChange[];
  readonly eventPatterns: readonly EventPatternChange[];
  readonly resources: readonly ResourceChange[];
  readonly findings: readonly FindingChange[];
  /** The elements that the others name by their IDs, as they are after the change if they are still there. */
  readonly elements: readonly DiffElement[];
}

export type DiffElement = Omit<GraphElement, 'findings' | 'openTo'>;

/** A decision before and after the change. It is absent if there is nothing to decide. */
export interface DecisionChange {
  /**
   * `added` if it is allowed only after the change, `removed` if it was allowed only before it, `other` if it is
   * allowed neither before nor after it.
   */
  readonly change: 'added' | 'removed' | 'other';
  readonly before?: Decision;
  readonly after?: Decision;
  /** Those of the events that are still allowed, if the change removes only the others. */
  readonly stillAllowed?: readonly EventKind[];
  /** Why it is not allowed after the change. */
  readonly text?: { readonly problem: string; readonly reason?: string; readonly fix?: string };
}

/** A kind of event that a publisher delivers to a target, by whichever way. */
export interface DeliveryChange extends DecisionChange {
  /** The IDs of the elements. */
  readonly publisher: string;
  readonly target: string;
  readonly event: EventKind;
}

/** A kind of event that a publisher puts on a bus. */
export interface PublisherChange extends DecisionChange {
  /** The IDs of the elements. */
  readonly publisher: string;
  readonly eventBus: string;
  readonly event: EventKind;
}

/** Principals beyond accounts and roles that may use a bus or target. */
export interface OpenAccessChange {
  /** The ID of the element. */
  readonly element: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A rule whose event pattern differs, also if it matches the same sources and detail types. */
export interface EventPatternChange {
  readonly app?: string;
  readonly path: string;
  /** The pattern as JSON; absent for a rule without one. */
  readonly before?: string;
  readonly after?: string;
}

/**
 * A resource that CloudFormation replaces or deletes, or cannot create, because another resource has its name until the
 * end of the deployment.
 */
export interface ResourceChange {
  readonly change: 'replaced' | 'deleted' | 'nameConflict';
  /** The CloudFormation type. */
  readonly type: string;
  readonly app?: string;
  /** The path of the construct. */
  readonly path: string;
  readonly stack: string;
  readonly logicalId: string;
  /** The property that requires the replacement. */
  readonly property?: string;
  /** The value of the property, or the name of the resource; absent if CloudFormation generates it. */
  readonly before?: string;
  readonly after?: string;
  /** What it means for deliveries. */
  readonly effect: string;
}

/** How a finding is shown by the command `check`; absent if there is no such finding. */
export type FindingStatus = 'error' | 'warning' | 'acknowledged' | 'disabled';

/** A finding that came, went, or has another status. */
export interface FindingChange extends Pick<GraphFinding, 'id' | 'problem' | 'reason' | 'fix'> {
  readonly app?: string;
  readonly path: string;
  readonly before?: FindingStatus;
  readonly after?: FindingStatus;
}
