import { Annotations, Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { compare } from './environment';
import { invalid } from './errors';
import { isMadeHere } from './event-buses';
import { FindingId } from '../finding-id';

/** What sends its undelivered events to a queue: a rule or a bus. */
export interface DeadLetterSource {
  readonly construct: IConstruct;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');

/**
 * Lets EventBridge write the undelivered events of a rule or bus to a queue: the queue policy, and the key of an encrypted queue.
 * On a queue that the app cannot change, a warning gives the statement to add.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function allowDeadLetters(source: DeadLetterSource, queue: sqs.IQueue): void {
  const { construct, arn, account, region } = source;
  if (compare(region, queue.env.region) === 'different') {
    throw invalid(construct, `'deadLetterQueue' must be in region ${region}, got one in ${queue.env.region}; make a queue beside the rule or bus`);
  }
  if (queue.fifo) {
    throw invalid(construct, `'deadLetterQueue' must be a standard queue, got the FIFO queue '${queue.node.path}'; make one without 'fifo'`);
  }
  const statement = new iam.PolicyStatement({
    sid: `EventBridge${Names.nodeUniqueId(construct.node)}`.slice(-128),
    principals: [EVENTS],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': arn } },
  });
  const changeable = isMadeHere(queue) && compare(account, queue.env.account) !== 'different';
  if (!changeable) {
    Annotations.of(construct).addWarningV2(FindingId.QUEUE_GRANT_ELSEWHERE,
      `undelivered events are lost until the policy of queue ${queue.queueArn} has this statement: ${JSON.stringify(statement.toStatementJson())}`);
    return;
  }
  queue.addToResourcePolicy(statement);
  // Bound to the account, not to the rule: the rule refers to the queue and the queue to its key, so a third reference would close a circle.
  queue.encryptionMasterKey?.addToResourcePolicy(new iam.PolicyStatement({
    principals: [EVENTS],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  }), true);
}
