import { App, Aspects, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import {
  CrossAccountEventBus,
  EventPublisher,
  AllowedEvents,
  LambdaEventTarget,
  WildcardPrincipalAspect,
} from '../../../src';
import { HUB, ORGANIZATION, SHOP, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';
import { busArn } from '../../support/three-accounts';

const UNITS = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  hub = testStack('Hub', HUB, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const messages = () => {
  Aspects.of(app).add(new WildcardPrincipalAspect());
  return messagesOf(hub);
};
const addRule = (eventPattern: unknown, more: object = {}) => {
  const {
    node: { defaultChild },
  } = new Rule(hub, 'Rule', { ruleName: 'take', eventBus: bus, eventPattern: { source: ['x'] }, ...more });
  (defaultChild as CfnRule).addPropertyOverride('EventPattern', eventPattern);
};
const FINDING = 'warning ruleMatchesAnyAccount /Hub/Rule/Resource';

/** A statement that allows any AWS account to put events on the bus. */
const allowAnyAccount = (overrides: object = {}, id = 'Open') => {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: bus.eventBusArn,
    ...overrides,
  };
  new CfnEventBusPolicy(hub, id, { statementId: id, eventBusName: 'orders', statement });
};
const PUBLIC = 'warning wildcardPrincipal /Hub/Open';

describe('a rule without an account is reported if the policy allows any AWS account', () => {
  test.each<[string, object]>([
    ['without a condition', {}],
    ['any source', { Condition: { StringLike: { 'events:source': '*' } } }],
    ['in any organization', { Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } }],
  ])('%s', (_, overrides) => {
    allowAnyAccount(overrides);
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), [PUBLIC, FINDING]);
  });

  test('by a wildcard in the action', () => {
    allowAnyAccount({ Action: 'events:Put*' });
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), ['warning wildcardAction /Hub/Open', PUBLIC, FINDING]);
  });

  test('in addition to an organization', () => {
    bus.allowPublisher(EventPublisher.organization(ORGANIZATION));
    allowAnyAccount();
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), [PUBLIC, FINDING]);
  });
});

describe('several rules without an account have one finding', () => {
  beforeEach(() => allowAnyAccount());
  const addRules = (...patterns: object[]) =>
    patterns.forEach(
      (eventPattern, i) => new CfnRule(hub, `Rule${i}`, { name: `rule${i}`, eventBusName: 'orders', eventPattern }),
    );
  const SHOP_EVENTS = { source: ['com.shop'] };

  test('for two rules', () => {
    addRules({ account: [SHOP.account] }, SHOP_EVENTS, SHOP_EVENTS);
    expectFindings(messages(), [PUBLIC, 'warning ruleMatchesAnyAccount /Hub/Rule1']);
  });

  test('for many rules', () => {
    addRules(...Array(5).fill(SHOP_EVENTS));
    expectFindings(messages(), [PUBLIC, 'warning ruleMatchesAnyAccount /Hub/Rule0']);
  });

  test('for those that certainly match, before those that may', () => {
    addRules({ account: { Ref: new CfnParameter(hub, 'Accounts').logicalId } }, SHOP_EVENTS);
    expectFindings(messages(), [PUBLIC, 'warning ruleMatchesAnyAccount /Hub/Rule1']);
  });

  test('on each bus', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: busArn('second') };
    new CfnEventBusPolicy(hub, 'Second', { statementId: 'Second', eventBusName: 'second', statement });
    addRules(SHOP_EVENTS);
    new CfnRule(hub, 'OnSecond', { name: 'second', eventBusName: 'second', eventPattern: SHOP_EVENTS });
    expectFindings(messages(), [
      PUBLIC,
      'warning wildcardPrincipal /Hub/Second',
      'warning ruleMatchesAnyAccount /Hub/Rule0',
      'warning ruleMatchesAnyAccount /Hub/OnSecond',
    ]);
  });
});

describe('if any AWS account can publish', () => {
  beforeEach(() => allowAnyAccount());

  test.each<[string, unknown]>([
    ['has other properties', { source: ['x'], 'detail-type': ['y'], detail: { account: ['222222222222'] } }],
    ['matches any account', { account: [{ exists: true }] }],
    ['matches accounts with any prefix', { account: [SHOP.account, { prefix: '' }] }],
    ['matches accounts by a wildcard', { account: [{ wildcard: '*' }] }],
    ['lists accounts in only one branch', { $or: [{ account: [SHOP.account] }, { source: ['x'] }] }],
    [
      'lists accounts in only one nested branch',
      { $or: [{ account: [SHOP.account] }, { $or: [{ account: ['1'] }, {}] }] },
    ],
    ['has no branch', { $or: [] }],
    ['is text', JSON.stringify({ source: ['x'] })],
    ['matches every event', {}],
    ['matches events of AWS services and others', { source: ['aws.s3', 'com.shop'] }],
    ['matches events of AWS services in only one branch', { $or: [{ source: ['aws.s3'] }, { source: ['x'] }] }],
    ['matches sources that are not those of AWS services', { source: [{ prefix: 'aws' }] }],
    ['excludes AWS services', { source: [{ 'anything-but': { prefix: 'aws.' } }] }],
  ])('a pattern is reported that %s', (_, pattern) => {
    addRule(pattern);
    expectFindings(messages(), [PUBLIC, FINDING]);
  });

  test.each<[string, unknown]>([
    ['lists accounts', { account: [SHOP.account] }],
    ['excludes accounts', { account: [{ 'anything-but': HUB.account }] }],
    [
      'lists accounts in every branch',
      { source: ['x'], $or: [{ account: [SHOP.account] }, { $or: [{ account: [HUB.account] }] }] },
    ],
    [
      'lists accounts in addition to branches',
      { account: [SHOP.account], $or: [{ source: ['x'] }, { source: ['y'] }] },
    ],
    ['matches events of AWS services', { source: ['aws.s3', 'aws.ec2'], detail: { x: ['y'] } }],
    ['matches events of all AWS services', { source: [{ prefix: 'aws.' }, { wildcard: 'aws.*' }] }],
    ['matches accounts or AWS services', { $or: [{ account: [SHOP.account] }, { source: ['aws.s3'] }] }],
    ['matches events of AWS services, as text', JSON.stringify({ source: ['aws.s3'] })],
    ['lists accounts, as text', JSON.stringify({ account: [SHOP.account] })],
  ])('a pattern is not reported that %s', (_, pattern) => {
    addRule(pattern);
    expectFindings(messages(), [PUBLIC]);
  });

  test.each<[string, () => unknown]>([
    ['a pattern', () => ({ 'Fn::If': ['Prod', { account: ['1'] }, { source: ['x'] }] })],
    ['accounts', () => ({ account: { Ref: new CfnParameter(hub, 'Accounts').logicalId } })],
  ])('a warning is reported for %s known only at deployment', (_, pattern) => {
    addRule(pattern());
    expectFindings(messages(), [PUBLIC, FINDING]);
  });

  test('disabled rules, scheduled rules and rules on other buses are not reported', () => {
    addRule({ source: ['x'] }, { enabled: false });
    new Rule(hub, 'Time', {
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaEventTarget(testFunction(hub, 'Handler'))],
    });
    new Rule(hub, 'Default', { eventPattern: { source: ['x'] } });
    expectFindings(messages(), [PUBLIC]);
  });
});

describe('a rule without an account is not reported', () => {
  test.each<[string, () => EventPublisher, AllowedEvents]>([
    ['if an organization can publish', () => EventPublisher.organization(ORGANIZATION), {}],
    ['if organizational units can publish', () => EventPublisher.organizationalUnits(UNITS), {}],
    [
      'if a service can publish for an organization',
      () => EventPublisher.service('ses.amazonaws.com', { sourceOrganization: ORGANIZATION }),
      {},
    ],
    ['if accounts are listed', () => EventPublisher.accounts(SHOP.account, '333333333333'), {}],
    ['if a role is listed', () => EventPublisher.role(`arn:aws:iam::${SHOP.account}:role/r`), {}],
  ])('%s', (_, publisher, allowedEvents) => {
    bus.allowPublisher(publisher(), allowedEvents);
    addRule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
  });

  test.each<[string, object]>([
    ['if the organization of the bus can publish', { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' }],
    [
      'if an organization that does not exist can publish, which another check reports',
      { 'aws:PrincipalOrgID': 'o-1' },
    ],
  ])('%s', (_, StringEquals) => {
    allowAnyAccount({ Condition: { StringEquals } });
    addRule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
  });

  test('if any AWS account can publish given sources', () => {
    allowAnyAccount({ Condition: { StringEquals: { 'events:source': 'com.shop' } } });
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), [PUBLIC]);
  });

  test('if an account of an organization is listed', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: SHOP.account },
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    };
    new CfnEventBusPolicy(hub, 'One', { statementId: 'One', eventBusName: 'orders', statement });
    addRule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
  });
});
