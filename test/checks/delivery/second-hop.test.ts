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
  for (const one of from.node.children) if (one.node.id.endsWith('Bus')) rule.node.addDependency(one);
}

const allowed = (stack: Stack, bus: string, account: string) =>
  rawPolicy(stack, { Principal: { AWS: rootArn({ account }) } }, { id: `${bus}Policy`, bus, sid: bus });

/** `local` of one stack forwards to `orders` of another, and that to `ledger` of a third. */
type Choose = (three: ThreeAccounts) => Stack[];
const chain = (first: Pattern, onward: Pattern, stacks: Choose = ({ shop, hub, billing }) => [shop, hub, billing]) =>
  inThreeAccounts((three) => {
    const [a, b, c] = stacks(three);
    rawBus(c, 'LedgerBus', 'ledger');
    rawBus(b, 'Bus', 'orders');
    rawBus(a, 'LocalBus', 'local');
    if (b.account !== c.account) allowed(c, 'ledger', b.account);
    if (a.account !== b.account) allowed(b, 'orders', a.account);
    forward(b, 'orders', 'Onward', busArn('ledger', placeOf(c)), onward);
    forward(a, 'local', 'Rule', busArn('orders', placeOf(b)), first);
    if (b !== c) b.addDependency(c);
    if (a !== b) a.addDependency(b);
  });

/** The same of this library's constructs. */
const ours = (onward: Pattern) =>
  inThreeAccounts(({ hub, shop, billing }) => {
    const ledger = new CrossAccountEventBus(billing, 'LedgerBus', { eventBusName: 'ledger' });
    const orders = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const local = new EventBus(shop, 'LocalBus', { eventBusName: 'local' });
    new Rule(hub, 'Onward', {
      eventBus: orders,
      eventPattern: onward,
      targets: [new CrossAccountEventBusTarget(ledger)],
    });
    new Rule(shop, 'Rule', {
      eventBus: local,
      eventPattern: { source: ['com.shop'] },
      targets: [new CrossAccountEventBusTarget(orders)],
    });
  });

const SHOP = { source: ['com.shop'] };
const one = (stack: Stack) => [stack, stack, stack];
const regions = (three: ThreeAccounts) =>
  ['us-east-1', 'eu-west-1', 'eu-central-1'].map((region) =>
    three.stack(`In-${region}`, { account: HUB.account, region }),
  );

/** Whether an event of the shop's gets from its local bus to the third one. */
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
/** Nothing that is matched on the way gets lost. */
const nothingLost =
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

faults('events that are passed on a second time', {
  finds: FindingId.EVENT_FORWARDED_TOO_FAR,
  level: 'error',
  asks: arrives(),
  healthy: {
    'other sources': { app: chain(SHOP, { source: ['com.hub'] }), asks: nothingLost() },
    'a prefix that leaves the source out': {
      app: chain(SHOP, { source: [{ prefix: 'com.hub' }] }),
      asks: nothingLost(),
    },
    'anything but the source': {
      app: chain(SHOP, { source: [{ 'anything-but': ['com.shop'] }] }),
      asks: nothingLost(),
    },
    'other detail types': {
      app: chain({ ...SHOP, 'detail-type': ['OrderPlaced'] }, { ...SHOP, 'detail-type': ['OrderSent'] }),
      asks: nothingLost(),
    },
    'an onward rule for what its own account puts on the bus': {
      app: chain(SHOP, { ...SHOP, account: [HUB.account] }),
      asks: nothingLost(),
    },
    'an onward rule for another publisher': {
      app: chain(SHOP, { ...SHOP, account: [elsewhere.account, HUB.account] }),
      asks: nothingLost(),
    },
    'details that exclude each other': {
      app: chain({ ...SHOP, detail: { kind: ['a'] } }, { ...SHOP, detail: { kind: ['b'] } }),
      asks: 'nothing',
    },
    'direct publishing to the bus in the middle': {
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
    'constructs of this library that exclude each other': { app: ours({ source: ['com.hub'] }), asks: nothingLost() },
    'one hop to each of two buses': {
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
      asks: nothingLost('Hub/Bus', HUB.account),
    },
  },
  faulty: {
    'three accounts': { at: '/Hub/Onward', app: chain(SHOP, SHOP) },
    'an onward rule for everything of the kind': {
      at: '/Hub/Onward',

      app: chain(SHOP, { source: [{ prefix: 'com.' }] }),
    },
    'an onward rule for the publisher': {
      at: '/Hub/Onward',

      app: chain(SHOP, { ...SHOP, account: [PUBLISHER.account] }),
    },
    'an onward rule for more detail types': {
      at: '/Hub/Onward',

      app: chain({ ...SHOP, 'detail-type': ['OrderPlaced'] }, { ...SHOP, 'detail-type': ['OrderPlaced', 'OrderSent'] }),
    },
    'a first rule for everything from its account': {
      at: '/Hub/Onward',

      app: chain({ account: [PUBLISHER.account] }, SHOP),
    },
    'three buses of one account': {
      at: '/Hub/Onward',

      app: chain(SHOP, SHOP, ({ hub }) => one(hub)),
      asks: arrives('Hub/LocalBus', 'Hub/LedgerBus', 'com.shop', HUB.account),
    },
    'three regions of one account': {
      at: '/In-eu-west-1/Onward',

      app: chain(SHOP, SHOP, regions),
      asks: arrives('In-us-east-1/LocalBus', 'In-eu-central-1/LedgerBus', 'com.shop', HUB.account),
    },
    'constructs of this library': { at: '/Hub/Onward', app: ours(SHOP) },
  },
});

/** A rule of account 333333333333 on the bus of account 111111111111, with a bus of its own as target. */
const foreign = (statement: object | null, further?: object) =>
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

faults('a rule that its bus of another account refuses', {
  finds: FindingId.RULE_MANAGEMENT_ACCESS_DENIED,
  level: 'error',
  asks: ruleAsks,
  healthy: {
    'leave to manage rules of its own': foreign(creator),
    'leave for rules about the source of the pattern': foreign(
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
    'no statement': { at: '/Billing/Rule', app: foreign(null) },
    'leave to put events alone': {
      at: '/Billing/Rule',

      app: foreign({ Action: 'events:PutEvents', Resource: busArn() }),
    },
    'leave to make rules without targets': {
      at: '/Billing/Rule',

      app: foreign({ ...creator, Action: 'events:PutRule' }),
      asks: 'nothing',
    },
    'leave for another account': {
      at: '/Billing/Rule',

      app: foreign({ ...creator, Principal: { AWS: rootArn(elsewhere) } }),
    },
    'leave on the bus instead of its rules': {
      at: '/Billing/Rule',

      app: foreign({ ...creator, Resource: busArn() }),
    },
    'leave for rules of another name': {
      at: '/Billing/Rule',

      app: foreign({ ...creator, Resource: ruleArn('orders/theirs-*') }),
    },
    'leave for rules that the bus owner made': {
      at: '/Billing/Rule',

      app: foreign({ Condition: { StringEquals: { 'events:creatorAccount': HUB.account } } }),
    },
    'leave for rules about another source': {
      at: '/Billing/Rule',

      app: foreign(
        { Action: 'events:PutRule', Condition: { 'ForAnyValue:StringEquals': { 'events:source': 'com.other' } } },
        { ...creator, Action: 'events:PutTargets' },
      ),
    },
  },
});
