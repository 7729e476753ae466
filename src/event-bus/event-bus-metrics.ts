import { Duration, Token } from 'aws-cdk-lib';
import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';

/** Options of a metric of `EventBusMetrics`. */
export interface EventBusMetricOptions {
  /**
   * The period over which the values are summed.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * The label in graphs.
   *
   * @default - the name of the CloudWatch metric, or `Failed PutEvents`
   */
  readonly label?: string;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * The CloudWatch metrics of failures on an event bus.
 *
 * Each metric is the sum over all rules on the bus, including rules in other stacks and accounts, and rules that are
 * created later. The class creates no resource. The metrics of rules are Metrics Insights queries: graphs and alarms
 * can use them, and they are priced as such queries.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * @example
 * import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
 *
 * new Alarm(this, 'ThrottledRules', {
 *   metric: EventBusMetrics.of(bus).throttledRules({ period: Duration.minutes(15) }),
 *   threshold: 100,
 *   evaluationPeriods: 2,
 * });
 */
export class EventBusMetrics {
  /**
   * Returns the metrics of an event bus.
   *
   * @param eventBus The event bus: defined in this app, imported, or the `default` bus.
   */
  public static of(eventBus: IEventBusRef): EventBusMetrics {
    return new EventBusMetrics(eventBus.eventBusRef.eventBusName);
  }

  /**
   * The number of `PutEvents` calls that failed, and of failed entries in other calls, on all buses in the account and
   * region.
   *
   * EventBridge does not count them for a single bus.
   *
   * @param options The period and the label of the metric.
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

  /**
   * The number of deliveries to targets that failed permanently: they neither succeeded on a retry nor count as dead
   * letters.
   *
   * @param options The period and the label of the metric.
   */
  public failedInvocations(options?: EventBusMetricOptions): IMetric {
    return this.sum('FailedInvocations', options);
  }

  /**
   * The number of deliveries that were delayed because rules ran more often than the quota of the account allows.
   *
   * @param options The period and the label of the metric.
   */
  public throttledRules(options?: EventBusMetricOptions): IMetric {
    return this.sum('ThrottledRules', options);
  }

  /**
   * The number of undelivered events that were sent to dead-letter queues of rules.
   *
   * @param options The period and the label of the metric.
   */
  public sentToDeadLetterQueue(options?: EventBusMetricOptions): IMetric {
    return this.sum('InvocationsSentToDlq', options);
  }

  /**
   * The number of undelivered events that could not be sent to a dead-letter queue, and are lost.
   *
   * The cause is a missing permission, a missing queue, or the size of the event.
   *
   * @param options The period and the label of the metric.
   */
  public failedToBeSentToDeadLetterQueue(options?: EventBusMetricOptions): IMetric {
    return this.sum('InvocationsFailedToBeSentToDlq', options);
  }

  /** The sum over all rules on the bus. Metrics of rules on the default bus have no `EventBusName` dimension. */
  private sum(metricName: string, { period = FIVE_MINUTES, label }: EventBusMetricOptions = {}): IMetric {
    const isDefaultBus = !Token.isUnresolved(this.eventBusName) && this.eventBusName === 'default';
    const schema = isDefaultBus
      ? 'SCHEMA("AWS/Events", RuleName)'
      : `SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${this.eventBusName}'`;
    return new MathExpression({
      expression: `SELECT SUM(${metricName}) FROM ${schema}`,
      label: label ?? metricName,
      period,
    });
  }
}
