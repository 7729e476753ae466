import { CfnParameter, Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ApiGateway, ApiGatewayProps, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks, EventAssertions, SqsEventTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, messagesOf, testApp, testStack } from '../../support/apps';
import { faults } from '../../support/faults';
import { brief } from '../../support/messages';
import {
  LENIENT,
  busArn,
  cfnRule,
  executionRole,
  inThreeAccounts,
  queueArn,
  ruleArn,
} from '../../support/three-accounts';

const GROUP = { sqsParameters: { messageGroupId: 'orders' } };
const at = '/Hub/Rule';

/** A rule with a FIFO queue as target, whose policy allows it. */
const toFifoQueue = (target: object, queueProps: object = { contentBasedDeduplication: true }) =>
  inThreeAccounts(({ hub }) => {
    const queue = new Queue(hub, 'Queue', { queueName: 'orders.fifo', fifo: true, ...queueProps });
    const rule = cfnRule(hub, { arn: queue.queueArn, ...target });
    const conditions = { ArnEquals: { 'aws:SourceArn': rule.attrArn } };
    const principals = [new ServicePrincipal('events.amazonaws.com', { conditions })];
    queue.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
    );
  });

/** A rule with a target whose role may do what the target needs. */
const toTarget = (arn: string | ((stack: Stack) => string), action: string) =>
  inThreeAccounts(({ hub }) => {
    const targetArn = typeof arn === 'string' ? arn : arn(hub);
    cfnRule(hub, { arn: targetArn, roleArn: executionRole(hub, ruleArn('rule'), targetArn, action).roleArn });
  }, LENIENT);

const topic = (props: object) => (stack: Stack) => new CfnTopic(stack, 'Topic', props).ref;

faults('a FIFO queue as the target of a rule', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: {
    'a message group': toFifoQueue(GROUP),
    'a message group that is known only at deployment': inThreeAccounts(({ hub }) => {
      const queue = new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true });
      const messageGroupId = new CfnParameter(hub, 'Group', { default: 'orders' }).valueAsString;
      new Rule(hub, 'Rule', {
        eventPattern: { source: ['com.shop'] },
        targets: [new SqsQueue(queue, { messageGroupId })],
      });
    }),
    'a deduplication that is known only at deployment': inThreeAccounts(({ hub }) => {
      const queue = new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true });
      const parameter = new CfnParameter(hub, 'Deduplication', { default: 'true' });
      (queue.node.defaultChild as CfnQueue).addPropertyOverride('ContentBasedDeduplication', parameter.valueAsString);
      const targets = [new SqsEventTarget(queue, { messageGroupId: 'orders' })];
      new Rule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
    }),
  },
  faulty: {
    'no message group': { at, app: toFifoQueue({}) },
    'an empty message group': { at, app: toFifoQueue({ sqsParameters: { messageGroupId: '' } }) },
    'no message group, by ARN': { at, app: toTarget(queueArn('orders.fifo'), 'sqs:SendMessage') },
    'no deduplication': { at: '/Hub/Queue', app: toFifoQueue(GROUP, {}) },
    'a deduplication that an override removes': {
      at: '/Hub/Queue',
      app: inThreeAccounts(({ hub }) => {
        const queue = new Queue(hub, 'Queue', { fifo: true, contentBasedDeduplication: true });
        const targets = [new SqsEventTarget(queue, { messageGroupId: 'orders' })];
        new Rule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
        (queue.node.defaultChild as CfnQueue).contentBasedDeduplication = false;
      }),
    },
  },
});

faults('a FIFO topic as the target of a rule', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: { 'a standard topic': toTarget(topic({ topicName: 'fifo' }), 'sns:Publish') },
  faulty: {
    'a FIFO topic': { at, app: toTarget(topic({ topicName: 'orders.fifo', fifoTopic: true }), 'sns:Publish') },
  },
});

const toApi = (props: ApiGatewayProps) =>
  inThreeAccounts(({ hub }) => {
    const api = new RestApi(hub, 'Api', { cloudWatchRole: false });
    const orders = api.root.addResource('orders');
    orders.addMethod('POST', new MockIntegration());
    orders.addResource('{id}').addMethod('ANY', new MockIntegration());
    new Rule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets: [new ApiGateway(api, props)] });
  });

faults('a method of a REST API as the target of a rule', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: {
    'a method of the API': toApi({ path: '/orders', method: 'POST' }),
    'a method with a parameter': toApi({ path: '/orders/*', method: 'PUT', pathParameterValues: ['$.detail.id'] }),
  },
  faulty: {
    'another path': { at, app: toApi({ path: '/order', method: 'POST' }) },
    'another method': { at, app: toApi({ path: '/orders', method: 'PUT' }) },
    'a path without a method': { at, app: toApi({ path: '/', method: 'POST' }) },
  },
});

const inChina = (arn: string, region = 'cn-north-1') =>
  arn.replace('arn:aws:', 'arn:aws-cn:').replace(HUB.region, region);

faults('a target in another partition', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: {},
  faulty: {
    'a bus': { at, app: toTarget(inChina(busArn()), 'events:PutEvents') },
    'a queue': { at, app: toTarget(inChina(queueArn('orders')), 'sqs:SendMessage') },
    'a queue of that partition in the Region of the rule': {
      at,
      app: toTarget(inChina(queueArn('orders'), HUB.region), 'sqs:SendMessage'),
    },
    'a queue by a target of this library': {
      at,
      app: inThreeAccounts(({ hub }) => {
        const queue = Queue.fromQueueArn(hub, 'Imported', inChina(queueArn('orders'), HUB.region));
        const targets = [new SqsQueue(queue)];
        new Rule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
      }),
    },
  },
});

test.each([
  ['in a Region that is known only at deployment', undefined],
  ['in a Region that is newer than aws-cdk-lib', 'cn-new-1'],
])('a target may be in the partition of its rule %s', (_, region) => {
  const app = testApp();
  const hub = testStack('Hub', { account: HUB.account, region }, app);
  const arn = hub.formatArn({ partition: 'aws-cn', service: 'sqs', resource: 'orders' });
  new CfnRule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets: [{ id: 'Queue', arn }] });
  CrossAccountEventChecks.applyTo(app);
  expect(messagesOf(hub).map(brief)).toEqual(['warning manuallyAddQueuePolicy /Hub/Rule']);
});

test('a rule with a FIFO queue without deduplication still delivers to its other target', () => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const [fifo, standard] = [new Queue(hub, 'Fifo', { fifo: true }), new Queue(hub, 'Standard')];
  const targets = [new SqsQueue(fifo, { messageGroupId: 'orders' }), new SqsQueue(standard)];
  const eventBus = new EventBus(hub, 'Bus');
  const rule = new Rule(hub, 'Rule', { eventBus, eventPattern: { source: ['com.shop'] }, targets });
  const event = { source: 'com.shop', detailType: 'OrderPlaced' };
  const events = EventAssertions.of(app);
  events.refused({ publisher: rule, event, target: fifo });
  events.delivered({ publisher: rule, event, target: standard });
});
