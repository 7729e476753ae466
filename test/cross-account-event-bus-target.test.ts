import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CONSUMER, HUB, PUBLISHER, messagesOf, root, testApp, testFunction, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';
import { CrossAccountEventBus, CrossAccountEventBusTarget, LambdaEventTarget, PublisherRole } from '../src';

const REMOTE = `arn:aws:events:${CONSUMER.region}:${CONSUMER.account}:event-bus/local`;

function hubAndConsumer(consumerEnv = CONSUMER, app: App = testApp()) {
  const hub = testStack('Hub', HUB, app);
  const consumer = testStack('Consumer', consumerEnv, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  return { app, hub, consumer, bus, local: new CrossAccountEventBus(consumer, 'Local', { eventBusName: 'local' }) };
}

function forward(stack: Stack, bus: CrossAccountEventBus, to: IEventBusRef, id = 'Rule'): Rule {
  return new Rule(stack, id, { eventBus: bus, eventPattern: { source: ['x'] }, ruleName: id, targets: [new CrossAccountEventBusTarget(to)] });
}

const resources = (stack: Stack, type: string) => Object.values(Template.fromStack(stack).findResources(type));
const spelledOut = (text: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, text]] });
const localArn = spelledOut(`:events:${CONSUMER.region}:${CONSUMER.account}:event-bus/local`);

describe('a bus of another account', () => {
  test('is reached with a role for this rule and this bus', () => {
    const { hub, bus, local } = hubAndConsumer();
    forward(hub, bus, local);

    expect(resources(hub, 'AWS::IAM::Policy')[0].Properties.PolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: localArn }]);
    expect(resources(hub, 'AWS::IAM::Role')[0].Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': HUB.account },
      ArnEquals: { 'aws:SourceArn': spelledOut(`:events:${HUB.region}:${HUB.account}:rule/orders/Rule`) },
    });
    expect(resources(hub, 'AWS::Events::Rule')[0].Properties.Targets).toEqual([
      { Id: 'Target0', Arn: localArn, RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^RuleRole/), 'Arn'] } },
    ]);
  });

  test('lets that role in, and the rule is deployed after that', () => {
    const { hub, consumer, bus, local } = hubAndConsumer();
    forward(hub, bus, local);

    expect(resources(consumer, 'AWS::Events::EventBusPolicy')).toMatchObject([{ Properties: { Statement: {
      Principal: { AWS: root(HUB.account) },
      Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, expect.stringMatching(/^:iam::111111111111:role\/hubrulerole/)]] } } },
    } } }]);
    hub.node.root.node.findAll();
    expect(hub.dependencies).toEqual([consumer]);
    expect(consumer.dependencies).toEqual([]);
  });

  test('that comes several times as a target needs one role', () => {
    const { hub, consumer, bus, local } = hubAndConsumer();
    for (const id of ['A', 'B']) forward(hub, bus, local, id);

    expect(resources(hub, 'AWS::IAM::Role')).toHaveLength(1);
    expect(resources(consumer, 'AWS::Events::EventBusPolicy')).toHaveLength(1);
  });

  test('is a target also from a nested stack', () => {
    const { hub, bus, local } = hubAndConsumer();
    const nested = new NestedStack(hub, 'Nested');
    forward(nested, bus, local);

    expect(resources(nested, 'AWS::IAM::Role')).toHaveLength(1);
  });

  test('that the app does not make is a target all the same, and a warning has the statement to add', () => {
    const hub = testStack('Hub');
    forward(hub, new CrossAccountEventBus(hub, 'Bus'), EventBus.fromEventBusArn(hub, 'Imported', REMOTE));

    expect(resources(hub, 'AWS::Events::Rule')).toMatchObject([{ Properties: { Targets: [{ Arn: REMOTE, RoleArn: {} }] } }]);
    expect(messagesOf(hub)).toEqual([expect.stringMatching(
      /^warning \/Hub\/Rule the target is refused until the policy of bus arn:aws:events:.*:event-bus\/local lets this rule's role in.*"aws:PrincipalArn":"arn:aws:iam::111111111111:role\/Hub-RuleRole-.*\[ack: cdk-cross-account-eventbridge:eventBusGrantElsewhere\]$/,
    )]);
  });
});

describe('a bus that is nearer', () => {
  test('in another region of the account needs the role alone', () => {
    const { hub, consumer, bus, local } = hubAndConsumer({ ...HUB, region: 'us-east-1' });
    forward(hub, bus, local);

    expect(JSON.stringify(resources(hub, 'AWS::Events::Rule')[0].Properties.Targets[0].Arn)).toContain(':events:us-east-1:111111111111:event-bus/local');
    expect(resources(consumer, 'AWS::Events::EventBusPolicy')).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('in the same stack needs the role alone', () => {
    const { hub, bus } = hubAndConsumer();
    forward(hub, bus, new EventBus(hub, 'Other'));

    expect(resources(hub, 'AWS::IAM::Role')).toHaveLength(1);
    expect(resources(hub, 'AWS::Events::EventBusPolicy')).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('in a stack of an account that only deployment tells may need more, and a warning says so', () => {
    const { hub, bus } = hubAndConsumer();
    const agnostic = new Stack(hub.node.root as App, 'Agnostic');
    forward(agnostic, new CrossAccountEventBus(agnostic, 'Bus'), bus);

    expect(messagesOf(agnostic)).toEqual([expect.stringMatching(/the target is refused until/)]);
  });
});

describeWithOracle('an event that is forwarded', () => {
  const questions = (handler: string) => [
    { noProblems: true },
    { deliver: { rule: { account: HUB.account, bus: 'orders', name: 'Rule' } }, expect: 'allow' },
    {
      path: {
        from: { account: PUBLISHER.account, role: 'Publisher/Role' },
        to: { bus: { account: HUB.account, name: 'orders' } },
        event: { source: 'x' },
        reaches: [handler],
        allDelivered: true,
      },
    },
    { putEvents: { as: { account: HUB.account }, bus: { account: CONSUMER.account, name: 'local' } }, expect: 'deny' },
    { putEvents: { as: { account: PUBLISHER.account }, bus: { account: CONSUMER.account, name: 'local' } }, expect: 'deny' },
  ];

  test('reaches the function behind the next bus, and nobody else puts events there', () => {
    const { app, hub, consumer, bus, local } = hubAndConsumer();
    new PublisherRole(testStack('Publisher', PUBLISHER, app), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    forward(hub, bus, local);
    new Rule(consumer, 'Last', { eventBus: local, eventPattern: { source: ['x'] }, targets: [new LambdaEventTarget(testFunction(consumer, 'Handler'))] });

    expectAnswers(app, { questions: questions('Consumer/Handler') });
  });

  test('reaches a bus of another region too', () => {
    const { app, hub, bus, local } = hubAndConsumer({ ...CONSUMER, region: 'us-east-1' });
    forward(hub, bus, local);

    expectAnswers(app, { questions: questions('').slice(0, 2) });
  });

  test('reaches the next bus also when each account has an app of its own, once the warning is heeded', () => {
    const app = testApp();
    const hub = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    new PublisherRole(testStack('Publisher', PUBLISHER, app), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    forward(hub, bus, EventBus.fromEventBusArn(hub, 'Imported', REMOTE));
    const statement = JSON.parse(/add the statement: (\{.*\}) \[ack/.exec(messagesOf(hub)[0])![1]);
    const consumer = testStack('Consumer', CONSUMER);
    const local = new CrossAccountEventBus(consumer, 'Local', { eventBusName: 'local' });
    local.addToResourcePolicy(PolicyStatement.fromJson(statement));
    new Rule(consumer, 'Last', { eventBus: local, eventPattern: { source: ['x'] }, targets: [new LambdaEventTarget(testFunction(consumer, 'Handler'))] });

    expectAnswers([app, consumer.node.root as App], { questions: questions('Consumer/Handler') });
  });
});
