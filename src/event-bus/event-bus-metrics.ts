import { Duration, Token } from 'aws-cdk-lib';
import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';

/** Options of a metric. */
export interface EventBusMetricOptions {
  /**
   * Time over which events are summed up.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Label in graphs.
   *
   * @default - made by CloudWatch
   */
  readonly label?: string;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * What goes wrong on a bus, as CloudWatch metrics, each the sum over all rules of the bus: those of other stacks and
 * accounts too, and those that are made later.
 *
 * Makes no resource. The metrics of rules are Metrics Insights queries, which can be graphed and alarmed on, and cost
 * what such queries cost.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export class EventBusMetrics {
  /**
   * The metrics of a bus.
   *
   * @param eventBus made or imported, also the default bus
   */
  public static of(eventBus: IEventBusRef): EventBusMetrics {
    return new EventBusMetrics(eventBus.eventBusRef.eventBusName);
  }

  /**
   * Calls of `PutEvents` that failed, and entries of other calls that failed, on all buses of the account and region:
   * EventBridge counts them by no smaller unit.
   */
  public static failedPutEvents(options: EventBusMetricOptions = {}): IMetric {
    const period = options.period ?? FIVE_MINUTES;
    const metric = (metricName: string) =>
      new Metric({ namespace: 'AWS/Events', metricName, statistic: 'Sum', period });
    return new MathExpression({
      expression: 'FILL(calls, 0) + FILL(entries, 0)',
      usingMetrics: {
        calls: metric('PutEventsApproximateFailedCount'),
        entries: metric('PutEventsFailedEntriesCount'),
      },
      label: options.label ?? 'Failed PutEvents',
      period,
    });
  }

  private constructor(private readonly eventBusName: string) {}

  /** Deliveries to targets that failed for good: neither retried with success, nor counted as dead letters. */
  public failedInvocations(options?: EventBusMetricOptions): IMetric {
    return this.sum('FailedInvocations', options);
  }

  /** Deliveries that were delayed, because rules ran more often than the quota of the account allows. */
  public throttledRules(options?: EventBusMetricOptions): IMetric {
    return this.sum('ThrottledRules', options);
  }

  /** Undelivered events that went to dead-letter queues of rules. */
  public sentToDeadLetterQueue(options?: EventBusMetricOptions): IMetric {
    return this.sum('InvocationsSentToDlq', options);
  }

  /**
   * Undelivered events that could not even be written to a dead-letter queue, and are lost: for want of permission,
   * queue or size.
   */
  public failedToBeSentToDeadLetterQueue(options?: EventBusMetricOptions): IMetric {
    return this.sum('InvocationsFailedToBeSentToDlq', options);
  }

  /** Rules of the default bus have no dimension for their bus. */
  private sum(metricName: string, { period = FIVE_MINUTES, label }: EventBusMetricOptions = {}): IMetric {
    const ofDefaultBus = !Token.isUnresolved(this.eventBusName) && this.eventBusName === 'default';
    const from = ofDefaultBus
      ? 'SCHEMA("AWS/Events", RuleName)'
      : `SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${this.eventBusName}'`;
    return new MathExpression({
      expression: `SELECT SUM(${metricName}) FROM ${from}`,
      label: label ?? metricName,
      period,
    });
  }
}
