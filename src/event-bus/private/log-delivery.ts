import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Level } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { physicalNameOf } from '../../core/environment';
import { DELIVERY_NAME_CHARACTERS } from '../../eventbridge/quotas';

/** What each level has EventBridge send. */
const LOG_TYPES: { readonly [level in Level]: string[] } = {
  [Level.OFF]: [],
  [Level.ERROR]: ['ERROR_LOGS'],
  [Level.INFO]: ['ERROR_LOGS', 'INFO_LOGS'],
  [Level.TRACE]: ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS'],
};

/**
 * Delivers the logs of a bus to a log group: a source for each type of log, one destination, a delivery for each
 * source, and the policy that lets the logging service write. The level of a bus alone delivers nothing.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html
 */
export function deliverLogs(scope: Construct, eventBusArn: string, level: Level, logGroup: ILogGroup): void {
  const name = (id: string) => physicalNameOf(scope, [id], DELIVERY_NAME_CHARACTERS);
  const destination = new CfnDeliveryDestination(scope, 'Destination', {
    name: name('Destination'),
    destinationResourceArn: logGroup.logGroupArn,
  });
  const { policyDependable } = logGroup.addToResourcePolicy(writeStatement(scope, logGroup));
  let previous: CfnDelivery | undefined;
  for (const logType of LOG_TYPES[level]) {
    const source = new CfnDeliverySource(scope, logType, { name: name(logType), logType, resourceArn: eventBusArn });
    const delivery = new CfnDelivery(scope, `${logType}-Delivery`, {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
    });
    // One after the other: concurrent deliveries of one destination clash.
    delivery.node.addDependency(...[policyDependable, previous].filter((d) => d !== undefined));
    previous = delivery;
  }
}

function writeStatement(scope: Construct, { logGroupArn }: ILogGroup): iam.PolicyStatement {
  const { account } = Stack.of(scope);
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: {
        'aws:SourceArn': Stack.of(scope).formatArn({
          service: 'logs',
          resource: '*',
          arnFormat: ArnFormat.NO_RESOURCE_NAME,
        }),
      },
    },
  });
}
