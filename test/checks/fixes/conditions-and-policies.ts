import { CfnParameter, Stack } from 'aws-cdk-lib';
import { FixRow } from './fix-row';
import { RULE, condition, withStatement } from './statements';
import { BILLING, HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  functionArn,
  publisherRole,
  roleArn,
  rootArn,
} from '../../support/three-accounts';

const CONDITION_ROWS: readonly FixRow[] = [
  {
    what: 'an operator for wildcards',
    finds: 'conditionNeverMatches',
    names: "use 'StringLike'",
    app: (three, fix) =>
      withStatement(three, condition(fix ? 'StringLike' : 'StringEquals', 'aws:PrincipalArn', roleArn('p*'))),
  },
  {
    what: 'a set operator and one for wildcards, the first time',
    finds: 'conditionNeverMatches',
    names: "use 'ForAnyValue:StringLike'",
    app: (three, fix) => {
      const operator = fix ? 'ForAnyValue:StringLike' : 'StringEquals';
      withStatement(three, {
        Principal: '*',
        ...condition(operator, 'aws:PrincipalOrgPaths', `${ORGANIZATION}/r-ab12/*`),
      });
    },
  },
  {
    what: 'a key that requests of services have',
    finds: 'conditionNeverMatches',
    names: "'aws:SourceAccount'",
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      const key = fix ? 'aws:SourceAccount' : 'aws:PrincipalAccount';
      const limit = condition('StringEquals', key, HUB.account);
      cfnEventBusPolicy(hub, { Principal: { Service: 'ses.amazonaws.com' }, ...limit });
    },
  },
  {
    what: 'a value in the format of its key',
    finds: 'conditionNeverMatches',
    names: ['correct the value', '12-digit account ID'],
    app: (three, fix) => {
      const limit = condition('StringEquals', 'aws:PrincipalAccount', fix ? SHOP.account : 'shop');
      withStatement(three, { Principal: '*', ...limit });
    },
  },
  {
    what: 'the account in the ARN of a rule',
    finds: 'conditionNeverMatches',
    names: 'correct the account in the ARN',
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const source = fix ? RULE : RULE.replace(HUB.account, 'undefined');
      const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
      cfnPermission(hub, 'handler', source, { sourceAccount: undefined }).node.addDependency(handler);
      cfnRule(
        hub,
        { arn: functionArn('handler') },
        { eventBusName: 'orders', eventPattern: { account: [SHOP.account] } },
      );
    },
  },
];

const POLICY_ROWS: readonly FixRow[] = [
  {
    what: 'another statement ID',
    finds: 'duplicateStatementId',
    names: "change 'statementId'",
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBus(hub, 'Other', 'other');
      cfnEventBusPolicy(hub);
      cfnEventBusPolicy(hub, {}, { id: 'OtherPolicy', bus: 'other', sid: fix ? 'Others' : 'Publishers' });
      publisherRole(shop);
    },
  },
  {
    what: 'all statements in one resource',
    finds: 'resourcePolicyConflict',
    names: ["move all statements to 'Hub/Bus'", 'remove the other policies'],
    app: ({ hub, shop }, fix) => {
      const statement = (AWS: string) => ({
        Effect: 'Allow',
        Principal: { AWS },
        Action: 'events:PutEvents',
        Resource: busArn(),
      });
      const Statement = [statement('333333333333'), ...(fix ? [statement(rootArn(SHOP))] : [])];
      cfnEventBus(hub, 'Bus', 'orders', { policy: { Version: '2012-10-17', Statement } });
      if (!fix) cfnEventBusPolicy(hub);
      publisherRole(shop);
    },
  },
  {
    what: 'the literal ARN of a bus',
    finds: 'deliveryUnverified',
    names: 'use the literal ARN of the bus',
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      publisherRole(shop, fix ? busArn() : new CfnParameter(shop, 'BusArn').valueAsString);
    },
  },
  {
    what: 'trusted organizations',
    finds: 'deliveryUnverified',
    names: "'trustedOrganizations'",
    options: (isFixed) =>
      isFixed ? { trustedOrganizations: [ORGANIZATION], trustedAccounts: [SHOP.account, BILLING.account] } : {},
    app: (three) => resourceOrganization(three.hub, three.shop),
  },
  {
    what: 'allowed events in the identity-based policy',
    finds: 'deliveryUnverified',
    names: ["a condition on 'events:source' to the identity-based policy", "'allowedEvents' of a PublisherRole"],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const denial = {
        Effect: 'Deny',
        Principal: '*',
        ...condition('ForAnyValue:StringNotEquals', 'events:source', 'com.shop'),
      };
      cfnEventBusPolicy(hub, denial, { id: 'Denial', sid: 'Denial' });
      const limits = {
        'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
        Null: { 'events:source': 'false' },
      };
      publisherRole(shop, busArn(), fix ? limits : undefined);
    },
  },
];

/** A bus that denies calls for resources of another organization. */
function resourceOrganization(hub: Stack, shop: Stack): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const denial = { Effect: 'Deny', Principal: '*', ...condition('StringNotEquals', 'aws:ResourceOrgID', ORGANIZATION) };
  cfnEventBusPolicy(hub, denial, { id: 'Perimeter', sid: 'Perimeter' });
  publisherRole(shop);
}

export const CONDITION_FIXES: readonly FixRow[] = [...CONDITION_ROWS, ...POLICY_ROWS];
