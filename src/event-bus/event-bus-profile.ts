import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Options of `EventBusProfile.production()`. */
export interface ProductionProfileOptions {
  /**
   * The actions of the alarms, for the states ALARM and OK.
   *
   * @default - no actions; the alarms are shown in CloudWatch
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * The retention of the logs, in the log group that the bus creates. It does not change a `logGroup` of the bus.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/**
 * The features that an event bus gets in addition to its resource-based policy.
 *
 * The class creates no resource; the bus creates them, in its stack. The properties of the bus take precedence.
 *
 * @example
 * new CrossAccountEventBus(this, 'Operated', {
 *   kmsKey: key,
 *   profile: EventBusProfile.production({ alarmActions: [pager] }),
 * });
 */
export class EventBusProfile {
  /** No additional features. */
  public static none(): EventBusProfile {
    return new EventBusProfile(undefined);
  }

  /**
   * The features that a bus should have in production: error logs, alarms and, with a customer managed key, a
   * dead-letter queue.
   *
   * The logs do not contain the contents of events. The alarms are those of `EventBusAlarms`; failed `PutEvents`, which
   * are counted for the account and Region, have one alarm in each stack. If the bus has a customer managed key, the
   * dead-letter queue receives the events that could not be encrypted or decrypted, and has an alarm of its own.
   *
   * The profile grants no access. When the bus is deleted, the log group is retained and the queue is deleted. The rule
   * `AwsSolutions-SQS3` of cdk-nag does not recognize this queue as a dead-letter queue.
   *
   * @param options The actions of the alarms and the retention of the logs.
   */
  public static production(options: ProductionProfileOptions = {}): EventBusProfile {
    return new EventBusProfile(options);
  }

  private constructor(
    /**
     * The options of the production profile; undefined without additional features.
     * @internal
     */
    public readonly _options: ProductionProfileOptions | undefined,
  ) {}
}
