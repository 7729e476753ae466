import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventBus, EventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectFindings, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const POLICY = 'AWS::Events::EventBusPolicy';
const eventPattern = { source: ['com.shop'] };

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

/** Made only where it is used: a template without resources is an error. */
const stackOf = (id: string, env = SHOP) => (app.node.tryFindChild(id) as Stack | undefined) ?? testStack(id, env, app);
const l2 = (scope = hub) => new EventBus(scope, 'Bus', { eventBusName: 'orders' });
const l1 = (scope = hub) => new CfnEventBus(scope, 'Bus', { name: 'orders' });
const publish = (bus: IEventBusRef, id = 'Role') =>
  new PublisherRole(stackOf('Publisher'), id, { assumedBy: LAMBDA, eventBuses: [bus] });
const forward = (bus: IEventBusRef, id = 'Forward') =>
  new Rule(stackOf('Publisher'), id, { ruleName: id, eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
const subscribe = (bus: IEventBusRef) => {
  const scope = stackOf('Consumer', BILLING);
  const local = new CrossAccountEventBus(scope, 'Local', { eventBusName: 'local' });
  return new CrossAccountRule(scope, 'Rule', {
    eventBus: bus as EventBus,
    ruleName: 'theirs',
    eventPattern,
    targets: [new CrossAccountEventBusTarget(local)],
  });
};
const statements = (stack = hub) => propertiesOf(stack, POLICY);
/** Every statement but one waits for exactly one other: nothing is written at the same time. */
function expectChain(stack = hub): void {
  const resources = Template.fromStack(stack).findResources(POLICY);
  const waits = Object.values(resources).map(({ DependsOn = [] }) =>
    [DependsOn].flat().filter((id: string) => id in resources),
  );
  expect(waits.map(({ length }) => length).sort()).toEqual([0, ...Array(waits.length - 1).fill(1)]);
  expect(new Set(waits.flat()).size).toBe(waits.length - 1);
}

describe('a bus of the app', () => {
  const BUSES: [string, (scope?: Stack) => IEventBusRef, string][] = [
    ['an L2', l2, 'Roles-f4a4e341a9d7'],
    ['an L1', l1, 'Roles-8352257bde63'],
  ];

  test.each(BUSES)(
    'that is %s lets in publishers, rules that forward to it and rules of others, by one construct',
    (_, make) => {
      const bus = make();
      publish(bus);
      forward(bus);
      subscribe(bus);
      const ids = Object.keys(Template.fromStack(hub).findResources(POLICY));
      expect(ids.map((logical) => logical.replace(/[0-9a-f]{12}.*$/, '')).sort()).toEqual(
        ['AccountsCreateRules', 'AccountsManageRules', 'AccountsPutTargets', 'AccountsTagRules', 'Roles'].map(
          (kind) => `BusCrossAccountGrants${kind}`,
        ),
      );
      expect(
        statements()
          .filter(({ StatementId }) => /^Roles-/.test(StatementId))
          .map(({ Statement }) => Statement.Condition.StringEquals['aws:PrincipalArn']),
      ).toMatchObject([[expect.anything(), expect.anything()]]);
      expectChain();
      expect(['Publisher', 'Consumer'].flatMap((stack) => messagesOf(stackOf(stack)))).toEqual([]);
      expect(['Publisher', 'Consumer'].map((stack) => dependenciesOf(stackOf(stack)))).toEqual([['Hub'], ['Hub']]);
    },
  );

  test.each(BUSES)('that is %s has the same IDs in every synth, whoever is let in first', (_, make, id) => {
    const ids = [
      [publish, forward],
      [forward, publish],
    ].map((calls) => {
      app = testApp();
      const scope = testStack('Hub', HUB, app);
      const bus = make(scope);
      calls.forEach((call) => call(bus));
      return propertiesOf(scope, POLICY).map(({ StatementId }) => StatementId);
    });
    expect(ids).toEqual([[id], [id]]);
  });

  test('is one bus as an L2 and as the L1 within', () => {
    const bus = l2();
    const role = publish(bus);
    role.addEventBus(bus.node.defaultChild as CfnEventBus);
    forward(bus.node.defaultChild as CfnEventBus);
    expect(statements()).toHaveLength(1);
    const allowed = propertiesOf(stackOf('Publisher'), 'AWS::IAM::Policy').flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    expect(allowed.map(({ Resource }) => [Resource].flat())).toEqual([[expect.anything()], [expect.anything()]]);
  });

  test.each<[string, (bus: IEventBusRef) => { readonly stack: Stack }, string]>([
    ['PublisherRole', publish, 'warning manuallyAddEventBusPolicy /Publisher/Role'],
    ['CrossAccountEventBusTarget', forward, 'warning manuallyAddEventBusPolicy /Publisher/Forward'],
    ['CrossAccountRule', subscribe, 'warning manuallyAllowRuleManagement /Consumer/Rule'],
  ])("that has a 'policy' of its own gets no statement from %s, but a warning", (_, call, warning) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders', policy: { Version: '2012-10-17', Statement: [] } });
    const { stack } = call(bus);
    expect(statements()).toEqual([]);
    expectFindings(messagesOf(stack), [warning]);
  });

  test.each<[string, (bus: IEventBusRef) => unknown, string]>([
    ['PublisherRole', publish, 'Publisher/Role'],
    ['CrossAccountEventBusTarget', forward, 'Publisher/Forward'],
    ['CrossAccountRule', subscribe, 'Consumer/Rule'],
  ])('fails without a name for %s', (_, call, path) => {
    const message = errorOf(() => call(new EventBus(hub, 'Unnamed')));
    expect(message).toMatch(new RegExp(`^${path}: 'eventBus' must`));
    expectMessage(message);
  });

  test('of the same account gets no statement', () => {
    const bus = l2();
    new PublisherRole(stackOf('Same', HUB), 'Role', { assumedBy: LAMBDA, eventBuses: [bus] });
    new Rule(stackOf('Same', HUB), 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
    expect(statements()).toEqual([]);
    expect(hub.node.findAll().some((c) => c instanceof CrossAccountEventBusPolicy)).toBe(false);
  });
});

describe('a bus with a CrossAccountEventBusPolicy', () => {
  const grants = (bus: IEventBusRef, scope = hub) =>
    new CrossAccountEventBusPolicy(scope, 'Grants', {
      eventBus: bus as EventBus,
      publishers: [EventPublisher.accounts('444444444444')],
    });
  const own = (stack = hub) =>
    Object.keys(Template.fromStack(stack).findResources(POLICY))
      .map((id) => id.replace(/[0-9a-f]{12}.*$/, ''))
      .sort();

  test('that was made before takes the grants of others', () => {
    const bus = l2();
    grants(bus);
    publish(bus);
    forward(bus);
    expect(own()).toEqual(['GrantsAccounts', 'GrantsRoles']);
    expectChain();
  });

  test('that was made on the L1 takes the grants on the L2', () => {
    const bus = l2();
    grants(bus.node.defaultChild as CfnEventBus);
    publish(bus);
    expect(own()).toEqual(['GrantsAccounts', 'GrantsRoles']);
  });

  test('that is made after has its own, and they wait for each other', () => {
    const bus = l2();
    publish(bus);
    grants(bus);
    forward(bus);
    expect(own()).toEqual(['BusCrossAccountGrantsRoles', 'GrantsAccounts']);
    expectChain();
    expect(new Set(statements().map(({ StatementId }) => StatementId)).size).toBe(2);
  });

  test.each([
    ['before', true],
    ['after', false],
  ])('in another stack, made %s, leaves the grants of others in the stack of the bus', (_, before) => {
    const bus = l2();
    const other = stackOf('Other', HUB);
    if (before) grants(bus, other);
    publish(bus);
    if (!before) grants(bus, other);
    expect([own(), own(other)]).toEqual([['BusCrossAccountGrantsRoles'], ['GrantsAccounts']]);
  });

  test('of two takes the first', () => {
    const bus = l2();
    grants(bus);
    new CrossAccountEventBusPolicy(hub, 'Second', { eventBus: bus });
    publish(bus);
    expect(own()).toEqual(['GrantsAccounts', 'GrantsRoles']);
  });

  test.each([
    ['the default bus', 'default'],
    ['a bus by name', 'orders'],
  ])('that is imported takes the grants of others: %s', (_, name) => {
    const bus = EventBus.fromEventBusName(hub, 'Imported', name);
    grants(bus);
    publish(bus);
    forward(bus);
    subscribe(bus);
    expect(own().filter((id) => !/Rules|Targets/.test(id))).toEqual(['GrantsAccounts', 'GrantsRoles']);
    expectChain();
    expect(['Publisher', 'Consumer'].flatMap((stack) => messagesOf(stackOf(stack)))).toEqual([]);
  });
});

describe('an imported bus without grants in the app', () => {
  test.each<[string, (bus: IEventBusRef) => { readonly stack: Stack }, string]>([
    ['PublisherRole', publish, 'warning manuallyAddEventBusPolicy /Publisher/Role'],
    ['CrossAccountEventBusTarget', forward, 'warning manuallyAddEventBusPolicy /Publisher/Forward'],
    ['CrossAccountRule', subscribe, 'warning manuallyAllowRuleManagement /Consumer/Rule'],
  ])('is warned of by %s', (_, call, warning) => {
    const bus = EventBus.fromEventBusArn(l2(), 'Imported', 'arn:aws:events:eu-west-1:111111111111:event-bus/theirs');
    const { stack } = call(bus);
    expect(statements()).toEqual([]);
    expectFindings(messagesOf(stack), [warning]);
  });
});

describeWithOracle('events reach a bus of the app by every construct, and strangers put none', () => {
  test.each<[string, () => IEventBusRef]>([
    ['an L2', l2],
    ['an L1', l1],
    [
      'an L2 with a policy made before',
      () => {
        const bus = l2();
        new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus: bus });
        return bus;
      },
    ],
    [
      'the default bus, imported, with a policy',
      () => {
        const bus = EventBus.fromEventBusName(hub, 'Default', 'default');
        new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus: bus });
        return bus;
      },
    ],
  ])('%s', (_, make) => {
    const bus = make();
    const name = hub.resolve(bus.eventBusRef.eventBusName) === 'default' ? 'default' : 'orders';
    publish(bus);
    forward(bus);
    subscribe(bus);
    new CrossAccountEventBusPolicy(hub, 'Later', {
      eventBus: bus,
      publishers: [EventPublisher.accounts('444444444444')],
    });
    const at = { account: HUB.account, name };
    const put = (as: object, expected: string) => ({
      putEvents: { as, bus: at, source: 'com.shop' },
      expect: expected,
    });
    const deliver = (rule: object) => ({ deliver: { rule }, expect: 'allow' });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ account: SHOP.account, role: 'Publisher/Role' }, 'allow'),
        put({ account: SHOP.account }, 'deny'),
        put({ account: BILLING.account }, 'deny'),
        put({ account: '444444444444' }, 'allow'),
        deliver({ account: SHOP.account, name: 'Forward' }),
        deliver({ account: HUB.account, bus: name, name: 'theirs' }),
        { strangers: true, bus: at, welcome: [{ account: '444444444444' }, { account: BILLING.account }] },
      ],
    });
  });
});
