/** EventBridge needs both to keep the events of a bus, and to send to an encrypted queue or topic. */
export const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** A kind of encrypted resource that a rule or bus sends to. */
export interface EncryptedTargetKind {
  readonly noun: 'queue' | 'topic' | 'stream';
  readonly service: 'sqs' | 'sns' | 'kinesis';
  /** The actions on the key that a principal needs to send to the resource. */
  readonly actions: readonly string[];
  /** The condition key for the ARN of the resource. */
  readonly arnKey: string;
  /** Whether the service passes `aws:SourceArn`, the rule or bus, to the key. */
  readonly passesSource: boolean;
  /** What to use instead of the AWS managed key. */
  readonly alternative: string;
}

const CUSTOMER_MANAGED_KEY = 'a customer managed key whose policy allows events.amazonaws.com';

export const QUEUE: EncryptedTargetKind = {
  noun: 'queue',
  service: 'sqs',
  actions: KEY_ACTIONS,
  arnKey: 'kms:encryptioncontext:aws:sqs:arn',
  passesSource: true,
  alternative: `use SSE-SQS (QueueEncryption.SQS_MANAGED), or ${CUSTOMER_MANAGED_KEY}`,
};

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export const TOPIC: EncryptedTargetKind = {
  noun: 'topic',
  service: 'sns',
  actions: KEY_ACTIONS,
  arnKey: 'kms:encryptioncontext:aws:sns:topicarn',
  passesSource: false,
  alternative: `use ${CUSTOMER_MANAGED_KEY}`,
};

/** @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html */
export const STREAM: EncryptedTargetKind = {
  noun: 'stream',
  service: 'kinesis',
  actions: ['kms:GenerateDataKey'],
  arnKey: 'kms:encryptioncontext:aws:kinesis:arn',
  passesSource: false,
  alternative: 'use a customer managed key whose policy allows the role',
};
