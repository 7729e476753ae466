import { Stack } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { ORGANIZATION, SHOP } from '../../support/apps';
import { Faulty, delivered, faults, published } from '../../support/faults';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  executionRole,
  inThreeAccounts,
  policyDocument,
  publisherRole,
  ruleArn,
  trustForRule,
} from '../../support/three-accounts';

/** The rule of account 222222222222, and the same rule in another Region. */
const RULE = ruleArn('local/rule', SHOP);
const ELSEWHERE = { ...SHOP, region: 'us-west-2' };
const sourceArn = (operator: string, ...arns: string[]) => ({ Condition: { [operator]: { 'aws:SourceArn': arns } } });
const denying = (condition: object) => ({ Effect: 'Deny', Principal: '*', ...condition });

interface SendingRule {
  /** The statement of the bus policy. @default - account 222222222222 may put events */
  readonly statement?: object;
  readonly deny?: object;
  readonly env?: typeof SHOP;
  readonly name?: string;
  readonly more?: (shop: Stack, rule: CfnRule, role: Role) => unknown;
}

/** A rule on the bus `local` of account 222222222222 that sends to the bus `orders` of account 111111111111. */
const sending = ({ statement = {}, deny, env = SHOP, name = 'rule', more }: SendingRule) =>
  inThreeAccounts((three) => {
    const { hub } = three;
    const shop = three.stack('Shop', env);
    const allow = cfnEventBusPolicy(hub, statement);
    allow.node.addDependency(cfnEventBus(hub));
    if (deny) cfnEventBusPolicy(hub, deny, { id: 'Deny', sid: 'Deny' }).addDependency(allow);
    const local = cfnEventBus(shop, 'Local', 'local');
    const role = executionRole(shop, ruleArn(`local/${name}`, env), busArn());
    const rule = cfnRule(shop, { arn: busArn(), roleArn: role.roleArn }, { name, eventBusName: 'local' });
    rule.addDependency(local);
    shop.addDependency(hub);
    more?.(shop, rule, role);
  });

const denied = (options: SendingRule): Faulty => ({ at: '/Shop/Rule', app: sending(options) });

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
faults('a bus policy with a condition on the rule that sends', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: {
    'a list of rules': sending({ statement: sourceArn('ArnEquals', ruleArn('local/rule', ELSEWHERE), RULE) }),
    'all rules of a Region': sending({ statement: sourceArn('ArnEquals', 'arn:aws:events:eu-west-1:*:*') }),
    'all rules of a Region, by a string operator': sending({
      statement: sourceArn('StringLike', 'arn:aws:events:eu-west-1:*:rule/*'),
    }),
    'all rules of a Region, as a set': sending({
      statement: sourceArn('ForAnyValue:ArnLike', 'arn:aws:events:eu-west-1:*:*'),
    }),
    'a key in lower case': sending({ statement: { Condition: { ArnLike: { 'aws:sourcearn': RULE } } } }),
    'the rules of one name in all accounts of an organization': {
      app: sending({
        statement: {
          Principal: '*',
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
            ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/local/rule' },
          },
        },
      }),
      asks: 'nothing',
    },
    'a denial of other Regions': sending({ deny: denying(sourceArn('ArnEquals', 'arn:aws:events:us-west-2:*:*')) }),
    'a denial of all Regions but this one': sending({
      deny: denying(sourceArn('ArnNotLike', 'arn:aws:events:eu-west-1:*:*')),
    }),
    'another role of the account, which is not for rules': sending({
      statement: sourceArn('ArnEquals', RULE),
      more: (shop) => new Role(shop, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    }),
    'a role of the account, without a rule in this app': {
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBusPolicy(hub, sourceArn('ArnEquals', RULE)).node.addDependency(cfnEventBus(hub));
        new Role(shop, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      }),
      asks: 'nothing',
    },
    'constructs of this library': {
      app: inThreeAccounts(({ hub, shop }) => {
        const conditions = { ArnEquals: { 'aws:SourceArn': ruleArn('rule', SHOP) } };
        const publisher = EventPublisher.principal(new AccountPrincipal(SHOP.account).withConditions(conditions));
        const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [publisher] });
        const eventPattern = { source: ['com.shop'] };
        new Rule(shop, 'Rule', { ruleName: 'rule', eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
      }),
      asks: 'nothing',
    },
  },
  faulty: {
    'a rule of another name': denied({ statement: sourceArn('ArnEquals', RULE), name: 'other' }),
    'a rule on the default bus of that name': denied({ statement: sourceArn('ArnEquals', ruleArn('rule', SHOP)) }),
    'a rule in another Region': denied({ statement: sourceArn('ArnEquals', RULE), env: ELSEWHERE }),
    'all rules of another Region': denied({ statement: sourceArn('ArnLike', 'arn:aws:events:us-west-2:*:*') }),
    'a denial of its Region': denied({
      env: ELSEWHERE,
      deny: denying(sourceArn('ArnEquals', 'arn:aws:events:us-west-2:*:*')),
    }),
    'a denial of all Regions but another one': denied({
      deny: denying(sourceArn('ArnNotEquals', 'arn:aws:events:us-west-2:*:*')),
    }),
    'a denial of this rule': denied({ deny: denying(sourceArn('ArnLike', 'arn:aws:events:*:*:rule/local/rule')) }),
  },
});

/** A role of account 222222222222 that may put events on the bus, without a rule in this app. */
const roleOnly = (statement: object, trust: IPrincipal) =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBusPolicy(hub, statement).node.addDependency(cfnEventBus(hub));
    new Role(shop, 'Sender', {
      roleName: 'sender',
      assumedBy: trust,
      inlinePolicies: { send: policyDocument('events:PutEvents', busArn()) },
    });
  });

faults('a bus policy with a condition on the rule, and a publisher', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a role for the rule, which this app does not define': roleOnly(sourceArn('ArnEquals', RULE), trustForRule(RULE)),
    'a role for a rule of an allowed Region': roleOnly(
      sourceArn('ArnLike', 'arn:aws:events:eu-west-1:*:*'),
      trustForRule(RULE),
    ),
    'a role that publishes itself, where other Regions are denied': inThreeAccounts(({ hub, shop }) => {
      const allow = cfnEventBusPolicy(hub);
      allow.node.addDependency(cfnEventBus(hub));
      const deny = denying(sourceArn('ArnEquals', 'arn:aws:events:us-west-2:*:*'));
      cfnEventBusPolicy(hub, deny, { id: 'Deny', sid: 'Deny' }).addDependency(allow);
      publisherRole(shop);
    }),
  },
  faulty: {
    'a role for another rule': {
      at: '/Shop/Sender',
      app: roleOnly(sourceArn('ArnEquals', RULE), trustForRule(ruleArn('local/other', SHOP))),
    },
    'a role that publishes itself': {
      at: '/Shop/Publisher',
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBusPolicy(hub, sourceArn('ArnEquals', RULE)).node.addDependency(cfnEventBus(hub));
        publisherRole(shop);
      }),
      asks: published('publisher', 'Hub/Bus'),
    },
  },
});
