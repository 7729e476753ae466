import { App, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { CfnRule, EventBus, IEventBus, Rule, RuleProps } from 'aws-cdk-lib/aws-events';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  LambdaEventTarget,
  LambdaEventTargetProps,
} from '../../src';
import { BILLING, HUB, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const PERMISSION = 'AWS::Lambda::Permission';
const RULE = 'AWS::Events::Rule';
const ROLE = 'AWS::IAM::Role';
const eventPattern = { source: ['com.shop'] };
const HANDLER_ARN = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;
const EVENTS = new ServicePrincipal('events.amazonaws.com');

let app: App;
let hub: Stack;
let consumer: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  consumer = testStack('Consumer', BILLING, app);
  new EventBus(consumer, 'Unrelated'); // a stack must have a resource
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

const named = (functionName = 'handler') => testFunction(consumer, functionName, { functionName });
const liveAlias = () => new Alias(consumer, 'Live', { aliasName: 'live', version: named().currentVersion });
const importedHandler = (arn = HANDLER_ARN) => Function.fromFunctionArn(hub, 'Imported', arn);
function ruleTo(handler: IFunction, id = 'Rule', props: RuleProps & LambdaEventTargetProps = {}): Rule {
  const { executionRole, ...ruleProps } = props;
  return new Rule(hub, id, {
    eventBus: bus,
    eventPattern,
    targets: [new LambdaEventTarget(handler, { executionRole })],
    ...ruleProps,
  });
}
const delivered = (name: string, expected = 'allow', eventBus = 'orders') => ({
  deliver: { rule: { account: HUB.account, bus: eventBus, name } },
  expect: expected,
});
const trustOf = (stack: Stack) =>
  propertiesOf(stack, ROLE).map((r) => r.AssumeRolePolicyDocument.Statement[0].Condition);

describe('a function of another account', () => {
  test('is a target with a role that EventBridge may assume for this rule of this account alone', () => {
    ruleTo(named(), 'Rule', { ruleName: 'to-handler' });

    const [target] = propertiesOf(hub, RULE)[0].Targets;
    expect(target).toMatchObject({
      Arn: partitioned(HANDLER_ARN.slice('arn:aws'.length)),
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^RuleRole/), 'Arn'] },
    });
    expect(trustOf(hub)).toEqual([
      {
        StringEquals: { 'aws:SourceAccount': HUB.account },
        ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:rule/orders/to-handler`) },
      },
    ]);
    expect(propertiesOf(hub, 'AWS::IAM::Policy').map((p) => p.PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: target.Arn }],
    ]);
  });

  test('lets the account of the bus in, in its own stack, once for all rules', () => {
    const handler = named();
    ['A', 'B'].forEach((id) => ruleTo(handler, id));
    expect(propertiesOf(consumer, PERMISSION)).toEqual([
      { Action: 'lambda:InvokeFunction', FunctionName: consumer.resolve(handler.functionArn), Principal: HUB.account },
    ]);
    expect(propertiesOf(hub, PERMISSION)).toEqual([]);
  });

  test('lets it in on the alias that is the target, not on the function', () => {
    const alias = liveAlias();
    ruleTo(alias);
    expect(propertiesOf(consumer, PERMISSION)).toMatchObject([{ FunctionName: consumer.resolve(alias.functionArn) }]);
  });

  test('makes neither stack depend on the other, nor anything on the default bus', () => {
    ruleTo(named());
    app.synth();
    expect([dependenciesOf(hub), dependenciesOf(consumer)]).toEqual([[], []]);
    expect(propertiesOf(consumer, RULE)).toEqual([]);
    expect(propertiesOf(consumer, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });

  test.each<[string, () => Role | undefined, RegExp]>([
    ['made', () => undefined, /^RuleRole.*DefaultPolicy/],
    ['given', () => new Role(hub, 'Mine', { assumedBy: EVENTS }), /^MineDefaultPolicy/],
  ])('is invoked no sooner than the role that is %s may do so', (_, executionRole, policy) => {
    ruleTo(named(), 'Rule', { executionRole: executionRole() });
    const { DependsOn } = Object.values<any>(app.synth().getStackArtifact(hub.artifactId).template.Resources).find(
      ({ Type }) => Type === RULE,
    );
    expect(DependsOn).toContainEqual(expect.stringMatching(policy));
  });
});

describe('the role of rules to one function', () => {
  test('is shared by them, and names each', () => {
    const handler = named();
    ['b', 'a'].forEach((ruleName) => ruleTo(handler, ruleName, { ruleName }));
    const arns = ['a', 'b'].map((name) => partitioned(`:events:${REGION}:${HUB.account}:rule/orders/${name}`));
    expect(trustOf(hub)).toMatchObject([{ ArnEquals: { 'aws:SourceArn': arns } }]);
  });

  test('is not shared with rules to another one, or to an alias', () => {
    [named(), named('other')].forEach((handler, i) => ruleTo(handler, `Rule${i}`));
    ruleTo(new Alias(consumer, 'Live', { aliasName: 'live', version: named('third').currentVersion }));
    expect(propertiesOf(hub, ROLE)).toHaveLength(3);
  });

  test.each<[string, () => IEventBus | undefined, string]>([
    ['the bus', () => bus, 'rule/orders/*'],
    ['the account, for the default bus', () => undefined, 'rule/*'],
  ])('is for every rule of %s from the ninth rule on, as a list would not fit', (_, eventBus, resource) => {
    const handler = named();
    Array.from({ length: 8 }, (__, i) => ruleTo(handler, `Rule${i}`, { eventBus: eventBus() }));
    const before = (hub.node.children.find((c) => c.node.id.startsWith('RuleRole'))!.node.defaultChild as CfnRole)
      .assumeRolePolicyDocument;
    expect(hub.resolve(before).Statement[0].Condition.ArnEquals['aws:SourceArn']).toHaveLength(8);
    ruleTo(handler, 'Ninth', { eventBus: eventBus() });
    expect(trustOf(hub)).toMatchObject([
      { ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:${resource}`) } },
    ]);
  });

  test('may be one that is given, which keeps its trust policy', () => {
    const executionRole = new Role(hub, 'Mine', { assumedBy: EVENTS });
    ruleTo(named(), 'Rule', { executionRole });
    expect(propertiesOf(hub, ROLE)).toHaveLength(1);
    expect(trustOf(hub)).toEqual([undefined]);
    expect(propertiesOf(hub, RULE)[0].Targets[0].RoleArn).toEqual(hub.resolve(executionRole.roleArn));
    expect(propertiesOf(hub, 'AWS::IAM::Policy')).toMatchObject([
      { PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction' }] } },
    ]);
  });

  test('fails to be one of another account', () => {
    const executionRole = new Role(consumer, 'Theirs', { assumedBy: EVENTS });
    expectError(() => ruleTo(named(), 'Rule', { executionRole }), "'executionRole' must");
  });
});

describe('the name of the rule that the role is for', () => {
  const nameOf = () => propertiesOf(hub, RULE)[0].Name;

  test('is made from its path where it has none: the same in every synth, and legal', () => {
    const id = `Rule${'x'.repeat(80)}`;
    ruleTo(named(), id);
    expect(nameOf()).toMatch(/^[\w.-]{1,64}$/);
    expect(nameOf()).toBe('Hub-Rulexxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-92504328');
  });

  test('is its own where it has one', () => {
    ruleTo(named(), 'Rule', { ruleName: 'mine' });
    expect(nameOf()).toBe('mine');
  });

  test.each([
    ['before', true],
    ['after', false],
  ])('is the one that the CDK makes when another account refers to the rule %s it gets its target', (_, first) => {
    const rule = new Rule(hub, 'Rule', { ruleName: PhysicalName.GENERATE_IF_NEEDED, eventBus: bus, eventPattern });
    const handler = named();
    const use = () => handler.addEnvironment('RULE', rule.ruleName);
    if (first) use();
    rule.addTarget(new LambdaEventTarget(handler));
    if (!first) use();
    expect(nameOf()).toBe(propertiesOf(consumer, 'AWS::Lambda::Function')[0].Environment.Variables.RULE);
    expect(trustOf(hub)).toMatchObject([
      { ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:rule/orders/${nameOf()}`) } },
    ]);
  });
});

describe('a function of another account fails as target', () => {
  test.each<[string, () => IFunction, RegExp]>([
    [
      'without a name',
      () => testFunction(consumer, 'Handler'),
      /must have a name .* got the unnamed 'Consumer\/Handler'; give it a 'functionName'/,
    ],
    [
      'as a version, whose number only deployment tells',
      () => named().currentVersion,
      /got the version 'Consumer\/handler\/CurrentVersion'; use an alias of it/,
    ],
    [
      'with a name that the CDK makes in a nested stack',
      () => testFunction(new NestedStack(consumer, 'N'), 'F', { functionName: PhysicalName.GENERATE_IF_NEEDED }),
      /'handler' must not be named by the CDK in a nested stack/,
    ],
    ['as $LATEST', () => named().latestVersion, /must not be the \$LATEST version/],
    [
      'in another region',
      () => testFunction(testStack('Far', { ...BILLING, region: 'us-east-1' }, app), 'Far', { functionName: 'far' }),
      /must be in region eu-west-1, got 'Far\/Far' in us-east-1/,
    ],
  ])('%s', (_, handler, message) => {
    expectError(() => ruleTo(handler()), message);
  });
});

describe('an imported function of another account', () => {
  test.each<[string, () => IFunction, string]>([
    ['function', () => importedHandler(), HANDLER_ARN],
    ['alias', () => importedHandler(`${HANDLER_ARN}:live`), `${HANDLER_ARN}:live`],
    ['version', () => Version.fromVersionArn(hub, 'Imported', `${HANDLER_ARN}:3`), `${HANDLER_ARN}:3`],
    [
      'alias of a version',
      () =>
        Alias.fromAliasAttributes(hub, 'A', {
          aliasName: 'live',
          aliasVersion: Version.fromVersionArn(hub, 'V', `${HANDLER_ARN}:3`),
        }),
      `${HANDLER_ARN}:live`,
    ],
  ])('is a target with a role; a warning has the command that lets this account in: %s', (_, handler, arn) => {
    ruleTo(handler());
    expect(propertiesOf(hub, RULE)[0].Targets).toMatchObject([{ Arn: arn, RoleArn: expect.anything() }]);
    expect(propertiesOf(hub, PERMISSION)).toEqual([]);
    expectFindings(messagesOf(hub), ['warning manuallyAddFunctionPermission /Hub/Rule']);
  });
});

describeWithOracle('a function of another account gets the event, and nobody else invokes it', () => {
  const welcome = [{ account: HUB.account }];
  const closed = (role: string) => [
    { noProblems: true },
    { strangers: true, function: 'handler', welcome },
    { strangers: true, role },
  ];
  const ruleRole = () => hub.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!;

  test.each<[string, () => IFunction]>([
    ['itself', named],
    ['by an alias', liveAlias],
  ])('%s, from a custom bus and the default one', (_, handler) => {
    const target = handler();
    ruleTo(target, 'Custom', { ruleName: 'custom' });
    ruleTo(target, 'Default', { ruleName: 'default', eventBus: undefined });
    expectAnswers(app, {
      questions: [...closed(ruleRole().node.path), delivered('custom'), delivered('default', 'allow', 'default')],
    });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('not by a rule that helps itself to the role: of the same bus, of another one, or of another account', () => {
    ruleTo(named(), 'Rule', { ruleName: 'to-handler' });
    const roleArn = `arn:aws:iam::${HUB.account}:role/hub-role`;
    (ruleRole().node.defaultChild as CfnRole).roleName = 'hub-role';
    const targets = [{ id: 'T', arn: HANDLER_ARN, roleArn }];
    new CfnRule(hub, 'Same', { name: 'same', eventBusName: bus.eventBusName, eventPattern, targets });
    new CfnRule(hub, 'OnDefaultBus', { name: 'to-handler', eventPattern, targets });
    new CfnRule(testStack('Stranger', { account: '444444444444', region: REGION }, app), 'Rule', {
      name: 'theirs',
      eventPattern,
      targets,
    });
    const theirs = { deliver: { rule: { account: '444444444444', bus: 'default', name: 'theirs' } }, expect: 'deny' };
    expectAnswers(app, {
      questions: [
        delivered('to-handler'),
        delivered('same', 'deny'),
        delivered('to-handler', 'deny', 'default'),
        theirs,
      ],
    });
  });

  test('by a role that was given', () => {
    ruleTo(named(), 'Rule', { ruleName: 'to-handler', executionRole: new Role(hub, 'Mine', { assumedBy: EVENTS }) });
    expectAnswers(app, { questions: [{ noProblems: true }, delivered('to-handler')] });
  });

  test('from nested stacks, and in two stages of one app, without collisions', () => {
    const questions = ['Blue', 'Green'].flatMap((id) => {
      const stage = new Stage(app, id);
      const [rules, functions] = [HUB, BILLING].map((env, i) => new Stack(stage, `Stack${i}`, { env }));
      const handler = testFunction(functions, 'Handler', { functionName: PhysicalName.GENERATE_IF_NEEDED });
      return [rules, new NestedStack(rules, 'Nested')].map((scope, i) => {
        const eventBus = new EventBus(scope, 'Bus', { eventBusName: `${id}${i}` });
        new Rule(scope, 'Rule', {
          ruleName: 'rule',
          eventBus,
          eventPattern,
          targets: [new LambdaEventTarget(handler)],
        });
        return delivered('rule', 'allow', `${id}${i}`);
      });
    });
    expectAnswers(app, { questions: [{ noProblems: true }, ...questions] });
  });

  test('from another app, once that of the function has its half', () => {
    ruleTo(importedHandler(), 'Rule', { ruleName: 'to-handler' });
    const [without, complete] = [testApp(), testApp()].map((theirs) => testStack('Consumer', BILLING, theirs));
    const [, handler] = [without, complete].map((stack) => testFunction(stack, 'Handler', { functionName: 'handler' }));
    new CrossAccountInvokePermission(complete, 'FromHub', { handler, eventBusAccount: HUB.account });

    expectAnswers([app, without.node.root as App], { questions: [delivered('to-handler', 'deny')] });
    expectAnswers([app, complete.node.root as App], {
      questions: [...closed(ruleRole().node.path), delivered('to-handler')],
    });
  });
});
