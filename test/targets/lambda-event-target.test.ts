import { App, CfnParameter, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnPermission, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, LambdaEventTarget, LambdaEventTargetProps, PublisherRole } from '../../src';
import { BILLING, HUB, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const PERMISSION = 'AWS::Lambda::Permission';
const RULE = 'AWS::Events::Rule';
const eventPattern = { source: ['com.shop'] };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

function ruleTo(handler: IFunction, id = 'Rule', props: LambdaEventTargetProps = {}, scope: Stack = stack): Rule {
  return new Rule(scope, id, { ruleName: id, eventPattern, targets: [new LambdaEventTarget(handler, props)] });
}
const targetOf = (handler: IFunction, props: LambdaEventTargetProps) => {
  ruleTo(handler, 'Rule', props);
  return propertiesOf(stack, RULE)[0].Targets[0];
};
const delivered = (name: string, expected = 'allow', bus = 'default') => ({
  deliver: { rule: { account: HUB.account, bus, name } },
  expect: expected,
});

const HANDLERS: [string, (fn: Function) => IFunction][] = [
  ['a function', (fn) => fn],
  ['a version', (fn) => new Version(fn.stack, 'Version', { lambda: fn })],
  ['the current version', (fn) => fn.currentVersion],
  ['an alias', (fn) => new Alias(fn.stack, 'Alias', { aliasName: 'live', version: fn.currentVersion })],
];

describe.each(HANDLERS)('%s of the same stack', (_, qualified) => {
  test('may be invoked by the rule alone, on exactly the qualifier that is the target', () => {
    const handler = qualified(testFunction(stack, 'Handler'));
    const rule = ruleTo(handler);

    expect(propertiesOf(stack, PERMISSION)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: stack.resolve(handler.functionArn),
        Principal: 'events.amazonaws.com',
        SourceArn: stack.resolve(rule.ruleArn),
        SourceAccount: HUB.account,
      },
    ]);
    const [{ Targets }] = propertiesOf(stack, RULE);
    expect(Targets).toEqual([{ Id: 'Target0', Arn: stack.resolve(handler.functionArn) }]);
  });
});

describe('permissions of one function', () => {
  test('are one for each rule', () => {
    const handler = testFunction(stack, 'Handler');
    const rules = ['A', 'B', 'C'].map((id) => ruleTo(handler, id));
    expect(propertiesOf(stack, PERMISSION).map(({ SourceArn }) => SourceArn)).toEqual(
      rules.map(({ ruleArn }) => stack.resolve(ruleArn)),
    );
  });

  test('are one for a rule that has it twice as target', () => {
    const handler = testFunction(stack, 'Handler');
    ruleTo(handler).addTarget(new LambdaEventTarget(handler, { event: RuleTargetInput.fromText('again') }));
    expect(propertiesOf(stack, PERMISSION)).toHaveLength(1);
    expect(propertiesOf(stack, RULE)[0].Targets).toHaveLength(2);
  });

  test('are one for each qualifier, when one rule has several', () => {
    const handler = testFunction(stack, 'Handler');
    ruleTo(handler).addTarget(new LambdaEventTarget(handler.currentVersion));
    expect(propertiesOf(stack, PERMISSION).map(({ FunctionName }) => FunctionName)).toEqual(
      [handler, handler.currentVersion].map(({ functionArn }) => stack.resolve(functionArn)),
    );
  });
});

describe('a function of another stack of the account', () => {
  test('gets its permission in the stack of the rule', () => {
    const other = testStack('Other', HUB, app);
    ruleTo(testFunction(other, 'Handler'));
    expect(propertiesOf(stack, PERMISSION)).toHaveLength(1);
    expect(propertiesOf(other, PERMISSION)).toEqual([]);
  });

  test('may publish on the bus of the rule, and no stack depends on another in a circle', () => {
    const other = testStack('Other', HUB, app);
    const bus = new CrossAccountEventBus(stack, 'Bus');
    const role = new PublisherRole(other, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    const handler = testFunction(other, 'Handler', { role });
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
    app.synth();
    expect([dependenciesOf(stack), dependenciesOf(other)]).toEqual([['Other'], []]);
  });
});

describe('an imported function', () => {
  const ARN = `arn:aws:lambda:${HUB.region}:${HUB.account}:function:theirs`;
  const IMPORTS: [string, string, () => IFunction][] = [
    ['by ARN', ARN, () => Function.fromFunctionArn(stack, 'Imported', ARN)],
    ['by the ARN of an alias', `${ARN}:live`, () => Function.fromFunctionArn(stack, 'Imported', `${ARN}:live`)],
    ['as a version', `${ARN}:3`, () => Version.fromVersionArn(stack, 'Imported', `${ARN}:3`)],
    ['by attributes', ARN, () => Function.fromFunctionAttributes(stack, 'Imported', { functionArn: ARN })],
  ];
  test.each(IMPORTS)('%s gets the permission that it has in no other stack', (_, arn, imported) => {
    ruleTo(imported());
    expect(propertiesOf(stack, PERMISSION)).toMatchObject([{ FunctionName: arn, SourceAccount: HUB.account }]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('by name is one of the account of the stack', () => {
    const handler = Function.fromFunctionName(stack, 'Imported', 'theirs');
    ruleTo(handler);
    expect(propertiesOf(stack, PERMISSION)).toMatchObject([{ FunctionName: stack.resolve(handler.functionArn) }]);
    expect(stack.resolve(handler.functionArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ARN.slice('arn:aws'.length)]],
    });
  });

  test.each([
    ['made there', (s: Stack) => testFunction(s, 'F')],
    ['imported', (s: Stack) => Function.fromFunctionArn(s, 'F', ARN)],
  ])('or one %s gets it in a stack whose account only deployment tells', (_, handler) => {
    stack = new Stack(testApp(), 'Agnostic');
    ruleTo(handler(stack));
    expect(propertiesOf(stack, PERMISSION)).toMatchObject([{ SourceAccount: { Ref: 'AWS::AccountId' } }]);
  });
});

describe('what is delivered, and how', () => {
  test('is the whole event where nothing else is asked for', () => {
    expect(targetOf(testFunction(stack, 'Handler'), {})).not.toHaveProperty('InputTransformer');
  });

  test('may be made of parts of the event', () => {
    const event = RuleTargetInput.fromObject({ id: EventField.fromPath('$.detail.id') });
    expect(targetOf(testFunction(stack, 'Handler'), { event }).InputTransformer.InputPathsMap).toEqual({
      'detail-id': '$.detail.id',
    });
  });

  test.each<[string, LambdaEventTargetProps, object]>([
    ['not at all', { retryAttempts: 0 }, { MaximumRetryAttempts: 0 }],
    ['as often as may be', { retryAttempts: 185 }, { MaximumRetryAttempts: 185 }],
    ['for a minute', { maxEventAge: Duration.minutes(1) }, { MaximumEventAgeInSeconds: 60 }],
    ['for a day', { maxEventAge: Duration.days(1) }, { MaximumEventAgeInSeconds: 86_400 }],
  ])('is tried again %s', (_, props, policy) => {
    expect(targetOf(testFunction(stack, 'Handler'), props).RetryPolicy).toEqual(policy);
  });

  test('is tried again as often and long as deployment tells', () => {
    const [attempts, age] = ['Attempts', 'Age'].map(
      (id) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber,
    );
    expect(
      targetOf(testFunction(stack, 'Handler'), { retryAttempts: attempts, maxEventAge: Duration.seconds(age) })
        .RetryPolicy,
    ).toEqual({ MaximumRetryAttempts: { Ref: 'Attempts' }, MaximumEventAgeInSeconds: { Ref: 'Age' } });
  });

  test('fails to be tried again more than 185 times, or for more than a day', () => {
    const handler = testFunction(stack, 'Handler');
    expectError(() => ruleTo(handler, 'A', { retryAttempts: 186 }), "Hub/A: 'retryAttempts' must");
    expectError(() => ruleTo(handler, 'B', { maxEventAge: Duration.days(2) }), "Hub/B: 'maxEventAge' must");
  });
});

describe('a target fails at the call', () => {
  test('for $LATEST, which takes no permission', () => {
    expectError(() => ruleTo(testFunction(stack, 'Handler').latestVersion), "'handler' must");
  });

  test.each<[string, (arn: string) => IFunction]>([
    ['a function', (arn) => Function.fromFunctionArn(stack, 'Handler', arn)],
    ['a version', (arn) => Version.fromVersionArn(stack, 'Handler', `${arn}:1`)],
  ])('for %s of another region, with the way round', (_, imported) => {
    expectError(
      () => ruleTo(imported(`arn:aws:lambda:us-east-1:${HUB.account}:function:f`)),
      /Hub\/Rule: 'handler' must/,
    );
  });

  test('for an execution role where the permission suffices', () => {
    const executionRole = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(HUB.account) });
    expectError(() => ruleTo(testFunction(stack, 'Handler'), 'Rule', { executionRole }), "'executionRole' must");
  });

  test('for an execution role where only deployment tells whether the function is of another account', () => {
    stack = new Stack(testApp(), 'Agnostic');
    const executionRole = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(HUB.account) });
    const handler = Function.fromFunctionArn(
      stack,
      'Imported',
      `arn:aws:lambda:${BILLING.region}:${BILLING.account}:function:f`,
    );
    expectError(() => ruleTo(handler, 'Rule', { executionRole }), /'executionRole' must/);
  });
});

describeWithOracle('a function of the same account gets the event, and nobody else invokes it', () => {
  test.each(HANDLERS)('%s, from the default bus and a custom one', (_, qualified) => {
    const handler = qualified(testFunction(stack, 'Handler', { functionName: 'handler' }));
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
    new Rule(stack, 'Custom', {
      eventBus: bus,
      ruleName: 'custom',
      eventPattern,
      targets: [new LambdaEventTarget(handler)],
    });
    ruleTo(handler);
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        delivered('Rule'),
        delivered('custom', 'allow', 'orders'),
        { strangers: true, function: 'handler' },
      ],
    });
  });

  test('imported, by the permission that this app adds', () => {
    const theirs = testApp();
    const owner = testStack('Theirs', HUB, theirs);
    testFunction(owner, 'Handler', { functionName: 'theirs' });
    ruleTo(Function.fromFunctionName(stack, 'Imported', 'theirs'));
    expectAnswers([app, theirs], {
      questions: [{ noProblems: true }, delivered('Rule'), { strangers: true, function: 'theirs' }],
    });
  });

  test('in nested stacks and two stages of one app, without collisions', () => {
    app = testApp();
    const stages = ['Blue', 'Green'].map((id) => new Stack(new Stage(app, id), 'Stack', { env: HUB }));
    const questions = [...stages, new NestedStack(stages[0], 'Nested')].map((scope, i) => {
      const targets = [new LambdaEventTarget(testFunction(scope, 'Handler'))];
      new Rule(scope, 'Rule', {
        ruleName: 'rule',
        eventBus: new EventBus(scope, 'Bus', { eventBusName: `bus${i}` }),
        eventPattern,
        targets,
      });
      return delivered('rule', 'allow', `bus${i}`);
    });
    expectAnswers(app, { questions: [{ noProblems: true }, ...questions] });
  });

  test('but not by the permission for another account alone', () => {
    const handler = testFunction(stack, 'Handler');
    const rule = ruleTo(handler);
    new CfnPermission(stack, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: HUB.account,
    });
    rule.node.tryRemoveChild(rule.node.children.find((c) => c.node.id.startsWith('AllowInvoke'))!.node.id);
    expectAnswers(app, { questions: [delivered('Rule', 'deny')] });
  });
});
