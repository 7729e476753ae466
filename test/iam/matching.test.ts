import { arnLike, like } from '../../src/iam/matching';
import { ANYTHING, attribute, unresolved } from '../../src/iam/unresolved-text';

const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:';
const made = attribute('QueueName', 'Hub/Queue');
const parameter = unresolved('parameter Hub/Name');

test.each<[string, string, boolean | undefined]>([
  ['*', 'x', true],
  ['*', '', true],
  ['?', 'x', true],
  ['?', 'xy', false],
  ['o*s', 'orders', true],
  ['o*s', 'order', false],
  ['o.d*', 'orders', false],
  ['a*', 'a\nb', true],
  // A name that CloudFormation makes may begin and end as it likes.
  [`${QUEUE}*`, QUEUE + made, true],
  [`${QUEUE}hub-*`, QUEUE + made, undefined],
  [`${QUEUE}*.fifo`, `${QUEUE}${made}.fifo`, true],
  [`${QUEUE}hub-*.fifo`, `${QUEUE}${made}x`, false],
  ['arn:aws:sqs:eu-west-1:222222222222:*', QUEUE + made, false],
  ['arn:aws:sqs:*:222222222222:queue', QUEUE + made, undefined],
  // What stands for it is no text.
  [`${QUEUE}*Queue*`, QUEUE + made, undefined],
  [`${QUEUE}?`, QUEUE + made, undefined],
  ['*thing*', ANYTHING, undefined],
  ['*Name*', parameter, undefined],
  [`${made}*`, `${made}x`, true],
  [`*${made}`, `x${made}`, true],
  [`${made}*`, attribute('QueueName', 'Hub/Other'), undefined],
  [attribute('QueueName', 'Hub/Queue*'), attribute('QueueName', 'Hub/Queue1'), undefined],
])('%s is like %s: %s', (pattern, given, expected) => {
  expect(like(pattern, given)).toBe(expected);
});

test.each<[string, string, boolean | undefined]>([
  ['arn:aws:sqs:*:*:queue', `${QUEUE}queue`, true],
  ['arn:aws:sqs:*', `${QUEUE}queue`, false],
  ['arn:aws:sqs:*:*:*', QUEUE + made, true],
  ['arn:aws:*:*:*:hub-*', QUEUE + made, undefined],
  ['arn:aws:sns:*:*:hub-*', QUEUE + made, false],
  ['arn:aws:sqs:*:*:*any*', `arn:aws:sqs:eu-west-1:111111111111:${ANYTHING}`, undefined],
])('ARN %s is like %s: %s', (pattern, given, expected) => {
  expect(arnLike(pattern, given)).toBe(expected);
});
