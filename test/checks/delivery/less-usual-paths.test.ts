import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { CloudWatchLogGroup } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP } from '../../support/apps';
import { faults, published } from '../../support/faults';
import {
  policyDocument,
  busArn,
  PARTNER,
  inThreeAccounts,
  publisherRole,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

/** From the default bus of the shop, which no stack defines, to the hub, and from there to another bus. */
const fromDefault = (onwardPattern: object, endArn = busArn('ledger', BILLING)) =>
  inThreeAccounts(({ shop, hub, billing }) => {
    cfnEventBus(billing, 'Ledger', 'ledger');
    cfnEventBusPolicy(
      billing,
      { Principal: { AWS: rootArn(HUB) } },
      { bus: endArn.endsWith('default') ? 'default' : 'ledger' },
    ).node.addDependency(billing.node.findChild('Ledger'));
    const orders = cfnEventBus(hub);
    cfnEventBusPolicy(hub).node.addDependency(orders);
    const onwardRole = executionRole(hub, ruleArn('orders/onward'), endArn, 'events:PutEvents', { id: 'OnwardSender' });
    cfnRule(
      hub,
      { arn: endArn, roleArn: onwardRole.roleArn },
      { eventBusName: 'orders', eventPattern: onwardPattern },
      'Onward',
    ).node.addDependency(orders);
    const role = executionRole(shop, ruleArn('rule', SHOP), busArn());
    cfnRule(shop, { arn: busArn(), roleArn: role.roleArn }, { eventPattern: { source: ['com.shop'] } });
    hub.addDependency(billing);
    shop.addDependency(hub);
  });

faults('a second hop with a bus that no stack defines', {
  finds: FindingId.EVENT_FORWARDED_TOO_FAR,
  level: 'error',
  healthy: { 'other events': fromDefault({ source: ['com.hub'], account: [HUB.account] }) },
  faulty: {
    'the default bus at the beginning': {
      at: '/Hub/Onward',
      app: fromDefault({ source: ['com.shop'] }),
    },
    'a bus of another app at the end, about which no grant is reported': {
      at: '/Hub/Onward',
      app: fromDefault({ source: ['com.shop'] }, busArn('partner', PARTNER)),
    },
    'the default bus at the end': {
      at: '/Hub/Onward',
      app: fromDefault({ source: ['com.shop'] }, busArn('default', BILLING)),
    },
  },
});

/** A publisher whose policy has wildcards. */
const byWildcard = (action: string, resource: string, account = PARTNER) =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(account) } });
    publisherRole(shop, '', undefined, { inlinePolicies: { put: policyDocument(action, resource) } });
  });

faults('a publisher with wildcards that the bus policy does not allow', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  asks: published('Shop/Publisher', 'Hub/Bus', { source: 'com.shop' }),
  healthy: {
    'the beginning of the name of a bus that allows it': byWildcard('events:PutEvents', busArn('ord*'), SHOP),
  },
  faulty: {
    'a wildcard in the action': { at: '/Shop/Publisher', app: byWildcard('events:Put*', busArn()) },
    'the beginning of the name': {
      at: '/Shop/Publisher',
      app: byWildcard('events:PutEvents', busArn('ord*')),
    },
    'any region': {
      at: '/Shop/Publisher',
      app: byWildcard('events:PutEvents', busArn('ord*').replace('eu-west-1', '*')),
    },
  },
});

faults('a target of another service that requires a role', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    'a log group of aws-cdk-lib, which requires none': inThreeAccounts(
      ({ hub }) => {
        new Rule(hub, 'Rule', {
          eventPattern: { source: ['com.shop'] },
          targets: [new CloudWatchLogGroup(new LogGroup(hub, 'Logs', { logGroupName: '/aws/events/orders' }))],
        });
      },
      { '@aws-cdk/customresources:installLatestAwsSdkDefault': false },
    ),
  },
  faulty: {
    'a state machine': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const arn = `arn:aws:states:eu-west-1:${HUB.account}:stateMachine:orders`;
        new CfnRule(hub, 'Rule', { eventPattern: { source: ['com.shop'] }, targets: [{ id: 'T', arn }] });
      }),
    },
  },
});
