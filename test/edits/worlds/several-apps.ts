import * as w from '../world';
import { BILLING, HUB, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const PUBLISHER = w.roleArn(SHOP, 'publisher');
const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

const EU_BUS = w.busArn({ ...HUB, region: 'eu-central-1' }, 'orders');
export const FILES: World = {
  name: 'several-apps-for-an-account',
  apps: {
    buses: w.plain({
      Buses: { env: HUB, resources: { Bus: w.bus('orders') } },
      BusesEu: { env: { ...HUB, region: 'eu-central-1' }, resources: { Bus: w.bus('orders') } },
    }),
    grants: w.plain({
      Grants: {
        env: HUB,
        resources: { Shop: w.busPolicy('orders', 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS)) },
      },
      GrantsEu: {
        env: { ...HUB, region: 'eu-central-1' },
        resources: { Shop: w.busPolicy('orders', 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', EU_BUS)) },
      },
    }),
    rules: w.plain({
      Rules: {
        env: HUB,
        resources: {
          Rule: w.rule(
            'store',
            'orders',
            { source: ['com.shop'], account: [SHOP.account] },
            { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          ),
          Queue: w.queue('store'),
          Policy: w.queuePolicy({ Ref: 'Queue' }, w.sendFor(w.ruleArn(HUB, 'orders/store'), w.queueArn(HUB, 'store'))),
        },
      },
    }),
    shop: w.plain({ Shop: { env: SHOP, resources: { Publisher: publisher([ORDERS, EU_BUS]) } } }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Rules/T/Queue'],
        allDelivered: true,
      },
    },
    {
      name: 'eu',
      putEvents: {
        as: { account: SHOP.account, role: 'publisher' },
        bus: w.busAt({ ...HUB, region: 'eu-central-1' }, 'orders'),
        source: 'x',
        detailType: 'x',
      },
      expect: 'allow',
    },
    { name: 'strangers', strangers: true, bus: w.busAt(HUB, 'orders'), welcome: [{ principalArn: PUBLISHER }] },
  ],
  edits: [
    {
      title: 'a grant is removed in one Region',
      app: 'grants',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.GrantsEu.resources = { Store: w.queue('x') };
      },
    },
    {
      title: 'the Regions of the resources are swapped',
      app: 'grants',
      effect: 'breaks',
      change: (c) => {
        c.Grants.resources.Shop.Properties.Statement.Resource = EU_BUS;
        c.GrantsEu.resources.Shop.Properties.Statement.Resource = ORDERS;
      },
    },
    {
      title: 'a grant in one Region names another role',
      app: 'grants',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.GrantsEu.resources.Shop.Properties.Statement.Principal.AWS = w.roleArn(SHOP, 'publishers')),
    },
    {
      title: 'another app denies',
      app: 'rules',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Rules.resources.Deny = w.busPolicy('orders', 'Deny', {
          ...w.allow('*', 'events:PutEvents', ORDERS),
          Effect: 'Deny',
        })),
    },
    {
      title: 'another app has the same StatementId in the Region',
      app: 'rules',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Rules.resources.Again = w.busPolicy(
          'orders',
          'Shop',
          w.allow({ AWS: w.rootArn(HUB) }, 'events:PutEvents', ORDERS),
        )),
    },
    {
      title: 'another app defines the bus too',
      app: 'rules',
      effect: 'breaks',
      oracle: 'two of one name',
      unreported: 'the deployment fails',
      alone: 'unchanged need',
      change: (c) => (c.Rules.resources.Bus = w.bus('orders')),
    },
    {
      title: 'a bus is removed from one Region',
      app: 'buses',
      effect: 'breaks',
      alone: 'unchanged need',
      oracle: 'what has a policy exists',
      unreported: 'what has a policy exists',
      change: (c) => (c.BusesEu.resources = { X: w.queue('x') }),
    },
    {
      title: 'a bus gets the whole policy by its property',
      alone: 'unchanged need',
      app: 'buses',
      effect: 'breaks',
      oracle: 'it adds them up',
      change: (c) =>
        (c.Buses.resources.Bus.Properties.Policy = {
          Version: '2012-10-17',
          Statement: [{ Sid: 'X', ...w.allow({ AWS: w.rootArn(BILLING) }, 'events:PutEvents', ORDERS) }],
        }),
    },
    {
      title: 'the rule is on a bus that no app has',
      app: 'rules',
      effect: 'breaks',
      change: (c) => (c.Rules.resources.Rule.Properties.EventBusName = 'order'),
    },
    {
      title: 'the rule is on a bus with another name',
      app: 'rules',
      effect: 'breaks',
      change: (c) => (c.Rules.resources.Rule.Properties.EventBusName = 'payments'),
    },
    {
      title: 'a stranger is allowed by another app',
      app: 'rules',
      effect: 'opens',
      change: (c) =>
        (c.Rules.resources.Stranger = w.busPolicy('orders', 'Stranger', w.allow('*', 'events:PutEvents', ORDERS))),
    },
    {
      title: 'the shop puts events in a third Region',
      app: 'shop',
      effect: 'breaks',
      oracle: 'it asks about two',
      change: (c) =>
        c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource.push(
          w.busArn({ ...HUB, region: 'eu-central-2' }, 'orders'),
        ),
    },
    {
      title: 'the shop uses another name in one Region',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource[1] = w.busArn(
          { ...HUB, region: 'eu-central-1' },
          'orders-eu',
        )),
    },
    {
      title: 'the grants move to the app of the buses',
      app: 'buses',
      effect: 'harmless',
      change: (c) =>
        (c.Buses.resources.Extra = w.busPolicy(
          { Ref: 'Bus' },
          'Extra',
          w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS),
        )),
    },
  ],
};
