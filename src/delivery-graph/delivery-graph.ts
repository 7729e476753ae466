import type { Decision, PolicyType } from '../iam/decision';
import type { Json } from '../iam/statement';

/**
 * Who publishes where, and what goes where: the buses and rules of apps, with what puts events on the buses and what
 * the rules send events to. Plain data in the same order for the same apps.
 */
export interface DeliveryGraph {
  readonly elements: readonly GraphElement[];
  readonly connections: readonly Connection[];
  readonly deliveries: readonly Delivery[];
  /** The findings that are about none of the elements, such as those about a stack. */
  readonly otherFindings: readonly GraphFinding[];
}

/** A publisher, an event bus, a rule, or a target of rules. */
export interface GraphElement {
  /** Unique, and the same each time: the ARN if there is one. */
  readonly id: string;
  readonly kind: ElementKind;
  /** What it is on its paths. A bus that receives the events of another bus is an event bus. */
  readonly role: 'publisher' | 'eventBus' | 'rule' | 'target';
  /** A short name for people. */
  readonly name: string;
  /** A part that is known only at deployment is the path of its construct in `<…>`. */
  readonly arn?: string;
  /** Absent if it is known only at deployment. */
  readonly account?: string;
  /** Absent for IAM. */
  readonly region?: string;
  /** The name of the app that defines it; absent if none of the apps does. */
  readonly app?: string;
  /** The path of the construct in its app. */
  readonly path?: string;
  readonly findings: readonly GraphFinding[];
  /** On buses and targets: who beyond accounts and roles may use it, such as `any AWS account`. */
  readonly openTo?: readonly string[];
}

export type ElementKind =
  | 'role'
  | 'user'
  | 'account'
  | 'organization'
  | 'service'
  | 'schedule'
  | 'pipe'
  | 'function'
  | 'state machine'
  | 'API'
  | 'API destination'
  | 'eventBus'
  | 'rule'
  | 'queue'
  | 'topic'
  | 'stream'
  | 'deliveryStream'
  | 'logGroup'
  | 'other';

export interface GraphFinding {
  /** The ID with which it is acknowledged. */
  readonly id: string;
  readonly level: 'error' | 'warning';
  readonly acknowledged?: true;
  readonly problem: string;
  readonly reason?: string;
  readonly fix: string;
}

/** One decision on the ways of events: a publisher puts them, a rule matches them, or a rule sends them. */
export interface Connection {
  readonly id: string;
  readonly kind: 'putEvents' | 'match' | 'send';
  /** The IDs of the elements. */
  readonly from: string;
  readonly to: string;
  /** The events to which the decision applies; an event without fields is any event. */
  readonly events: readonly EventKind[];
  /** The action that policies must allow. */
  readonly action?: string;
  readonly decision: Decision;
  /** Why it is denied or unknown, and the fix. */
  readonly text?: { readonly problem: string; readonly reason?: string; readonly fix: string };
  /** The statements each of which allows it for some of the events. */
  readonly allowedBy: readonly GraphStatement[];
  /** A statement that is missing, if one would be enough. */
  readonly missing?: { readonly policyType: PolicyType; readonly policyOf: string; readonly statement: Json };
}

/** Events with a source and a detail type. A field that is absent has any value. */
export interface EventKind {
  readonly source?: string;
  readonly detailType?: string;
}

export interface GraphStatement {
  readonly policyType: PolicyType;
  /** The app and the path of the construct that defines it. */
  readonly app?: string;
  readonly path: string;
  readonly statement: Json;
}

/** One way of one kind of event from a publisher to a target. */
export interface Delivery {
  /** The IDs of the elements. */
  readonly publisher: string;
  readonly target: string;
  readonly event: EventKind;
  /** Denied if one connection is denied, otherwise unknown if one is unknown. */
  readonly decision: Decision;
  /** The IDs of the connections, in order. */
  readonly connections: readonly string[];
}
