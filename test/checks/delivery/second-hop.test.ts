import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, PUBLISHER } from '../../support/apps';
import { Asks, delivered, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  elsewhere,
  inThreeAccounts,
  rawBus,
  rawPolicy,
  rawRule,
  rootArn,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

type Place = { readonly account: string; readonly region: string };
type Pattern = { readonly [field: string]: unknown };

const placeOf = ({ account, region }: Stack): Place => ({ account, region });

/** A rule that forwards from a bus of its stack. */
function forward(from: Stack, bus: string, id: string, to: string, eventPattern: Pattern): void {
  const role = senderRole(from, ruleArn(`${bus}/${id.toLowerCase()}`, placeOf(from)), to, 'events:PutEvents', {
    id: `${id}Sender`,
  });
  const rule = rawRule(from, { arn: to, roleArn: role.roleArn }, { eventBusName: bus, eventPattern }, id);
  const buses = from.node.children.filter(({ node }) => node.id.endsWith('Bus'));
  rule.node.addDependency(...buses);
}

const allowed = (stack: Stack, bus: string, account: string) =>
  rawPolicy(stack, { Principal: { AWS: rootArn({ account }) } }, { id: `${bus}Policy`, bus, sid: bus });

/** Bus `local` in one stack forwards to `orders` in another, and `orders` to `ledger` in a third. */
type Choose = (three: ThreeAccounts) => Stack[];
const chain = (first: Pattern, second: Pattern, stacks: Choose = ({ shop, hub, billing }) => [shop, hub, billing]) =>
  inThreeAccounts((three) => {
    const [a, b, c] = stacks(three);
    rawBus(c, 'LedgerBus', 'ledger');
    rawBus(b, 'Bus', 'orders');
    rawBus(a, 'LocalBus', 'local');
    if (b.account !== c.account) allowed(c, 'ledger', b.account);
    if (a.account !== b.account) allowed(b, 'orders', a.account);
    forward(b, 'orders', 'Onward', busArn('ledger', placeOf(c)), second);
    forward(a, 'local', 'Rule', busArn('orders', placeOf(b)), first);
    if (b !== c) b.addDependency(c);
    if (a !== b) a.addDependency(b);
  });

/** The same with the constructs of this library. */
const withThisLibrary = (second: Pattern) =>
  inThreeAccounts(({ hub, shop, billing }) => {
    const ledger = new CrossAccountEventBus(billing, 'LedgerBus', { eventBusName: 'ledger' });
    const orders = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const local = new EventBus(shop, 'LocalBus', { eventBusName: 'local' });
    new Rule(hub, 'Onward', {
      eventBus: orders,
      eventPattern: second,
      targets: [new CrossAccountEventBusTarget(ledger)],
    });
    new Rule(shop, 'Rule', {
      eventBus: local,
      eventPattern: { source: ['com.shop'] },
      targets: [new CrossAccountEventBusTarget(orders)],
    });
  });

const SHOP = { source: ['com.shop'] };
const threeTimes = (stack: Stack) => [stack, stack, stack];
const regions = (three: ThreeAccounts) =>
  ['us-east-1', 'eu-west-1', 'eu-central-1'].map((region) =>
    three.stack(`In-${region}`, { account: HUB.account, region }),
  );

/** Whether an event gets from the local bus to the third bus. */
const arrives =
  (local = 'Shop/LocalBus', ledger = 'Billing/LedgerBus', source = 'com.shop', from = PUBLISHER.account): Asks =>
  (allow) => [
    {
      path: {
        from: { account: from, policies: 'allowAll' },
        to: { bus: local },
        event: { source, detailType: 'OrderPlaced' },
        [allow ? 'reaches' : 'notReaches']: [ledger],
      },
    },
  ];
/** Whether every matched event is delivered. */
const allDelivered =
  (local = 'Shop/LocalBus', from = PUBLISHER.account): Asks =>
  () => [
    {
      path: {
        from: { account: from, policies: 'allowAll' },
        to: { bus: local },
        event: { source: 'com.shop', detailType: 'OrderPlaced' },
        allDelivered: true,
      },
    },
  ];

faults('events that are forwarded a second time', {
  finds: FindingId.EVENT_FORWARDED_TOO_FAR,
  level: 'error',
  asks: arrives(),
  healthy: {
    'other sources': { app: chain(SHOP, { source: ['com.hub'] }), asks: allDelivered() },
    'a prefix that leaves the source out': {
      app: chain(SHOP, { source: [{ prefix: 'com.hub' }] }),
      asks: allDelivered(),
    },
    'anything but the source': {
      app: chain(SHOP, { source: [{ 'anything-but': ['com.shop'] }] }),
      asks: allDelivered(),
    },
    'other detail types': {
      app: chain({ ...SHOP, 'detail-type': ['OrderPlaced'] }, { ...SHOP, 'detail-type': ['OrderSent'] }),
      asks: allDelivered(),
    },
    'a second rule for events from its own account': {
      app: chain(SHOP, { ...SHOP, account: [HUB.account] }),
      asks: allDelivered(),
    },
    'a second rule for events from another account': {
      app: chain(SHOP, { ...SHOP, account: [elsewhere.account, HUB.account] }),
      asks: allDelivered(),
    },
    'values of detail that exclude each other': {
      app: chain({ ...SHOP, detail: { kind: ['a'] } }, { ...SHOP, detail: { kind: ['b'] } }),
      asks: 'nothing',
    },
    'events that are put on the second bus directly': {
      app: inThreeAccounts(({ hub, billing }) => {
        rawBus(billing, 'LedgerBus', 'ledger');
        allowed(billing, 'ledger', HUB.account);
        rawBus(hub, 'Bus', 'orders');
        allowed(hub, 'orders', PUBLISHER.account);
        forward(hub, 'orders', 'Onward', busArn('ledger', CONSUMER), SHOP);
        hub.addDependency(billing);
      }),
      asks: arrives('Hub/Bus'),
    },
    'constructs of this library whose patterns exclude each other': {
      app: withThisLibrary({ source: ['com.hub'] }),
      asks: allDelivered(),
    },
    'two rules that forward once each': {
      app: inThreeAccounts(({ hub, billing, shop }) => {
        rawBus(billing, 'LedgerBus', 'ledger');
        allowed(billing, 'ledger', HUB.account);
        rawBus(shop, 'LocalBus', 'local');
        allowed(shop, 'local', HUB.account);
        rawBus(hub, 'Bus', 'orders');
        forward(hub, 'orders', 'Onward', busArn('ledger', CONSUMER), SHOP);
        forward(hub, 'orders', 'Other', busArn('local', PUBLISHER), SHOP);
        hub.addDependency(billing);
        hub.addDependency(shop);
      }),
      asks: allDelivered('Hub/Bus', HUB.account),
    },
  },
  faulty: {
    'three accounts': { at: '/Hub/Onward', app: chain(SHOP, SHOP) },
    'a second rule for a prefix of the source': {
      at: '/Hub/Onward',
      app: chain(SHOP, { source: [{ prefix: 'com.' }] }),
    },
    'a second rule for events from the account of the first': {
      at: '/Hub/Onward',
      app: chain(SHOP, { ...SHOP, account: [PUBLISHER.account] }),
    },
    'a second rule for more detail types': {
      at: '/Hub/Onward',
      app: chain({ ...SHOP, 'detail-type': ['OrderPlaced'] }, { ...SHOP, 'detail-type': ['OrderPlaced', 'OrderSent'] }),
    },
    'a first rule for all events from its account': {
      at: '/Hub/Onward',
      app: chain({ account: [PUBLISHER.account] }, SHOP),
    },
    'three buses in one account': {
      at: '/Hub/Onward',
      app: chain(SHOP, SHOP, ({ hub }) => threeTimes(hub)),
      asks: arrives('Hub/LocalBus', 'Hub/LedgerBus', 'com.shop', HUB.account),
    },
    'three Regions in one account': {
      at: '/In-eu-west-1/Onward',
      app: chain(SHOP, SHOP, regions),
      asks: arrives('In-us-east-1/LocalBus', 'In-eu-central-1/LedgerBus', 'com.shop', HUB.account),
    },
    'constructs of this library': { at: '/Hub/Onward', app: withThisLibrary(SHOP) },
    'a second rule with a matcher that cannot be compared': {
      level: 'warning',
      at: '/Hub/Onward',
      app: chain({ source: [{ prefix: 'com.' }] }, { source: [{ suffix: '.shop' }] }),
      asks: 'nothing',
    },
  },
});

/** A rule of account 333333333333 on a bus in account 111111111111, with a bus in its own account as target. */
const crossAccountRule = (statement: object | null, further?: object) =>
  inThreeAccounts(({ hub, billing }) => {
    rawBus(hub);
    const rules = {
      Principal: { AWS: rootArn(CONSUMER) },
      Action: ['events:PutRule', 'events:PutTargets'],
      Resource: ruleArn('orders/*'),
    };
    if (statement) rawPolicy(hub, { ...rules, ...statement });
    if (further) rawPolicy(hub, { ...rules, ...further }, { id: 'Further', sid: 'Further' });
    rawBus(billing, 'Own', 'own');
    const role = senderRole(billing, ruleArn('orders/rule'), busArn('own', CONSUMER));
    rawRule(billing, { arn: busArn('own', CONSUMER), roleArn: role.roleArn }, { eventBusName: busArn() });
    billing.addDependency(hub);
  });

const creator = { Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } } };
const ruleAsks: Asks = (allow) =>
  delivered({ account: HUB.account, bus: 'orders', name: 'rule' } as unknown as string)(allow);

faults('a rule on a bus in another account that does not allow it', {
  finds: FindingId.RULE_MANAGEMENT_ACCESS_DENIED,
  level: 'error',
  asks: ruleAsks,
  healthy: {
    'permission to manage its own rules': crossAccountRule(creator),
    'permission for rules with the source of the pattern': crossAccountRule(
      {
        Action: 'events:PutRule',
        Condition: {
          ...creator.Condition,
          'ForAllValues:StringEquals': { 'events:source': ['com.shop'] },
          Null: { 'events:source': 'false' },
        },
      },
      { ...creator, Action: 'events:PutTargets' },
    ),
    'constructs of this library': inThreeAccounts(({ hub, billing }) => {
      const eventBus = new CrossAccountEventBus(hub, 'Bus', {
        eventBusName: 'orders',
        publishers: [EventPublisher.accounts(PUBLISHER.account)],
      });
      const own = new EventBus(billing, 'Own', { eventBusName: 'own' });
      new CrossAccountRule(billing, 'Rule', {
        ruleName: 'rule',
        eventBus,
        eventPattern: SHOP,
        targets: [new CrossAccountEventBusTarget(own)],
      });
    }),
  },
  faulty: {
    'no statement': { at: '/Billing/Rule', app: crossAccountRule(null) },
    'permission only to put events': {
      at: '/Billing/Rule',
      app: crossAccountRule({ Action: 'events:PutEvents', Resource: busArn() }),
    },
    'permission to create rules without targets': {
      at: '/Billing/Rule',
      app: crossAccountRule({ ...creator, Action: 'events:PutRule' }),
      asks: 'nothing',
    },
    'permission for another account': {
      at: '/Billing/Rule',
      app: crossAccountRule({ ...creator, Principal: { AWS: rootArn(elsewhere) } }),
    },
    'permission on the bus instead of its rules': {
      at: '/Billing/Rule',
      app: crossAccountRule({ ...creator, Resource: busArn() }),
    },
    'permission for rules with another name': {
      at: '/Billing/Rule',
      app: crossAccountRule({ ...creator, Resource: ruleArn('orders/theirs-*') }),
    },
    'permission for rules that the account of the bus created': {
      at: '/Billing/Rule',
      app: crossAccountRule({ Condition: { StringEquals: { 'events:creatorAccount': HUB.account } } }),
    },
    'permission for rules with another source': {
      at: '/Billing/Rule',
      app: crossAccountRule(
        { Action: 'events:PutRule', Condition: { 'ForAnyValue:StringEquals': { 'events:source': 'com.other' } } },
        { ...creator, Action: 'events:PutTargets' },
      ),
    },
  },
});
