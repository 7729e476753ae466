import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { requireSameEnvironment } from '../../core/environment';
import { grantDeadLetterAccess } from '../../permissions/dead-letter-queue';
import type { CrossAccountEventBusProps } from '../cross-account-event-bus-props';
import { EventBusAlarms } from '../event-bus-alarms';
import type { ProductionProfileOptions } from '../event-bus-profile';
import { literalEventBusArn } from './event-bus-arn';
import { allowLogs } from './key-policy';
import { deliverLogs } from './log-delivery';

/** Allows EventBridge to send the events that the bus cannot encrypt or decrypt to a dead-letter queue. */
export function allowDeadLetters(bus: events.EventBus, queue: IQueue): void {
  grantDeadLetterAccess({ construct: bus, arn: literalEventBusArn(bus), ...bus.env }, queue);
}

/** The log group of a bus, or the retention of the log group that is created for it. */
interface LogDestination {
  readonly logGroup?: ILogGroup;
  readonly retention?: RetentionDays;
}

/** Delivers the logs of a bus to a log group. */
export function enableLogs(
  bus: events.EventBus & { readonly kmsKey?: IKey },
  level: events.Level,
  { logGroup, retention = RetentionDays.ONE_MONTH }: LogDestination,
): void {
  if (logGroup) {
    requireSameEnvironment(bus, 'logGroup', logGroup, 'use a log group in the account and region of the bus');
  }
  const logs = new Construct(bus, 'Logs');
  deliverLogs(logs, bus.eventBusArn, level, logGroup ?? new LogGroup(logs, 'LogGroup', { retention }));
  if (bus.kmsKey) allowLogs(bus, bus.kmsKey);
}

/** Creates the alarms of the production profile and, for a bus with a key, a dead-letter queue. */
export function applyProfile(
  bus: events.EventBus,
  { alarmActions }: ProductionProfileOptions,
  { kmsKey, deadLetterQueue }: CrossAccountEventBusProps,
): void {
  const alarms = new EventBusAlarms(bus, 'Alarms', {
    eventBus: bus,
    alarmActions,
    failedPutEvents: !hasFailedPutEventsAlarm(Stack.of(bus)),
  });
  if (!kmsKey || deadLetterQueue) return;
  const queue = new Queue(bus, 'DeadLetterQueue', { enforceSSL: true, retentionPeriod: Duration.days(14) });
  (bus.node.defaultChild as events.CfnEventBus).deadLetterConfig = { arn: queue.queueArn };
  allowDeadLetters(bus, queue);
  alarms._alarm(
    'Unencrypted',
    queue.metricApproximateNumberOfMessagesVisible(),
    `Events that bus ${bus.eventBusName} could not encrypt or decrypt wait in its dead-letter queue`,
  );
}

/** The metric covers all buses in an account and Region, so that one alarm in a stack is enough. */
function hasFailedPutEventsAlarm(stack: Stack): boolean {
  return stack.node
    .findAll()
    .some((construct) => construct instanceof EventBusAlarms && construct.failedPutEvents !== undefined);
}
