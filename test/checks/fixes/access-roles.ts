import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { shortForm, permissionWith, ANY, EVENTS, GITHUB, OPEN_SHORT_FORM, RULE, eventPattern } from './access';
import { FixRow } from './fix-row';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher } from '../../../src';
import { BILLING, SHOP } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  publisherRole,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

/** A rule of the shop that forwards to the bus of the hub with a role that has such a trust policy. */
function forwardWith({ hub, shop }: ThreeAccounts, trust: object): void {
  const publishers = [EventPublisher.accounts(SHOP.account)];
  new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', publishers });
  shop.addDependency(hub);
  cfnEventBus(shop, 'Local', 'local');
  const role = executionRole(shop, ruleArn('local/rule', SHOP), busArn()).node.defaultChild as CfnRole;
  role.assumeRolePolicyDocument = trustPolicy(trust);
  cfnRule(shop, { arn: busArn(), roleArn: role.attrArn }, { eventBusName: 'local', eventPattern });
}

const trustPolicy = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
});

/** A bus on which the billing account may manage rules. */
const MANAGE = {
  Principal: { AWS: rootArn(BILLING) },
  Action: ['events:PutRule', 'events:PutTargets'],
  Resource: ruleArn('orders/*'),
};
const createdByThem = { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } };

export const ROLE_ACCESS_FIXES: readonly FixRow[] = [
  {
    what: 'the rule as the source in the trust policy',
    finds: 'ruleRoleTrustTooBroad',
    names: ["'aws:SourceArn'", "'aws:SourceAccount'", ruleArn('local/rule', SHOP)],
    app: (three, fix) => {
      const source = { 'aws:SourceAccount': SHOP.account, 'aws:SourceArn': ruleArn('local/rule', SHOP) };
      const limited = { Principal: EVENTS, Condition: { StringEquals: source } };
      forwardWith(three, fix ? limited : { Principal: '*' });
    },
  },
  {
    what: 'CrossAccountEventBusTarget, which creates the role',
    finds: 'ruleRoleTrustTooBroad',
    names: 'CrossAccountEventBusTarget',
    app: (three, fix) => {
      if (!fix) return forwardWith(three, { Principal: '*' });
      const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
      const eventBus = new EventBus(three.shop, 'Local', { eventBusName: 'local' });
      return new Rule(three.shop, 'Rule', { eventBus, eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
    },
  },
  {
    what: 'a condition on the creator of rules',
    finds: 'creatorAccountConditionMissing',
    names: ['StringEqualsIfExists', "'events:creatorAccount'", "'${aws:PrincipalAccount}'"],
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, { ...MANAGE, ...(fix && { Condition: createdByThem }) });
    },
  },
  {
    what: 'allowRuleManagement() in place of a statement',
    finds: 'creatorAccountConditionMissing',
    names: 'allowRuleManagement()',
    app: ({ hub }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      if (fix) bus.allowRuleManagement(EventPublisher.accounts(BILLING.account));
      else cfnEventBusPolicy(hub, MANAGE).node.addDependency(bus);
    },
  },
  {
    what: 'the accounts in the pattern',
    finds: 'ruleMatchesAnyAccount',
    names: "add 'account' to the pattern",
    app: (three, fix) => openBus(three, { source: ['com.shop'], ...(fix && { account: [SHOP.account] }) }),
  },
  {
    what: 'a source in the open statement',
    finds: 'ruleMatchesAnyAccount',
    names: "a condition on 'events:source' to the statement",
    app: (three, fix) =>
      openBus(three, { source: ['com.shop'] }, { StringEquals: { 'events:source': 'com.shop' } }, fix),
  },
  {
    what: 'Statement with a source in place of the short form',
    finds: 'ruleMatchesAnyAccount',
    names: ["use 'Statement' in place of 'Action', 'Principal' and 'Condition'", "'events:source'"],
    app: (three, fix) => {
      if (fix) {
        openBus(three, { source: ['com.shop'] }, { StringEquals: { 'events:source': 'com.shop' } }, fix);
      } else {
        shortForm(three, OPEN_SHORT_FORM);
        cfnRuleToQueue(three.hub, { eventBusName: 'orders', eventPattern: { source: ['com.shop'] } });
      }
    },
  },
  {
    what: 'the ARN of each rule on the target',
    finds: 'wildcardRule',
    names: "list the ARN of each rule in 'SourceArn'",
    app: (three, fix) => managedRules(three, fix ? RULE : ruleArn('orders/*'), createdByThem),
  },
  {
    what: 'the targets of rules of other accounts',
    finds: 'wildcardRule',
    names: ["'events:TargetArn'", "'targetArns'"],
    app: (three, fix) => {
      const targets = { 'events:TargetArn': 'arn:aws:events:*:333333333333:event-bus/*' };
      const limits = { 'ForAllValues:ArnLike': targets, Null: { 'events:TargetArn': 'false' } };
      managedRules(three, ruleArn('orders/*'), { ...createdByThem, ...(fix && limits) });
    },
  },
  {
    what: 'the subject of an identity provider in the trust policy',
    finds: 'publisherRoleTrustTooBroad',
    names: 'add a condition: on the subject or application of an identity provider',
    app: (three, fix) => {
      const subject = { [`${GITHUB}:sub`]: 'repo:octo-org/shop:ref:refs/heads/main' };
      const audience = { [`${GITHUB}:aud`]: 'sts.amazonaws.com' };
      publisherTrusting(three, {
        Principal: { Federated: `arn:aws:iam::${SHOP.account}:oidc-provider/${GITHUB}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { ...audience, ...(fix && subject) } },
      });
    },
  },
  {
    what: 'accounts in the trust policy',
    finds: 'publisherRoleTrustTooBroad',
    names: 'list accounts, roles or an organization',
    app: (three, fix) => publisherTrusting(three, { Principal: fix ? { AWS: BILLING.account } : '*' }),
  },
];

/** A bus that any account may publish on, and a rule. */
function openBus({ hub, shop }: ThreeAccounts, pattern: object, Condition?: object, fix?: string): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub, { ...ANY, ...(fix && { Condition }) });
  cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern: pattern });
  publisherRole(shop, busArn(), fix ? SHOP_EVENTS : undefined);
}

const SHOP_EVENTS = {
  'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
  Null: { 'events:source': 'false' },
};

/** A bus on which another account manages rules, and a function that allows a source. */
function managedRules(three: ThreeAccounts, source: string, Condition: object): void {
  permissionWith(three, source);
  cfnEventBusPolicy(three.hub, { ...MANAGE, Condition }, { id: 'Management', sid: 'Management' });
}

function publisherTrusting({ hub, shop }: ThreeAccounts, trust: object): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const role = publisherRole(shop).node.defaultChild as CfnRole;
  role.assumeRolePolicyDocument = trustPolicy(trust);
}
