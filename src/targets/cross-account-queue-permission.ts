import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CrossAccountPermissionProps } from './cross-account-permission-props';
import { QUEUE } from './private/queue-kind';
import { PERMISSION_PROPERTIES, addTargetPermission } from './private/target-permission';
import { validateProperties } from '../core/validate-properties';

/** Properties of `CrossAccountQueuePermission`. */
export interface CrossAccountQueuePermissionProps extends CrossAccountPermissionProps {
  /**
   * The queue that rules in other accounts have as target.
   *
   * It must be defined in this app, in the account and Region of this stack; an error is thrown otherwise.
   */
  readonly queue: IQueue;
}

/**
 * A permission for rules on event buses in other accounts to send to a queue, for the app that defines the queue.
 *
 * It adds one statement to the policy of the queue, which allows `sqs:SendMessage`. All permissions of a queue for
 * accounts share a statement, as do those for roles and for organizations, because of the quota of 20 statements and
 * 8,192 characters. A statement lists more than 20 accounts in a condition, because of the quota of 50 principals. A
 * statement for an organization excludes the account of the queue, whose principals need an
 * identity-based policy. If a customer managed key encrypts the queue, its policy gets a statement too; for an imported
 * key, a warning shows it. An error is thrown for the AWS managed key `alias/aws/sqs`, whose policy does not allow
 * other accounts. It does not create the execution role of the rule: see `SqsEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 * @example
 * new CrossAccountQueuePermission(this, 'FromOrganization', {
 *   queue,
 *   publishers: [EventPublisher.organization('o-a1b2c3d4e5')],
 * });
 */
export class CrossAccountQueuePermission extends Construct {
  constructor(scope: Construct, id: string, props: CrossAccountQueuePermissionProps) {
    super(scope, id);
    validateProperties(this, 'props', props, { queue: true, ...PERMISSION_PROPERTIES });
    addTargetPermission(this, props.queue, QUEUE, props);
  }
}
