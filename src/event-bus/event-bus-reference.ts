import { ResourceEnvironment, Token } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { cfnEventBusOf, eventBusArnFor } from './private/event-bus-arn';
import { EventBusPolicyWriter } from './private/policy-writer';
import { ToText } from '../checks/engine/warn-manual-step';
import { Relation } from '../core/environment';
import { ResourceReference, relationTo } from '../core/resource-reference';
import { Statement } from '../iam/statement';

/**
 * An event bus as another construct refers to it: its ARN in the template of that construct, its environment, and
 * whether this app can write its resource-based policy.
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
  /** The `CfnEventBus` of a bus that is defined in this app: the same for the L1 and the L2 of one bus. */
  public readonly resource: IConstruct;

  private constructor(
    consumer: IConstruct,
    /** The bus that the consumer was given. */
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

  /** The writer of the bus policy. It is created if the bus is defined in this app and has no policy. */
  public get policy(): EventBusPolicyWriter | undefined {
    return CrossAccountEventBusPolicy._of(this.eventBus);
  }

  /**
   * Adds what a consumer in another account needs to the bus policy. If this app cannot write that policy, calls `warn`
   * with the reason instead. In the account of the bus, nothing is added, because the identity-based policy is
   * sufficient there.
   */
  public grantCrossAccount(allow: (policy: EventBusPolicyWriter) => void, warn: (reason: string) => void): void {
    if (this.account === 'same') return;
    const policy = this.account === 'different' ? this.policy : undefined;
    if (policy) allow(policy);
    else warn(this.manualStepReason);
  }

  /** The reason why this app does not write the bus policy. */
  public get manualStepReason(): string {
    if (this.account === 'unknown') {
      const resource = Token.isUnresolved(this.env.account) ? 'the bus' : 'this stack';
      return `the account of ${resource} is known only at deployment`;
    }
    return this.isOwned
      ? "the bus has its own 'policy' property"
      : "the bus is not defined in this app or in 'otherApps'";
  }

  /**
   * The fix if this app does not write the bus policy: a call on the bus in the app that defines it, or a statement to
   * add to its policy.
   */
  public manualStepFix(text: ToText, call: string, statement: Statement): string {
    const json = text(statement);
    const addStatement = `add this statement to the bus policy, then acknowledge this warning: ${json}`;
    if (this.account === 'unknown') {
      // One template can be for many accounts, whose role ARNs cannot all be in a policy.
      const forAccounts = Token.isUnresolved(this.env.account)
        ? `call ${call} there`
        : 'call allowPublisher(EventPublisher.organization()) there for all accounts of the organization, or, for ' +
          `each account of this stack, call ${call}`;
      return `if the bus is in another account, ${forAccounts}, or ${addStatement}`;
    }
    if (this.isOwned) return `add this statement to the 'policy' property of the bus: ${json}`;
    return `in account ${text(this.env.account)}, call ${call}, or ${addStatement}`;
  }
}
