import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { CompositePrincipal, Effect, IPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, PUBLISHER } from '../../support/apps';
import { delivered, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  elsewhere,
  forRule,
  inThreeAccounts,
  rawBus,
  rawPolicy,
  rawRule,
  roleArn,
  rootArn,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

const RULE = ruleArn('local/rule', PUBLISHER);
const eventPattern = { source: ['com.shop'] };
const byRule = { Condition: { Bool: { 'events:eventBusInvocation': 'true' } } };
const principalArn = (arn: string) => ({ Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } });

interface Forwarding {
  /** Statement of the bus of the destination; null for none. */
  readonly statement?: object | null;
  readonly mayPut?: { readonly resource?: string; readonly action?: string };
  readonly trust?: IPrincipal;
  /** The role of the target; null for none. */
  readonly roleArn?: string | null;
  readonly to?: string;
  readonly pattern?: object;
  /** What is done to the stacks instead of deploying that of the bus first. */
  readonly order?: (three: ThreeAccounts) => unknown;
}

/** A rule on a bus of account 222222222222 that forwards to the bus `orders` of account 111111111111. */
const forwarding = ({ statement, mayPut, trust, roleArn: given, to, pattern, order }: Forwarding = {}) =>
  inThreeAccounts((three) => {
    const { hub, shop } = three;
    rawBus(hub);
    if (statement !== null) rawPolicy(hub, statement);
    rawBus(shop, 'Local', 'local');
    const role = senderRole(shop, RULE, mayPut?.resource ?? busArn(), mayPut?.action, {
      trust: trust as ServicePrincipal,
    });
    const rule = rawRule(
      shop,
      { arn: to ?? busArn(), roleArn: given === null ? undefined : (given ?? role.roleArn) },
      { eventBusName: 'local', ...(pattern && { eventPattern: pattern }) },
    );
    rule.node.addDependency(shop.node.findChild('Local'));
    if (order) order(three);
    else shop.addDependency(hub);
  });

/** The same of aws-cdk-lib's constructs, with something done to the rule. */
const l2 = (override: (rule: CfnRule, role: Role) => unknown = () => undefined) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    rawPolicy(hub, byRule).node.addDependency(bus);
    const role = senderRole(shop, ruleArn('rule', PUBLISHER), busArn());
    const rule = new Rule(shop, 'Rule', {
      ruleName: 'rule',
      eventPattern,
      targets: [new EventBusTarget(bus, { role })],
    });
    override(rule.node.defaultChild as CfnRule, role);
    shop.addDependency(hub);
  });

/** The same of this library's constructs, with something done to what they make. */
interface Made {
  readonly rule: CfnRule;
  readonly role: CfnResource;
  readonly policy: CfnEventBusPolicy;
}
const ours = (override: (made: Made) => unknown = () => undefined) =>
  inThreeAccounts((three) => {
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    const rule = new Rule(three.shop, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
    const made = (type: string) =>
      three.app.node
        .findAll()
        .find((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType === type)!;
    const policy = made('AWS::Events::EventBusPolicy') as CfnEventBusPolicy;
    override({ rule: rule.node.defaultChild as CfnRule, role: made('AWS::IAM::Role'), policy });
  });

const HEALTHY = {
  'a grant for the account': forwarding(),
  'a grant for rules alone': forwarding({ statement: byRule }),
  'a grant for the role': forwarding({ statement: { Principal: { AWS: roleArn('sender') } } }),
  'a grant for one role of the account': forwarding({ statement: principalArn(roleArn('sender')) }),
  'a grant for the source of the pattern': forwarding({
    statement: { Condition: { StringEquals: { 'events:source': ['com.shop', 'com.other'] } } },
  }),
  'constructs of aws-cdk-lib': l2(),
  'constructs of this library': ours(),
  'a bus of the same account and its own role': {
    app: inThreeAccounts(({ hub }) => {
      rawBus(hub);
      rawBus(hub, 'Audit', 'audit');
      const role = senderRole(hub, ruleArn('orders/rule'), busArn('audit'));
      rawRule(hub, { arn: busArn('audit'), roleArn: role.roleArn }, { eventBusName: 'orders' });
    }),
    asks: delivered('Hub/Rule'),
  },
  'a bus of the same account in another region': {
    app: inThreeAccounts((three) => {
      const there = { account: '111111111111', region: 'us-east-1' };
      rawBus(three.stack('East', there));
      rawBus(three.hub);
      const role = senderRole(three.hub, ruleArn('orders/rule'), busArn('orders', there));
      rawRule(three.hub, { arn: busArn('orders', there), roleArn: role.roleArn }, { eventBusName: 'orders' });
    }),
    asks: delivered('Hub/Rule'),
  },
};

faults('a rule with a bus as target and without a role that may put there', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: HEALTHY,
  faulty: {
    'no role': { at: '/Shop/Rule', app: forwarding({ roleArn: null }) },
    'no role, in the same account': {
      at: '/Hub/Rule',

      app: inThreeAccounts(({ hub }) => [
        rawBus(hub),
        rawBus(hub, 'Audit', 'audit'),
        rawRule(hub, { arn: busArn('audit') }, { eventBusName: 'orders' }),
      ]),
      asks: delivered('Hub/Rule'),
    },
    'a role of another account, though it may do all': {
      at: '/Shop/Rule',

      app: inThreeAccounts(({ hub, shop, billing }) => {
        rawBus(hub);
        rawPolicy(hub, { Principal: { AWS: rootArn(CONSUMER) } });
        rawBus(shop, 'Local', 'local');
        const { roleName } = senderRole(billing, RULE, busArn());
        rawRule(shop, { arn: busArn(), roleArn: roleArn(roleName, CONSUMER) }, { eventBusName: 'local' });
        shop.addDependency(hub);
      }),
    },
    'a role that was overridden away': {
      at: '/Shop/Rule',

      app: ours(({ rule }) => rule.addPropertyDeletionOverride('Targets.0.RoleArn')),
      asks: delivered('Shop/Rule'),
    },
    'a role of aws-cdk-lib that was overridden away': {
      at: '/Shop/Rule',

      app: l2((rule) => rule.addPropertyDeletionOverride('Targets.0.RoleArn')),
    },
    'a role that may do something else there': {
      at: '/Shop/Sender',

      app: forwarding({ mayPut: { action: 'events:PutRule' } }),
    },
    'a role that is denied it': {
      at: '/Shop/Sender',

      app: l2((_, role) =>
        role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['events:Put*'], resources: [busArn()] })),
      ),
    },
    'a role that only another rule may use': {
      at: '/Shop/Sender',

      app: forwarding({ trust: forRule(ruleArn('local/other', PUBLISHER)) }),
    },
    'a role for a rule of that name on the default bus': {
      at: '/Shop/Sender',

      app: forwarding({ trust: forRule(ruleArn('rule', PUBLISHER)) }),
    },
    'a role for the rules of another account': {
      at: '/Shop/Sender',

      app: forwarding({ trust: forRule(RULE, CONSUMER.account) }),
    },
    'a role for another service': {
      at: '/Shop/Sender',

      app: forwarding({ trust: new ServicePrincipal('lambda.amazonaws.com') }),
    },
    'a role that a user set to the wrong rule': {
      at: '/Shop',

      app: ours(({ role }) =>
        role.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals', {
          'aws:SourceArn': ruleArn('typo', PUBLISHER),
        }),
      ),
    },
    'a role that may put on a bus of another app instead': {
      at: '/Shop/Sender',

      app: forwarding({ mayPut: { resource: busArn('theirs', elsewhere) } }),
    },
    'a role that may not put on that one of two buses': {
      at: '/Shop/Sender',

      app: inThreeAccounts(({ hub, shop }) => {
        rawBus(hub);
        rawBus(hub, 'Audit', 'audit');
        rawPolicy(hub);
        rawPolicy(hub, {}, { id: 'AuditPolicy', bus: 'audit', sid: 'Audit' });
        const role = senderRole(shop, ruleArn('rule', PUBLISHER), busArn('audit'));
        rawRule(shop, { arn: busArn(), roleArn: role.roleArn });
        shop.addDependency(hub);
      }),
    },
  },
});

faults('a rule whose destination refuses its events', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: {},
  faulty: {
    'no statement': { at: '/Shop/Rule', app: forwarding({ statement: null }) },
    'a grant for another account': {
      at: '/Shop/Rule',

      app: forwarding({ statement: { Principal: { AWS: rootArn(elsewhere) } } }),
    },
    'a role that a function has too': {
      at: '/Shop/Rule',

      app: forwarding({
        statement: { Principal: { AWS: rootArn(elsewhere) } },
        trust: new CompositePrincipal(forRule(RULE), new ServicePrincipal('lambda.amazonaws.com')) as never,
      }),
    },
    'a grant for another role': {
      at: '/Shop/Rule',

      app: forwarding({ statement: principalArn(roleArn('other')) }),
    },
    'a grant for another source than that of the pattern': {
      at: '/Shop/Rule',

      app: forwarding({ statement: { Condition: { StringEquals: { 'events:source': 'com.other' } } } }),
    },
    'a grant for another detail type than that of the pattern': {
      at: '/Shop/Rule',

      app: forwarding({
        statement: { Condition: { 'ForAnyValue:StringEquals': { 'events:detail-type': ['OrderSent'] } } },
        pattern: { source: ['com.shop'], 'detail-type': ['OrderPlaced'] },
      }),
    },
    'a grant for direct calls alone': {
      at: '/Shop/Rule',

      app: forwarding({ statement: { Condition: { Bool: { 'events:eventBusInvocation': 'false' } } } }),
    },
    'a grant to the service instead of the role': {
      at: '/Shop/Rule',

      app: forwarding({ statement: { Principal: { Service: 'events.amazonaws.com' } } }),
    },
    'a Deny': { at: '/Shop/Rule', app: forwarding({ statement: { Effect: 'Deny' } }) },
    'a policy of this library whose principal was overridden': {
      at: '/Shop/Rule',

      app: ours(({ policy }) => policy.addPropertyOverride('Statement.Principal', { AWS: rootArn(elsewhere) })),
    },
    'constructs of aws-cdk-lib without a policy': {
      at: '/Shop/Rule',

      app: inThreeAccounts(({ hub, shop }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        new Rule(shop, 'Rule', { eventPattern, targets: [new EventBusTarget(bus)] });
        shop.addDependency(hub);
      }),
    },
  },
});

/** The bus in a stack of its own, its policy in another; a rule elsewhere waits for one of them. */
const besideTheBus = (before: (three: ThreeAccounts, first: Stack) => Stack) =>
  inThreeAccounts((three) => {
    const { hub, shop } = three;
    const first = three.stack('First', { account: '111111111111', region: 'eu-west-1' });
    rawBus(first);
    rawPolicy(hub);
    hub.addDependency(first);
    rawRule(shop, { arn: busArn(), roleArn: senderRole(shop, ruleArn('rule', PUBLISHER), busArn()).roleArn });
    shop.addDependency(before(three, first));
  });

faults('a rule that is deployed before the policy of its destination', {
  finds: FindingId.TARGET_POLICY_DEPENDENCY_MISSING,
  level: 'warning',
  healthy: {
    'a stack that is deployed after another one that is': forwarding({
      order: (three) => {
        rawBus(three.billing);
        three.billing.addDependency(three.hub);
        three.shop.addDependency(three.billing);
      },
    }),
    'a rule that depends on the policy': forwarding({
      order: ({ hub, shop }) => shop.node.findChild('Rule').node.addDependency(hub.node.findChild('Policy')),
    }),
    'a policy that lies beside the stack of the bus': besideTheBus(({ hub }) => hub),
  },
  faulty: {
    'stacks in no order': {
      at: '/Shop/Rule',

      app: forwarding({ order: () => undefined }),
    },
    'stacks in the wrong order': {
      at: '/Shop/Rule',

      app: forwarding({ order: ({ hub, shop }) => hub.addDependency(shop) }),
    },
    'a dependency on the stack of the bus, but not on that of its policy': {
      at: '/Shop/Rule',

      app: besideTheBus((_, first) => first),
    },
    'constructs of aws-cdk-lib': {
      at: '/Shop/Rule',

      app: inThreeAccounts(({ hub, shop }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        rawPolicy(hub).node.addDependency(bus);
        const role = senderRole(shop, ruleArn('rule', PUBLISHER), busArn());
        new Rule(shop, 'Rule', { ruleName: 'rule', eventPattern, targets: [new EventBusTarget(bus, { role })] });
      }),
    },
  },
});
