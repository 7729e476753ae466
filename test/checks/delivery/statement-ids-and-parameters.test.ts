import { CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testFunction } from '../../support/apps';
import { delivered, faults, published } from '../../support/faults';
import {
  LENIENT,
  ThreeAccounts,
  busArn,
  PARTNER,
  functionArn,
  inThreeAccounts,
  publisherRole,
  cfnEventBus,
  cfnPermission,
  cfnEventBusPolicy,
  cfnRule,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

/** A bus and a statement with an ID, in each stack. */
const withIds = (make: (three: ThreeAccounts) => [stack: Stack, bus: string, sid: string][], context?: object) =>
  inThreeAccounts((three) => {
    for (const [stack, bus, sid] of make(three)) {
      const name = `${bus}-${sid}`.replace(/\W/g, '');
      if (!stack.node.tryFindChild(`${bus}Bus`)) cfnEventBus(stack, `${bus}Bus`, bus);
      cfnEventBusPolicy(stack, {}, { id: stack.node.tryFindChild(name) ? `${name}Again` : name, bus, sid });
    }
  }, context);

/** The same with the statements of aws-cdk-lib. */
const withAwsCdkLib = (...sids: string[]) =>
  inThreeAccounts((three) =>
    sids.forEach((sid, i) => {
      const bus = new EventBus(three.stack(`Hub${i}`, HUB), 'Bus', { eventBusName: `orders${i}` });
      bus.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals: [new AccountPrincipal(SHOP.account)],
          actions: ['events:PutEvents'],
          resources: [bus.eventBusArn],
        }),
      );
    }),
  );

const second = (three: ThreeAccounts, region = HUB.region) => three.stack('Second', { ...HUB, region });
const FIRST_OR_SECOND = ['/Hub', '/Hub0', '/Hub1', '/Second'];

faults('a statement ID that is used twice', {
  finds: FindingId.DUPLICATE_STATEMENT_ID,
  level: 'error',
  healthy: {
    'two IDs on one bus': withIds(({ hub }) => [
      [hub, 'orders', 'Shop'],
      [hub, 'orders', 'Billing'],
    ]),
    'one ID in two accounts': withIds(({ hub, billing }) => [
      [hub, 'orders', 'Shop'],
      [billing, 'orders', 'Shop'],
    ]),
    'one ID in two Regions': withIds((three) => [
      [three.hub, 'orders', 'Shop'],
      [second(three, 'us-east-1'), 'orders', 'Shop'],
    ]),
    'IDs that differ in upper and lower case': withIds(({ hub }) => [
      [hub, 'orders', 'Shop'],
      [hub, 'audit', 'SHOP'],
    ]),
    'two IDs of aws-cdk-lib': withAwsCdkLib('Shop', 'Billing'),
    'constructs of this library': inThreeAccounts((three) => {
      for (const stack of [three.hub, second(three)]) {
        new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(SHOP.account)] });
      }
    }),
  },
  faulty: {
    'on one bus': {
      at: FIRST_OR_SECOND,
      app: withIds(
        ({ hub }) => [
          [hub, 'orders', 'Shop'],
          [hub, 'orders', 'Shop'],
        ],
        LENIENT,
      ),
    },
    'on two buses of one stack': {
      at: FIRST_OR_SECOND,
      app: withIds(({ hub }) => [
        [hub, 'orders', 'Shop'],
        [hub, 'audit', 'Shop'],
      ]),
    },
    'on two buses of two stacks': {
      at: FIRST_OR_SECOND,
      app: withIds((three) => [
        [three.hub, 'orders', 'Shop'],
        [second(three), 'audit', 'Shop'],
      ]),
    },
    'on one bus by two stacks': {
      at: FIRST_OR_SECOND,
      app: withIds((three) => [
        [three.hub, 'orders', 'Shop'],
        [second(three), 'orders', 'Shop'],
      ]),
    },
    'by two stacks that may be in two accounts': {
      at: ['/One', '/Two'],
      level: 'warning',
      app: withIds((three) => [
        [three.stack('One', {}), 'orders', 'Shop'],
        [three.stack('Two', {}), 'audit', 'Shop'],
      ]),
    },
    'by aws-cdk-lib': { at: FIRST_OR_SECOND, app: withAwsCdkLib('Shop', 'Shop') },
    'by the older properties of the policy': {
      at: FIRST_OR_SECOND,
      app: inThreeAccounts((three) => {
        cfnEventBus(three.hub);
        cfnEventBusPolicy(three.hub, {}, { sid: 'Shop' });
        const older = cfnEventBusPolicy(second(three), {}, { bus: 'default', sid: 'Shop' });
        older.addPropertyDeletionOverride('Statement');
        older.addPropertyOverride('Principal', SHOP.account);
        older.addPropertyOverride('Action', 'events:PutEvents');
      }),
    },
  },
});

const parameter = (stack: Stack, id = 'Parameter') => new CfnParameter(stack, id, { default: 'x' }).valueAsString;

/** A bus with a statement that may depend on a parameter, and a publisher. */
const grant = (statement: (hub: Stack) => object) =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub, statement(hub));
    publisherRole(shop);
  });

const permission = (sourceArn: (hub: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnPermission(hub, 'handler', sourceArn(hub), { sourceAccount: HUB.account }).node.addDependency(
      testFunction(hub, 'Handler', { functionName: 'handler' }),
    );
    cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' });
  });

const target = (props: (shop: Stack) => { arn?: string; roleArn?: string }) =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub);
    const role = executionRole(shop, ruleArn('rule', SHOP), busArn());
    cfnRule(shop, { arn: busArn(), roleArn: role.roleArn, ...props(shop) });
    shop.addDependency(hub);
  });

const HUB_OR_SHOP = ['/Hub', '/Shop'];

faults('a decision that depends on a value known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a parameter in addition to a statement that allows the publisher': {
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub);
        cfnEventBusPolicy(
          hub,
          { Principal: { AWS: `arn:aws:iam::${PARTNER.account}:role/${parameter(hub)}` } },
          { id: 'Further', sid: 'Further' },
        );
        publisherRole(shop);
      }),
      asks: published('Shop/Publisher', 'Hub/Bus'),
    },
    'one of many values that is a parameter': {
      app: grant((hub) => ({
        Condition: { ArnEquals: { 'aws:PrincipalArn': [roleArn('publisher'), roleArn(parameter(hub))] } },
      })),
      asks: published('Shop/Publisher', 'Hub/Bus'),
    },
    'a reference to a resource in another stack': {
      app: inThreeAccounts(({ hub, shop }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        const role = publisherRole(shop, bus.eventBusArn);
        cfnEventBusPolicy(hub, { Resource: bus.eventBusArn, Principal: { AWS: role.roleArn } }).node.addDependency(bus);
      }),
      asks: published('Shop/Publisher', 'Hub/Bus'),
    },
    'an unnamed function': {
      app: inThreeAccounts(({ hub }) => {
        const handler = testFunction(hub, 'Handler');
        const rule = cfnRule(hub, { arn: handler.functionArn }, { name: undefined });
        cfnPermission(hub, handler.functionName, rule.attrArn, { sourceAccount: hub.account });
      }),
      asks: delivered('Hub/Rule'),
    },
    'a stack without an environment that contains everything': inThreeAccounts(({ app }) => {
      const stack = new Stack(app, 'Agnostic');
      const bus = new EventBus(stack, 'Bus');
      new Rule(stack, 'Rule', {
        eventBus: new EventBus(stack, 'Own'),
        eventPattern: { source: ['com.shop'] },
        targets: [new CrossAccountEventBusTarget(bus)],
      });
    }),
  },
  faulty: {
    'an account as principal': {
      at: HUB_OR_SHOP,
      app: grant((hub) => ({ Principal: { AWS: parameter(hub) } })),
    },
    'a role as principal': {
      at: HUB_OR_SHOP,
      app: grant((hub) => ({ Principal: { AWS: roleArn(parameter(hub)) } })),
    },
    'an account as principal, by a dynamic reference': {
      at: HUB_OR_SHOP,
      app: grant(() => ({ Principal: { AWS: '{{resolve:ssm:/shop/account}}' } })),
    },
    'an account as condition of a Deny statement, by a dynamic reference': {
      at: HUB_OR_SHOP,
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub);
        const Condition = { StringEquals: { 'aws:PrincipalAccount': '{{resolve:ssm:/blocked}}' } };
        const deny = { Effect: 'Deny', Principal: '*', Condition };
        cfnEventBusPolicy(hub, deny, { id: 'Blocked', sid: 'Blocked' });
        publisherRole(shop);
      }),
    },
    'a role as condition': {
      at: HUB_OR_SHOP,
      app: grant((hub) => ({ Condition: { ArnEquals: { 'aws:PrincipalArn': parameter(hub) } } })),
    },
    'a principal by Fn::If': {
      at: HUB_OR_SHOP,
      app: grant((hub) => {
        const big = new CfnCondition(hub, 'Big', { expression: Fn.conditionEquals(parameter(hub), 'yes') });
        return { Principal: { AWS: Fn.conditionIf(big.logicalId, rootArn(SHOP), rootArn(BILLING)) } };
      }),
    },
    'a statement with a condition on its creation': {
      at: HUB_OR_SHOP,
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub).cfnOptions.condition = new CfnCondition(hub, 'Big', {
          expression: Fn.conditionEquals(parameter(hub), 'yes'),
        });
        publisherRole(shop);
      }),
    },
    'a bus of a publisher': {
      at: '/Shop/Publisher',
      app: inThreeAccounts(({ hub, shop }) => [
        cfnEventBus(hub),
        cfnEventBusPolicy(hub),
        publisherRole(shop, parameter(shop)),
      ]),
    },
    'a bus of a rule': {
      at: '/Shop',
      app: target((shop) => ({ arn: busArn(parameter(shop)) })),
    },
    'the role of a rule': {
      at: '/Shop',
      app: target((shop) => ({ roleArn: parameter(shop) })),
    },
    'the rule of a permission': {
      at: '/Hub',
      app: permission((hub) => parameter(hub)),
    },
    'a part of the rule of a permission': {
      at: '/Hub',
      app: permission((hub) => ruleArn(`orders/${parameter(hub)}`)),
    },
  },
});
