import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { FixRow } from './fix-row';
import { CrossAccountEventBus, EventPublisher, PublisherRole } from '../../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  functionArn,
  publisherRole,
  queueArn,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

export const GITHUB = 'token.actions.githubusercontent.com';
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
export const RULE = ruleArn('orders/rule');
export const ANY = { Principal: '*' };
const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } };
export const eventPattern = { source: ['com.shop'], account: [SHOP.account] };

/** A bus whose policy has one statement, and a publisher in the shop. */
export function busWith({ hub, shop }: ThreeAccounts, statement: object, props: object = {}): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub, statement, props);
  publisherRole(shop);
}

export function shortForm({ hub, shop }: ThreeAccounts, props: object): void {
  cfnEventBus(hub);
  new CfnEventBusPolicy(hub, 'Policy', { eventBusName: 'orders', statementId: 'Open', ...props });
  publisherRole(shop);
}

export const OPEN_SHORT_FORM = { action: 'events:PutEvents', principal: '*' };
const organizationCondition = { type: 'StringEquals', key: 'aws:PrincipalOrgID', value: ORGANIZATION };

/** A rule that sends to a queue with one more statement. */
function queueWith({ hub }: ThreeAccounts, statement: object): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const queue = new CfnQueue(hub, 'Queue', { queueName: 'queue' });
  const Statement = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('queue'), ...statement }];
  new CfnQueuePolicy(hub, 'QueuePolicy', { queues: [queue.ref], policyDocument: { Version: '2012-10-17', Statement } });
  cfnRule(hub, { arn: queue.attrArn }, { eventBusName: 'orders', eventPattern });
}

const forRule = { Condition: { ArnEquals: { 'aws:SourceArn': RULE } } };
export const EVENTS = { Service: 'events.amazonaws.com' };

/** A rule that sends to a function with a permission. */
export function permissionWith({ hub }: ThreeAccounts, source: string | undefined): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
  const props = source === undefined ? { sourceArn: undefined, sourceAccount: undefined } : { sourceArn: source };
  cfnPermission(hub, 'handler', RULE, props).node.addDependency(handler);
  cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern });
}

export const ACCESS_FIXES: readonly FixRow[] = [
  {
    what: 'an organization in a condition',
    finds: 'wildcardPrincipal',
    names: `'aws:PrincipalOrgID'`,
    app: (three, fix) => busWith(three, { ...ANY, ...(fix && { Condition: inOrganization }) }),
  },
  {
    what: 'accounts in place of a wildcard',
    finds: 'wildcardPrincipal',
    names: 'list the accounts',
    app: (three, fix) => busWith(three, fix ? { Principal: { AWS: [rootArn(SHOP)] } } : ANY),
  },
  {
    what: 'an organization in the short form',
    finds: 'wildcardPrincipal',
    names: ["'Condition' of the type 'StringEquals'", "'aws:PrincipalOrgID'"],
    app: (three, fix) => shortForm(three, { ...OPEN_SHORT_FORM, ...(fix && { condition: organizationCondition }) }),
  },
  {
    what: 'Statement with accounts in place of the short form',
    finds: 'wildcardPrincipal',
    names: "use 'Statement' to list several accounts",
    app: (three, fix) => {
      if (fix) busWith(three, { Principal: { AWS: [SHOP.account, BILLING.account] } });
      else shortForm(three, OPEN_SHORT_FORM);
    },
  },
  {
    what: 'the source of a service on a bus',
    finds: 'wildcardPrincipal',
    names: "'aws:SourceAccount'",
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      const limit = fix && { Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } } };
      cfnEventBusPolicy(hub, { Principal: { Service: 'ses.amazonaws.com' }, ...limit });
    },
  },
  {
    what: 'the rule as the source on a queue',
    finds: 'wildcardPrincipal',
    names: ["'ArnEquals'", "'aws:SourceArn'"],
    app: (three, fix) => queueWith(three, { Principal: EVENTS, ...(fix && forRule) }),
  },
  {
    what: 'EventBridge with the rule as the source in place of any principal',
    finds: 'wildcardPrincipal',
    names: ["use 'events.amazonaws.com'", "'aws:SourceArn'"],
    app: (three, fix) => queueWith(three, fix ? { Principal: EVENTS, ...forRule } : ANY),
  },
  {
    what: 'the rule as the source on a function',
    finds: 'wildcardPrincipal',
    names: ["'SourceArn'", "'SourceAccount'"],
    app: (three, fix) => permissionWith(three, fix && RULE),
  },
  {
    what: 'the actions needed',
    finds: 'wildcardAction',
    names: "list the actions needed, such as 'events:PutEvents'",
    app: (three, fix) => busWith(three, { Action: fix ? 'events:PutEvents' : 'events:Put*' }),
  },
  {
    what: 'the ARN of the bus',
    finds: 'wildcardPutEventsResource',
    names: ['list the ARNs of the buses', 'PublisherRole'],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      publisherRole(shop, fix ? busArn() : '*');
    },
  },
  {
    what: 'a PublisherRole for the buses',
    finds: 'wildcardPutEventsResource',
    names: 'PublisherRole',
    app: ({ hub, shop }, fix) => {
      const publishers = [EventPublisher.accounts(SHOP.account)];
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', publishers });
      if (fix) new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] });
      else publisherRole(shop, 'arn:aws:events:*');
    },
  },
  {
    what: 'the account of an untrusted principal is trusted',
    finds: 'untrustedPrincipal',
    names: `add '${BILLING.account}' to 'trustedAccounts'`,
    options: (isFixed) => ({ trustedAccounts: [SHOP.account, ...(isFixed ? [BILLING.account] : [])] }),
    app: (three) => busWith(three, { Principal: { AWS: [rootArn(SHOP), rootArn(BILLING)] } }),
  },
  {
    what: 'an untrusted principal is removed',
    finds: 'untrustedPrincipal',
    names: 'remove the principal',
    options: () => ({ trustedAccounts: [SHOP.account] }),
    app: (three, fix) => busWith(three, { Principal: { AWS: [rootArn(SHOP), ...(fix ? [] : [rootArn(BILLING)])] } }),
  },
  {
    what: 'the organization of an untrusted principal is trusted',
    finds: 'untrustedPrincipal',
    names: `add '${ORGANIZATION}' to 'trustedOrganizations'`,
    options: (isFixed) => ({
      trustedAccounts: [SHOP.account],
      ...(isFixed && { trustedOrganizations: [ORGANIZATION] }),
    }),
    app: (three) => busWith(three, { ...ANY, Condition: inOrganization }),
  },
];
