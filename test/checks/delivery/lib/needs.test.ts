import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, CfnRuleProps, EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../../src/app-model/app-index';
import {
  deadLetterNeedOf,
  needOfRole,
  needOfRule,
  roleNeedOfRule,
  ruleManagementNeedOf,
} from '../../../../src/checks/delivery/lib/needs';
import { SHOP, testApp, testStack } from '../../../support/apps';
import { busArn, cfnRule, functionArn, queueArn, roleArn, ruleArn } from '../../../support/three-accounts';

const EVENTS = 'events.amazonaws.com';
const RULE = ruleArn('rule', SHOP);
const ROLE = roleArn('sender');

let app: App;
let shop: Stack;
beforeEach(() => {
  app = testApp();
  shop = testStack('Shop', SHOP, app);
});

const ruleTo = (arn: string, ofTarget?: string, props?: CfnRuleProps) =>
  cfnRule(shop, { arn, roleArn: ofTarget }, props);
const needFor = (rule: CfnRule, arn: string) => needOfRule(AppIndex.of(app), rule, arn);

describe('what a rule needs for a target', () => {
  const onQueue = { action: 'sqs:SendMessage', resource: queueArn('q') };

  test.each<[string, string | undefined, { resource: string }]>([
    ['a queue', undefined, { principal: EVENTS, source: RULE, ...onQueue }],
    ['a queue, with a role', ROLE, { principal: ROLE, ...onQueue }],
    ['a function', ROLE, { principal: ROLE, action: 'lambda:InvokeFunction', resource: functionArn('f') }],
    [
      'a bus',
      ROLE,
      {
        ...{ principal: ROLE, action: 'events:PutEvents', resource: busArn() },
        ...{ rule: RULE, events: [{ source: 'com.shop' }] },
      },
    ],
    ['another service', ROLE, { principal: ROLE, action: 'unknown', resource: 'arn:aws:x:eu-west-1:111111111111:y' }],
  ] as never)('is that its role, or EventBridge for the rule, calls it: %s', (_, role, need) => {
    expect(needFor(ruleTo(need.resource, role), need.resource)).toEqual(need);
  });

  test('is without the rule on a bus if only deployment tells its name', () => {
    const rule = ruleTo(busArn(), ROLE, { name: undefined });
    expect(needFor(rule, busArn())).not.toHaveProperty('rule');
  });

  test('is nothing for what is no target of it, or no rule', () => {
    const rule = ruleTo(queueArn('q'));
    expect([needFor(rule, queueArn('r')), needFor(shop as never, queueArn('q'))]).toEqual([undefined, undefined]);
  });

  const LATE = { source: ['a'], detail: { x: ['y'] } };
  const PREFIX = { source: [{ prefix: 'a' }] };
  const BOTH = { source: ['a', { prefix: 'b' }] };
  test.each<[string, CfnRuleProps, object]>([
    ['a source', { eventPattern: { source: ['a'] } }, { events: [{ source: 'a' }] }],
    [
      'sources and a detail type',
      { eventPattern: { source: ['a', 'b'], 'detail-type': ['C'] } },
      { events: ['a', 'b'].map((source) => ({ source, detailType: 'C' })) },
    ],
    ['a detail type', { eventPattern: { 'detail-type': ['C'] } }, { events: [{ detailType: 'C' }] }],
    ['another field', { eventPattern: LATE }, { events: [{ source: 'a' }], eventPattern: LATE }],
    ['a prefix', { eventPattern: PREFIX }, { events: [{}], eventPattern: PREFIX }],
    ['a source and a prefix', { eventPattern: BOTH }, { eventPattern: BOTH }],
  ])('on a bus has the events, and the pattern if they do not describe it: %s', (_, props, need) => {
    const { events, eventPattern } = needFor(ruleTo(busArn(), ROLE, props), busArn())!;
    expect({ events, eventPattern }).toEqual({ events: expect.anything(), eventPattern: undefined, ...need });
  });
});

describe('what a construct needs', () => {
  test('of a role is that EventBridge assumes it, for the action on its target', () => {
    const rule = ruleTo(queueArn('q'), ROLE);
    const need = { principal: EVENTS, resource: ROLE, source: RULE };
    expect(roleNeedOfRule(AppIndex.of(app), rule, ROLE)).toEqual({
      ...need,
      action: `sts:AssumeRole, sqs:SendMessage on ${queueArn('q')}`,
    });
    expect(roleNeedOfRule(AppIndex.of(app), rule, roleArn('other'))).toBeUndefined();
  });

  test('of a bus in another account is to create its rule there, with all targets once', () => {
    const targets = ['b', 'a', 'b'].map((name, i) => ({ id: `T${i}`, arn: queueArn(name) }));
    const rule = cfnRule(shop, undefined, { eventBusName: busArn(), targets });
    const empty = cfnRule(shop, undefined, { eventBusName: busArn() }, 'Empty');
    const need = {
      principal: SHOP.account,
      action: 'events:PutRule',
      resource: busArn(),
      events: [{ source: 'com.shop' }],
    };
    const index = AppIndex.of(app);
    expect(ruleManagementNeedOf(index, rule)).toEqual({ ...need, targets: [queueArn('a'), queueArn('b')] });
    expect(ruleManagementNeedOf(index, empty)).toEqual(need);
    expect(ruleManagementNeedOf(index, shop)).toBeUndefined();
  });

  test('of its dead-letter queue is that EventBridge sends to it, for the rule or bus', () => {
    const rule = ruleTo(queueArn('q'));
    const bus = new EventBus(shop, 'Bus', { eventBusName: 'own' });
    const index = AppIndex.of(app);
    const need = { principal: EVENTS, action: 'sqs:SendMessage', resource: queueArn('dlq') };
    expect(deadLetterNeedOf(index, rule, queueArn('dlq'))).toEqual({ ...need, source: RULE });
    for (const construct of [bus, bus.node.defaultChild!]) {
      expect(deadLetterNeedOf(index, construct, queueArn('dlq'))).toEqual({ ...need, source: busArn('own', SHOP) });
    }
    expect(deadLetterNeedOf(index, shop, queueArn('dlq'))).toBeUndefined();
  });

  test('of a bus is to put events on it, with its role', () => {
    const role = new Role(shop, 'Role', {
      roleName: 'publisher',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    EventBus.fromEventBusArn(shop, 'Imported', busArn()).grantPutEventsTo(role);
    const need = { principal: roleArn('publisher'), action: 'events:PutEvents', resource: busArn() };
    expect(needOfRole(AppIndex.of(app), role, busArn())).toEqual({ ...need, events: [{}] });
    expect(needOfRole(AppIndex.of(app), shop, busArn())).toBeUndefined();
  });
});
