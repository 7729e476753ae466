import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { countResources } from './resources';

/** Fills a stack up with what has nothing to do with events, as most of an app has not. */
export function fillWithOthers(stack: Stack, upTo: number): void {
  for (let n = 0; upTo - countResources(stack) >= 14; n++) addSome(stack, n);
  for (let n = 0; countResources(stack) < upTo; n++) {
    new CfnParameter(stack, `Setting${n}`, { type: 'String', value: `value ${n}` });
  }
}

/** Fourteen resources, of which eight are made by L2s. */
function addSome(stack: Stack, n: number): void {
  const table = new CfnTable(stack, `Table${n}`, {
    attributeDefinitions: [
      { attributeName: 'pk', attributeType: 'S' },
      { attributeName: 'sk', attributeType: 'S' },
    ],
    keySchema: [
      { attributeName: 'pk', keyType: 'HASH' },
      { attributeName: 'sk', keyType: 'RANGE' },
    ],
    billingMode: 'PAY_PER_REQUEST',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    sseSpecification: { sseEnabled: true },
  });
  const log = new LogGroup(stack, `Log${n}`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const topic = new Topic(stack, `Topic${n}`, { displayName: `Topic ${n}`, enforceSSL: true });
  const bucket = new Bucket(stack, `Bucket${n}`, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
  });
  const archive = new CfnBucket(stack, `Archive${n}`, { versioningConfiguration: { status: 'Enabled' } });
  new Alarm(stack, `Alarm${n}`, {
    metric: topic.metricNumberOfNotificationsFailed(),
    threshold: 1,
    evaluationPeriods: 1,
  });
  new StringParameter(stack, `TopicArn${n}`, { stringValue: topic.topicArn });
  const values = {
    TableName: table.ref,
    BucketName: bucket.bucketName,
    ArchiveArn: archive.attrArn,
    LogName: log.logGroupName,
    Level: 'info',
  };
  for (const [name, value] of Object.entries(values)) {
    new CfnParameter(stack, `${name}${n}`, { type: 'String', value, tier: 'Standard' });
  }
}
