import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import {
  CfnEventBus,
  CfnEventBusPolicy,
  CfnRule,
  EventBus,
  IEventBusRef,
  Rule,
  RuleProps,
} from 'aws-cdk-lib/aws-events';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import {
  BILLING,
  HUB,
  SHOP,
  REGION,
  messagesOf,
  root,
  testApp,
  testFunction,
  testStack,
  ordersApp,
} from '../support/apps';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const ROLE = 'AWS::IAM::Role';
const RULE = 'AWS::Events::Rule';
const POLICY = 'AWS::Events::EventBusPolicy';
const THEIRS = `arn:aws:events:${REGION}:${BILLING.account}:event-bus/theirs`;
const eventPattern = { source: ['com.shop'] };

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const theirBus = (id = 'Consumer', env = BILLING) =>
  new CrossAccountEventBus(testStack(id, env, app), 'Bus', { eventBusName: 'theirs' });
const imported = (arn = THEIRS) => EventBus.fromEventBusArn(hub, 'Imported', arn);
function forward(to: IEventBusRef, ruleName = 'forward', props: RuleProps = {}, scope = hub): Rule {
  return new Rule(scope, ruleName, {
    ruleName,
    eventBus: bus,
    eventPattern,
    targets: [new CrossAccountEventBusTarget(to)],
    ...props,
  });
}
const ruleArn = (name: string) => partitioned(`:events:${REGION}:${HUB.account}:rule/orders/${name}`);
const trustOf = (stack = hub) =>
  propertiesOf(stack, ROLE).map((r) => r.AssumeRolePolicyDocument.Statement[0].Condition);
const delivered = (name = 'forward', expected = 'allow', from = { account: HUB.account, bus: 'orders' }) => ({
  deliver: { rule: { ...from, name } },
  expect: expected,
});
const ruleRole = (scope = hub) => scope.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!;

describe('a bus of another account of the app', () => {
  test('is a target with a role for this rule alone, that may put events on exactly that bus', () => {
    forward(theirBus());
    const [
      {
        Targets: [target],
      },
    ] = propertiesOf(hub, RULE);
    expect(target.Arn).toEqual(partitioned(THEIRS.slice('arn:aws'.length)));
    expect(trustOf()).toEqual([
      { StringEquals: { 'aws:SourceAccount': HUB.account }, ArnEquals: { 'aws:SourceArn': ruleArn('forward') } },
    ]);
    expect(propertiesOf(hub, 'AWS::IAM::Policy').map((p) => p.PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: target.Arn }],
    ]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('lets in that role, and nobody else of its account', () => {
    const theirs = theirBus();
    forward(theirs);
    const [{ RoleName }] = propertiesOf(hub, ROLE);
    expect(propertiesOf(Stack.of(theirs), POLICY).map(({ Statement }) => Statement)).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: root(HUB.account) },
        Action: 'events:PutEvents',
        Resource: Stack.of(theirs).resolve(theirs.eventBusArn),
        Condition: { StringEquals: { 'aws:PrincipalArn': partitioned(`:iam::${HUB.account}:role/${RoleName}`) } },
      },
    ]);
  });

  test('is deployed, with the grant, before the rule', () => {
    forward(theirBus());
    app.synth();
    expect(dependenciesOf(hub)).toEqual(['Consumer']);
  });

  test('shares one role and one statement among several rules', () => {
    const theirs = theirBus();
    ['b', 'a'].forEach((name) => forward(theirs, name));
    expect(trustOf()).toMatchObject([{ ArnEquals: { 'aws:SourceArn': ['a', 'b'].map(ruleArn) } }]);
    expect(propertiesOf(Stack.of(theirs), POLICY)).toHaveLength(1);
  });
});

describe('two buses that forward to each other', () => {
  test('may do so by rules in stacks of their own', () => {
    const theirs = theirBus();
    const [there, back] = ['There', 'Back'].map((id, i) => testStack(id, [HUB, BILLING][i], app));
    forward(theirs, 'there', { eventBus: bus }, there);
    forward(bus, 'back', { eventBus: theirs, eventPattern: { source: ['com.billing'] } }, back);
    app.synth();
    expect([there, back, hub].map((s) => dependenciesOf(s).sort())).toEqual([
      ['Consumer', 'Hub'],
      ['Consumer', 'Hub'],
      [],
    ]);
  });

  test.each<[string, () => Stack]>([
    ['', () => hub],
    [' and of a nested one', () => new NestedStack(hub, 'Nested')],
  ])('fail to do so by rules in the stacks of the buses%s: neither could be deployed first', (_, scope) => {
    const theirs = theirBus();
    forward(theirs, 'there', { eventBus: undefined }, scope());
    expectError(() => forward(bus, 'back', { eventBus: theirs }, Stack.of(theirs)), /^Consumer\/back: 'eventBus' must/);
  });
});

describe('a bus of the same account', () => {
  test.each<[string, () => IEventBusRef]>([
    ['in the same stack', () => new EventBus(hub, 'Other')],
    ['in another stack', () => theirBus('Other', HUB)],
    ['in another region', () => theirBus('Far', { ...HUB, region: 'us-east-1' })],
    ['that is imported', () => imported(THEIRS.replace(BILLING.account, HUB.account))],
  ])('%s is a target with a role, and needs no grant', (_, to) => {
    const target = to();
    forward(target);
    expect(propertiesOf(hub, RULE)[0].Targets).toMatchObject([{ RoleArn: { 'Fn::GetAtt': expect.anything() } }]);
    expect(propertiesOf(Stack.of(target), POLICY)).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('has a role of its own, also when another stack makes one of the same ID', () => {
    ['One', 'Two']
      .map((id) => new EventBus(testStack(id, HUB, app), 'Bus'))
      .forEach((to, i) => forward(to, `rule${i}`));
    expect(propertiesOf(hub, ROLE)).toHaveLength(2);
  });

  test('fails without a name in another region', () => {
    expectError(
      () => forward(new EventBus(testStack('Far', { ...HUB, region: 'us-east-1' }, app), 'Bus')),
      "Hub/forward: 'eventBus' must",
    );
  });
});

describe('a bus of another account of the app that is no CrossAccountEventBus', () => {
  test.each<[string, (consumer: Stack) => IEventBusRef]>([
    ['an L2', (consumer) => new EventBus(consumer, 'Bus', { eventBusName: 'theirs' })],
    ['an L1', (consumer) => new CfnEventBus(consumer, 'Bus', { name: 'theirs' })],
  ])('lets in the role, and the rule waits for that: %s', (_, to) => {
    const consumer = testStack('Consumer', BILLING, app);
    forward(to(consumer));
    expect(propertiesOf(consumer, 'AWS::Events::EventBusPolicy')).toMatchObject([
      { Statement: { Condition: { StringEquals: { 'aws:PrincipalArn': expect.anything() } } } },
    ]);
    expect(dependenciesOf(hub)).toEqual(['Consumer']);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('lets it in by the grants that the app makes on it already, also on an imported one', () => {
    const consumer = testStack('Consumer', BILLING, app);
    const to = EventBus.fromEventBusName(consumer, 'Default', 'default');
    new CrossAccountEventBusPolicy(consumer, 'Grants', { eventBus: to });
    forward(to);
    expect(propertiesOf(consumer, 'AWS::Events::EventBusPolicy')).toHaveLength(1);
    expect(messagesOf(hub)).toEqual([]);
  });
});

describe('a bus of another account that takes no grants from here', () => {
  test.each<[string, () => IEventBusRef]>([
    ['this app does not make it', () => imported()],
    [
      "it has a 'policy' of its own",
      () => new CfnEventBus(testStack('Consumer', BILLING, app), 'Bus', { name: 'theirs', policy: {} }),
    ],
  ])('is a target, where %s; a warning has the statement, which names the role', (_, to) => {
    forward(to());
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB.account}:root` },
      Action: 'events:PutEvents',
      Resource: THEIRS,
      Condition: {
        StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/${propertiesOf(hub, ROLE)[0].RoleName}` },
      },
    };
    expect(propertiesOf(hub, ROLE)[0].RoleName).toMatch(/^[\w-]{1,64}$/);
    expectFindings(messagesOf(hub), ['warning manuallyAddEventBusPolicy /Hub/forward']);
    expect(messagesOf(hub)[0]).toContain(`: ${JSON.stringify(statement)} [ack: `);
  });

  test.each([
    ['imported', () => imported()],
    ['of the app', () => bus],
  ])('is warned of where only deployment tells the account of the rule: %s', (_, to) => {
    const agnostic = new Stack(app, 'Agnostic');
    new Rule(agnostic, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(to())] });
    expectFindings(messagesOf(agnostic), ['warning manuallyAddEventBusPolicy /Agnostic/Rule']);
  });
});

describe('the role is named in the grant', () => {
  test.each<[string, () => Stack]>([
    ['in a nested stack', () => new NestedStack(hub, 'Nested')],
    [
      'in a stack whose region only deployment tells',
      () => new Stack(app, 'NoRegion', { env: { account: HUB.account } }),
    ],
  ])('%s: by a legal name, the same in every synth', (_, makeStack) => {
    const scope = makeStack();
    const theirs = theirBus();
    new Rule(scope, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(theirs)] });
    const [{ RoleName }] = propertiesOf(scope, ROLE);
    expect(RoleName).toMatch(/^(Hub-Nested-RuleRole-\w{8}-eu-west-1|NoRegion-RuleRole-\w{8})-\w{8}$/);
    expect(JSON.stringify(propertiesOf(Stack.of(theirs), POLICY))).toContain(`:role/${RoleName}"`);
  });
});

describeWithOracle('the event reaches the other bus, and nobody else puts any there', () => {
  const welcome = [{ account: HUB.account }];
  const closed = () => [
    { noProblems: true },
    { strangers: true, bus: 'Consumer/Bus', welcome },
    { strangers: true, role: ruleRole().node.path },
  ];

  test('of another account, by several rules, of a custom bus and the default one', () => {
    const theirs = theirBus();
    forward(theirs, 'one');
    forward(theirs, 'two', { eventBus: undefined });
    expectAnswers(app, {
      questions: [...closed(), delivered('one'), delivered('two', 'allow', { account: HUB.account, bus: 'default' })],
    });
  });

  test('but not by another rule of the same bus with the same role, nor by another role of the account', () => {
    const theirs = theirBus();
    forward(theirs);
    const roleArn = ruleRole().roleArn;
    new CfnRule(hub, 'Same', {
      name: 'same',
      eventBusName: bus.eventBusName,
      eventPattern,
      targets: [{ id: 'T', arn: THEIRS, roleArn }],
    });
    const as = { account: HUB.account };
    expectAnswers(app, {
      questions: [
        delivered(),
        delivered('same', 'deny'),
        { putEvents: { as, bus: { account: BILLING.account, name: 'theirs' }, source: 'com.shop' }, expect: 'deny' },
      ],
    });
  });

  test.each([
    ['the same account and region', HUB],
    ['the same account, in another region', { ...HUB, region: 'us-east-1' }],
    ['another account and region', { ...BILLING, region: 'us-east-1' }],
  ])('of %s', (_, env) => {
    forward(theirBus('Other', env));
    expectAnswers(app, { questions: [{ noProblems: true }, delivered()] });
  });

  test('and the function behind it, from a publisher of a third account', () => {
    const theirs = theirBus();
    const publisher = testStack('Publisher', SHOP, app);
    new PublisherRole(publisher, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    forward(theirs);
    const scope = Stack.of(theirs);
    new Rule(scope, 'Last', {
      eventBus: theirs,
      eventPattern,
      targets: [new LambdaEventTarget(testFunction(scope, 'Handler'))],
    });
    const from = { account: SHOP.account, role: 'Publisher/Role' };
    const path = {
      from,
      to: { bus: 'Hub/Bus' },
      event: { source: 'com.shop' },
      reaches: ['Consumer/Handler'],
      allDelivered: true,
    };
    const past = {
      putEvents: { as: { account: SHOP.account }, bus: 'Consumer/Bus', source: 'com.shop' },
      expect: 'deny',
    };
    expectAnswers(app, { questions: [...closed(), { path }, past] });
  });

  test('of two stacks that call it alike', () => {
    ['One', 'Two']
      .map((id) => new EventBus(testStack(id, HUB, app), 'Bus'))
      .forEach((to, i) => forward(to, `rule${i}`));
    expectAnswers(app, { questions: [{ noProblems: true }, delivered('rule0'), delivered('rule1')] });
  });

  test('both ways between two accounts', () => {
    const theirs = theirBus();
    forward(theirs, 'there', { eventBus: bus }, testStack('There', HUB, app));
    forward(bus, 'back', { eventBus: theirs }, testStack('Back', BILLING, app));
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        delivered('there'),
        delivered('back', 'allow', { account: BILLING.account, bus: 'theirs' }),
      ],
    });
  });

  test('from nested stacks, two stages, and into another stage, without collisions', () => {
    const [blue, green] = ['Blue', 'Green'].map((id) => new Stage(app, id));
    const [from, to, abroad] = [
      [blue, HUB],
      [blue, BILLING],
      [green, BILLING],
    ].map(([scope, env], i) => new Stack(scope as Stage, `Stack${i}`, { env: env as typeof HUB }));
    const buses = [to, abroad].map((scope) => new CrossAccountEventBus(scope, 'Bus'));
    const scopes = [from, new NestedStack(from, 'One'), new NestedStack(from, 'Two')];
    const names = scopes.flatMap((scope, i) =>
      buses.map((target, j) => forward(target, `rule${i}${j}`, { eventBus: undefined }, scope).node.id),
    );
    const noStrangers = ['Blue/Stack1/Bus', 'Green/Stack2/Bus'].map((path) => ({
      strangers: true,
      bus: path,
      welcome,
    }));
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...noStrangers,
        ...names.map((name) => delivered(name, 'allow', { account: HUB.account, bus: 'default' })),
      ],
    });
  });

  test.each<[string, (owner: Stack, statement: any, roleArn: string) => unknown]>([
    [
      'has the statement of the warning',
      (owner, statement) =>
        new CfnEventBusPolicy(owner, 'Pasted', { statementId: 'Pasted', eventBusName: 'theirs', statement }),
    ],
    [
      'lets the role in',
      (owner, _, roleArn) =>
        new CrossAccountEventBusPolicy(owner, 'Policy', {
          eventBus: EventBus.fromEventBusName(owner, 'Imported', 'theirs'),
          publishers: [EventPublisher.role(roleArn)],
        }),
    ],
  ])('of another app once it %s, and not before', (_, complete) => {
    const theirs = imported();
    ['one', 'two'].forEach((name) => forward(theirs, name));
    const statement = JSON.parse(/: (\{.*\}) \[ack/.exec(messagesOf(hub)[0])![1]);
    const [without, owner] = [testApp(), testApp()].map((other) => testStack('Consumer', BILLING, other));
    for (const stack of [without, owner]) new EventBus(stack, 'Bus', { eventBusName: 'theirs' });
    complete(
      owner,
      statement,
      `arn:aws:iam::${HUB.account}:role/${(ruleRole().node.defaultChild as CfnRole).roleName}`,
    );
    expectAnswers([app, without.node.root as App], { questions: [delivered('one', 'deny'), delivered('two', 'deny')] });
    expectAnswers([app, owner.node.root as App], { questions: [...closed(), delivered('one'), delivered('two')] });
  });
});
