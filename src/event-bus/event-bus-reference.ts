import { ResourceEnvironment } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { cfnEventBusOf, eventBusArnFor } from './private/event-bus-arn';
import { EventBusPolicyWriter } from './private/policy-writer';
import { Relation } from '../core/environment';
import { ResourceReference, relationTo } from '../core/resource-reference';

/**
 * An event bus as another construct refers to it: the ARN to write, where the bus is, and whether its resource-based
 * policy can be written from here.
 */
export class EventBusReference implements ResourceReference {
  /** Throws an error if the consumer cannot refer to the bus. */
  public static from(consumer: IConstruct, eventBus: IEventBusRef): EventBusReference {
    return new EventBusReference(consumer, eventBus);
  }

  public readonly arn: string;
  public readonly env: ResourceEnvironment;
  public readonly account: Relation;
  public readonly region: Relation;
  public readonly isOwned: boolean;
  /** The construct that is the bus: two constructs of one bus, such as the L2 and the L1, have the same. */
  public readonly resource: IConstruct;

  private constructor(
    consumer: IConstruct,
    /** The bus as the consumer got it. */
    public readonly eventBus: IEventBusRef,
  ) {
    const { account, region } = relationTo(consumer, eventBus.env);
    const resource = cfnEventBusOf(eventBus);
    this.env = eventBus.env;
    this.account = account;
    this.region = region;
    this.isOwned = resource !== undefined;
    this.resource = resource ?? eventBus;
    this.arn = eventBusArnFor(consumer, eventBus);
  }

  /** The writer of the bus policy; created for a bus that is defined in this app and has none. */
  public get policy(): EventBusPolicyWriter | undefined {
    return CrossAccountEventBusPolicy._of(this.eventBus);
  }

  /**
   * Writes what a consumer in another account needs into the bus policy. If that is not possible from here, calls
   * `warn` with the reason instead. Does nothing in the account of the bus, where the identity-based policy suffices.
   */
  public grantCrossAccount(allow: (policy: EventBusPolicyWriter) => void, warn: (reason: string) => void): void {
    if (this.account === 'same') return;
    const policy = this.account === 'different' ? this.policy : undefined;
    if (policy) allow(policy);
    else warn(this.manualStepReason);
  }

  /** Why the bus policy is not written from here. */
  public get manualStepReason(): string {
    if (this.account === 'unknown') return 'whether it is of another account is known only at deployment; if it is,';
    return this.isOwned ? "it has a 'policy' of its own, so" : 'this app does not make it, so';
  }
}
