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

describe('a rule without an account is reported if the policy allows', () => {
  test.each<[string, () => EventPublisher]>([
    ['an organization', () => EventPublisher.organization(ORGANIZATION)],
    ['organizational units', () => EventPublisher.organizationalUnits(UNITS)],
    [
      'a service for an organization',
      () => EventPublisher.service('ses.amazonaws.com', { sourceOrganization: ORGANIZATION }),
    ],
  ])('%s', (_, publisher) => {
    bus.allowPublisher(publisher());
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), [FINDING]);
  });

  test('any AWS account', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:Put*',
      Resource: bus.eventBusArn,
      Condition: { StringLike: { 'events:source': '*' } },
    };
    new CfnEventBusPolicy(hub, 'Open', { statementId: 'Open', eventBusName: 'orders', statement });
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), ['warning wildcardAction /Hub/Open', 'warning wildcardPrincipal /Hub/Open', FINDING]);
  });

  test('the organization of the bus', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } },
    };
    new CfnEventBusPolicy(hub, 'Own', { statementId: 'Own', eventBusName: 'orders', statement });
    addRule({ source: ['com.shop'] });
    expectFindings(messages(), [FINDING]);
  });
});

describe('if an organization can publish', () => {
  beforeEach(() => bus.allowPublisher(EventPublisher.organization(ORGANIZATION)));

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
  ])('a pattern is reported that %s', (_, pattern) => {
    addRule(pattern);
    expectFindings(messages(), [FINDING]);
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
    ['lists accounts, as text', JSON.stringify({ account: [SHOP.account] })],
  ])('a pattern is not reported that %s', (_, pattern) => {
    addRule(pattern);
    expect(messages()).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ['a pattern', () => ({ 'Fn::If': ['Prod', { account: ['1'] }, { source: ['x'] }] })],
    ['accounts', () => ({ account: { Ref: new CfnParameter(hub, 'Accounts').logicalId } })],
  ])('a warning is reported for %s known only at deployment', (_, pattern) => {
    addRule(pattern());
    expectFindings(messages(), [FINDING]);
  });

  test('disabled rules, scheduled rules and rules on other buses are not reported', () => {
    addRule({ source: ['x'] }, { enabled: false });
    new Rule(hub, 'Time', {
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaEventTarget(testFunction(hub, 'Handler'))],
    });
    new Rule(hub, 'Default', { eventPattern: { source: ['x'] } });
    expect(messages()).toEqual([]);
  });
});

describe('a rule without an account is not reported', () => {
  test.each<[string, () => EventPublisher, AllowedEvents]>([
    [
      'if an organization can publish given sources',
      () => EventPublisher.organization(ORGANIZATION),
      { sources: ['com.shop'] },
    ],
    [
      'if an organization can publish given detail types',
      () => EventPublisher.organization(ORGANIZATION),
      { detailTypes: ['OrderPlaced'] },
    ],
    ['if accounts are listed', () => EventPublisher.accounts(SHOP.account, '333333333333'), {}],
    ['if a role is listed', () => EventPublisher.role(`arn:aws:iam::${SHOP.account}:role/r`), {}],
  ])('%s', (_, publisher, allowedEvents) => {
    bus.allowPublisher(publisher(), allowedEvents);
    addRule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
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
