import type { IConstruct } from 'constructs';
import type { FindingText } from '../checks/engine/finding';
import { Decision, PolicyType, byDecision } from '../iam/decision';
import type { Json } from '../iam/statement';

/** How an event gets from its publisher to a target, as data: one step for each decision on the way. */
export interface DeliveryPath {
  /** Denied if one step is denied, otherwise unknown if one is unknown. */
  readonly decision: Decision;
  readonly steps: readonly DeliveryStep[];
}

/** One decision on the way of an event. */
export interface DeliveryStep {
  /** A publisher puts the event on a bus, a rule on the bus matches it, or the rule sends it to a target. */
  readonly kind: 'putEvents' | 'match' | 'send';
  /** The publisher, the bus or the rule. */
  readonly from: PathElement;
  /** The bus, the rule or the target. */
  readonly to: PathElement;
  /** The action that policies must allow; a pattern decides without one. */
  readonly action?: string;
  readonly decision: Decision;
  /** Why the step is denied or unknown, and the fix. */
  readonly text?: FindingText;
  /** The statements each of which allows the step. */
  readonly allowedBy: readonly AllowingStatement[];
  /** A statement that is missing, if one would be enough. */
  readonly missing?: MissingStatement;
}

/** A publisher, bus, rule or target. */
export interface PathElement {
  /** The ARN, the name of a service, or an account ID. A part that is known only at deployment is text in `‹…›`. */
  readonly arn: string;
  /** The resource, if one of the apps defines it. */
  readonly construct?: IConstruct;
}

/** A statement that allows a step. */
export interface AllowingStatement {
  readonly policyType: PolicyType;
  /** The resource that defines the statement. */
  readonly construct: IConstruct;
  readonly statement: Json;
}

/** A statement that would allow a step. */
export interface MissingStatement {
  readonly policyType: PolicyType;
  /** The ARN of the role, user, bus or target whose policy lacks it. */
  readonly policyOf: string;
  readonly statement: Json;
}

/** Sorts a path with a better decision before others, and of these the one that gets furthest. */
export function byProgress(first: DeliveryPath, second: DeliveryPath): number {
  return (
    byDecision(first, second) || allowedSteps(second) - allowedSteps(first) || failedSteps(first) - failedSteps(second)
  );
}

/** The number of steps before the first one that is not allowed. */
function allowedSteps({ steps }: DeliveryPath): number {
  const failed = steps.findIndex(({ decision }) => decision !== 'allowed');
  return failed === -1 ? steps.length : failed;
}

function failedSteps({ steps }: DeliveryPath): number {
  return steps.filter(({ decision }) => decision !== 'allowed').length;
}
