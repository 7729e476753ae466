import { CfnQueue, IQueue } from 'aws-cdk-lib/aws-sqs';
import { TargetResourceKind } from './target-resource';
import { FindingId } from '../../checks/finding-id';
import { QUEUE_POLICY_PRINCIPALS } from '../../eventbridge/quotas';
import { queueArn } from '../../eventbridge/target-formats';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
export const QUEUE: TargetResourceKind<IQueue, CfnQueue> = {
  noun: 'queue',
  property: 'queue',
  nameProperty: 'queueName',
  action: 'sqs:SendMessage',
  arnFormat: queueArn,
  arnOf: ({ queueArn: arn }) => arn,
  maxPrincipals: QUEUE_POLICY_PRINCIPALS,
  isResource: CfnQueue.isCfnQueue,
  resourceArnOf: ({ attrArn }) => attrArn,
  target: 'SqsEventTarget',
  permission: 'CrossAccountQueuePermission',
  manualStep: FindingId.MANUALLY_ADD_QUEUE_POLICY,
  encryption: {
    service: 'sqs',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    contextKey: 'aws:sqs:arn',
    keyOf: ({ encryptionMasterKey }) => encryptionMasterKey,
    keyPropertyOf: ({ kmsMasterKeyId }) => kmsMasterKeyId,
    alternative: 'use QueueEncryption.SQS_MANAGED, or KMS with a customer managed key',
  },
};
