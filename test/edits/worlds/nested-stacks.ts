import * as w from '../world';
import { HUB, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const PUBLISHER = w.roleArn(SHOP, 'publisher');
const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

export const NESTED: World = {
  name: 'nested-stacks',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: { Topic: w.topic('t') },
        nested: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy('orders', 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS)),
        },
      },
    }),
    shop: w.plain({
      Shop: { env: SHOP, stage: 'Prod', resources: { X: w.topic('t') }, nested: { Publisher: publisher() } },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'put',
      putEvents: {
        as: { account: SHOP.account, role: 'publisher' },
        bus: w.busAt(HUB, 'orders'),
        source: 'com.shop',
        detailType: 'x',
      },
      expect: 'allow',
    },
  ],
  edits: [
    {
      title: 'the policy moves to the parent',
      app: 'hub',
      effect: 'harmless',
      change: (c) => {
        c.Hub.resources.Policy = c.Hub.nested.Policy;
        delete c.Hub.nested.Policy;
      },
    },
    {
      title: 'the policy of the nested stack names another role',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.nested.Policy.Properties.Statement.Principal.AWS = w.roleArn(SHOP, 'publishers')),
    },
    {
      title: 'the parent denies',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Deny = w.busPolicy('orders', 'Deny', {
          ...w.allow('*', 'events:PutEvents', ORDERS, { StringEquals: { 'aws:PrincipalAccount': SHOP.account } }),
          Effect: 'Deny',
        })),
    },
    {
      title: 'the role of the nested stack is renamed',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.nested.Publisher.Properties.RoleName = 'writer'),
    },
    {
      title: 'the role moves to the parent',
      app: 'shop',
      effect: 'harmless',
      change: (c) => {
        c.Shop.resources.Publisher = c.Shop.nested.Publisher;
        c.Shop.nested = { Y: w.topic('y') };
      },
    },
    { title: 'the stage has another name', app: 'shop', effect: 'harmless', change: (c) => (c.Shop.stage = 'Live') },
    {
      title: 'the bus of the nested stack is renamed',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Hub.nested.Bus.Properties.Name = 'all';
        c.Hub.nested.Policy = w.busPolicy(
          'all',
          'Shop',
          w.allow({ AWS: PUBLISHER }, 'events:PutEvents', w.busArn(HUB, 'all')),
        );
      },
    },
  ],
};
