import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { EventTargetProps } from './event-target-props';
import { bindWithRole, validateRule } from './private/bind-target';
import { STREAM } from './private/stream-kind';
import { TargetResource } from './private/target-resource';
import { validateString } from '../core/validate-values';
import { partitionKeyPath as partitionKeyPathFormat } from '../eventbridge/target-formats';

/** Properties of `KinesisEventTarget`. */
export interface KinesisEventTargetProps extends EventTargetProps {
  /**
   * The JSON path in the event of the partition key of its record, such as `$.detail.orderId`, up to 256 characters.
   *
   * @default - the ID of the event
   */
  readonly partitionKeyPath?: string;
}

/**
 * A Kinesis data stream as the target of a rule, in the account of the rule or in another account.
 *
 * It creates an execution role in the stack of the rule, which may call `kinesis:PutRecord` on exactly that stream. The
 * trust policy of the role lists up to eight rules, as for `CrossAccountEventBusTarget`. For a stream in another
 * account, it adds a statement to the stream policy that allows exactly that role. For an imported stream there, a
 * warning shows the statement to add.
 *
 * The role can use a customer managed key of the stream. If the stream is in another account, the key policy allows
 * exactly that role; for an imported key, a warning shows the statement. The AWS managed key `alias/aws/kinesis`, which
 * the CDK uses by default, cannot be used from another account; an error is thrown. The stream must be in the Region of
 * the rule; an error is thrown otherwise.
 *
 * The dead-letter queue, `retryAttempts` and `maxEventAge` are those of `LambdaEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
 * @example
 * import { Stream } from 'aws-cdk-lib/aws-kinesis';
 *
 * const clicks = Stream.fromStreamArn(this, 'Clicks', 'arn:aws:kinesis:eu-west-1:333333333333:stream/clicks');
 * new Rule(this, 'ToClicks', {
 *   eventBus: bus,
 *   eventPattern: { detailType: ['PageViewed'] },
 *   targets: [new KinesisEventTarget(clicks, { partitionKeyPath: '$.detail.sessionId' })],
 * });
 */
export class KinesisEventTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param stream The stream that receives the events.
   * @param props The partition key, the execution role, the input and the delivery options.
   */
  constructor(
    private readonly stream: kinesis.IStream,
    private readonly props: KinesisEventTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    const { partitionKeyPath } = this.props;
    validateRule(rule, this.props, ['partitionKeyPath']);
    validateString(rule, 'partitionKeyPath', partitionKeyPath, partitionKeyPathFormat);
    const config = bindWithRole(rule, new TargetResource(rule, this.stream, STREAM), this.props);
    return { ...config, kinesisParameters: partitionKeyPath === undefined ? undefined : { partitionKeyPath } };
  }
}
