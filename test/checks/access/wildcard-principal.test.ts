import { App, Aspects, CfnParameter, CfnResource, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, AnyPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher, LambdaEventTarget, WildcardPrincipalAspect } from '../../../src';
import { HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../../support/apps';

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
const found = (id: string, path: string, text = '') => [
  expect.stringMatching(new RegExp(`^warning ${path} .*${text}.*:${id}\\]$`)),
];
const statement = (more: object) =>
  new CfnEventBusPolicy(hub, 'Policy', {
    statementId: 'Partner',
    eventBusName: 'orders',
    statement: { ...ALLOW, ...more },
  });

describe('a statement on a bus lets strangers in', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'in the policy of the newer generation',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::EventsV2::ResourcePolicy',
          properties: {
            EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
            PolicyDocument: { Statement: [{ ...ALLOW, Sid: 'Partner', Principal: '*' }] },
          },
        }),
      /statement 'Partner' lets callers of every AWS account put events on bus 'orders'/,
    ],
    [
      'in such a policy that is text',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::EventsV2::ResourcePolicy',
          properties: {
            EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
            PolicyDocument: JSON.stringify({ Statement: [{ ...ALLOW, Principal: '*' }] }),
          },
        }),
      /statement '#1' lets callers of every AWS account/,
    ],
    [
      'with a wildcard in the name of a service',
      () => statement({ Principal: { Service: '*.amazonaws.com' } }),
      /Principal '\*\.amazonaws\.com'/,
    ],
    [
      'with the organization that the caller says',
      () =>
        statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } } }),
      /names whoever calls/,
    ],
  ])('%s', (_, make, message) => {
    make();
    expect(messages()).toEqual([expect.stringMatching(message)]);
  });

  test.each<[string, () => unknown]>([
    ['a wildcard within a role', () => statement({ Principal: { AWS: 'arn:aws:iam::222222222222:role/*' } })],
    [
      'the answer of a custom resource as principal',
      () =>
        statement({ Principal: { AWS: new CustomResource(hub, 'Lookup', { serviceToken: 'x' }).getAttString('Arn') } }),
    ],
    [
      'the answer of a custom resource as organization',
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
    ['an effect in another case', () => statement({ Effect: 'allow' })],
  ])('or it cannot be told: %s', (_, make) => {
    make();
    expect(messages()[0]).toMatch(
      /^warning \/Hub\/Policy it cannot be told at synth whom statement 'Partner' lets .*:wildcardPrincipal\]$/,
    );
  });
});

test.each(Object.values(FunctionUrlAuthType))('the URL of a function brings no events: %s', (authType) => {
  testFunction(hub, 'Handler').addFunctionUrl({ authType });
  new CfnPermission(hub, 'Url', {
    functionName: 'Handler',
    action: 'lambda:InvokeFunctionUrl',
    principal: '*',
    functionUrlAuthType: authType,
  });
  expect(messages()).toEqual([]);
});

test('and a statement that lets in by more than that lets anyone in', () => {
  const lets = (Sid: string, Action: string[]) => ({ Sid, Effect: 'Allow', Principal: '*', Action, Resource: '*' });
  const Statement = [
    lets('Url', ['lambda:InvokeFunctionUrl']),
    lets('Both', ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']),
  ];
  new CfnResource(hub, 'Policy', {
    type: 'AWS::Lambda::ResourcePolicy',
    properties: { ResourceArn: testFunction(hub, 'Handler').functionArn, PolicyDocument: { Statement } },
  });
  expect(messages()).toEqual([
    expect.stringMatching(/^warning \/Hub\/Policy statement 'Both' .*:wildcardPrincipal\]$/),
  ]);
});

test.each([[[]], [['true', 'false']], [{ Ref: 'AWS::NoValue' }], ['maybe'], [false]])(
  'and what only resembles that of a URL lets anyone in: %j',
  (value) => {
    const permission = new CfnPermission(hub, 'Url', {
      functionName: testFunction(hub, 'Handler').functionName,
      action: 'lambda:InvokeFunction',
      principal: '*',
    });
    permission.addPropertyOverride('InvokedViaFunctionUrl', value);
    expect(messages()).toEqual([expect.stringMatching(/^warning \/Hub\/Url .*:wildcardPrincipal\]$/)]);
  },
);

describe('a queue or topic that a rule or bus sends to', () => {
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
  ])('must not take what anyone sends: a queue %s', (_, use) => {
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    use(queue);
    new CfnQueuePolicy(hub, 'Open', { queues: [queue.queueUrl], policyDocument: { Statement: [open] } });
    expect(messages()).toEqual(
      found('wildcardPrincipal', '/Hub/Open', "lets callers of every AWS account send to queue 'q'"),
    );
  });

  test('must not take what a service sends for anyone', () => {
    const topic = new Topic(hub, 'Topic', { topicName: 't' });
    new Rule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [new SnsTopic(topic)] });
    topic.grantPublish(new ServicePrincipal('s3.amazonaws.com'));
    expect(messages()).toEqual(
      found(
        'wildcardPrincipal',
        '/Hub/Topic/Policy/Resource',
        "publish to topic 't': service 's3.amazonaws.com' acts for every account",
      ),
    );
  });

  test('must not take what anyone publishes, also under the policy of all topics but without its account', () => {
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
    expect(messages()).toEqual(found('wildcardPrincipal', '/Hub/Open', "publish to topic 't'"));
  });

  test('may have what the CDK writes', () => {
    const queue = new Queue(hub, 'Queue', {
      enforceSSL: true,
      deadLetterQueue: { queue: new Queue(hub, 'Dead'), maxReceiveCount: 2 },
    });
    const topic = new Topic(hub, 'Topic', { enforceSSL: true });
    const bucket = new Bucket(hub, 'Bucket');
    bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SnsDestination(topic));
    topic.addSubscription(new SqsSubscription(queue));
    queue.grantSendMessages(new AccountPrincipal(PUBLISHER.account));
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

  test('is no other one: queues that no rule or bus sends to are not looked at', () => {
    const queue = new Queue(hub, 'Queue');
    queue.grantSendMessages(new AnyPrincipal());
    expect(messages()).toEqual([]);
  });
});

describe('a statement for others allows more than anybody listed', () => {
  test.each(['events:*', '*', 'events:Put*', 'events:p*', 'events:Create*', 'events:Update*', '*:*'])(
    'by %s on a bus',
    (Action) => {
      statement({ Action: ['events:PutEvents', Action] });
      expect(messages()).toEqual(
        found('wildcardAction', '/Hub/Policy', "statement 'Partner' allows others than the account of bus 'orders' "),
      );
    },
  );

  test.each<[string, object, string]>([
    ['NotAction', { Action: undefined, NotAction: 'events:DeleteEventBus' }, 'everything but its NotAction'],
    [
      'an action that deployment tells',
      { Action: { 'Fn::If': ['All', 'events:*', 'events:PutEvents'] } },
      'it cannot be told at synth which actions',
    ],
    [
      'a wildcard for an organization',
      { Action: 'events:*', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
      'events:\\*',
    ],
    [
      'a wildcard for the own account among others',
      { Action: 'events:*', Principal: { AWS: [HUB.account, PUBLISHER.account] } },
      'events:\\*',
    ],
    [
      'a wildcard for a service',
      {
        Action: 'events:*',
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      },
      'events:\\*',
    ],
  ])('by %s', (_, more, text) => {
    statement(more);
    expect(messages()).toEqual(found('wildcardAction', '/Hub/Policy', text));
  });

  test('on a bus of the newer generation', () => {
    new CfnResource(hub, 'Policy', {
      type: 'AWS::EventsV2::ResourcePolicy',
      properties: {
        EventBusArn: 'arn:aws:events:eu-west-1:111111111111:event-busv2/orders',
        PolicyDocument: { Statement: [{ ...ALLOW, Action: 'events:*' }] },
      },
    });
    expect(messages()).toEqual(found('wildcardAction', '/Hub/Policy', "bus 'orders'"));
  });

  test.each<[string, object]>([
    ['another account', { principal: PUBLISHER.account }],
    ['a service', { principal: 'events.amazonaws.com', sourceAccount: HUB.account, sourceArn: RULES }],
  ])('on a function, for %s', (_, props) => {
    const functionName = testFunction(hub, 'Handler').functionName;
    new CfnPermission(hub, 'All', { functionName, action: 'lambda:*', ...(props as { principal: string }) });
    new CfnPermission(hub, 'Usual', {
      functionName,
      action: 'lambda:InvokeFunction',
      ...(props as { principal: string }),
    });
    expect(messages()).toEqual(found('wildcardAction', '/Hub/All', 'lambda:\\*'));
  });

  test.each<[string, object]>([
    ['what only reads', { Action: ['events:PutEvents', 'events:Describe*', 'events:List*'] }],
    ['another spelling of one action', { Action: 'events:PutEvents*' }],
    ['anything for the own account', { Action: 'events:*', Principal: { AWS: `arn:aws:iam::${HUB.account}:root` } }],
    [
      'anything for the own account by a condition',
      {
        Action: 'events:*',
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } },
      },
    ],
    ['a denial', { Action: 'events:*', Effect: 'Deny' }],
    ['rules of the caller', { Action: 'events:*', Resource: RULES, Condition: { StringEqualsIfExists: CREATOR } }],
    ['actions of no bus', { Action: ['events:PutEvents', 'sqs:*'] }],
  ])('but not by %s', (_, more) => {
    statement(more);
    expect(messages()).toEqual([]);
  });
});

describe('a statement lets others manage rules', () => {
  test.each<[string, object]>([
    ['that put them', { Action: ['events:PutRule', 'events:PutTargets'] }],
    ['that delete them', { Action: 'events:DeleteRule' }],
    ['in another case', { Action: 'EVENTS:disablerule' }],
    ['by a wildcard for rules', { Action: 'events:*Rule' }],
    ['by a wildcard for everything on rules', { Action: 'events:*' }],
    [
      'with a creator that anybody is',
      { Action: 'events:PutRule', Condition: { StringLike: { 'events:creatorAccount': '*' } } },
    ],
    [
      'with a creator that may be missing or any',
      { Action: 'events:PutRule', Condition: { 'ForAllValues:StringEquals': CREATOR } },
    ],
    ['with a creator that they are not', { Action: 'events:PutRule', Condition: { StringNotEquals: CREATOR } }],
    [
      'with a creator of no form',
      { Action: 'events:PutRule', Condition: { StringEquals: { 'events:creatorAccount': [] } } },
    ],
    ['of given sources', { Action: 'events:PutRule', Condition: { StringEquals: { 'events:source': 'com.shop' } } }],
    [
      'of an organization',
      { Action: 'events:PutRule', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
  ])('%s', (_, more) => {
    statement({ Resource: RULES, ...more });
    expect(messages()).toEqual(
      found(
        'creatorAccountConditionMissing',
        '/Hub/Policy',
        "statement 'Partner' lets other accounts call .* on rules of bus 'orders'",
      ),
    );
  });

  test.each<[string, object]>([
    [
      'with their creator',
      { Action: ['events:PutTargets', 'events:DeleteRule'], Condition: { StringEquals: CREATOR } },
    ],
    ['with their creator, if there is one', { Action: 'events:PutRule', Condition: { StringEqualsIfExists: CREATOR } }],
    [
      'of a given creator',
      { Action: 'events:PutRule', Condition: { stringequals: { 'EVENTS:CreatorAccount': [PUBLISHER.account] } } },
    ],
    ['by looking at them', { Action: ['events:DescribeRule', 'events:ListTargetsByRule'] }],
    ['of the own account', { Action: 'events:PutRule', Principal: { AWS: HUB.account } }],
    ['no more', { Action: 'events:PutRule', Effect: 'Deny' }],
  ])('but not %s', (_, more) => {
    statement({ Resource: RULES, ...more });
    expect(messages()).toEqual([]);
  });

  test('but not where our constructs write it', () => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(PUBLISHER.account)] });
    bus.allowRuleManagement(EventPublisher.accounts(PUBLISHER.account));
    bus.allowRuleManagement(EventPublisher.organization(ORGANIZATION), {
      sources: ['com.shop'],
      targetArns: [`arn:aws:lambda:eu-west-1:${PUBLISHER.account}:function:*`],
    });
    expect(messages()).toEqual([]);
  });
});

test('what a bus of the L2 lets an account do is no finding', () => {
  const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  new CfnEventBusPolicy(hub, 'Policy', {
    statementId: 'S',
    eventBusName: bus.eventBusName,
    statement: { ...ALLOW, Resource: bus.eventBusArn },
  });
  expect(messages()).toEqual([]);
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
