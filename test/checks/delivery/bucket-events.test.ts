import { CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EventAssertions } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, testApp, testStack } from '../../support/apps';
import { faults } from '../../support/faults';
import { cfnRuleToQueue, inThreeAccounts } from '../../support/three-accounts';

const named = (...name: unknown[]) => ({
  source: ['aws.s3'],
  'detail-type': ['Object Created'],
  detail: { bucket: { name } },
});
const byArn = (arn: string, more: object = { 'detail-type': ['Object Created'] }) => ({
  source: ['aws.s3'],
  resources: [arn],
  ...more,
});

/** A rule for the events of a bucket. */
const l1 = (
  props: object | ((stack: Stack) => object),
  pattern: (bucket: CfnBucket) => object = (bucket) => named(bucket.ref),
  more: (bucket: CfnBucket) => unknown = () => undefined,
) =>
  inThreeAccounts(({ hub }) => {
    const bucket = new CfnBucket(hub, 'Bucket', typeof props === 'function' ? props(hub) : props);
    cfnRuleToQueue(hub, { eventPattern: pattern(bucket) });
    more(bucket);
  });

const l2 = (eventBridgeEnabled: boolean | undefined, bucketName?: string) =>
  inThreeAccounts(({ hub }) => {
    const bucket = new Bucket(hub, 'Bucket', { eventBridgeEnabled, bucketName });
    const eventPattern = {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucketName ?? bucket.bucketName] }, object: { key: [{ prefix: 'in/' }] } },
    };
    new Rule(hub, 'Rule', { eventPattern, targets: [new SqsQueue(new Queue(hub, 'Queue'))] });
  });

const enabled = (eventBridgeEnabled = true) => ({
  notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled } },
});

const putNotification = (bucket: CfnBucket, action: string) =>
  new CfnResource(bucket.stack, 'Call', {
    type: 'Custom::AWS',
    properties: { Create: Fn.join('', [`{"action":"${action}","parameters":{"Bucket":"`, bucket.ref, '"}}']) },
  });

const at = '/Hub/Bucket';

faults('a rule for events of a bucket that sends none to EventBridge', {
  finds: FindingId.BUCKET_EVENTS_DISABLED,
  level: 'error',
  healthy: {
    'an L2 bucket with EventBridge': l2(true),
    'an L2 bucket with EventBridge, by name': l2(true, 'orders-of-2026'),
    'an L1 bucket with EventBridge': l1(enabled()),
    'an L1 bucket with an empty configuration': l1({}, undefined, (bucket) =>
      bucket.addOverride('Properties.NotificationConfiguration.EventBridgeConfiguration', {
        EventBridgeEnabled: 'true',
      }),
    ),
    'a configuration by a condition': l1((stack) => ({
      notificationConfiguration: Fn.conditionIf(
        new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals(stack.region, 'x') }).logicalId,
        { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        { Ref: 'AWS::NoValue' },
      ),
    })),
    'a notification that a custom resource configures': l1({}, undefined, (bucket) =>
      putNotification(bucket, 'putBucketNotificationConfiguration'),
    ),
    'a bucket that is not defined in this app': l1({}, () => named('another-bucket')),
    'events that AWS CloudTrail delivers': l1({}, (bucket) =>
      byArn(bucket.attrArn, { 'detail-type': ['AWS API Call via CloudTrail'] }),
    ),
    'events of any type by ARN': l1({}, (bucket) => byArn(bucket.attrArn, {})),
    'names by a prefix': l1({ bucketName: 'orders-of-2026' }, () => named({ prefix: 'orders-' })),
    'a trail of aws-cdk-lib': inThreeAccounts(({ hub }) => {
      const target: OnEventOptions = { target: new SqsQueue(new Queue(hub, 'Queue')) };
      new Bucket(hub, 'Bucket').onCloudTrailPutObject('Put', target);
    }),
    'a disabled rule': inThreeAccounts(({ hub }) => {
      const bucket = new CfnBucket(hub, 'Bucket');
      cfnRuleToQueue(hub, { eventPattern: named(bucket.ref), state: 'DISABLED' });
    }),
  },
  faulty: {
    'an L2 bucket': { at, app: l2(undefined) },
    'an L2 bucket by name': { at, app: l2(false, 'orders-of-2026') },
    'an L1 bucket': { at, app: l1({}) },
    'an L1 bucket by ARN': { at, app: l1({}, (bucket) => byArn(bucket.attrArn)) },
    'an L1 bucket with EventBridge disabled': { at, app: l1(enabled(false)) },
    'an L1 bucket with other notifications': {
      at,
      app: l1({ notificationConfiguration: { topicConfigurations: [] } }),
    },
    'a custom resource that does something else': {
      at,
      app: l1({}, undefined, (bucket) => putNotification(bucket, 'putBucketTagging')),
    },
    'a rule for two buckets of which one sends events': {
      at,
      level: 'warning',
      app: inThreeAccounts(({ hub }) => {
        const sending = new CfnBucket(hub, 'Sending', enabled());
        cfnRuleToQueue(hub, { eventPattern: named(new CfnBucket(hub, 'Bucket').ref, sending.ref) });
      }),
    },
    'two rules for the events of one bucket': {
      at,
      app: l1({}, undefined, (bucket) => cfnRuleToQueue(bucket.stack, { eventPattern: named(bucket.ref) }, 'Second')),
    },
    'two rules for one bucket, of which one also matches events of another': {
      at,
      app: l1({}, undefined, (bucket) =>
        cfnRuleToQueue(bucket.stack, { eventPattern: named(bucket.ref, 'another-bucket') }, 'Second'),
      ),
    },
  },
});

test('the finding on a bucket is about each rule for its events', () => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const bucket = new Bucket(hub, 'Bucket', { bucketName: 'orders-of-2026' });
  const eventPattern = { source: ['aws.s3'], detail: { bucket: { name: [bucket.bucketName] } } };
  const event = {
    source: 'aws.s3',
    detailType: 'Object Created',
    detail: { bucket: { name: 'orders-of-2026' } },
  };
  const bus = EventBus.fromEventBusName(hub, 'Default', 'default');
  const queues = ['First', 'Second'].map((id) => {
    const queue = new Queue(hub, `${id}Queue`);
    new Rule(hub, id, { eventPattern, targets: [new SqsQueue(queue)] });
    return queue;
  });
  const events = EventAssertions.of(app);
  for (const queue of queues) events.refused({ publisher: bus, event, target: queue });
});
