import { App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, ArnPrincipal, CompositePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AccountGrantForm,
  CrossAccountEventBus,
  EventBusInvocation,
  EventPublisher,
  AllowedEvents,
  AllowedRules,
} from '../../src';
import { HUB, ORGANIZATION, messagesOf, testApp, testStack } from '../support/apps';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const [A, B, THIRD] = ['222222222222', '333333333333', '444444444444'];
const OTHER_ORG = 'o-z9y8x7w6v5';
const ROOT = `${ORGANIZATION}/r-ab12/`;
const UNIT = `${ROOT}ou-ab12-11111111/`;
const CHILD = `${UNIT}ou-ab12-33333333/`;
const ROLE = `arn:aws:iam::${A}:role/shop`;
const USER = `arn:aws:iam::${A}:user/me`;
const SES = 'ses.amazonaws.com';
const IDENTITY = `arn:aws:ses:${HUB.region}:${A}:identity/shop.example`;
const { accounts, organization, organizationalUnits, role, principal, service } = EventPublisher;

interface Caller {
  account?: string;
  principalArn?: string;
  service?: string;
  [more: string]: unknown;
}
/** Whom a grant is for, whom it lets in, and some whom it must not. */
interface Kind {
  who: EventPublisher;
  form?: AccountGrantForm;
  in: Caller[];
  out: Caller[];
  welcome: object[];
}

const ANONYMOUS = { anonymous: true };
const ofUnit = (path: string, account = A) => ({ account, orgId: path.split('/')[0], orgPaths: [path] });
const withPolicies = (principalArn: string, tags: object = {}) => ({
  principalArn,
  policies: 'allowAll',
  context: tags,
});
const forSource = (more: object, name = SES) => ({ service: name, ...more });
const asIs = (principalArn: string) => withPolicies(principalArn);
const team = (value: string) => ({ 'aws:PrincipalTag/team': value });
/** Not quite the role or user of this ARN. */
const notQuite = (arn: string) => [
  `${arn}2`,
  arn.slice(0, -1),
  arn.toUpperCase().replace(/^.*:(ROLE|USER)/, (head) => head.toLowerCase()),
  arn.replace(A, THIRD),
  arn.replace(/\/(?=\w+$)/, '/team/'),
  /role/.test(arn) ? arn.replace('role', 'user') : arn.replace('user', 'role'),
];
/** Not of the organization, and one whose ID is longer. */
const OUTSIDE = [
  { account: A, orgId: null },
  ofUnit(UNIT.replace(ORGANIZATION, OTHER_ORG)),
  { account: A, orgId: `${ORGANIZATION}0` },
];
const UNITS_OUT = [
  ...OUTSIDE,
  ofUnit(ROOT),
  ofUnit(`${ROOT}ou-ab12-22222222/`),
  ofUnit(`${ROOT}ou-ab12-111111110/`),
  ofUnit(`${ROOT}ou-ab12-22222222/ou-ab12-11111111/`),
  ofUnit(UNIT.replace('r-ab12', 'r-cd34')),
  { ...ofUnit(UNIT), policies: [] },
  { account: A, orgId: ORGANIZATION },
];
const ACCOUNTS_OUT = [
  ...['222222222223', '122222222222', THIRD].map((account) => ({ account })),
  { account: A, policies: [] },
  { ...HUB, policies: [] },
  forSource({ sourceAccount: A }),
  ANONYMOUS,
  { ...ANONYMOUS, context: { 'aws:SourceAccount': A } },
];

const KINDS: { [name: string]: Kind } = {
  accounts: {
    who: accounts(A, B),
    in: [{ account: A }, { account: B }, withPolicies(USER)],
    out: ACCOUNTS_OUT,
    welcome: [{ account: A }, { account: B }],
  },
  'accounts in the compact form': {
    who: accounts(A, B, HUB.account),
    form: AccountGrantForm.COMPACT,
    in: [{ account: A }, { account: B }, HUB, withPolicies(ROLE)],
    out: ACCOUNTS_OUT,
    welcome: [{ account: A }, { account: B }],
  },
  'an organization': {
    who: organization(ORGANIZATION),
    in: [
      { account: A, orgId: ORGANIZATION },
      { account: B, orgId: ORGANIZATION },
      { ...HUB, orgId: ORGANIZATION, policies: [] },
    ],
    out: [
      ...OUTSIDE,
      { account: A, orgId: ORGANIZATION, policies: [] },
      { ...HUB, policies: [] },
      forSource({ sourceAccount: A, sourceOrgId: ORGANIZATION }),
      ANONYMOUS,
      { ...ANONYMOUS, context: { 'aws:SourceOrgID': ORGANIZATION } },
    ],
    welcome: [{ orgId: ORGANIZATION }],
  },
  'an organizational unit and those below': {
    who: organizationalUnits(`${UNIT}*`),
    in: [ofUnit(UNIT), ofUnit(CHILD, B)],
    out: UNITS_OUT,
    welcome: [{ orgPath: `${UNIT}*` }],
  },
  'an organizational unit alone': {
    who: organizationalUnits(UNIT),
    in: [ofUnit(UNIT), ofUnit(UNIT, B)],
    out: [...UNITS_OUT, ofUnit(CHILD)],
    welcome: [{ orgPath: UNIT }],
  },
  'a role': {
    who: role(ROLE),
    in: [withPolicies(ROLE)],
    welcome: [{ principalArn: ROLE }],
    out: [
      ...notQuite(ROLE).map(asIs),
      { principalArn: ROLE, policies: [] },
      { account: A },
      forSource({ sourceArn: ROLE }),
      ANONYMOUS,
    ],
  },
  'a role with a tag': {
    who: principal(new SessionTagsPrincipal(new ArnPrincipal(ROLE)).withConditions({ StringEquals: team('shop') })),
    in: [withPolicies(ROLE, team('shop'))],
    welcome: [{ principalArn: ROLE }],
    out: [
      ...notQuite(ROLE).map((arn) => withPolicies(arn, team('shop'))),
      { ...withPolicies(ROLE, team('shop')), policies: [] },
      ANONYMOUS,
      ...[
        {},
        team('shop2'),
        team('Shop'),
        team(''),
        { 'aws:PrincipalTag/unit': 'shop' },
        { 'aws:RequestTag/team': 'shop' },
      ].map((tags) => withPolicies(ROLE, tags)),
    ],
  },
  'an account or a user': {
    who: principal(new CompositePrincipal(new AccountPrincipal(B), new ArnPrincipal(USER))),
    in: [{ account: B }, withPolicies(USER), withPolicies(USER.replace(A, B))],
    welcome: [{ account: B }, { principalArn: USER }],
    out: [
      ...notQuite(USER).map(asIs),
      { principalArn: USER, policies: [] },
      { account: B, policies: [] },
      { account: A },
      ANONYMOUS,
    ],
  },
  'a service for accounts': {
    who: service(SES, { sourceAccounts: [A, B] }),
    in: [forSource({ sourceAccount: A }), forSource({ sourceAccount: B }), forSource({ sourceArn: IDENTITY })],
    out: [
      forSource({}),
      forSource({ sourceAccount: '222222222223' }),
      forSource({ sourceAccount: HUB.account }),
      forSource({ sourceAccount: A }, 'sns.amazonaws.com'),
      forSource({ sourceAccount: A }, 'sesv2.amazonaws.com'),
      { account: A },
      { ...ANONYMOUS, context: { 'aws:SourceAccount': A } },
    ],
    welcome: [
      { service: SES, sourceAccount: A },
      { service: SES, sourceAccount: B },
    ],
  },
  'a service for the account of the bus': {
    who: service(SES),
    in: [forSource({ sourceAccount: HUB.account })],
    out: [
      forSource({}),
      forSource({ sourceAccount: A }),
      forSource({ sourceAccount: '111111111112' }),
      forSource({ sourceAccount: HUB.account }, 'sns.amazonaws.com'),
    ],
    welcome: [{ service: SES, sourceAccount: HUB.account }],
  },
  'a service for a resource': {
    who: service(SES, { sourceArns: [IDENTITY] }),
    in: [forSource({ sourceArn: IDENTITY })],
    welcome: [{ service: SES, sourceArn: IDENTITY }],
    out: [
      ...[`${IDENTITY}s`, IDENTITY.replace('shop', 'pay'), IDENTITY.replace(A, B), IDENTITY.replace('eu', 'us')].map(
        (sourceArn) => forSource({ sourceArn }),
      ),
      forSource({}),
      forSource({ sourceAccount: A }),
      forSource({ sourceArn: IDENTITY }, 'sns.amazonaws.com'),
      { account: A },
      ANONYMOUS,
    ],
  },
  'a service for an organization': {
    who: service(SES, { sourceOrganization: ORGANIZATION }),
    in: [A, THIRD].map((sourceAccount) => forSource({ sourceAccount, sourceOrgId: ORGANIZATION })),
    out: [
      forSource({}),
      forSource({ sourceAccount: A }),
      ...[OTHER_ORG, `${ORGANIZATION}0`].map((sourceOrgId) => forSource({ sourceAccount: A, sourceOrgId })),
      forSource({ sourceAccount: A, sourceOrgId: ORGANIZATION }, 'sns.amazonaws.com'),
      { account: A, orgId: ORGANIZATION },
      ANONYMOUS,
    ],
    welcome: [{ service: SES, sourceOrgId: ORGANIZATION }],
  },
  'a service for a resource of an account of an organization': {
    who: service(SES, {
      sourceAccounts: [A],
      sourceArns: [`${IDENTITY.slice(0, -4)}*`],
      sourceOrganization: ORGANIZATION,
    }),
    in: [forSource({ sourceArn: IDENTITY, sourceOrgId: ORGANIZATION })],
    welcome: [{ service: SES, sourceArn: IDENTITY, sourceOrgId: ORGANIZATION }],
    out: [
      { sourceAccount: A, sourceOrgId: ORGANIZATION },
      { sourceArn: IDENTITY },
      { sourceArn: IDENTITY, sourceOrgId: OTHER_ORG },
      { sourceArn: IDENTITY, sourceAccount: B, sourceOrgId: ORGANIZATION },
      { sourceArn: IDENTITY.replace(A, B), sourceOrgId: ORGANIZATION },
    ].map((more) => forSource(more)),
  },
};

type Event = { source?: string; detailType?: string; byRule?: string };
const RULE = `arn:aws:events:${HUB.region}:${A}:rule/local/forward`;
const both = (event: Event): Event[] => [event, { ...event, byRule: RULE }];
const source = (...sources: string[]): Event[] =>
  sources.flatMap((s) => both({ source: s, detailType: 'OrderPlaced' }));
const detailType = (...types: string[]): Event[] => types.flatMap((t) => both({ source: 'com.shop', detailType: t }));
const NOT_SHOP = ['com.shop.x', 'x.com.shop', 'com.sho', 'Com.Shop', 'com.shop ', 'com.billing2', 'OrderPlaced'];
const NOT_PLACED = ['OrderPlaced2', 'Order', 'orderplaced', 'Re: OrderPlaced', 'OrderPlaced ', 'com.shop'];

/** A scope, events in it and events out of it. */
const SCOPES: [string, AllowedEvents | undefined, Event[], Event[]][] = [
  ['anything', undefined, [...both({}), ...source('com.shop', 'aws.ec2')], []],
  [
    'certain sources only',
    { sources: ['com.shop', 'com.billing'] },
    source('com.shop', 'com.billing'),
    [...both({}), ...source(...NOT_SHOP)],
  ],
  [
    'certain detail types only',
    { detailTypes: ['OrderPlaced', 'OrderPaid'] },
    detailType('OrderPlaced', 'OrderPaid'),
    [...both({}), ...detailType(...NOT_PLACED)],
  ],
  [
    'certain sources with certain detail types only',
    { sources: ['com.shop'], detailTypes: ['OrderPlaced'] },
    source('com.shop'),
    [
      ...both({}),
      ...both({ source: 'com.shop' }),
      ...both({ detailType: 'OrderPlaced' }),
      ...source(...NOT_SHOP),
      ...detailType(...NOT_PLACED),
    ],
  ],
  [
    'by rule only',
    { invocation: EventBusInvocation.RULE },
    [{ byRule: RULE }, { source: 'com.shop', byRule: RULE }],
    [{}, { source: 'com.shop' }],
  ],
  [
    'directly only',
    { invocation: EventBusInvocation.DIRECT },
    [{}, { source: 'com.shop' }],
    [{ byRule: RULE }, { source: 'com.shop', byRule: RULE }],
  ],
];

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

const busNamed = (name: string, form?: AccountGrantForm) =>
  new CrossAccountEventBus(stack, name, { eventBusName: name, accountGrantForm: form });

describeWithOracle('every kind of publisher', () => {
  test.each(SCOPES)('may publish %s, and nobody else may', (_, scope, within, outside) => {
    const questions = Object.entries(KINDS).flatMap(([kind, { who, form, in: welcomed, out, welcome }]) => {
      const name = kind.replace(/ /g, '-');
      busNamed(name, form).allowPublisher(who, scope);
      const bus = { account: HUB.account, name };
      const put = (expected: string, as: Caller, events: Event[]) =>
        events
          .filter(({ byRule }) => !as.service || !byRule) // a service puts events itself, no rule does it for it
          .map((event) => ({ putEvents: { as, bus, ...event }, expect: expected }));
      return [
        // Whom identity policies suffice, no scope limits.
        ...welcomed.flatMap((as) => [...put('allow', as, within), ...(as === HUB ? [] : put('deny', as, outside))]),
        ...out.flatMap((as) => put('deny', as, within)),
        { strangers: true, bus, welcome },
      ];
    });
    expectAnswers(app, { questions: [...questions, { noProblems: true }] });
    expect(messagesOf(stack)).toEqual([]);
  });
});

const RULE_ACTIONS = [
  'DeleteRule',
  'DescribeRule',
  'DisableRule',
  'EnableRule',
  'ListTagsForResource',
  'ListTargetsByRule',
  'PutRule',
  'PutTargets',
  'RemoveTargets',
  'TagResource',
  'UntagResource',
].map((action) => `events:${action}`);
const BUS_ACTIONS = ['DeleteEventBus', 'DescribeEventBus', 'TagResource', 'UpdateEventBus'].map(
  (action) => `events:${action}`,
);
const BUSES = `arn:aws:events:eu-west-1:${A}:event-bus/`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${A}:function:f`;

interface RuleRequest {
  source?: string[];
  detailType?: string[];
  targetArns?: string[];
}
const SHOP: RuleRequest = { source: ['com.shop'], detailType: ['OrderPlaced'], targetArns: [`${BUSES}local`] };
const except = (key: keyof RuleRequest, ...values: (string[] | undefined)[]): RuleRequest[] =>
  values.map((value) => ({ ...SHOP, [key]: value }));

/** Name of a bus, a scope of rules on it, and requests that are out of it: by the action that the scope is for. */
const RULE_SCOPES: [string, AllowedRules | undefined, string, RuleRequest[]][] = [
  ['any-rules', undefined, '', []],
  [
    'rules-of-sources',
    { sources: ['com.shop', 'com.billing'] },
    'events:PutRule',
    except('source', undefined, ['com.shop.x'], ['COM.SHOP'], ['com'], ['com.shop', 'com.other']),
  ],
  [
    'rules-of-detail-types',
    { detailTypes: ['OrderPlaced'] },
    'events:PutRule',
    except('detailType', undefined, ['OrderPlaced2'], ['orderplaced'], ['OrderPlaced', 'OrderPaid']),
  ],
  [
    'rules-with-targets',
    { targetArns: [`${BUSES}*`] },
    'events:PutTargets',
    except(
      'targetArns',
      undefined,
      [`${BUSES.replace(A, B)}local`],
      [`${BUSES.replace('eu', 'us')}local`],
      [FUNCTION],
      [`${BUSES}local`, FUNCTION],
    ),
  ],
];

const ownerOf = ({ account, principalArn }: Caller) => account ?? principalArn?.split(':')[4] ?? A;
/** A request about a rule that is the caller's own, unless it says otherwise. */
const manage = (expected: string, as: Caller, bus: string, action: string, more: object = {}) => ({
  manageRule: {
    as,
    action,
    rule: { account: HUB.account, bus, name: 'theirs' },
    ...SHOP,
    creatorAccount: ownerOf(as),
    ...more,
  },
  expect: expected,
});
const publish = (expected: string, as: Caller, name: string) => ({
  putEvents: { as, bus: { account: HUB.account, name }, source: 'com.shop', detailType: 'OrderPlaced' },
  expect: expected,
});

describeWithOracle('rules on a bus', () => {
  test.each([
    'accounts',
    'accounts in the compact form',
    'an organization',
    'an organizational unit and those below',
    'a role',
  ])('are made and managed by %s that may, each account its own, and by nobody else', (kind) => {
    const { who, form, in: publishers, out, welcome } = KINDS[kind];
    // Under a wildcard principals of the own account would need no identity policy: events they may put so, rules
    // they may not manage.
    const without = publishers.filter(({ account, policies }) => account === HUB.account && policies);
    const managers = publishers.filter((as) => !without.includes(as));
    // Whom identity policies suffice, the policy of the bus does not bound.
    const bounded = managers.filter((as) => as !== HUB);
    const questions: object[] = RULE_SCOPES.flatMap(([name, scope, action, outside]) => {
      busNamed(name, form).allowRuleManagement(who, scope);
      const bus = { account: HUB.account, name };
      const others = (as: Caller) => [HUB.account, A, B].filter((account) => account !== ownerOf(as));
      return [
        ...managers.flatMap((as) => RULE_ACTIONS.map((own) => manage('allow', as, name, own))),
        ...managers.map((as) => manage('allow', as, name, 'events:PutRule', { creatorAccount: undefined })),
        ...bounded.flatMap((as) =>
          RULE_ACTIONS.flatMap((own) =>
            others(as).map((creatorAccount) => manage('deny', as, name, own, { creatorAccount })),
          ),
        ),
        ...bounded.flatMap((as) => outside.map((more) => manage('deny', as, name, action, more))),
        ...bounded.flatMap((as) => [
          publish('deny', as, name),
          ...BUS_ACTIONS.map((own) => ({ manageBus: { as, action: own, bus }, expect: 'deny' })),
        ]),
        ...[...out, ...without].flatMap((as) => RULE_ACTIONS.map((own) => manage('deny', as, name, own))),
        { strangers: true, bus, welcome },
      ];
    });
    busNamed('publishers', form).allowPublisher(who);
    const open = busNamed('any-rules-and-events', form);
    open.allowPublisher(who);
    open.allowRuleManagement(who);
    questions.push(
      ...bounded.flatMap((as) => RULE_ACTIONS.map((action) => manage('deny', as, 'publishers', action))),
      ...publishers.flatMap((as) => [publish('allow', as, 'publishers'), publish('allow', as, 'any-rules-and-events')]),
      ...managers.map((as) => manage('allow', as, 'any-rules-and-events', 'events:PutRule')),
    );
    expectAnswers(app, { questions: [...questions, { noProblems: true }] });

    // The oracle knows no answer about the permissions of a bus, whose action has no resource: nobody is let do
    // anything else.
    const actions = propertiesOf(stack, 'AWS::Events::EventBusPolicy').flatMap(({ Statement: { Action } }) => Action);
    expect(new Set(actions)).toEqual(new Set([...RULE_ACTIONS, 'events:PutEvents']));
    expect(messagesOf(stack)).toEqual([]);
  });
});
