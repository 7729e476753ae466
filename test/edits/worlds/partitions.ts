import * as w from '../world';
import { HUB, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const PUBLISHER = w.roleArn(SHOP, 'publisher');
const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

const CN_HUB = { account: HUB.account, region: 'cn-north-1' };
const CN_SHOP = { account: SHOP.account, region: 'cn-north-1' };
const CN_BUS = w.arn('events', CN_HUB, 'event-bus/orders', 'aws-cn');
const CN_ROLE = `arn:aws-cn:iam::${SHOP.account}:role/publisher`;
export const PARTITIONS: World = {
  name: 'partitions',
  apps: {
    hub: w.plain({
      Hub: {
        env: CN_HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy({ Ref: 'Bus' }, 'Shop', w.allow({ AWS: CN_ROLE }, 'events:PutEvents', CN_BUS)),
        },
      },
    }),
    shop: w.plain({ Shop: { env: CN_SHOP, resources: { Publisher: publisher(CN_BUS) } } }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'put',
      putEvents: {
        as: { account: SHOP.account, role: 'publisher' },
        bus: w.busAt(CN_HUB, 'orders'),
        source: 'com.shop',
        detailType: 'x',
      },
      expect: 'allow',
    },
  ],
  edits: [
    {
      title: 'the partition of the principal',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = PUBLISHER),
    },
    {
      title: 'the partition of the resource',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Resource = CN_BUS.replace('aws-cn', 'aws')),
    },
    {
      title: 'the partition of the bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Publisher = publisher(CN_BUS.replace('aws-cn', 'aws'))),
    },
    {
      title: 'the hub moves to a Region of aws',
      app: 'hub',
      effect: 'breaks',
      alone: undefined,
      change: (c) => (c.Hub.env.region = 'eu-west-1'),
    },
    {
      title: 'the role in the condition has the wrong partition',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement = {
          Sid: 'Shop',
          ...w.allow({ AWS: SHOP.account }, 'events:PutEvents', CN_BUS, {
            ArnEquals: { 'aws:PrincipalArn': PUBLISHER },
          }),
        }),
    },
    {
      title: 'the partition is a pseudo parameter',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = {
          'Fn::Sub': 'arn:${AWS::Partition}:iam::222222222222:role/publisher',
        }),
    },
  ],
};
