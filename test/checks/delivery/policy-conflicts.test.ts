import { Aspects, CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnResourcePolicy, CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnTopic, CfnTopicInlinePolicy, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { WildcardPrincipalAspect } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, testFunction } from '../../support/apps';
import { faults, annotationsOf } from '../../support/faults';
import {
  LENIENT,
  busArn,
  functionArn,
  inThreeAccounts,
  cfnEventBus,
  cfnPermission,
  cfnEventBusPolicy,
  cfnRule,
  executionRole,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
const EVENTS = { Service: 'events.amazonaws.com' };
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allowed = (resource: string, action: string, Principal: object | string = EVENTS) => ({
  Effect: 'Allow',
  Principal,
  Action: action,
  Resource: resource,
  Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
});
const put = (account = BILLING) => ({
  Sid: 'Put',
  Effect: 'Allow',
  Principal: { AWS: rootArn(account) },
  Action: 'events:PutEvents',
  Resource: busArn(),
});

const queues =
  (...ids: string[]) =>
  (stack: Stack) => {
    const queue = new CfnQueue(stack, 'Queue', { queueName: 'queue' });
    return {
      queue,
      policies: ids.map(
        (id) =>
          new CfnQueuePolicy(stack, id, {
            queues: [queue.ref],
            policyDocument: document(allowed(queue.attrArn, 'sqs:SendMessage')),
          }),
      ),
    };
  };
const toQueue = (stack: Stack, arn: string) => {
  cfnEventBus(stack);
  cfnRule(stack, { arn }, { eventBusName: 'orders' });
};
const inline = (stack: Stack, queue: CfnQueue) =>
  new CfnResource(stack, 'Inline', {
    type: 'AWS::SQS::QueueInlinePolicy',
    properties: { Queue: queue.ref, PolicyDocument: document(allowed(queue.attrArn, 'sqs:SendMessage')) },
  });
const condition = (stack: Stack, id: string) =>
  new CfnCondition(stack, id, { expression: Fn.conditionEquals(id, 'x') });

faults('a policy that several resources set', {
  finds: FindingId.RESOURCE_POLICY_CONFLICT,
  level: 'error',
  healthy: {
    'one policy for a queue, with two statements': inThreeAccounts(({ hub }) => {
      const queue = new CfnQueue(hub, 'Queue', { queueName: 'queue' });
      new CfnQueuePolicy(hub, 'Policy', {
        queues: [queue.ref],
        policyDocument: document(allowed(queue.attrArn, 'sqs:SendMessage'), allowed(queue.attrArn, 'sqs:GetQueueUrl')),
      });
      toQueue(hub, queue.attrArn);
    }),
    'several statements of a bus policy, one resource each': inThreeAccounts(({ hub }) => {
      const bus = cfnEventBus(hub);
      cfnEventBusPolicy(hub, {}, { id: 'One', sid: 'One' }).addDependency(bus);
      cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(BILLING) } }, { id: 'Two', sid: 'Two' }).addDependency(bus);
    }),
    'two policies for a queue with different conditions': inThreeAccounts(({ hub }) => {
      const { queue, policies } = queues('One', 'Two')(hub);
      const [one, two] = ['One', 'Two'].map((id) => condition(hub, `Is${id}`));
      [policies[0].cfnOptions.condition, policies[1].cfnOptions.condition] = [one, two];
      cfnEventBus(hub);
      expect(queue.queueName).toBe('queue');
    }),
  },
  faulty: {
    'of a bus, by its property and by a statement': {
      at: '/Hub/Bus',
      app: inThreeAccounts(({ hub }) =>
        cfnEventBusPolicy(hub).addDependency(cfnEventBus(hub, 'Bus', 'orders', { policy: document(put()) })),
      ),
    },
    'of a bus, from two stacks': {
      at: '/Hub/Bus',
      app: inThreeAccounts((three) => {
        cfnEventBus(three.hub, 'Bus', 'orders', { policy: document(put()) });
        cfnEventBusPolicy(three.stack('Other', { account: '111111111111', region: 'eu-west-1' }));
      }),
    },
    'of a queue': {
      at: '/Hub/One',
      app: inThreeAccounts(({ hub }) => toQueue(hub, queues('One', 'Two')(hub).queue.attrArn)),
    },
    'of a queue, inline and attached': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) => {
        const { queue } = queues('One')(hub);
        inline(hub, queue);
        toQueue(hub, queue.attrArn);
      }),
    },
    'of a topic, inline and attached': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) => {
        const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic' });
        new CfnTopicPolicy(hub, 'Policy', {
          topics: [topic.ref],
          policyDocument: document(allowed(topic.ref, 'sns:Publish')),
        });
        new CfnTopicInlinePolicy(hub, 'Inline', {
          topicArn: topic.ref,
          policyDocument: document(allowed(topic.ref, 'sns:Publish')),
        });
        toQueue(hub, topic.ref);
      }),
    },
    'of a stream': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) => {
        const stream = new CfnStream(hub, 'Stream', { name: 'stream', shardCount: 1 });
        for (const id of ['One', 'Two']) {
          const resourcePolicy = document(allowed(stream.attrArn, 'kinesis:PutRecord'));
          new CfnResourcePolicy(hub, id, { resourceArn: stream.attrArn, resourcePolicy });
        }
        cfnEventBus(hub);
        const { roleArn } = executionRole(hub, RULE, stream.attrArn, 'kinesis:PutRecord');
        cfnRule(hub, { arn: stream.attrArn, roleArn }, { eventBusName: 'orders' });
      }, LENIENT),
    },
    'of a function, as a whole and by a permission': {
      at: '/Hub/Whole',
      app: inThreeAccounts(({ hub }) => {
        const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
        new CfnResource(hub, 'Whole', {
          type: 'AWS::Lambda::ResourcePolicy',
          properties: {
            ResourceArn: handler.functionArn,
            PolicyDocument: document(allowed(functionArn('handler'), 'lambda:InvokeFunction')),
          },
        });
        cfnPermission(hub, handler.functionArn, RULE);
        toQueue(hub, functionArn('handler'));
      }, LENIENT),
    },
    'of a queue, one of them with a condition': {
      level: 'warning',
      at: '/Hub/One',
      app: inThreeAccounts(({ hub }) => {
        const { queue, policies } = queues('One', 'Two')(hub);
        policies[1].cfnOptions.condition = condition(hub, 'IsTwo');
        toQueue(hub, queue.attrArn);
      }),
    },
  },
});

test('an inline policy of a topic allows EventBridge, and is evaluated for wildcard principals', () => {
  const app = (Principal: object | string) =>
    inThreeAccounts(({ hub }) => {
      const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic' });
      const open = { Effect: 'Allow', Principal, Action: 'sns:Publish', Resource: topic.ref };
      new CfnTopicInlinePolicy(hub, 'Inline', {
        topicArn: topic.ref,
        policyDocument: document(allowed(topic.ref, 'sns:Publish'), open),
      });
      toQueue(hub, topic.ref);
    })();
  const findings = (synthesized: ReturnType<typeof app>) => {
    Aspects.of(synthesized).add(new WildcardPrincipalAspect());
    return annotationsOf(synthesized).map(({ id, at }) => `${at} ${id}`);
  };
  expect(findings(app({ AWS: rootArn(BILLING) }))).toEqual([]);
  expect(findings(app('*'))).toEqual([`/Hub/Inline ${FindingId.WILDCARD_PRINCIPAL}`]);
});
