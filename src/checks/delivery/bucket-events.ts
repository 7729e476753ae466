import { AppIndex } from '../../app-model/app-index';
import { AppModel, Bucket, Rule } from '../../app-model/app-model';
import { S3_SOURCE } from '../../eventbridge/service-events';
import { Json, isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, createFinding, withAffected } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds buckets of the app whose events a rule matches, but that do not send events to EventBridge. The finding is on
 * the bucket.
 *
 * Blind spots: buckets that are not defined in this app, patterns without bucket, and filters other than exact values.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
 */
export function checkBucketEvents({ model }: AppIndex): Finding[] {
  const silentBuckets = silentBucketsOf(model);
  if (silentBuckets.size === 0) return [];
  const silentRules = model.rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => silentRulesOf(rule, silentBuckets));
  return [...groupedBy(silentRules, ({ bucket }) => bucket)].map(([bucket, found]) => {
    const certain = found.filter(({ isCertain }) => isCertain);
    const rules = (certain.length > 0 ? certain : found).map(({ rule }) => rule);
    return eventsDisabled(bucket, rules, certain.length > 0);
  });
}

/** A rule that matches events of a bucket that sends none. */
interface SilentRule {
  readonly rule: Rule;
  readonly bucket: Bucket;
  /** Whether the rule matches only events of such buckets. */
  readonly isCertain: boolean;
}

function silentRulesOf(rule: Rule, silentBuckets: ReadonlyMap<string, Bucket>): SilentRule[] {
  const buckets = matchedBuckets(rule.pattern);
  const silent = buckets.flatMap((name) => silentBuckets.get(name) ?? []);
  return silent.map((bucket) => ({ rule, bucket, isCertain: silent.length === buckets.length }));
}

/** The buckets that certainly do not send events to EventBridge, by name. */
function silentBucketsOf({ buckets, bucketNotifications, sdkCalls }: AppModel): Map<string, Bucket> {
  const configured = new Set(
    bucketNotifications.filter(({ sendsEvents }) => sendsEvents !== false).map(({ bucketName }) => bucketName),
  );
  const notificationCalls = sdkCalls.filter((call) => /putbucketnotification/i.test(call));
  const isSilent = ({ name, sendsEvents }: Bucket) =>
    sendsEvents === false && !configured.has(name) && !notificationCalls.some((call) => call.includes(name));
  const sending = new Set(buckets.filter((bucket) => !isSilent(bucket)).map(({ name }) => name));
  return new Map(buckets.filter(({ name }) => !sending.has(name)).map((bucket) => [bucket.name, bucket]));
}

/** The names of the buckets whose events a pattern matches; none if it may match events that need no configuration. */
function matchedBuckets(pattern: Json): string[] {
  if (!isObject(pattern) || !isOnly(pattern.source, S3_SOURCE)) return [];
  const names = isObject(pattern.detail) ? bucketNamesIn(pattern.detail) : undefined;
  return names ?? bucketNamesOf(pattern['detail-type'], pattern.resources);
}

/** Events that AWS CloudTrail delivers have no such field. */
function bucketNamesIn({ bucket }: { readonly [field: string]: Json }): string[] | undefined {
  return isObject(bucket) ? exactTexts(bucket.name) : undefined;
}

/** The names in the ARNs of a pattern that does not match events that AWS CloudTrail delivers. */
function bucketNamesOf(detailTypes: Json | undefined, resources: Json | undefined): string[] {
  const types = exactTexts(detailTypes);
  if (!types || types.some((type) => / via CloudTrail$/.test(type))) return [];
  const arns = exactTexts(resources) ?? [];
  return arns.map((arn) => arn.replace(/^arn:[^:]*:s3:::/, ''));
}

function isOnly(values: Json | undefined, text: string): boolean {
  return Array.isArray(values) && values.length > 0 && values.every((value) => value === text);
}

function exactTexts(values: Json | undefined): string[] | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  return values.every((value): value is string => typeof value === 'string') ? [...new Set(values)] : undefined;
}

function eventsDisabled(bucket: Bucket, rules: readonly Rule[], isCertain: boolean): Finding {
  const { construct, name } = bucket;
  const names = rules.map((rule) => `'${displayText(rule.name)}'`).join(', ');
  const subject = `${rules.length === 1 ? 'rule' : 'rules'} ${names}`;
  const text = {
    problem:
      `bucket '${displayText(name)}' does not send events to EventBridge, so that ` +
      (isCertain ? `no event matches ${subject}` : `its events do not match ${subject}`),
    reason: "its 'NotificationConfiguration' has no 'EventBridgeConfiguration'",
    fix: "set 'eventBridgeEnabled: true' on the bucket, or 'EventBridgeConfiguration' with 'EventBridgeEnabled: true'",
  };
  const level = isCertain ? 'error' : 'warning';
  const finding = createFinding(level, FindingId.BUCKET_EVENTS_DISABLED, construct, text, displayText(rules[0].arn));
  return withAffected(finding, ...rules.map((rule) => rule.construct));
}
