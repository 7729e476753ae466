import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  LambdaEventTarget,
  LambdaEventTargetProps,
} from '../../src';
import { BILLING, HUB, SHOP, REGION, testApp, testFunction, testStack } from '../support/apps';
import { nestedStack } from '../support/functions';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf } from '../support/templates';

const eventPattern = { source: ['com.shop'] };

let app: App;
let hub: Stack;
let consumer: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  consumer = testStack('Consumer', BILLING, app);
});

const named = (functionName = 'handler', scope = consumer) => testFunction(scope, 'Handler', { functionName });
function ruleTo(handler: IFunction, props: LambdaEventTargetProps = {}, scope = hub, ruleName = 'rule'): Rule {
  const eventBus = new CrossAccountEventBus(scope, `Bus-${ruleName}`, { eventBusName: `orders-${ruleName}` });
  return new Rule(scope, `Rule-${ruleName}`, {
    ruleName,
    eventBus,
    eventPattern,
    targets: [new LambdaEventTarget(handler, props)],
  });
}

/** Everything that makes one stack depend on another: dependencies, exports, imports, and references to outputs. */
function dependenciesIn(root: App): unknown {
  const { stacks } = root.synth();
  const topLevelStacks = root.node.findAll().filter((c): c is Stack => Stack.isStack(c) && !c.nestedStackParent);
  const references = JSON.stringify(stacks.map(({ template }) => template)).match(
    /"Fn::(ImportValue|GetStackOutput)"|"Export"|Custom::CrossRegion\w+/g,
  );
  return { dependencies: topLevelStacks.flatMap(dependenciesOf), references };
}
const NONE = { dependencies: [], references: null };

describe('a rule and a function in another account can be deployed in either order', () => {
  test.each<[string, () => unknown]>([
    ['if the function has a name', () => ruleTo(named())],
    ['if the CDK generates the name of the function', () => ruleTo(named(PhysicalName.GENERATE_IF_NEEDED))],
    [
      'if the target is an alias',
      () => ruleTo(new Alias(consumer, 'Live', { aliasName: 'live', version: named().currentVersion })),
    ],
    ['if the function is in a nested stack', () => ruleTo(named('handler', nestedStack(consumer)))],
    ['if the rule is in a nested stack', () => ruleTo(named(), {}, nestedStack(hub))],
    [
      'with an execution role of the user',
      () =>
        ruleTo(named(), {
          executionRole: new Role(hub, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com') }),
        }),
    ],
    [
      'with a dead-letter queue in the account of the function',
      () => ruleTo(named(), { deadLetterQueue: new Queue(consumer, 'Queue', { queueName: 'undelivered' }) }),
    ],
    [
      'if each account has rules for a function in the other',
      () => {
        ruleTo(named());
        ruleTo(named('back', hub), {}, consumer, 'back');
      },
    ],
    [
      'if the function publishes on the bus of the rule',
      () => {
        const handler = named();
        const { eventBusName } = ruleTo(handler)
          .node.root.node.findChild('Hub')
          .node.findChild('Bus-rule') as CrossAccountEventBus;
        handler.addEnvironment('BUS', eventBusName);
      },
    ],
  ])('%s', (_, create) => {
    create();
    expect(dependenciesIn(app)).toEqual(NONE);
  });

  test('unless the function is restricted to the execution role, which is deployed first', () => {
    ruleTo(named(), { restrictToExecutionRole: true });
    expect(dependenciesIn(app)).toEqual({ dependencies: ['Hub'], references: null });
  });
});

describe('the policies of both sides of a target', () => {
  const handlerArn = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;
  /** Target ARN, trust policy and permission from both templates. */
  const policiesOf = (rules: Stack, functions: Stack) => {
    const both = [rules, functions].map(
      (s) => (s.node.root as App).synth().getStackArtifact(s.artifactId).template.Resources as Record<string, any>,
    );
    const [ruleResources, functionResources] = both.map((resources) => Object.values(resources));
    const { Arn } = ruleResources.find(({ Type }) => Type === 'AWS::Events::Rule').Properties.Targets[0];
    const role = ruleResources.find(({ Type }) => Type === 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument;
    const { FunctionName, ...permission } = functionResources.find(
      ({ Type }) => Type === 'AWS::Lambda::Permission',
    ).Properties;
    const plain = JSON.parse(
      JSON.stringify({ Arn, role, permission }).replace(
        /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g,
        '"arn:aws$1"',
      ),
    );
    return { ...plain, onFunction: FunctionName !== undefined };
  };

  test('are the same in one app and in one app for each account', () => {
    ruleTo(named());
    const [hubAlone, consumerAlone] = [testStack('Hub', HUB), testStack('Consumer', BILLING)];
    ruleTo(Function.fromFunctionArn(hubAlone, 'Imported', handlerArn), {}, hubAlone);
    new CrossAccountInvokePermission(consumerAlone, 'FromHub', {
      handler: named('handler', consumerAlone),
      eventBusAccount: HUB.account,
    });

    expect(policiesOf(hub, consumer)).toEqual(policiesOf(hubAlone, consumerAlone));
    expect(policiesOf(hub, consumer)).toMatchObject({
      Arn: handlerArn,
      permission: { Action: 'lambda:InvokeFunction', Principal: HUB.account },
    });
    [hubAlone, consumerAlone].forEach((stack) => expect(dependenciesIn(stack.node.root as App)).toEqual(NONE));
  });
});

describeWithOracle('one side of a grant that is deployed alone', () => {
  const deliver = (name: string, expect: string, account = HUB.account) => ({
    deliver: { rule: { account, bus: `orders-${name}`, name } },
    expect,
  });

  test('delivers nothing and allows no other principal until the other side is deployed, in any app', () => {
    ruleTo(named());
    ruleTo(
      Function.fromFunctionArn(hub, 'Imported', `arn:aws:lambda:${REGION}:${SHOP.account}:function:remote`),
      {},
      hub,
      'imported',
    );
    const remoteStack = testStack('Remote', SHOP);
    const handler = named('remote', remoteStack);
    const unchanged = [
      { noProblems: true },
      { strangers: true, function: 'handler', welcome: [{ account: HUB.account }] },
      deliver('rule', 'allow'),
    ];
    expectAnswers(app, { questions: [...unchanged, deliver('imported', 'deny')] });
    new CrossAccountInvokePermission(remoteStack, 'FromHub', { handler, eventBusAccount: HUB.account });
    new EventBus(remoteStack, 'Unrelated');
    expectAnswers([app, remoteStack.node.root as App], {
      questions: [
        ...unchanged,
        deliver('imported', 'allow'),
        { strangers: true, function: 'remote', welcome: [{ account: HUB.account }] },
      ],
    });
  });
});
