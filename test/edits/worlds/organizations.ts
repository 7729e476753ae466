import * as w from '../world';
import { BILLING, HUB, ORGANIZATION, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');

const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

const OU = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;
export const ORGANIZATIONS: World = {
  name: 'organizations-and-tags',
  options: { trustedOrganizations: [ORGANIZATION], trustedAccounts: [SHOP.account] },
  accounts: Object.fromEntries(
    [HUB, SHOP, BILLING].map(({ account }) => [
      account,
      { orgId: ORGANIZATION, orgPaths: [`${ORGANIZATION}/r-ab12/ou-ab12-11111111/`] },
    ]),
  ),
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy(
            { Ref: 'Bus' },
            'Organization',
            w.allow(
              '*',
              'events:PutEvents',
              { 'Fn::GetAtt': ['Bus', 'Arn'] },
              { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalTag/team': 'shop' } },
            ),
          ),
          Rule: w.rule('r', { Ref: 'Bus' }, { source: ['com.shop'] }, { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
          Queue: w.queue('store'),
          QueuePolicy: w.queuePolicy({ Ref: 'Queue' }, w.sendFor(w.ruleArn(HUB, 'orders/r'), w.queueArn(HUB, 'store'))),
        },
      },
    }),
    shop: w.plain({
      Shop: { env: SHOP, resources: { Publisher: publisher(ORDERS, { Tags: [{ Key: 'team', Value: 'shop' }] }) } },
    }),
    billing: w.plain({
      Billing: {
        env: BILLING,
        resources: {
          Bus: w.bus('bills'),
          Policy: w.busPolicy(
            { Ref: 'Bus' },
            'Units',
            w.allow(
              '*',
              'events:PutEvents',
              { 'Fn::GetAtt': ['Bus', 'Arn'] },
              {
                'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': OU },
                ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app/*' },
              },
            ),
          ),
          Rule: w.rule('b', { Ref: 'Bus' }, { source: ['com.shop'] }, { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
          Queue: w.queue('bills'),
          QueuePolicy: w.queuePolicy(
            { Ref: 'Queue' },
            w.sendFor(w.ruleArn(BILLING, 'bills/b'), w.queueArn(BILLING, 'bills')),
          ),
        },
      },
    }),
    writer: w.plain({
      Writer: {
        env: SHOP,
        resources: {
          Writer: w.role('writer', 'lambda.amazonaws.com', w.put(w.busArn(BILLING, 'bills')), { Path: '/app/' }),
        },
      },
    }),
  },
  silent: [],
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher', context: { 'aws:PrincipalTag/team': 'shop' } },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Hub/T/Queue'],
        allDelivered: true,
      },
    },
    {
      name: 'units',
      putEvents: {
        as: { account: SHOP.account, role: 'writer' },
        bus: w.busAt(BILLING, 'bills'),
        source: 'com.shop',
        detailType: 'x',
      },
      expect: 'allow',
    },
  ],
  edits: [
    {
      title: 'the value of the tag',
      app: 'shop',
      effect: 'breaks',
      oracle: 'it has no tags',
      alone: 'unchanged need',
      change: (c) => (c.Shop.resources.Publisher.Properties.Tags[0].Value = 'store'),
    },
    {
      title: 'the case of the tag value',
      app: 'shop',
      effect: 'breaks',
      oracle: 'it has no tags',
      alone: 'unchanged need',
      change: (c) => (c.Shop.resources.Publisher.Properties.Tags[0].Value = 'Shop'),
    },
    {
      title: 'the key of the tag',
      app: 'shop',
      effect: 'breaks',
      oracle: 'it has no tags',
      alone: 'unchanged need',
      change: (c) => (c.Shop.resources.Publisher.Properties.Tags[0].Key = 'group'),
    },
    {
      title: 'the tag in the bus policy',
      alone: 'unchanged need',
      app: 'hub',
      effect: 'breaks',
      oracle: 'it has no tags',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['aws:PrincipalTag/team'] = 'store'),
    },
    {
      title: 'another organization',
      app: 'hub',
      effect: 'opens',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['aws:PrincipalOrgID'] = 'o-z9y8x7w6v5'),
    },
    {
      title: 'the organization ID has capitals',
      app: 'hub',
      effect: 'breaks',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['aws:PrincipalOrgID'] = 'O-A1B2C3D4E5'),
    },
    {
      title: 'a wildcard for the organization in StringEquals',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['aws:PrincipalOrgID'] = 'o-*'),
    },
    {
      title: 'SourceOrgID in place of PrincipalOrgID',
      alone: 'unchanged need',
      app: 'hub',
      effect: 'breaks',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition = { StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }),
    },
    {
      title: 'the condition is gone',
      app: 'hub',
      effect: 'opens',
      oracle: 'it asks who may',
      change: (c) => delete c.Hub.resources.Policy.Properties.Statement.Condition,
    },
    {
      title: 'the organization is negated',
      app: 'hub',
      effect: 'opens',
      oracle: 'it asks who may',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition = {
          StringNotEquals: { 'aws:PrincipalOrgID': 'o-z9y8x7w6v5' },
        }),
    },
    {
      title: 'the paths of units without ForAnyValue',
      app: 'billing',
      effect: 'breaks',
      oracle: 'it matches lists',
      change: (c) =>
        (c.Billing.resources.Policy.Properties.Statement.Condition = { StringEquals: { 'aws:PrincipalOrgPaths': OU } }),
    },
    {
      title: 'units with ForAllValues',
      app: 'billing',
      effect: 'opens',
      oracle: 'it asks who may',
      change: (c) =>
        (c.Billing.resources.Policy.Properties.Statement.Condition = {
          'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': OU },
        }),
    },
    {
      title: 'the path of roles',
      alone: 'unchanged need',
      app: 'billing',
      effect: 'breaks',
      change: (c) =>
        (c.Billing.resources.Policy.Properties.Statement.Condition.ArnLike['aws:PrincipalArn'] =
          'arn:aws:iam::*:role/apps/*'),
      oracle: 'no paths',
    },
    {
      title: 'the writer has no path',
      app: 'writer',
      effect: 'breaks',
      oracle: 'no paths',
      change: (c) => delete c.Writer.resources.Writer.Properties.Path,
    },
    {
      title: 'a role in the organization is added',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) =>
        (c.Shop.resources.Second = w.role('second', 'lambda.amazonaws.com', w.put(ORDERS), {
          Tags: [{ Key: 'team', Value: 'shop' }],
        })),
    },
  ],
};
