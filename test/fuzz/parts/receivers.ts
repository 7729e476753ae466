import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { CfnKey, IKey, Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { documents } from './statements';
import { testFunction } from '../../support/apps';
import { Place } from '../place';
import { ACCOUNTS, Mode, REGIONS, Value, index, maybe, mostly, text } from '../values';

/** What rules send events to, and the keys and buckets. */
export interface ReceiverDescription {
  readonly stack: number;
  readonly kind: Kind;
  readonly name?: Value;
  readonly isImported: boolean;
  /** A FIFO queue or topic, an alias of a function, a bucket with events, a key that is rotated. */
  readonly isSpecial: boolean;
  readonly key?: number;
  readonly policy: Value;
  readonly at: { readonly account: string; readonly region: string };
}

const KNOWN_KINDS = ['function', 'queue'] as const;
const KINDS = ['function', 'queue', 'topic', 'stream', 'api', 'log group', 'bucket'] as const;
type Kind = (typeof KINDS)[number] | 'key';

export function keys(mode: Mode): fc.Arbitrary<ReceiverDescription> {
  const actions = ['kms:*', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
  const policy = documents(mode, { actions, resource: fc.constant('*'), hasPrincipal: true });
  return described(mode, ['key'], policy);
}

export function receivers(mode: Mode): fc.Arbitrary<ReceiverDescription> {
  return described(mode, mode === 'known' ? KNOWN_KINDS : KINDS, fc.constant(null));
}

function described(mode: Mode, kinds: readonly Kind[], policy: fc.Arbitrary<Value>): fc.Arbitrary<ReceiverDescription> {
  const never = fc.constant(false);
  return fc.record({
    stack: index,
    kind: fc.constantFrom(...kinds),
    name: mode === 'known' ? text(mode, 'one', 'two', 'three') : maybe(text(mode, 'one', 'two', 'three'), 4),
    isImported: mode === 'known' ? never : mostly(never, fc.constant(true), 4),
    isSpecial: mode === 'known' ? never : mostly(never, fc.constant(true), 3),
    key: mode === 'known' ? fc.constant(undefined) : maybe(index, 3),
    policy,
    at: fc.record({ account: fc.constantFrom(...ACCOUNTS), region: fc.constantFrom(...REGIONS) }),
  });
}

/** Builds a receiver, and makes it referable. */
export function buildReceiver(place: Place, description: ReceiverDescription): void {
  BUILDERS[description.kind](place, description, place.name(place.render(description.name)));
}

type Build = (place: Place, description: ReceiverDescription, name: string | undefined) => void;

const keyOf = (place: Place, { key }: ReceiverDescription) =>
  key === undefined ? undefined : place.at<IKey>('keys', key)?.construct;

const BUILDERS: { readonly [kind in Kind]: Build } = {
  key: (place, { at, isImported, isSpecial, policy }) => {
    const { id, stack } = place;
    const form = { service: 'kms', resource: 'key/{}', name: undefined };
    if (isImported) {
      const arn = `arn:aws:kms:${at.region}:${at.account}:key/11111111-2222-3333-4444-555555555555`;
      return place.add('keys', Key.fromKeyArn(stack, id, arn), arn, form);
    }
    if (isSpecial) {
      const resource = new CfnKey(stack, id, { keyPolicy: place.render(policy) });
      return place.add('keys', Key.fromCfnKey(resource), resource.attrArn, form);
    }
    const key = new Key(stack, id);
    return place.add('keys', key, key.keyArn, form);
  },
  function: (place, { at, isImported, isSpecial }, name) => {
    const { id, stack } = place;
    const form = { service: 'lambda', resource: 'function:{}', name };
    const { account, region } = at;
    const handler = isImported
      ? lambda.Function.fromFunctionArn(stack, id, `arn:aws:lambda:${region}:${account}:function:${name ?? 'handler'}`)
      : testFunction(stack, id, { functionName: name });
    if (!isSpecial || isImported) return place.add('functions', handler, handler.functionArn, form);
    const version = (handler as lambda.Function).currentVersion;
    const alias = new lambda.Alias(stack, `${id}Alias`, { aliasName: 'live', version });
    return place.add('functions', alias, alias.functionArn, { ...form, resource: 'function:{}:live' });
  },
  queue: (place, description, name) => {
    const { id, stack } = place;
    const { at, isImported, isSpecial } = description;
    const form = { service: 'sqs', resource: '{}', name };
    if (isImported) {
      const arn = `arn:aws:sqs:${at.region}:${at.account}:${name ?? 'queue'}`;
      return place.add('queues', Queue.fromQueueArn(stack, id, arn), arn, form);
    }
    const encryptionMasterKey = keyOf(place, description);
    const fifo = isSpecial ? { fifo: true, contentBasedDeduplication: true } : {};
    const queueName = name === undefined || !isSpecial ? name : `${name}.fifo`;
    const encryption = encryptionMasterKey ? {} : { encryption: QueueEncryption.SQS_MANAGED };
    const queue = new Queue(stack, id, { queueName, encryptionMasterKey, ...encryption, ...fifo });
    return place.add('queues', queue, queue.queueArn, { ...form, name: queueName });
  },
  topic: (place, description, name) => {
    const { id, stack } = place;
    const { at, isImported, isSpecial } = description;
    const form = { service: 'sns', resource: '{}', name };
    const topic = isImported
      ? Topic.fromTopicArn(stack, id, `arn:aws:sns:${at.region}:${at.account}:${name ?? 'topic'}`)
      : new Topic(stack, id, { topicName: name, masterKey: keyOf(place, description), fifo: isSpecial || undefined });
    place.add('topics', topic, topic.topicArn, form);
  },
  stream: (place, { at, isImported }, name) => {
    const { id, stack } = place;
    const stream = isImported
      ? Stream.fromStreamArn(stack, id, `arn:aws:kinesis:${at.region}:${at.account}:stream/${name ?? 'stream'}`)
      : new Stream(stack, id, { streamName: name });
    place.add('streams', stream, stream.streamArn, { service: 'kinesis', resource: 'stream/{}', name });
  },
  api: (place, { isImported, isSpecial }, name) => {
    const { id, stack } = place;
    const form = { service: 'execute-api', resource: '{}/prod/POST/', name: undefined };
    if (isImported) {
      const imported = apigateway.RestApi.fromRestApiId(stack, id, 'abcdef1234');
      return place.add('apis', imported, imported.arnForExecuteApi('POST', '/', 'prod'), form);
    }
    const api = new apigateway.RestApi(stack, id, { restApiName: name, cloudWatchRole: false });
    const authorizationType = isSpecial ? apigateway.AuthorizationType.IAM : undefined;
    api.root.addMethod('POST', new apigateway.MockIntegration(), { authorizationType });
    return place.add('apis', api, api.arnForExecuteApi('POST', '/', 'prod'), form);
  },
  'log group': (place, { isSpecial }, name) => {
    const group = new CfnLogGroup(place.stack, place.id, { logGroupName: name && `/aws/events/${name}` });
    const arn = isSpecial ? group.attrArn : `arn:aws:logs:eu-west-1:${ACCOUNTS[0]}:log-group:/aws/events/${name}`;
    place.add('logGroups', group, arn, { service: 'logs', resource: 'log-group:/aws/events/{}', name });
  },
  bucket: (place, { isSpecial }, name) => {
    const notificationConfiguration = isSpecial
      ? { eventBridgeConfiguration: { eventBridgeEnabled: true } }
      : undefined;
    new CfnBucket(place.stack, place.id, { bucketName: name && `bucket-${name}`, notificationConfiguration });
  },
};
