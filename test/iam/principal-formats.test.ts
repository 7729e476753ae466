import { PrincipalFault, invalidPrincipalsOf } from '../../src/iam/principal-formats';
import { unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');

test.each<[string, PrincipalFault | undefined]>([
  ['111111111111', undefined],
  ['11111111111', 'format'],
  ['1111111111112', 'format'],
  ['*', undefined],
  ['', 'format'],
  ['AROAEXAMPLEEXAMPLE12', undefined],
  ['AROAEXAMPLE', 'format'],
  ['xAROAEXAMPLEEXAMPLE12', 'format'],
  ['AROAEXAMPLEEXAMPLE12-', 'format'],
  ['events.amazonaws.com', 'service'],
  ['shop.example.com', 'format'],
  ['the.amazon role', 'format'],
  ['shop', 'format'],
  [UNKNOWN, undefined],
  [`shop ${UNKNOWN}`, undefined],
  ['arn:aws:iam::111111111111:root', undefined],
  ['arn:aws:iam::111111111111:rooted', 'format'],
  ['arn:aws-us-gov:iam::111111111111:role/shop', undefined],
  ['arn:aws:iam::111111111111:user/team/shop', undefined],
  ['arn:aws:iam::111111111111:role/', 'format'],
  ['arn:aws:iam::111111111111:role/a role', undefined],
  ['arn:aws:iam::111111111111:role/shop*', 'wildcard'],
  ['arn:aws:iam::111111111111:role/sho?', 'wildcard'],
  ['arn:aws:iam::111111111111:role/$shop', undefined],
  [`arn:aws:iam::111111111111:role/${UNKNOWN}`, undefined],
  [`arn:aws:iam::111111111111:role/${unresolved('all of *')}`, undefined],
  [`arn:aws:iam::111111111111:role/${UNKNOWN}*`, 'wildcard'],
  [`arn:aws:iam::111111111111:${UNKNOWN}`, undefined],
  [`arn:aws:iam::${UNKNOWN}:role/shop`, undefined],
  [`arn:aws:iam::${UNKNOWN}:bucket/shop`, undefined],
  [`arn:aws:sqs::${UNKNOWN}`, 'resource'],
  ['arn:aws:iam::aws:user/shop', undefined],
  ['arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1', undefined],
  ['arn:aws:iam::11111111111:role/shop', 'account'],
  ['arn:aws:iam::x111111111111:role/shop', 'account'],
  ['arn:aws:iam::111111111111x:role/shop', 'account'],
  ['arn:aws:iam:::role/shop', 'account'],
  ['arn:aws:iam::undefined:role/shop', 'account'],
  ['arn:aws:iam::*:role/shop', undefined],
  ['arn:aws:iam::11111111111?:role/shop', undefined],
  ['arn:aws:iam::${aws:PrincipalAccount}:role/shop', undefined],
  ['arn:aws:iam::111111111111:group/shop', 'resource'],
  ['arn:aws:iam::111111111111:assumed-role/shop/session', 'resource'],
  ['arn:aws:iam::111111111111', 'format'],
  ['arn:aws:iam', 'format'],
  ['arn:aws:sts::111111111111:assumed-role/shop/session', undefined],
  ['arn:aws:sts::111111111111:assumed-role/shop', 'format'],
  ['arn:aws:sts::111111111111:assumed-role/shop/', 'format'],
  ['arn:aws:sts::111111111111:assumed-role//session', 'format'],
  ['arn:aws:sts::111111111111:federated-user/shop', undefined],
  ['arn:aws:sts::111111111111:federated-user/', 'format'],
  ['arn:aws:sts::111111111111:self', undefined],
  ['arn:aws:sts::111111111111:selfish', 'format'],
  ['arn:aws:sts::111111111111:role/shop', 'resource'],
  ['arn:aws:events:eu-west-1:111111111111:event-bus/orders', 'resource'],
  ['arn:aws:sqs:eu-west-1:111111111111:orders', 'resource'],
  ['arn:aws:iamx::111111111111:role/shop', 'resource'],
  ['arn:aws:xiam::111111111111:role/shop', 'resource'],
  ['arn::iam::111111111111:role/shop', 'format'],
])('the AWS principal %j has fault %j', (value, fault) => {
  expect(invalidPrincipalsOf({ AWS: value })).toEqual(fault ? [{ type: 'AWS', value, fault }] : []);
});

test.each<[string, PrincipalFault | undefined]>([
  ['events.amazonaws.com', undefined],
  ['s3.eu-west-1.amazonaws.com', undefined],
  ['events', 'format'],
  ['', 'format'],
  ['Events.amazonaws.com', 'format'],
  ['events.amazonaws.com/', 'format'],
  ['events..com', 'format'],
  ['*', undefined],
  ['events.amazonaws.?', undefined],
  [UNKNOWN, undefined],
])('the service %j has fault %j', (value, fault) => {
  expect(invalidPrincipalsOf({ Service: value })).toEqual(fault ? [{ type: 'Service', value, fault }] : []);
});

test.each(['Federated', 'CanonicalUser', UNKNOWN, `${UNKNOWN}s`])('%s can have any value', (type) => {
  expect(invalidPrincipalsOf({ [type]: ['a', 'b c'] })).toEqual([]);
});

test('all values of all types are compared', () => {
  const principals = { Aws: '111111111111', AWS: ['1', '111111111111', 'shop'], Service: ['events'] };
  expect(invalidPrincipalsOf(principals)).toEqual([
    { type: 'Aws', value: '111111111111', fault: 'type' },
    { type: 'AWS', value: '1', fault: 'format' },
    { type: 'AWS', value: 'shop', fault: 'format' },
    { type: 'Service', value: 'events', fault: 'format' },
  ]);
});
