import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, IEventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule, LambdaEventTarget } from '../../src';
import { BILLING, HUB, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const eventPattern = { source: ['com.shop'] };
const arnOf = (account: string, region: string, name = 'orders') =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Consumer', BILLING, app);
});

const TARGETS: [string, (scope: Construct) => IRuleTarget][] = [
  ['LambdaEventTarget', (scope) => new LambdaEventTarget(testFunction(scope, 'Handler'))],
  [
    'CrossAccountEventBusTarget',
    (scope) => new CrossAccountEventBusTarget(new CrossAccountEventBus(scope, 'Target', { eventBusName: 'target' })),
  ],
];
/** Of this library: the CDK may warn of references between stacks. */
const ours = (of: Stack) => messagesOf(of).filter((message) => message.includes('cdk-cross-account-eventbridge'));
const imported = (account = HUB.account, region = HUB.region, scope: Construct = stack) =>
  EventBus.fromEventBusArn(scope, `Bus${account}${region}`, arnOf(account, region));
const ruleOn = (eventBus: IEventBus, scope: Construct = stack) => new Rule(scope, 'Rule', { eventBus, eventPattern });
const rejected = (path: string) => `${path}: 'eventBus' must`;

describe.each(TARGETS)('a rule by the name of a bus, with %s,', (_, target) => {
  test.each([
    ['account', HUB.account, HUB.region],
    ['region', BILLING.account, 'us-east-1'],
    ['account and region', HUB.account, 'us-east-1'],
  ])('fails on a bus that is imported from another %s', (__, account, region) => {
    const rule = ruleOn(imported(account, region));
    expectError(() => rule.addTarget(target(stack)), rejected('Consumer/Rule'));
  });

  test('fails in a nested stack on a bus that is imported outside of it', () => {
    const bus = imported();
    const rule = ruleOn(bus, new NestedStack(stack, 'Nested'));
    expectError(() => rule.addTarget(target(stack)), rejected('Consumer/Nested/Rule'));
  });

  test('fails on a bus of the app in another account', () => {
    const bus = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
    expectError(() => ruleOn(bus).addTarget(target(stack)), rejected('Consumer/Rule'));
  });

  test.each<[string, () => IEventBus]>([
    ['that is imported by its ARN', () => imported(BILLING.account)],
    ['that is imported by its name', () => EventBus.fromEventBusName(stack, 'Local', 'orders')],
    ['of the stack', () => new CrossAccountEventBus(stack, 'Local', { eventBusName: 'orders' })],
    ['of another stack', () => new EventBus(testStack('Buses', BILLING, app), 'Local', { eventBusName: 'orders' })],
  ])('means a local bus %s, also where one of that name is imported from elsewhere', (__, local) => {
    imported();
    const rule = ruleOn(local());
    rule.addTarget(target(stack));
    expect(propertiesOf(stack, 'AWS::Events::Rule')[0].Targets).toHaveLength(1);
    expect(ours(stack)).toEqual([]);
  });

  test('is none on the default bus', () => {
    EventBus.fromEventBusArn(stack, 'Theirs', arnOf(HUB.account, HUB.region, 'default'));
    new Rule(stack, 'Rule', { eventPattern, targets: [target(stack)] });
    expect(ours(stack)).toEqual([]);
  });

  test('takes a bus whose account only deployment tells', () => {
    stack = new Stack(testApp(), 'Agnostic');
    ruleOn(EventBus.fromEventBusName(stack, 'Local', 'orders')).addTarget(target(stack));
    expect(ours(stack)).toEqual([]);
  });
});

describe('a rule by the ARN of a bus of another account', () => {
  test('may have a local bus as target, as a CrossAccountRule and as an L1', () => {
    const local = new CrossAccountEventBus(stack, 'Local', { eventBusName: 'local' });
    const bus = imported();
    new CrossAccountRule(stack, 'Theirs', {
      eventBus: bus,
      ruleName: 'theirs',
      eventPattern,
      targets: [new CrossAccountEventBusTarget(local)],
    });
    const rule = new CfnRule(stack, 'ByHand', {
      name: 'by-hand',
      eventBusName: arnOf(HUB.account, HUB.region),
      eventPattern,
    });
    const { arn, role } = new CrossAccountEventBusTarget(local).bind(rule);
    rule.targets = [{ id: 'T', arn, roleArn: role!.roleArn }];
    const [
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Condition }],
        },
      },
      ...others
    ] = propertiesOf(stack, 'AWS::IAM::Role');
    expect(others).toEqual([]);
    expect(JSON.stringify(Condition)).toContain(':rule/orders/by-hand"');
    expect(JSON.stringify(Condition)).toContain(':rule/orders/theirs"');
  });
});

describeWithOracle('a rule on a local bus', () => {
  test('delivers, though a bus of that name is imported from elsewhere and forwarded to', () => {
    const theirs = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
    const local = new CrossAccountEventBus(stack, 'Local', { eventBusName: 'orders' });
    imported();
    const handler = testFunction(stack, 'Handler');
    new Rule(stack, 'Rule', {
      ruleName: 'both',
      eventBus: local,
      eventPattern,
      targets: [new CrossAccountEventBusTarget(theirs), new LambdaEventTarget(handler)],
    });
    const rule = { account: BILLING.account, bus: 'orders', name: 'both' };
    expectAnswers(app, {
      questions: [{ noProblems: true }, { deliver: { rule }, expect: 'allow' }, { strangers: true, bus: 'Hub/Bus' }],
    });
  });
});
