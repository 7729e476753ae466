import * as events from 'aws-cdk-lib/aws-events';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AccountGrantForm } from './account-grant-form';
import { EventBusProfile } from './event-bus-profile';
import { EventPublisher } from './event-publisher';

/** Properties of `CrossAccountEventBus`. */
export interface CrossAccountEventBusProps extends events.EventBusProps {
  /**
   * The publishers in other accounts that may put events on this bus.
   *
   * Publishers of one kind share one statement of the bus policy.
   *
   * @default - no publishers; add them later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];

  /**
   * The form in which statements of the bus policy name accounts.
   *
   * @default AccountGrantForm.LISTED
   */
  readonly accountGrantForm?: AccountGrantForm;

  /**
   * The log group that the logs of the bus are delivered to, in the account and Region of this stack.
   *
   * If `logConfig` is omitted, errors are logged, without the contents of events. If `logConfig` has level `OFF`, an
   * error is thrown. Each log group has a resource-based policy, and the quota is 10 of them in an account and Region:
   * use one log group for several buses.
   *
   * @default - a log group in this stack if `logConfig` or `profile` turns on logs, with a retention of one month
   * unless `profile` sets another; otherwise no log group
   */
  readonly logGroup?: ILogGroup;

  /**
   * Whether EventBridge discovers schemas from the events on this bus, including events from other accounts.
   *
   * An error is thrown for a bus with a customer managed key, because EventBridge discovers no schemas there.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema.html
   */
  readonly schemaDiscovery?: boolean;

  /**
   * The features that the bus gets in addition, such as logs and alarms. The other properties take precedence.
   *
   * @default EventBusProfile.none()
   */
  readonly profile?: EventBusProfile;
}
