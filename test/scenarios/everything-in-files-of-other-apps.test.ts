import { CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { HUB, SHOP } from '../support/apps';
import { SeparateApps, WAYS, Way, findingsAmong } from '../support/separate-apps';

const QUEUE_URL = `https://sqs.${HUB.region}.amazonaws.com/${HUB.account}/letters`;
const QUEUE_ARN = `arn:aws:sqs:${HUB.region}:${HUB.account}:letters`;

/** A queue policy that allows a service. */
const queuePolicy = (service: string) => (stack: Stack) => {
  const allow = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
  };
  new CfnQueuePolicy(stack, 'Policy', { queues: [QUEUE_URL], policyDocument: { Statement: [allow] } });
};

/** An app without anything about events. A template needs some resource. */
const other = { env: HUB, define: (stack: Stack) => void new CfnWaitConditionHandle(stack, 'Handle') };

const app = (define: (stack: Stack) => void) => ({ env: SHOP, define });

describe.each(Object.keys(WAYS) as Way[])('an app that knows another one by its %s', (way) => {
  test('finds that a queue policy of the other app conflicts, whichever service it allows', () => {
    const define = (stack: Stack) => {
      new CfnQueue(stack, 'Letters', { queueName: 'letters' });
      queuePolicy('s3.amazonaws.com')(stack);
    };
    const apps: SeparateApps = { Hub: { env: HUB, define }, Shop: app(queuePolicy('events.amazonaws.com')) };
    expect(findingsAmong(apps, 'Shop', way)).toEqual(['error resourcePolicyConflict /Shop/Policy']);
  });

  test('finds that the other app does not define a queue, in an account where it has nothing about events', () => {
    const define = (stack: Stack) => {
      new CfnEventBus(stack, 'Bus', { name: 'orders', deadLetterConfig: { arn: QUEUE_ARN } });
    };
    expect(findingsAmong({ Hub: other, Shop: app(define) }, 'Shop', way)).toEqual(['error resourceNotFound /Shop/Bus']);
  });
});
