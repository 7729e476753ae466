import { CfnRule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow } from './fix-row';
import { RULE, eventPattern, l1RuleTo, ruleWith } from './targets';
import { SqsEventTarget } from '../../../src';
import { ThreeAccounts, executionRole, queueArn } from '../../support/three-accounts';

/** A rule with a FIFO queue as target. The L2 target requires a message group, but not an override. */
function fifoRule({ hub }: ThreeAccounts, hasGroup: boolean): void {
  const fifo = new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true });
  const rule = ruleWith(hub, new SqsEventTarget(fifo, { messageGroupId: 'orders' }));
  if (!hasGroup) (rule.node.defaultChild as CfnRule).addPropertyDeletionOverride('Targets.0.SqsParameters');
}

/** A topic as the target of a rule, whose role may publish to it. */
function topicRule({ hub }: ThreeAccounts, fifo: boolean): void {
  const arn = new CfnTopic(hub, 'Topic', fifo ? { fifoTopic: true, topicName: 'orders.fifo' } : {}).ref;
  const role = executionRole(hub, RULE, arn, 'sns:Publish');
  l1RuleTo(hub, { arn, roleArn: role.roleArn });
}

/** Targets to which EventBridge does not deliver, whatever the policies allow. */
export const REJECTED_TARGET_FIXES: readonly FixRow[] = [
  {
    what: 'a message group for a FIFO queue',
    finds: 'ruleRejected',
    names: "'MessageGroupId' in 'SqsParameters'",
    app: (three, fix) => fifoRule(three, fix !== undefined),
  },
  {
    what: 'deduplication in a FIFO queue',
    finds: 'ruleRejected',
    names: "'contentBasedDeduplication: true'",
    app: ({ hub }, fix) => {
      const queue = new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true });
      ruleWith(hub, new SqsEventTarget(queue, { messageGroupId: 'orders' }));
      (queue.node.defaultChild as CfnQueue).contentBasedDeduplication = fix !== undefined;
    },
  },
  {
    what: 'a standard topic in place of a FIFO topic',
    finds: 'ruleRejected',
    names: 'use a standard topic',
    app: (three, fix) => topicRule(three, fix === undefined),
  },
  {
    what: 'a FIFO queue in place of a FIFO topic',
    finds: 'ruleRejected',
    names: 'a FIFO queue with a message group',
    app: (three, fix) => (fix === undefined ? topicRule(three, true) : fifoRule(three, true)),
  },
  {
    what: 'an ARN in the partition of the rule',
    finds: 'ruleRejected',
    names: 'correct the ARN',
    app: ({ hub }, fix) => {
      const right = new Queue(hub, 'Queue', { queueName: 'orders' });
      const queue = Queue.fromQueueArn(hub, 'Imported', queueArn('orders').replace('arn:aws:', 'arn:aws-cn:'));
      new CfnRule(hub, 'Other', { eventPattern, state: 'DISABLED', targets: [{ id: 'T', arn: right.queueArn }] });
      ruleWith(hub, new SqsQueue(fix === undefined ? queue : right));
    },
  },
];
