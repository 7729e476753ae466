import { App, Aspects, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, IEventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule, LambdaEventTarget } from '../../src';
import { BILLING, HUB, SHOP, REGION, count, messagesOf, testFunction, testStack, ordersApp } from '../support/apps';
import { expectError } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const eventPattern = { source: ['com.shop'] };
const LONG = (text: string, n: number) => text.padEnd(n, 'x');

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const theirBus = (env = BILLING) =>
  new CrossAccountEventBus(testStack('Consumer', env, app), 'Bus', { eventBusName: 'theirs' });
function forward(to: IEventBusRef, ruleName: string, eventBus: IEventBus | undefined = bus, scope = hub): Rule {
  return new Rule(scope, ruleName, { ruleName, eventBus, eventPattern, targets: [new CrossAccountEventBusTarget(to)] });
}
const trust = (of = hub) =>
  propertiesOf(of, 'AWS::IAM::Role').map(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument);
const trusted = (of = hub): string[] =>
  trust(of).flatMap(({ Statement: [{ Condition }] }) =>
    [Condition.ArnEquals['aws:SourceArn']].flat().map((arn: any) => arn['Fn::Join'][1][2]),
  );
const ofHub = (rest: string) => `:events:${REGION}:${HUB.account}:rule/${rest}`;
const fits = (of = hub) =>
  trust(of).every(
    (document) =>
      JSON.stringify(document).replace(
        /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*")\]\]\}/g,
        '"arn:aws$1',
      ).length <= 2_048,
  );

describe('the role of several rules with one target', () => {
  test.each([[1], [2], [8]])('is for each of %p rules and no other', (n) => {
    const theirs = theirBus();
    count(n, (i) => forward(theirs, `rule${i}`));
    expect(trusted()).toEqual(count(n, (i) => ofHub(`orders/rule${i}`)));
  });

  test.each([[9], [300]])('is for all rules of the bus, where there are %p', (n) => {
    const theirs = theirBus();
    count(n, (i) => forward(theirs, `rule${i}`));
    expect(trusted()).toEqual([ofHub('orders/*')]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('does not depend on the order of the rules', () => {
    const theirs = theirBus();
    ['b', 'c', 'a'].forEach((name) => forward(theirs, name));
    expect(trusted()).toEqual(['a', 'b', 'c'].map((name) => ofHub(`orders/${name}`)));
  });

  test('counts a rule with two such targets once', () => {
    const theirs = theirBus();
    count(8, (i) =>
      forward(theirs, `rule${i}`).addTarget(new CrossAccountEventBusTarget(theirs, { retryAttempts: 1 })),
    );
    expect(trusted()).toHaveLength(8);
  });

  test('is for all rules of each of their buses, also the default one', () => {
    const theirs = theirBus();
    const other = new EventBus(hub, 'Other', { eventBusName: 'other' });
    count(4, (i) => [bus, other].map((eventBus, j) => forward(theirs, `rule${i}${j}`, eventBus)));
    new Rule(hub, 'Default', { eventPattern, targets: [new CrossAccountEventBusTarget(theirs)] });
    expect(trusted()).toEqual([ofHub('*'), ofHub('orders/*'), ofHub('other/*')]);
  });

  test('is for a rule on the default bus by the name that such rules have', () => {
    const theirs = theirBus();
    forward(theirs, 'named', EventBus.fromEventBusName(hub, 'Default', 'default'));
    new Rule(hub, 'Unnamed', { ruleName: 'unnamed', eventPattern, targets: [new CrossAccountEventBusTarget(theirs)] });
    expect(trusted()).toEqual([ofHub('named'), ofHub('unnamed')]);
  });

  test.each([
    [4, true],
    [5, false],
  ])('lists %p rules with long names on a bus with a long name: %p', (n, listed) => {
    const long = new EventBus(hub, 'Long', { eventBusName: LONG('long', 256) });
    const theirs = theirBus();
    count(n, (i) => forward(theirs, LONG(`rule${i}`, 64), long));
    expect(trusted()).toEqual(
      listed
        ? count(n, (i) => ofHub(`${LONG('long', 256)}/${LONG(`rule${i}`, 64)}`))
        : [ofHub(`${LONG('long', 256)}/*`)],
    );
    expect(fits()).toBe(true);
  });

  test('is one for each target, with rules of its own', () => {
    const [one, two] = ['one', 'two'].map((name) => new EventBus(hub, name, { eventBusName: name }));
    count(8, (i) => forward(one, `one${i}`));
    count(8, (i) => forward(two, `two${i}`));
    expect(propertiesOf(hub, 'AWS::IAM::Role')).toHaveLength(2);
    expect(trusted().sort()).toEqual(['one', 'two'].flatMap((name) => count(8, (i) => ofHub(`orders/${name}${i}`))));
  });

  test.each([
    [5, true],
    [6, false],
  ])('of buses with long names is for all their rules, where they are %p: %p', (n, fitting) => {
    const theirs = theirBus();
    count(n, (i) => {
      const long = new EventBus(hub, `Long${i}`, { eventBusName: LONG(`long${i}`, 256) });
      [`a${i}`, `b${i}`].forEach((name) => forward(theirs, LONG(name, 64), long));
    });
    if (fitting) {
      expect(trusted()).toHaveLength(5);
      expect(fits()).toBe(true);
    } else {
      expectError(() => app.synth(), /\[Hub\/RuleRole-\w{8}\] 'targets' must/);
    }
  });
});

describe('a rule that is renamed after its target was added is trusted by its last name', () => {
  test.each<[string, (rule: Rule) => void]>([
    [
      'at once',
      (rule) => {
        (rule.node.defaultChild as CfnRule).name = 'renamed';
      },
    ],
    [
      'by an aspect',
      () =>
        Aspects.of(app).add({
          visit: (c) => {
            if (CfnRule.isCfnRule(c)) c.name = 'renamed';
          },
        }),
    ],
  ])('%s', (_, rename) => {
    rename(forward(theirBus(), 'first'));
    expect(trusted()).toEqual([ofHub('orders/renamed')]);
  });
});

describe('a rule on a bus of another account', () => {
  const rulesOf = (n: number, name = (i: number) => `rule${i}`) => {
    const scope = testStack('Consumer', BILLING, app);
    const local = new CrossAccountEventBus(scope, 'Local', { eventBusName: 'local' });
    const rules = count(
      n,
      (i) => () =>
        new CrossAccountRule(scope, `Rule${i}`, {
          eventBus: bus,
          ruleName: name(i),
          eventPattern,
          targets: [new CrossAccountEventBusTarget(local)],
        }),
    );
    return { scope, rules };
  };

  test('is one of at most eight with one target, each of which is listed', () => {
    const { scope, rules } = rulesOf(9);
    rules.slice(0, 8).forEach((make) => make());
    expect(trusted(scope)).toEqual(
      expect.arrayContaining(count(8, (i) => expect.stringContaining(`rule/orders/rule${i}`))),
    );
    expect(trusted(scope)).toHaveLength(8);
    expect(trust(scope)[0].Statement[0].Condition.StringEquals).toEqual({
      'aws:SourceAccount': [HUB.account, BILLING.account],
    });
  });

  test('fails as the ninth with one target', () => {
    const { rules } = rulesOf(9);
    rules.slice(0, 8).forEach((make) => make());
    expectError(rules[8], /^Consumer\/Rule8: 'targets' must/);
  });
});

describeWithOracle('the events of rules that share a role', () => {
  const deliver = (name: string, expected = 'allow', from = 'orders') => ({
    deliver: { rule: { account: HUB.account, bus: from, name } },
    expect: expected,
  });
  /** A rule that others made, with the role of ours. */
  const intruder = (name: string, eventBusName: string, roleArn: string) =>
    new CfnRule(hub, name, {
      name,
      eventBusName,
      eventPattern,
      targets: [{ id: 'T', arn: `arn:aws:events:${REGION}:${BILLING.account}:event-bus/theirs`, roleArn }],
    });
  const roleOf = (rule: Rule) => (hub.resolve((rule.node.defaultChild as CfnRule).targets) as any)[0].roleArn;

  test.each<[string, number, string, string]>([
    ['eight, which are listed', 8, 'deny', 'deny'],
    ['nine, which are not', 9, 'allow', 'deny'],
  ])('arrive, from %s, and from no rule of another bus', (_, n, same, other) => {
    const theirs = theirBus();
    const rules = count(n, (i) => forward(theirs, `rule${i}`));
    new EventBus(hub, 'Other', { eventBusName: 'other' });
    intruder('same', 'orders', roleOf(rules[0]));
    intruder('elsewhere', 'other', roleOf(rules[0]));
    const role = {
      strangers: true,
      role: rules[0].stack.node.children.find((c) => c.node.id.startsWith('RuleRole'))!.node.path,
    };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...count(n, (i) => deliver(`rule${i}`)),
        deliver('same', same),
        deliver('elsewhere', other, 'other'),
        role,
        { strangers: true, bus: 'Consumer/Bus' },
      ],
    });
  });

  test(
    'arrive from rules with long names, from nested stacks, and after they were renamed, in all ' +
      'accounts and regions',
    () => {
      const envs = [HUB, { ...HUB, region: 'us-east-1' }, BILLING, { ...BILLING, region: 'us-east-1' }];
      const targets = envs.map(
        (env, i) => new CrossAccountEventBus(testStack(`Stack${i}`, env, app), 'Bus', { eventBusName: `bus${i}` }),
      );
      const long = new CrossAccountEventBus(hub, 'Long', { eventBusName: LONG('long', 256) });
      const nested = new NestedStack(hub, 'Nested');
      targets.forEach((target, i) => {
        forward(target, `plain${i}`);
        forward(target, `nested${i}`, bus, nested);
        count(5, (j) => forward(target, LONG(`long${i}${j}`, 64), long));
        (forward(target, `renamed${i}`).node.defaultChild as CfnRule).name = `new${i}`;
      });
      const handler = testFunction(hub, 'Handler');
      new Rule(hub, 'Function', {
        ruleName: 'function',
        eventBus: bus,
        eventPattern,
        targets: [new LambdaEventTarget(handler)],
      });
      expectAnswers(app, {
        questions: [
          { noProblems: true },
          deliver('function'),
          ...targets.flatMap((_, i) => [
            deliver(`plain${i}`),
            deliver(`nested${i}`),
            deliver(`new${i}`),
            deliver(LONG(`long${i}0`, 64), 'allow', LONG('long', 256)),
          ]),
        ],
      });
    },
  );

  test('cannot be sent by a rule of another account with that role', () => {
    const theirs = theirBus();
    const rule = forward(theirs, 'ours');
    const abroad = testStack('Abroad', SHOP, app);
    new CfnRule(abroad, 'Rule', {
      name: 'ours',
      eventPattern,
      targets: [
        {
          id: 'T',
          arn: theirs.eventBusArn,
          roleArn:
            `arn:aws:iam::${HUB.account}:role/` +
            `${(rule.stack.node.children.find((c) => c.node.id.startsWith('RuleRole')) as any).physicalName}`,
        },
      ],
    });
    expectAnswers(app, {
      questions: [deliver('ours'), { deliver: { rule: { account: SHOP.account, name: 'ours' } }, expect: 'deny' }],
    });
  });
});
