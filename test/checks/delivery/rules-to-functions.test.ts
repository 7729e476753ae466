import { Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias, CfnPermission, CfnPermissionProps, Function } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, PUBLISHER, testFunction } from '../../support/apps';
import { delivered, faults } from '../../support/faults';
import {
  busArn,
  forRule,
  functionArn,
  inThreeAccounts,
  rawBus,
  rawPermission,
  rawRule,
  rootArn,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
const HANDLER = functionArn('handler');
const THEIRS = functionArn('handler', CONSUMER);
const eventPattern = { source: ['com.shop'] };
const handler = (stack: Stack, functionName = 'handler') => testFunction(stack, 'Handler', { functionName });

interface Local {
  readonly target?: string;
  readonly permission?: Partial<CfnPermissionProps>;
  readonly rule?: object;
}

/** A function with an alias, a rule on the bus `orders` and a permission, in one account. */
const local = ({ target = HANDLER, permission = {}, rule }: Local = {}) =>
  inThreeAccounts(({ hub }) => {
    const bus = rawBus(hub);
    const live = new Alias(hub, 'Live', { aliasName: 'live', version: handler(hub).currentVersion });
    rawPermission(hub, 'handler', RULE, permission).node.addDependency(live);
    rawRule(hub, { arn: target }, { eventBusName: 'orders', ...rule }).node.addDependency(bus, live);
  });

const without = inThreeAccounts(({ hub }) => {
  rawBus(hub);
  handler(hub);
  rawRule(hub, { arn: HANDLER }, { eventBusName: 'orders' });
});

/** A function of account 333333333333; the permission is null where there is none. */
type Permission = Partial<CfnPermissionProps> | null;
const cross = (permission: Permission = {}, { role = true, resource = THEIRS, trust = forRule(RULE) } = {}) =>
  inThreeAccounts(({ hub, billing }) => {
    rawBus(hub);
    const theirs = handler(billing);
    if (permission) {
      new CfnPermission(billing, 'Permission', {
        functionName: 'handler',
        action: 'lambda:InvokeFunction',
        principal: rootArn(HUB),
        ...permission,
      }).node.addDependency(theirs);
    }
    const sender = senderRole(hub, RULE, resource, 'lambda:InvokeFunction', { trust });
    rawRule(hub, { arn: THEIRS, roleArn: role ? sender.roleArn : undefined }, { eventBusName: 'orders' });
    hub.addDependency(billing);
  });

/** The target of this library, in the same account or another, with something done to the permission. */
const ours = (there: boolean, override: (permission: CfnPermission) => unknown = () => undefined) =>
  inThreeAccounts((three) => {
    const eventBus = new EventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    new Rule(three.hub, 'Rule', {
      eventBus,
      eventPattern,
      targets: [new LambdaEventTarget(handler(there ? three.billing : three.hub))],
    });
    override(three.app.node.findAll().find((c): c is CfnPermission => c instanceof CfnPermission)!);
  });

/** The target of aws-cdk-lib. */
const l2 = (override: (permission: CfnPermission) => unknown = () => undefined) =>
  inThreeAccounts(({ app, hub }) => {
    new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaFunction(handler(hub))] });
    override(app.node.findAll().find((c): c is CfnPermission => c instanceof CfnPermission)!);
  });

const onAnother = (region: string) => ({ account: HUB.account, region });

faults('a rule that may not invoke its function', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a permission for the rule': local(),
    'a permission on the alias that the target names': local({
      target: `${HANDLER}:live`,
      permission: { functionName: `${HANDLER}:live` },
    }),
    'a permission on the alias, in parts': local({
      target: `${HANDLER}:live`,
      permission: { functionName: 'handler:live' },
    }),
    'a permission for all rules of the bus': local({ permission: { sourceArn: ruleArn('orders/*') } }),
    'a permission for a rule on the default bus': local({
      permission: { sourceArn: ruleArn('rule') },
      rule: { eventBusName: undefined },
    }),
    'a permission by its account alone': local({ permission: { sourceArn: undefined } }),
    'a target of aws-cdk-lib': l2(),
    'a target of this library': ours(false),
    'a target of this library in another account': ours(true),
    'a function of another account with both halves': cross(),
    'a function of another account that names the role': cross({ principal: 'arn:aws:iam::111111111111:role/sender' }),
    'a function of another account that lets in its account by number': cross({ principal: HUB.account }),
    'a role of the same account instead of a permission': inThreeAccounts(({ hub }) => {
      rawBus(hub);
      handler(hub);
      rawRule(
        hub,
        { arn: HANDLER, roleArn: senderRole(hub, RULE, HANDLER, 'lambda:InvokeFunction').roleArn },
        { eventBusName: 'orders' },
      );
    }),
  },
  faulty: {
    'no permission': { at: '/Hub/Rule', app: without },
    'a permission on the function for a target that is an alias': {
      at: '/Hub/Permission',

      app: local({ target: `${HANDLER}:live` }),
    },
    'a permission on the alias for a target that is the function': {
      at: '/Hub/Permission',

      app: local({ permission: { functionName: `${HANDLER}:live` } }),
    },
    'a permission for another rule': {
      at: '/Hub',

      app: local({ permission: { sourceArn: ruleArn('orders/other') } }),
    },
    'a permission for a rule of that name on the default bus': {
      at: '/Hub',

      app: local({ permission: { sourceArn: ruleArn('rule') } }),
    },
    'a permission for the rules of another bus': {
      at: '/Hub',

      app: local({ permission: { sourceArn: ruleArn('audit/*') } }),
    },
    'a permission for the bus instead of its rules': {
      at: '/Hub',

      app: local({ permission: { sourceArn: busArn() } }),
    },
    'a permission for another account': {
      at: '/Hub',

      app: local({ permission: { sourceAccount: PUBLISHER.account } }),
    },
    'a permission for another region': {
      at: '/Hub',

      app: local({ permission: { sourceArn: ruleArn('orders/rule', onAnother('us-east-1')) } }),
    },
    'a permission for another service': {
      at: '/Hub',

      app: local({ permission: { principal: 's3.amazonaws.com' } }),
    },
    'a permission for another action': {
      at: '/Hub',

      app: local({ permission: { action: 'lambda:GetFunction' } }),
    },
    'a permission in the stack of another account': {
      at: ['/Hub', '/Billing'],

      app: inThreeAccounts(({ hub, billing }) => {
        rawBus(hub);
        handler(hub);
        rawPermission(billing, 'handler', RULE);
        rawRule(hub, { arn: HANDLER }, { eventBusName: 'orders' });
      }),
    },
    'a permission of aws-cdk-lib that was overridden': {
      at: '/Hub',

      app: l2((permission) => permission.addPropertyOverride('SourceArn', ruleArn('typo'))),
    },
    'a permission of this library that was overridden': {
      at: '/Hub',

      app: ours(false, (permission) => permission.addPropertyOverride('SourceArn', ruleArn('typo'))),
    },
    'a permission of this library that was put on another function': {
      at: ['/Hub', '/Billing'],

      app: ours(true, (permission) => permission.addPropertyOverride('FunctionName', 'other')),
    },
    'a function of another account without its half': { at: '/Hub/Rule', app: cross(null) },
    'a function of another account that lets in the service, not the role': {
      at: ['/Hub', '/Billing'],

      app: cross({ principal: 'events.amazonaws.com', sourceArn: RULE, sourceAccount: HUB.account }),
    },
    'a function of another account that lets in another one': {
      at: ['/Hub', '/Billing'],

      app: cross({ principal: rootArn(PUBLISHER) }),
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

faults('a rule with a function of another account and no role that may invoke it', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: { 'both halves': cross() },
  faulty: {
    'no role': { at: '/Hub/Rule', app: cross({}, { role: false }) },
    'no role, though the function lets in the service': {
      at: '/Hub/Rule',

      app: cross({ principal: 'events.amazonaws.com', sourceArn: RULE, sourceAccount: HUB.account }, { role: false }),
    },
    'a role for another function': {
      at: '/Hub/Sender',

      app: cross({}, { resource: functionArn('other', CONSUMER) }),
    },
    'a role for an alias of the function': {
      at: '/Hub/Sender',

      app: cross({}, { resource: `${THEIRS}:live` }),
    },
    'a role that EventBridge may not assume': {
      at: '/Hub/Sender',

      app: cross({}, { trust: forRule(RULE, HUB.account, 'lambda.amazonaws.com') }),
    },
    'the target of aws-cdk-lib, which is sent over the default bus': {
      at: '/Hub/Rule',

      app: inThreeAccounts(({ hub, billing }) => {
        new Rule(hub, 'Rule', { eventPattern, targets: [new LambdaFunction(handler(billing))] });
      }),
      asks: 'nothing',
    },
    'a target of this library whose role was overridden away': {
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
  healthy: { 'a function of the same region': local() },
  faulty: {
    'a function of the same account': {
      at: '/Hub/Rule',

      app: inThreeAccounts((three) => {
        const there = onAnother('us-east-1');
        const east = three.stack('East', there);
        handler(east);
        rawPermission(east, 'handler', RULE);
        rawBus(three.hub);
        rawRule(three.hub, { arn: functionArn('handler', there) }, { eventBusName: 'orders' });
      }),
    },
    'a function that no stack makes': {
      at: '/Hub/Rule',

      app: inThreeAccounts(({ hub }) => {
        const imported = Function.fromFunctionArn(hub, 'Imported', functionArn('handler', onAnother('us-east-1')));
        rawRule(hub, { arn: imported.functionArn });
      }),
      asks: 'nothing',
    },
    'a function of another account': {
      at: '/Hub/Rule',

      app: inThreeAccounts((three) => {
        const there = { account: CONSUMER.account, region: 'us-east-1' };
        const east = three.stack('East', there);
        const theirs = handler(east);
        new CfnPermission(east, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: rootArn(HUB),
        }).node.addDependency(theirs);
        const sender = senderRole(three.hub, ruleArn('rule'), functionArn('handler', there), 'lambda:InvokeFunction');
        rawRule(three.hub, { arn: functionArn('handler', there), roleArn: sender.roleArn });
      }),
    },
    'a queue': {
      at: '/Hub/Rule',

      app: inThreeAccounts(({ hub }) => rawRule(hub, { arn: `arn:aws:sqs:us-east-1:${HUB.account}:letters` })),
      asks: 'nothing',
    },
    'an ARN whose region is a slip': {
      at: '/Hub/Rule',

      app: local({ target: functionArn('handler', onAnother('eu-west-2')) }),
      asks: 'nothing',
    },
  },
});
