import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CrossAccountPermissionProps } from './cross-account-permission-props';
import { PERMISSION_PROPERTIES, addTargetPermission } from './private/target-permission';
import { TOPIC } from './private/topic-kind';
import { validateProperties } from '../core/validate-properties';

/** Properties of `CrossAccountTopicPermission`. */
export interface CrossAccountTopicPermissionProps extends CrossAccountPermissionProps {
  /**
   * The topic that rules in other accounts have as target.
   *
   * It must be defined in this app, in the account and Region of this stack; an error is thrown otherwise.
   */
  readonly topic: ITopic;
}

/**
 * A permission for rules on event buses in other accounts to publish to a topic, for the app that defines the topic.
 *
 * It adds one statement to the policy of the topic, which allows `sns:Publish`. All permissions of a topic for accounts
 * share a statement, as do those for roles and for organizations, because of the quota of 100 statements and 30,720
 * bytes. A statement lists more than 80 accounts in a condition, because of the quota of 200 principals. A statement
 * for an organization excludes the account of the topic, whose principals need an identity-based
 * policy. If a customer managed key encrypts the topic, its policy gets a statement too; for an imported key, a warning
 * shows it. An error is thrown for the AWS managed key `alias/aws/sns`, whose policy does not allow other accounts. It
 * does not create the execution role of the rule: see `SnsEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 * @example
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 *
 * new CrossAccountTopicPermission(this, 'FromOrganization', {
 *   topic: new Topic(this, 'Topic'),
 *   publishers: [EventPublisher.organization('o-a1b2c3d4e5')],
 * });
 */
export class CrossAccountTopicPermission extends Construct {
  constructor(scope: Construct, id: string, props: CrossAccountTopicPermissionProps) {
    super(scope, id);
    validateProperties(this, 'props', props, { topic: true, ...PERMISSION_PROPERTIES });
    addTargetPermission(this, props.topic, TOPIC, props);
  }
}
