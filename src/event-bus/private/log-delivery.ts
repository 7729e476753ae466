import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Level } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { physicalNameOf } from '../../core/environment';
import { DELIVERY_NAME_CHARACTERS } from '../../eventbridge/quotas';

/** The types of logs that EventBridge sends at each level. */
const LOG_TYPES: { readonly [level in Level]: string[] } = {
  [Level.OFF]: [],
  [Level.ERROR]: ['ERROR_LOGS'],
  [Level.INFO]: ['ERROR_LOGS', 'INFO_LOGS'],
  [Level.TRACE]: ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS'],
};

/**
 * Delivers the logs of a bus to a log group. It creates a delivery source and a delivery for each type of log, one
 * delivery destination, and the policy that allows the service to write. Without them, a bus with a log level delivers
 * no logs.
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
    // Deliveries to one destination are created one after another, because concurrent changes can conflict.
    delivery.node.addDependency(...[policyDependable, previous].filter((dependency) => dependency !== undefined));
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
