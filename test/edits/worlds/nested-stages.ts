import { Environment, Stack, Stage } from 'aws-cdk-lib';

import { EventBus, Rule } from 'aws-cdk-lib/aws-events';

import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { Function } from 'aws-cdk-lib/aws-lambda';

import { Queue } from 'aws-cdk-lib/aws-sqs';

import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountInvokePermission,
  CrossAccountQueuePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  SqsEventTarget,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, World } from '../world';

const US = 'us-east-1';

const breaks = w.breaksIn('platform');
const inBilling = { app: 'billing', alone: 'unchanged need' } as const;

/** The bus is in a stage; who publishes, what receives, and a second Region are in stages within it. */
export const NESTED_STAGES: World = {
  name: 'nested-stages',
  apps: {
    platform: w.program(
      {
        hub: HUB as Environment,
        audit: PLATFORM as Environment,
        busName: 'orders',
        grantTo: w.roleArn(SHOP, 'publisher'),
        grantSources: ['com.shop'],
        openTo: [] as string[],
        fn: w.fnArn(BILLING, 'invoices'),
        queue: w.queueArn(PLATFORM, 'audit'),
        queueName: 'audit',
        queueAccount: HUB.account,
        roleName: 'publisher',
        shopBus: w.busArn(HUB, 'orders'),
        shopSources: ['com.shop'],
        usBus: w.busArn({ ...HUB, region: US }, 'orders-us'),
        usName: 'orders-us',
        usRegion: US,
        usFn: 'orders-us-handler',
      },
      (app, c) => {
        const outer = new Stage(app, 'Prod');
        const hub = new Stack(outer, 'Hub', { env: c.hub });
        const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: c.busName });
        bus.allowPublisher(EventPublisher.role(c.grantTo), { sources: c.grantSources });
        if (c.openTo.length > 0) {
          bus.addToResourcePolicy(
            new PolicyStatement({
              sid: 'Open',
              principals: [new AnyPrincipal()],
              actions: ['events:PutEvents'],
              resources: [bus.eventBusArn],
              conditions: { StringEquals: { 'events:source': c.openTo } },
            }),
          );
        }
        const failed = new Queue(hub, 'Failed', { queueName: 'failed' });
        new Rule(hub, 'ToBilling', {
          eventBus: bus,
          eventPattern: { source: ['com.shop'] },
          targets: [new LambdaEventTarget(Function.fromFunctionArn(hub, 'Fn', c.fn), { deadLetterQueue: failed })],
        });
        new Rule(hub, 'ToAudit', {
          eventBus: bus,
          eventPattern: { source: ['com.shop'] },
          targets: [new SqsEventTarget(Queue.fromQueueArn(hub, 'Audit', c.queue))],
        });
        new Rule(hub, 'ToUs', {
          eventBus: bus,
          eventPattern: { source: ['com.shop'] },
          targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(hub, 'UsBus', c.usBus))],
        });
        const shop = new Stack(new Stage(outer, 'Publishers', { env: SHOP }), 'Shop');
        new PublisherRole(shop, 'Publisher', {
          roleName: c.roleName,
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', c.shopBus)],
          allowedEvents: { sources: c.shopSources },
        });
        const targets = new Stage(outer, 'Targets');
        const audit = new Stack(new Stage(targets, 'Inner', { env: c.audit }), 'Audit');
        const queue = new Queue(audit, 'Queue', { queueName: c.queueName });
        if (c.queueAccount) {
          new CrossAccountQueuePermission(audit, 'FromHub', { queue, eventBusAccount: c.queueAccount });
        }
        const us = new Stack(targets, 'Us', { env: { ...HUB, region: c.usRegion } });
        new Rule(us, 'Rule', {
          eventBus: new CrossAccountEventBus(us, 'Bus', { eventBusName: c.usName }),
          eventPattern: { source: ['com.shop'] },
          targets: [new LambdaEventTarget(testFunction(us, 'Handler', { functionName: c.usFn }))],
        });
      },
    ),
    billing: w.program({ env: BILLING as Environment, name: 'invoices', account: HUB.account }, (app, c) => {
      const stack = new Stack(new Stage(new Stage(app, 'Prod'), 'Eu', { env: c.env }), 'Billing');
      const handler = testFunction(stack, 'Handler', { functionName: c.name });
      if (c.account) new CrossAccountInvokePermission(stack, 'FromHub', { handler, eventBusAccount: c.account });
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: [
          { account: BILLING.account, region: REGION, name: 'invoices' },
          { account: PLATFORM.account, region: REGION, name: 'audit' },
          { account: HUB.account, region: US, name: 'orders-us-handler' },
        ],
        allDelivered: true,
      },
    },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(HUB, 'orders'),
      welcome: [{ principalArn: w.roleArn(SHOP, 'publisher') }, { account: HUB.account }],
    },
  ],
  edits: [
    breaks('the role in the grant', (c) => (c.grantTo = w.roleArn(SHOP, 'publishers'))),
    breaks('the source in the grant', (c) => (c.grantSources = ['com.web'])),
    breaks('the source of the shop', (c) => (c.shopSources = ['com.web'])),
    breaks('the role is renamed', (c) => (c.roleName = 'writer')),
    breaks('the bus is renamed', (c) => (c.busName = 'all-orders')),
    breaks('the bus of the shop', (c) => (c.shopBus = w.busArn(HUB, 'order'))),
    breaks('the bus is in another account', (c) => (c.hub = PLATFORM)),
    breaks('the function', (c) => (c.fn = w.fnArn(BILLING, 'invoice'))),
    breaks('the queue', (c) => (c.queue = w.queueArn(PLATFORM, 'audits'))),
    breaks('the queue is renamed', (c) => (c.queueName = 'audit-log')),
    breaks('the queue is in another account', (c) => (c.audit = SHOP)),
    breaks('the permission of the queue is for another account', (c) => (c.queueAccount = SHOP.account)),
    breaks('the permission of the queue is missing', (c) => (c.queueAccount = '')),
    breaks('the bus in the other Region', (c) => (c.usBus = w.busArn({ ...HUB, region: US }, 'order-us'))),
    breaks('the bus in the other Region is renamed', (c) => (c.usName = 'all-us')),
    breaks('the bus is in a third Region', (c) => (c.usRegion = 'eu-central-1'), {
      unreported: 'no app describes the Region, and the bus is in the account of the rule',
    }),
    breaks('the function is renamed', (c) => (c.name = 'bills'), inBilling),
    breaks('the permission is missing', (c) => (c.account = ''), inBilling),
    breaks('the permission is for another account', (c) => (c.account = SHOP.account), inBilling),
    breaks('billing is in another account', (c) => (c.env = PLATFORM), inBilling),
    { ...breaks('any account may publish a source', (c) => (c.openTo = ['com.shop'])), effect: 'opens' },
  ],
};
