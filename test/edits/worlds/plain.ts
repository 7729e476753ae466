import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, STRANGER, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const RULE = w.ruleArn(HUB, 'orders/to-invoices');
const INVOICES = w.fnArn(BILLING, 'invoices');
const SENDER = w.roleArn(HUB, 'sender');
const PUBLISHER = w.roleArn(SHOP, 'app/publisher');
const PLACED = { StringEquals: { 'events:source': 'com.shop', 'events:detail-type': 'OrderPlaced' } };

/** Bus, publisher and function, without a construct of this library. */
export const PLAIN: World = {
  name: 'plain',
  options: { trustedOrganizations: [], trustedAccounts: [HUB.account, SHOP.account, BILLING.account] },
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy({ Ref: 'Bus' }, 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS, PLACED)),
          Rule: w.rule(
            'to-invoices',
            'orders',
            { source: ['com.shop'] },
            { Arn: INVOICES, RoleArn: { 'Fn::GetAtt': ['Sender', 'Arn'] } },
            { DependsOn: undefined },
          ),
          Sender: w.ruleRole('sender', RULE, w.allow(undefined, 'lambda:InvokeFunction', INVOICES)),
        },
      },
    }),
    shop: w.plain({
      Shop: {
        env: SHOP,
        resources: { Publisher: w.role('publisher', 'lambda.amazonaws.com', w.put(ORDERS, PLACED), { Path: '/app/' }) },
      },
    }),
    billing: w.plain({
      Billing: {
        env: BILLING,
        resources: {
          Invoices: w.fn('invoices', { 'Fn::GetAtt': ['Role', 'Arn'] }),
          Role: w.lambdaRole(),
          Permission: w.permission({ Ref: 'Invoices' }, SENDER),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'put',
      putEvents: {
        as: { account: SHOP.account, role: 'Shop/T/Publisher' },
        bus: { account: HUB.account, region: REGION, name: 'orders' },
        source: 'com.shop',
        detailType: 'OrderPlaced',
      },
      expect: 'allow',
    },
    {
      name: 'deliver',
      deliver: { rule: 'Hub/T/Rule', event: { source: 'com.shop', detailType: 'OrderPlaced' } },
      expect: 'allow',
    },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'Shop/T/Publisher' },
        to: { bus: { account: HUB.account, region: REGION, name: 'orders' } },
        event: { source: 'com.shop', detailType: 'OrderPlaced' },
        reaches: ['Billing/T/Invoices'],
        allDelivered: true,
      },
    },
    { name: 'strangers', strangers: true, bus: 'Hub/T/Bus', welcome: [{ principalArn: PUBLISHER }] },
    {
      name: 'function strangers',
      strangers: true,
      function: 'Billing/T/Invoices',
      welcome: [{ account: HUB.account }],
    },
  ],
  edits: [
    {
      title: 'the path of the role is removed',
      oracle: 'it does not compare paths of roles',
      app: 'shop',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => delete c.Shop.resources.Publisher.Properties.Path,
      fix: { hub: (c) => (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = w.roleArn(SHOP, 'publisher')) },
    },
    {
      title: 'the path of the role has another case',
      oracle: 'it does not compare paths of roles',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.resources.Publisher.Properties.Path = '/App/'),
    },
    {
      title: 'the name of the role has another case in the grant',
      oracle: 'it does not compare paths of roles',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = w.roleArn(SHOP, 'app/Publisher')),
    },
    {
      title: 'the role becomes a user',
      leaves: ['hub: error resourceNotFound'],
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        const { Policies } = c.Shop.resources.Publisher.Properties;
        c.Shop.resources.Publisher = {
          Type: 'AWS::IAM::User',
          Properties: { UserName: 'publisher', Path: '/app/', Policies },
        };
      },
    },
    {
      title: 'the principal is a user of the name',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = `arn:aws:iam::${SHOP.account}:user/app/publisher`),
    },
    {
      title: 'a Deny for another detail type of the same role',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.Hub.resources.Deny = w.busPolicy('orders', 'Deny', {
          ...w.allow({ AWS: PUBLISHER }, 'events:PutEvents', ORDERS, {
            StringEquals: { 'events:detail-type': 'Other' },
          }),
          Effect: 'Deny',
        })),
    },
    {
      title: 'a Deny of everybody but the account of the hub',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Deny = w.busPolicy('orders', 'Deny', {
          ...w.allow('*', 'events:PutEvents', ORDERS, { StringNotEquals: { 'aws:PrincipalAccount': HUB.account } }),
          Effect: 'Deny',
        })),
    },
    {
      title: 'an identity-based Deny for the source',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement.push({
          ...w.put('*', { StringEquals: { 'events:source': 'com.shop' } }),
          Effect: 'Deny',
        }),
    },
    {
      title: 'a permissions boundary that allows another bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) => {
        c.Shop.resources.Boundary = {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            ManagedPolicyName: 'boundary',
            PolicyDocument: { Version: '2012-10-17', Statement: [w.put(w.busArn(HUB, 'order'))] },
          },
        };
        c.Shop.resources.Publisher.Properties.PermissionsBoundary = { Ref: 'Boundary' };
      },
    },
    {
      title: 'a permissions boundary that allows the bus',
      app: 'shop',
      effect: 'harmless',
      change: (c) => {
        c.Shop.resources.Boundary = {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            ManagedPolicyName: 'boundary',
            PolicyDocument: { Version: '2012-10-17', Statement: [w.put(w.busArn(HUB, 'ord*'))] },
          },
        };
        c.Shop.resources.Publisher.Properties.PermissionsBoundary = { Ref: 'Boundary' };
      },
    },
    {
      title: 'the publisher may put events on a bus of another Region',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource = ORDERS.replace(
          REGION,
          'eu-west-2',
        )),
    },
    {
      title: 'the publisher may put events on a bus of another partition',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource = ORDERS.replace(
          'arn:aws:',
          'arn:aws-cn:',
        )),
    },
    {
      title: 'the publisher may put rules in place of events',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Action = 'events:PutRule'),
    },
    {
      title: 'the publisher may put events on a rule in place of a bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource = ORDERS.replace(
          'event-bus/',
          'rule/',
        )),
    },
    {
      title: 'the bus policy allows events:PutRule',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Action = 'events:PutRule'),
    },
    {
      title: 'the bus policy allows events:PutPartnerEvents',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Action = 'events:PutPartnerEvents'),
    },
    {
      title: 'the bus policy is for puts by rules only',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.Bool = { 'events:eventBusInvocation': 'true' }),
    },
    {
      title: 'the detail type has another case in the bus policy',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['events:detail-type'] = 'orderPlaced'),
    },
    {
      title: 'the condition key of the bus policy has another case',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition = {
          StringEquals: { 'Events:Source': 'com.shop', 'events:detail-type': 'OrderPlaced' },
        }),
    },
    {
      title: 'a condition on the account of the source',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.StringEquals['aws:SourceAccount'] = SHOP.account),
    },
    {
      title: 'the bus policy is on another bus',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Hub.resources.Other = w.bus('payments');
        c.Hub.resources.Policy.Properties.EventBusName = 'payments';
        c.Hub.resources.Policy.Properties.Statement.Resource = w.busArn(HUB, 'payments');
      },
    },
    {
      title: 'the bus policy is in a stack of another Region',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.HubUs = { env: { ...HUB, region: 'us-east-1' }, resources: { Policy: { ...c.Hub.resources.Policy } } };
        c.HubUs.resources.Policy.Properties.EventBusName = 'orders';
        delete c.Hub.resources.Policy;
      },
    },
    {
      title: 'the whole hub is in another Region',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.env.region = 'eu-central-1'),
    },
    {
      title: 'the whole hub is in another account',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.env.account = PLATFORM.account),
    },
    {
      title: 'the accounts of publisher and billing are swapped in the grant',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = PUBLISHER.replace(SHOP.account, BILLING.account)),
    },
    {
      title: 'two digits of the account are transposed in the grant',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = PUBLISHER.replace(SHOP.account, '222222222232')),
    },
    {
      title: 'the partition is wrong in the principal',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = PUBLISHER.replace('arn:aws:', 'arn:aws-us-gov:')),
    },
    {
      title: 'the shop is deployed to another account',
      leaves: ['hub: error untrustedPrincipal'],
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.env.account = '222222222229'),
    },
    {
      title: 'the sender has another name',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Sender.Properties.RoleName = 'sender2'),
    },
    {
      title: 'the trust policy of the sender is for the rule of the default bus',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.AssumeRolePolicyDocument.Statement[0].Condition.ArnEquals['aws:SourceArn'] =
          w.ruleArn(HUB, 'to-invoices')),
    },
    {
      title: 'the trust policy of the sender has the account of the function',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[
          'aws:SourceAccount'
        ] = BILLING.account),
    },
    {
      title: 'the rule is renamed and its role is not',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Rule.Properties.Name = 'invoices'),
    },
    {
      title: 'the sender may invoke asynchronously only',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement[0].Action = 'lambda:InvokeAsync'),
    },
    {
      title: 'the rule is disabled',
      unreported: 'a choice',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Rule.Properties.State = 'DISABLED'),
    },
    {
      title: 'the pattern has another source',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.source = ['com.web']),
    },
    {
      title: 'the pattern has the source in another case',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.source = ['com.Shop']),
    },
    {
      title: 'the pattern lists another account',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.account = [BILLING.account]),
    },
    {
      title: 'the pattern lists a detail type that the shop does not publish',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern['detail-type'] = ['OrderPaid']),
    },
    {
      title: 'the pattern excludes the source',
      unreported: 'a choice',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.source = [{ 'anything-but': 'com.shop' }]),
    },
    {
      title: 'the rule is on the default bus',
      app: 'hub',
      effect: 'breaks',
      change: (c) => delete c.Hub.resources.Rule.Properties.EventBusName,
    },
    {
      title: 'the permission is for the account of the shop',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Permission.Properties.Principal = SHOP.account),
      fix: { billing: (c) => (c.Billing.resources.Permission.Properties.Principal = HUB.account) },
    },
    {
      title: 'the permission is for EventBridge',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        Object.assign(c.Billing.resources.Permission.Properties, {
          Principal: 'events.amazonaws.com',
          SourceArn: RULE,
        }),
    },
    {
      title: 'the permission has a source account',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Permission.Properties.SourceAccount = SHOP.account),
    },
    {
      title: 'the permission is for another action',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Permission.Properties.Action = 'lambda:GetFunction'),
    },
    {
      title: 'the permission is for function URLs only',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        Object.assign(c.Billing.resources.Permission.Properties, {
          Action: 'lambda:InvokeFunctionUrl',
          FunctionUrlAuthType: 'AWS_IAM',
        }),
    },
    {
      title: 'the permission is for an organization',
      app: 'billing',
      effect: 'harmless',
      oracle: 'the organization may invoke too',
      change: (c) => Object.assign(c.Billing.resources.Permission.Properties, { Principal: HUB.account }),
    },
    {
      title: 'the permission is public',
      app: 'billing',
      effect: 'opens',
      alone: undefined,
      change: (c) => (c.Billing.resources.Permission.Properties.Principal = '*'),
    },
    {
      title: 'the function is in another Region',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.env.region = 'eu-west-2'),
    },
    {
      title: 'the function has another case',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Invoices.Properties.FunctionName = 'Invoices'),
    },
    {
      title: 'a stranger gets a statement beside the publisher',
      app: 'hub',
      effect: 'opens',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Principal.AWS = [PUBLISHER, STRANGER]),
    },
    {
      title: 'everybody, if the source is right',
      app: 'hub',
      effect: 'opens',
      change: (c) => (c.Hub.resources.Policy.Properties.Statement.Principal = '*'),
    },
    {
      title: 'two policies with one statement ID',
      app: 'hub',
      effect: 'breaks',
      alone: undefined,
      change: (c) => {
        c.Hub.resources.Other = w.bus('payments');
        c.Hub.resources.Second = w.busPolicy(
          'payments',
          'Shop',
          w.allow({ AWS: w.rootArn(SHOP) }, 'events:PutEvents', w.busArn(HUB, 'payments'), PLACED),
        );
      },
    },
    // Harmless edits.
    {
      title: 'logical IDs are renamed',
      app: 'hub',
      effect: 'harmless',
      oracle: 'the questions have the IDs',
      change: (c) => {
        const r = c.Hub.resources;
        c.Hub.resources = { TheBus: r.Bus, ThePolicy: r.Policy, TheRule: r.Rule, TheSender: r.Sender };
        r.Policy.Properties.EventBusName = { Ref: 'TheBus' };
        r.Rule.Properties.Targets[0].RoleArn = { 'Fn::GetAtt': ['TheSender', 'Arn'] };
      },
    },
    {
      title: 'the stack is renamed',
      app: 'shop',
      effect: 'harmless',
      oracle: 'the questions have the IDs',
      change: (c) => {
        c.Store = c.Shop;
        delete c.Shop;
      },
    },
    {
      title: 'resources are reordered',
      app: 'hub',
      effect: 'harmless',
      change: (c) => (c.Hub.resources = Object.fromEntries(Object.entries(c.Hub.resources).reverse())),
    },
    {
      title: 'tags and descriptions are added',
      app: 'hub',
      effect: 'harmless',
      change: (c) => {
        c.Hub.tags = { team: 'hub' };
        c.Hub.resources.Rule.Properties.Description = 'orders';
        c.Hub.resources.Bus.Properties.Description = 'x';
      },
    },
    {
      title: 'the role has tags and a description',
      app: 'shop',
      effect: 'harmless',
      change: (c) =>
        Object.assign(c.Shop.resources.Publisher.Properties, {
          Tags: [{ Key: 'a', Value: 'b' }],
          Description: 'x',
          MaxSessionDuration: 7200,
        }),
    },
    {
      title: 'the policy of the role is a resource of its own',
      app: 'shop',
      effect: 'harmless',
      change: (c) => {
        const [p] = c.Shop.resources.Publisher.Properties.Policies;
        delete c.Shop.resources.Publisher.Properties.Policies;
        c.Shop.resources.Policy = { Type: 'AWS::IAM::Policy', Properties: { ...p, Roles: [{ Ref: 'Publisher' }] } };
      },
    },
    {
      title: 'ARNs are joined from pseudo parameters',
      app: 'shop',
      effect: 'harmless',
      change: (c) =>
        (c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement[0].Resource = {
          'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:111111111111:event-bus/orders',
        }),
    },
    {
      title: 'actions and values are lists',
      app: 'shop',
      effect: 'harmless',
      change: (c) => {
        const [s] = c.Shop.resources.Publisher.Properties.Policies[0].PolicyDocument.Statement;
        s.Action = ['events:putevents'];
        s.Resource = [s.Resource];
        s.Condition = {
          'ForAnyValue:StringEquals': { 'events:detail-type': ['OrderPlaced'], 'events:source': ['com.shop'] },
        };
      },
    },
    {
      title: 'the function has other code and a timeout',
      app: 'billing',
      effect: 'harmless',
      change: (c) => Object.assign(c.Billing.resources.Invoices.Properties, { Timeout: 60, Code: { ZipFile: '1' } }),
    },
    {
      title: 'the target has a retry policy and an input',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        Object.assign(c.Hub.resources.Rule.Properties.Targets[0], {
          RetryPolicy: { MaximumRetryAttempts: 5 },
          InputPath: '$.detail',
        }),
    },
  ],
};
