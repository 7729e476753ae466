import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission, LambdaEventTarget, LambdaEventTargetProps } from '../../src';
import { BILLING, HUB, SHOP, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { copyOf, nestedStack, runCommandOf } from '../support/functions';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const PERMISSION = 'AWS::Lambda::Permission';
const EVENTS = new ServicePrincipal('events.amazonaws.com');
const eventPattern = { source: ['com.shop'] };
const HANDLER_ARN = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;
const ROLE_ARN = `arn:aws:iam::${HUB.account}:role/sender`;

let app: App;
let hub: Stack;
let consumer: Stack;
let bus: EventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  consumer = testStack('Consumer', BILLING, app);
  bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
});

const named = (scope = consumer, functionName = 'handler') => testFunction(scope, functionName, { functionName });
const importedHandler = () => Function.fromFunctionArn(hub, 'Imported', HANDLER_ARN);
const roleIn = (scope: Stack, roleName?: string, id = 'Sender') => new Role(scope, id, { roleName, assumedBy: EVENTS });
function ruleTo(handler: IFunction, id = 'Rule', props: LambdaEventTargetProps = {}, scope = hub): Rule {
  const eventBus = scope === hub ? bus : EventBus.fromEventBusName(scope, `Bus-${id}`, 'orders');
  const target = new LambdaEventTarget(handler, { restrictToExecutionRole: true, ...props });
  return new Rule(scope, id, { ruleName: id, eventBus, eventPattern, targets: [target] });
}
const deliver = (name: string, expect: string, eventBus = 'orders') => ({
  deliver: { rule: { account: HUB.account, bus: eventBus, name } },
  expect,
});
const ruleRoleOf = (scope: Stack) => scope.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!;
const roleNameOf = (scope: Stack) => scope.resolve((ruleRoleOf(scope).node.defaultChild as CfnRole).roleName) as string;
const principals = () => propertiesOf(consumer, PERMISSION).map(({ Principal }) => Principal);
const principalNamed = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${HUB.account}:role/${name}`]],
});

describe('a function of another account that is restricted to the execution role', () => {
  test('lets in exactly that role, by the name that it has, and is deployed after it', () => {
    const handler = named();
    ruleTo(handler);
    expect(roleNameOf(hub)).toMatch(/^[\w+=,.@-]{1,64}$/);
    expect(propertiesOf(consumer, PERMISSION)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: consumer.resolve(handler.functionArn),
        Principal: principalNamed(roleNameOf(hub)),
      },
    ]);
    expect([hub, consumer].map(dependenciesOf)).toEqual([[], ['Hub']]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, () => [rules: Stack, handler: IFunction]]>([
    ['by rules of a nested stack', () => [nestedStack(hub), named()]],
    ['when it is in a nested stack', () => [hub, named(nestedStack(consumer))]],
    [
      'by rules of a stack that does not know its region',
      () => [new Stack(app, 'Anywhere', { env: { account: HUB.account } }), named()],
    ],
    ['by an alias', () => [hub, new Alias(consumer, 'Live', { aliasName: 'live', version: named().currentVersion })]],
    [
      'when the CDK makes its name',
      () => [hub, testFunction(consumer, 'Handler', { functionName: PhysicalName.GENERATE_IF_NEEDED })],
    ],
  ])('lets in a role with a legal name that both stacks write out: %s', (_, places) => {
    const [rules, handler] = places();
    ruleTo(handler, 'Rule', {}, rules);
    const [{ RoleName }] = propertiesOf(rules, 'AWS::IAM::Role').filter(({ AssumeRolePolicyDocument }) =>
      JSON.stringify(AssumeRolePolicyDocument).includes('events.amazonaws.com'),
    );
    expect(RoleName).toMatch(/^[\w+=,.@-]{1,64}$/);
    expect(propertiesOf(Stack.of(handler), PERMISSION).map(({ Principal }) => Principal)).toEqual([
      principalNamed(RoleName),
    ]);
  });

  test('has one permission for all rules of a stack, and one for each stack that has rules for it', () => {
    const other = testStack('Other', HUB, app);
    const handler = named();
    ['A', 'B'].forEach((id) => ruleTo(handler, id));
    ruleTo(handler, 'C', {}, other);
    expect(principals()).toEqual([hub, other].map((scope) => principalNamed(roleNameOf(scope))));
    expect(dependenciesOf(consumer).sort()).toEqual(['Hub', 'Other']);
  });

  test('may let in a role that is given, also one that has a path', () => {
    ruleTo(named(), 'Rule', {
      executionRole: new Role(hub, 'Sender', { roleName: 'sender', path: '/events/', assumedBy: EVENTS }),
    });
    expect(principals()).toEqual([principalNamed('events/sender')]);
    expect(dependenciesOf(consumer)).toEqual(['Hub']);
  });

  test('may let in an imported role, which no stack makes and none waits for', () => {
    ruleTo(named(), 'Rule', { executionRole: Role.fromRoleArn(hub, 'Sender', ROLE_ARN) });
    expect(principals()).toEqual([ROLE_ARN]);
    expect(dependenciesOf(consumer)).toEqual([]);
  });
});

describe('a target that is not restricted to the execution role', () => {
  test.each<[string, () => [rules: Stack, handler: IFunction]]>([
    ['a function of the app', () => [hub, named()]],
    ['a function of the app, by a rule in a nested stack', () => [nestedStack(hub), named()]],
    ['a function of another app', () => [hub, importedHandler()]],
  ])('has a role whose name is known before it is deployed all the same: %s', (_, places) => {
    const [rules, handler] = places();
    new EventBus(consumer, 'Unrelated'); // a stack must have a resource
    ruleTo(handler, 'Rule', { restrictToExecutionRole: false }, rules);
    expect(propertiesOf(rules, 'AWS::IAM::Role').map(({ RoleName }) => RoleName)).toEqual([
      expect.stringMatching(/^Hub-(Nested-)?RuleRole-[\w-]{1,64}$/),
    ]);
  });

  test('may be of the same account, and says so for the account of another one', () => {
    expect(() => ruleTo(named(hub), 'Own', { restrictToExecutionRole: false })).not.toThrow();
    new EventBus(consumer, 'Unrelated'); // a stack must have a resource
    ruleTo(importedHandler(), 'Rule', { restrictToExecutionRole: false });
    expectFindings(messagesOf(hub), ['warning manuallyAddFunctionPermission /Hub/Rule']);
  });
});

/** The newest CDK has another name for it. */
function dependOn(stack: Stack & { addStackDependency?(on: Stack): void }, on: Stack): void {
  if (stack.addStackDependency) stack.addStackDependency(on);
  else stack.addDependency(on);
}

const importedIn = (scope: Stack, id: string) => Function.fromFunctionName(scope, `F-${id}`, 'handler');

describe('a target that is restricted to the execution role fails', () => {
  const CIRCLE = /^Consumer\/handler\/AllowEventBus-111111111111-\w{8}: 'executionRole' must/;

  test('where the stack of the rule is deployed after that of the function, directly or by others', () => {
    const between = testStack('Between', HUB, app);
    dependOn(hub, between);
    dependOn(between, consumer);
    expectError(() => ruleTo(named()), CIRCLE);
  });

  test('where a third account waits for the stack of the function, and that of the rule for the third', () => {
    const third = testStack('Third', SHOP, app);
    const [there, back, between] = [named(consumer), named(hub), named(third)];
    ruleTo(between, 'Between', {}, consumer);
    ruleTo(back, 'Back', {}, third);
    expectError(() => ruleTo(there), CIRCLE);
  });

  test('where two accounts would each wait for the other, the second time', () => {
    const [there, back] = [named(consumer), named(hub)];
    ruleTo(back, 'Back', {}, consumer);
    expectError(() => ruleTo(there), CIRCLE);
  });

  test('with a role of a third account', () => {
    const executionRole = roleIn(testStack('Third', SHOP, app), 'theirs');
    expectError(() => ruleTo(named(), 'Rule', { executionRole }), "Hub/Rule: 'executionRole' must");
  });

  test('with a role without a name', () => {
    expectError(() => ruleTo(named(), 'Rule', { executionRole: roleIn(hub) }), "'executionRole' must");
  });

  test('for a function of the same account, where the permission is for the rule', () => {
    expectError(() => ruleTo(named(hub)), "Hub/Rule: 'restrictToExecutionRole' must");
  });

  test('for a function that may be of this account, for all that is known', () => {
    const anywhere = new Stack(app, 'Anywhere');
    expectError(
      () => ruleTo(importedIn(consumer, 'x'), 'Rule', {}, anywhere),
      /^Anywhere\/Rule: 'restrictToExecutionRole' must/,
    );
  });
});

describeWithOracle('a function of another account that is restricted to the execution role', () => {
  /** A role of the bus's account that may invoke everything, and a rule that uses it. */
  function otherRule(scope: Stack, name: string): void {
    const role = roleIn(scope, name, `Role-${name}`);
    role.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    new CfnRule(scope, name, {
      name,
      eventBusName: 'orders',
      eventPattern,
      targets: [{ id: 'Target0', arn: HANDLER_ARN, roleArn: role.roleArn }],
    });
  }
  const onlyRule = () => [
    { noProblems: true },
    deliver('Rule', 'allow'),
    deliver('other', 'deny'),
    deliver('copy', 'deny'),
    deliver('Rule', 'deny', 'default'),
    { strangers: true, function: { account: BILLING.account, name: 'handler' } },
  ];
  function copies(rule: Rule): void {
    otherRule(hub, 'other');
    copyOf(rule, 'Copy', { name: 'copy', eventBusName: bus.eventBusName });
    copyOf(rule, 'OnDefault', { name: 'Rule' });
  }

  test('gets the event of the rule, and of no other rule or role of that account', () => {
    copies(ruleTo(named()));
    expectAnswers(app, { questions: [...onlyRule(), { strangers: true, role: ruleRoleOf(hub).node.path }] });
  });

  test('would get that of any role of the account which may invoke it, were it not restricted', () => {
    copies(ruleTo(named(), 'Rule', { restrictToExecutionRole: false }));
    expectAnswers(app, { questions: [deliver('Rule', 'allow'), deliver('other', 'allow')] });
  });

  test('gets it from another app, where the permission names the role by its ARN, and from no other role', () => {
    copies(ruleTo(importedHandler(), 'Rule', { executionRole: roleIn(hub, 'sender') }));
    const theirs = testStack('Theirs', BILLING);
    new CrossAccountInvokePermission(theirs, 'Permission', {
      handler: named(theirs),
      eventBusAccount: HUB.account,
      executionRole: Role.fromRoleArn(theirs, 'Sender', ROLE_ARN),
    });
    new EventBus(consumer, 'Unrelated'); // a stack must have a resource
    // The trust policy of a role that is given says for which rules: that of this one for all.
    const strangers = { strangers: true, function: { account: BILLING.account, name: 'handler' } };
    expectAnswers([app, theirs.node.root as App], {
      questions: [{ noProblems: true }, deliver('Rule', 'allow'), deliver('other', 'deny'), strangers],
    });
  });

  test('gets it from another app, once the command of the warning is run there, and from no other role', () => {
    copies(ruleTo(importedHandler()));
    new EventBus(consumer, 'Unrelated'); // a stack must have a resource
    const [message, ...more] = messagesOf(hub);
    expect(more).toEqual([]);
    expect(message).toContain(`allows role arn:aws:iam::${HUB.account}:role/${roleNameOf(hub)} to invoke it`);
    const theirs = testStack('Theirs', BILLING);
    runCommandOf(message, theirs, 'Pasted');
    expectAnswers([app, theirs.node.root as App], { questions: onlyRule() });
  });
});
