import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EventTargetProps } from './event-target-props';
import { bindWithRole, validateRule } from './private/bind-target';
import { TargetResource } from './private/target-resource';
import { TOPIC } from './private/topic-kind';
import { validationError } from '../core/validation-error';

/** Properties of `SnsEventTarget`. */
export interface SnsEventTargetProps extends EventTargetProps {}

/**
 * An SNS topic as the target of a rule, in the account of the rule or in another account.
 *
 * It creates an execution role in the stack of the rule, which may publish to exactly that topic. The trust policy of
 * the role lists up to eight rules, as for `CrossAccountEventBusTarget`. In the account of the rule, that is
 * sufficient, so the policy of the topic does not change: EventBridge supports no condition in the policy of a topic,
 * so that a statement for EventBridge would allow the rules of any account. For a topic in another account, it adds a
 * statement to the topic policy that allows exactly that role. For an imported topic there, a warning shows the
 * statement to add.
 *
 * The role can use a customer managed key of the topic. If the topic is in another account, the key policy allows
 * exactly that role; for an imported key, a warning shows the statement. The AWS managed key `alias/aws/sns` cannot be
 * used from another account; an error is thrown. The topic must be in the Region of the rule, and must not be a FIFO
 * topic, which EventBridge does not support; an error is thrown otherwise.
 *
 * The dead-letter queue, `retryAttempts` and `maxEventAge` are those of `LambdaEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * @example
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 *
 * const alerts = Topic.fromTopicArn(this, 'Alerts', 'arn:aws:sns:eu-west-1:333333333333:alerts');
 * new Rule(this, 'ToAlerts', {
 *   eventBus: bus,
 *   eventPattern: { detailType: ['PaymentFailed'] },
 *   targets: [new SnsEventTarget(alerts, { deadLetterQueue: queue })],
 * });
 */
export class SnsEventTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param topic The topic that receives the events.
   * @param props The execution role, the input and the delivery options.
   */
  constructor(
    private readonly topic: sns.ITopic,
    private readonly props: SnsEventTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    validateRule(rule, this.props, []);
    if (this.topic.fifo) {
      throw validationError(
        rule,
        `'topic' must be a standard topic, got the FIFO topic '${this.topic.node.path}', which EventBridge does not ` +
          'support; use a topic without FIFO, or an SqsEventTarget with a FIFO queue',
      );
    }
    return bindWithRole(rule, new TargetResource(rule, this.topic, TOPIC), this.props);
  }
}
