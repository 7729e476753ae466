import { Alarm, ComparisonOperator, IAlarmAction, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { EventBusMetrics } from './event-bus-metrics';
import { requireSameEnvironment } from '../core/environment';

/** Properties of the alarms of a bus. */
export interface EventBusAlarmsProps {
  /** The bus, of the account and region of this stack. */
  readonly eventBus: IEventBusRef;

  /**
   * What is told when an alarm goes off, and when it is over.
   *
   * @default - nobody; the alarms show in CloudWatch
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * Whether failed `PutEvents` are watched: those of all buses of the account and region, so that one bus of them is
   * enough.
   *
   * @default true
   */
  readonly failedPutEvents?: boolean;
}

/**
 * Alarms for events that do not arrive: each goes off when it happened once within five minutes.
 *
 * Makes five `AWS::CloudWatch::Alarm`, in this stack, or four without `failedPutEvents`. They see all rules of the bus,
 * also those of other stacks and accounts; failed `PutEvents` are those of all buses of the account and region.
 *
 * @resource AWS::CloudWatch::Alarm
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring-events-best-practices.html
 */
export class EventBusAlarms extends Construct {
  /** Deliveries to targets that failed for good. */
  public readonly failedInvocations: Alarm;
  /** Deliveries that were delayed by the quota of the account. */
  public readonly throttledRules: Alarm;
  /** Undelivered events in dead-letter queues of rules. */
  public readonly sentToDeadLetterQueue: Alarm;
  /** Undelivered events that are lost, because no dead-letter queue took them. */
  public readonly failedToBeSentToDeadLetterQueue: Alarm;
  /** Events that did not get onto a bus, if that is watched. */
  public readonly failedPutEvents?: Alarm;

  private readonly actions: IAlarmAction[];

  constructor(scope: Construct, id: string, props: EventBusAlarmsProps) {
    super(scope, id);
    requireSameEnvironment(
      this,
      'eventBus',
      props.eventBus,
      'its metrics are there only: make this construct in a stack of that account and region',
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
   * An alarm that goes off when the metric is over zero once.
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
