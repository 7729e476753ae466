import { Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { cfnEventBusOf } from './event-bus-arn';
import { constructState } from '../../core/construct-state';
import type { AllowedEvents } from '../allowed-events';
import type { AllowedRules } from '../allowed-rules';
import type { EventPublisher } from '../event-publisher';

/** Writes the resource-based policy of one bus. A construct that depends on it is deployed after the policy. */
export interface EventBusPolicyWriter extends IConstruct {
  allowPublisher(publisher: EventPublisher, allowedEvents?: AllowedEvents): void;
  allowRuleManagement(publisher: EventPublisher, allowedRules?: AllowedRules): void;
}

const POLICY_WRITER = constructState<EventBusPolicyWriter>('policyWriter');

/**
 * Registers the writer of the policy of a bus. The first one stays registered. The writer of a bus that is defined in
 * this app must be in the stack of the bus.
 */
export function setPolicyWriter(eventBus: IEventBusRef, writer: EventBusPolicyWriter): void {
  const resource = cfnEventBusOf(eventBus);
  if (resource && resource.stack !== Stack.of(writer)) return;
  POLICY_WRITER.getOrCreate(resource ?? eventBus, () => writer);
}

/** The registered writer of the policy of a bus. */
export function policyWriterOf(eventBus: IEventBusRef): EventBusPolicyWriter | undefined {
  return POLICY_WRITER.get(cfnEventBusOf(eventBus) ?? eventBus);
}

const CROSS_ACCOUNT_EVENT_BUS = constructState<true>('CrossAccountEventBus');

/** Marks a `CrossAccountEventBus`, because `instanceof` fails between two copies of this library. */
export function markCrossAccountEventBus(eventBus: IConstruct): void {
  CROSS_ACCOUNT_EVENT_BUS.set(eventBus, true);
}

export function isCrossAccountEventBus(x: unknown): boolean {
  return typeof x === 'object' && x !== null && CROSS_ACCOUNT_EVENT_BUS.get(x as IConstruct) === true;
}
