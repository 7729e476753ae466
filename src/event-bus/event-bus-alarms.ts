import { Alarm, ComparisonOperator, IAlarmAction, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { EventBusMetrics } from './event-bus-metrics';
import { requireOneCdkRelease } from '../core/cdk-copies';
import { requireSameEnvironment } from '../core/environment';

/** Properties of `EventBusAlarms`. */
export interface EventBusAlarmsProps {
  /** The event bus, in the account and Region of this stack; an error is thrown otherwise. */
  readonly eventBus: IEventBusRef;

  /**
   * The actions of the alarms, for the states ALARM and OK.
   *
   * @default - no actions; the alarms are shown in CloudWatch
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * Whether an alarm for failed `PutEvents` is created.
   *
   * Its metric covers all buses in the account and Region, so that the alarm is needed for one of the buses only.
   *
   * @default true
   */
  readonly failedPutEvents?: boolean;
}

/**
 * Alarms for events that are not delivered.
 *
 * Each alarm changes to ALARM if its metric is above zero in one period of five minutes. The construct creates five
 * `AWS::CloudWatch::Alarm` in this stack, or four without `failedPutEvents`. The alarms cover all rules on the bus,
 * including rules in other stacks and accounts. The alarm for failed `PutEvents` covers all buses in the account and
 * region.
 *
 * @resource AWS::CloudWatch::Alarm
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring-events-best-practices.html
 * @example
 * new EventBusAlarms(this, 'Alarms', {
 *   eventBus: EventBus.fromEventBusName(this, 'Default', 'default'),
 *   alarmActions: [pager],
 * });
 */
export class EventBusAlarms extends Construct {
  /** The alarm for deliveries to targets that failed permanently. */
  public readonly failedInvocations: Alarm;
  /** The alarm for deliveries that were delayed by the invocations quota of the account. */
  public readonly throttledRules: Alarm;
  /** The alarm for undelivered events that were sent to dead-letter queues of rules. */
  public readonly sentToDeadLetterQueue: Alarm;
  /** The alarm for undelivered events that are lost because no dead-letter queue accepted them. */
  public readonly failedToBeSentToDeadLetterQueue: Alarm;
  /** The alarm for events that could not be put on a bus, unless the property `failedPutEvents` is false. */
  public readonly failedPutEvents?: Alarm;

  private readonly actions: IAlarmAction[];

  constructor(scope: Construct, id: string, props: EventBusAlarmsProps) {
    super(scope, id);
    requireOneCdkRelease(scope);
    requireSameEnvironment(
      this,
      'eventBus',
      props.eventBus,
      'define this construct in a stack in the account and region of the bus, where its metrics are',
    );
    this.actions = props.alarmActions ?? [];
    const metrics = EventBusMetrics.of(props.eventBus);
    const bus = `bus ${props.eventBus.eventBusRef.eventBusName}`;
    this.failedInvocations = this._alarm(
      'FailedInvocations',
      metrics.failedInvocations(),
      `Events of ${bus} could not be delivered to targets of its rules`,
    );
    this.throttledRules = this._alarm(
      'ThrottledRules',
      metrics.throttledRules(),
      `Rules of ${bus} are delayed by the invocations quota of the account`,
    );
    this.sentToDeadLetterQueue = this._alarm(
      'SentToDeadLetterQueue',
      metrics.sentToDeadLetterQueue(),
      `Undelivered events of ${bus} wait in dead-letter queues`,
    );
    this.failedToBeSentToDeadLetterQueue = this._alarm(
      'FailedToBeSentToDeadLetterQueue',
      metrics.failedToBeSentToDeadLetterQueue(),
      `Undelivered events of ${bus} are lost: their dead-letter queue did not take them`,
    );
    if (props.failedPutEvents ?? true) {
      this.failedPutEvents = this._alarm(
        'FailedPutEvents',
        EventBusMetrics.failedPutEvents(),
        'Events did not get onto a bus of this account and region',
      );
    }
  }

  /**
   * Creates an alarm that changes to ALARM if the metric is above zero in one period.
   * @internal
   */
  public _alarm(id: string, metric: IMetric, alarmDescription: string): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    for (const action of this.actions) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  }
}
