import { accountOf, regionOf } from '../../src/iam/arn';
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
])('%s is of region %s and account %s', (arn, region, owner) => {
  expect([regionOf(arn), accountOf(arn)]).toEqual([region, owner]);
});
