import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { ExpectedEvent } from './expected-event';

/** The delivery of an event that `EventAssertions` tests: from where, which event, and to where. */
export interface EventDeliveryOptions {
  /**
   * The publisher: a role or user; a function, schedule, pipe or state machine, which publishes with its role; a rule
   * or bus, for an event that is on the bus already.
   *
   * A role or user that is imported is treated like one in `publisherArn`.
   *
   * @default - `publisherArn`, `publisherAccount` or `publisherService`; exactly one of the four is needed
   */
  readonly publisher?: IConstruct;

  /**
   * The ARN of a role, user, rule or bus.
   *
   * The identity-based policies of a role or user that none of the apps defines are assumed to allow everything: only
   * the bus policy decides.
   *
   * @default - `publisher`, `publisherAccount` or `publisherService`
   */
  readonly publisherArn?: string;

  /**
   * The ID of an account: any of its roles and users, whose identity-based policies are assumed to allow everything.
   *
   * If the bus policy allows only some of them, such as one role, delivery is unknown, and `publisherArn` is needed.
   *
   * @default - `publisher`, `publisherArn` or `publisherService`
   */
  readonly publisherAccount?: string;

  /**
   * The principal of an AWS service that puts the event itself, such as `ses.amazonaws.com`. An event whose source
   * begins with `aws.` is on the default event bus without a permission.
   *
   * @default - `publisher`, `publisherArn` or `publisherAccount`
   */
  readonly publisherService?: string;

  /** The event. */
  readonly event: ExpectedEvent;

  /**
   * The bus on which the publisher puts the event. Rules may forward it to other buses.
   *
   * @default - any bus
   */
  readonly eventBus?: IEventBusRef;

  /**
   * The target that receives the event: a function, queue, topic, stream, bus or other construct.
   *
   * For a function, this includes its versions and aliases. For a bus, it includes putting the event on it directly.
   *
   * @default - `targetArn`; exactly one of the two is needed
   */
  readonly target?: IConstruct;

  /**
   * The ARN of the target.
   *
   * @default - `target`
   */
  readonly targetArn?: string;
}
