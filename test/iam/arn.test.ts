import {
  InvalidArnPart,
  accountOf,
  arnParts,
  invalidArnPart,
  parseArn,
  regionOf,
  unqualifiedFunctionArn,
} from '../../src/iam/arn';
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

test.each<[string, InvalidArnPart | undefined]>([
  ['arn:aws:sqs:eu-west-1:111111111111:orders', undefined],
  ['arn:aws:s3:::bucket', undefined],
  ['arn:aws:iam::aws:policy/a', undefined],
  ['arn:aws:iam::cloudfront:user/a', undefined],
  ['arn:aws:sqs:us-gov-west-1:111111111111:orders', undefined],
  ['arn:aws:sqs:undefined:111111111111:orders', { part: 'Region', value: 'undefined' }],
  ['arn:aws:sqs:null:undefined:orders', { part: 'Region', value: 'null' }],
  ['arn:aws:sqs:None:*', { part: 'Region', value: 'None' }],
  ['arn:aws:sqs:NaN:a:b', { part: 'Region', value: 'NaN' }],
  ['arn:aws:sqs:undefined1:111111111111:orders', undefined],
  ['arn:aws:sqs:notnull:111111111111:orders', undefined],
  ['arn:aws:sqs:eu-west-1:undefined:orders', { part: 'account', value: 'undefined' }],
  ['arn:aws:sqs:eu-west-1:11111111111:orders', { part: 'account', value: '11111111111' }],
  ['arn:aws:sqs:eu-west-1:1111111111112:orders', { part: 'account', value: '1111111111112' }],
  ['arn:aws:sqs:eu-west-1:myaws:orders', { part: 'account', value: 'myaws' }],
  ['arn:aws:sqs:eu-west-1:awsx:orders', { part: 'account', value: 'awsx' }],
  ['arn:aws:sqs:eu-west-1:1', undefined],
  [`arn:aws:sqs:eu-west-1:1${account}:orders`, undefined],
  [`arn:aws:sqs:${account}:1:orders`, undefined],
  ['arn:aws:sqs:eu-west-1:1*:orders', undefined],
  ['arn:aws:sqs:*:1:orders', undefined],
  ['arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:orders', undefined],
  ['arn:aws:sqs:eu-west-?:1:orders', undefined],
  ['urn:aws:sqs:undefined:1:orders', undefined],
  ['an arn:aws:sqs:eu-west-1:1:orders', undefined],
  ['arn:a', undefined],
])('%s has the invalid part %j', (arn, expected) => {
  expect(invalidArnPart(arn)).toEqual(expected);
});

test.each([
  ['arn:aws:lambda:eu-west-1:111111111111:function:f', 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
  ['arn:aws:lambda:eu-west-1:111111111111:function:f:1', 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
  [`arn:aws:lambda:eu-west-1:${account}:function:f:1`, `arn:aws:lambda:eu-west-1:${account}:function:f`],
])('%s is of the function %s', (arn, expected) => {
  expect(unqualifiedFunctionArn(arn)).toBe(expected);
});
