import { CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, PUBLISHER, testFunction } from '../../support/apps';
import { delivered, faults, published } from '../../support/faults';
import {
  LENIENT,
  ThreeAccounts,
  busArn,
  elsewhere,
  functionArn,
  inThreeAccounts,
  publisher,
  rawBus,
  rawPermission,
  rawPolicy,
  rawRule,
  roleArn,
  rootArn,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

/** A bus and a statement with an ID, in each stack. */
const withIds = (make: (three: ThreeAccounts) => [stack: Stack, bus: string, sid: string][], context?: object) =>
  inThreeAccounts((three) => {
    for (const [stack, bus, sid] of make(three)) {
      const name = `${bus}-${sid}`.replace(/\W/g, '');
      if (!stack.node.tryFindChild(`${bus}Bus`)) rawBus(stack, `${bus}Bus`, bus);
      rawPolicy(stack, {}, { id: stack.node.tryFindChild(name) ? `${name}Again` : name, bus, sid });
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
          principals: [new AccountPrincipal(PUBLISHER.account)],
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
        new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(PUBLISHER.account)] });
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
    'by aws-cdk-lib': { at: FIRST_OR_SECOND, app: withAwsCdkLib('Shop', 'Shop') },
    'by the older properties of the policy': {
      at: FIRST_OR_SECOND,
      app: inThreeAccounts((three) => {
        rawBus(three.hub);
        rawPolicy(three.hub, {}, { sid: 'Shop' });
        const older = rawPolicy(second(three), {}, { bus: 'default', sid: 'Shop' });
        older.addPropertyDeletionOverride('Statement');
        older.addPropertyOverride('Principal', PUBLISHER.account);
        older.addPropertyOverride('Action', 'events:PutEvents');
      }),
    },
  },
});

const parameter = (stack: Stack, id = 'Parameter') => new CfnParameter(stack, id, { default: 'x' }).valueAsString;

/** A bus with a statement that may depend on a parameter, and a publisher. */
const grant = (statement: (hub: Stack) => object) =>
  inThreeAccounts(({ hub, shop }) => {
    rawBus(hub);
    rawPolicy(hub, statement(hub));
    publisher(shop);
  });

const permission = (sourceArn: (hub: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub);
    rawPermission(hub, 'handler', sourceArn(hub), { sourceAccount: HUB.account }).node.addDependency(
      testFunction(hub, 'Handler', { functionName: 'handler' }),
    );
    rawRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' });
  });

const target = (props: (shop: Stack) => { arn?: string; roleArn?: string }) =>
  inThreeAccounts(({ hub, shop }) => {
    rawBus(hub);
    rawPolicy(hub);
    const role = senderRole(shop, ruleArn('rule', PUBLISHER), busArn());
    rawRule(shop, { arn: busArn(), roleArn: role.roleArn, ...props(shop) });
    shop.addDependency(hub);
  });

const HUB_OR_SHOP = ['/Hub', '/Shop'];

faults('a decision that depends on a value known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a parameter in addition to a statement that allows the publisher': {
      app: inThreeAccounts(({ hub, shop }) => {
        rawBus(hub);
        rawPolicy(hub);
        rawPolicy(
          hub,
          { Principal: { AWS: `arn:aws:iam::${elsewhere.account}:role/${parameter(hub)}` } },
          { id: 'Further', sid: 'Further' },
        );
        publisher(shop);
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
        const role = publisher(shop, bus.eventBusArn);
        rawPolicy(hub, { Resource: bus.eventBusArn, Principal: { AWS: role.roleArn } }).node.addDependency(bus);
      }),
      asks: published('Shop/Publisher', 'Hub/Bus'),
    },
    'an unnamed function': {
      app: inThreeAccounts(({ hub }) => {
        const handler = testFunction(hub, 'Handler');
        const rule = rawRule(hub, { arn: handler.functionArn }, { name: undefined });
        rawPermission(hub, handler.functionName, rule.attrArn, { sourceAccount: hub.account });
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
    'a role as condition': {
      at: HUB_OR_SHOP,
      app: grant((hub) => ({ Condition: { ArnEquals: { 'aws:PrincipalArn': parameter(hub) } } })),
    },
    'a principal by Fn::If': {
      at: HUB_OR_SHOP,
      app: grant((hub) => {
        const big = new CfnCondition(hub, 'Big', { expression: Fn.conditionEquals(parameter(hub), 'yes') });
        return { Principal: { AWS: Fn.conditionIf(big.logicalId, rootArn(PUBLISHER), rootArn(CONSUMER)) } };
      }),
    },
    'a statement with a condition on its creation': {
      at: HUB_OR_SHOP,
      app: inThreeAccounts(({ hub, shop }) => {
        rawBus(hub);
        rawPolicy(hub).cfnOptions.condition = new CfnCondition(hub, 'Big', {
          expression: Fn.conditionEquals(parameter(hub), 'yes'),
        });
        publisher(shop);
      }),
    },
    'a bus of a publisher': {
      at: '/Shop/Publisher',
      app: inThreeAccounts(({ hub, shop }) => [rawBus(hub), rawPolicy(hub), publisher(shop, parameter(shop))]),
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
