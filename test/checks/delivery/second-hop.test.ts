import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP } from '../../support/apps';
import { OracleQuestions, delivered, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  PARTNER,
  inThreeAccounts,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  queueArn,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

type Place = { readonly account: string; readonly region: string };
type Pattern = { readonly [field: string]: unknown };

const placeOf = ({ account, region }: Stack): Place => ({ account, region });

/** A rule that forwards from a bus of its stack. */
function forward(from: Stack, bus: string, id: string, to: string, eventPattern: Pattern): void {
  const role = executionRole(from, ruleArn(`${bus}/${id.toLowerCase()}`, placeOf(from)), to, 'events:PutEvents', {
    id: `${id}Sender`,
  });
  const rule = cfnRule(from, { arn: to, roleArn: role.roleArn }, { eventBusName: bus, eventPattern }, id);
  const buses = from.node.children.filter(({ node }) => node.id.endsWith('Bus'));
  rule.node.addDependency(...buses);
}

const allowed = (stack: Stack, bus: string, account: string) =>
  cfnEventBusPolicy(stack, { Principal: { AWS: rootArn({ account }) } }, { id: `${bus}Policy`, bus, sid: bus });

/** Bus `local` in one stack forwards to `orders` in another, and `orders` to `ledger` in a third. */
type Choose = (three: ThreeAccounts) => Stack[];
const chain = (first: Pattern, second: Pattern, stacks: Choose = ({ shop, hub, billing }) => [shop, hub, billing]) =>
  inThreeAccounts((three) => {
    const [a, b, c] = stacks(three);
    cfnEventBus(c, 'LedgerBus', 'ledger');
    cfnEventBus(b, 'Bus', 'orders');
    cfnEventBus(a, 'LocalBus', 'local');
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

const SHOP_EVENTS = { source: ['com.shop'] };
const threeTimes = (stack: Stack) => [stack, stack, stack];
const regions = (three: ThreeAccounts) =>
  ['us-east-1', 'eu-west-1', 'eu-central-1'].map((region) =>
    three.stack(`In-${region}`, { account: HUB.account, region }),
  );

/** Whether an event gets from the local bus to the third bus. */
const arrives =
  (local = 'Shop/LocalBus', ledger = 'Billing/LedgerBus', source = 'com.shop', from = SHOP.account): OracleQuestions =>
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
  (local = 'Shop/LocalBus', from = SHOP.account): OracleQuestions =>
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

/** Bus `local` of the first account forwards to `orders` of the second, and a rule there to a queue of the third. */
const toQueue = (second: Pattern, owner = BILLING, local = SHOP) =>
  inThreeAccounts((three) => {
    const { hub } = three;
    const [source, third] = [three.stack('Local', local), three.stack('Third', owner)];
    cfnEventBus(source, 'LocalBus', 'local');
    cfnEventBus(hub, 'Bus', 'orders');
    if (local.account !== HUB.account) allowed(hub, 'orders', local.account);
    forward(source, 'local', 'Rule', busArn('orders'), SHOP_EVENTS);
    if (source !== hub) source.addDependency(hub);
    const role = executionRole(hub, ruleArn('orders/onward'), queueArn('orders', owner), 'sqs:SendMessage');
    const queue = new Queue(third, 'Queue', { queueName: 'orders', encryption: QueueEncryption.SQS_MANAGED });
    queue.grantSendMessages(new ArnPrincipal(roleArn('sender', HUB)));
    const target = { arn: queueArn('orders', owner), roleArn: role.roleArn };
    cfnRule(hub, target, { eventBusName: 'orders', eventPattern: second }, 'Onward').node.addDependency(
      hub.node.findChild('Bus'),
    );
  });

faults('events that are forwarded a second time', {
  finds: FindingId.EVENT_FORWARDED_TOO_FAR,
  level: 'error',
  asks: arrives(),
  healthy: {
    'a queue in a third account for other events': { app: toQueue({ source: ['com.hub'] }), asks: 'nothing' },
    'a queue in the account of the second bus': { app: toQueue(SHOP_EVENTS, HUB), asks: 'nothing' },
    'a queue in the account of the first bus': { app: toQueue(SHOP_EVENTS, SHOP), asks: 'nothing' },
    'a queue in another account than the two buses': { app: toQueue(SHOP_EVENTS, BILLING, HUB), asks: 'nothing' },
    'other sources': { app: chain(SHOP_EVENTS, { source: ['com.hub'] }), asks: allDelivered() },
    'a prefix that leaves the source out': {
      app: chain(SHOP_EVENTS, { source: [{ prefix: 'com.hub' }] }),
      asks: allDelivered(),
    },
    'anything but the source': {
      app: chain(SHOP_EVENTS, { source: [{ 'anything-but': ['com.shop'] }] }),
      asks: allDelivered(),
    },
    'other detail types': {
      app: chain({ ...SHOP_EVENTS, 'detail-type': ['OrderPlaced'] }, { ...SHOP_EVENTS, 'detail-type': ['OrderSent'] }),
      asks: allDelivered(),
    },
    'a second rule for events from its own account': {
      app: chain(SHOP_EVENTS, { ...SHOP_EVENTS, account: [HUB.account] }),
      asks: allDelivered(),
    },
    'a second rule for events from another account': {
      app: chain(SHOP_EVENTS, { ...SHOP_EVENTS, account: [PARTNER.account, HUB.account] }),
      asks: allDelivered(),
    },
    'values of detail that exclude each other': {
      app: chain({ ...SHOP_EVENTS, detail: { kind: ['a'] } }, { ...SHOP_EVENTS, detail: { kind: ['b'] } }),
      asks: 'nothing',
    },
    'events that are put on the second bus directly': {
      app: inThreeAccounts(({ hub, billing }) => {
        cfnEventBus(billing, 'LedgerBus', 'ledger');
        allowed(billing, 'ledger', HUB.account);
        cfnEventBus(hub, 'Bus', 'orders');
        allowed(hub, 'orders', SHOP.account);
        forward(hub, 'orders', 'Onward', busArn('ledger', BILLING), SHOP_EVENTS);
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
        cfnEventBus(billing, 'LedgerBus', 'ledger');
        allowed(billing, 'ledger', HUB.account);
        cfnEventBus(shop, 'LocalBus', 'local');
        allowed(shop, 'local', HUB.account);
        cfnEventBus(hub, 'Bus', 'orders');
        forward(hub, 'orders', 'Onward', busArn('ledger', BILLING), SHOP_EVENTS);
        forward(hub, 'orders', 'Other', busArn('local', SHOP), SHOP_EVENTS);
        hub.addDependency(billing);
        hub.addDependency(shop);
      }),
      asks: allDelivered('Hub/Bus', HUB.account),
    },
  },
  faulty: {
    'three accounts': { at: '/Hub/Onward', app: chain(SHOP_EVENTS, SHOP_EVENTS) },
    'a queue in a third account': {
      at: '/Hub/Onward',
      level: 'warning',
      app: toQueue(SHOP_EVENTS),
      asks: 'nothing',
    },
    'a second rule for a prefix of the source': {
      at: '/Hub/Onward',
      app: chain(SHOP_EVENTS, { source: [{ prefix: 'com.' }] }),
    },
    'a second rule for events from the account of the first': {
      at: '/Hub/Onward',
      app: chain(SHOP_EVENTS, { ...SHOP_EVENTS, account: [SHOP.account] }),
    },
    'a second rule for more detail types': {
      at: '/Hub/Onward',
      app: chain(
        { ...SHOP_EVENTS, 'detail-type': ['OrderPlaced'] },
        { ...SHOP_EVENTS, 'detail-type': ['OrderPlaced', 'OrderSent'] },
      ),
    },
    'a first rule for all events from its account': {
      at: '/Hub/Onward',
      app: chain({ account: [SHOP.account] }, SHOP_EVENTS),
    },
    'three buses in one account': {
      at: '/Hub/Onward',
      app: chain(SHOP_EVENTS, SHOP_EVENTS, ({ hub }) => threeTimes(hub)),
      asks: arrives('Hub/LocalBus', 'Hub/LedgerBus', 'com.shop', HUB.account),
    },
    'three Regions in one account': {
      at: '/In-eu-west-1/Onward',
      app: chain(SHOP_EVENTS, SHOP_EVENTS, regions),
      asks: arrives('In-us-east-1/LocalBus', 'In-eu-central-1/LedgerBus', 'com.shop', HUB.account),
    },
    'constructs of this library': { at: '/Hub/Onward', app: withThisLibrary(SHOP_EVENTS) },
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
    cfnEventBus(hub);
    const rules = {
      Principal: { AWS: rootArn(BILLING) },
      Action: ['events:PutRule', 'events:PutTargets'],
      Resource: ruleArn('orders/*'),
    };
    if (statement) cfnEventBusPolicy(hub, { ...rules, ...statement });
    if (further) cfnEventBusPolicy(hub, { ...rules, ...further }, { id: 'Further', sid: 'Further' });
    cfnEventBus(billing, 'Own', 'own');
    const role = executionRole(billing, ruleArn('orders/rule'), busArn('own', BILLING));
    cfnRule(billing, { arn: busArn('own', BILLING), roleArn: role.roleArn }, { eventBusName: busArn() });
    billing.addDependency(hub);
  });

const creator = { Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } } };
const ruleAsks: OracleQuestions = (allow) =>
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
        publishers: [EventPublisher.accounts(SHOP.account)],
      });
      const own = new EventBus(billing, 'Own', { eventBusName: 'own' });
      new CrossAccountRule(billing, 'Rule', {
        ruleName: 'rule',
        eventBus,
        eventPattern: SHOP_EVENTS,
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
      app: crossAccountRule({ ...creator, Principal: { AWS: rootArn(PARTNER) } }),
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
