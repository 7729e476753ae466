import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus, IncludeDetail, Level } from 'aws-cdk-lib/aws-events';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CrossAccountEventBus, CrossAccountEventBusProps } from '../../src';
import { HUB, REGION, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { dependenciesOf, propertiesOf } from '../support/templates';

const SOURCE = 'AWS::Logs::DeliverySource';
const DESTINATION = 'AWS::Logs::DeliveryDestination';
const DELIVERY = 'AWS::Logs::Delivery';
const RESOURCE_POLICY = 'AWS::Logs::ResourcePolicy';
const LOG_GROUP = 'AWS::Logs::LogGroup';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

const busWith = (props: CrossAccountEventBusProps, scope: Construct = stack, id = 'Bus') =>
  new CrossAccountEventBus(scope, id, props);
const at = (level: Level): CrossAccountEventBusProps => ({ logConfig: { level } });
const logConfigs = () => propertiesOf(stack, 'AWS::Events::EventBus').map(({ LogConfig }) => LogConfig);
const namesIn = (of: Stack): string[] =>
  [SOURCE, DESTINATION].flatMap((type) => propertiesOf(of, type).map(({ Name }) => Name));
const idsOf = (type: string) => Object.keys(Template.fromStack(stack).findResources(type));
/** The statements on log groups. Their document is text with references in it. */
const statementsIn = (of: Stack): any[] =>
  propertiesOf(of, RESOURCE_POLICY).flatMap(
    ({
      PolicyDocument: {
        'Fn::Join': [, parts],
      },
    }) => JSON.parse(parts.map((part: any) => part.Ref ?? part['Fn::GetAtt']?.join('.') ?? part).join('')).Statement,
  );

describe('the logs of a bus', () => {
  test.each<[Level, string[]]>([
    [Level.ERROR, ['ERROR_LOGS']],
    [Level.INFO, ['ERROR_LOGS', 'INFO_LOGS']],
    [Level.TRACE, ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS']],
  ])('of level %s are delivered, by one source for each type', (level, types) => {
    const bus = busWith(at(level));
    const sources = propertiesOf(stack, SOURCE);
    expect(sources.map(({ LogType }) => LogType)).toEqual(types);
    expect(sources.map(({ ResourceArn }) => ResourceArn)).toEqual(types.map(() => stack.resolve(bus.eventBusArn)));
    expect(logConfigs()).toEqual([{ Level: level, IncludeDetail: 'NONE' }]);
  });

  test.each<[string, CrossAccountEventBusProps, unknown]>([
    ['nothing is said about them', {}, undefined],
    ['they are off', at(Level.OFF), { Level: 'OFF', IncludeDetail: 'NONE' }],
    ['only their detail is given', { logConfig: { includeDetail: IncludeDetail.FULL } }, { IncludeDetail: 'FULL' }],
  ])('are not delivered when %s', (_, props, config) => {
    busWith(props);
    expect([SOURCE, DELIVERY, DESTINATION, LOG_GROUP, RESOURCE_POLICY].flatMap(idsOf)).toEqual([]);
    expect(logConfigs()).toEqual([config]);
  });

  test.each<[string, { includeDetail?: IncludeDetail }, string]>([
    ['leave out the contents of events by default', {}, 'NONE'],
    [
      'leave out the contents of events by default, also when a wrapper passes nothing on',
      { includeDetail: undefined },
      'NONE',
    ],
    ['leave out the contents of events when told so', { includeDetail: IncludeDetail.NONE }, 'NONE'],
    ['hold the contents of events on demand', { includeDetail: IncludeDetail.FULL }, 'FULL'],
  ])('%s', (_, detail, expected) => {
    busWith({ logConfig: { level: Level.INFO, ...detail } });
    expect(logConfigs()).toEqual([{ Level: 'INFO', IncludeDetail: expected }]);
  });

  test('have no log group where nothing is said about them', () => {
    busWith({});
    expect([DESTINATION, LOG_GROUP, RESOURCE_POLICY].flatMap(idsOf)).toEqual([]);
  });

  test('are errors where a log group is given without a level', () => {
    busWith({ logGroup: new LogGroup(stack, 'Group'), logConfig: { includeDetail: IncludeDetail.FULL } });
    expect(logConfigs()).toEqual([{ Level: 'ERROR', IncludeDetail: 'FULL' }]);
    expect(propertiesOf(stack, SOURCE).map(({ LogType }) => LogType)).toEqual(['ERROR_LOGS']);
  });

  test('fails with a log group for what is off', () => {
    const message = errorOf(() => busWith({ ...at(Level.OFF), logGroup: new LogGroup(stack, 'Group') }));
    expect(message).toMatch(/^Hub\/Bus: 'logConfig' must/);
    expectMessage(message);
    expect(stack.node.tryFindChild('Bus')).toBeUndefined();
  });
});

describe('the log group', () => {
  const given: [string, () => ILogGroup, () => Stack][] = [
    ['of the same stack', () => new LogGroup(stack, 'Group'), () => stack],
    [
      'of another stack',
      () => new LogGroup(testStack('Groups', HUB, app), 'Group'),
      () => app.node.findChild('Groups') as Stack,
    ],
    ['that is imported', () => LogGroup.fromLogGroupName(stack, 'Group', '/central/events'), () => stack],
  ];

  test('is made beside the bus, and keeps the logs for a month', () => {
    busWith(at(Level.ERROR));
    expect(propertiesOf(stack, LOG_GROUP)).toEqual([{ RetentionInDays: RetentionDays.ONE_MONTH }]);
    expect(propertiesOf(stack, DESTINATION)).toMatchObject([
      { DestinationResourceArn: { 'Fn::GetAtt': [idsOf(LOG_GROUP)[0], 'Arn'] } },
    ]);
  });

  test.each(given)('may be one %s, where the logs go', (_, make) => {
    const logGroup = make();
    busWith({ ...at(Level.INFO), logGroup });
    app.synth();
    expect(propertiesOf(stack, DESTINATION)).toMatchObject([
      { DestinationResourceArn: stack.resolve(logGroup.logGroupArn) },
    ]);
    expect(
      stack.node.findAll().filter((child) => child.node.path.startsWith('Hub/Bus/') && child instanceof LogGroup),
    ).toEqual([]);
  });

  const all = [['made beside the bus', () => undefined, () => stack] as const, ...given];
  test.each(all)('%s takes what the logging service delivers from this account alone', (_, make, home) => {
    busWith({ ...at(Level.ERROR), logGroup: make() });
    expect(statementsIn(home())).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(/\.Arn$|:log-group:\/central\/events:\*$/),
        Condition: {
          StringEquals: { 'aws:SourceAccount': HUB.account },
          ArnLike: { 'aws:SourceArn': `arn:AWS::Partition:logs:${REGION}:${HUB.account}:*` },
        },
      },
    ]);
  });

  test('of another stack is there, with its policy, before anything is delivered', () => {
    busWith({ ...at(Level.ERROR), logGroup: new LogGroup(testStack('Groups', HUB, app), 'Group') });
    app.synth();
    expect(dependenciesOf(stack)).toEqual(['Groups']);
  });

  test('may be shared by two buses', () => {
    const logGroup = new LogGroup(stack, 'Group');
    for (const id of ['One', 'Two']) busWith({ logGroup }, stack, id);
    expect([DESTINATION, SOURCE, DELIVERY].map((type) => idsOf(type).length)).toEqual([2, 2, 2]);
    expect(new Set(namesIn(stack)).size).toBe(4);
  });
});

describe('the deliveries', () => {
  test('join each source to the one destination, one after the other, once the log group takes them', () => {
    busWith(at(Level.TRACE));
    const deliveries = Object.entries(Template.fromStack(stack).findResources(DELIVERY));
    const [policy] = idsOf(RESOURCE_POLICY);
    const ids = deliveries.map(([id]) => id);

    expect(deliveries.map(([, { Properties }]) => Properties.DeliverySourceName)).toEqual(
      idsOf(SOURCE).map((Ref) => ({ Ref })),
    );
    expect(new Set(deliveries.map(([, { Properties }]) => JSON.stringify(Properties.DeliveryDestinationArn)))).toEqual(
      new Set([JSON.stringify({ 'Fn::GetAtt': [idsOf(DESTINATION)[0], 'Arn'] })]),
    );
    expect(deliveries.map(([, { DependsOn }]) => DependsOn.sort())).toEqual([
      [policy],
      [ids[0], policy].sort(),
      [ids[1], policy].sort(),
    ]);
  });
});

describe('the names of sources and destinations', () => {
  test.each<[string, string[]]>([
    ['short', ['Bus']],
    ['long', Array.from({ length: 9 }, (_, i) => `${i}`.repeat(60))],
    ['strange', ['Bus für Aufträge & Co.', "it's #1", 'a.b:c*']],
    ['unreadable', ['注文', 'バス']],
  ])('are legal and distinct for a path that is %s', (_, path) => {
    const scope = path.slice(0, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
    busWith(at(Level.TRACE), scope, path.at(-1));
    const names = namesIn(stack);
    expect(names).toEqual(names.map(() => expect.stringMatching(/^[\w-]{1,60}$/)));
    expect(new Set(names).size).toBe(4);
  });

  test('are apart for two buses, stacks, stages, nested stacks and apps', () => {
    const other = testStack('Other', HUB, app);
    const stages = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id, { env: HUB }), 'Hub'));
    const nested = ['A', 'B'].map((id) => new NestedStack(other, id));
    const renamed = new Stack(testApp(), 'Hub', { env: HUB, stackName: 'Renamed' });
    const stacks = [stack, other, ...stages, ...nested, renamed];
    for (const each of stacks) for (const id of ['One', 'Two']) busWith(at(Level.TRACE), each, id);
    const names = stacks.flatMap(namesIn);
    expect([names.length, new Set(names).size]).toEqual([56, 56]);
  });

  test('stay the same from one synthesis to the next, and when the level changes', () => {
    const named = (level: Level) => {
      const again = testStack('Hub');
      busWith(at(level), again);
      return namesIn(again);
    };
    expect(named(Level.TRACE)).toEqual(named(Level.TRACE));
    expect(named(Level.TRACE)).toEqual(expect.arrayContaining(named(Level.ERROR)));
  });
});

test('a bus with logs is still an event bus that takes its log settings where the CDK has them', () => {
  const bus: EventBus = busWith({ eventBusName: 'orders', description: 'All orders', ...at(Level.ERROR) });
  expect(propertiesOf(bus.stack, 'AWS::Events::EventBus')).toMatchObject([
    { Name: 'orders', Description: 'All orders', LogConfig: { Level: 'ERROR' } },
  ]);
});
