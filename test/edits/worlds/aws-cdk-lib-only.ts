import { Stack } from 'aws-cdk-lib';

import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { testFunction } from '../../support/apps';
import * as w from '../world';
import { HUB, ORGANIZATION, REGION, SHOP, World } from '../world';

export const L2: World = {
  name: 'aws-cdk-lib-only',
  apps: {
    hub: w.program(
      {
        name: 'orders',
        who: w.roleArn(SHOP, 'publisher') as string,
        sid: 'Shop',
        actions: ['events:PutEvents'],
        conditions: undefined as any,
        pattern: { source: ['com.shop'] } as any,
        own: true,
        resource: undefined as string | undefined,
      },
      (app, c) => {
        const stack = new Stack(app, 'Hub', { env: HUB });
        const bus = new EventBus(stack, 'Bus', { eventBusName: c.name });
        bus.addToResourcePolicy(
          new PolicyStatement({
            sid: c.sid,
            principals: [new ArnPrincipal(c.who)],
            actions: c.actions,
            resources: [c.resource ?? bus.eventBusArn],
            conditions: c.conditions,
          }),
        );
        new Rule(stack, 'Rule', {
          eventBus: bus,
          eventPattern: c.pattern,
          targets: [new LambdaFunction(testFunction(stack, 'Handler'))],
        });
      },
    ),
    shop: w.program(
      {
        roleName: 'publisher',
        busArn: w.busArn(HUB, 'orders'),
        conditions: undefined as any,
        how: 'add',
        service: 'lambda.amazonaws.com',
      },
      (app, c) => {
        const stack = new Stack(app, 'Shop', { env: SHOP });
        const role = new Role(stack, 'Publisher', { roleName: c.roleName, assumedBy: new ServicePrincipal(c.service) });
        const bus = EventBus.fromEventBusArn(stack, 'Bus', c.busArn);
        if (c.how === 'grant') {
          bus.grantPutEventsTo(role);
        } else {
          role.addToPolicy(
            new PolicyStatement({
              actions: ['events:PutEvents'],
              resources: [bus.eventBusArn],
              conditions: c.conditions,
            }),
          );
        }
      },
    ),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'Shop/Publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Hub/Handler'],
        allDelivered: true,
      },
    },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(HUB, 'orders'),
      welcome: [{ principalArn: w.roleArn(SHOP, 'publisher') }],
    },
  ],
  edits: [
    {
      title: 'grantPutEventsTo in place of a statement',
      app: 'shop',
      effect: 'harmless',
      change: (c) => (c.how = 'grant'),
    },
    {
      title: 'the principal is the session of the role',
      oracle: 'sessions',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.who = `arn:aws:sts::${SHOP.account}:assumed-role/publisher/session`),
    },
    {
      title: 'the principal is the account',
      app: 'hub',
      effect: 'harmless',
      oracle: 'it lets in the account',
      change: (c) => (c.who = w.rootArn(SHOP)),
    },
    {
      title: 'the principal ARN has a Region',
      app: 'hub',
      effect: 'breaks',
      alone: undefined,
      oracle: 'AWS rejects it',
      change: (c) => (c.who = `arn:aws:iam:${REGION}:${SHOP.account}:role/publisher`),
    },
    {
      title: 'a wildcard in the principal ARN',
      app: 'hub',
      effect: 'breaks',
      alone: undefined,
      oracle: 'AWS rejects it',
      change: (c) => (c.who = w.roleArn(SHOP, '*')),
    },
    {
      title: 'the statement is for all buses of another account',
      app: 'hub',
      effect: 'breaks',
      oracle: '',
      alone: undefined,
      change: (c) => (c.resource = `arn:aws:events:${REGION}:${SHOP.account}:event-bus/orders`),
    },
    {
      title: 'the role requires a tag of the session',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { StringEquals: { 'aws:PrincipalTag/team': 'shop' } }),
    },
    {
      title: 'MFA is required',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    },
    {
      title: 'a VPC endpoint is required',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no VPC',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }),
    },
    {
      title: 'the source is a NotEquals',
      app: 'hub',
      effect: 'breaks',
      oracle: 'x',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { StringNotEquals: { 'events:source': 'com.shop' } }),
    },
    {
      title: 'Null: the source must be absent',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { Null: { 'events:source': 'true' } }),
    },
    {
      title: 'the condition of the publisher is on another source than the rule',
      app: 'shop',
      effect: 'breaks',
      unreported: 'a choice',
      change: (c) => (c.conditions = { StringEquals: { 'events:source': 'com.shops' } }),
    },
    {
      title: 'the publisher needs TLS',
      app: 'shop',
      effect: 'harmless',
      change: (c) => (c.conditions = { Bool: { 'aws:SecureTransport': 'true' } }),
    },
    {
      title: 'the publisher needs its own organization in the resource',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no organization',
      alone: 'unchanged need',
      change: (c) => (c.conditions = { StringEquals: { 'aws:ResourceOrgID': ORGANIZATION } }),
    },
    {
      title: 'the publisher needs another account as resource',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.conditions = { StringEquals: { 'aws:ResourceAccount': SHOP.account } }),
    },
    {
      title: 'a wildcard of buses in place of the ARN',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.busArn = w.busArn(HUB, 'orders')),
    },
    {
      title: 'the source of the rule is a suffix',
      app: 'hub',
      effect: 'harmless',
      change: (c) => (c.pattern = { source: Match.suffix('shop') }),
    },
    {
      title: 'the pattern has an unknown field',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.pattern = { source: ['com.shop'], detail: { state: [] } }),
      oracle: 'throws',
    },
  ],
};
