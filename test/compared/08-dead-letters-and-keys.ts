import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const deadLettersAndKeys: Gap = {
  file: __filename,
  title: 'Dead-letter queues and KMS keys',
  inShort: 'aws-cdk-lib creates no queue policy, and does not encrypt the archive with your key',
  why:
    'EventBridge sends events to a dead-letter queue only if the policies of the ' +
    '[queue](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html) and of ' +
    'its key allow it (for targets, see [aws-cdk #33169](https://github.com/aws/aws-cdk/issues/33169)). The ' +
    '`Archive` construct accepts a key, but `archive()` does not pass it on ' +
    '([#38298](https://github.com/aws/aws-cdk/issues/38298)). If you define an `Archive` with the key of its ' +
    'bus, the key and the bus depend on each other.',
  shows: ['AWS::SQS::QueuePolicy', 'AWS::Events::Archive', 'AWS::KMS::Key'],

  withAwsCdkLib: ({ hub }) => {
    const kmsKey = new Key(hub, 'Key', { description: 'of the bus' });
    const deadLetterQueue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey, deadLetterQueue });
    bus.archive('Archive', { eventPattern: { source: ['com.example.shop'] }, kmsKey });
  },
  thenAwsCdkLib: 'The queue has no policy, its key does not allow EventBridge, and the archive has an empty key ID.',

  withThisLibrary: ({ hub }) => {
    const kmsKey = new Key(hub, 'Key', { description: 'of the bus' });
    const deadLetterQueue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey, deadLetterQueue });
    bus.archive('Archive', { eventPattern: { source: ['com.example.shop'] }, kmsKey });
  },
  thenThisLibrary:
    'The policies of the queue and of both keys allow EventBridge, and the archive has the key. If `archive()` ' +
    'gets no `kmsKey`, the archive has the key of its bus.',
};
