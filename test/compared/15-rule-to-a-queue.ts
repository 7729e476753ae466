import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Gap } from './gap';
import { CrossAccountEventBus, SqsEventTarget } from 'cdk-cross-account-eventbridge';

export const ruleToAQueue: Gap = {
  file: __filename,
  title: 'A rule that sends to a queue of another account',
  inShort: 'aws-cdk-lib throws an error, or uses the default bus of that account',
  why:
    'Since January 2025, EventBridge can [send to queues of other accounts ' +
    'directly](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html), with an ' +
    'execution role ([aws-cdk #33328](https://github.com/aws/aws-cdk/issues/33328)).',
  shows: [
    'AWS::Events::Rule',
    'AWS::IAM::Role',
    'AWS::IAM::Policy',
    'AWS::SQS::QueuePolicy',
    'AWS::Events::EventBusPolicy',
  ],

  withAwsCdkLib: ({ hub, consumer }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const queue = new Queue(consumer, 'Queue', { queueName: 'invoices' });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.SqsQueue(queue)] });
  },
  thenAwsCdkLib:
    'The queue policy names the rule, so `Rule` throws an error. If the rule has a name, aws-cdk-lib uses the ' +
    'default bus of the consumer account, as for a function, and EventBridge rejects the target.',

  withThisLibrary: ({ hub, consumer }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const queue = new Queue(consumer, 'Queue', { queueName: 'invoices' });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new SqsEventTarget(queue)] });
  },
  thenThisLibrary:
    'The rule sends to the queue with an execution role that only this rule can use, and the queue policy allows ' +
    'only that role.',
};
