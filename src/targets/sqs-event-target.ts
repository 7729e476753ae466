import * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EventTargetProps } from './event-target-props';
import { namedTarget, rejectRoleOption, requireSameRegion, validateRule } from './private/bind-target';
import { deliveryConfig } from './private/delivery-options';
import { executionRoleFor } from './private/execution-role';
import { QUEUE } from './private/queue-kind';
import { allowRules } from './private/queue-rules';
import { TargetResource } from './private/target-resource';
import { QueuePermissionScope } from './queue-permission-scope';
import { cfnResourceOf } from '../core/cfn-resources';
import { validateString } from '../core/validate-values';
import { validationError } from '../core/validation-error';
import { messageGroupId } from '../eventbridge/target-formats';

/** Properties of `SqsEventTarget`. */
export interface SqsEventTargetProps extends EventTargetProps {
  /**
   * The message group of the messages: required for a FIFO queue, 1 to 128 characters.
   *
   * A standard queue uses it for fair queues. The value is the same for all events of the rule.
   *
   * @default - no message group
   */
  readonly messageGroupId?: string;

  /**
   * The rules that the policy of a queue in the account of the rule allows.
   *
   * It has no effect on a queue in another account, whose policy allows the execution role.
   *
   * @default QueuePermissionScope.RULE
   */
  readonly permissionScope?: QueuePermissionScope;
}

/**
 * An SQS queue as the target of a rule, in the account of the rule or in another account.
 *
 * For a queue in the same account, it adds a statement to the queue policy that allows EventBridge to send for the
 * rule, or for all rules on its bus. One statement serves all rules. For a queue in another account, it creates an
 * execution role in the stack of the rule, which may send to exactly that queue, and adds a statement to the queue
 * policy that allows exactly that role. The trust policy of the role lists up to eight rules, as for
 * `CrossAccountEventBusTarget`. For an imported queue, a warning shows the statement to add to the queue policy.
 *
 * The policy of a customer managed key of the queue allows EventBridge or the execution role, too. For an imported key,
 * a warning shows the statement. The AWS managed key `alias/aws/sqs` cannot be used; an error is thrown. The queue must
 * be in the Region of the rule; an error is thrown otherwise. A FIFO queue needs content-based deduplication and a
 * `messageGroupId`.
 *
 * The dead-letter queue, `retryAttempts` and `maxEventAge` are those of `LambdaEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @example
 * const invoices = Queue.fromQueueArn(this, 'Invoices', 'arn:aws:sqs:eu-west-1:333333333333:invoices');
 * new Rule(this, 'ToInvoices', {
 *   eventBus: bus,
 *   eventPattern: { detailType: ['OrderPlaced'] },
 *   targets: [new SqsEventTarget(invoices, { deadLetterQueue: queue, maxEventAge: Duration.hours(2) })],
 * });
 */
export class SqsEventTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param queue The queue that receives the events.
   * @param props The message group, the permission, the execution role, the input and the delivery options.
   */
  constructor(
    private readonly queue: sqs.IQueue,
    private readonly props: SqsEventTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    const { event, executionRole, messageGroupId: messageGroup, permissionScope } = this.props;
    validateRule(rule, this.props, ['messageGroupId', 'permissionScope']);
    const target = new TargetResource(rule, this.queue, QUEUE);
    requireSameRegion(rule, target, namedTarget(target));
    const { arn } = target;
    this.validateMessageGroup(rule);
    const delivery = deliveryConfig(rule, this.props);
    let role = undefined;
    if (target.account === 'different') {
      role = executionRoleFor(rule, target, executionRole);
    } else {
      rejectRoleOption(rule, target, QUEUE, 'executionRole', executionRole?.node.path);
      allowRules(rule, target, permissionScope ?? QueuePermissionScope.RULE);
    }
    const sqsParameters = messageGroup === undefined ? undefined : { messageGroupId: messageGroup };
    // Without `targetResource`: with it, the rule would be routed over the default bus of the queue's account.
    return { arn, role, input: event, sqsParameters, ...delivery };
  }

  private validateMessageGroup(rule: events.IRuleRef): void {
    const { messageGroupId: messageGroup } = this.props;
    validateString(rule, 'messageGroupId', messageGroup, messageGroupId);
    if (!this.queue.fifo) return;
    if (messageGroup === undefined) {
      throw validationError(
        rule,
        `'messageGroupId' must be set for a FIFO queue, got none for '${this.queue.node.path}'; ` +
          'choose a group, whose messages the queue delivers in order',
      );
    }
    const resource = cfnResourceOf(this.queue, sqs.CfnQueue.isCfnQueue);
    if (!resource || resource.contentBasedDeduplication) return;
    throw validationError(
      rule,
      `'queue' must have content-based deduplication if it is a FIFO queue, got '${this.queue.node.path}'; ` +
        "set 'contentBasedDeduplication' on the queue, because EventBridge sends no deduplication ID",
    );
  }
}
