import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole, IRole, LazyRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission, LambdaEventTarget } from '../../src';
import { BILLING, HUB, SHOP, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { copyOf, nestedStack } from '../support/functions';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const ROLE = 'AWS::IAM::Role';
const ROLE_ARN = `arn:aws:iam::${HUB.account}:role/sender`;
const HANDLER_ARN = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;
const EVENTS = new ServicePrincipal('events.amazonaws.com');
const eventPattern = { source: ['com.shop'] };

let app: App;
let hub: Stack;
let handler: Function;
let bus: EventBus;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
  bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  handler = testFunction(testStack('Consumer', BILLING, app), 'Handler', { functionName: 'handler' });
});

const ruleWith = (executionRole?: IRole, id = 'Rule') =>
  new Rule(hub, id, {
    ruleName: id,
    eventBus: bus,
    eventPattern,
    targets: [new LambdaEventTarget(handler, { executionRole })],
  });
const deliver = (name: string, expect: string, eventBus = 'orders', account = HUB.account) => ({
  deliver: { rule: { account, bus: eventBus, name } },
  expect,
});
const imports: [string, (scope: Stack) => IRole, boolean][] = [
  ['by ARN', (scope) => Role.fromRoleArn(scope, 'Sender', ROLE_ARN), true],
  ['by name', (scope) => Role.fromRoleName(scope, 'Sender', 'sender'), true],
  ['by ARN, not to be changed', (scope) => Role.fromRoleArn(scope, 'Sender', ROLE_ARN, { mutable: false }), false],
  ['by name, not to be changed', (scope) => Role.fromRoleName(scope, 'Sender', 'sender', { mutable: false }), false],
  [
    'by ARN in a stack of another account',
    (scope) => Role.fromRoleArn(scope.node.root.node.findChild('Consumer') as Stack, 'Sender', ROLE_ARN),
    false,
  ],
];
const TRUST = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sts:AssumeRole',
  Condition: {
    StringEquals: { 'aws:SourceAccount': HUB.account },
    ArnEquals: { 'aws:SourceArn': `arn:aws:events:${REGION}:${HUB.account}:rule/orders/Rule` },
  },
};

describe('an execution role that is given', () => {
  test.each<[string, () => IRole, string[]]>([
    ['in the stack of the rule', () => new Role(hub, 'Sender', { assumedBy: EVENTS }), []],
    ['in a nested stack', () => new Role(nestedStack(hub), 'Sender', { assumedBy: EVENTS }), []],
    [
      'in another stack of the account',
      () => new Role(testStack('Roles', HUB, app), 'Sender', { assumedBy: EVENTS }),
      ['Roles'],
    ],
  ])('is allowed to invoke the function, and nothing else changes of it: %s', (_, make, dependencies) => {
    const role = make();
    ruleWith(role);
    const owner = Stack.of(role);
    expect(propertiesOf(owner, ROLE)).toMatchObject([
      { AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Principal: TRUST.Principal }] } },
    ]);
    expect(propertiesOf(owner, 'AWS::IAM::Policy').map(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: owner.resolve(handler.functionArn) }],
    ]);
    expect(dependenciesOf(hub)).toEqual(dependencies);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('takes the place of the one that would be made, for this target alone', () => {
    const role = new Role(hub, 'Sender', { assumedBy: EVENTS });
    ruleWith(role).addTarget(new LambdaEventTarget(handler));
    const made = hub.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!;
    expect(
      propertiesOf(hub, 'AWS::Events::Rule')[0].Targets.map(({ RoleArn }: { RoleArn: unknown }) => RoleArn),
    ).toEqual([role, made].map(({ roleArn }) => hub.resolve(roleArn)));
  });

  test('needs no name of the rule when it is made here, as no policy of it is written for the rule', () => {
    new Rule(hub, 'Rule', {
      eventPattern,
      targets: [new LambdaEventTarget(handler, { executionRole: new Role(hub, 'Sender', { assumedBy: EVENTS }) })],
    });
    expect(propertiesOf(hub, 'AWS::Events::Rule')[0]).not.toHaveProperty('Name');
  });

  test.each(imports)(
    'is not to be read where it is imported %s: a warning has the statements that it must have',
    (_, role, mutable) => {
      ruleWith(role(hub));
      expectFindings(messagesOf(hub), ['warning manuallyAddRolePolicy /Hub/Rule']);
      expect(propertiesOf(hub, 'AWS::IAM::Policy').map(({ Roles }) => Roles)).toEqual(mutable ? [['sender']] : []);
    },
  );

  test('is told the name of a rule that had none', () => {
    new Rule(hub, 'Rule', {
      eventPattern,
      targets: [new LambdaEventTarget(handler, { executionRole: Role.fromRoleArn(hub, 'Sender', ROLE_ARN) })],
    });
    const [{ Name }] = propertiesOf(hub, 'AWS::Events::Rule');
    expect(Name).toMatch(/^Hub-Rule-\w{8}$/);
    expectFindings(messagesOf(hub), ['warning manuallyAddRolePolicy /Hub/Rule']);
  });

  test.each<[string, () => IRole]>([
    [
      'the account of the function',
      () => new Role(Stack.of(handler), 'Sender', { roleName: 'theirs', assumedBy: EVENTS }),
    ],
    [
      'a third account',
      () => new Role(testStack('Third', SHOP, app), 'Sender', { roleName: 'theirs', assumedBy: EVENTS }),
    ],
    ['a third account, by ARN', () => Role.fromRoleArn(hub, 'Sender', `arn:aws:iam::${SHOP.account}:role/theirs`)],
    [
      'the account of the function, by its name in a stack there',
      () => Role.fromRoleName(Stack.of(handler), 'Sender', 'theirs'),
    ],
  ])('fails when it is of %s', (_, role) => {
    expectError(() => ruleWith(role()), "Hub/Rule: 'executionRole' must");
  });

  test('fails for a function of the same account, with the path of the role', () => {
    const executionRole = new Role(hub, 'Sender', { assumedBy: EVENTS });
    expectError(
      () =>
        new Rule(hub, 'Rule', {
          eventPattern,
          targets: [new LambdaEventTarget(testFunction(hub, 'Own'), { executionRole })],
        }),
      "Hub/Rule: 'executionRole' must",
    );
  });
});

describeWithOracle('an execution role delivers', () => {
  /** The statements of the warning, in the order that it has them. */
  const statementsOf = ([message]: string[]) =>
    [...message.matchAll(/: (\{.*?\})(?=, and to an identity-based policy| \[ack)/g)].map(([, json]) =>
      JSON.parse(json),
    );

  /** The role, in the app that owns it, with statements that were pasted there. */
  function pasted(trust: object | undefined, identity?: object): App {
    const owner = testStack('Owner', HUB);
    const document = (Statement: unknown) => ({ Version: '2012-10-17', Statement });
    const nobody = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    new CfnRole(owner, 'Sender', {
      roleName: 'sender',
      assumeRolePolicyDocument: document([trust ?? nobody]),
      policies: identity && [{ policyName: 'Pasted', policyDocument: document([identity]) }],
    });
    return owner.node.root as App;
  }

  /**
   * Near misses of the rule: another one of its bus, its name on another bus, and its name on a bus of that name in
   * another account.
   */
  function copies(rule: Rule): void {
    copyOf(rule, 'Same', { name: 'same', eventBusName: bus.eventBusName });
    copyOf(rule, 'Other', {
      name: 'Rule',
      eventBusName: new EventBus(hub, 'OtherBus', { eventBusName: 'others' }).eventBusName,
    });
    copyOf(rule, 'OnDefault', { name: 'Rule' });
    const stranger = testStack('Stranger', SHOP, app);
    const targets = [{ id: 'Target0', arn: HANDLER_ARN, roleArn: ROLE_ARN }];
    new CfnRule(stranger, 'Rule', {
      name: 'Rule',
      eventBusName: new EventBus(stranger, 'Bus', { eventBusName: 'orders' }).eventBusName,
      eventPattern,
      targets,
    });
  }
  const ruleAlone = [
    { noProblems: true },
    deliver('Rule', 'allow'),
    deliver('same', 'deny'),
    deliver('Rule', 'deny', 'others'),
    deliver('Rule', 'deny', 'default'),
    deliver('Rule', 'deny', 'orders', SHOP.account),
    { strangers: true, role: { account: HUB.account, name: 'sender' } },
  ];

  test.each(imports)(
    'once it has the statements of the warning, for that rule alone: imported %s',
    (_, role, mutable) => {
      copies(ruleWith(role(hub)));
      const [trust, identity, ...more] = statementsOf(messagesOf(hub));
      expect([identity === undefined, more]).toEqual([mutable, []]);
      expectAnswers([app, pasted(trust, identity)], { questions: ruleAlone });
      expectAnswers([app, pasted(undefined, identity)], { questions: [deliver('Rule', 'deny')] });
      if (!mutable) expectAnswers([app, pasted(trust)], { questions: [deliver('Rule', 'deny')] });
    },
  );

  test.each<[string, (scope: Stack) => Role | LazyRole]>([
    ['a role', (scope) => new Role(scope, 'Sender', { roleName: 'sender', assumedBy: EVENTS })],
    [
      'a role that is made when it is needed',
      (scope) => new LazyRole(scope, 'Sender', { roleName: 'sender', assumedBy: EVENTS }),
    ],
  ])('when it is %s of the app, for all rules that its owner lets it', (_, role) => {
    const executionRole = role(hub);
    copies(ruleWith(executionRole));
    ruleWith(executionRole, 'Second');
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        deliver('Rule', 'allow'),
        deliver('Second', 'allow'),
        deliver('same', 'allow'),
        deliver('Rule', 'deny', 'orders', SHOP.account),
        { strangers: true, function: 'handler', welcome: [{ account: HUB.account }] },
      ],
    });
  });

  test('when this library makes it, for its rule alone', () => {
    const rule = ruleWith();
    (
      hub.node.children.find((c): c is Role => c.node.id.startsWith('RuleRole'))!.node.defaultChild as CfnRole
    ).roleName = 'sender';
    copies(rule);
    expectAnswers(app, { questions: ruleAlone });
  });

  test('not by a permission for another account, or for another role, alone', () => {
    const theirs = testStack('Theirs', BILLING);
    const other = testFunction(theirs, 'Handler', { functionName: 'other' });
    handler = Function.fromFunctionArn(hub, 'Imported', HANDLER_ARN.replace('handler', 'other')) as Function;
    ruleWith();
    new CrossAccountInvokePermission(theirs, 'Account', { handler: other, eventBusAccount: SHOP.account });
    new CrossAccountInvokePermission(theirs, 'Role', {
      handler: other,
      eventBusAccount: HUB.account,
      executionRole: Role.fromRoleArn(theirs, 'Sender', ROLE_ARN),
    });
    expectAnswers([app, theirs.node.root as App], { questions: [deliver('Rule', 'deny')] });
  });
});

describe('a template', () => {
  test('is the same whether it is validated or not', () => {
    const templates = [true, false].map((skipValidation) => {
      const world = testApp();
      const stack = testStack('Hub', HUB, world);
      const executionRole = new Role(stack, 'Sender', { assumedBy: EVENTS });
      const imported = Function.fromFunctionArn(
        stack,
        'Imported',
        `arn:aws:lambda:${HUB.region}:${BILLING.account}:function:handler`,
      );
      new Rule(stack, 'Rule', { eventPattern, targets: [new LambdaEventTarget(imported, { executionRole })] });
      return world.synth({ skipValidation }).getStackByName('Hub').template;
    });
    expect(templates[0]).toEqual(templates[1]);
  });
});
