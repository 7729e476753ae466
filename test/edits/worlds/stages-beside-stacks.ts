import { App, Environment, Stack, Stage } from 'aws-cdk-lib';

import { EventBus, Rule } from 'aws-cdk-lib/aws-events';

import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { Queue } from 'aws-cdk-lib/aws-sqs';

import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountQueuePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  SqsEventTarget,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, World } from '../world';

const breaks = w.breaksIn('platform');
const inAudit = { app: 'audit', alone: 'unchanged need' } as const;

const inStage = (app: App, stage: string, id: string, env: Environment) =>
  new Stack(new Stage(app, stage), id, { env });

/** The bus is in a stack of the app; a publisher and a bus that receives events are in stages. */
export const BESIDE_STACKS: World = {
  name: 'stages-beside-stacks',
  apps: {
    platform: w.program(
      {
        busName: 'orders',
        grantTo: w.roleArn(SHOP, 'publisher'),
        grantDetailTypes: ['OrderPlaced'],
        toBilling: w.busArn(BILLING, 'billing'),
        deadLetters: w.queueArn(HUB, 'failed'),
        billing: BILLING as Environment,
        billingName: 'billing',
        billingFrom: HUB.account,
        toAudit: w.queueArn(PLATFORM, 'audit'),
        roleName: 'publisher',
        shopBus: w.busArn(HUB, 'orders'),
        shopDetailTypes: ['OrderPlaced'],
      },
      (app, c) => {
        const hub = new Stack(app, 'Hub', { env: HUB });
        const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: c.busName });
        bus.allowPublisher(EventPublisher.role(c.grantTo), { detailTypes: c.grantDetailTypes });
        const deadLetterQueue = new Queue(hub, 'Failed', { queueName: 'failed' });
        const eventPattern = { source: ['com.shop'] };
        const dlq =
          c.deadLetters === w.queueArn(HUB, 'failed') ? deadLetterQueue : Queue.fromQueueArn(hub, 'Dlq', c.deadLetters);
        new Rule(hub, 'ToBilling', {
          eventBus: bus,
          eventPattern,
          targets: [
            new CrossAccountEventBusTarget(EventBus.fromEventBusArn(hub, 'Billing', c.toBilling), {
              deadLetterQueue: dlq,
            }),
          ],
        });
        new Rule(hub, 'ToAudit', {
          eventBus: bus,
          eventPattern,
          targets: [new SqsEventTarget(Queue.fromQueueArn(hub, 'Audit', c.toAudit))],
        });
        const billing = inStage(app, 'BillingStage', 'Billing', c.billing);
        const billingBus = new CrossAccountEventBus(billing, 'Bus', { eventBusName: c.billingName });
        billingBus.allowPublisher(EventPublisher.accounts(c.billingFrom));
        const handler = testFunction(billing, 'Handler', { functionName: 'invoices' });
        new Rule(billing, 'Rule', { eventBus: billingBus, eventPattern, targets: [new LambdaEventTarget(handler)] });
        const shop = inStage(app, 'ShopStage', 'Shop', SHOP);
        new PublisherRole(shop, 'Publisher', {
          roleName: c.roleName,
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', c.shopBus)],
          allowedEvents: { sources: ['com.shop'], detailTypes: c.shopDetailTypes },
        });
      },
    ),
    audit: w.program({ env: PLATFORM as Environment, name: 'audit', from: HUB.account }, (app, c) => {
      const audit = inStage(app, 'Prod', 'Audit', c.env);
      const queue = new Queue(audit, 'Queue', { queueName: c.name });
      if (c.from) new CrossAccountQueuePermission(audit, 'FromHub', { queue, eventBusAccount: c.from });
      new Queue(new Stack(app, 'Other', { env: PLATFORM }), 'Queue', { queueName: 'other' });
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'OrderPlaced' },
        reaches: [
          { account: BILLING.account, region: REGION, name: 'invoices' },
          { account: PLATFORM.account, region: REGION, name: 'audit' },
        ],
        allDelivered: true,
      },
    },
    { name: 'dead letters', deliver: { rule: 'Hub/ToBilling' }, expect: 'allow' },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(HUB, 'orders'),
      welcome: [{ principalArn: w.roleArn(SHOP, 'publisher') }],
    },
  ],
  edits: [
    breaks('the role in the grant', (c) => (c.grantTo = w.roleArn(SHOP, 'publishers'))),
    breaks(
      'the role in the grant is in the account of the stage',
      (c) => (c.grantTo = w.roleArn(BILLING, 'publisher')),
    ),
    breaks('the detail type in the grant', (c) => (c.grantDetailTypes = ['OrderPaid'])),
    breaks('the detail type of the shop', (c) => (c.shopDetailTypes = ['OrderPlaced', 'OrderPaid']), {
      oracle: 'the question has one detail type',
    }),
    breaks('the role is renamed', (c) => (c.roleName = 'writer')),
    breaks('the bus is renamed', (c) => (c.busName = 'all-orders')),
    breaks('the bus of the shop', (c) => (c.shopBus = w.busArn(HUB, 'order'))),
    breaks('the bus of billing', (c) => (c.toBilling = w.busArn(BILLING, 'billings'))),
    breaks('the bus of billing is renamed', (c) => (c.billingName = 'invoicing')),
    breaks('the bus of billing allows another account', (c) => (c.billingFrom = SHOP.account)),
    breaks('billing is in another account', (c) => (c.billing = PLATFORM)),
    breaks('billing is in another Region', (c) => (c.billing = { ...BILLING, region: 'us-east-1' }), {
      differs: 'the command reads the stage too, although it has no stack in the Region of the target any more',
    }),
    breaks('the dead-letter queue', (c) => (c.deadLetters = w.queueArn(HUB, 'fail'))),
    breaks('the dead-letter queue is in a stage', (c) => (c.deadLetters = w.queueArn(BILLING, 'failed'))),
    breaks('the queue', (c) => (c.toAudit = w.queueArn(PLATFORM, 'audits'))),
    breaks('the queue is that of the stack', (c) => (c.toAudit = w.queueArn(PLATFORM, 'other'))),
    breaks('the queue is renamed', (c) => (c.name = 'audit-log'), inAudit),
    breaks('the permission is missing', (c) => (c.from = ''), inAudit),
    breaks('the permission is for another account', (c) => (c.from = SHOP.account), inAudit),
    breaks('audit is in another account', (c) => (c.env = SHOP), inAudit),
  ],
};
