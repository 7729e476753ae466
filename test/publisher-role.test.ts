import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IPrincipal, PolicyStatement, ServicePrincipal, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, EventPublisher, LambdaEventTarget, PublisherRole } from '../src';
import { CONSUMER, HUB, PUBLISHER, messagesOf, testApp, testFunction, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const REMOTE = `arn:aws:events:${HUB.region}:${HUB.account}:event-bus/orders`;

const policyOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))[0].Properties.PolicyDocument.Statement;
const busPolicies = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).map((p) => p.Properties.Statement);
const imported = (stack: Stack, arn = REMOTE) => EventBus.fromEventBusArn(stack, 'Imported', arn);
const spelledOut = (text: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, text]] });

function hubAndPublisher(app: App = testApp()) {
  const hub = testStack('Hub', HUB, app);
  return { app, hub, publisher: testStack('Publisher', PUBLISHER, app), bus: new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' }) };
}

describe('the identity policy of a publisher', () => {
  test('is for exactly the bus of its stack', () => {
    const stack = testStack('Hub');
    new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [new CrossAccountEventBus(stack, 'Bus')] });

    expect(policyOf(stack)).toEqual([
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] } },
    ]);
    expect(busPolicies(stack)).toEqual([]);
  });

  test('is for a bus of another account by its ARN, spelled out', () => {
    const { publisher, hub, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus] });

    expect(policyOf(publisher)).toMatchObject([{ Resource: spelledOut(`:events:${HUB.region}:${HUB.account}:event-bus/orders`) }]);
    expect([publisher.dependencies, hub.dependencies]).toEqual([[], []]);
  });

  test('is for several buses in one statement, each once', () => {
    const { publisher, bus, hub } = hubAndPublisher();
    const second = new CrossAccountEventBus(hub, 'Second', { eventBusName: 'second' });
    const role = new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus, bus] });
    role.addEventBus(second);
    role.addEventBus(bus);

    const arn = (name: string) => spelledOut(`:events:${HUB.region}:${HUB.account}:event-bus/${name}`);
    expect(policyOf(publisher)).toMatchObject([{ Resource: [arn('orders'), arn('second')] }]);
    expect(busPolicies(hub)).toHaveLength(2);
  });

  test('is limited by the scope, as is the half of the bus', () => {
    const { publisher, hub, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus], scope: { sources: ['shop'], detailTypes: ['Order', 'Refund'] } });

    const condition = {
      'ForAllValues:StringEquals': { 'events:source': 'shop', 'events:detail-type': ['Order', 'Refund'] },
      'Null': { 'events:source': 'false', 'events:detail-type': 'false' },
    };
    expect(policyOf(publisher)[0].Condition).toEqual(condition);
    expect(busPolicies(hub)[0].Condition).toMatchObject(condition);
  });
});

describe('the bus lets the publisher in', () => {
  test('by a condition on its ARN, so that the role need not exist', () => {
    const { publisher, hub, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus], roleName: 'shop', path: '/team/' });

    expect(busPolicies(hub)).toMatchObject([{
      Principal: { AWS: spelledOut(`:iam::${PUBLISHER.account}:root`) },
      Condition: { ArnEquals: { 'aws:PrincipalArn': spelledOut(`:iam::${PUBLISHER.account}:role/team/shop`) } },
    }]);
  });

  test('not once more, where its account is in already', () => {
    const { publisher, hub, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus] });
    bus.allowPublisher(EventPublisher.accounts(PUBLISHER.account));

    expect(busPolicies(hub)).toEqual([expect.not.objectContaining({ Condition: expect.anything() })]);
  });

  test('without a circle of stacks, though the bus invokes a function of the publisher', () => {
    const app = testApp();
    const hub = testStack('Hub', HUB, app);
    const other = testStack('Other', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus');
    const role = new PublisherRole(other, 'Role', { assumedBy: LAMBDA, eventBuses: [bus] });
    const handler = testFunction(other, 'Handler', { role });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [new LambdaEventTarget(handler)] });

    expect(() => app.synth()).not.toThrow();
    expect(other.dependencies).toEqual([]);
  });
});

describe('a publisher can be assumed by', () => {
  test.each<[string, IPrincipal, object, object]>([
    ['a function', LAMBDA, {}, { Principal: { Service: 'lambda.amazonaws.com' } }],
    ['an EC2 instance', new ServicePrincipal('ec2.amazonaws.com'), {}, { Principal: { Service: 'ec2.amazonaws.com' } }],
    ['an ECS task', new ServicePrincipal('ecs-tasks.amazonaws.com'), {}, { Principal: { Service: 'ecs-tasks.amazonaws.com' } }],
    ['another account with an external id', new AccountPrincipal('555555555555'), { externalIds: ['secret'] }, {
      Principal: { AWS: spelledOut(':iam::555555555555:root') }, Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
    }],
    ['an identity provider', new WebIdentityPrincipal('arn:aws:iam::222222222222:oidc-provider/idp.example', { StringEquals: { 'idp.example:sub': 'me' } }), {}, {
      Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'idp.example:sub': 'me' } },
    }],
  ])('%s', (_, assumedBy, more, trust) => {
    const { publisher, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy, eventBuses: [bus], ...more });

    Template.fromStack(publisher).hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [Match.objectLike(trust)] } });
  });
});

describe('for a bus that the app does not make', () => {
  test('of the same account the identity policy is all', () => {
    const stack = testStack('Publisher', HUB);
    new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [imported(stack)] });

    expect(policyOf(stack)).toMatchObject([{ Resource: REMOTE }]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('of another account a warning has the statement to add, under an id to acknowledge it by', () => {
    const stack = testStack('Publisher', PUBLISHER);
    const role = new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [imported(stack)], path: '/team/' });

    expect(messagesOf(stack)).toEqual([expect.stringMatching(
      /^warning \/Publisher\/Role events are refused until the policy of bus arn:aws:events:eu-west-1:111111111111:event-bus\/orders lets this role in.*"aws:PrincipalArn":"arn:aws:iam::222222222222:role\/team\/Publisher-Role-eu-west-1-[0-9a-f]{8}".*\[ack: cdk-cross-account-eventbridge:eventBusGrantElsewhere\]$/,
    )]);
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
    expect(role.node.metadata.filter(({ type }) => type === 'aws:cdk:warning')).toHaveLength(1);
  });

  test('of another account nothing is said once the warning is acknowledged', () => {
    const { Annotations: CoreAnnotations } = jest.requireActual('aws-cdk-lib');
    const stack = testStack('Publisher', PUBLISHER);
    const role = new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [imported(stack)] });
    CoreAnnotations.of(role).acknowledgeWarning('cdk-cross-account-eventbridge:eventBusGrantElsewhere');

    expect(messagesOf(stack)).toEqual([]);
  });

  test('in a stack that knows its account only at deployment, the warning tells what it does not know', () => {
    const stack = new Stack(testApp(), 'Publisher');
    new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [imported(stack)] });

    expect(messagesOf(stack)).toEqual([expect.stringMatching(/role\/‹name of Publisher\/Role›/)]);
  });

  test('though another stack of the app makes it without a CrossAccountEventBus, the warning is the same', () => {
    const { app, publisher } = hubAndPublisher();
    const plain = new EventBus(testStack('Plain', CONSUMER, app), 'Bus', { eventBusName: 'plain' });
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [plain] });

    expect(messagesOf(publisher)).toEqual([expect.stringMatching(/event-bus\/plain lets this role in/)]);
  });
});

test('two stages have publishers and buses of their own', () => {
  const app = testApp();
  const stages = ['Beta', 'Prod'].map((id) => {
    const stage = new Stage(app, id);
    const hub = new Stack(stage, 'Hub', { env: HUB });
    const publisher = new Stack(stage, 'Publisher', { env: PUBLISHER });
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [new CrossAccountEventBus(hub, 'Bus')] });
    return { hub, publisher };
  });

  const [beta, prod] = stages.map(({ hub, publisher }) => JSON.stringify([busPolicies(hub), policyOf(publisher)]));
  expect(beta).not.toBe(prod);
  const ids = stages.map(({ hub }) => Object.values(Template.fromStack(hub).findResources('AWS::Events::EventBusPolicy'))[0].Properties.StatementId);
  expect(new Set(ids).size).toBe(2);
});

describeWithOracle('what a publisher may put', () => {
  const scope = { sources: ['com.shop'], detailTypes: ['Order'] };
  const put = (expect: string, source = 'com.shop', detailType = 'Order', role = 'Publisher/Role') => ({
    putEvents: { as: { account: PUBLISHER.account, role }, bus: { account: HUB.account, name: 'orders' }, source, detailType }, expect,
  });
  const questions = [{ noProblems: true }, put('allow'), put('deny', 'com.shop.x'), put('deny', 'com.shop', 'Refund'), put('deny', 'com.shop', 'Order', 'Publisher/Other')];

  test('is what both halves say, in one app', () => {
    const { app, publisher, bus } = hubAndPublisher();
    new PublisherRole(publisher, 'Role', { assumedBy: LAMBDA, eventBuses: [bus], scope });
    testFunction(publisher, 'Other').role!.addToPrincipalPolicy(new PolicyStatement({ actions: ['events:*'], resources: ['*'] }));

    expectAnswers(app, { questions: questions.map((q) => JSON.parse(JSON.stringify(q).replace('Publisher/Other', 'Publisher/Other/ServiceRole'))) });
  });

  test('is what both halves say, in one app for each account, once the warning is heeded', () => {
    const apart = testStack('Publisher', PUBLISHER);
    new PublisherRole(apart, 'Role', { assumedBy: LAMBDA, eventBuses: [imported(apart)], scope });
    new PublisherRole(apart, 'Other', { assumedBy: LAMBDA, eventBuses: [imported2(apart)], scope });
    const [statement] = messagesOf(apart).filter((m) => m.includes('/Publisher/Role ')).map((m) => JSON.parse(/add the statement: (\{.*\}) \[ack/.exec(m)![1]));
    const hub = testStack('Hub');
    new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' }).addToResourcePolicy(PolicyStatement.fromJson(statement));

    expectAnswers([apart.node.root as App, hub.node.root as App], { questions });
  });
});

const imported2 = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Again', REMOTE);
