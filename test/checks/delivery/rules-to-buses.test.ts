import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { CompositePrincipal, Effect, IPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, SHOP } from '../../support/apps';
import { delivered, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  PARTNER,
  trustForRule,
  inThreeAccounts,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const RULE = ruleArn('local/rule', SHOP);
const eventPattern = { source: ['com.shop'] };
const byRule = { Condition: { Bool: { 'events:eventBusInvocation': 'true' } } };
const principalArn = (arn: string) => ({ Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } });

interface Forwarding {
  /** The statement of the policy of the target bus; null for none. */
  readonly statement?: object | null;
  readonly allowed?: { readonly resource?: string; readonly action?: string };
  readonly trust?: IPrincipal;
  /** The role of the target; null for none. */
  readonly roleArn?: string | null;
  readonly targetArn?: string;
  readonly pattern?: object;
  /** Defines the order of the stacks. @default - the stack of the target bus first */
  readonly order?: (three: ThreeAccounts) => unknown;
}

/** A rule on a bus of account 222222222222 that forwards to the bus `orders` of account 111111111111. */
const forwarding = ({
  statement,
  allowed,
  trust,
  roleArn: targetRoleArn,
  targetArn,
  pattern,
  order,
}: Forwarding = {}) =>
  inThreeAccounts((three) => {
    const { hub, shop } = three;
    cfnEventBus(hub);
    if (statement !== null) cfnEventBusPolicy(hub, statement);
    cfnEventBus(shop, 'Local', 'local');
    const role = executionRole(shop, RULE, allowed?.resource ?? busArn(), allowed?.action, {
      trust: trust as ServicePrincipal,
    });
    const rule = cfnRule(
      shop,
      { arn: targetArn ?? busArn(), roleArn: targetRoleArn === null ? undefined : (targetRoleArn ?? role.roleArn) },
      { eventBusName: 'local', ...(pattern && { eventPattern: pattern }) },
    );
    rule.node.addDependency(shop.node.findChild('Local'));
    if (order) order(three);
    else shop.addDependency(hub);
  });

/** The same with the constructs of aws-cdk-lib, and an override of the rule. */
const withAwsCdkLib = (override: (rule: CfnRule, role: Role) => unknown = () => undefined) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    cfnEventBusPolicy(hub, byRule).node.addDependency(bus);
    const role = executionRole(shop, ruleArn('rule', SHOP), busArn());
    const rule = new Rule(shop, 'Rule', {
      ruleName: 'rule',
      eventPattern,
      targets: [new EventBusTarget(bus, { role })],
    });
    override(rule.node.defaultChild as CfnRule, role);
    shop.addDependency(hub);
  });

/** The resources that the constructs of this library define. */
interface Defined {
  readonly rule: CfnRule;
  readonly role: CfnResource;
  readonly policy: CfnEventBusPolicy;
}

/** The same with the constructs of this library, and an override of their resources. */
const withThisLibrary = (override: (defined: Defined) => unknown = () => undefined) =>
  inThreeAccounts((three) => {
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    const rule = new Rule(three.shop, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
    const resourceOf = (type: string) =>
      three.app.node
        .findAll()
        .find((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType === type)!;
    const policy = resourceOf('AWS::Events::EventBusPolicy') as CfnEventBusPolicy;
    override({ rule: rule.node.defaultChild as CfnRule, role: resourceOf('AWS::IAM::Role'), policy });
  });

const HEALTHY = {
  'a grant for the account': forwarding(),
  'a grant for rules only': forwarding({ statement: byRule }),
  'a grant for the role': forwarding({ statement: { Principal: { AWS: roleArn('sender') } } }),
  'a grant for one role of the account': forwarding({ statement: principalArn(roleArn('sender')) }),
  'a grant for the source of the pattern': forwarding({
    statement: { Condition: { StringEquals: { 'events:source': ['com.shop', 'com.other'] } } },
  }),
  'constructs of aws-cdk-lib': withAwsCdkLib(),
  'constructs of this library': withThisLibrary(),
  'a bus in the same account, without a grant': {
    app: inThreeAccounts(({ hub }) => {
      cfnEventBus(hub);
      cfnEventBus(hub, 'Audit', 'audit');
      const role = executionRole(hub, ruleArn('orders/rule'), busArn('audit'));
      cfnRule(hub, { arn: busArn('audit'), roleArn: role.roleArn }, { eventBusName: 'orders' });
    }),
    asks: delivered('Hub/Rule'),
  },
  'a bus in the same account in another region': {
    app: inThreeAccounts((three) => {
      const there = { account: '111111111111', region: 'us-east-1' };
      cfnEventBus(three.stack('East', there));
      cfnEventBus(three.hub);
      const role = executionRole(three.hub, ruleArn('orders/rule'), busArn('orders', there));
      cfnRule(three.hub, { arn: busArn('orders', there), roleArn: role.roleArn }, { eventBusName: 'orders' });
    }),
    asks: delivered('Hub/Rule'),
  },
};

faults('a rule with a bus as target and no role that is allowed to put events there', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: HEALTHY,
  faulty: {
    'no role': { at: '/Shop/Rule', app: forwarding({ roleArn: null }) },
    'no role, in the same account': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => [
        cfnEventBus(hub),
        cfnEventBus(hub, 'Audit', 'audit'),
        cfnRule(hub, { arn: busArn('audit') }, { eventBusName: 'orders' }),
      ]),
      asks: delivered('Hub/Rule'),
    },
    'a role in another account, although its policy allows it': {
      at: '/Shop/Rule',
      app: inThreeAccounts(({ hub, shop, billing }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(BILLING) } });
        cfnEventBus(shop, 'Local', 'local');
        const { roleName } = executionRole(billing, RULE, busArn());
        cfnRule(shop, { arn: busArn(), roleArn: roleArn(roleName, BILLING) }, { eventBusName: 'local' });
        shop.addDependency(hub);
      }),
    },
    'a role that was removed by an override': {
      at: '/Shop/Rule',
      app: withThisLibrary(({ rule }) => rule.addPropertyDeletionOverride('Targets.0.RoleArn')),
      asks: delivered('Shop/Rule'),
    },
    'a role of aws-cdk-lib that was removed by an override': {
      at: '/Shop/Rule',
      app: withAwsCdkLib((rule) => rule.addPropertyDeletionOverride('Targets.0.RoleArn')),
    },
    'a role that is allowed another action': {
      at: '/Shop/Sender',
      app: forwarding({ allowed: { action: 'events:PutRule' } }),
    },
    'a role with a Deny': {
      at: '/Shop/Sender',
      app: withAwsCdkLib((_, role) =>
        role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['events:Put*'], resources: [busArn()] })),
      ),
    },
    'a role for another rule': {
      at: '/Shop/Sender',
      app: forwarding({ trust: trustForRule(ruleArn('local/other', SHOP)) }),
    },
    'a role for a rule of that name on the default bus': {
      at: '/Shop/Sender',
      app: forwarding({ trust: trustForRule(ruleArn('rule', SHOP)) }),
    },
    'a role for rules in another account': {
      at: '/Shop/Sender',
      app: forwarding({ trust: trustForRule(RULE, BILLING.account) }),
    },
    'a role for another service': {
      at: '/Shop/Sender',
      app: forwarding({ trust: new ServicePrincipal('lambda.amazonaws.com') }),
    },
    'a role that was overridden for another rule': {
      at: '/Shop',
      app: withThisLibrary(({ role }) =>
        role.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals', {
          'aws:SourceArn': ruleArn('typo', SHOP),
        }),
      ),
    },
    'a role that is allowed to put events on a bus of another app instead': {
      at: '/Shop/Sender',
      app: forwarding({ allowed: { resource: busArn('partner', PARTNER) } }),
    },
    'a role that is allowed to put events on another bus only': {
      at: '/Shop/Sender',
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBus(hub, 'Audit', 'audit');
        cfnEventBusPolicy(hub);
        cfnEventBusPolicy(hub, {}, { id: 'AuditPolicy', bus: 'audit', sid: 'Audit' });
        const role = executionRole(shop, ruleArn('rule', SHOP), busArn('audit'));
        cfnRule(shop, { arn: busArn(), roleArn: role.roleArn });
        shop.addDependency(hub);
      }),
    },
  },
});

faults('a rule that the policy of its target bus does not allow', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: {},
  faulty: {
    'no statement': { at: '/Shop/Rule', app: forwarding({ statement: null }) },
    'a grant for another account': {
      at: '/Shop/Rule',
      app: forwarding({ statement: { Principal: { AWS: rootArn(PARTNER) } } }),
    },
    'a role that a function can assume too': {
      at: '/Shop/Rule',
      app: forwarding({
        statement: { Principal: { AWS: rootArn(PARTNER) } },
        trust: new CompositePrincipal(trustForRule(RULE), new ServicePrincipal('lambda.amazonaws.com')) as never,
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
    'a grant for direct calls only': {
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
      app: withThisLibrary(({ policy }) =>
        policy.addPropertyOverride('Statement.Principal', { AWS: rootArn(PARTNER) }),
      ),
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

/** The bus and its policy in separate stacks, and a rule in another account that depends on one of them. */
const withSeparatePolicy = (dependencyOf: (three: ThreeAccounts, first: Stack) => Stack) =>
  inThreeAccounts((three) => {
    const { hub, shop } = three;
    const first = three.stack('First', { account: '111111111111', region: 'eu-west-1' });
    cfnEventBus(first);
    cfnEventBusPolicy(hub);
    hub.addDependency(first);
    cfnRule(shop, { arn: busArn(), roleArn: executionRole(shop, ruleArn('rule', SHOP), busArn()).roleArn });
    shop.addDependency(dependencyOf(three, first));
  });

faults('a rule that is deployed before the policy of its target bus', {
  finds: FindingId.TARGET_POLICY_DEPENDENCY_MISSING,
  level: 'warning',
  healthy: {
    'an indirect dependency': forwarding({
      order: (three) => {
        cfnEventBus(three.billing);
        three.billing.addDependency(three.hub);
        three.shop.addDependency(three.billing);
      },
    }),
    'a rule that depends on the policy': forwarding({
      order: ({ hub, shop }) => shop.node.findChild('Rule').node.addDependency(hub.node.findChild('Policy')),
    }),
    'a policy in another stack than the bus': withSeparatePolicy(({ hub }) => hub),
  },
  faulty: {
    'stacks without a dependency': {
      at: '/Shop/Rule',
      app: forwarding({ order: () => undefined }),
    },
    'stacks with the opposite dependency': {
      at: '/Shop/Rule',
      app: forwarding({ order: ({ hub, shop }) => hub.addDependency(shop) }),
    },
    'a dependency on the stack of the bus, but not on the stack of its policy': {
      at: '/Shop/Rule',
      app: withSeparatePolicy((_, first) => first),
    },
    'constructs of aws-cdk-lib': {
      at: '/Shop/Rule',
      app: inThreeAccounts(({ hub, shop }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        cfnEventBusPolicy(hub).node.addDependency(bus);
        const role = executionRole(shop, ruleArn('rule', SHOP), busArn());
        new Rule(shop, 'Rule', { ruleName: 'rule', eventPattern, targets: [new EventBusTarget(bus, { role })] });
      }),
    },
  },
});
