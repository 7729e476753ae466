import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { AccountGrantForm } from './account-grant-form';
import { EventPublisher } from './event-publisher';

/** Properties of the grants on an event bus. */
export interface CrossAccountEventBusPolicyProps {
  /** The bus. It must be of the account and region that this stack is deployed to. */
  readonly eventBus: IEventBusRef;

  /**
   * Who may put events on the bus from other accounts.
   *
   * @default - nobody; add publishers later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];

  /**
   * How statements name accounts.
   *
   * @default AccountGrantForm.LISTED
   */
  readonly accountGrantForm?: AccountGrantForm;
}
