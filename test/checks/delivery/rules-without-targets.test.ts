import { CfnCondition, CfnParameter, CfnResource, Fn } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks } from '../../../src';
import { AppIndex } from '../../../src/app-model/app-index';
import { checkEventsWithoutRule } from '../../../src/checks/delivery/events-without-rule';
import { FindingId } from '../../../src/checks/finding-id';
import { messagesOf } from '../../support/apps';
import { faults } from '../../support/faults';
import { expectFindings } from '../../support/messages';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  inThreeAccounts,
  publisherRole,
} from '../../support/three-accounts';

const eventPattern = { source: ['com.shop'] };
const putTargets = (action: string) =>
  inThreeAccounts(({ hub }) => {
    const rule = cfnRule(hub, undefined);
    const Create = Fn.join('', [`{"action":"${action}","parameters":{"Rule":"`, rule.ref, '"}}']);
    new CfnResource(hub, 'Call', { type: 'Custom::AWS', properties: { Create } });
  });

faults('a rule without targets', {
  finds: FindingId.RULE_WITHOUT_TARGETS,
  level: 'warning',
  healthy: {
    'a target': inThreeAccounts(({ hub }) => cfnRuleToQueue(hub)),
    'a target that is added later': inThreeAccounts(({ hub }) =>
      new Rule(hub, 'Rule', { eventPattern }).addTarget(new SqsQueue(new Queue(hub, 'Queue'))),
    ),
    'a disabled rule': inThreeAccounts(({ hub }) => cfnRule(hub, undefined, { state: 'DISABLED' })),
    'a disabled rule of aws-cdk-lib': inThreeAccounts(
      ({ hub }) => new Rule(hub, 'Rule', { eventPattern, enabled: false }),
    ),
    'targets that a custom resource adds': putTargets('putTargets'),
  },
  faulty: {
    'no targets': { at: '/Hub/Rule', app: inThreeAccounts(({ hub }) => cfnRule(hub, undefined)) },
    'an empty list': { at: '/Hub/Rule', app: inThreeAccounts(({ hub }) => cfnRule(hub, undefined, { targets: [] })) },
    'a rule of aws-cdk-lib': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => new Rule(hub, 'Rule', { eventPattern })),
    },
    'a custom resource that does something else': { at: '/Hub/Rule', app: putTargets('describeRule') },
  },
});

test('targets that are known only at deployment are not missing', () => {
  const three = new ThreeAccounts();
  const { hub } = three;
  const condition = new CfnCondition(hub, 'Prod', {
    expression: Fn.conditionEquals(new CfnParameter(hub, 'Stage').valueAsString, 'prod'),
  });
  const targets = Fn.conditionIf(condition.logicalId, [{ Id: 'T', Arn: busArn() }], { Ref: 'AWS::NoValue' });
  cfnRule(hub, undefined, { targets });
  CrossAccountEventChecks.applyTo(three.app);
  expect(messagesOf(hub).filter((message) => message.includes(FindingId.RULE_WITHOUT_TARGETS))).toEqual([]);
});

describe('events that no rule matches', () => {
  /** Account 222222222222 may put events with two sources, and a rule of another bus forwards events with a third. */
  const check = (reportEventsWithoutRule?: boolean, patterns: object[] = []) => {
    const three = new ThreeAccounts();
    const { hub, shop } = three;
    const bus = cfnEventBus(hub);
    const sources = { StringEquals: { 'events:source': ['com.shop', 'com.orders'] } };
    cfnEventBusPolicy(hub, { Condition: sources }).node.addDependency(bus);
    publisherRole(shop, busArn(), sources);
    patterns.forEach((pattern, i) =>
      cfnRuleToQueue(hub, { eventBusName: 'orders', ...pattern }, `Rule${i}`).node.addDependency(bus),
    );
    CrossAccountEventChecks.applyTo(three.app, { reportEventsWithoutRule });
    return messagesOf(hub, shop);
  };

  test('are not reported by default', () => {
    expect(check()).toEqual([]);
    expect(check(false)).toEqual([]);
  });

  test('fails on request, once for a bus', () => {
    expectFindings(check(true), ['warning eventsWithoutRule /Hub/Bus']);
  });

  test('fails on request for the sources that no rule matches', () => {
    expectFindings(check(true, [{ eventPattern }]), ['warning eventsWithoutRule /Hub/Bus']);
  });

  test('fails on request if only a disabled rule matches', () => {
    const disabled = { eventPattern: { source: [{ prefix: 'com.' }] }, state: 'DISABLED' };
    expectFindings(check(true, [disabled]), ['warning eventsWithoutRule /Hub/Bus']);
  });

  test.each<[string, object]>([
    ['a prefix', { source: [{ prefix: 'com.' }] }],
    ['all sources', { source: ['com.shop', 'com.orders'] }],
    ['another field', { 'detail-type': ['OrderPlaced'] }],
  ])('are not reported if a rule matches %s', (_, pattern) => {
    expect(check(true, [{ eventPattern: pattern }])).toEqual([]);
  });

  test('are not reported if the publisher may put any event', () => {
    const three = new ThreeAccounts();
    const bus = cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub).node.addDependency(bus);
    publisherRole(three.shop);
    const wildcard = new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [busArn()],
      conditions: { StringLike: { 'events:source': 'com.*' } },
    });
    new Role(three.shop, 'Other', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { put: new PolicyDocument({ statements: [wildcard] }) },
    });
    CrossAccountEventChecks.applyTo(three.app, { reportEventsWithoutRule: true });
    expect(messagesOf(three.hub, three.shop)).toEqual([]);
  });

  const sources = { StringEquals: { 'events:source': 'com.shop' } };
  const deliver = ({ hub }: ThreeAccounts, props: object) =>
    cfnRule(hub, { arn: busArn() }, { eventBusName: 'other', eventPattern, ...props });
  const put = { actions: ['events:PutEvents'], resources: [busArn()], conditions: sources };

  test.each<[string, number, (three: ThreeAccounts) => unknown]>([
    ['the condition of the bus policy', 1, ({ hub }) => cfnEventBusPolicy(hub, { Condition: sources })],
    [
      'a condition with wildcards, and its key in another case',
      1,
      ({ hub }) =>
        cfnEventBusPolicy(hub, { Condition: { 'ForAnyValue:StringLike': { 'Events:Source': ['com.shop', 'com.*'] } } }),
    ],
    ['the policy of a role', 1, ({ shop }) => publisherRole(shop, busArn(), sources)],
    ['the policy of a user', 1, ({ hub }) => new User(hub, 'User').addToPolicy(new PolicyStatement(put))],
    ['the pattern of a rule on another bus', 1, (three) => deliver(three, {})],
    ['the pattern of a disabled rule', 0, (three) => deliver(three, { state: 'DISABLED' })],
    ['a pattern for other values', 0, (three) => deliver(three, { eventPattern: { source: [{ prefix: 'com' }] } })],
    ['a statement that denies', 0, ({ hub }) => cfnEventBusPolicy(hub, { Effect: 'Deny', Condition: sources })],
    [
      'a condition that excludes it',
      0,
      ({ hub }) => cfnEventBusPolicy(hub, { Condition: { StringNotEquals: { 'events:source': 'com.shop' } } }),
    ],
  ])('have a source that is in %s: %i finding', (_, count, publish) => {
    const three = new ThreeAccounts();
    cfnEventBus(three.hub);
    const schedule = { eventPattern: undefined, scheduleExpression: 'rate(1 day)' };
    cfnRule(three.hub, undefined, { eventBusName: 'orders', ...schedule }, 'Schedule');
    publish(three);
    const found = checkEventsWithoutRule(AppIndex.of(three.app));
    const problem = "no rule of this app on bus 'orders' matches events with source 'com.shop'";
    expect(found).toEqual(Array(count).fill(expect.objectContaining({ problem })));
  });

  const pattern = (source: string[], ...detailTypes: string[]) => ({ source, 'detail-type': detailTypes });
  const PLACED = pattern(['com.shop'], 'OrderPlaced');

  test.each<[string, object, object[], string | undefined]>([
    [
      'no rule matches',
      PLACED,
      [pattern(['com.shop'], 'OrderPaid')],
      "source 'com.shop' and detail type 'OrderPlaced'",
    ],
    ['no rule matches beside its source', PLACED, [pattern(['com.web'], 'OrderPlaced')], "source 'com.shop'"],
    [
      'only another source has',
      PLACED,
      [pattern(['com.shop'], 'A'), pattern(['com.web'], 'OrderPlaced')],
      "source 'com.shop' and detail type 'OrderPlaced'",
    ],
    ['a rule matches', PLACED, [PLACED], undefined],
    ['a rule for all detail types matches', PLACED, [eventPattern], undefined],
    [
      'may be excluded by another field',
      PLACED,
      [{ ...PLACED, detail: { total: [{ numeric: ['>', 9] }] } }],
      undefined,
    ],
    ['has any source', { 'detail-type': ['A'] }, [PLACED], "detail type 'A'"],
    ['has any source, of which a rule matches some', { 'detail-type': ['OrderPlaced'] }, [PLACED], undefined],
    [
      'is of one of two sources',
      pattern(['com.shop', 'com.web'], 'OrderPlaced', 'PageViewed'),
      [PLACED, pattern(['com.web'], 'PageViewed')],
      undefined,
    ],
    [
      'no source has',
      pattern(['com.shop', 'com.web'], 'OrderPlaced', 'PageViewed'),
      [PLACED, pattern(['com.web'], 'OrderPlaced')],
      "source 'com.shop' and detail type 'PageViewed', events with source 'com.web' and detail type 'PageViewed'",
    ],
  ])('have a detail type that %s', (_, forwarded, patterns, events) => {
    const three = new ThreeAccounts();
    cfnEventBus(three.hub);
    deliver(three, { eventPattern: forwarded });
    patterns.forEach((eventPattern_, i) =>
      cfnRule(three.hub, undefined, { eventBusName: 'orders', eventPattern: eventPattern_ }, `Rule${i}`),
    );
    const problem = `no rule of this app on bus 'orders' matches events with ${events}`;
    const found = checkEventsWithoutRule(AppIndex.of(three.app));
    expect(found).toEqual(events === undefined ? [] : [expect.objectContaining({ problem })]);
  });

  test('are those that a schedule puts, whatever its role allows', () => {
    const three = new ThreeAccounts();
    cfnEventBus(three.hub);
    cfnRule(three.hub, undefined, { eventBusName: 'orders', eventPattern: PLACED });
    const roleArn = 'arn:aws:iam::111111111111:role/scheduler';
    new CfnSchedule(three.hub, 'Daily', {
      scheduleExpression: 'rate(1 day)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: busArn(), roleArn, eventBridgeParameters: { source: 'com.shop', detailType: 'DayEnded' } },
    });
    const problem =
      "no rule of this app on bus 'orders' matches events with source 'com.shop' and detail type 'DayEnded'";
    expect(checkEventsWithoutRule(AppIndex.of(three.app))).toEqual([expect.objectContaining({ problem })]);
  });
});
