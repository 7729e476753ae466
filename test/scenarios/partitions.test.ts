import { join } from 'node:path';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CentralBusStack,
  InvoiceStack,
  NEW_ORDERS,
  WebStoreStack,
} from '../../examples/typescript/order-to-invoice/stacks';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  EventPublisher,
  LambdaEventTarget,
} from '../../src';
import { BILLING, HUB, SHOP, messagesOfApp } from '../support/apps';
import { appIn, command, emptyDirectory, findingsOf } from '../support/command';
import { expectError } from '../support/messages';

const REGIONS = ['cn-north-1', 'eusc-de-east-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'us-isof-south-1'];
const eventPattern = { source: NEW_ORDERS.sources, detailType: NEW_ORDERS.detailTypes };

/** The publisher, bus and function of three accounts, and a second bus, by ARNs that have the partition. */
function orderApp(directory: string, region: string, literals: boolean): App {
  const app = appIn(directory, 'orders', { context: { '@aws-cdk/core:enablePartitionLiterals': literals } });
  const [ofHub, ofShop, ofBilling] = [HUB, SHOP, BILLING].map(({ account }) => ({ env: { account, region } }));
  const hub = new CentralBusStack(app, 'Hub', ofHub);
  const billing = new InvoiceStack(app, 'Billing', ofBilling);
  new WebStoreStack(app, 'Shop', { ...ofShop, bus: hub.bus });
  hub.sendNewOrdersTo(billing.handler);
  forwardByArn(hub, billing);
  CrossAccountEventChecks.applyTo(app);
  return app;
}

/** Forwards to a bus by its ARN; a rule on that bus invokes a function, with a dead-letter queue. */
function forwardByArn({ bus }: CentralBusStack, billing: InvoiceStack): void {
  const local = new CrossAccountEventBus(billing, 'Local', { eventBusName: 'local' });
  local.allowPublisher(EventPublisher.accounts(HUB.account));
  const arn = billing.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'local' });
  const stack = Stack.of(bus);
  stack.addDependency(billing);
  const target = new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, 'Imported', arn));
  new Rule(stack, 'Forward', { eventBus: bus, eventPattern, targets: [target] });
  const deadLetterQueue = new Queue(billing, 'DeadLetters');
  const targets = [new LambdaEventTarget(billing.handler, { deadLetterQueue })];
  new Rule(billing, 'Invoice', { eventBus: local, eventPattern, targets });
}

describe.each(REGIONS)('an app in Region %s', (region) => {
  test.each([true, false])('synthesizes without a warning or error, with literal partitions: %s', (literals) => {
    const directory = emptyDirectory();
    expect(messagesOfApp(orderApp(directory, region, literals))).toEqual([]);
    const { status, out } = command('check', join(directory, 'orders/cdk.out'), '--json');
    expect([status, findingsOf(out)]).toEqual([0, []]);
  });
});

test.each(REGIONS)('a role in partition aws cannot be allowed by a policy in Region %s', (region) => {
  const hub = new Stack(appIn(emptyDirectory(), 'hub'), 'Hub', { env: { account: HUB.account, region } });
  const bus = new CrossAccountEventBus(hub, 'Bus');
  const role = EventPublisher.role(`arn:aws:iam::${SHOP.account}:role/shop`);
  expectError(() => bus.allowPublisher(role), "'role' must be in partition aws-");
});

test.each([
  ['in that partition', 'cn-north-1', 'aws-cn'],
  ['in a stack without a Region', undefined, 'aws-cn'],
  ['whose partition is known only at deployment', 'cn-north-1', Aws.PARTITION],
])('a role is allowed %s', (_, region, partition) => {
  const hub = new Stack(appIn(emptyDirectory(), 'hub'), 'Hub', { env: { account: HUB.account, region } });
  const bus = new CrossAccountEventBus(hub, 'Bus');
  const role = EventPublisher.role(`arn:${partition}:iam::${SHOP.account}:role/shop`);
  expect(() => bus.allowPublisher(role)).not.toThrow();
});
