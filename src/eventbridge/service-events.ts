import { Json, getOwn, isObject } from '../iam/statement';

/** The source of the events of Amazon S3. */
export const S3_SOURCE = 'aws.s3';

/**
 * Whether a pattern only matches events of AWS services. Only AWS can put events with such a source, and it puts them
 * on the default event bus.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export function matchesOnlyServiceEvents(pattern: Json): boolean {
  return everySource(pattern, isServiceSource);
}

function everySource(pattern: Json, predicate: (source: Json) => boolean): boolean {
  const sources = isObject(pattern) ? pattern.source : undefined;
  return Array.isArray(sources) && sources.length > 0 && sources.every(predicate);
}

/** Whether a filter only matches sources of AWS services. Sources of partners begin with `aws.partner/`. */
function isServiceSource(filter: Json): boolean {
  const text = isObject(filter) && Object.keys(filter).length === 1 ? filter.prefix : filter;
  if (typeof text !== 'string' || !text.startsWith('aws.')) return false;
  return text === filter ? !text.startsWith(PARTNER) : !PARTNER.startsWith(text) && !text.startsWith(PARTNER);
}

const PARTNER = 'aws.partner/';

/**
 * The sources of global services, whose events AWS puts on the default event bus of one Region only. Services that also
 * send events in other Regions, such as AWS Health and sign-in, are not listed.
 *
 * @see https://repost.aws/knowledge-center/use-eventbridge-rule-across-regions
 * @see https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
 */
const GLOBAL_SERVICES: { readonly [partition: string]: { readonly region: string; readonly sources: Json[] } } = {
  aws: {
    region: 'us-east-1',
    sources: ['aws.iam', 'aws.organizations', 'aws.account', 'aws.route53', 'aws.cloudfront'],
  },
  'aws-us-gov': { region: 'us-gov-west-1', sources: ['aws.iam', 'aws.organizations'] },
  'aws-cn': { region: 'cn-north-1', sources: ['aws.iam'] },
};

/** The only Region in which AWS puts the events of a pattern; undefined if it has more sources than global services. */
export function regionOfGlobalEvents(pattern: Json, partition: string): string | undefined {
  const services = getOwn(GLOBAL_SERVICES, partition);
  if (!services || !everySource(pattern, (source) => services.sources.includes(source))) return undefined;
  return services.region;
}
