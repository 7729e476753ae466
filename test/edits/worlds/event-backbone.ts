import { Stack } from 'aws-cdk-lib';

import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';

import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, World } from '../world';

const service = (name: string, env: typeof HUB) =>
  w.program(
    {
      name,
      env,
      globalBus: w.busArn(PLATFORM, 'global'),
      localName: `${name}-local`,
      busAccount: PLATFORM.account,
      source: `com.example.${name}`,
      invocation: 'rule',
      pattern: undefined as any,
      ruleArns: undefined as string[] | undefined,
    },
    (app, c) => {
      const stack = new Stack(app, `Service-${c.name}`, { env: c.env });
      new PublisherRole(stack, 'Publisher', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        eventBuses: [EventBus.fromEventBusArn(stack, 'GlobalBus', c.globalBus)],
        allowedEvents: { sources: [c.source] },
      });
      const localBus = new CrossAccountEventBus(stack, 'LocalBus', { eventBusName: c.localName });
      localBus.allowPublisher(EventPublisher.accounts(c.busAccount), {
        invocation: c.invocation === 'rule' ? EventBusInvocation.RULE : EventBusInvocation.DIRECT,
        ruleArns: c.ruleArns,
      });
      new Rule(stack, 'FromOthers', {
        eventBus: localBus,
        eventPattern: c.pattern ?? { source: Match.prefix('com.example.') },
        targets: [new LambdaEventTarget(testFunction(stack, 'Handler'))],
      });
    },
  );

export const BACKBONE: World = {
  name: 'event-backbone-by-arn',
  apps: {
    backbone: w.program(
      {
        env: PLATFORM,
        name: 'global',
        accounts: [SHOP.account, BILLING.account],
        excluded: { orders: SHOP.account, billing: BILLING.account } as any,
        targets: { orders: w.busArn(SHOP, 'orders-local'), billing: w.busArn(BILLING, 'billing-local') } as any,
        accountPatterns: true,
      },
      (app, c) => {
        const stack = new Stack(app, 'Backbone', { env: c.env });
        const bus = new CrossAccountEventBus(stack, 'Bus', {
          eventBusName: c.name,
          publishers: [EventPublisher.accounts(...c.accounts)],
        });
        for (const [name, arn] of Object.entries<string>(c.targets)) {
          new Rule(stack, `To-${name}`, {
            eventBus: bus,
            eventPattern: { account: Match.anythingBut(c.excluded[name]) },
            targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, `Local-${name}`, arn))],
          });
        }
      },
    ),
    orders: service('orders', SHOP),
    billing: service('billing', BILLING),
  },
  reads: { backbone: ['orders', 'billing'], orders: ['backbone'], billing: ['backbone'] },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'Service-orders/Publisher' },
        to: { bus: w.busAt(PLATFORM, 'global') },
        event: { source: 'com.example.orders', detailType: 'x' },
        reaches: ['Service-billing/Handler'],
        allDelivered: true,
      },
    },
    {
      name: 'back',
      path: {
        from: { account: BILLING.account, role: 'Service-billing/Publisher' },
        to: { bus: w.busAt(PLATFORM, 'global') },
        event: { source: 'com.example.billing', detailType: 'x' },
        reaches: ['Service-orders/Handler'],
        allDelivered: true,
      },
    },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(PLATFORM, 'global'),
      welcome: [{ account: SHOP.account }, { account: BILLING.account }],
    },
  ],
  edits: [
    {
      title: 'backbone: an account is missing',
      app: 'backbone',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.accounts = [SHOP.account]),
    },
    { title: 'backbone: the bus is renamed', app: 'backbone', effect: 'breaks', change: (c) => (c.name = 'backbone') },
    {
      title: 'backbone: the local buses are swapped',
      app: 'backbone',
      effect: 'breaks',
      change: (c) =>
        (c.targets = { orders: w.busArn(SHOP, 'billing-local'), billing: w.busArn(BILLING, 'orders-local') }),
    },
    {
      title: 'backbone: the accounts of the local buses are swapped',
      app: 'backbone',
      effect: 'breaks',
      change: (c) =>
        (c.targets = { orders: w.busArn(BILLING, 'orders-local'), billing: w.busArn(SHOP, 'billing-local') }),
    },
    {
      title: 'backbone: a rule forwards to the default bus',
      app: 'backbone',
      effect: 'breaks',
      change: (c) => (c.targets.billing = w.busArn(BILLING, 'default')),
    },
    {
      title: 'backbone: another account',
      app: 'backbone',
      effect: 'breaks',
      change: (c) => (c.env = { ...PLATFORM, account: '444444444445' }),
    },
    {
      title: 'backbone: a third service is allowed',
      app: 'backbone',
      effect: 'opens',
      unreported: 'nobody is known there',
      alone: 'unchanged need',
      change: (c) => c.accounts.push(HUB.account),
    },
    {
      title: 'orders: the local bus is renamed',
      app: 'orders',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.localName = 'order-local'),
    },
    {
      title: 'orders: the account of the backbone is mistyped in the grant',
      app: 'orders',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.busAccount = '444444444454'),
    },
    {
      title: 'orders: direct calls in place of rules',
      app: 'orders',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.invocation = 'direct'),
    },
    {
      title: 'orders: limited to a rule that does not exist',
      app: 'orders',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.ruleArns = [`arn:aws:events:${REGION}:${PLATFORM.account}:rule/global/to-orders`]),
    },
    {
      title: 'orders: limited to the rules of the bus',
      app: 'orders',
      effect: 'harmless',
      change: (c) => (c.ruleArns = [`arn:aws:events:${REGION}:${PLATFORM.account}:rule/global/*`]),
    },
    {
      title: 'orders: the name of the global bus',
      app: 'orders',
      effect: 'breaks',
      change: (c) => (c.globalBus = w.busArn(PLATFORM, 'globals')),
    },
    {
      title: 'orders: the source',
      app: 'orders',
      effect: 'breaks',
      unreported: 'the bus takes any source: a choice',
      change: (c) => (c.source = 'com.exampl.orders'),
    },
    {
      title: 'orders: another account',
      app: 'orders',
      effect: 'breaks',
      change: (c) => (c.env = { ...SHOP, account: '222222222224' }),
    },
  ],
};
