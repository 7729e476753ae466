import * as w from '../world';
import { HUB, PLATFORM, SHOP, World } from '../world';

const ORDERS = w.busArn(HUB, 'orders');
const PUBLISHER = w.roleArn(SHOP, 'publisher');
const publisher = (bus: any = ORDERS, more: object = {}) =>
  w.role('publisher', 'lambda.amazonaws.com', w.put(bus), more);

const stage = (name: string) => ({ 'Fn::FindInMap': ['Names', { Ref: 'Stage' }, name] });
const when = (yes: any, no: any) => ({ 'Fn::If': ['IsProd', yes, no] });
export const CONDITIONS: World = {
  name: 'conditions-and-mappings',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        sections: {
          Parameters: { Stage: { Type: 'String', Default: 'prod', AllowedValues: ['prod'] } },
          Mappings: { Names: { prod: { bus: 'orders', role: 'publisher' } } },
        },
        resources: {
          Bus: w.bus(stage('bus')),
          Policy: w.busPolicy(
            { Ref: 'Bus' },
            'Shop',
            w.allow(
              { AWS: { 'Fn::Sub': ['arn:${AWS::Partition}:iam::222222222222:role/${Role}', { Role: stage('role') }] } },
              'events:PutEvents',
              { 'Fn::GetAtt': ['Bus', 'Arn'] },
            ),
          ),
          Rule: w.rule('r', { Ref: 'Bus' }, { source: ['com.shop'] }, { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
          Queue: w.queue('store'),
          QueuePolicy: w.queuePolicy(
            { Ref: 'Queue' },
            w.allow(
              { Service: 'events.amazonaws.com' },
              'sqs:SendMessage',
              { 'Fn::GetAtt': ['Queue', 'Arn'] },
              { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
            ),
          ),
        },
      },
    }),
    shop: w.plain({
      Shop: {
        env: SHOP,
        sections: { Mappings: { Buses: { 'eu-west-1': { name: 'orders', account: HUB.account } } } },
        resources: {
          Publisher: w.role(
            'publisher',
            'lambda.amazonaws.com',
            w.put({
              'Fn::Join': [
                ':',
                [
                  'arn',
                  { Ref: 'AWS::Partition' },
                  'events',
                  { Ref: 'AWS::Region' },
                  { 'Fn::FindInMap': ['Buses', { Ref: 'AWS::Region' }, 'account'] },
                  {
                    'Fn::Sub': [
                      'event-bus/${N}',
                      { N: { 'Fn::FindInMap': ['Buses', { Ref: 'AWS::Region' }, 'name'] } },
                    ],
                  },
                ],
              ],
            }),
          ),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Hub/T/Queue'],
        allDelivered: true,
      },
    },
    { name: 'strangers', strangers: true, bus: w.busAt(HUB, 'orders'), welcome: [{ principalArn: PUBLISHER }] },
  ],
  edits: [
    {
      title: 'the name of the bus in the mapping of the shop',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.sections.Mappings.Buses['eu-west-1'].name = 'payments'),
    },
    {
      title: 'the account in the mapping of the shop',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.Shop.sections.Mappings.Buses['eu-west-1'].account = PLATFORM.account),
    },
    {
      title: 'the name of the role in the mapping of the hub',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.sections.Mappings.Names.prod.role = 'writer'),
    },
    {
      title: 'the name of the bus in the mapping of the hub',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.sections.Mappings.Names.prod.bus = 'bus'),
    },
    {
      title: 'the bus is created in production only',
      app: 'hub',
      effect: 'breaks',
      oracle: 'the parameter has its default',
      change: (c) => {
        c.Hub.sections.Parameters.Stage = { Type: 'String', Default: 'prod', AllowedValues: ['prod', 'dev'] };
        c.Hub.sections.Mappings.Names.dev = { bus: 'orders', role: 'publisher' };
        c.Hub.sections.Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } };
        c.Hub.resources.Policy.Condition = 'IsProd';
      },
      alone: 'unchanged need',
    },
    {
      title: 'the role depends on a condition',
      app: 'hub',
      effect: 'breaks',
      oracle: 'the parameter has its default',
      alone: 'unchanged need',
      change: (c) => {
        c.Hub.sections.Parameters.Stage = { Type: 'String', Default: 'prod', AllowedValues: ['prod', 'dev'] };
        c.Hub.sections.Mappings.Names.dev = { bus: 'orders', role: 'writer' };
      },
    },
    {
      title: 'a condition that chooses between two equal values',
      app: 'hub',
      effect: 'harmless',
      change: (c) => {
        c.Hub.sections.Parameters.Stage = { Type: 'String', Default: 'prod', AllowedValues: ['prod', 'dev'] };
        c.Hub.sections.Mappings.Names.dev = { bus: 'orders', role: 'publisher' };
        c.Hub.sections.Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } };
        c.Hub.resources.Queue.Properties.VisibilityTimeout = when(30, 60);
      },
    },
    {
      title: 'a mapping becomes a literal',
      app: 'shop',
      effect: 'harmless',
      change: (c) => {
        c.Shop.resources.Publisher = publisher();
        delete c.Shop.sections;
      },
    },
    {
      title: 'an intrinsic function is nested in another one',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.Hub.resources.Bus.Properties.Name = {
          'Fn::Select': [0, { 'Fn::Split': ['/', { 'Fn::Join': ['/', [stage('bus'), 'x']] }] }],
        }),
    },
  ],
};
