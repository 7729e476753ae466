import { App, Aws, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, OrganizationPrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AccountGrantForm,
  AllowedEvents,
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventBusInvocation,
  EventPublisher,
} from '../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, ordersApp, stackIn, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';
import { roleArn, ruleArn } from '../support/three-accounts';

const { accounts, organization, organizationalUnits, principal, role } = EventPublisher;
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;
const RULE = ruleArn('shop/forward', SHOP);
const IN_ANY_ACCOUNT = 'arn:aws:events:eu-west-1:*:rule/shop/forward';

let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ hub, bus } = ordersApp());
});

const statements = (stack = hub): any[] =>
  propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
const ids = (stack = hub) => propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ StatementId }) => StatementId);
const onRule = (arns: unknown, operator = 'ArnLike') => ({ [operator]: { 'aws:SourceArn': arns } });
/** The pattern in a template, whose partition is that of the stack. */
const inTemplate = (arn: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, arn.replace(/^arn:aws/, '')]],
});

describe('the rules of a publisher are a condition on aws:SourceArn', () => {
  test.each<[string, EventPublisher, object]>([
    ['of an account', accounts(SHOP.account), {}],
    ['of a role', role(roleArn('forward')), { StringEquals: { 'aws:PrincipalArn': expect.anything() } }],
    ['of an organization', organization(ORGANIZATION), { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
    [
      'of an organizational unit',
      organizationalUnits(UNIT),
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': UNIT } },
    ],
    ['of a principal', principal(new AccountPrincipal(SHOP.account)), {}],
    [
      'of a principal for any account in an organization',
      principal(new OrganizationPrincipal(ORGANIZATION)),
      { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    ],
  ])('%s', (_, publisher, others) => {
    bus.allowPublisher(publisher, { ruleArns: [RULE] });
    expect(statements().map(({ Condition }) => Condition)).toEqual([{ ...others, ...onRule(inTemplate(RULE)) }]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('beside those on the events', () => {
    bus.allowPublisher(accounts(SHOP.account), {
      sources: ['com.shop'],
      invocation: EventBusInvocation.RULE,
      ruleRegions: ['us-west-2', 'eu-west-1', 'eu-west-1'],
    });
    expect(statements()[0].Condition).toEqual({
      'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
      Null: { 'events:source': 'false' },
      Bool: { 'events:eventBusInvocation': 'true' },
      ...onRule(['eu-west-1', 'us-west-2'].map((region) => inTemplate(`arn:aws:events:${region}:*:rule/*`))),
    });
  });

  test('also if the accounts are in a condition', () => {
    const compact = new CrossAccountEventBus(hub, 'Compact', { accountGrantForm: AccountGrantForm.COMPACT });
    compact.allowPublisher(accounts(SHOP.account, BILLING.account), { ruleArns: [IN_ANY_ACCOUNT] });
    expect(statements().map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: { 'aws:PrincipalAccount': [SHOP.account, BILLING.account] },
        ...onRule(inTemplate(IN_ANY_ACCOUNT)),
      },
    ]);
  });

  test('negated for Regions from which rules may not forward events', () => {
    bus.allowPublisher(accounts(SHOP.account), { excludedRuleRegions: ['us-west-2'] });
    const arn = inTemplate('arn:aws:events:us-west-2:*:rule/*');
    expect(statements()[0].Condition).toEqual(onRule(arn, 'ArnNotLike'));
  });

  test.each(['forward-*', 'forward-?', '*-forward'])(
    'without rules on other buses, for %s on the default bus',
    (name) => {
      const arns = [`arn:aws:events:eu-west-1:*:rule/${name}`, ruleArn('forward', SHOP)];
      bus.allowPublisher(accounts(SHOP.account), { ruleArns: arns });
      expect(statements()[0].Condition).toEqual({
        ...onRule(arns.map(inTemplate)),
        ...onRule(inTemplate('arn:aws:events:*:*:rule/*/*'), 'ArnNotLike'),
      });
      expect(messagesOf(hub)).toEqual([]);
    },
  );

  test.each(['*', '?*', '**', 'shop/*', '*/forward', 'forward', 'shop*/forward-*', 'aws.partner/example.com/1/a'])(
    'without another condition, for %s',
    (name) => {
      bus.allowPublisher(accounts(SHOP.account), { ruleArns: [ruleArn(name, SHOP)] });
      expect(statements()[0].Condition).toEqual(onRule(inTemplate(ruleArn(name, SHOP))));
    },
  );

  test('in an environment-agnostic stack, with a Region of the partition in the ARN', () => {
    const stack = new Stack(hub.node.root as App, 'Agnostic');
    const agnostic = new CrossAccountEventBus(stack, 'Bus');
    const regions = ['cn-north-1', 'eu-west-1'];
    agnostic.allowPublisher(accounts(SHOP.account), { ruleRegions: regions });
    const mixed = RULE.replace('eu-west-1', 'cn-north-1');
    expectMessage(errorOf(() => agnostic.allowPublisher(accounts(SHOP.account), { ruleArns: [mixed] })));
  });

  test('in a partition other than aws', () => {
    const stack = testStack('China', { account: HUB.account, region: 'cn-north-1' });
    const china = new CrossAccountEventBus(stack, 'Bus');
    const arn = ruleArn('shop/forward', { ...SHOP, region: 'cn-northwest-1' }).replace('arn:aws:', 'arn:aws-cn:');
    china.allowPublisher(accounts(SHOP.account), { ruleArns: [arn] });
    china.allowPublisher(accounts(BILLING.account), { ruleRegions: ['cn-northwest-1'] });
    expect(messagesOf(stack)).toEqual([]);
    expectMessage(errorOf(() => china.allowPublisher(accounts(SHOP.account), { ruleRegions: ['eu-west-1'] })));
    expectMessage(errorOf(() => china.allowPublisher(accounts(SHOP.account), { ruleArns: [RULE] })));
    const mixed = RULE.replace('arn:aws:', 'arn:aws-cn:');
    expectMessage(errorOf(() => china.allowPublisher(accounts(SHOP.account), { ruleArns: [mixed] })));
  });
});

describe('grants that are limited to rules', () => {
  const SECOND = ruleArn('shop/second', SHOP);
  const withoutRules = () => {
    const orders = ordersApp();
    orders.bus.allowPublisher(accounts(SHOP.account), { sources: ['com.shop'] });
    return ids(orders.hub);
  };

  test('share a statement, whose ID depends neither on the order nor on the form of the partition', () => {
    const OTHER = ruleArn('forward', BILLING);
    bus.allowPublisher(accounts(SHOP.account, BILLING.account), { ruleArns: [RULE, OTHER] });
    bus.allowPublisher(accounts(BILLING.account, SHOP.account), {
      ruleArns: [OTHER.replace('arn:aws:', `arn:${Aws.PARTITION}:`), RULE],
    });
    expect(statements()).toHaveLength(1);
    expect(statements()[0].Principal.AWS).toHaveLength(2);
  });

  test('have another ID for other rules, and the IDs of other grants do not change', () => {
    const [before] = withoutRules();
    bus.allowPublisher(accounts(SHOP.account), { sources: ['com.shop'] });
    bus.allowPublisher(accounts(SHOP.account), { ruleArns: [RULE] });
    bus.allowPublisher(accounts(SHOP.account), { ruleArns: [SECOND] });
    bus.allowPublisher(accounts(SHOP.account), { ruleRegions: ['eu-west-1'] });
    bus.allowPublisher(accounts(SHOP.account), { excludedRuleRegions: ['eu-west-1'] });
    expect(new Set(ids()).size).toBe(5);
    expect(ids()).toEqual(expect.arrayContaining([before]));
  });

  test.each<[string, AllowedEvents, AllowedEvents, number]>([
    ['a grant without rules', {}, { ruleArns: [RULE] }, 1],
    ['a grant for more rules', { ruleArns: [RULE, SECOND] }, { ruleArns: [RULE] }, 1],
    ['a grant for other rules', { ruleArns: [SECOND] }, { ruleArns: [RULE] }, 2],
    ['a grant for more Regions', { ruleRegions: ['eu-west-1', 'us-west-2'] }, { ruleRegions: ['us-west-2'] }, 1],
    ['a grant without Regions', {}, { excludedRuleRegions: ['us-west-2'] }, 1],
    [
      'a grant that excludes fewer Regions',
      { excludedRuleRegions: ['us-west-2'] },
      { excludedRuleRegions: ['eu-west-1', 'us-west-2'] },
      1,
    ],
    ['a grant that excludes other Regions', { excludedRuleRegions: ['us-west-2'] }, { ruleRegions: ['eu-west-1'] }, 2],
    ['a grant for rules, of calls of PutEvents', { ruleArns: [RULE] }, { invocation: EventBusInvocation.DIRECT }, 2],
  ])('are omitted only if covered: %s', (_, wider, narrower, count) => {
    bus.allowPublisher(accounts(SHOP.account), narrower);
    bus.allowPublisher(accounts(SHOP.account), wider);
    expect(statements()).toHaveLength(count);
  });
});

describe('rules that are known only at deployment', () => {
  test('are in the condition', () => {
    const parameter = new CfnParameter(hub, 'Parameter').valueAsString;
    bus.allowPublisher(accounts(SHOP.account), { ruleArns: [parameter] });
    bus.allowPublisher(accounts(parameter), { ruleArns: [RULE] });
    bus.allowPublisher(accounts(BILLING.account), { ruleRegions: [Aws.REGION, parameter] });
    const list = new CfnParameter(hub, 'Rules', { type: 'CommaDelimitedList' }).valueAsList;
    bus.allowPublisher(accounts(BILLING.account), { ruleArns: list });
    expect(JSON.stringify(statements())).toContain('{"ArnLike":{"aws:SourceArn":{"Ref":"Rules"}}}');
    expect(JSON.stringify(statements())).toContain('{"ArnLike":{"aws:SourceArn":{"Ref":"Parameter"}}}');
  });

  test('are those of a rule in another stack of this app', () => {
    const shop = stackIn(hub.node.root as App, 'Shop', SHOP);
    const rule = new Rule(shop, 'Rule', { ruleName: 'forward', eventPattern: { source: ['com.shop'] } });
    bus.allowPublisher(accounts(SHOP.account), { ruleArns: [rule.ruleArn] });
    rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Imported', bus.eventBusArn)));
    expect(JSON.stringify(statements())).toContain(`:${SHOP.account}:rule/forward`);
    expect(() => bus.allowPublisher(accounts(BILLING.account), { ruleArns: [rule.ruleArn] })).toThrow(/'ruleArns'/);
  });

  test('fail at synthesis in another account than that of the publisher', () => {
    const later = Lazy.string({ produce: () => RULE });
    bus.allowPublisher(accounts(BILLING.account), { ruleArns: [later] });
    expectMessage(errorOf(() => (hub.node.root as App).synth()));
  });
});

describeWithOracle('rules in any account, by one name', () => {
  const put = (expected: string, account: string, byRule?: string, more: object = {}) => ({
    putEvents: { as: { account, ...more }, bus: { account: HUB.account, name: 'orders' }, ...(byRule && { byRule }) },
    expect: expected,
  });
  const inOrganization = { orgId: ORGANIZATION };

  test('are allowed within the organization only, and no call without a rule', () => {
    const app = testApp();
    const orders = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
    orders.allowPublisher(organization(ORGANIZATION), { ruleArns: [IN_ANY_ACCOUNT] });
    expectAnswers(app, {
      questions: [
        put('allow', SHOP.account, RULE, inOrganization),
        put('allow', BILLING.account, ruleArn('shop/forward', BILLING), inOrganization),
        put('deny', SHOP.account, RULE, { orgId: null }),
        put('deny', SHOP.account, ruleArn('forward', SHOP), inOrganization),
        put('deny', SHOP.account, ruleArn('shop/forward', { ...SHOP, region: 'us-west-2' }), inOrganization),
        put('deny', SHOP.account, undefined, inOrganization),
        { noProblems: true },
      ],
    });
  });

  test('are allowed on the default bus only, by a pattern', () => {
    const app = testApp();
    const orders = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
    orders.allowPublisher(accounts(SHOP.account), { ruleArns: [ruleArn('forward*', SHOP)] });
    expectAnswers(app, {
      questions: [
        put('allow', SHOP.account, ruleArn('forward', SHOP)),
        put('allow', SHOP.account, ruleArn('forward-orders', SHOP)),
        put('deny', SHOP.account, ruleArn('forward-bus/orders', SHOP)),
        put('deny', SHOP.account, ruleArn('orders', SHOP)),
        put('deny', SHOP.account),
        { noProblems: true },
      ],
    });
  });

  test('are allowed with one role only', () => {
    const app = testApp();
    const orders = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
    orders.allowPublisher(role(roleArn('forward')), { ruleArns: [RULE] });
    const as = (name: string, byRule?: string) =>
      put('deny', SHOP.account, byRule, { principalArn: roleArn(name), policies: 'allowAll' });
    expectAnswers(app, {
      questions: [
        { ...as('forward', RULE), expect: 'allow' },
        as('forward'),
        as('other', RULE),
        as('forward', ruleArn('shop/other', SHOP)),
        { noProblems: true },
      ],
    });
    expect(statements(orders.stack)[0].Principal).toEqual({ AWS: { 'Fn::Join': expect.anything() } });
  });
});
