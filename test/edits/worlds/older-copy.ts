import * as w from '../world';
import { HUB, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const PUBLISHER = w.roleArn(SHOP, 'publisher');
const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

export const OLDER: World = {
  name: 'older-copy-of-itself',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy({ Ref: 'Bus' }, 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS)),
        },
      },
    }),
    shop: w.plain({ Shop: { env: SHOP, resources: { Publisher: publisher() } } }),
  },
  reads: { hub: ['shop', 'hub(before)'], shop: ['hub', 'shop(before)'] },
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
      title: 'the grant is gone, and the older copy has it',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => delete c.Hub.resources.Policy,
    },
    {
      title: 'the bus is renamed, and the older copy has it',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Hub.resources.Bus.Properties.Name = 'bus-of-the-shop';
        c.Hub.resources.Policy.Properties.Statement.Resource = w.busArn(HUB, 'bus-of-the-shop');
      },
    },
    {
      title: 'the role is renamed, and the older copy has it',
      leaves: [],
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Publisher.Properties.RoleName = 'writer'),
    },
    {
      title: 'a second stack with the grant beside the first one',
      app: 'hub',
      effect: 'harmless',
      change: (c) => {
        c.Grants = {
          env: HUB,
          resources: {
            Policy: w.busPolicy('orders', 'Second', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS)),
          },
        };
      },
    },
  ],
};
