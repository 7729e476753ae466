import { accountOf, arnParts, parseArn, regionOf } from '../../src/iam/arn';
import { unresolved } from '../../src/iam/unresolved-text';

const account = unresolved('parameter Hub:Account');

test.each<[string, string, string]>([
  ['arn:aws:events:eu-west-1:111111111111:event-bus/orders', 'eu-west-1', '111111111111'],
  ['arn:aws:sqs:eu-west-1:111111111111', 'eu-west-1', '111111111111'],
  ['arn:aws:iam::111111111111:role/a:b', '', '111111111111'],
  ['arn:aws:s3:::bucket', '', ''],
  ['arn:aws', '', ''],
  ['arn:aws:sqs:eu-west-1', 'eu-west-1', ''],
  ['orders', '', ''],
  ['', '', ''],
  [`arn:aws:sqs:eu-west-1:${account}:queue`, 'eu-west-1', account],
  [account, '', ''],
])('%s has Region %s and account %s', (arn, region, owner) => {
  expect([regionOf(arn), accountOf(arn)]).toEqual([region, owner]);
});

test.each<[string, string[]]>([
  [
    'arn:aws:lambda:eu-west-1:111111111111:function:f:1',
    ['arn', 'aws', 'lambda', 'eu-west-1', '111111111111', 'function:f:1'],
  ],
  [`arn:aws:sqs:*:${account}:*`, ['arn', 'aws', 'sqs', '*', account, '*']],
  ['arn:aws', ['arn', 'aws']],
  [account, [account]],
])('%s has the parts %j', (arn, parts) => {
  expect(arnParts(arn)).toEqual(parts);
});

test.each<[string, string | undefined]>([
  ['arn:aws:lambda:eu-west-1:111111111111:function:f:1', 'function:f:1'],
  ['arn:aws:s3:::bucket', 'bucket'],
  ['arn:aws:sqs:eu-west-1:111111111111', undefined],
  ['urn:aws:sqs:eu-west-1:111111111111:queue', undefined],
  ['', undefined],
])('%s has resource %s', (arn, resource) => {
  expect(parseArn(arn)?.resource).toBe(resource);
});
