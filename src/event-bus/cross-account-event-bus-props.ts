import * as events from 'aws-cdk-lib/aws-events';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AccountGrantForm } from './account-grant-form';
import { EventBusProfile } from './event-bus-profile';
import { EventPublisher } from './event-publisher';

/** Properties of a cross-account event bus. */
export interface CrossAccountEventBusProps extends events.EventBusProps {
  /**
   * Who may put events on this bus from other accounts.
   *
   * Publishers of one kind share one statement of the bus policy.
   *
   * @default - nobody; add publishers later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];

  /**
   * How statements of the bus policy name accounts.
   *
   * @default AccountGrantForm.LISTED
   */
  readonly accountGrantForm?: AccountGrantForm;

  /**
   * Where the logs of the bus are delivered to. Without `logConfig` these are errors, without the contents of events.
   *
   * Each log group has a resource policy, of which an account and region can have 10: let buses share a log group.
   *
   * @default - a log group in this stack, if `logConfig` asks for logs, which keeps them for a month
   */
  readonly logGroup?: ILogGroup;

  /**
   * Whether schemas are discovered from the events of this bus, those of other accounts included. Not on a bus with a
   * customer managed key.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema.html
   */
  readonly schemaDiscovery?: boolean;

  /**
   * What else the bus gets, if its props do not say.
   *
   * @default EventBusProfile.none()
   */
  readonly profile?: EventBusProfile;
}
