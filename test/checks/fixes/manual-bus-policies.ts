import { Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FixRow, arnIn, jsonIn } from './fix-row';
import { LAMBDA, eventPattern, ownedBus, RULE } from './manual-steps';
import { CrossAccountEventBusTarget, CrossAccountRule, EventPublisher, PublisherRole } from '../../../src';
import { BILLING, HUB, SHOP } from '../../support/apps';
import {
  PARTNER,
  busArn,
  cfnEventBus,
  cfnRule,
  executionRole,
  importedBus,
  publisherRole,
  roleArn,
} from '../../support/three-accounts';

export const MANUAL_BUS_FIXES: readonly FixRow[] = [
  {
    what: 'the call for a PublisherRole',
    finds: 'manuallyAddEventBusPolicy',
    names: [`allowPublisher(EventPublisher.role('${roleArn('publisher')}'))`, `in account ${HUB.account}`],
    app: (three, fix) => {
      if (fix) ownedBus(three).allowPublisher(EventPublisher.role(arnIn(fix)));
      new PublisherRole(three.shop, 'Publisher', {
        roleName: 'publisher',
        assumedBy: LAMBDA,
        eventBuses: [importedBus(three.shop)],
      });
    },
  },
  {
    what: 'the statement for a PublisherRole',
    finds: 'manuallyAddEventBusPolicy',
    names: 'or add this statement to the bus policy, then acknowledge this warning: {',
    app: (three, fix) => {
      if (fix) ownedBus(three).addToResourcePolicy(PolicyStatement.fromJson(jsonIn(fix)));
      new PublisherRole(three.shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [importedBus(three.shop)] });
    },
  },
  {
    what: 'the call for a role of aws-cdk-lib',
    finds: 'manuallyAddEventBusPolicy',
    names: [`allowPublisher(EventPublisher.role('${roleArn('publisher')}'))`, `in account ${HUB.account}`],
    app: (three, fix) => {
      if (fix) ownedBus(three).allowPublisher(EventPublisher.role(arnIn(fix)));
      publisherRole(three.shop);
    },
  },
  {
    what: 'the call for a role of aws-cdk-lib that may put some events',
    finds: 'manuallyAddEventBusPolicy',
    names: `allowPublisher(EventPublisher.role('${roleArn('publisher')}'), { sources: ['com.shop'] })`,
    app: (three, fix) => {
      if (fix) ownedBus(three).allowPublisher(EventPublisher.role(arnIn(fix)), { sources: ['com.shop'] });
      publisherRole(three.shop, busArn(), { StringEquals: { 'events:source': 'com.shop' } });
    },
  },
  {
    what: 'the account of a role without a name',
    finds: 'manuallyAddEventBusPolicy',
    names: [`allowPublisher(EventPublisher.accounts('${SHOP.account}'))`, "role 'Shop/Publisher'", "'roleName'"],
    app: (three, fix) => {
      if (fix) ownedBus(three).allowPublisher(EventPublisher.accounts(SHOP.account));
      publisherRole(three.shop, busArn(), undefined, { roleName: undefined });
    },
  },
  {
    what: 'the call for the role of a rule',
    finds: 'manuallyAddEventBusPolicy',
    names: "allowPublisher(EventPublisher.role('arn:aws:iam::222222222222:role/",
    app: (three, fix) => {
      const { shop } = three;
      if (fix) ownedBus(three).allowPublisher(EventPublisher.role(arnIn(fix)));
      const eventBus = new EventBus(shop, 'Local', { eventBusName: 'local' });
      const targets = [new CrossAccountEventBusTarget(importedBus(shop))];
      new Rule(shop, 'Rule', { eventBus, eventPattern: { source: ['com.shop'] }, targets });
    },
  },
  {
    what: "a statement in the bus's own policy",
    finds: 'manuallyAddEventBusPolicy',
    names: "add this statement to the 'policy' property of the bus: {",
    app: ({ hub, shop }, fix) => {
      const bus = ownPolicy(hub, fix);
      new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] });
    },
  },
  {
    what: 'allowRuleManagement() for a CrossAccountRule',
    finds: 'manuallyAllowRuleManagement',
    names: `allowRuleManagement(EventPublisher.accounts('${BILLING.account}')`,
    app: (three, fix) => {
      const { billing } = three;
      if (fix) {
        const rules = { sources: ['com.shop'], targetArns: [`arn:aws:events:*:${BILLING.account}:event-bus/*`] };
        const bus = ownedBus(three);
        bus.allowPublisher(EventPublisher.accounts(SHOP.account), { sources: ['com.shop'] });
        bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), rules);
      }
      subscribe(billing, importedBus(billing));
    },
  },
  {
    what: "a statement for a CrossAccountRule in the bus's own policy",
    finds: 'manuallyAllowRuleManagement',
    names: "add this statement to the 'policy' property of the bus: {",
    app: ({ hub, billing }, fix) => {
      billing.addDependency(hub);
      subscribe(billing, ownPolicy(hub, fix), ['444444444444']);
    },
  },
  {
    what: 'allowRuleManagement() for a rule of aws-cdk-lib',
    finds: 'manuallyAllowRuleManagement',
    names: [
      `in account ${HUB.account}, call allowRuleManagement(EventPublisher.accounts('${BILLING.account}')`,
      'CrossAccountRule',
    ],
    app: (three, fix) => {
      const { billing } = three;
      if (fix) {
        const rules = { sources: ['com.shop'], targetArns: [`arn:aws:events:*:${BILLING.account}:event-bus/*`] };
        const bus = ownedBus(three);
        bus.allowPublisher(EventPublisher.accounts(SHOP.account), { sources: ['com.shop'] });
        bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), rules);
      }
      const local = new EventBus(billing, 'Local', { eventBusName: 'local' });
      const role = executionRole(billing, RULE, busArn('local', BILLING));
      cfnRule(billing, { arn: local.eventBusArn, roleArn: role.roleArn }, { eventBusName: busArn(), eventPattern });
    },
  },
];

/** A bus with its own policy, to which the statement in the fix is added. */
function ownPolicy(hub: Stack, fix: string | undefined): CfnEventBus {
  const other = {
    Effect: 'Allow',
    Principal: { AWS: PARTNER.account },
    Action: 'events:PutEvents',
    Resource: busArn(),
  };
  const Statement = [other, ...(fix ? [jsonIn(fix)] : [])];
  return cfnEventBus(hub, 'Bus', 'orders', { policy: { Version: '2012-10-17', Statement } });
}

function subscribe(stack: Stack, eventBus: IEventBusRef, account = eventPattern.account): void {
  const local = new EventBus(stack, 'Local', { eventBusName: 'local' });
  const targets = [new CrossAccountEventBusTarget(local)];
  new CrossAccountRule(stack, 'Rule', {
    ruleName: 'rule',
    eventBus,
    eventPattern: { ...eventPattern, account },
    targets,
  });
}
