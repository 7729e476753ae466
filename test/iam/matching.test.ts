import { arnLike, like } from '../../src/iam/matching';
import { ANYTHING, attribute, unresolved } from '../../src/iam/unresolved-text';

const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:';
const generatedName = attribute('QueueName', 'Hub/Queue');
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
  // A generated name can have any beginning and end.
  [`${QUEUE}*`, QUEUE + generatedName, true],
  [`${QUEUE}hub-*`, QUEUE + generatedName, undefined],
  [`${QUEUE}*.fifo`, `${QUEUE}${generatedName}.fifo`, true],
  [`${QUEUE}hub-*.fifo`, `${QUEUE}${generatedName}x`, false],
  ['arn:aws:sqs:eu-west-1:222222222222:*', QUEUE + generatedName, false],
  ['arn:aws:sqs:*:222222222222:queue', QUEUE + generatedName, undefined],
  // The text of a placeholder is not compared.
  [`${QUEUE}*Queue*`, QUEUE + generatedName, undefined],
  [`${QUEUE}?`, QUEUE + generatedName, undefined],
  ['*thing*', ANYTHING, undefined],
  ['*Name*', parameter, undefined],
  [`${generatedName}*`, `${generatedName}x`, true],
  [`*${generatedName}`, `x${generatedName}`, true],
  [`${generatedName}*`, attribute('QueueName', 'Hub/Other'), undefined],
  [attribute('QueueName', 'Hub/Queue*'), attribute('QueueName', 'Hub/Queue1'), undefined],
])('%s is like %s: %s', (pattern, given, expected) => {
  expect(like(pattern, given)).toBe(expected);
});

test.each<[string, string, boolean | undefined]>([
  ['arn:aws:sqs:*:*:queue', `${QUEUE}queue`, true],
  ['arn:aws:sqs:*', `${QUEUE}queue`, false],
  ['arn:aws:sqs:*:*:*', QUEUE + generatedName, true],
  ['arn:aws:*:*:*:hub-*', QUEUE + generatedName, undefined],
  ['arn:aws:sns:*:*:hub-*', QUEUE + generatedName, false],
  ['arn:aws:sqs:*:*:*any*', `arn:aws:sqs:eu-west-1:111111111111:${ANYTHING}`, undefined],
  // A placeholder can contain several parts of an ARN.
  [`${parameter}*`, `${QUEUE}queue`, undefined],
  [`${parameter}:que*`, `${QUEUE}queue`, undefined],
  [`arn:aws:sqs:${parameter}*`, `${QUEUE}queue`, undefined],
  [`arn:aws:sns:${parameter}*`, `${QUEUE}queue`, false],
  ['arn:aws:sqs:*:*:queue', `arn:aws:sqs:${parameter}`, undefined],
  // Texts with another number of parts are no such ARNs.
  ['arn:aws:sqs:*:*:', 'arn:aws:sqs:eu-west-1:111111111111', false],
])('ARN %s is like %s: %s', (pattern, given, expected) => {
  expect(arnLike(pattern, given)).toBe(expected);
});

describe('texts with parts that are known only at deployment', () => {
  const rule = (bus: string, name: string) => `arn:aws:events:eu-west-1:111111111111:rule/${bus}/${name}`;
  const bus = '‹parameter Hub/Bus›';

  test.each<[what: string, policy: string, request: string, result: boolean | undefined]>([
    ['literal names behind them differ', rule(bus, 'first'), rule(bus, 'second'), false],
    [
      'generated names behind them differ',
      rule(bus, '‹Name of Hub/A›'),
      rule('‹another bus›', '‹Name of Hub/B›'),
      false,
    ],
    ['the services differ', rule(bus, 'first'), 'arn:aws:sqs:eu-west-1:111111111111:‹QueueName of Hub/Q›', false],
    ['they may be equal', rule(bus, 'first'), rule('‹another bus›', 'first'), undefined],
    ['the name may be part of them', rule(bus, 'first'), rule('orders', '‹parameter Hub/Name›'), undefined],
    ['only the partitions differ', 'arn:aws-cn:events:‹region›:1:x', 'arn:aws:events:cn-north-1:1:x', undefined],
    ['a wildcard may match a generated name', rule(bus, 'Hub-*'), rule('orders', '‹Name of Hub/A›'), undefined],
    ['the text after a wildcard differs', rule(bus, '*-first'), rule(bus, 'a-second'), false],
  ])('are compared when %s', (_, policy, request, result) => {
    expect(like(policy, request)).toBe(result);
    expect(arnLike(policy, request)).toBe(result);
  });
});
