import { App, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnEventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { IConstruct } from 'constructs';
import {
  ApiGatewayEventTarget,
  CrossAccountEventBus,
  EventAssertions,
  EventPublisher,
  KinesisEventTarget,
  SnsEventTarget,
  SqsEventTarget,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { busArn, roleArn } from '../support/three-accounts';

const event = { source: 'com.shop', detailType: 'OrderPlaced' };

/** Resources that put events, each with a role that may put any event on any bus of its stack. */
const PUBLISHERS: [string, (stack: Stack, bus: CrossAccountEventBus) => IConstruct][] = [
  [
    'a schedule',
    (stack, bus) =>
      new CfnSchedule(stack, 'Schedule', {
        scheduleExpression: 'rate(1 hour)',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: bus.eventBusArn,
          roleArn: publishingRole(stack, 'scheduler', bus).roleArn,
          eventBridgeParameters: event,
        },
      }),
  ],
  [
    'a pipe',
    (stack, bus) =>
      new CfnPipe(stack, 'Pipe', {
        source: new Queue(stack, 'Source').queueArn,
        target: bus.eventBusArn,
        roleArn: publishingRole(stack, 'pipes', bus).roleArn,
        targetParameters: { eventBridgeEventBusParameters: event },
      }),
  ],
  [
    'a state machine',
    (stack, bus) => {
      const entries = [{ ...event, eventBus: bus, detail: TaskInput.fromObject({}) }];
      const definitionBody = DefinitionBody.fromChainable(new EventBridgePutEvents(stack, 'Put', { entries }));
      return new StateMachine(stack, 'Machine', { definitionBody });
    },
  ],
];

function publishingRole(stack: Stack, service: string, bus: CrossAccountEventBus): Role {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal(`${service}.amazonaws.com`) });
  bus.grantPutEventsTo(role);
  const other = stack.node.findChild('Other') as CrossAccountEventBus;
  other.grantPutEventsTo(role);
  return role;
}

describe.each(PUBLISHERS)('%s', (_, make) => {
  const stack = testStack('Hub', HUB, testApp());
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  const other = new CrossAccountEventBus(stack, 'Other', { eventBusName: 'other' });
  const from = make(stack, bus);
  const events = EventAssertions.of(stack.node.root as App);

  test('puts its event on its bus', () => {
    events.delivered({ publisher: from, event, target: bus });
  });

  test.each([
    ['event of another source', { event: { ...event, source: 'com.other' } }],
    ['event of another detail type', { event: { ...event, detailType: 'OrderPaid' } }],
    ['event on another bus', { target: other }],
  ])('puts no %s', (_name, changed) => {
    const props = { publisher: from, event, target: bus, ...changed };
    events.refused(props);
    expectError(() => events.delivered(props), 'does not put this event');
  });
});

interface Target {
  readonly resource: IConstruct;
  readonly ruleTarget: IRuleTarget;
}

/** Targets that a rule in another account can have, with their ARN. */
const TARGETS: [string, (stack: Stack) => Target, string][] = [
  [
    'a queue',
    (stack) => {
      const resource = new Queue(stack, 'Target', { queueName: 'target' });
      return { resource, ruleTarget: new SqsEventTarget(resource) };
    },
    `arn:aws:sqs:eu-west-1:${BILLING.account}:target`,
  ],
  [
    'a topic',
    (stack) => {
      const resource = new Topic(stack, 'Target', { topicName: 'target' });
      return { resource, ruleTarget: new SnsEventTarget(resource) };
    },
    `arn:aws:sns:eu-west-1:${BILLING.account}:target`,
  ],
  [
    'a stream',
    (stack) => {
      const encryption = StreamEncryption.UNENCRYPTED;
      const resource = new Stream(stack, 'Target', { streamName: 'target', encryption });
      return { resource, ruleTarget: new KinesisEventTarget(resource) };
    },
    `arn:aws:kinesis:eu-west-1:${BILLING.account}:stream/target`,
  ],
];

describe.each(TARGETS)('%s in another account', (_, make, arn) => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const billing = testStack('Billing', BILLING, app);
  const { resource, ruleTarget } = make(billing);
  const from = new Rule(hub, 'Rule', {
    ruleName: 'rule',
    eventPattern: { source: ['com.shop'] },
    targets: [ruleTarget],
  });
  const events = EventAssertions.of(app);

  test.each([
    ['its construct', { target: resource }],
    ['its ARN', { targetArn: arn }],
  ])('is a target by %s', (_name, to) => {
    events.delivered({ publisher: from, event, ...to });
    expect(() => events.refused({ publisher: from, event, ...to })).toThrow('it is delivered');
    events.refused({ publisher: from, event: { ...event, source: 'com.other' }, ...to });
  });
});

test('an API is a target with its stages and methods', () => {
  const app = testApp();
  const stack = testStack('Hub', HUB, app);
  const [api, other] = ['Api', 'OtherApi'].map((id) => {
    const made = new RestApi(stack, id, { cloudWatchRole: false });
    made.root.addMethod('POST');
    return made;
  });
  const from = new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new ApiGatewayEventTarget(api, { method: 'POST', path: '/' })],
  });
  const events = EventAssertions.of(app);
  events.delivered({ publisher: from, event, target: api });
  events.refused({ publisher: from, event, target: other });
});

test('a bus that is imported as a reference is found by its ARN', () => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  bus.allowPublisher(EventPublisher.accounts(SHOP.account));
  const eventBus = CfnEventBus.fromEventBusArn(hub, 'Imported', busArn());
  const events = EventAssertions.of(app);
  events.delivered({ publisherAccount: SHOP.account, event, eventBus, target: bus });
  events.delivered({ publisherAccount: SHOP.account, event, target: eventBus });
});

test('an account of which a bus allows one role is neither allowed nor denied', () => {
  const app = testApp();
  const to = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
  to.allowPublisher(EventPublisher.role(roleArn('publisher')));
  const events = EventAssertions.of(app);
  const publisherAccount = SHOP.account;
  expectError(() => events.delivered({ publisherAccount, event, target: to }), "use 'publisherArn'");
  expectError(() => events.refused({ publisherAccount, event, target: to }), "use 'publisherArn'");
  events.delivered({ publisherArn: roleArn('publisher'), event, target: to });
  events.refused({ publisherArn: roleArn('other'), event, target: to });
});
