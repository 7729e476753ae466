import * as w from '../world';
import { BILLING, HUB, REGION, SHOP, STRANGER, World } from '../world';

// Encrypted bus and queue, whose keys are in another account.

const EU = HUB;
const US = { ...SHOP, region: 'us-east-1' };
const CENTRAL = w.busArn(EU, 'central');
const FORWARD = w.roleArn(SHOP, 'forward');
const US_RULE = w.ruleArn(US, 'forward');
export const REGIONS: World = {
  name: 'forwarding-across-regions',
  apps: {
    shop: w.plain({
      Shop: {
        env: US,
        resources: {
          Rule: w.rule(
            'forward',
            undefined,
            { source: ['com.shop'] },
            { Arn: CENTRAL, RoleArn: { 'Fn::GetAtt': ['Forward', 'Arn'] } },
          ),
          Forward: w.ruleRole('forward', US_RULE, w.put(CENTRAL)),
          Writer: w.role('writer', 'lambda.amazonaws.com', w.put(w.busArn(US, 'default'))),
        },
      },
    }),
    hub: w.plain({
      Hub: {
        env: EU,
        resources: {
          Bus: w.bus('central'),
          Policy: w.busPolicy(
            'central',
            'Shop',
            w.allow({ AWS: FORWARD }, 'events:PutEvents', CENTRAL, { ArnEquals: { 'aws:SourceArn': US_RULE } }),
            { DependsOn: 'Bus' },
          ),
          Rule: w.rule(
            'store',
            'central',
            { source: ['com.shop'], account: [SHOP.account] },
            { Arn: w.queueArn(HUB, 'store') },
          ),
        },
      },
    }),
    store: w.plain({
      Store: {
        env: EU,
        resources: {
          Queue: w.queue('store'),
          Policy: w.queuePolicy({ Ref: 'Queue' }, w.sendFor(w.ruleArn(HUB, 'central/store'), w.queueArn(HUB, 'store'))),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'writer' },
        to: { bus: { account: SHOP.account, region: 'us-east-1', name: 'default' } },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Store/T/Queue'],
        allDelivered: true,
      },
    },
    { name: 'strangers', strangers: true, bus: w.busAt(HUB, 'central'), welcome: [{ principalArn: FORWARD }] },
  ],
  edits: [
    {
      title: 'the Region of the target bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Rule.Properties.Targets[0].Arn = CENTRAL.replace(REGION, 'eu-west-2');
      },
    },
    {
      title: 'another Region of the target bus, which is no typo',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Rule.Properties.Targets[0].Arn = CENTRAL.replace(REGION, 'ap-south-1');
      },
    },
    {
      title: 'another bus of a strange account as the target, without permission',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Rule.Properties.Targets[0].Arn = w.busArn({ ...HUB, account: STRANGER }, 'else');
      },
    },
    {
      title: 'the Region of the target bus, and of its role',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Rule.Properties.Targets[0].Arn = CENTRAL.replace(REGION, 'eu-central-1');
        c.Shop.resources.Forward = w.ruleRole('forward', US_RULE, w.put(CENTRAL.replace(REGION, 'eu-central-1')));
      },
    },
    {
      title: 'the rule is renamed with its role',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Rule.Properties.Name = 'forwarder';
        c.Shop.resources.Forward = w.ruleRole('forward', `${US_RULE}er`, w.put(CENTRAL));
      },
      fix: {
        hub: (c) => (c.Hub.resources.Policy.Properties.Statement.Condition.ArnEquals['aws:SourceArn'] = `${US_RULE}er`),
      },
    },
    {
      title: 'the shop moves to another Region',
      leaves: [],
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.env.region = 'us-west-2';
        c.Shop.resources.Forward = w.ruleRole('forward', US_RULE.replace('us-east-1', 'us-west-2'), w.put(CENTRAL));
      },
    },
    {
      title: 'the rule moves to a custom bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Local = w.bus('local');
        c.Shop.resources.Rule.Properties.EventBusName = { Ref: 'Local' };
      },
    },
    {
      title: 'the role of the rule may put events on another bus only',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Forward = w.ruleRole('forward', US_RULE, w.put(w.busArn(HUB, 'centre')))),
    },
    {
      title: 'the role of the rule has a Deny',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Forward = w.ruleRole('forward', US_RULE, [
          w.put(CENTRAL),
          { ...w.put('*'), Effect: 'Deny' },
        ])),
    },
    {
      title: 'the target has no role',
      app: 'shop',
      effect: 'breaks',
      change: (c) => delete c.Shop.resources.Rule.Properties.Targets[0].RoleArn,
    },
    {
      title: 'the role of the target is the writer',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Rule.Properties.Targets[0].RoleArn = { 'Fn::GetAtt': ['Writer', 'Arn'] }),
    },
    {
      title: 'the hub limits to another rule',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.ArnEquals['aws:SourceArn'] = w.ruleArn(
          { ...SHOP, region: 'us-east-1' },
          'forwards',
        )),
    },
    {
      title: 'the hub limits to the Region of the hub',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition = {
          ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:*:rule/*` },
        }),
    },
    {
      title: 'the hub denies other Regions',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Deny = w.busPolicy(
          'central',
          'Deny',
          {
            ...w.allow('*', 'events:*', CENTRAL, { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
            Effect: 'Deny',
          },
          { DependsOn: ['Bus'] },
        )),
    },
    {
      title: 'the hub limits the source',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition['ForAllValues:StringEquals'] = {
          'events:source': ['com.web'],
        }),
    },
    {
      title: 'the hub limits direct calls',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.Bool = { 'events:eventBusInvocation': false }),
    },
    {
      title: 'the pattern of the hub lists the hub only',
      unreported: 'a choice',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.account = [HUB.account]),
    },
    {
      title: 'the pattern of the hub has a Region that no event has',
      unreported: 'a choice, which diff shows as a pattern',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.region = [REGION]),
    },
    {
      title: 'the rule of the hub sends to a third Region',
      app: 'hub',
      effect: 'breaks',
      change: (c) => {
        c.Hub.resources.Sender = w.ruleRole(
          's',
          w.ruleArn(HUB, 'central/store'),
          w.put(w.busArn({ ...HUB, region: 'eu-south-1' }, 'default')),
        );
        Object.assign(c.Hub.resources.Rule.Properties.Targets[0], {
          Arn: w.busArn({ ...HUB, region: 'eu-south-1' }, 'default'),
          RoleArn: { 'Fn::GetAtt': ['Sender', 'Arn'] },
        });
      },
    },
    {
      title: 'the queue allows the rule of the default bus',
      app: 'store',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Store.resources.Policy.Properties.PolicyDocument.Statement[0].Condition.ArnEquals['aws:SourceArn'] =
          w.ruleArn(HUB, 'store')),
    },
    {
      title: 'the queue moves to the Region of the shop',
      app: 'store',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Store.env.region = 'us-east-1'),
    },
    {
      title: 'the queue moves to another account',
      app: 'store',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Store.env.account = BILLING.account),
    },
    {
      title: 'the default bus of the shop denies its own rule nothing',
      app: 'hub',
      effect: 'harmless',
      change: (c) => (c.Hub.resources.Bus.Properties.Tags = [{ Key: 'a', Value: 'b' }]),
    },
    {
      title: 'the rule of the shop gets a description',
      app: 'shop',
      effect: 'harmless',
      change: (c) => (c.Shop.resources.Rule.Properties.Description = 'to the hub'),
    },
    {
      title: 'the pattern of the shop is a list of two, in another order',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.Shop.resources.Rule.Properties.EventPattern.source = ['com.web', 'com.shop']),
    },
  ],
};
