import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { EventBus, Match as Pattern } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
} from '../../src';
import { BILLING, HUB, SHOP, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const CENTRAL = `arn:aws:events:${REGION}:${HUB.account}:event-bus/central`;

let app: App;
let subscriber: Stack;
let own: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  subscriber = testStack('Subscriber', BILLING, app);
  own = new CrossAccountEventBus(subscriber, 'Own', { eventBusName: 'own' });
});

const imported = (arn = CENTRAL) => EventBus.fromEventBusArn(subscriber, 'Central', arn);
const ruleOn = (eventBus: EventBus | ReturnType<typeof imported>, id = 'Rule') =>
  new CrossAccountRule(subscriber, id, {
    eventBus,
    eventPattern: { source: ['shop'], detailType: ['OrderPlaced'] },
    targets: [new CrossAccountEventBusTarget(own)],
  });
const rules = () => propertiesOf(subscriber, 'AWS::Events::Rule');

describe('a rule on a bus of another account', () => {
  test('has the bus by its ARN, and sends to a bus of its own account with a role for this rule alone', () => {
    ruleOn(imported());
    const [{ Name, EventBusName, Targets }] = rules();
    expect([EventBusName, Name]).toEqual([
      CENTRAL,
      expect.stringMatching(/^Subscriber-Rule-[0-9a-f]{8}-333333333333$/),
    ]);
    expect(Targets).toEqual([
      {
        Id: 'Target0',
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'Arn'] },
        RoleArn: { 'Fn::GetAtt': [expect.any(String), 'Arn'] },
      },
    ]);
    const [
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Condition }],
        },
      },
    ] = propertiesOf(subscriber, 'AWS::IAM::Role');
    expect(Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': [HUB.account, BILLING.account] },
      ArnEquals: {
        'aws:SourceArn': {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${HUB.account}:rule/central/${Name}`],
          ],
        },
      },
    });
  });

  test('is told to be refused until the other account lets this one', () => {
    ruleOn(imported());
    expectFindings(messagesOf(subscriber), ['warning manuallyAllowRuleManagement /Subscriber/Rule']);
  });

  test('lets itself in at a bus of the app, for rules of its kind, and is deployed after that', () => {
    const hub = testStack('Hub', HUB, app);
    ruleOn(new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'central' }));
    expect(
      propertiesOf(hub, 'AWS::Events::EventBusPolicy').map(({ Statement: { Action, Condition } }) => [
        [Action].flat()[0],
        Object.keys(Condition),
      ]),
    ).toEqual(
      [
        ['events:PutRule', ['StringEqualsIfExists', 'ForAllValues:StringEquals', 'Null']],
        ['events:DeleteRule', ['StringEquals']],
        ['events:PutTargets', ['StringEquals', 'ForAllValues:ArnLike', 'Null']],
        ['events:TagResource', ['StringEqualsIfExists']],
      ].map(([action, keys]) => [action, expect.arrayContaining(keys as string[])]),
    );
    expect(dependenciesOf(subscriber)).toEqual(['Hub']);
    expect([...messagesOf(subscriber), ...messagesOf(hub)]).toEqual([]);
  });

  test('adds nothing to a grant that says the same', () => {
    const hub = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'central' });
    bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), {
      sources: ['shop'],
      detailTypes: ['OrderPlaced'],
      targetArns: [`arn:aws:events:*:${BILLING.account}:event-bus/*`],
    });
    const before = bus.resourcePolicy.node.children.map(({ node }) => node.id);
    ruleOn(bus);
    expect(bus.resourcePolicy.node.children.map(({ node }) => node.id)).toEqual(before);
    expect(before).toHaveLength(4);
  });

  test.each([
    ['a prefix', { source: Pattern.prefix('shop') }],
    ['a prefix among values', { source: ['shop', { prefix: 'bill' } as unknown as string] }],
    ['a wildcard', { source: ['shop*'] }],
    ['an account', { account: ['222222222222'] }],
  ])('names no sources when its pattern does not name them to the letter, but %s', (_, eventPattern) => {
    const hub = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'central' });
    new CrossAccountRule(subscriber, 'Imported', { eventBus: imported(), eventPattern });
    new CrossAccountRule(subscriber, 'Made', { eventBus: bus, eventPattern });
    expectFindings(messagesOf(subscriber), [
      'warning manuallyAllowRuleManagement /Subscriber/Imported',
      'warning manuallyAllowRuleManagement /Subscriber/Made',
    ]);
    expect(propertiesOf(hub, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });

  test('lets itself in for what is added to its pattern later', () => {
    const hub = testStack('Hub', HUB, app);
    const rule = ruleOn(new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'central' }));
    rule.addEventPattern({ source: ['billing'] });
    const create = propertiesOf(hub, 'AWS::Events::EventBusPolicy')
      .map(({ Statement }) => Statement)
      .filter(({ Action }) => Action === 'events:PutRule');
    expect(create).toMatchObject([
      {
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': ['billing', 'shop'], 'events:detail-type': 'OrderPlaced' },
        },
      },
    ]);
  });

  test('on the default bus has an ARN without the name of the bus', () => {
    ruleOn(imported(CENTRAL.replace('central', 'default')));
    const [
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Condition }],
        },
      },
    ] = propertiesOf(subscriber, 'AWS::IAM::Role');
    expect(JSON.stringify(Condition.ArnEquals)).toMatch(/:111111111111:rule\/Subscriber-Rule-/);
  });

  test('has a name of its own in each account, also when only deployment tells it', () => {
    const agnostic = new Stack(app, 'Agnostic');
    new CrossAccountRule(agnostic, 'Rule', {
      eventBus: EventBus.fromEventBusArn(agnostic, 'Central', CENTRAL),
      eventPattern: { source: ['x'] },
    });
    expect(propertiesOf(agnostic, 'AWS::Events::Rule')).toMatchObject([
      { Name: { 'Fn::Join': ['', [expect.stringMatching(/^Agnostic-Rule-/), { Ref: 'AWS::AccountId' }]] } },
    ]);
  });

  test('shares its role with no rule of another bus', () => {
    ruleOn(imported());
    new CrossAccountRule(subscriber, 'Other', {
      eventBus: EventBus.fromEventBusArn(subscriber, 'Far', CENTRAL.replace(HUB.account, SHOP.account)),
      eventPattern: { source: ['shop'] },
      targets: [new CrossAccountEventBusTarget(own)],
    });
    const sources = propertiesOf(subscriber, 'AWS::IAM::Role').map(
      ({
        AssumeRolePolicyDocument: {
          Statement: [{ Condition }],
        },
      }) => Condition.StringEquals['aws:SourceAccount'],
    );
    expect(sources).toEqual([
      [HUB.account, BILLING.account],
      [SHOP.account, BILLING.account],
    ]);
  });

  test('takes a dead-letter queue of its own account', () => {
    new CrossAccountRule(subscriber, 'Rule', {
      eventBus: imported(),
      ruleName: 'orders',
      eventPattern: { source: ['x'] },
      targets: [new CrossAccountEventBusTarget(own, { deadLetterQueue: new Queue(subscriber, 'Queue') })],
    });
    expect(propertiesOf(subscriber, 'AWS::SQS::QueuePolicy')).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Condition: {
                ArnEquals: {
                  'aws:SourceArn': {
                    'Fn::Join': [
                      '',
                      ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${HUB.account}:rule/central/orders`],
                    ],
                  },
                },
              },
            },
          ],
        },
      },
    ]);
  });

  test.each<[string, () => unknown, string]>([
    ['on a bus of its own account', () => ruleOn(own), "Subscriber/Rule: 'eventBus' must"],
    [
      'on a bus of another region',
      () => ruleOn(imported(CENTRAL.replace(REGION, 'us-east-1'))),
      "Subscriber/Rule: 'eventBus' must",
    ],
    [
      'with a function as target',
      () =>
        ruleOn(imported()).addTarget(new LambdaEventTarget(testFunction(subscriber, 'Handler', { functionName: 'f' }))),
      "Subscriber/Rule: 'targets' must",
    ],
    [
      'with a bus of a third account as target',
      () =>
        ruleOn(imported()).addTarget(
          new CrossAccountEventBusTarget(new CrossAccountEventBus(testStack('Third', SHOP, app), 'Bus')),
        ),
      "Subscriber/Rule: 'targets' must",
    ],
    [
      'on a bus whose ARN only deployment tells',
      () => ruleOn(imported(new CfnParameter(subscriber, 'Parameter').valueAsString)),
      "Subscriber/Rule: 'eventBus' must",
    ],
    [
      'on a bus of the app in a stack that does not know its account',
      () => {
        const bus = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus');
        return new CrossAccountRule(new Stack(app, 'Agnostic'), 'Rule', {
          eventBus: bus,
          eventPattern: { source: ['x'] },
        });
      },
      "Agnostic/Rule: 'eventBus' must",
    ],
    [
      'of which more than eight have one target',
      () =>
        Array.from(
          { length: 9 },
          (_, i) =>
            new CrossAccountRule(subscriber, `Rule${i}`, {
              eventBus: EventBus.fromEventBusArn(subscriber, `Central${i}`, CENTRAL),
              eventPattern: { source: ['x'] },
              targets: [new CrossAccountEventBusTarget(own)],
            }),
        ),
      "Subscriber/Rule8: 'targets' must",
    ],
  ])('fails %s', (_, make, message) => {
    expectError(make, message);
  });
});

describeWithOracle('a rule on a bus of another account delivers', () => {
  test.each(['central', 'default'])('also to an encrypted dead-letter queue, on the bus %s', (name) => {
    const deadLetterQueue = new Queue(subscriber, 'Queue', { encryption: QueueEncryption.KMS });
    new CrossAccountRule(subscriber, 'Rule', {
      eventBus: imported(CENTRAL.replace('central', name)),
      ruleName: 'orders',
      eventPattern: { source: ['shop'] },
      targets: [new CrossAccountEventBusTarget(own, { deadLetterQueue })],
    });
    const hub = testApp();
    const stack = testStack('Hub', HUB, hub);
    const eventBus =
      name === 'default'
        ? EventBus.fromEventBusName(stack, 'Default', name)
        : new EventBus(stack, 'Bus', { eventBusName: name });
    new CrossAccountEventBusPolicy(stack, 'Grants', { eventBus }).allowRuleManagement(
      EventPublisher.accounts(BILLING.account),
    );
    expectAnswers([app, hub], {
      questions: [
        { noProblems: true },
        {
          deliver: { rule: { account: HUB.account, bus: name, name: 'orders' } },
          expect: { Target0: 'allow', 'Target0.deadLetter': 'allow' },
        },
        { strangers: true, queue: 'Subscriber/Queue' },
      ],
    });
  });

  test('in one app, and in one app for each account, and lets nobody else use its role', () => {
    const hubs = [app, testApp()];
    const buses = hubs.map(
      (hubApp, i) =>
        new CrossAccountEventBus(testStack(`Hub${i}`, HUB, hubApp), 'Bus', {
          eventBusName: `central${i}`,
          publishers: [EventPublisher.accounts(SHOP.account)],
        }),
    );
    buses[1].allowRuleManagement(EventPublisher.accounts(BILLING.account), { sources: ['shop'] });
    ruleOn(buses[0], 'Made');
    ruleOn(imported(`${CENTRAL}1`), 'Imported');
    const path = (bus: string, source: string) => ({
      from: { account: SHOP.account },
      to: { bus },
      event: { source, detailType: 'OrderPlaced' },
    });
    expectAnswers(hubs, {
      questions: [
        { noProblems: true },
        ...['Hub0/Bus', 'Hub1/Bus'].flatMap((bus) => [
          { path: { ...path(bus, 'shop'), reaches: ['Subscriber/Own'], allDelivered: true } },
          { path: { ...path(bus, 'other'), notReaches: ['Subscriber/Own'] } },
          { strangers: true, bus, welcome: [{ account: SHOP.account }, { account: BILLING.account }] },
        ]),
        { strangers: true, bus: 'Subscriber/Own' },
      ],
    });
  });
});
