import { Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow, arnIn } from './fix-row';
import { RULE, eventPattern } from './rules';
import { HUB } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  queueArn,
  ruleArn,
} from '../../support/three-accounts';

/** A rule that sends to a queue, with another queue for dead letters. */
function withDeadLetters({ hub }: ThreeAccounts, deadLetterArn: string): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const queue = new Queue(hub, 'RuleQueue', { queueName: 'target' });
  queue.grantSendMessages(
    new ServicePrincipal('events.amazonaws.com', { conditions: { ArnEquals: { 'aws:SourceArn': RULE } } }),
  );
  const target = { arn: queue.queueArn, deadLetterConfig: { arn: deadLetterArn } };
  cfnRule(hub, target, { eventBusName: 'orders', eventPattern });
}

function letters(stack: Stack, allowedRule?: string, props: object = {}): string {
  const queue = new CfnQueue(stack, 'Letters', { queueName: 'letters', ...props });
  if (allowedRule) {
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue.attrArn,
      Condition: { ArnEquals: { 'aws:SourceArn': allowedRule } },
    };
    const policyDocument = { Version: '2012-10-17', Statement: [Statement] };
    new CfnQueuePolicy(stack, 'LettersPolicy', { queues: [queue.ref], policyDocument });
  }
  return queue.attrArn;
}

export const QUEUE_FIXES: readonly FixRow[] = [
  {
    what: 'a statement for the rule',
    finds: 'deadLetterQueueAccessDenied',
    names: ['events.amazonaws.com', 'sqs:SendMessage', `'aws:SourceArn' ${RULE}`],
    app: (three, fix) => withDeadLetters(three, letters(three.hub, fix && arnIn(fix))),
  },
  {
    what: "a statement for another rule gets the rule's ARN",
    finds: 'deadLetterQueueAccessDenied',
    names: [ruleArn('orders/other'), RULE],
    app: (three, fix) => withDeadLetters(three, letters(three.hub, fix ? RULE : ruleArn('orders/other'))),
  },
  {
    what: 'a statement for another rule gets the ARN of the rule whose target the queue is',
    finds: 'targetAccessDenied',
    names: [`change 'aws:SourceArn' of statement '#1' from ${ruleArn('orders/other')} to ${RULE}`],
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const arn = letters(hub, ruleArn(fix ? 'orders/rule' : 'orders/other'));
      cfnRule(hub, { arn }, { eventBusName: 'orders', eventPattern });
      cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern }, 'Other');
    },
  },
  {
    what: 'a standard queue',
    finds: 'deadLetterQueueAccessDenied',
    names: 'use a standard queue',
    app: (three, fix) => {
      const props = fix ? {} : { queueName: 'letters.fifo', fifoQueue: true };
      withDeadLetters(three, letters(three.hub, RULE, props));
    },
  },
  {
    what: 'a queue in the Region of the rule',
    finds: 'deadLetterQueueAccessDenied',
    names: 'use a queue in Region eu-west-1',
    app: (three, fix) => {
      const far = three.stack('Far', { account: HUB.account, region: 'us-east-1' });
      new Queue(far, 'Other');
      letters(fix ? three.hub : far, RULE);
      withDeadLetters(three, queueArn('letters', { account: HUB.account, region: fix ? 'eu-west-1' : 'us-east-1' }));
    },
  },
  {
    what: 'a key that EventBridge can use',
    finds: 'kmsKeyAccessDenied',
    names: ['kms:DescribeKey, kms:GenerateDataKey and kms:Decrypt', `'aws:SourceArn' ${busArn()}`],
    app: ({ hub }, fix) => {
      const key = new Key(hub, 'Key');
      if (fix) {
        const conditions = { ArnEquals: { 'aws:SourceArn': arnIn(fix) } };
        key.grant(
          new ServicePrincipal('events.amazonaws.com', { conditions }),
          'kms:DescribeKey',
          'kms:GenerateDataKey',
          'kms:Decrypt',
        );
      }
      new CfnEventBus(hub, 'Bus', { name: 'orders', kmsKeyIdentifier: key.keyArn });
    },
  },
  {
    what: 'a customer managed key for a queue',
    finds: 'kmsKeyAccessDenied',
    names: 'a customer managed key whose policy allows events.amazonaws.com',
    app: (three, fix) => {
      const key = new Key(three.hub, 'Key');
      key.grant(new ServicePrincipal('events.amazonaws.com'), 'kms:GenerateDataKey', 'kms:Decrypt');
      const { keyArn } = key;
      withDeadLetters(three, letters(three.hub, RULE, { kmsMasterKeyId: fix ? keyArn : 'alias/aws/sqs' }));
    },
  },
  {
    what: 'SSE-SQS for a queue',
    finds: 'kmsKeyAccessDenied',
    names: 'SSE-SQS (QueueEncryption.SQS_MANAGED)',
    app: (three, fix) => {
      const props = fix ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: 'alias/aws/sqs' };
      withDeadLetters(three, letters(three.hub, RULE, props));
    },
  },
];
