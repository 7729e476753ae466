import { EventFields, eventLabel, eventsWith, withFields } from '../../src/eventbridge/event-names';
import { accountId, roleArn } from '../../src/eventbridge/formats';
import { allowsPutEventsEverywhere } from '../../src/eventbridge/role-statements';
import { matchesOnlyServiceEvents, regionOfGlobalEvents } from '../../src/eventbridge/service-events';
import { problemWithEveryValue } from '../../src/eventbridge/unresolved-values';
import { Json } from '../../src/iam/statement';
import { partlyKnown, unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');

test.each<[Json, boolean]>([
  [{ source: ['aws.s3'] }, true],
  [{ source: ['aws.s3', 'aws.ec2'] }, true],
  [{ source: ['aws.s3', 'com.shop'] }, false],
  [{ source: ['aws.partner/a'] }, false],
  [{ source: ['aws.partnership'] }, true],
  [{ source: ['the aws.s3'] }, false],
  [{ source: [{ prefix: 'aws.s' }] }, true],
  [{ source: [{ prefix: 'aws.' }] }, false],
  [{ source: [{ prefix: 'aws.part' }] }, false],
  [{ source: [{ prefix: 'aws.partner/' }] }, false],
  [{ source: [{ prefix: 'aws.partner/a' }] }, false],
  [{ source: [{ prefix: 'aws' }] }, false],
  [{ source: [{ prefix: 'aws.s', suffix: '3' }] }, false],
  [{ source: [{ suffix: 'aws.s' }] }, false],
  [{ source: [3] }, false],
  [{ source: [] }, false],
  [{ source: 'aws.s3' }, false],
  [{ detail: {} }, false],
  ['aws.s3', false],
])('%j matches only events of AWS services: %s', (pattern, expected) => {
  expect(matchesOnlyServiceEvents(pattern)).toBe(expected);
});

test.each<[Json[], string, string | undefined]>([
  [['aws.iam'], 'aws', 'us-east-1'],
  [['aws.iam', 'aws.organizations', 'aws.account', 'aws.route53', 'aws.cloudfront'], 'aws', 'us-east-1'],
  [['aws.iam', 'aws.s3'], 'aws', undefined],
  [['aws.iam', 'aws.organizations'], 'aws-us-gov', 'us-gov-west-1'],
  [['aws.route53'], 'aws-us-gov', undefined],
  [['aws.iam'], 'aws-cn', 'cn-north-1'],
  [['aws.organizations'], 'aws-cn', undefined],
  [['aws.iam'], 'aws-iso', undefined],
  [['aws.iam'], 'constructor', undefined],
  [[], 'aws', undefined],
])('the events of %j in %s are in the Region %s', (source, partition, expected) => {
  expect(regionOfGlobalEvents({ source }, partition)).toBe(expected);
});

test.each<[EventFields, string, string]>([
  [{}, '', ''],
  [{ source: 'a' }, " with source 'a'", 'a'],
  [{ detailType: 'b' }, " with detail type 'b'", 'b'],
  [{ account: '1' }, ' with account 1', ''],
  [{ source: 'a', detailType: 'b' }, " with source 'a' and detail type 'b'", 'a / b'],
  [{ source: 'a', detailType: 'b', account: '1' }, " with source 'a', detail type 'b' and account 1", 'a / b'],
])('the events %j are%s', (fields, text, label) => {
  expect([withFields(fields), eventsWith(fields), eventLabel(fields)]).toEqual([text, `events${text}`, label]);
});

test.each([
  ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccess', true],
  ['arn:aws-cn:iam::aws:policy/CloudWatchEventsFullAccess', true],
  ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccessV2', false],
  ['arn:aws:iam::111111111111:policy/AmazonEventBridgeFullAccess', false],
  ['arn:aws:iam::aws:policy/AmazonEventBridgeReadOnlyAccess', false],
])('%s allows putting events on all buses: %s', (policy, expected) => {
  expect(allowsPutEventsEverywhere(policy)).toBe(expected);
});

describe('a text with placeholders', () => {
  test.each([
    ['arn:aws:iam::111111111111:role/shop', undefined],
    ['arn:aws:iam::111111111111:user/shop', "got 'arn:aws:iam::111111111111:user/shop'"],
    [UNKNOWN, undefined],
    [`arn:aws:iam::${UNKNOWN}:role/shop`, undefined],
    [`arn:aws:iam::${UNKNOWN}:role/${unresolved('a')}`, undefined],
    [`arn:${unresolved('a')}:iam::${UNKNOWN}:role/${unresolved('b')}`, undefined],
    [`arn:aws:iam::${unresolved('AWS::AccountId')}:role/shop`, undefined],
    [`arn:aws:sqs::${UNKNOWN}:role/shop`, `got 'arn:aws:sqs::${UNKNOWN}:role/shop'`],
    [`arn:aws:iam::${UNKNOWN}:role/${UNKNOWN}*`, `got 'arn:aws:iam::${UNKNOWN}:role/${UNKNOWN}*'`],
    [['a', 'b', 'c', 'd'].map(unresolved).join('*'), undefined],
  ])('is %s, which has the problem: %s', (text, expected) => {
    const found = problemWithEveryValue(roleArn, text);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(expected);
  });

  test('has one of the values that are known', () => {
    expect(problemWithEveryValue(accountId, partlyKnown('parameter A', '', ['1', '111111111111']))).toBeUndefined();
    expect(problemWithEveryValue(accountId, partlyKnown('parameter A', '', ['1', '2']))).toContain('one of 1, 2');
  });
});
