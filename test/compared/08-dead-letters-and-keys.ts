import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const deadLettersAndKeys: Gap = {
  file: __filename,
  title: 'Dead letters and keys',
  inShort: 'are left to you: the queue takes no letters, the archive is not encrypted with your key',
  why:
    'EventBridge writes to a dead-letter queue only if the ' +
    '[queue](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html) ' +
    'and its key let ' +
    'it (for targets see [aws-cdk #33169](https://github.com/aws/aws-cdk/issues/33169)). The L2 ' +
    'of an archive takes a key that `archive()` does not hand on ' +
    '([#38298](https://github.com/aws/aws-cdk/issues/38298)), and made by itself with that key ' +
    'it closes a circle of key and bus.',
  shows: ['AWS::SQS::QueuePolicy', 'AWS::Events::Archive', 'AWS::KMS::Key'],

  withAwsCdkLib: ({ hub }) => {
    const kmsKey = new Key(hub, 'Key', { description: 'of the bus' });
    const deadLetterQueue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey, deadLetterQueue });
    bus.archive('Archive', { eventPattern: { source: ['com.example.shop'] }, kmsKey });
  },
  thenAwsCdkLib: 'no queue policy, no leave to use the key of the queue, and an archive with an empty key id.',

  withThisLibrary: ({ hub }) => {
    const kmsKey = new Key(hub, 'Key', { description: 'of the bus' });
    const deadLetterQueue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey, deadLetterQueue });
    bus.archive('Archive', { eventPattern: { source: ['com.example.shop'] }, kmsKey });
  },
  thenThisLibrary:
    'queue and keys let EventBridge in, and the archive has the key. (Without `kmsKey` it has that of its bus.)',
};
