import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Options of the profile for production. */
export interface ProductionProfileOptions {
  /**
   * What is told when an alarm goes off, and when it is over.
   *
   * @default - nobody; the alarms show in CloudWatch
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * How long the logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** What a bus gets besides its policy. Whatever its props say goes before. */
export class EventBusProfile {
  /** Nothing. */
  public static none(): EventBusProfile {
    return new EventBusProfile(undefined);
  }

  /**
   * What a bus that others depend on should have: logs of errors, without the contents of events; the `EventBusAlarms`;
   * and, on a bus with a customer managed key, a dead-letter queue for events that could not be encrypted or decrypted,
   * with an alarm. Failed `PutEvents`, which are those of the account and region, are watched once a stack. Nobody gets
   * any access by it. The log group stays when the bus goes, the queue does not. (`AwsSolutions-SQS3` of cdk-nag does
   * not see that this queue is a dead-letter queue itself.)
   */
  public static production(options: ProductionProfileOptions = {}): EventBusProfile {
    return new EventBusProfile(options);
  }

  private constructor(
    /**
     * What to turn on, if anything.
     * @internal
     */
    public readonly _options: ProductionProfileOptions | undefined,
  ) {}
}
