import { App, CfnResource, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, CfnAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, IEventBusRef, IncludeDetail, Level } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusProps,
  EventBusAlarms,
  EventBusMetricOptions,
  EventBusMetrics,
  EventBusProfile,
  EventPublisher,
} from '../../src';
import { BILLING, HUB, SHOP, REGION, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const ALARM = 'AWS::CloudWatch::Alarm';
const QUEUE = 'AWS::SQS::Queue';
const LOG_GROUP = 'AWS::Logs::LogGroup';
const ORDERS = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

const busWith = (props: CrossAccountEventBusProps = {}) => new CrossAccountEventBus(stack, 'Bus', props);
const mathOf = (metric: IMetric) => metric.toMetricConfig().mathExpression!;
const expressionOf = (metric: IMetric): unknown => stack.resolve(mathOf(metric).expression);
const busProperties = () => propertiesOf(stack, 'AWS::Events::EventBus')[0];
const typesIn = () =>
  Object.values(Template.fromStack(stack).toJSON().Resources).map(({ Type }: any) => Type as string);

type RuleMetric = 'failedInvocations' | 'throttledRules' | 'sentToDeadLetterQueue' | 'failedToBeSentToDeadLetterQueue';
const METRICS: [RuleMetric, string][] = [
  ['failedInvocations', 'FailedInvocations'],
  ['throttledRules', 'ThrottledRules'],
  ['sentToDeadLetterQueue', 'InvocationsSentToDlq'],
  ['failedToBeSentToDeadLetterQueue', 'InvocationsFailedToBeSentToDlq'],
];

describe('the metrics of a bus', () => {
  const ofBus = (name: string) => `SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${name}'`;

  test.each(METRICS)('%s of a bus of the app is the sum over all of its rules', (method, name) => {
    const bus = busWith();
    const [before, after] = `SELECT SUM(${name}) FROM ${ofBus('|')}`.split('|');
    const made = { 'Fn::Join': ['', [before, stack.resolve(bus.eventBusName), after]] };
    expect([bus.metrics, EventBusMetrics.of(bus)].map((metrics) => expressionOf(metrics[method]()))).toEqual([
      made,
      made,
    ]);
  });

  test.each<[string, () => IEventBusRef, string]>([
    ['imported by ARN', () => EventBus.fromEventBusArn(stack, 'Imported', ORDERS), ofBus('orders')],
    ['imported by name', () => EventBus.fromEventBusName(stack, 'Imported', 'orders'), ofBus('orders')],
    [
      'of a partner',
      () => EventBus.fromEventBusName(stack, 'Imported', 'aws.partner/x.com/a/b'),
      ofBus('aws.partner/x.com/a/b'),
    ],
    [
      'the default one by ARN',
      () => EventBus.fromEventBusArn(stack, 'Imported', ORDERS.replace('orders', 'default')),
      'SCHEMA("AWS/Events", RuleName)',
    ],
    [
      'the default one by name',
      () => EventBus.fromEventBusName(stack, 'Imported', 'default'),
      'SCHEMA("AWS/Events", RuleName)',
    ],
  ])('are asked for by what its rules have as dimensions: %s', (_, make, from) => {
    const metrics = EventBusMetrics.of(make());
    expect(METRICS.map(([method]) => expressionOf(metrics[method]()))).toEqual(
      METRICS.map(([, name]) => `SELECT SUM(${name}) FROM ${from}`),
    );
  });

  test.each<[EventBusMetricOptions | undefined, number, string]>([
    [undefined, 300, 'ThrottledRules'],
    [{ period: Duration.minutes(1), label: 'slow' }, 60, 'slow'],
  ])('are over five minutes and named by CloudWatch, unless told otherwise: %j', (options, period, label) => {
    const metric = busWith().metrics.throttledRules(options);
    expect([mathOf(metric).period, (metric as unknown as { label: string }).label]).toEqual([period, label]);
  });

  test.each<[EventBusMetricOptions, number]>([
    [{}, 5],
    [{ period: Duration.minutes(1) }, 1],
  ])('count failed PutEvents of all buses: %j', (options, minutes) => {
    const { expression, usingMetrics } = mathOf(EventBusMetrics.failedPutEvents(options));
    const counted = (metricName: string) => ({
      namespace: 'AWS/Events',
      metricName,
      statistic: 'Sum',
      period: Duration.minutes(minutes),
    });
    expect(expression).toBe('FILL(calls, 0) + FILL(entries, 0)');
    expect(usingMetrics).toMatchObject({
      calls: counted('PutEventsApproximateFailedCount'),
      entries: counted('PutEventsFailedEntriesCount'),
    });
  });

  test('make no resource', () => {
    const metrics = EventBusMetrics.of(EventBus.fromEventBusName(stack, 'Imported', 'orders'));
    METRICS.forEach(([method]) => metrics[method]());
    expect(stack.node.findAll().filter((c) => CfnResource.isCfnResource(c))).toEqual([]);
  });
});

describe('the alarms of a bus', () => {
  test('are five, one for each metric, and each is at hand', () => {
    const eventBus = busWith();
    const alarms = new EventBusAlarms(stack, 'Alarms', { eventBus });
    const { Resources } = Template.fromStack(stack).toJSON();
    const watched = (alarm: Alarm) =>
      Resources[stack.getLogicalId(alarm.node.defaultChild as CfnAlarm)].Properties.Metrics[0].Expression;

    expect(METRICS.map(([method]) => watched(alarms[method]))).toEqual(
      METRICS.map(([method]) => expressionOf(eventBus.metrics[method]())),
    );
    expect(watched(alarms.failedPutEvents!)).toBe('FILL(calls, 0) + FILL(entries, 0)');
    expect(propertiesOf(stack, ALARM)).toHaveLength(5);
  });

  test('go off when it happened once in five minutes, and not for want of data', () => {
    new EventBusAlarms(stack, 'Alarms', { eventBus: EventBus.fromEventBusName(stack, 'Imported', 'default') });
    const alarms = propertiesOf(stack, ALARM);
    const once = {
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    };
    expect(alarms).toMatchObject(alarms.map(() => once));
    const periods = alarms.flatMap(({ Metrics }) =>
      Metrics.flatMap((m: any) => m.Period ?? m.MetricStat?.Period ?? []),
    );
    expect(periods).toEqual([300, 300, 300, 300, 300, 300]);
  });

  test('say by a sentence each what is wrong', () => {
    new EventBusAlarms(stack, 'Alarms', { eventBus: busWith() });
    expect(new Set(propertiesOf(stack, ALARM).map(({ AlarmDescription }) => AlarmDescription)).size).toBe(5);
  });

  test.each([0, 1, 2])('tell %i topics when they go off and when it is over', (length) => {
    const topics = Array.from({ length }, (_, i) => new Topic(stack, `Topic${i}`));
    new EventBusAlarms(stack, 'Alarms', {
      eventBus: busWith(),
      alarmActions: topics.map((topic) => new SnsAction(topic)),
    });
    const arns = topics.map((topic) => stack.resolve(topic.topicArn));
    expect(
      propertiesOf(stack, ALARM).map(({ AlarmActions = [], OKActions = [] }) => [AlarmActions, OKActions]),
    ).toEqual(Array(5).fill([arns, arns]));
  });

  test.each([
    ['account', BILLING],
    ['region', { ...HUB, region: 'us-east-1' }],
  ])('fails for a bus of another %s', (_, env) => {
    const eventBus = EventBus.fromEventBusArn(stack, 'Imported', ORDERS);
    const message = errorOf(() => new EventBusAlarms(testStack('Far', env, app), 'Alarms', { eventBus }));
    expect(message).toMatch(/^Far\/Alarms: 'eventBus' must/);
    expectMessage(message);
  });
});

describe('the profile of a platform team', () => {
  const platform = EventBusProfile.production();

  test('turns on alarms and logs of errors, without the contents of events', () => {
    busWith({ profile: platform });
    expect(busProperties().LogConfig).toEqual({ Level: 'ERROR', IncludeDetail: 'NONE' });
    expect(propertiesOf(stack, LOG_GROUP)).toEqual([{ RetentionInDays: 30 }]);
    expect(propertiesOf(stack, ALARM)).toHaveLength(5);
    expect(
      typesIn().filter((type) =>
        [QUEUE, 'AWS::Events::EventBusPolicy', 'AWS::EventSchemas::Discoverer'].includes(type),
      ),
    ).toEqual([]);
  });

  test(
    'makes a dead-letter queue for a bus with a customer managed key, over TLS alone, that keeps ' +
      'events for two weeks',
    () => {
      busWith({ profile: platform, kmsKey: new Key(stack, 'Key') });
      const [id] = Object.keys(Template.fromStack(stack).findResources(QUEUE));
      expect(busProperties().DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [id, 'Arn'] } });
      expect(propertiesOf(stack, QUEUE)).toMatchObject([{ MessageRetentionPeriod: 1_209_600 }]);
      expect(propertiesOf(stack, 'AWS::SQS::QueuePolicy')[0].PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } },
      ]);
      expect(messagesOf(stack)).toEqual([]);
    },
  );

  test('watches that queue, and failed PutEvents once a stack', () => {
    busWith({ profile: platform, kmsKey: new Key(stack, 'Key') });
    new CrossAccountEventBus(stack, 'Second', { profile: platform });
    const metrics = propertiesOf(stack, ALARM).map(({ MetricName, Metrics }) => MetricName ?? Metrics[0].Expression);
    expect(metrics).toHaveLength(10);
    expect(
      metrics.filter((metric) =>
        ['ApproximateNumberOfMessagesVisible', 'FILL(calls, 0) + FILL(entries, 0)'].includes(metric),
      ),
    ).toHaveLength(2);
    const descriptions = JSON.stringify(propertiesOf(stack, ALARM).map(({ AlarmDescription }) => AlarmDescription));
    for (const bus of ['Bus', 'Second']) expect(descriptions).toMatch(new RegExp(`of bus ",{"Ref":"${bus}[0-9A-F]+"}`));
  });

  test('tells whom it is told to, and keeps logs as long as it is told to', () => {
    const topic = new Topic(stack, 'Topic');
    busWith({
      profile: EventBusProfile.production({
        alarmActions: [new SnsAction(topic)],
        logRetention: RetentionDays.ONE_YEAR,
      }),
    });
    expect(propertiesOf(stack, ALARM).map(({ AlarmActions }) => AlarmActions)).toEqual(
      Array(5).fill([stack.resolve(topic.topicArn)]),
    );
    expect(propertiesOf(stack, LOG_GROUP)).toEqual([{ RetentionInDays: 365 }]);
  });

  test.each<[string, () => CrossAccountEventBusProps, object]>([
    ['no logs', () => ({ logConfig: { level: Level.OFF } }), { LogConfig: { Level: 'OFF' } }],
    [
      'more logs',
      () => ({ logConfig: { level: Level.TRACE } }),
      { LogConfig: { Level: 'TRACE', IncludeDetail: 'NONE' } },
    ],
    [
      'the contents of events',
      () => ({ logConfig: { includeDetail: IncludeDetail.FULL } }),
      { LogConfig: { Level: 'ERROR', IncludeDetail: 'FULL' } },
    ],
    [
      'a queue',
      () => ({ kmsKey: new Key(stack, 'Key'), deadLetterQueue: new Queue(stack, 'Own') }),
      { DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'Arn'] } } },
    ],
  ])('gives way to props that ask for %s', (_, props, expected) => {
    busWith({ profile: platform, ...props() });
    expect(busProperties()).toMatchObject(expected);
    expect(propertiesOf(stack, QUEUE).length).toBeLessThan(2);
    expect(propertiesOf(stack, ALARM)).toHaveLength(5);
  });

  test('gives way to a log group of the props, of which it changes nothing', () => {
    const logGroup = new LogGroup(stack, 'Own', { retention: RetentionDays.ONE_YEAR });
    busWith({ profile: EventBusProfile.production({ logRetention: RetentionDays.ONE_DAY }), logGroup });
    expect(propertiesOf(stack, LOG_GROUP)).toEqual([{ RetentionInDays: 365 }]);
  });

  test.each([
    ['plain()', EventBusProfile.none()],
    ['no profile', undefined],
  ])('is not there with %s: a bus and nothing else', (_, profile) => {
    busWith({ profile });
    expect(typesIn()).toEqual(['AWS::Events::EventBus']);
  });
});

test('tags of a bus reach its alarms and its log group too', () => {
  const bus = busWith({ profile: EventBusProfile.production(), kmsKey: new Key(stack, 'Key') });
  Tags.of(bus).add('team', 'orders');
  const tagged = ['AWS::Events::EventBus', ALARM, LOG_GROUP, QUEUE].flatMap((type) =>
    propertiesOf(stack, type).map(({ Tags: tags }) => tags),
  );
  expect(tagged).toEqual(Array(9).fill([{ Key: 'team', Value: 'orders' }]));
});

describe('schema discovery', () => {
  test.each<[boolean | undefined, number]>([
    [true, 1],
    [false, 0],
    [undefined, 0],
  ])('is there when asked for: %s', (schemaDiscovery, count) => {
    const bus = busWith({ schemaDiscovery });
    const discoverers = propertiesOf(stack, 'AWS::EventSchemas::Discoverer');
    expect(discoverers).toEqual(Array(count).fill({ SourceArn: stack.resolve(bus.eventBusArn) }));
  });

  test('fails on a bus with a customer managed key, and leaves nothing behind', () => {
    const message = errorOf(() => busWith({ schemaDiscovery: true, kmsKey: new Key(stack, 'Key') }));
    expect(message).toMatch(/^Hub\/Bus: 'schemaDiscovery' must/);
    expectMessage(message);
    expect(stack.node.tryFindChild('Bus')).toBeUndefined();
  });
});

describeWithOracle('a bus with the profile of a platform team and a key', () => {
  test('lets nobody in by it, and keeps what could not be encrypted', () => {
    const publishers = [EventPublisher.accounts(SHOP.account)];
    busWith({ profile: EventBusProfile.production(), kmsKey: new Key(stack, 'Key'), publishers });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { busDeadLetter: { bus: 'Hub/Bus' }, expect: 'allow' },
        { strangers: true, queue: 'Hub/Bus/DeadLetterQueue' },
        { strangers: true, bus: 'Hub/Bus', welcome: [{ account: SHOP.account }] },
      ],
    });
  });
});
