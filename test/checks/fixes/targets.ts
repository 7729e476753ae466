import { Stack } from 'aws-cdk-lib';
import { EventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget, LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow, arnIn } from './fix-row';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  SqsEventTarget,
} from '../../../src';
import { BILLING, HUB, SHOP, testFunction } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnPermission,
  cfnRule,
  executionRole,
  functionArn,
  policyDocument,
  roleArn,
  ruleArn,
  trustForRule,
} from '../../support/three-accounts';

export const RULE = ruleArn('orders/rule');
const SENDER = roleArn('sender', HUB);
export const eventPattern = { source: ['com.shop'], account: ['111111111111'] };

/** A rule of the L2 on the bus `orders`. */
export function ruleWith(stack: Stack, ...targets: IRuleTarget[]): Rule {
  const eventBus = new EventBus(stack, 'Bus', { eventBusName: 'orders' });
  return new Rule(stack, 'Rule', { ruleName: 'rule', eventBus, eventPattern, targets });
}

/** A rule of the L1 on the bus `orders`, with a target. */
export function l1RuleTo(stack: Stack, target: { arn: string; roleArn?: string }): void {
  cfnEventBus(stack);
  cfnRule(stack, target, { eventBusName: 'orders', eventPattern });
}

export const handlerIn = (stack: Stack, props: object = {}) =>
  testFunction(stack, 'Handler', { functionName: 'handler', ...props });
const FUNCTION = functionArn('handler', BILLING);
const invokeRole = (stack: Stack) => executionRole(stack, RULE, FUNCTION, 'lambda:InvokeFunction').roleArn;
const allowRole = (stack: Stack, functionName = 'handler') =>
  cfnPermission(stack, functionName, RULE, { principal: SENDER, sourceArn: undefined, sourceAccount: undefined });

/** A rule in the shop that forwards to the bus of the hub, as L1 constructs. */
export function forward(
  { shop }: ThreeAccounts,
  trust = trustForRule(ruleArn('local/rule', SHOP)),
  props: object = {},
): Role {
  cfnEventBus(shop, 'Local', 'local');
  const role = executionRole(shop, ruleArn('local/rule', SHOP), busArn(), 'events:PutEvents', { trust });
  cfnRule(
    shop,
    { arn: busArn(), roleArn: roleArn('sender') },
    {
      eventBusName: 'local',
      eventPattern: { source: ['com.shop'], account: [SHOP.account] },
      ...props,
    },
  );
  return role;
}

/** The bus of the hub, which is deployed before the shop. */
function hubBus({ hub, shop }: ThreeAccounts, account: string | undefined = SHOP.account): CrossAccountEventBus {
  shop.addDependency(hub);
  const publishers = account === '' ? [] : [EventPublisher.accounts(account)];
  return new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', publishers });
}

export const TARGET_FIXES: readonly FixRow[] = [
  {
    what: 'a role for a target of the L1 in another account',
    finds: 'targetRoleInvalid',
    names: ["set 'RoleArn' to a role in account 111111111111", FUNCTION, 'in the function policy'],
    app: ({ hub, billing }, fix) => {
      handlerIn(billing);
      l1RuleTo(hub, { arn: FUNCTION, roleArn: fix && invokeRole(hub) });
      if (fix) allowRole(billing);
    },
  },
  {
    what: 'LambdaEventTarget for a function in another account',
    finds: 'targetRoleInvalid',
    names: 'LambdaEventTarget',
    app: ({ hub, billing }, fix) => {
      const handler = handlerIn(billing);
      ruleWith(hub, fix ? new LambdaEventTarget(handler) : new LambdaFunction(handler));
    },
  },
  {
    what: 'SqsEventTarget for a queue',
    finds: 'targetRoleInvalid',
    names: 'use SqsEventTarget, which creates the role, and allows it in the queue policy',
    app: ({ hub, billing }, fix) => {
      const queue = new Queue(billing, 'Queue', { queueName: 'queue' });
      ruleWith(hub, fix ? new SqsEventTarget(queue) : new SqsQueue(queue));
    },
  },
  {
    what: 'a role for a bus as target of the L1',
    finds: 'targetRoleInvalid',
    names: ["set 'RoleArn' to a role in account 222222222222", busArn(), 'in the bus policy'],
    app: (three, fix) => {
      const bus = hubBus(three, '');
      const { shop } = three;
      if (fix) {
        forward(three);
        bus.allowPublisher(EventPublisher.role(roleArn('sender')));
      } else {
        cfnEventBus(shop, 'Local', 'local');
        cfnRule(shop, { arn: busArn() }, { eventBusName: 'local', eventPattern: { account: [SHOP.account] } });
      }
    },
  },
  {
    what: 'EventBridge can assume the role for the rule',
    finds: 'targetRoleInvalid',
    names: ["'aws:SourceAccount' 222222222222", `'aws:SourceArn' ${ruleArn('local/rule', SHOP)}`],
    app: (three, fix) => {
      hubBus(three);
      forward(three, trustForRule(fix ? arnIn(fix) : ruleArn('local/other', SHOP)));
    },
  },
  {
    what: 'the service principal can assume the role',
    finds: 'targetRoleInvalid',
    names: 'allow events.amazonaws.com to assume the role',
    app: (three, fix) => {
      hubBus(three);
      forward(three, fix ? undefined : new ServicePrincipal('scheduler.amazonaws.com'));
    },
  },
  {
    what: 'a role in the account of the rule',
    finds: 'targetRoleInvalid',
    names: 'use a role in the account of the rule',
    app: (three, fix) => {
      hubBus(three);
      if (fix) {
        forward(three);
      } else {
        const { shop, hub } = three;
        cfnEventBus(shop, 'Local', 'local');
        const role = executionRole(hub, ruleArn('local/rule', SHOP), busArn());
        const target = { arn: busArn(), roleArn: roleArn('sender', HUB) };
        cfnRule(shop, target, { eventBusName: 'local', eventPattern: { account: [SHOP.account] } });
        role.node.addDependency(hub.node.findChild('Bus'));
      }
    },
  },
  {
    what: 'the role is allowed the action on the target',
    finds: 'targetRoleInvalid',
    names: `allow the role events:PutEvents on ${busArn()}`,
    app: (three, fix) => {
      hubBus(three);
      const role = forward(three).node.defaultChild as CfnRole;
      role.policies = [
        { policyName: 'send', policyDocument: policyDocument(fix ? 'events:PutEvents' : 'events:PutRule', busArn()) },
      ];
    },
  },
  {
    what: 'CrossAccountEventBusTarget in place of the target of aws-cdk-lib',
    finds: 'targetAccessDenied',
    names: 'CrossAccountEventBusTarget',
    app: (three, fix) => {
      const bus = hubBus(three, '');
      const { shop } = three;
      const eventBus = new EventBus(shop, 'Local', { eventBusName: 'local' });
      new Rule(shop, 'Rule', {
        eventBus,
        eventPattern: { source: ['com.shop'], account: [SHOP.account] },
        targets: [fix ? new CrossAccountEventBusTarget(bus) : new EventBusTarget(bus)],
      });
    },
  },
  {
    what: 'the bus allows the role of a rule of the L1',
    finds: 'targetAccessDenied',
    names: `call allowPublisher(EventPublisher.role('${roleArn('sender')}'), { sources: ['com.shop'] }) on 'Hub/Bus'`,
    app: (three, fix) => {
      const bus = hubBus(three, '');
      forward(three);
      if (fix) bus.allowPublisher(EventPublisher.role(arnIn(fix)), { sources: ['com.shop'] });
    },
  },
  {
    what: 'the bus allows a further rule of an account that it limits to rules',
    finds: 'targetAccessDenied',
    names: `{ sources: ['com.shop'], ruleArns: ['${ruleArn('local/rule', SHOP)}'] }) on 'Hub/Bus'`,
    app: (three, fix) => {
      const bus = hubBus(three, '');
      bus.allowPublisher(EventPublisher.accounts(SHOP.account), { ruleArns: [ruleArn('rule', SHOP)] });
      forward(three);
      const [rule] = /arn:aws:events:[^']*:rule[^']*(?='\])/.exec(fix ?? '') ?? [];
      if (fix) bus.allowPublisher(EventPublisher.role(arnIn(fix)), { sources: ['com.shop'], ruleArns: [rule!] });
    },
  },
  {
    what: 'the function allows the account of the rule',
    finds: 'targetAccessDenied',
    names: `use CrossAccountInvokePermission for 'Billing/Handler', with '${HUB.account}' as 'eventBusAccount'`,
    app: ({ hub, billing }, fix) => {
      const handler = handlerIn(billing);
      l1RuleTo(hub, { arn: FUNCTION, roleArn: invokeRole(hub) });
      if (fix) new CrossAccountInvokePermission(billing, 'Allow', { handler, eventBusAccount: HUB.account });
    },
  },
  {
    what: 'an alias of a function allows the role of the rule',
    finds: 'targetAccessDenied',
    names: `allow role ${SENDER} to call lambda:InvokeFunction in the function policy`,
    app: ({ hub, billing }, fix) => {
      const handler = handlerIn(billing);
      const arn = `${FUNCTION}:live`;
      const live = new Alias(billing, 'Live', { aliasName: 'live', version: handler.currentVersion });
      l1RuleTo(hub, { arn, roleArn: executionRole(hub, RULE, arn, 'lambda:InvokeFunction').roleArn });
      if (fix) allowRole(billing, arn).node.addDependency(live);
    },
  },
];
