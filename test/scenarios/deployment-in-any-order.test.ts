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
import { CONSUMER, HUB, PUBLISHER, REGION, testApp, testFunction, testStack } from '../support/apps';
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
  consumer = testStack('Consumer', CONSUMER, app);
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

/**
 * Everything by which one stack would have to be deployed before another: dependencies, exports, imports, outputs that
 * are read.
 */
function ties(of: App): unknown {
  const { stacks } = of.synth();
  const made = of.node.findAll().filter((c): c is Stack => Stack.isStack(c) && !c.nestedStackParent);
  const references = JSON.stringify(stacks.map(({ template }) => template)).match(
    /"Fn::(ImportValue|GetStackOutput)"|"Export"|Custom::CrossRegion\w+/g,
  );
  return { dependencies: made.flatMap(dependenciesOf), references };
}
const NONE = { dependencies: [], references: null };

describe('a rule and a function of another account can be deployed in either order', () => {
  test.each<[string, () => unknown]>([
    ['when the function is named', () => ruleTo(named())],
    ['when the CDK makes its name', () => ruleTo(named(PhysicalName.GENERATE_IF_NEEDED))],
    [
      'when it is an alias',
      () => ruleTo(new Alias(consumer, 'Live', { aliasName: 'live', version: named().currentVersion })),
    ],
    ['when it is in a nested stack', () => ruleTo(named('handler', nestedStack(consumer)))],
    ['when the rule is in a nested stack', () => ruleTo(named(), {}, nestedStack(hub))],
    [
      'with a role that is given',
      () =>
        ruleTo(named(), {
          executionRole: new Role(hub, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com') }),
        }),
    ],
    [
      'with a dead-letter queue of its account',
      () => ruleTo(named(), { deadLetterQueue: new Queue(consumer, 'Queue', { queueName: 'undelivered' }) }),
    ],
    [
      'where each account has rules for a function of the other',
      () => {
        ruleTo(named());
        ruleTo(named('back', hub), {}, consumer, 'back');
      },
    ],
    [
      'where the function publishes on the bus of the rule',
      () => {
        const handler = named();
        const { eventBusName } = ruleTo(handler)
          .node.root.node.findChild('Hub')
          .node.findChild('Bus-rule') as CrossAccountEventBus;
        handler.addEnvironment('BUS', eventBusName);
      },
    ],
  ])('%s', (_, make) => {
    make();
    expect(ties(app)).toEqual(NONE);
  });

  test('but is deployed after the execution role when it is restricted to that', () => {
    ruleTo(named(), { restrictToExecutionRole: true });
    expect(ties(app)).toEqual({ dependencies: ['Hub'], references: null });
  });
});

describe('the halves of a target', () => {
  const handlerArn = `arn:aws:lambda:${REGION}:${CONSUMER.account}:function:handler`;
  /** What both templates say of function, permission and role, whatever is in them besides. */
  const halves = (rules: Stack, functions: Stack) => {
    const both = [rules, functions].map(
      (s) => (s.node.root as App).synth().getStackArtifact(s.artifactId).template.Resources as Record<string, any>,
    );
    const [ofRules, ofFunctions] = both.map((resources) => Object.values(resources));
    const { Arn } = ofRules.find(({ Type }) => Type === 'AWS::Events::Rule').Properties.Targets[0];
    const role = ofRules.find(({ Type }) => Type === 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument;
    const { FunctionName, ...permission } = ofFunctions.find(
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
    const [hubAlone, consumerAlone] = [testStack('Hub', HUB), testStack('Consumer', CONSUMER)];
    ruleTo(Function.fromFunctionArn(hubAlone, 'Imported', handlerArn), {}, hubAlone);
    new CrossAccountInvokePermission(consumerAlone, 'FromHub', {
      handler: named('handler', consumerAlone),
      eventBusAccount: HUB.account,
    });

    expect(halves(hub, consumer)).toEqual(halves(hubAlone, consumerAlone));
    expect(halves(hub, consumer)).toMatchObject({
      Arn: handlerArn,
      permission: { Action: 'lambda:InvokeFunction', Principal: HUB.account },
    });
    [hubAlone, consumerAlone].forEach((stack) => expect(ties(stack.node.root as App)).toEqual(NONE));
  });
});

describeWithOracle('what is deployed alone', () => {
  const deliver = (name: string, expect: string, account = HUB.account) => ({
    deliver: { rule: { account, bus: `orders-${name}`, name } },
    expect,
  });

  test('delivers nothing and lets nobody else in until the other half is there, in whichever app', () => {
    ruleTo(named());
    ruleTo(
      Function.fromFunctionArn(hub, 'Imported', `arn:aws:lambda:${REGION}:${PUBLISHER.account}:function:theirs`),
      {},
      hub,
      'elsewhere',
    );
    const theirs = testStack('Theirs', PUBLISHER);
    const handler = named('theirs', theirs);
    const others = [
      { noProblems: true },
      { strangers: true, function: 'handler', welcome: [{ account: HUB.account }] },
      deliver('rule', 'allow'),
    ];
    expectAnswers(app, { questions: [...others, deliver('elsewhere', 'deny')] });
    new CrossAccountInvokePermission(theirs, 'FromHub', { handler, eventBusAccount: HUB.account });
    new EventBus(theirs, 'Unrelated');
    expectAnswers([app, theirs.node.root as App], {
      questions: [
        ...others,
        deliver('elsewhere', 'allow'),
        { strangers: true, function: 'theirs', welcome: [{ account: HUB.account }] },
      ],
    });
  });
});
