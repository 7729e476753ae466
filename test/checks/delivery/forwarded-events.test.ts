import { CfnEventBus, CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import { OracleQuestions, faults } from '../../support/faults';
import {
  PARTNER,
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  functionArn,
  inThreeAccounts,
  publisherRole,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const SHOP_EVENTS = { source: ['com.shop'], account: [SHOP.account] };
const OWN_ACCOUNT = { account: [HUB.account] };

interface HubAndSpoke {
  /** The statement of the policy of the hub; null for none. @default - account 222222222222 may put events */
  readonly hubStatement?: object | null;
  /** The bus of the forwarding rule. @default - the hub */
  readonly forwardedFrom?: string;
  readonly forwarded?: object;
  /** The statement of the policy of the bus `local`. @default - the account of the hub may put events */
  readonly spokeStatement?: object;
  /** What the rule on the bus `local` matches. @default - the events of account 222222222222 */
  readonly received?: object;
  readonly more?: (three: ThreeAccounts) => unknown;
}

/** A rule on the bus `orders` of account 111111111111 forwards events to the bus `local` of account 333333333333. */
const hubAndSpoke = ({
  hubStatement = {},
  forwardedFrom = 'orders',
  forwarded = { source: ['com.shop'] },
  spokeStatement = {},
  received = SHOP_EVENTS,
  more,
}: HubAndSpoke = {}) =>
  inThreeAccounts((three) => {
    const { hub, billing } = three;
    const bus = cfnEventBus(hub);
    if (hubStatement) cfnEventBusPolicy(hub, hubStatement);
    const rule = forwardedFrom === 'default' ? 'forward' : `${forwardedFrom}/forward`;
    const { roleArn } = executionRole(hub, ruleArn(rule), busArn('local', BILLING));
    const eventBusName = forwardedFrom === 'default' ? undefined : forwardedFrom;
    const target = { arn: busArn('local', BILLING), roleArn };
    cfnRule(hub, target, { eventBusName, eventPattern: forwarded }, 'Forward').node.addDependency(bus);
    hub.addDependency(billing);
    spoke(three, spokeStatement, received);
    more?.(three);
  });

/** The bus `local` of account 333333333333, on which the account of the hub may put events, with a rule. */
function spoke({ billing }: ThreeAccounts, statement: object, eventPattern: object): CfnRule {
  const local = cfnEventBus(billing, 'Local', 'local');
  const fromHub = { Principal: { AWS: rootArn(HUB) }, ...statement };
  cfnEventBusPolicy(billing, fromHub, { id: 'FromHub', bus: 'local', sid: 'FromHub' }).node.addDependency(local);
  const permission = cfnPermission(billing, 'handler', ruleArn('local/rule', BILLING));
  permission.node.addDependency(testFunction(billing, 'Handler', { functionName: 'handler' }));
  const rule = cfnRule(billing, { arn: functionArn('handler', BILLING) }, { eventBusName: 'local', eventPattern });
  rule.node.addDependency(local);
  return rule;
}

/** Whether an event that an account puts on the hub arrives in account 333333333333. */
const fromHub =
  (account: string, principal: object = {}): OracleQuestions =>
  (arrives) => [
    {
      path: {
        from: { account, policies: 'allowAll', ...principal },
        to: { bus: 'Hub/Bus' },
        event: { source: 'com.shop', detailType: 'OrderPlaced' },
        [arrives ? 'reaches' : 'notReaches']: ['Billing/Handler'],
      },
    },
  ];

const fault = (options: HubAndSpoke) => ({ at: '/Billing/Rule', app: hubAndSpoke(options) });
const faultUnasked = (options: HubAndSpoke) => ({ ...fault(options), asks: 'nothing' as const });
const organization = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };
const service = (StringEquals: object) => ({
  Principal: { Service: 'ses.amazonaws.com' },
  Condition: { StringEquals },
});

/** In account 111111111111, a rule on the bus `inbox` forwards to the bus `orders`, which has no policy. */
const relay = (inboxStatement: object, more?: (three: ThreeAccounts) => unknown) =>
  inThreeAccounts((three) => {
    const { hub } = three;
    cfnEventBus(hub);
    const inbox = cfnEventBus(hub, 'Inbox', 'inbox');
    cfnEventBusPolicy(hub, inboxStatement, { bus: 'inbox' }).node.addDependency(inbox);
    const { roleArn } = executionRole(hub, ruleArn('inbox/relay'), busArn());
    cfnRule(
      hub,
      { arn: busArn(), roleArn },
      { eventBusName: 'inbox', eventPattern: { source: ['com.shop'] } },
      'Relay',
    );
    cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern: SHOP_EVENTS });
    more?.(three);
  });

faults('a pattern for events that a rule forwards', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'warning',
  asks: fromHub(SHOP.account),
  healthy: {
    'the publisher that the hub allows': hubAndSpoke(),
    'the publisher that the hub allows, with every field of the forwarding rule': hubAndSpoke({
      forwarded: { ...SHOP_EVENTS, 'detail-type': [{ prefix: 'Order' }] },
    }),
    'the publisher, where the hub excludes the account to which it forwards': hubAndSpoke({
      forwarded: { account: [{ 'anything-but': BILLING.account }] },
    }),
    'a member of an organization': {
      app: hubAndSpoke({ hubStatement: organization }),
      asks: fromHub(SHOP.account, { orgId: ORGANIZATION }),
    },
    'the account of the hub': {
      app: hubAndSpoke({ received: { source: ['com.shop'], ...OWN_ACCOUNT } }),
      asks: fromHub(HUB.account),
    },
    'the publisher on the default bus of another account, whose policy this app does not define': {
      app: hubAndSpoke({ forwardedFrom: 'default' }),
      asks: 'nothing',
    },
    'the publisher, by a bus policy for rules only': hubAndSpoke({
      spokeStatement: { Condition: { Bool: { 'events:eventBusInvocation': 'true' } } },
    }),
    'a publisher that a rule of another app may forward': {
      app: inThreeAccounts((three) => spoke(three, {}, SHOP_EVENTS)),
      asks: 'nothing',
    },
    'a publisher that a rule of an organization may forward': {
      app: inThreeAccounts((three) =>
        spoke(
          three,
          { ...organization, Condition: { ...organization.Condition, Bool: { 'events:eventBusInvocation': 'true' } } },
          SHOP_EVENTS,
        ),
      ),
      asks: 'nothing',
    },
    'a publisher over another bus of the account': {
      app: relay({}),
      asks: 'nothing',
    },
    'a publisher over another bus of the account, on which a rule of another app may forward it': {
      app: relay({ Principal: { AWS: rootArn(PARTNER) } }),
      asks: 'nothing',
    },
    'two buses that forward to each other': {
      app: relay({}, ({ hub }) => {
        const { roleArn } = executionRole(hub, ruleArn('orders/back'), busArn('inbox'), undefined, { id: 'Return' });
        const eventPattern = { source: ['com.hub'] };
        cfnRule(hub, { arn: busArn('inbox'), roleArn }, { eventBusName: 'orders', eventPattern }, 'Back');
      }),
      asks: 'nothing',
    },
    'constructs of this library': {
      app: inThreeAccounts((three) => {
        const { hub, billing, shop } = three;
        const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(SHOP.account)] });
        const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
        new PublisherRole(shop, 'Role', { assumedBy, eventBuses: [bus] });
        const local = new CrossAccountEventBus(billing, 'Local');
        const eventPattern = { account: [SHOP.account] };
        const targets = [new LambdaEventTarget(testFunction(billing, 'Handler'))];
        new Rule(billing, 'Rule', { eventBus: local, eventPattern, targets });
        new Rule(hub, 'Forward', { eventBus: bus, eventPattern, targets: [new CrossAccountEventBusTarget(local)] });
      }),
      asks: 'nothing',
    },
    'a service as the publisher': {
      app: inThreeAccounts((three) =>
        spoke(three, service({ 'aws:SourceAccount': SHOP.account }), { source: ['aws.ses'], account: [SHOP.account] }),
      ),
      asks: 'nothing',
    },
    'a service as the publisher, and no account': {
      app: inThreeAccounts((three) =>
        spoke(three, service({ 'aws:SourceAccount': BILLING.account }), { source: ['aws.ses'] }),
      ),
      asks: 'nothing',
    },
    'a partner event bus': {
      app: inThreeAccounts(({ hub }) => {
        const name = 'aws.partner/example.com/orders';
        new CfnEventBus(hub, 'Bus', { name, eventSourceName: name });
        cfnRuleToQueue(hub, { eventBusName: name, eventPattern: { account: [SHOP.account] } });
      }),
      asks: 'nothing',
    },
  },
  faulty: {
    'an account that the hub does not allow': fault({ hubStatement: { Principal: { AWS: rootArn(PARTNER) } } }),
    'another account on a hub without policy': fault({ hubStatement: null }),
    'a source that the hub does not allow': fault({
      hubStatement: { Condition: { StringEquals: { 'events:source': 'com.other' } } },
      forwarded: { source: [{ prefix: 'com.' }] },
    }),
    'a source that the hub does not forward': fault({ forwarded: { source: ['com.other'] } }),
    'an account that the hub does not forward': fault({ forwarded: OWN_ACCOUNT }),
    'a disabled forwarding rule, where the account publishes itself': faultUnasked({
      more: ({ hub }) => {
        (hub.node.findChild('Forward') as CfnRule).state = 'DISABLED';
        publisherRole(hub, busArn('local', BILLING));
      },
    }),
    'an account other than that of the only publisher': {
      at: '/Billing/Rule',
      app: inThreeAccounts((three) => {
        spoke(three, {}, SHOP_EVENTS);
        publisherRole(three.hub, busArn('local', BILLING));
      }),
      asks: 'nothing',
    },
    'a bus policy that no rule matches': {
      at: '/Billing/Rule',
      level: 'error',
      app: inThreeAccounts((three) =>
        spoke(three, { Condition: { Bool: { 'events:eventBusInvocation': 'false' } } }, SHOP_EVENTS),
      ),
      asks: 'nothing',
    },
    'a service that may put other sources only': {
      at: '/Billing/Rule',
      level: 'error',
      app: inThreeAccounts((three) =>
        spoke(three, service({ 'aws:SourceAccount': SHOP.account, 'events:source': 'aws.ses' }), {
          source: ['aws.s3'],
          account: [SHOP.account],
        }),
      ),
      asks: 'nothing',
    },
    'another bus of the account that does not allow the publisher': {
      at: '/Hub/Rule',
      app: relay({ Principal: { AWS: rootArn(BILLING) } }, ({ billing }) => publisherRole(billing, busArn('inbox'))),
      asks: 'nothing',
    },
  },
});
