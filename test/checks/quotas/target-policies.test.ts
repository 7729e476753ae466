import { App, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnResourcePolicy, CfnStream, Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { CfnTopic, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventChecks,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
  PolicySizeAspectProps,
} from '../../../src';
import { HUB, SHOP, count, messagesOf, testApp, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';
import { LENIENT_SIZES, sizesFound } from '../../support/sizes';
import { cfnRule, rootArn } from '../../support/three-accounts';

/** Sizes of the policies of topics, streams and APIs that are targets, or that other accounts may send to. */

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  hub = testStack('Hub', HUB, app);
});

const check = (props?: PolicySizeAspectProps) => sizesFound(app, props);
const statement = (Action: string, Resource: string, Sid: string) => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: rootArn(SHOP) },
  Action,
  Resource,
});
const sizeOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
/** A document with this number of characters and statements. */
function documentOf(action: string, resource: string, characters: number, statements = 1) {
  const short = count(statements - 1, (i) => statement(action, resource, `S${i}`));
  const document = (long: string) => ({
    Version: '2012-10-17',
    Statement: [statement(action, resource, long), ...short],
  });
  return document('x'.repeat(characters - sizeOf(document(''))));
}

const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:orders';
const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:orders';
const STREAM = 'arn:aws:kinesis:eu-west-1:111111111111:stream/orders';

function topic(characters: number, statements = 1) {
  const { ref } = new CfnTopic(hub, 'Topic', { topicName: 'orders' });
  new CfnTopicPolicy(hub, 'Policy', {
    topics: [ref],
    policyDocument: documentOf('sns:Publish', TOPIC, characters, statements),
  });
  cfnRule(hub, { arn: TOPIC });
}

/** A policy with a statement for each number of accounts. */
const documentFor = (action: string, resource: string, numbers: number[]) => ({
  Version: '2012-10-17',
  Statement: numbers.map((number, s) => ({
    ...statement(action, resource, `S${s}`),
    Principal: { AWS: count(number, (i) => String(200000000000 + i)) },
  })),
});

function topicFor(numbers: number[]) {
  const { ref } = new CfnTopic(hub, 'Topic', { topicName: 'orders' });
  new CfnTopicPolicy(hub, 'Policy', { topics: [ref], policyDocument: documentFor('sns:Publish', TOPIC, numbers) });
  cfnRule(hub, { arn: TOPIC });
}

function queueFor(numbers: number[]) {
  const { ref } = new CfnQueue(hub, 'Queue', { queueName: 'orders' });
  new CfnQueuePolicy(hub, 'Policy', { queues: [ref], policyDocument: documentFor('sqs:SendMessage', QUEUE, numbers) });
}

function stream(characters: number) {
  new CfnStream(hub, 'Stream', { name: 'orders', shardCount: 1 });
  new CfnResourcePolicy(hub, 'Policy', {
    resourceArn: STREAM,
    resourcePolicy: documentOf('kinesis:PutRecord', STREAM, characters),
  });
  cfnRule(hub, { arn: STREAM });
}

function api(characters: number) {
  const policy = documentOf('execute-api:Invoke', '*', characters);
  new CfnRestApi(hub, 'Api', { name: 'orders', policy });
  cfnRule(hub, { arn: 'arn:aws:execute-api:eu-west-1:111111111111:a/prod/POST/orders' });
}

test.each<[string, () => void, string[]]>([
  ['a topic below the threshold', () => topic(24_576), []],
  ['a topic above the threshold', () => topic(24_577), ['warning topicPolicySize /Hub/Policy']],
  ['a topic at the quota', () => topic(30_720), ['warning topicPolicySize /Hub/Policy']],
  ['a topic above the quota', () => topic(30_721), ['error topicPolicySize /Hub/Policy']],
  ['a topic with too many statements', () => topic(20_000, 101), ['error topicPolicySize /Hub/Policy']],
  ['a topic with 200 principals', () => topicFor([200]), []],
  ['a topic with too many principals', () => topicFor([201]), ['error topicPolicySize /Hub/Policy']],
  [
    'a topic with too many principals in two statements',
    () => topicFor([101, 100]),
    ['warning topicPolicySize /Hub/Policy'],
  ],
  ['a queue with 50 principals', () => queueFor([50]), []],
  ['a queue with too many principals', () => queueFor([51]), ['error queuePolicySize /Hub/Policy']],
  [
    'a queue with too many principals in two statements',
    () => queueFor([26, 25]),
    ['warning queuePolicySize /Hub/Policy'],
  ],
  ['a stream that other services accept', () => stream(20_480), []],
  ['a stream that other services reject', () => stream(20_481), ['warning streamPolicySize /Hub/Policy']],
  ['an API below the threshold', () => api(6_553), []],
  ['an API at the quota', () => api(8_192), ['warning apiPolicySize /Hub/Api']],
  ['an API above the quota', () => api(8_193), ['error apiPolicySize /Hub/Api']],
])('the policy of %s is measured', (_, make, expected) => {
  make();
  expectFindings(check(), expected);
});

test('the limit of an API can be raised', () => {
  api(8_193);
  expect(check({ apiPolicyLimit: 16_384 })).toEqual([]);
});

test('the policy of a topic is measured if only rules of other accounts have it as target', () => {
  const target = new Topic(hub, 'Topic', { topicName: 'orders' });
  const publishers = [EventPublisher.accounts(...count(1_700, (i) => String(200000000000 + i)))];
  new CrossAccountTopicPermission(hub, 'Allow', { topic: target, publishers });
  expect(check().map((message) => message.split(' ').slice(0, 2))).toEqual([
    ['warning', expect.stringContaining('/Hub/Topic')],
  ]);
});

test('rules of accounts that are not trusted are reported on a stream that is no target in the app', () => {
  const target = new Stream(hub, 'Stream', { encryption: StreamEncryption.UNENCRYPTED });
  new CrossAccountStreamPermission(hub, 'Allow', { stream: target, eventBusAccount: SHOP.account });
  CrossAccountEventChecks.applyTo(app, { trustedAccounts: [HUB.account] });
  expectFindings(messagesOf(hub), ['error untrustedPrincipal /Hub/Stream/Policy/Resource']);
});
