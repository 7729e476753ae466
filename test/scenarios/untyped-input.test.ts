import { Lazy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventChecks,
  CrossAccountEventChecksPlugin,
  CrossAccountInvokePermission,
  CrossAccountPrincipal,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  WildcardPrincipalAspect,
} from '../../src';
import { HUB, REGION, SHOP, messagesOf, ordersApp, stackIn, testFunction } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { propertiesOf } from '../support/templates';

/** Input that TypeScript rejects and plain JavaScript does not. */
const untyped = (value: unknown) => value as any;
const ARN = `arn:aws:iam::${SHOP.account}:role/publisher`;
const TARGET = `arn:aws:events:${REGION}:${SHOP.account}:event-bus/own`;
const SHOP_ACCOUNT = EventPublisher.accounts(SHOP.account);

let bus: CrossAccountEventBus;
let hub: Stack;
beforeEach(() => ({ bus, hub } = ordersApp()));

const events = (allowedEvents: unknown) => () => bus.allowPublisher(SHOP_ACCOUNT, untyped(allowedEvents));
const rules = (allowedRules: unknown) => () => bus.allowRuleManagement(SHOP_ACCOUNT, untyped(allowedRules));
const allow = (publisher: () => unknown) => () => bus.allowPublisher(untyped(publisher()));
const service = (options: unknown) => allow(() => EventPublisher.service('ses.amazonaws.com', untyped(options)));
const role = (props: object) => () => {
  const shop = stackIn(hub.node.root as any, 'Shop', SHOP);
  testFunction(shop, 'Handler');
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  return new PublisherRole(shop, 'Role', { assumedBy, eventBuses: [bus], ...props });
};
const policy = (props: object) => () =>
  new CrossAccountEventBusPolicy(hub, 'Other', { eventBus: new CrossAccountEventBus(hub, 'Second'), ...props });
const checks = (options: object) => () => CrossAccountEventChecks.applyTo(hub, options);
const permission = (props: object) => () =>
  new CrossAccountInvokePermission(hub, 'Permission', {
    handler: testFunction(hub, 'Handler'),
    eventBusAccount: SHOP.account,
    ...props,
  });
const target = (props: object) => () => {
  const rule = new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] } });
  rule.addTarget(new LambdaEventTarget(testFunction(hub, 'Handler'), props));
};

describe('in plain JavaScript, no mistake makes a grant wider', () => {
  test.each<[string, () => unknown, property: string, hint: string]>([
    ['sources as text', events({ sources: 'shop.orders' }), 'sources', "['shop.orders']"],
    ['sources as a text token', events({ sources: Lazy.string({ produce: () => 'x' }) }), 'sources', 'a list'],
    ['sources that are null', events({ sources: null }), 'sources', 'a list'],
    ['sources as an object', events({ sources: { 0: 'shop' } }), 'sources', 'a list'],
    ['a source that is undefined', events({ sources: [undefined] }), 'sources', 'be text'],
    ['a source that is null', events({ sources: ['shop', null] }), 'sources', 'be text'],
    ['sources in a list in a list', events({ sources: [['shop']] }), 'sources', 'one by one'],
    ['detail types as text', events({ detailTypes: 'OrderPlaced' }), 'detailTypes', "['OrderPlaced']"],
    ['an unknown invocation', events({ invocation: 'rule' }), 'invocation', 'RULE or DIRECT'],
    ['a misspelled source', events({ source: ['shop'] }), 'allowedEvents', "use 'sources'"],
    ['a source in other letters', events({ Sources: ['shop'] }), 'allowedEvents', "use 'sources'"],
    ['a detail type as in patterns', events({ 'detail-type': ['x'] }), 'allowedEvents', "use 'detailTypes'"],
    ['a misspelled key among right ones', events({ sources: ['x'], type: 1 }), 'allowedEvents', 'use'],
    ['a misspelled key without a value', events({ source: undefined }), 'allowedEvents', "use 'sources'"],
    ['allowed events as text', events('shop.orders'), 'allowedEvents', 'sources'],
    ['allowed events as a list', events(['shop.orders']), 'allowedEvents', 'sources'],
    ['allowed events that are null', events(null), 'allowedEvents', 'sources'],
    ['allowed events that are produced later', events(Lazy.any({ produce: () => ({}) })), 'allowedEvents', 'later'],
    ['rules with sources as text', rules({ sources: 'shop.orders' }), 'sources', "['shop.orders']"],
    ['rules with targets as text', rules({ targetArns: TARGET }), 'targetArns', `['${TARGET}']`],
    ['rules with a misspelled key', rules({ targetArn: [TARGET] }), 'allowedRules', "use 'targetArns'"],
    ['rules as a list', rules(['shop.orders']), 'allowedRules', 'targetArns'],
    ['accounts in a list', allow(() => EventPublisher.accounts(untyped([SHOP.account]))), 'accounts', 'one by one'],
    ['an account that is undefined', allow(() => EventPublisher.accounts(untyped(undefined))), 'accounts', 'be text'],
    [
      'an organization that is undefined',
      allow(() => EventPublisher.organization(untyped(undefined))),
      'organization',
      'be text',
    ],
    [
      'units in a list',
      allow(() => EventPublisher.organizationalUnits(untyped(['o-a1b2c3d4e5/r-ab12/*']))),
      'organizationalUnits',
      'one by one',
    ],
    ['roles in a list', allow(() => EventPublisher.role(untyped([ARN]))), 'role', 'one role'],
    ['a role that is undefined', allow(() => EventPublisher.role(untyped(undefined))), 'role', 'a role or its ARN'],
    ['a principal as text', allow(() => EventPublisher.principal(untyped(ARN))), 'principal', 'EventPublisher.role()'],
    ['a publisher as text', allow(() => SHOP.account), 'publisher', 'EventPublisher.accounts()'],
    ['publishers that are no list', policy({ publishers: SHOP_ACCOUNT }), 'publishers', 'a list'],
    ['publishers as text', policy({ publishers: SHOP.account }), 'publishers', 'a list'],
    ['a service that is undefined', allow(() => EventPublisher.service(untyped(undefined))), 'service', 'be text'],
    ['accounts of a service as text', service({ sourceAccounts: SHOP.account }), 'sourceAccounts', 'a list'],
    ['a misspelled key of a service', service({ sourceAccount: [SHOP.account] }), 'options', "use 'sourceAccounts'"],
    ['options of a service as text', service(SHOP.account), 'options', 'sourceAccounts'],
    ['allowed events of a role with a misspelled key', role({ allowedEvents: { source: ['x'] } }), 'allowedEvents', ''],
    ['allowed events of a role that are misspelled', role({ allowedEvent: {} }), 'props', "use 'allowedEvents'"],
    ['buses of a role that are no list', role({ eventBuses: HUB }), 'eventBuses', 'a list'],
    [
      'a missing external ID',
      () => CrossAccountPrincipal.withExternalId(SHOP.account, untyped(undefined)),
      'externalIds',
      'be text',
    ],
    [
      'a missing organization of a principal',
      () => CrossAccountPrincipal.inOrganization(SHOP.account, untyped(undefined)),
      'organization',
      'be text',
    ],
    ['a permission for no account', permission({ eventBusAccount: undefined }), 'eventBusAccount', 'be set'],
    ['a permission with a misspelled role', permission({ role: {} }), 'props', 'executionRole'],
    ['a target with a misspelled restriction', target({ restrictToExecutionRoles: true }), 'props', 'Role'],
    ['trusted accounts as text', checks({ trustedAccounts: SHOP.account }), 'trustedAccounts', 'a list'],
    ['a trusted account that is undefined', checks({ trustedAccounts: [undefined] }), 'trustedAccounts', 'be text'],
    ['misspelled options of the checks', checks({ trustedAccount: [] }), 'options', "use 'trustedAccounts'"],
    [
      'misspelled options of the plugin',
      () => new CrossAccountEventChecksPlugin(untyped({ trustedOrganisations: [] })),
      'options',
      "use 'trustedOrganizations'",
    ],
    [
      'misspelled options of the aspect',
      () => new WildcardPrincipalAspect(untyped({ trustedAccount: [] })),
      'props',
      "use 'trustedAccounts'",
    ],
  ])('fails for %s', (_, use, property, hint) => {
    const message = errorOf(use);
    expect(message).toMatch(new RegExp(`^[\\w/]+(\\.\\w+\\(\\))?: '${property}' must [^]+, got [^]*; [^]+[^.]$`));
    expect(message).toContain(hint);
    expectMessage(message);
    expect(propertiesOf(hub, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });
});

test('other languages pass optional properties that are not set as undefined', () => {
  const unset = { sources: ['shop'], detailTypes: undefined, invocation: undefined };
  events(unset)();
  rules({ sources: ['shop'], detailTypes: undefined, targetArns: undefined })();
  service({ sourceAccounts: [SHOP.account], sourceArns: undefined, sourceOrganization: undefined })();
  role({ allowedEvents: unset, previousRoleNames: undefined, roleName: undefined })();
  expect(messagesOf(hub)).toEqual([]);
});

test('properties that come from a class or from another prototype are those of the object itself', () => {
  class Allowed {
    public readonly sources = ['shop'];
  }
  events(new Allowed())();
  events(Object.assign(Object.create(null), { sources: ['shop'] }))();
  expect(propertiesOf(hub, 'AWS::Events::EventBusPolicy')).toHaveLength(1);
});
