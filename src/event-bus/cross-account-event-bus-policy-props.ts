import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { AccountGrantForm } from './account-grant-form';
import { EventPublisher } from './event-publisher';

/** Properties of `CrossAccountEventBusPolicy`. */
export interface CrossAccountEventBusPolicyProps {
  /** The event bus. It must be in the account and Region of this stack; an error is thrown otherwise. */
  readonly eventBus: IEventBusRef;

  /**
   * The publishers in other accounts that may put events on the bus.
   *
   * @default - no publishers; add them later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];

  /**
   * The form in which statements name accounts.
   *
   * @default AccountGrantForm.LISTED
   */
  readonly accountGrantForm?: AccountGrantForm;
}
