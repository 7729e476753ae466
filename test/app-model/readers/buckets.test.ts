import { modelOfResources } from '../../support/template-constructs';

const RULE = {
  Type: 'AWS::Events::Rule',
  Properties: { EventPattern: { source: ['aws.s3'] }, Targets: [] },
};
const eventBridge = (configuration: unknown) => ({ EventBridgeConfiguration: configuration });

test.each<[unknown, boolean | undefined]>([
  [undefined, false],
  [{}, false],
  [{ TopicConfigurations: [] }, false],
  [eventBridge({}), true],
  [eventBridge({ EventBridgeEnabled: true }), true],
  [eventBridge({ EventBridgeEnabled: 'True' }), true],
  [eventBridge({ EventBridgeEnabled: false }), false],
  [eventBridge({ EventBridgeEnabled: 'False' }), false],
  [eventBridge({ EventBridgeEnabled: { Ref: 'Unknown' } }), undefined],
  [eventBridge('text'), undefined],
  ['text', undefined],
])('a bucket with the notifications %j sends its events: %s', (configuration, expected) => {
  const { buckets, bucketNotifications } = modelOfResources({
    Rule: RULE,
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b', NotificationConfiguration: configuration } },
    Custom: {
      Type: 'Custom::S3BucketNotifications',
      Properties: { BucketName: { Ref: 'Bucket' }, NotificationConfiguration: configuration },
    },
  });

  expect(buckets).toEqual([expect.objectContaining({ name: 'b', arn: 'arn:aws:s3:::b', sendsEvents: expected })]);
  expect(bucketNotifications).toEqual([{ bucketName: 'b', sendsEvents: expected }]);
});

test('buckets are not read without a rule for their events', () => {
  const other = { ...RULE, Properties: { ...RULE.Properties, EventPattern: { source: ['shop'] } } };
  const Bucket = { Type: 'AWS::S3::Bucket', Properties: {} };

  expect(modelOfResources({ Rule: other, Bucket }).buckets).toEqual([]);
  expect(modelOfResources({ Rule: RULE, Bucket }).buckets).toHaveLength(1);
});
