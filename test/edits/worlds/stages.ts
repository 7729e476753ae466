import { Stack, Stage } from 'aws-cdk-lib';

import { EventBus, Rule } from 'aws-cdk-lib/aws-events';

import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { Function } from 'aws-cdk-lib/aws-lambda';

import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, REGION, SHOP, World } from '../world';

export const STAGES: World = {
  name: 'stages',
  apps: {
    platform: w.program(
      {
        busName: 'orders',
        role: 'publisher',
        roleName: 'publisher',
        events: { sources: ['com.shop'] } as any,
        shopBus: w.busArn(HUB, 'orders'),
        fn: w.fnArn(BILLING, 'invoices'),
      },
      (app, c) => {
        const hub = new Stack(new Stage(app, 'HubStage', { env: HUB }), 'Hub');
        const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: c.busName });
        bus.allowPublisher(EventPublisher.role(w.roleArn(SHOP, c.role)), c.events);
        new Rule(hub, 'Rule', {
          eventBus: bus,
          eventPattern: { source: ['com.shop'] },
          targets: [new LambdaEventTarget(Function.fromFunctionArn(hub, 'Fn', c.fn))],
        });
        const shop = new Stack(new Stage(app, 'ShopStage', { env: SHOP }), 'Shop');
        new PublisherRole(shop, 'Publisher', {
          roleName: c.roleName,
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', c.shopBus)],
          allowedEvents: { sources: ['com.shop'] },
        });
      },
    ),
    billing: w.program({ name: 'invoices', account: HUB.account }, (app, c) => {
      const stack = new Stack(new Stage(app, 'Prod', { env: BILLING }), 'Billing');
      const handler = testFunction(stack, 'Handler', { functionName: c.name });
      new CrossAccountInvokePermission(stack, 'FromHub', { handler, eventBusAccount: c.account });
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
        reaches: [{ account: BILLING.account, region: REGION, name: 'invoices' }],
        allDelivered: true,
      },
    },
  ],
  edits: [
    {
      title: 'the role in the grant of the other stage',
      app: 'platform',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.role = 'publishers'),
    },
    {
      title: 'the role of the stage',
      app: 'platform',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.roleName = 'writer'),
    },
    {
      title: 'the source in the grant of the other stage',
      app: 'platform',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.events = { sources: ['com.web'] }),
    },
    {
      title: 'the bus of the other stage',
      app: 'platform',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.shopBus = w.busArn(HUB, 'order')),
    },
    {
      title: 'the bus is renamed in its stage',
      app: 'platform',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.busName = 'all-orders'),
    },
    {
      title: 'the function of the other app',
      app: 'platform',
      effect: 'breaks',
      change: (c) => (c.fn = w.fnArn(BILLING, 'invoice')),
    },
    {
      title: 'the function is renamed',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.name = 'bills'),
    },
    {
      title: 'the permission is for another account',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.account = SHOP.account),
    },
  ],
};
