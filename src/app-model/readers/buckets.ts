import { isObject, Json, toText } from '../../iam/statement';
import { Ternary } from '../../iam/ternary';
import { ResourceReaders, baseOf } from '../read-context';

/** Buckets, and the custom resources that configure their notifications. */
export const BUCKET_READERS: ResourceReaders = {
  'AWS::S3::Bucket': (context) => {
    const { NotificationConfiguration } = context.properties;
    const sendsEvents = sendsEventsTo(NotificationConfiguration);
    context.model.buckets.push({ ...baseOf(context), name: context.attributes.Ref, sendsEvents });
  },
  // The custom resource that an L2 bucket creates for its notifications.
  'Custom::S3BucketNotifications': ({ model, properties }) => {
    const { BucketName, NotificationConfiguration } = properties;
    model.bucketNotifications.push({
      bucketName: toText(BucketName),
      sendsEvents: sendsEventsTo(NotificationConfiguration),
    });
  },
};

/**
 * Whether a notification configuration sends events to EventBridge.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
 */
function sendsEventsTo(configuration: Json | undefined): Ternary {
  if (configuration === undefined) return false;
  if (!isObject(configuration)) return undefined;
  const { EventBridgeConfiguration } = configuration;
  if (EventBridgeConfiguration === undefined) return false;
  if (!isObject(EventBridgeConfiguration)) return undefined;
  const { EventBridgeEnabled } = EventBridgeConfiguration;
  if (EventBridgeEnabled === undefined) return true;
  const enabled = toText(EventBridgeEnabled).toLowerCase();
  if (enabled === 'true') return true;
  return enabled === 'false' ? false : undefined;
}
