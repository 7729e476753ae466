import { Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias, CfnPermission, CfnPermissionProps, Function } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testFunction } from '../../support/apps';
import { delivered, faults } from '../../support/faults';
import {
  busArn,
  trustForRule,
  functionArn,
  inThreeAccounts,
  cfnEventBus,
  cfnPermission,
  cfnRule,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
const HANDLER = functionArn('handler');
const CONSUMER_HANDLER = functionArn('handler', BILLING);
const eventPattern = { source: ['com.shop'] };
const handler = (stack: Stack, functionName = 'handler') => testFunction(stack, 'Handler', { functionName });

interface Resources {
  readonly target?: string;
  readonly permission?: Partial<CfnPermissionProps>;
  readonly rule?: object;
}

/** A function with an alias, a rule on the bus `orders` and a permission, in one account. */
const inOneAccount = ({ target = HANDLER, permission = {}, rule }: Resources = {}) =>
  inThreeAccounts(({ hub }) => {
    const bus = cfnEventBus(hub);
    const live = new Alias(hub, 'Live', { aliasName: 'live', version: handler(hub).currentVersion });
    cfnPermission(hub, 'handler', RULE, permission).node.addDependency(live);
    cfnRule(hub, { arn: target }, { eventBusName: 'orders', ...rule }).node.addDependency(bus, live);
  });

const withoutPermission = inThreeAccounts(({ hub }) => {
  cfnEventBus(hub);
  handler(hub);
  cfnRule(hub, { arn: HANDLER }, { eventBusName: 'orders' });
});

/** The properties of a permission; null for no permission. */
type Permission = Partial<CfnPermissionProps> | null;

/** A rule in account 111111111111 with a function in account 333333333333 as its target. */
const crossAccount = (
  permission: Permission = {},
  { role = true, resource = CONSUMER_HANDLER, trust = trustForRule(RULE) } = {},
) =>
  inThreeAccounts(({ hub, billing }) => {
    cfnEventBus(hub);
    const consumerHandler = handler(billing);
    if (permission) {
      new CfnPermission(billing, 'Permission', {
        functionName: 'handler',
        action: 'lambda:InvokeFunction',
        principal: rootArn(HUB),
        ...permission,
      }).node.addDependency(consumerHandler);
    }
    const sender = executionRole(hub, RULE, resource, 'lambda:InvokeFunction', { trust });
    cfnRule(hub, { arn: CONSUMER_HANDLER, roleArn: role ? sender.roleArn : undefined }, { eventBusName: 'orders' });
    hub.addDependency(billing);
  });

/** The target of this library, in the same account or another one, and an override of the permission. */
const withThisLibrary = (isCrossAccount: boolean, override: (permission: CfnPermission) => unknown = () => undefined) =>
  inThreeAccounts((three) => {
    const eventBus = new EventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    new Rule(three.hub, 'Rule', {
      eventBus,
      eventPattern,
      targets: [new LambdaEventTarget(handler(isCrossAccount ? three.billing : three.hub))],
    });
    override(three.app.node.findAll().find((c): c is CfnPermission => c instanceof CfnPermission)!);
  });

/** The target of aws-cdk-lib, and an override of the permission. */
const withAwsCdkLib = (override: (permission: CfnPermission) => unknown = () => undefined) =>
  inThreeAccounts(({ app, hub }) => {
    new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaFunction(handler(hub))] });
    override(app.node.findAll().find((c): c is CfnPermission => c instanceof CfnPermission)!);
  });

const inRegion = (region: string) => ({ account: HUB.account, region });

faults('a rule that is not allowed to invoke its function', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a permission for the rule': inOneAccount(),
    'a permission on the alias that the target names': inOneAccount({
      target: `${HANDLER}:live`,
      permission: { functionName: `${HANDLER}:live` },
    }),
    'a permission on the alias by name': inOneAccount({
      target: `${HANDLER}:live`,
      permission: { functionName: 'handler:live' },
    }),
    'a permission for all rules of the bus': inOneAccount({ permission: { sourceArn: ruleArn('orders/*') } }),
    'a permission for a rule on the default bus': inOneAccount({
      permission: { sourceArn: ruleArn('rule') },
      rule: { eventBusName: undefined },
    }),
    'a permission for the account only': inOneAccount({ permission: { sourceArn: undefined } }),
    'a target of aws-cdk-lib': withAwsCdkLib(),
    'a target of this library': withThisLibrary(false),
    'a target of this library in another account': withThisLibrary(true),
    'a function in another account with both policies': crossAccount(),
    'a function in another account that allows the role': crossAccount({
      principal: 'arn:aws:iam::111111111111:role/sender',
    }),
    'a function in another account that allows the account of the rule by number': crossAccount({
      principal: HUB.account,
    }),
    'a role in the same account instead of a permission': inThreeAccounts(({ hub }) => {
      cfnEventBus(hub);
      handler(hub);
      cfnRule(
        hub,
        { arn: HANDLER, roleArn: executionRole(hub, RULE, HANDLER, 'lambda:InvokeFunction').roleArn },
        { eventBusName: 'orders' },
      );
    }),
  },
  faulty: {
    'no permission': { at: '/Hub/Rule', app: withoutPermission },
    'a permission on the function for a target that is an alias': {
      at: '/Hub/Permission',
      app: inOneAccount({ target: `${HANDLER}:live` }),
    },
    'a permission on the alias for a target that is the function': {
      at: '/Hub/Permission',
      app: inOneAccount({ permission: { functionName: `${HANDLER}:live` } }),
    },
    'a permission for another rule': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceArn: ruleArn('orders/other') } }),
    },
    'a permission for a rule of that name on the default bus': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceArn: ruleArn('rule') } }),
    },
    'a permission for the rules of another bus': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceArn: ruleArn('audit/*') } }),
    },
    'a permission for the bus instead of its rules': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceArn: busArn() } }),
    },
    'a permission for another account': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceAccount: SHOP.account } }),
    },
    'a permission for another region': {
      at: '/Hub',
      app: inOneAccount({ permission: { sourceArn: ruleArn('orders/rule', inRegion('us-east-1')) } }),
    },
    'a permission for another service': {
      at: '/Hub',
      app: inOneAccount({ permission: { principal: 's3.amazonaws.com' } }),
    },
    'a permission for another action': {
      at: '/Hub',
      app: inOneAccount({ permission: { action: 'lambda:GetFunction' } }),
    },
    'a permission in the stack of another account': {
      at: ['/Hub', '/Billing'],
      app: inThreeAccounts(({ hub, billing }) => {
        cfnEventBus(hub);
        handler(hub);
        cfnPermission(billing, 'handler', RULE);
        cfnRule(hub, { arn: HANDLER }, { eventBusName: 'orders' });
      }),
    },
    'a permission of aws-cdk-lib that was overridden': {
      at: '/Hub',
      app: withAwsCdkLib((permission) => permission.addPropertyOverride('SourceArn', ruleArn('typo'))),
    },
    'a permission of this library that was overridden': {
      at: '/Hub',
      app: withThisLibrary(false, (permission) => permission.addPropertyOverride('SourceArn', ruleArn('typo'))),
    },
    'a permission of this library that was moved to another function': {
      at: ['/Hub', '/Billing'],
      app: withThisLibrary(true, (permission) => permission.addPropertyOverride('FunctionName', 'other')),
    },
    'a function in another account withoutPermission a permission': { at: '/Hub/Rule', app: crossAccount(null) },
    'a function in another account that allows the service, not the role': {
      at: ['/Hub', '/Billing'],
      app: crossAccount({ principal: 'events.amazonaws.com', sourceArn: RULE, sourceAccount: HUB.account }),
    },
    'a function in another account that allows a third account': {
      at: ['/Hub', '/Billing'],
      app: crossAccount({ principal: rootArn(SHOP) }),
    },
    'one of two targets': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const rule = new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaFunction(handler(hub))] });
        testFunction(hub, 'Second', { functionName: 'second' });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('Targets.1', {
          Id: 'Second',
          Arn: functionArn('second'),
        });
      }),
      asks: () => [{ deliver: { rule: 'Hub/Rule' }, expect: { Target0: 'allow', Second: 'deny' } }],
    },
  },
});

faults('a rule with a function in another account and no role that is allowed to invoke it', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: { 'both policies': crossAccount() },
  faulty: {
    'no role': { at: '/Hub/Rule', app: crossAccount({}, { role: false }) },
    'no role, although the function allows the service': {
      at: '/Hub/Rule',
      app: crossAccount(
        { principal: 'events.amazonaws.com', sourceArn: RULE, sourceAccount: HUB.account },
        { role: false },
      ),
    },
    'a role for another function': {
      at: '/Hub/Sender',
      app: crossAccount({}, { resource: functionArn('other', BILLING) }),
    },
    'a role for an alias of the function': {
      at: '/Hub/Sender',
      app: crossAccount({}, { resource: `${CONSUMER_HANDLER}:live` }),
    },
    'a role that EventBridge is not allowed to assume': {
      at: '/Hub/Sender',
      app: crossAccount({}, { trust: trustForRule(RULE, HUB.account, 'lambda.amazonaws.com') }),
    },
    'the target of aws-cdk-lib, which forwards to the default bus': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub, billing }) => {
        new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaFunction(handler(billing))] });
      }),
      asks: 'nothing',
    },
    'a target of this library whose role was removed by an override': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub, billing }) => {
        const rule = new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaEventTarget(handler(billing))] });
        (rule.node.defaultChild as CfnRule).addPropertyDeletionOverride('Targets.0.RoleArn');
      }),
    },
  },
});

faults('a rule with a target in another region', {
  finds: FindingId.TARGET_REGION_UNSUPPORTED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: { 'a function in the same region': inOneAccount() },
  faulty: {
    'a function in the same account': {
      at: '/Hub/Rule',
      app: inThreeAccounts((three) => {
        const there = inRegion('us-east-1');
        const east = three.stack('East', there);
        handler(east);
        cfnPermission(east, 'handler', RULE);
        cfnEventBus(three.hub);
        cfnRule(three.hub, { arn: functionArn('handler', there) }, { eventBusName: 'orders' });
      }),
    },
    'a function that no stack defines': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const imported = Function.fromFunctionArn(hub, 'Imported', functionArn('handler', inRegion('us-east-1')));
        cfnRule(hub, { arn: imported.functionArn });
      }),
      asks: 'nothing',
    },
    'a function in another account': {
      at: '/Hub/Rule',
      app: inThreeAccounts((three) => {
        const there = { account: BILLING.account, region: 'us-east-1' };
        const east = three.stack('East', there);
        const consumerHandler = handler(east);
        new CfnPermission(east, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: rootArn(HUB),
        }).node.addDependency(consumerHandler);
        const sender = executionRole(
          three.hub,
          ruleArn('rule'),
          functionArn('handler', there),
          'lambda:InvokeFunction',
        );
        cfnRule(three.hub, { arn: functionArn('handler', there), roleArn: sender.roleArn });
      }),
    },
    'a queue': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => cfnRule(hub, { arn: `arn:aws:sqs:us-east-1:${HUB.account}:letters` })),
      asks: 'nothing',
    },
    'an ARN with a mistyped region': {
      at: '/Hub/Rule',
      app: inOneAccount({ target: functionArn('handler', inRegion('eu-west-2')) }),
      asks: 'nothing',
    },
  },
});
