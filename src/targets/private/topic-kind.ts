import { CfnTopic, ITopic } from 'aws-cdk-lib/aws-sns';
import { TargetResourceKind } from './target-resource';
import { FindingId } from '../../checks/finding-id';
import { TOPIC_POLICY_PRINCIPALS } from '../../eventbridge/quotas';
import { topicArn } from '../../eventbridge/target-formats';

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export const TOPIC: TargetResourceKind<ITopic, CfnTopic> = {
  noun: 'topic',
  property: 'topic',
  nameProperty: 'topicName',
  action: 'sns:Publish',
  arnFormat: topicArn,
  arnOf: ({ topicArn: arn }) => arn,
  maxPrincipals: TOPIC_POLICY_PRINCIPALS,
  isResource: CfnTopic.isCfnTopic,
  resourceArnOf: ({ attrTopicArn }) => attrTopicArn,
  target: 'SnsEventTarget',
  permission: 'CrossAccountTopicPermission',
  manualStep: FindingId.MANUALLY_ADD_TOPIC_POLICY,
  encryption: {
    service: 'sns',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    contextKey: 'aws:sns:topicArn',
    keyOf: ({ masterKey }) => masterKey,
    keyPropertyOf: ({ kmsMasterKeyId }) => kmsMasterKeyId,
    alternative: 'use a customer managed key, or no encryption',
  },
};
