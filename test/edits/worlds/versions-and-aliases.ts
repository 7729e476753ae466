import * as w from '../world';
import { BILLING, HUB, World } from '../world';

// Encrypted bus and queue, whose keys are in another account.

const LIVE = w.fnArn(BILLING, 'invoices:live');
export const ALIASES: World = {
  name: 'versions-and-aliases',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Rule: w.rule(
            'to-live',
            undefined,
            { source: ['com.hub'] },
            { Arn: LIVE, RoleArn: { 'Fn::GetAtt': ['Sender', 'Arn'] } },
          ),
          Sender: w.ruleRole('sender', w.ruleArn(HUB, 'to-live'), w.allow(undefined, 'lambda:InvokeFunction', LIVE)),
        },
      },
    }),
    billing: w.plain({
      Billing: {
        env: BILLING,
        resources: {
          Invoices: w.fn('invoices', { 'Fn::GetAtt': ['Role', 'Arn'] }),
          Role: w.lambdaRole(),
          Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Invoices' } } },
          Live: {
            Type: 'AWS::Lambda::Alias',
            Properties: {
              FunctionName: { Ref: 'Invoices' },
              Name: 'live',
              FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
            },
          },
          Permission: w.permission({ Ref: 'Live' }, HUB.account),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'deliver',
      deliver: {
        rule: { account: HUB.account, bus: 'default', name: 'to-live' },
        event: { source: 'com.hub', detailType: 'x' },
      },
      expect: 'allow',
    },
  ],
  edits: [
    {
      title: 'the alias is renamed',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Live.Properties.Name = 'prod'),
    },
    {
      title: 'the alias has another case',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Live.Properties.Name = 'Live'),
    },
    {
      title: 'the alias is removed, the permission stays on its name',
      unreported: 'what has a policy exists',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        delete c.Billing.resources.Live;
        c.Billing.resources.Permission.Properties.FunctionName = 'invoices:live';
      },
    },
    {
      title: 'the permission is on the function',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Permission.Properties.FunctionName = { Ref: 'Invoices' }),
    },
    {
      title: 'the permission is on the version',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Permission.Properties.FunctionName = { Ref: 'Version' }),
    },
    {
      title: 'the function is renamed, and its alias with it',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Invoices.Properties.FunctionName = 'invoice'),
    },
    {
      title: 'the permission is by the qualified ARN',
      app: 'billing',
      effect: 'harmless',
      change: (c) => (c.Billing.resources.Permission.Properties.FunctionName = LIVE),
    },
    {
      title: 'the permission has the partial ARN',
      app: 'billing',
      effect: 'harmless',
      change: (c) =>
        (c.Billing.resources.Permission.Properties.FunctionName = `${BILLING.account}:function:invoices:live`),
      oracle: 'forms of names',
    },
    {
      title: 'the sender may invoke the function without alias',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement[0].Resource = w.fnArn(
          BILLING,
          'invoices',
        )),
    },
    {
      title: 'the sender may invoke all aliases',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement[0].Resource = w.fnArn(
          BILLING,
          'invoices:*',
        )),
    },
    {
      title: 'the target has another alias',
      app: 'hub',
      effect: 'breaks',
      change: (c) => {
        c.Hub.resources.Rule.Properties.Targets[0].Arn = w.fnArn(BILLING, 'invoices:lives');
        c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement[0].Resource = w.fnArn(
          BILLING,
          'invoices:*',
        );
      },
    },
  ],
};
