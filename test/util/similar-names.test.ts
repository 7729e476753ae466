import { isMisspelledCode, isMisspelledName } from '../../src/util/similar-names';

describe('a misspelled name', () => {
  test.each([
    ['ordres', 'orders'],
    ['order', 'orders'],
    ['oders', 'orders'],
    ['orderss', 'orders'],
    ['roders', 'orders'],
    ['Orders', 'orders'],
    ['order_bus', 'order-bus'],
    ['OrderBus', 'order-bus'],
    ['acme-shared-event-bsu', 'acme-shared-event-bus'],
    ['acme-shred-evnt-bus', 'acme-shared-event-bus'],
    ['notifictaoins', 'notifications'],
    ['ODERS', 'orders'],
    ['o.r.d.e.r.s', 'orders'],
    ['orders--buss', 'orders-bus'],
    ['-order', 'orders'],
    ['orders-12-buss', 'orders-12-bus'],
    ['buss', 'bus'],
    ['bus', 'bsu'],
    ['catch', 'cetch'],
    ['payment', 'paymnte'],
    ['bus', 'bus-'],
  ])('is %s instead of %s', (misspelled, name) => {
    expect([isMisspelledName(misspelled, name), isMisspelledName(name, misspelled)]).toEqual([true, true]);
  });

  test.each([
    ['orders', 'orders'],
    ['acme-orders-event-bus', 'acme-shared-event-bus'],
    ['orders', 'orders-archive'],
    ['orders', 'acme-orders'],
    ['orders-eu', 'orders-us'],
    ['ordersEu', 'ordersUs'],
    ['orders-dev', 'orders-prd'],
    ['orders-prod', 'orders-preprod'],
    ['orders-east', 'orders-west'],
    ['orders-north', 'orders-south'],
    ['orders-v1', 'orders-v2'],
    ['orders', 'orders2'],
    ['orders-us-east-1', 'orders-us-east-2'],
    ['team-a-bus', 'team-b-bus'],
    ['stocks', 'stores'],
    ['sender', 'lender'],
    ['inbound', 'outbound'],
    ['orders', 'invoices'],
    ['eu', 'eus'],
    ['eu', 'ue'],
    ['cats', 'cots'],
    ['order12', 'order21'],
    ['sender', 'sneedr-bus'],
    ['stores', 'steros'],
  ])('is not %s beside %s', (first, second) => {
    expect([isMisspelledName(first, second), isMisspelledName(second, first)]).toEqual([false, false]);
  });
});

test.each([
  ['123456789012', '123456789021', true],
  ['123456789012', '12345678902', true],
  ['123456789012', '123456780013', true],
  ['123456789012', '123456789012', false],
  ['111111111111', '222222222222', false],
  ['123456789012', '123456789999', false],
  ['eu-wset-1', 'eu-west-1', true],
])('a code %s instead of %s is misspelled: %p', (first, second, expected) => {
  expect(isMisspelledCode(first, second)).toBe(expected);
});
