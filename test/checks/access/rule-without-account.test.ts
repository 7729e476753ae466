import { App, Aspects, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import {
  CrossAccountEventBus,
  EventPublisher,
  AllowedEvents,
  LambdaEventTarget,
  WildcardPrincipalAspect,
} from '../../../src';
import { HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { pattern as lines } from '../../support/pattern';

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
const rule = (eventPattern: unknown, more: object = {}) => {
  const {
    node: { defaultChild },
  } = new Rule(hub, 'Rule', { ruleName: 'take', eventBus: bus, eventPattern: { source: ['x'] }, ...more });
  (defaultChild as CfnRule).addPropertyOverride('EventPattern', eventPattern);
};
const FOUND = [
  expect.stringMatching(
    lines(
      /^warning \/Hub\/Rule\/Resource the pattern of rule 'take' names no account, /,
      /and statement '.*' of the bus lets .*:ruleMatchesAnyAccount\]$/,
    ),
  ),
];

describe('a rule without an account is found where many may publish', () => {
  test.each<[string, () => EventPublisher]>([
    ['an organization', () => EventPublisher.organization(ORGANIZATION)],
    ['its units', () => EventPublisher.organizationalUnits(UNITS)],
    [
      'a service for an organization',
      () => EventPublisher.service('ses.amazonaws.com', { sourceOrganization: ORGANIZATION }),
    ],
  ])('%s', (_, publisher) => {
    bus.allowPublisher(publisher());
    rule({ source: ['com.shop'] });
    expect(messages()).toEqual(FOUND);
  });

  test('everybody', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:Put*',
      Resource: bus.eventBusArn,
      Condition: { StringLike: { 'events:source': '*' } },
    };
    new CfnEventBusPolicy(hub, 'Open', { statementId: 'Open', eventBusName: 'orders', statement });
    rule({ source: ['com.shop'] });
    expect(messages()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^warning \/Hub\/Rule\/Resource .* lets callers of every AWS account .*:ruleMatchesAnyAccount\]$/,
        ),
      ]),
    );
  });

  test('their own organization', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } },
    };
    new CfnEventBusPolicy(hub, 'Own', { statementId: 'Own', eventBusName: 'orders', statement });
    rule({ source: ['com.shop'] });
    expect(messages()).toEqual(FOUND);
  });
});

describe('on such a bus', () => {
  beforeEach(() => bus.allowPublisher(EventPublisher.organization(ORGANIZATION)));

  test.each<[string, unknown]>([
    ['names other things', { source: ['x'], 'detail-type': ['y'], detail: { account: ['222222222222'] } }],
    ['names any account', { account: [{ exists: true }] }],
    ['names accounts of any form', { account: [PUBLISHER.account, { prefix: '' }] }],
    ['names accounts by a wildcard', { account: [{ wildcard: '*' }] }],
    ['names accounts in one branch alone', { $or: [{ account: [PUBLISHER.account] }, { source: ['x'] }] }],
    [
      'names accounts below one branch alone',
      { $or: [{ account: [PUBLISHER.account] }, { $or: [{ account: ['1'] }, {}] }] },
    ],
    ['has no branch', { $or: [] }],
    ['is text', JSON.stringify({ source: ['x'] })],
    ['takes everything', {}],
  ])('a pattern is found that %s', (_, pattern) => {
    rule(pattern);
    expect(messages()).toEqual(FOUND);
  });

  test.each<[string, unknown]>([
    ['names accounts', { account: [PUBLISHER.account] }],
    ['leaves out accounts', { account: [{ 'anything-but': HUB.account }] }],
    [
      'names accounts in every branch',
      { source: ['x'], $or: [{ account: [PUBLISHER.account] }, { $or: [{ account: [HUB.account] }] }] },
    ],
    ['names accounts beside branches', { account: [PUBLISHER.account], $or: [{ source: ['x'] }, { source: ['y'] }] }],
    ['names accounts, as text', JSON.stringify({ account: [PUBLISHER.account] })],
  ])('a pattern is none that %s', (_, pattern) => {
    rule(pattern);
    expect(messages()).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ['a pattern', () => ({ 'Fn::If': ['Prod', { account: ['1'] }, { source: ['x'] }] })],
    ['accounts', () => ({ account: { Ref: new CfnParameter(hub, 'Accounts').logicalId } })],
  ])('%s of deployment cannot be told', (_, pattern) => {
    rule(pattern());
    expect(messages()).toEqual([
      expect.stringMatching(
        lines(
          /^warning \/Hub\/Rule\/Resource it cannot be told at synth whether the pattern /,
          /of rule 'take' names accounts.*:ruleMatchesAnyAccount\]$/,
        ),
      ),
    ]);
  });

  test('rules that are disabled, of time, or on other buses are none', () => {
    rule({ source: ['x'] }, { enabled: false });
    new Rule(hub, 'Time', {
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaEventTarget(testFunction(hub, 'Handler'))],
    });
    new Rule(hub, 'Default', { eventPattern: { source: ['x'] } });
    expect(messages()).toEqual([]);
  });
});

describe('a rule without an account is none', () => {
  test.each<[string, () => EventPublisher, AllowedEvents]>([
    [
      'where an organization may publish of given sources',
      () => EventPublisher.organization(ORGANIZATION),
      { sources: ['com.shop'] },
    ],
    [
      'where it may publish of given types',
      () => EventPublisher.organization(ORGANIZATION),
      { detailTypes: ['OrderPlaced'] },
    ],
    ['where accounts are named one by one', () => EventPublisher.accounts(PUBLISHER.account, '333333333333'), {}],
    ['where a role is named', () => EventPublisher.role(`arn:aws:iam::${PUBLISHER.account}:role/r`), {}],
  ])('%s', (_, publisher, scope) => {
    bus.allowPublisher(publisher(), scope);
    rule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
  });

  test('where an account of an organization is named', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: PUBLISHER.account },
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    };
    new CfnEventBusPolicy(hub, 'One', { statementId: 'One', eventBusName: 'orders', statement });
    rule({ source: ['com.shop'] });
    expect(messages()).toEqual([]);
  });
});
