import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventBusPolicy, EventPublisher } from '../../src';
import { messagesOf, testApp, testStack } from '../support/apps';
import { describeWithOracle, expectAnswers } from '../support/oracle';

/*
 * The examples of EventBridge's user guide, "Permissions for event buses", each as one call and evaluated against its
 * purpose in the guide. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
 */
const OWNER = '123456789012';
const SENDER = '111122223333';
const SECOND = '444455556666';
const NEIGHBOURS = ['111122223334', '211122223333', '999999999999'].map((account) => ({ account }));
const ORG = 'o-1234567890';
const UNIT = `${ORG}/r-ab12/ou-ab12-11111111/`;
const CHILD = `${UNIT}ou-ab12-33333333/`;
const WEB_STORE = 'com.exampleCorp.webStore';
const NEW_ORDER = 'newOrderCreated';
const order = { source: WEB_STORE, detailType: NEW_ORDER };

type Grants = CrossAccountEventBusPolicy | CrossAccountEventBus;
/** A request to put an event, by default from SENDER. */
interface Request {
  as?: object;
  source?: string;
  detailType?: string;
  byRule?: string;
}
interface Example {
  /** Name of the bus, by default central-event-bus, and its account. */
  bus?: string;
  owner?: string;
  call: (grants: Grants) => void;
  allowed: Request[];
  denied: Request[];
  welcome: object[];
}

const { accounts, organization, organizationalUnits } = EventPublisher;
const from = (...principals: object[]): Request[] => principals.map((as) => ({ as }));
const member = (path: string, account = SECOND) => ({ account, orgId: path.split('/')[0], orgPaths: [path] });
const ruleOf = (region: string, rule: string, account = SENDER) => `arn:aws:events:${region}:${account}:rule/${rule}`;
const byRules = (...byRule: string[]): Request[] => byRule.map((arn) => ({ byRule: arn }));
const withoutPolicy = { account: SENDER, policies: [] };
const CROSS_REGION = 'CrossRegionBus/SendToUSE1AnotherAccount';

const EXAMPLES: [string, Example][] = [
  [
    'one account sends to the default bus',
    {
      bus: 'default',
      call: (bus) => bus.allowPublisher(accounts(SENDER)),
      allowed: [{}, order, ...byRules(ruleOf('us-east-1', 'any'))],
      denied: from(withoutPolicy, ...NEIGHBOURS, { account: OWNER, policies: [] }, { anonymous: true }),
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'several accounts send',
    {
      call: (bus) => bus.allowPublisher(accounts(SENDER, SECOND)),
      allowed: from({ account: SENDER }, { account: SECOND }),
      denied: from(...NEIGHBOURS, withoutPolicy, { account: SECOND, policies: [] }, { account: '444455556667' }),
      welcome: [{ account: SENDER }, { account: SECOND }],
    },
  ],
  [
    'the accounts in an organization send',
    {
      call: (bus) => bus.allowPublisher(organization(ORG)),
      allowed: from({ account: SENDER, orgId: ORG }, { account: SECOND, orgId: ORG }),
      denied: from(
        { account: SENDER, orgId: null },
        { account: SENDER, orgId: `${ORG}1` },
        { account: SENDER, orgId: 'o-0987654321' },
        { ...withoutPolicy, orgId: ORG },
        { service: 's3.amazonaws.com', sourceAccount: SENDER, sourceOrgId: ORG },
        { anonymous: true },
      ),
      welcome: [{ orgId: ORG }],
    },
  ],
  [
    'the accounts in an organizational unit and its children send',
    {
      call: (bus) => bus.allowPublisher(organizationalUnits(`${UNIT}*`)),
      allowed: from(member(UNIT), member(CHILD), member(`${CHILD}ou-ab12-44444444/`)),
      denied: from(
        member(`${ORG}/r-ab12/`),
        member(`${ORG}/r-ab12/ou-ab12-22222222/`),
        member(`${ORG}/r-ab12/ou-ab12-111111110/`),
        member(UNIT.replace(ORG, 'o-0987654321')),
        { ...member(UNIT), policies: [] },
        { account: SENDER, orgId: ORG },
        { account: SENDER, orgId: null },
      ),
      welcome: [{ orgPath: `${UNIT}*` }],
    },
  ],
  [
    'the accounts directly in an organizational unit send',
    {
      call: (bus) => bus.allowPublisher(organizationalUnits(UNIT)),
      allowed: from(member(UNIT), member(UNIT, SENDER)),
      denied: from(
        member(CHILD),
        member(`${ORG}/r-ab12/`),
        member(`${ORG}/r-ab12/ou-ab12-22222222/`),
        member(UNIT.replace(ORG, 'o-0987654321')),
      ),
      welcome: [{ orgPath: UNIT }],
    },
  ],
  [
    'an account sends events with one source only',
    {
      call: (bus) => bus.allowPublisher(accounts(SENDER), { sources: [WEB_STORE] }),
      allowed: [{ source: WEB_STORE }, order],
      denied: [
        {},
        { source: `${WEB_STORE}.x` },
        { source: 'com.exampleCorp' },
        { source: WEB_STORE.toLowerCase() },
        { as: { account: SECOND }, ...order },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'an account sends events with one detail type only',
    {
      call: (bus) => bus.allowPublisher(accounts(SENDER), { detailTypes: [NEW_ORDER] }),
      allowed: [{ detailType: NEW_ORDER }, order],
      denied: [
        {},
        { source: NEW_ORDER },
        { detailType: `${NEW_ORDER}2` },
        { detailType: 'NewOrderCreated' },
        { as: { account: SECOND }, ...order },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'an account sends events with one source and detail type only',
    {
      call: (bus) => bus.allowPublisher(accounts(SENDER), { sources: [WEB_STORE], detailTypes: [NEW_ORDER] }),
      allowed: [order, { ...order, byRule: ruleOf('us-east-1', 'orders/new') }],
      denied: [
        {},
        { source: WEB_STORE },
        { detailType: NEW_ORDER },
        { source: NEW_ORDER, detailType: WEB_STORE },
        { ...order, source: 'com.exampleCorp.invoices' },
        { ...order, as: withoutPolicy },
        ...NEIGHBOURS.map((as) => ({ ...order, as })),
        { ...order, as: { account: OWNER, policies: [] } },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'the account of the bus sends to it',
    {
      bus: 'CustomBus1',
      owner: SENDER,
      call: (bus) => bus.allowPublisher(accounts(SENDER)),
      allowed: [{}, order],
      denied: from(withoutPolicy, { account: OWNER }, ...NEIGHBOURS, { anonymous: true }),
      welcome: [],
    },
  ],
  [
    'certain rules in an account send from other Regions',
    {
      bus: 'CrossRegionBus',
      call: (bus) =>
        bus.allowPublisher(accounts(SENDER), {
          ruleArns: [ruleOf('us-west-2', CROSS_REGION), ruleOf('me-south-1', CROSS_REGION)],
        }),
      allowed: byRules(ruleOf('us-west-2', CROSS_REGION), ruleOf('me-south-1', CROSS_REGION)),
      denied: [
        {},
        ...byRules(
          ruleOf('us-west-1', CROSS_REGION),
          ruleOf('us-west-2', `${CROSS_REGION}2`),
          ruleOf('us-west-2', 'SendToUSE1AnotherAccount'),
        ),
        { as: { account: SECOND }, byRule: ruleOf('us-west-2', CROSS_REGION, SECOND) },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'an account sends from certain Regions',
    {
      bus: 'CrossRegionBus',
      call: (bus) => bus.allowPublisher(accounts(SENDER), { ruleRegions: ['us-west-2', 'me-south-1'] }),
      allowed: byRules(ruleOf('us-west-2', CROSS_REGION), ruleOf('me-south-1', 'any')),
      denied: [
        {},
        ...byRules(ruleOf('us-west-1', CROSS_REGION), ruleOf('us-east-1', 'any')),
        { as: { account: SECOND }, byRule: ruleOf('us-west-2', 'any', SECOND) },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
  [
    'an account sends, but not from a certain Region',
    {
      bus: 'CrossRegionBus',
      call: (bus) => bus.allowPublisher(accounts(SENDER), { excludedRuleRegions: ['us-west-2'] }),
      allowed: [{}, order, ...byRules(ruleOf('us-west-1', CROSS_REGION), ruleOf('us-east-1', 'any'))],
      denied: [
        ...byRules(ruleOf('us-west-2', CROSS_REGION), ruleOf('us-west-2', 'any')),
        { as: { account: SECOND }, byRule: ruleOf('us-east-1', 'any', SECOND) },
        { as: withoutPolicy, byRule: ruleOf('us-east-1', 'any') },
      ],
      welcome: [{ account: SENDER }],
    },
  ],
];

/** The grants on the bus of an example: on the existing default bus, or on a new one. */
function grantsOn(stack: Stack, bus: string): Grants {
  return bus === 'default'
    ? new CrossAccountEventBusPolicy(stack, 'Grants', {
        eventBus: EventBus.fromEventBusName(stack, 'Default', 'default'),
      })
    : new CrossAccountEventBus(stack, 'Bus', { eventBusName: bus });
}

describeWithOracle('each example of the user guide is one call, with which', () => {
  test.each(EXAMPLES)(
    '%s, and no other principal',
    (_, { bus: name = 'central-event-bus', owner = OWNER, call, allowed, denied, welcome }) => {
      const app = testApp();
      const stack = testStack('Hub', { account: owner, region: 'us-east-1' }, app);
      call(grantsOn(stack, name));
      const bus = { account: owner, name };
      const put = (expected: string) => (request: Request) => ({
        putEvents: { as: { account: SENDER }, bus, ...request },
        expect: expected,
      });
      expectAnswers(app, {
        questions: [
          ...allowed.map(put('allow')),
          ...denied.map(put('deny')),
          { strangers: true, bus, welcome },
          { noProblems: true },
        ],
      });
      expect(messagesOf(stack)).toEqual([]);
    },
  );

  test('an account creates and manages its own rules, for events with one source only', () => {
    const app = testApp();
    const hub = new CrossAccountEventBus(testStack('Hub', { account: OWNER, region: 'us-east-1' }, app), 'Bus', {
      eventBusName: 'central-event-bus',
    });
    hub.allowRuleManagement(accounts(SENDER), { sources: [WEB_STORE] });

    const bus = { account: OWNER, name: 'central-event-bus' };
    const rule = { account: OWNER, bus: 'central-event-bus', name: 'invoices' };
    const actions = [
      'PutRule',
      'DeleteRule',
      'DescribeRule',
      'DisableRule',
      'EnableRule',
      'PutTargets',
      'RemoveTargets',
    ].map((action) => `events:${action}`);
    const manageRule = (expected: string, more: object = {}) => ({
      manageRule: { as: { account: SENDER }, action: 'events:PutRule', rule, source: [WEB_STORE], ...more },
      expect: expected,
    });
    expectAnswers(app, {
      questions: [
        manageRule('allow'),
        ...actions.flatMap((action) => [
          manageRule('allow', { action, creatorAccount: SENDER }),
          manageRule('deny', { action, creatorAccount: OWNER }),
          manageRule('deny', { action, creatorAccount: SECOND }),
          manageRule('deny', { action, creatorAccount: SECOND, as: { account: SECOND } }),
          manageRule('deny', { action, creatorAccount: SENDER, as: withoutPolicy }),
          manageRule('deny', { action, creatorAccount: SENDER, rule: { account: OWNER, name: 'invoices' } }),
        ]),
        ...[undefined, [`${WEB_STORE}.x`], [WEB_STORE, 'com.exampleCorp.invoices'], [WEB_STORE.toUpperCase()]].map(
          (source) => manageRule('deny', { source }),
        ),
        { putEvents: { as: { account: SENDER }, bus, ...order }, expect: 'deny' },
        { strangers: true, bus, welcome: [{ account: SENDER }] },
        { noProblems: true },
      ],
    });
    expect(messagesOf(hub.stack)).toEqual([]);
  });
});
