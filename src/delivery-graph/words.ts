import type { Connection, ElementKind } from './delivery-graph';
import type { Decision, PolicyType } from '../iam/decision';

/** The words for deliveries in all outputs: those of the command, the page and failed assertions. */

/** Decisions on the way of an event to a target. */
export const DELIVERED: Readonly<Record<Decision, string>> = {
  allowed: 'delivered',
  denied: 'not delivered',
  unknown: 'unknown',
};

/** Decisions on a request, such as PutEvents. */
export const ALLOWED: Readonly<Record<Decision, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  unknown: 'unknown',
};

/** Decisions on the event pattern of a rule. */
export const MATCHED: Readonly<Record<Decision, string>> = {
  allowed: 'matched',
  denied: 'not matched',
  unknown: 'unknown',
};

/** The words for the decision of a step. */
export function decisionWords(kind: Connection['kind']): Readonly<Record<Decision, string>> {
  return kind === 'match' ? MATCHED : ALLOWED;
}

export const KIND_NOUNS: Readonly<Record<ElementKind, string>> = {
  role: 'role',
  user: 'user',
  account: 'account',
  organization: 'organization',
  service: 'service',
  schedule: 'schedule',
  pipe: 'pipe',
  function: 'function',
  'state machine': 'state machine',
  API: 'API',
  'API destination': 'API destination',
  eventBus: 'bus',
  rule: 'rule',
  queue: 'queue',
  topic: 'topic',
  stream: 'stream',
  deliveryStream: 'delivery stream',
  logGroup: 'log group',
  other: 'other resource',
};

/** The noun before the name of an element; none if the name has it, such as that of an account. */
export function nounBefore(kind: ElementKind): string {
  return kind === 'account' || kind === 'organization' || kind === 'other' ? '' : `${KIND_NOUNS[kind]} `;
}

export const POLICY_NAMES: Readonly<Record<PolicyType, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  trust: 'trust policy',
};

/** Where a statement is missing, such as `Missing in the trust policy of` and the ARN of a role. */
export function missingIn({
  policyOf,
  policyType,
}: {
  readonly policyType: PolicyType;
  readonly policyOf: string;
}): string {
  return `Missing in the ${POLICY_NAMES[policyType]} of ${policyOf}`;
}

/**
 * The parts of the sentence about a step, such as a publisher, ` puts events on ` and a bus.
 *
 * @param events the words for the events, such as `the event`
 */
export function stepParts<T>(kind: Connection['kind'], from: T, to: T, events = 'events'): (T | string)[] {
  switch (kind) {
    case 'putEvents':
      return [from, ` puts ${events} on `, to];
    case 'match':
      return [to, ' on ', from, ` matches ${events}`];
    case 'send':
      return [from, ` sends ${events} to `, to];
  }
}

/** A line about a step, such as `allowed: role A puts the event on bus B` or `not matched: rule A on bus B`. */
export function decidedStep(kind: Connection['kind'], decision: Decision, from: string, to: string): string {
  if (kind === 'match' && decision === 'denied') return `${MATCHED[decision]}: ${to} on ${from}`;
  return `${ALLOWED[decision]}: ${stepParts(kind, from, to, 'the event').join('')}`;
}
