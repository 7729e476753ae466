import { ResourceDifference, differenceFromBus } from '../../src/eventbridge/bus-resources';
import { OWN_REGION, unresolved } from '../../src/iam/unresolved-text';

const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const PARTNER = 'arn:aws:events:eu-west-1:111111111111:event-bus/aws.partner/a/b';
const UNKNOWN = unresolved('parameter Hub:Name');
const GENERATED = unresolved('Name of Hub/Bus');

/** The ARN of another part of the account and Region of the bus. */
const arn = (resource: string) => `arn:aws:events:eu-west-1:111111111111:${resource}`;

test.each<[string, ResourceDifference | undefined]>([
  [BUS, undefined],
  ['*', undefined],
  ['arn:*', undefined],
  ['?rn:aws', undefined],
  ['arn:aws', undefined],
  ['orders', 'ARN'],
  ['an arn:aws', 'ARN'],
  ['x:*', 'ARN'],
  [UNKNOWN, undefined],
  ['$orders', undefined],
  ['arn:aws:sqs:eu-west-1:111111111111:orders', 'service'],
  ['arn:aws:*:eu-west-1:111111111111:event-bus/orders', undefined],
  ['arn:aws-cn:events:eu-west-1:111111111111:event-bus/orders', 'partition'],
  ['arn:*:events:eu-west-1:111111111111:event-bus/orders', undefined],
  ['arn:aws:events:eu-west-2:111111111111:event-bus/orders', 'Region'],
  ['arn:aws:events:${aws:RequestedRegion}:111111111111:event-bus/orders', undefined],
  ['arn:aws:events:eu-west-1:222222222222:event-bus/orders', 'account'],
  [`arn:aws:events:eu-west-1:${UNKNOWN}:event-bus/orders`, undefined],
  [arn('event-bus/Orders'), 'name'],
  [arn('event-bus/order*'), undefined],
  [arn('event-bus/orders2'), 'name'],
  [arn('my-event-bus/orders2'), undefined],
  [arn('event-bus/'), undefined],
  [arn(`event-bus/${UNKNOWN}`), undefined],
  [arn('rule/orders/all'), undefined],
  [arn('rule/orders/*'), undefined],
  [arn('rule/invoices/all'), 'name'],
  [arn('rule/all'), 'name'],
  [arn('rule/*'), undefined],
  [arn('rule/o*/all'), undefined],
  [arn('rule/invoices/a*'), 'name'],
  [arn('rule/orders/a/b'), 'name'],
  [arn('rule/'), undefined],
  [arn('a-rule/all'), undefined],
  [arn(`rule/${UNKNOWN}`), undefined],
  [arn(`rule/invoices/${UNKNOWN}`), 'name'],
  [arn(`rule/orders/${UNKNOWN}`), undefined],
  [arn(`rule/${GENERATED}/all`), 'name'],
  [arn('archive/all'), undefined],
])('%s differs from the bus in: %s', (resource, expected) => {
  expect(differenceFromBus(resource, BUS)).toBe(expected);
});

test.each<[string, string, ResourceDifference | undefined]>([
  [PARTNER, arn('rule/aws.partner/a/b/all'), undefined],
  [PARTNER, arn('rule/aws.partner/a/all'), 'name'],
  [PARTNER, arn(`rule/aws.partner/${UNKNOWN}`), undefined],
  [PARTNER, arn(`rule/other/${UNKNOWN}`), 'name'],
  [arn('event-bus/default'), arn('rule/all'), undefined],
  [arn('event-bus/default'), arn('rule/orders/all'), 'name'],
  [UNKNOWN, BUS, undefined],
  [arn('my-event-bus/orders'), 'orders', undefined],
  [arn('event-bus/'), 'orders', undefined],
  [BUS.replace('eu-west-1', OWN_REGION), BUS.replace('arn:aws', 'arn:aws-cn'), undefined],
  ['arn:aws-iso:events:us-iso-east-1:111111111111:event-bus/orders', BUS.replace('eu-west-1', '*'), 'partition'],
  [BUS, BUS.replace('arn:aws', 'arn:aws-cn'), 'partition'],
  [BUS, BUS.replace('arn:aws', 'arn:*'), undefined],
])('a policy of %s has the resource %s, which differs in: %s', (bus, resource, expected) => {
  expect(differenceFromBus(resource, bus)).toBe(expected);
});
