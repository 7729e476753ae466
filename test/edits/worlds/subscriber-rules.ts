import { Stack } from 'aws-cdk-lib';

import { CfnEventBusPolicy, EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';

import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, World } from '../world';

const OWN = {
  sources: ['com.shop'],
  detailTypes: ['OrderPlaced'],
  targetArns: [`arn:aws:events:*:${BILLING.account}:event-bus/*`],
};
export const SUBSCRIBER: World = {
  name: 'subscriber-rules',
  apps: {
    central: w.program(
      {
        env: HUB,
        name: 'central',
        publisher: SHOP.account,
        subscriber: BILLING.account,
        rules: OWN as any,
        deny: false,
      },
      (app, c) => {
        const stack = new Stack(app, 'Central', { env: c.env });
        const bus = new CrossAccountEventBus(stack, 'Bus', {
          eventBusName: c.name,
          publishers: [EventPublisher.accounts(c.publisher)],
        });
        bus.allowRuleManagement(EventPublisher.accounts(c.subscriber), c.rules);
        if (c.deny) {
          new CfnEventBusPolicy(stack, 'Deny', {
            eventBusName: c.name,
            statementId: 'Deny',
            statement: {
              Sid: 'Deny',
              Effect: 'Deny',
              Principal: '*',
              Action: 'events:PutTargets',
              Resource: `arn:aws:events:${REGION}:${HUB.account}:rule/${c.name}/*`,
            },
          }).node.addDependency(bus);
        }
      },
    ),
    subscriber: w.program(
      {
        env: BILLING,
        central: w.busArn(HUB, 'central'),
        own: 'billing',
        pattern: { source: ['com.shop'], detailType: ['OrderPlaced'] } as any,
        targetBus: undefined as string | undefined,
        ownRulePattern: { source: ['com.shop'] } as any,
      },
      (app, c) => {
        const stack = new Stack(app, 'Subscriber', { env: c.env });
        const own = new CrossAccountEventBus(stack, 'OwnBus', { eventBusName: c.own });
        const target = c.targetBus ? EventBus.fromEventBusArn(stack, 'Target', c.targetBus) : own;
        new CrossAccountRule(stack, 'Orders', {
          eventBus: EventBus.fromEventBusArn(stack, 'Central', c.central),
          eventPattern: c.pattern,
          targets: [new CrossAccountEventBusTarget(target)],
        });
        new Rule(stack, 'Invoice', {
          eventBus: own,
          eventPattern: c.ownRulePattern,
          targets: [new LambdaEventTarget(testFunction(stack, 'Handler'))],
        });
      },
    ),
    shop: w.program(
      {
        env: SHOP,
        busArn: w.busArn(HUB, 'central'),
        events: { sources: ['com.shop'], detailTypes: ['OrderPlaced'] } as any,
      },
      (app, c) => {
        const stack = new Stack(app, 'Shop', { env: c.env });
        new PublisherRole(stack, 'Publisher', {
          roleName: 'shop',
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', c.busArn)],
          allowedEvents: c.events,
        });
      },
    ),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'shop' },
        to: { bus: w.busAt(HUB, 'central') },
        event: { source: 'com.shop', detailType: 'OrderPlaced' },
        reaches: ['Subscriber/Handler'],
        allDelivered: true,
      },
    },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(HUB, 'central'),
      welcome: [{ account: SHOP.account }, { account: BILLING.account }],
    },
  ],
  edits: [
    {
      title: 'central: the source of allowed rules',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.rules = { ...OWN, sources: ['com.web'] }),
    },
    {
      title: 'central: the detail types of allowed rules',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.rules = { ...OWN, detailTypes: ['OrderPaid'] }),
    },
    {
      title: 'central: targets in another account',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.rules = { ...OWN, targetArns: [`arn:aws:events:*:${SHOP.account}:event-bus/*`] }),
    },
    {
      title: 'central: targets in another Region',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.rules = { ...OWN, targetArns: [`arn:aws:events:us-east-1:${BILLING.account}:event-bus/*`] }),
    },
    {
      title: 'central: another subscriber',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.subscriber = PLATFORM.account),
    },
    {
      title: 'central: a Deny of PutTargets',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.deny = true),
    },
    {
      title: 'central: the publisher is another account',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.publisher = PLATFORM.account),
    },
    {
      title: 'central: the bus is renamed',
      app: 'central',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.name = 'centre-bus'),
    },
    {
      title: 'subscriber: another detail type',
      app: 'subscriber',
      effect: 'breaks',
      change: (c) => (c.pattern = { source: ['com.shop'], detailType: ['OrderPaid'] }),
    },
    {
      title: 'subscriber: a prefix in place of the source',
      app: 'subscriber',
      effect: 'breaks',
      oracle: 'sources of rules',
      change: (c) => (c.pattern = { source: Match.prefix('com.'), detailType: ['OrderPlaced'] }),
    },
    {
      title: 'subscriber: no detail type',
      app: 'subscriber',
      effect: 'breaks',
      change: (c) => (c.pattern = { source: ['com.shop'] }),
    },
    {
      title: 'subscriber: the name of the central bus',
      app: 'subscriber',
      effect: 'breaks',
      change: (c) => (c.central = w.busArn(HUB, 'centra1')),
    },
    {
      title: 'subscriber: the account of the central bus',
      differs: 'constructs have a warning of their own',
      app: 'subscriber',
      effect: 'breaks',
      change: (c) => (c.central = w.busArn({ ...HUB, account: '111111111112' }, 'central')),
    },
    {
      title: 'subscriber: the pattern of its own rule',
      app: 'subscriber',
      effect: 'breaks',
      unreported: 'a choice',
      change: (c) => (c.ownRulePattern = { source: ['com.shops'] }),
    },
    {
      title: 'subscriber: the account of its own rule',
      app: 'subscriber',
      effect: 'breaks',
      unreported: 'a choice',
      alone: 'unchanged need',
      change: (c) => (c.ownRulePattern = { source: ['com.shop'], account: [BILLING.account] }),
    },
    {
      title: 'subscriber: moves to another account',
      app: 'subscriber',
      effect: 'breaks',
      change: (c) => (c.env = { ...BILLING, account: '333333333335' }),
    },
    {
      title: 'subscriber: its own bus is renamed',
      app: 'subscriber',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.own = 'bills'),
    },
  ],
};
