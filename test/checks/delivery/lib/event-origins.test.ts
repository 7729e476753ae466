import { App, Stack } from 'aws-cdk-lib';
import { AppIndex } from '../../../../src/app-model/app-index';
import {
  mayCarryEventsOf,
  mayPut,
  mayServicePut,
  receivesForwardedEvents,
  unknownForwarding,
} from '../../../../src/checks/delivery/lib/event-origins';
import { BILLING, HUB, ORGANIZATION, SHOP, testApp, testStack } from '../../../support/apps';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  executionRole,
  publisherRole,
  rootArn,
  ruleArn,
} from '../../../support/three-accounts';

const EVENT = { source: 'com.shop' };
const SERVICE = { Principal: { Service: 'ses.amazonaws.com' } };
const BY_RULE = { Condition: { Bool: { 'events:eventBusInvocation': 'true' } } };
const DIRECT = { Condition: { Bool: { 'events:eventBusInvocation': 'false' } } };

let app: App;
let hub: Stack;
let shop: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  shop = testStack('Shop', SHOP, app);
  cfnEventBus(hub);
});

/** The index of the app, and its bus `orders`. */
function parts() {
  const index = AppIndex.of(app);
  return { index, bus: index.bus(busArn())! };
}
const allow = (statement: object = {}, sid = 'Publishers') => cfnEventBusPolicy(hub, statement, { id: sid, sid });
/** A rule that sends events to the bus. */
const forward = (stack: Stack, props: object = {}, id = 'Rule') =>
  cfnRule(stack, { arn: busArn(), roleArn: 'arn:aws:iam::1:role/r' }, props, id);

describe('a bus receives forwarded events of its own account', () => {
  test.each<[string, () => unknown, boolean]>([
    ['by a rule there', () => forward(hub), true],
    ['not by a rule of another account', () => forward(shop), false],
    ['not without a rule', () => undefined, false],
    ['not by a rule to another bus', () => cfnRule(hub, { arn: busArn('other') }), false],
  ])('%s', (_, make, expected) => {
    make();
    const { index, bus } = parts();
    expect(receivesForwardedEvents(index, bus)).toBe(expected);
  });
});

describe('an account may put an event', () => {
  test.each<[string, object | undefined, string, boolean]>([
    ['by a statement', {}, SHOP.account, true],
    ['by a statement for rules', BY_RULE, SHOP.account, true],
    ['by a statement for direct calls', DIRECT, SHOP.account, true],
    ['not by one for another account', {}, BILLING.account, false],
    ['not by one for other events', { Condition: { StringEquals: { 'events:source': 'x' } } }, SHOP.account, false],
    ['not without one', undefined, SHOP.account, false],
  ])('%s', (_, statement, account, expected) => {
    if (statement) allow(statement);
    const { index, bus } = parts();
    expect(mayPut(index.policyOn(bus.arn).statements, bus, EVENT, account)).toBe(expected);
  });
});

describe('a service may put one of the events', () => {
  test.each<[string, object, boolean]>([
    ['by a statement', SERVICE, true],
    ['by one for one of them', { ...SERVICE, Condition: { StringEquals: { 'events:source': 'com.shop' } } }, true],
    ['not by one for other events', { ...SERVICE, Condition: { StringEquals: { 'events:source': 'x' } } }, false],
    ['not by one for another action', { ...SERVICE, Action: 'events:PutRule' }, false],
    ['not by one for an account', {}, false],
  ])('%s', (_, statement, expected) => {
    allow(statement);
    const { index, bus } = parts();
    expect(mayServicePut(index, bus, [EVENT, { source: 'other' }])).toBe(expected);
    expect(mayServicePut(index, bus, [])).toBe(false);
  });
});

describe('events of an account may be on a bus', () => {
  const carries = (account = SHOP.account) => {
    const { index, bus } = parts();
    return mayCarryEventsOf(index, bus, { account, pattern: { source: ['com.shop'] }, events: [EVENT] });
  };
  const billing = () => testStack('Billing', BILLING, app);

  test.each<[string, () => unknown, boolean]>([
    ['if it puts them there', () => allow(), true],
    ['not if it may only forward them, without a rule', () => allow(BY_RULE), false],
    ['if a service puts them there', () => allow(SERVICE), true],
    ['not without a statement', () => undefined, false],
    ['if its rule forwards them', () => forward(shop), true],
    ['not if its rule is disabled', () => forward(shop, { state: 'DISABLED' }), false],
    ['not if its rule forwards others', () => forward(shop, { eventPattern: { source: ['x'] } }), false],
    ['not if its rule is for another account', () => forward(shop, { eventPattern: { account: ['x'] } }), false],
    ['if a rule on a bus that the app does not define forwards them', () => forward(hub, { eventBusName: 'x' }), true],
    [
      'if a rule on a bus on which they are forwards them',
      () => {
        const stack = billing();
        cfnEventBus(stack, 'Relay', 'relay');
        cfnEventBusPolicy(stack, {}, { bus: 'relay' });
        forward(stack, { eventBusName: 'relay' });
      },
      true,
    ],
    [
      'not if a rule on a bus without them forwards what is there',
      () => {
        const stack = billing();
        cfnEventBus(stack, 'Relay', 'relay');
        forward(stack, { eventBusName: 'relay' });
      },
      false,
    ],
    [
      'not if two buses only forward to each other',
      () => {
        cfnEventBus(hub, 'Relay', 'relay');
        forward(hub, { eventBusName: 'relay' });
        cfnRule(hub, { arn: busArn('relay') }, { eventBusName: 'orders' }, 'Back');
      },
      false,
    ],
  ])('%s', (_, make, expected) => {
    make();
    expect(carries()).toBe(expected);
  });

  test('in the account of the bus', () => expect(carries(HUB.account)).toBe(true));

  test('if the account of the bus is known only at deployment', () => {
    const { index, bus } = parts();
    const unknown = { ...bus, account: '‹AWS::AccountId›' };
    const what = { account: SHOP.account, pattern: {}, events: [EVENT] };
    expect(mayCarryEventsOf(index, unknown, what)).toBe(true);
  });
});

describe('rules of other apps may forward events to a bus', () => {
  const named = { Principal: { AWS: rootArn(SHOP) } };
  const both = { Principal: { AWS: [rootArn(SHOP), rootArn(BILLING)] } };
  const organization = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };
  const elsewhere = { Principal: { AWS: rootArn(HUB) } };
  const ruleOfShop = () =>
    cfnRule(shop, { arn: busArn(), roleArn: executionRole(shop, ruleArn('rule', SHOP), busArn()).roleArn });

  test.each<[string, () => unknown, string]>([
    ['without a statement', () => undefined, 'none'],
    ['that allows direct calls', () => allow(DIRECT), 'none'],
    ['that allows other events', () => allow({ Condition: { StringEquals: { 'events:source': 'x' } } }), 'none'],
    ['that allows an account', () => allow(named), 'possible'],
    ['that allows an organization', () => [allow(organization), publisherRole(shop)], 'possible'],
    ['that allows the account of the bus', () => allow(elsewhere), 'unlikely'],
    ['that allows an account with a publisher', () => [allow(named), publisherRole(shop)], 'unlikely'],
    [
      'that allows an account with a role for another bus',
      () => [allow(named), publisherRole(shop, busArn('x'))],
      'possible',
    ],
    ['that allows an account with a rule', () => [allow(named), ruleOfShop()], 'unlikely'],
    ['that allows two accounts, one with a publisher', () => [allow(both), publisherRole(shop)], 'possible'],
    [
      'of which one allows an account without a publisher',
      () => [allow(named), allow({ Principal: { AWS: rootArn(BILLING) } }, 'More'), publisherRole(shop)],
      'possible',
    ],
    [
      'of which another one denies the account without a publisher',
      () => [allow(both), allow({ Effect: 'Deny', Principal: { AWS: rootArn(BILLING) } }, 'Stop'), publisherRole(shop)],
      'unlikely',
    ],
  ])('%s', (_, make, expected) => {
    make();
    const { index, bus } = parts();
    expect(unknownForwarding(index, bus, [EVENT])).toBe(expected);
  });

  test.each<[string, () => Stack, string]>([
    ['of its account', () => hub, 'possible'],
    ['not of another account', () => testStack('Billing', BILLING, app), 'none'],
  ])('over a bus %s', (_, stackOf, expected) => {
    const stack = stackOf();
    cfnEventBus(stack, 'Relay', 'relay');
    cfnEventBusPolicy(stack, named, { bus: 'relay' });
    forward(stack, { eventBusName: 'relay' });
    cfnRule(hub, { arn: busArn('relay') }, { eventBusName: 'orders' }, 'Back');
    const { index, bus } = parts();
    expect(unknownForwarding(index, bus, [EVENT])).toBe(expected);
  });
});
