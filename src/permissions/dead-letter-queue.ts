import * as sqs from 'aws-cdk-lib/aws-sqs';
import { QueuePurpose, QueueSource, grantQueueAccess } from './queue-access';
import { deadLetterNeedOf } from '../checks/delivery/lib/needs';
import { validationError } from '../core/validation-error';
import { DEAD_LETTERS_STATEMENT_ID } from '../util/names';

const DEAD_LETTERS: QueuePurpose = {
  property: 'deadLetterQueue',
  statementId: DEAD_LETTERS_STATEMENT_ID,
  consequence: 'undelivered events are lost',
  need: deadLetterNeedOf,
};

/**
 * Allows EventBridge to send the undelivered events of a rule or bus to a queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function grantDeadLetterAccess(source: QueueSource, queue: sqs.IQueue): void {
  if (queue.fifo) {
    throw validationError(
      source.construct,
      `'deadLetterQueue' must be a standard queue, got the FIFO queue '${queue.node.path}'; use a queue without 'fifo'`,
    );
  }
  grantQueueAccess(source, queue, DEAD_LETTERS);
}
