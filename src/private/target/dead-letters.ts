import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { FindingId } from '../../finding-id';
import { isMadeHere } from '../bus/event-buses';
import { compare, refuseUnnamed } from '../environment';
import { invalid } from '../errors';
import { holdArn } from '../held-arns';
import { warnOfOutside } from '../outside';
import { synthesizedStageOf, tooLate } from '../synthesized';

/** What sends its undelivered events to a queue: a rule or a bus. */
export interface DeadLetterSource {
  readonly construct: IConstruct;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Account of the bus of a rule that another account has there: AWS does not document for which of them EventBridge acts. */
  readonly busAccount?: string;
}

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');

/**
 * Lets EventBridge write the undelivered events of a rule or bus to a queue: the queue policy, and the key of an encrypted queue.
 * On a queue or key that the app does not make, a warning gives the statement to add.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function allowDeadLetters(source: DeadLetterSource, queue: sqs.IQueue): void {
  refuseUnusable(source, queue);
  const statement = new iam.PolicyStatement({
    sid: `EventBridge${Names.nodeUniqueId(source.construct.node)}`.slice(-128),
    principals: [EVENTS],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': source.arn } },
  });
  if (isMadeHere(queue)) {
    queue.addToResourcePolicy(statement);
  } else {
    warnOf(source.construct, 'queue', queue.queueArn, statement);
  }
  allowKey(source, queue);
}

function refuseUnusable({ construct, region }: DeadLetterSource, queue: sqs.IQueue): void {
  if (compare(region, queue.env.region) === 'different') {
    throw invalid(construct, `'deadLetterQueue' must be in region ${region}, got one in ${queue.env.region}; make a queue beside the rule or bus`);
  }
  if (queue.fifo) {
    throw invalid(construct, `'deadLetterQueue' must be a standard queue, got the FIFO queue '${queue.node.path}'; make one without 'fifo'`);
  }
  if (queue.encryptionType === sqs.QueueEncryption.KMS_MANAGED) {
    throw invalid(construct, `'deadLetterQueue' must not be encrypted with the AWS managed key, got '${queue.node.path}'; the policy of that key never lets `
      + 'EventBridge in: use QueueEncryption.SQS_MANAGED, or KMS with a key of your own');
  }
  const stage = isMadeHere(queue) ? synthesizedStageOf(queue) : undefined;
  if (stage) {
    throw tooLate(construct, 'deadLetterQueue', stage, {
      must: 'be given to its rules and buses', got: `'${queue.node.path}', whose policy in the template does not have this one`,
    });
  }
  if (compare(Stack.of(construct).account, queue.env.account) === 'unknown' && isMadeHere(queue)) {
    throw invalid(construct, `'deadLetterQueue' must be of a stack whose account is known if that of this one is, and unknown if not, got '${queue.node.path}'; `
      + "the policy of the queue cannot name what is of another account for all that is known: give both stacks an 'env'");
  }
  refuseUnnamed(construct, 'deadLetterQueue', queue, queue.queueArn, 'queueName');
  const resource = queue.node.defaultChild;
  if (sqs.CfnQueue.isCfnQueue(resource)) holdArn(resource, resource.attrArn, queue.queueArn, construct);
}

/** The key by the account of the rule or bus: the rule refers to the queue and the queue to its key, so a third reference would close a circle. */
function allowKey({ construct, account, busAccount }: DeadLetterSource, queue: sqs.IQueue): void {
  const key = queue.encryptionMasterKey;
  if (!key) return;
  const statement = new iam.PolicyStatement({
    principals: [EVENTS],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': busAccount === undefined ? account : [busAccount, account] } },
  });
  const { statementAdded } = key.addToResourcePolicy(statement, true);
  if (!statementAdded) warnOf(construct, 'key', key.keyArn, statement);
}

function warnOf(construct: IConstruct, what: 'queue' | 'key', arn: string, statement: iam.PolicyStatement): void {
  warnOfOutside(construct, FindingId.QUEUE_GRANT_ELSEWHERE,
    (text) => `undelivered events are lost until the policy of ${what} ${text(arn)} has this statement: ${text(statement.toStatementJson())}`);
}
