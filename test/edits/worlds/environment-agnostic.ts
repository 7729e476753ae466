import * as w from '../world';
import { HUB, ORGANIZATION, REGION, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');

const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

export const AGNOSTIC: World = {
  name: 'environment-agnostic',
  options: { trustedOrganizations: [ORGANIZATION] },
  accounts: {
    [HUB.account]: { orgId: ORGANIZATION, orgPaths: [] },
    [SHOP.account]: { orgId: ORGANIZATION, orgPaths: [] },
  },
  args: { shop: `${SHOP.account}/${REGION}` },
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy(
            { Ref: 'Bus' },
            'Organization',
            w.allow('*', 'events:PutEvents', ORDERS, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
          ),
        },
      },
    }),
    shop: w.plain({ Shop: { env: {}, resources: { Publisher: publisher() } } }),
  },
  questions: [],
  edits: [
    {
      title: 'the bus is renamed',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (
        (c.Hub.resources.Bus.Properties.Name = 'other'),
        (c.Hub.resources.Policy.Properties.Statement.Resource = w.busArn(HUB, 'other'))
      ),
    },
    {
      title: 'the grant is for one role of an account',
      differs: 'only the command is told the account',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement = {
          Sid: 'Organization',
          ...w.allow({ AWS: w.roleArn(SHOP, 'writer') }, 'events:PutEvents', ORDERS),
        }),
    },
    {
      title: 'the bus of the shop',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Publisher = publisher(w.busArn(HUB, 'order'))),
    },
    {
      title: 'the action of the shop',
      app: 'shop',
      effect: 'breaks',
      unreported: 'the organization is allowed, and nobody by name',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Action = 'events:PutRule'),
    },
    {
      title: 'the role of the shop is renamed',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.Shop.resources.Publisher.Properties.RoleName = 'writer'),
    },
  ],
};
