import * as w from '../world';
import { HUB, REGION, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');

const schedule = (
  bus: string,
  source = 'com.shop',
  detailType = 'Tick',
  RoleArn: any = { 'Fn::GetAtt': ['Role', 'Arn'] },
): w.Resource => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: bus, RoleArn, EventBridgeParameters: { Source: source, DetailType: detailType } },
  },
});
const pipe = (bus: string, source = 'com.shop', detailType = 'Tock'): w.Resource => ({
  Type: 'AWS::Pipes::Pipe',
  Properties: {
    RoleArn: { 'Fn::GetAtt': ['PipeRole', 'Arn'] },
    Source: w.queueArn(SHOP, 'in'),
    Target: bus,
    TargetParameters: { EventBridgeEventBusParameters: { Source: source, DetailType: detailType } },
  },
});
export const SCHEDULES: World = {
  name: 'schedules-and-pipes',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Schedule: w.busPolicy(
            { Ref: 'Bus' },
            'Schedule',
            w.allow({ AWS: w.roleArn(SHOP, 'schedule') }, 'events:PutEvents', ORDERS, {
              StringEquals: { 'events:source': 'com.shop', 'events:detail-type': 'Tick' },
            }),
          ),
          Pipe: w.busPolicy(
            { Ref: 'Bus' },
            'Pipe',
            w.allow({ AWS: w.roleArn(SHOP, 'pipe') }, 'events:PutEvents', ORDERS, {
              StringEquals: { 'events:source': 'com.shop', 'events:detail-type': 'Tock' },
            }),
            { DependsOn: 'Schedule' },
          ),
        },
      },
    }),
    shop: w.plain({
      Shop: {
        env: SHOP,
        resources: {
          Schedule: schedule(ORDERS),
          Role: w.role(
            'schedule',
            'scheduler.amazonaws.com',
            w.put(ORDERS),
            {},
            { StringEquals: { 'aws:SourceAccount': SHOP.account } },
          ),
          Pipe: pipe(ORDERS),
          PipeRole: w.role(
            'pipe',
            'pipes.amazonaws.com',
            w.put(ORDERS),
            {},
            { StringEquals: { 'aws:SourceAccount': SHOP.account } },
          ),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'schedule',
      putEvents: {
        as: { account: SHOP.account, role: 'schedule' },
        bus: w.busAt(HUB, 'orders'),
        source: 'com.shop',
        detailType: 'Tick',
      },
      expect: 'allow',
    },
    {
      name: 'pipe',
      putEvents: {
        as: { account: SHOP.account, role: 'pipe' },
        bus: w.busAt(HUB, 'orders'),
        source: 'com.shop',
        detailType: 'Tock',
      },
      expect: 'allow',
    },
  ],
  edits: [
    {
      title: 'the source of the schedule',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no schedules',
      change: (c) => (c.Shop.resources.Schedule = schedule(ORDERS, 'com.store')),
    },
    {
      title: 'the detail type of the pipe has another case',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no pipes',
      change: (c) => (c.Shop.resources.Pipe = pipe(ORDERS, 'com.shop', 'tock')),
    },
    {
      title: 'the schedule puts on another bus',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no schedules',
      change: (c) => (c.Shop.resources.Schedule = schedule(w.busArn(HUB, 'others'))),
    },
    {
      title: 'the schedule has the role of the pipe',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no schedules',
      change: (c) =>
        (c.Shop.resources.Schedule = schedule(ORDERS, 'com.shop', 'Tick', { 'Fn::GetAtt': ['PipeRole', 'Arn'] })),
    },
    {
      title: 'the trust of the schedule is for another account',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no schedules',
      change: (c) =>
        (c.Shop.resources.Role.Properties.AssumeRolePolicyDocument.Statement[0].Condition = {
          StringEquals: { 'aws:SourceAccount': HUB.account },
        }),
    },
    {
      title: 'the hub swaps the detail types',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Hub.resources.Schedule.Properties.Statement.Condition.StringEquals['events:detail-type'] = 'Tock';
        c.Hub.resources.Pipe.Properties.Statement.Condition.StringEquals['events:detail-type'] = 'Tick';
      },
    },
    {
      title: 'the hub requires the ARN of a rule',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Schedule.Properties.Statement.Condition = {
          ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:${SHOP.account}:rule/*` },
        }),
    },
    {
      title: 'the roles are swapped in the grants',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        const r = c.Hub.resources;
        [r.Schedule.Properties.Statement.Principal, r.Pipe.Properties.Statement.Principal] = [
          r.Pipe.Properties.Statement.Principal,
          r.Schedule.Properties.Statement.Principal,
        ];
      },
    },
    {
      title: 'the schedule gets a description and another rate',
      app: 'shop',
      effect: 'harmless',
      change: (c) =>
        Object.assign(c.Shop.resources.Schedule.Properties, { Description: 'x', ScheduleExpression: 'rate(2 hours)' }),
    },
    {
      title: 'the schedule is disabled',
      app: 'shop',
      effect: 'harmless',
      change: (c) => (c.Shop.resources.Schedule.Properties.State = 'DISABLED'),
    },
  ],
};
