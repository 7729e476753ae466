import { CfnStream, IStream } from 'aws-cdk-lib/aws-kinesis';
import { TargetResourceKind } from './target-resource';
import { FindingId } from '../../checks/finding-id';
import { streamArn } from '../../eventbridge/target-formats';

/** @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html */
export const STREAM: TargetResourceKind<IStream, CfnStream> = {
  noun: 'stream',
  property: 'stream',
  nameProperty: 'streamName',
  action: 'kinesis:PutRecord',
  arnFormat: streamArn,
  arnOf: ({ streamArn: arn }) => arn,
  isResource: CfnStream.isCfnStream,
  resourceArnOf: ({ attrArn }) => attrArn,
  target: 'KinesisEventTarget',
  permission: 'CrossAccountStreamPermission',
  manualStep: FindingId.MANUALLY_ADD_STREAM_POLICY,
  encryption: {
    service: 'kinesis',
    actions: ['kms:GenerateDataKey'],
    contextKey: 'aws:kinesis:arn',
    keyOf: ({ encryptionKey }) => encryptionKey,
    keyPropertyOf: ({ streamEncryption }) => streamEncryption,
    alternative: "set 'encryption' to StreamEncryption.KMS with a customer managed key, or to UNENCRYPTED",
  },
};
