import { App, Aspects, CfnParameter, CfnResource, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, AnyPrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher, LambdaEventTarget, WildcardPrincipalAspect } from '../../../src';
import { HUB, ORGANIZATION, SHOP, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';

const LENIENT = { '@aws-cdk/core:validateAgainstDefaultRules': false };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const RULES = 'arn:aws:events:eu-west-1:111111111111:rule/orders/*';
const ALLOW = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::222222222222:root' },
  Action: 'events:PutEvents',
  Resource: BUS_ARN,
};
const CREATOR = { 'events:creatorAccount': '${aws:PrincipalAccount}' };

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT });
  hub = testStack('Hub', HUB, app);
});
// The newest CDK prints what is wrong with a template.
beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const messages = (stack = hub) => {
  Aspects.of(app).add(new WildcardPrincipalAspect());
  return messagesOf(stack);
};
const statement = (more: object) =>
  new CfnEventBusPolicy(hub, 'Policy', {
    statementId: 'Partner',
    eventBusName: 'orders',
    statement: { ...ALLOW, ...more },
  });

describe('a statement on a bus allows any AWS account', () => {
  test.each<[string, () => unknown]>([
    [
      'one of two conditions',
      () =>
        statement({
          Principal: '*',
          Condition: {
            'Fn::If': ['Open', { Ref: 'AWS::NoValue' }, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
          },
        }),
    ],
    [
      'in an AWS::EventsV2::ResourcePolicy',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::EventsV2::ResourcePolicy',
          properties: {
            EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
            PolicyDocument: { Statement: [{ ...ALLOW, Sid: 'Partner', Principal: '*' }] },
          },
        }),
    ],
    [
      'in an AWS::EventsV2::ResourcePolicy as text',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::EventsV2::ResourcePolicy',
          properties: {
            EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
            PolicyDocument: JSON.stringify({ Statement: [{ ...ALLOW, Principal: '*' }] }),
          },
        }),
    ],
    ['with a wildcard in the name of a service', () => statement({ Principal: { Service: '*.amazonaws.com' } })],
    [
      'with the organization of the principal itself',
      () =>
        statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } } }),
    ],
  ])('%s', (_, make) => {
    make();
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });

  test.each<[string, () => unknown]>([
    ['a wildcard within a role', () => statement({ Principal: { AWS: 'arn:aws:iam::222222222222:role/*' } })],
    [
      'an attribute of a custom resource as principal',
      () =>
        statement({ Principal: { AWS: new CustomResource(hub, 'Lookup', { serviceToken: 'x' }).getAttString('Arn') } }),
    ],
    [
      'an attribute of a custom resource as organization',
      () =>
        statement({
          Principal: '*',
          Condition: {
            StringEquals: {
              'aws:PrincipalOrgID': new CustomResource(hub, 'L', {
                serviceToken: 'x',
                resourceType: 'Custom::Org',
              }).getAttString('Id'),
            },
          },
        }),
    ],
    [
      'one of two principals',
      () => statement({ Principal: { AWS: { 'Fn::If': ['Open', '*', ALLOW.Principal.AWS] } } }),
    ],
    ['an effect in another case', () => statement({ Effect: 'allow' })],
  ])('or this cannot be determined: %s', (_, make) => {
    make();
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });
});

test.each(Object.values(FunctionUrlAuthType))(
  'a permission for the URL of a function is not reported: %s',
  (authType) => {
    testFunction(hub, 'Handler').addFunctionUrl({ authType });
    new CfnPermission(hub, 'Url', {
      functionName: 'Handler',
      action: 'lambda:InvokeFunctionUrl',
      principal: '*',
      functionUrlAuthType: authType,
    });
    expect(messages()).toEqual([]);
  },
);

test('a statement for more than the URL of a function is reported', () => {
  const allow = (Sid: string, Action: string[]) => ({ Sid, Effect: 'Allow', Principal: '*', Action, Resource: '*' });
  const Statement = [
    allow('Url', ['lambda:InvokeFunctionUrl']),
    allow('Both', ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']),
  ];
  new CfnResource(hub, 'Policy', {
    type: 'AWS::Lambda::ResourcePolicy',
    properties: { ResourceArn: testFunction(hub, 'Handler').functionArn, PolicyDocument: { Statement } },
  });
  expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
});

test.each([[[]], [['true', 'false']], [{ Ref: 'AWS::NoValue' }], ['maybe'], [false]])(
  'a permission with another value of InvokedViaFunctionUrl is reported: %j',
  (value) => {
    const permission = new CfnPermission(hub, 'Url', {
      functionName: testFunction(hub, 'Handler').functionName,
      action: 'lambda:InvokeFunction',
      principal: '*',
    });
    permission.addPropertyOverride('InvokedViaFunctionUrl', value);
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Url']);
  },
);

describe('the policy of a queue or topic that is a target or dead-letter queue', () => {
  const open = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };

  test.each<[string, (queue: Queue) => unknown]>([
    [
      'as target',
      (queue) => new Rule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [new SqsQueue(queue)] }),
    ],
    [
      'as dead-letter queue of a target',
      (queue) =>
        new Rule(hub, 'Rule', {
          eventPattern: { source: ['x'] },
          targets: [new LambdaEventTarget(testFunction(hub, 'Handler'), { deadLetterQueue: queue })],
        }),
    ],
    [
      'as dead-letter queue of a bus',
      (queue) => new CfnEventBus(hub, 'Bus', { name: 'b', deadLetterConfig: { arn: queue.queueArn } }),
    ],
  ])('is reported if it allows any AWS account: a queue %s', (_, use) => {
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    use(queue);
    new CfnQueuePolicy(hub, 'Open', { queues: [queue.queueUrl], policyDocument: { Statement: [open] } });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Open']);
  });

  test('is reported if it is the default topic policy without the condition on the account', () => {
    const topic = new Topic(hub, 'Topic', { topicName: 't' });
    new CfnRule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [{ id: 'T', arn: topic.topicArn }] });
    const usual = {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['sns:Publish', 'sns:Subscribe'],
      Resource: topic.topicArn,
    };
    const condition = { StringEquals: { 'AWS:SourceOwner': HUB.account } };
    new CfnTopicPolicy(hub, 'Usual', {
      topics: [topic.topicArn],
      policyDocument: { Statement: [{ ...usual, Condition: condition }] },
    });
    new CfnTopicPolicy(hub, 'Open', { topics: [topic.topicArn], policyDocument: { Statement: [usual] } });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Open']);
  });

  test('is not reported if the CDK creates it', () => {
    const queue = new Queue(hub, 'Queue', {
      enforceSSL: true,
      deadLetterQueue: { queue: new Queue(hub, 'Dead'), maxReceiveCount: 2 },
    });
    const topic = new Topic(hub, 'Topic', { enforceSSL: true });
    const bucket = new Bucket(hub, 'Bucket');
    bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SnsDestination(topic));
    topic.addSubscription(new SqsSubscription(queue));
    queue.grantSendMessages(new AccountPrincipal(SHOP.account));
    new Rule(hub, 'Rule', {
      eventPattern: { source: ['x'] },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: new Queue(hub, 'DeadLetters'), maxEventAge: Duration.hours(1) }),
        new SnsTopic(topic),
      ],
    });
    new CrossAccountEventBus(hub, 'Bus', { deadLetterQueue: new Queue(hub, 'BusDeadLetters') });
    expect(messages()).toEqual([]);
  });

  test('is not reported if no rule or bus sends to the queue', () => {
    const queue = new Queue(hub, 'Queue');
    queue.grantSendMessages(new AnyPrincipal());
    expect(messages()).toEqual([]);
  });
});

describe('a statement for other accounts allows actions that are not listed', () => {
  test.each(['events:*', '*', 'events:Put*', 'events:p*', 'events:Create*', 'events:Update*', '*:*'])(
    'by %s on a bus',
    (Action) => {
      statement({ Action: ['events:PutEvents', Action] });
      expectFindings(messages(), ['warning wildcardAction /Hub/Policy']);
    },
  );

  test.each<[string, object]>([
    ['NotAction', { Action: undefined, NotAction: 'events:DeleteEventBus' }],
    ['an action known only at deployment', { Action: { 'Fn::If': ['All', 'events:*', 'events:PutEvents'] } }],
    [
      'a wildcard for an organization',
      { Action: 'events:*', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
    [
      'a wildcard for the account of the bus and another one',
      { Action: 'events:*', Principal: { AWS: [HUB.account, SHOP.account] } },
    ],
    [
      'a wildcard for a service',
      {
        Action: 'events:*',
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      },
    ],
  ])('by %s', (_, more) => {
    statement(more);
    expectFindings(messages(), ['warning wildcardAction /Hub/Policy']);
  });

  test('in an AWS::EventsV2::ResourcePolicy', () => {
    new CfnResource(hub, 'Policy', {
      type: 'AWS::EventsV2::ResourcePolicy',
      properties: {
        EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
        PolicyDocument: { Statement: [{ ...ALLOW, Action: 'events:*' }] },
      },
    });
    expectFindings(messages(), ['warning wildcardAction /Hub/Policy']);
  });

  test.each<[string, object]>([
    ['another account', { principal: SHOP.account }],
    ['a service', { principal: 'events.amazonaws.com', sourceAccount: HUB.account, sourceArn: RULES }],
  ])('on a function, for %s', (_, props) => {
    const functionName = testFunction(hub, 'Handler').functionName;
    new CfnPermission(hub, 'All', { functionName, action: 'lambda:*', ...(props as { principal: string }) });
    new CfnPermission(hub, 'Usual', {
      functionName,
      action: 'lambda:InvokeFunction',
      ...(props as { principal: string }),
    });
    expectFindings(messages(), ['warning wildcardAction /Hub/All']);
  });

  test.each<[string, object]>([
    ['read actions', { Action: ['events:PutEvents', 'events:Describe*', 'events:List*'] }],
    ['a wildcard that matches one action', { Action: 'events:PutEvents*' }],
    [
      'every action for the account of the bus',
      { Action: 'events:*', Principal: { AWS: `arn:aws:iam::${HUB.account}:root` } },
    ],
    [
      'every action for the account of the bus by a condition',
      {
        Action: 'events:*',
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } },
      },
    ],
    ['a deny statement', { Action: 'events:*', Effect: 'Deny' }],
    [
      'actions on rules with a creator account',
      { Action: 'events:*', Resource: RULES, Condition: { StringEqualsIfExists: CREATOR } },
    ],
    ['actions of another service', { Action: ['events:PutEvents', 'sqs:*'] }],
  ])('is not reported: %s', (_, more) => {
    statement(more);
    expect(messages()).toEqual([]);
  });
});

describe('a statement allows other accounts to manage rules', () => {
  test.each<[string, object]>([
    ['by PutRule and PutTargets', { Action: ['events:PutRule', 'events:PutTargets'] }],
    ['by DeleteRule', { Action: 'events:DeleteRule' }],
    ['by an action in another case', { Action: 'EVENTS:disablerule' }],
    ['by a wildcard for rules', { Action: 'events:*Rule' }],
    ['by a wildcard for everything on rules', { Action: 'events:*' }],
    [
      'with a condition that matches any creator',
      { Action: 'events:PutRule', Condition: { StringLike: { 'events:creatorAccount': '*' } } },
    ],
    [
      'with a condition that matches a missing creator',
      { Action: 'events:PutRule', Condition: { 'ForAllValues:StringEquals': CREATOR } },
    ],
    ['with a negated condition on the creator', { Action: 'events:PutRule', Condition: { StringNotEquals: CREATOR } }],
    [
      'with a condition without values',
      { Action: 'events:PutRule', Condition: { StringEquals: { 'events:creatorAccount': [] } } },
    ],
    [
      'with a condition on the source',
      { Action: 'events:PutRule', Condition: { StringEquals: { 'events:source': 'com.shop' } } },
    ],
    [
      'in an organization',
      { Action: 'events:PutRule', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
  ])('%s', (_, more) => {
    statement({ Resource: RULES, ...more });
    expectFindings(messages(), ['warning creatorAccountConditionMissing /Hub/Policy']);
  });

  test.each<[string, object]>([
    [
      'with a condition on the creator',
      { Action: ['events:PutTargets', 'events:DeleteRule'], Condition: { StringEquals: CREATOR } },
    ],
    [
      'with a condition on the creator, if there is one',
      { Action: 'events:PutRule', Condition: { StringEqualsIfExists: CREATOR } },
    ],
    [
      'with a condition on a given creator',
      { Action: 'events:PutRule', Condition: { stringequals: { 'EVENTS:CreatorAccount': [SHOP.account] } } },
    ],
    ['by read actions', { Action: ['events:DescribeRule', 'events:ListTargetsByRule'] }],
    ['in the account of the bus', { Action: 'events:PutRule', Principal: { AWS: HUB.account } }],
    ['by a deny statement', { Action: 'events:PutRule', Effect: 'Deny' }],
  ])('is not reported: %s', (_, more) => {
    statement({ Resource: RULES, ...more });
    expect(messages()).toEqual([]);
  });

  test('is not reported: in statements of this library', () => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(SHOP.account)] });
    bus.allowRuleManagement(EventPublisher.accounts(SHOP.account));
    bus.allowRuleManagement(EventPublisher.organization(ORGANIZATION), {
      sources: ['com.shop'],
      targetArns: [`arn:aws:lambda:eu-west-1:${SHOP.account}:function:*`],
    });
    expect(messages()).toEqual([]);
  });
});

test('a statement for an account on an L2 bus is not reported', () => {
  const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  new CfnEventBusPolicy(hub, 'Policy', {
    statementId: 'S',
    eventBusName: bus.eventBusName,
    statement: { ...ALLOW, Resource: bus.eventBusArn },
  });
  expect(messages()).toEqual([]);
});

test.each<[string, (account: string) => string, number]>([
  ['is not reported for an account', (account) => `arn:aws:iam::${account}:root`, 0],
  ['is not reported for a role of an account', (account) => `arn:aws:iam::${account}:role/sender`, 0],
  ['fails for the whole principal, which may be any AWS account', (principal) => principal, 1],
])('a statement with a parameter %s', (_, principalOf, expected) => {
  const AWS = principalOf(new CfnParameter(hub, 'Publisher').valueAsString);
  new CfnEventBusPolicy(hub, 'Policy', {
    statementId: 'S',
    eventBusName: 'orders',
    statement: { ...ALLOW, Principal: { AWS }, Resource: '*' },
  });
  expect(messages()).toHaveLength(expected);
});

test('strange statements never throw', () => {
  const who = new CfnParameter(hub, 'Who').valueAsString;
  for (const [i, more] of [
    { Action: 1 },
    { Action: null },
    { Action: { a: 1 } },
    { Resource: 5, Action: 'events:PutRule' },
    { NotAction: [] },
    { Condition: [], Action: 'events:PutRule' },
    { Action: 'events:PutRule', Condition: { StringEquals: { 'events:creatorAccount': { constructor: 1 } } } },
    { Action: who },
  ].entries()) {
    const resource = new CfnResource(hub, `P${i}`, {
      type: 'AWS::Events::EventBusPolicy',
      properties: { EventBusName: 'orders', StatementId: `S${i}` },
    });
    resource.addPropertyOverride('Statement', { ...ALLOW, ...more });
  }
  expect(messages().filter((m) => m.includes('checkFailed'))).toEqual([]);
  expect(messagesOf(hub).filter((m) => /creatorAccountConditionMissing|wildcardAction/.test(m))).toHaveLength(5);
});
