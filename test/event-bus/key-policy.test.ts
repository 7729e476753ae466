import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Archive, CfnEventBus, EventBus, IEventBusRef, Level, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusProps,
  CrossAccountEventBusTarget,
  EventPublisher,
  LambdaEventTarget,
} from '../../src';
import {
  BILLING,
  HUB,
  ORGANIZATION,
  SHOP,
  REGION,
  messagesOf,
  root,
  testApp,
  testFunction,
  testStack,
} from '../support/apps';
import { expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const KEY_ARN = `arn:aws:kms:${REGION}:${HUB.account}:key/11111111-2222-3333-4444-555555555555`;
const BUS_ARN = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const CONTEXT = 'kms:EncryptionContext:aws:events:event-bus:arn';
const ROLE = `arn:aws:iam::${BILLING.account}:role/subscriber`;
const EVENTS = { Service: 'events.amazonaws.com' };
const inTemplate = (arn: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, arn.slice('arn:aws'.length)]],
});
const eventPattern = { source: ['com.shop'] };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

const keyIn = (of = stack, id = 'Key') => new Key(of, id);
const busWith = (kmsKey?: IKey, props: CrossAccountEventBusProps = {}) =>
  new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey, ...props });
const statementsIn = (): any[] => propertiesOf(stack, 'AWS::KMS::Key').flatMap(({ KeyPolicy }) => KeyPolicy.Statement);
/** On what conditions a principal may do something with the keys of the stack. */
const conditionsOf = (principal: unknown, action: string) =>
  statementsIn()
    .filter(
      ({ Principal, Action }) =>
        JSON.stringify(Principal) === JSON.stringify(principal) && [Action].flat().includes(action),
    )
    .map(({ Condition }) => Condition);

describe('the customer managed key of a bus', () => {
  test.each(['kms:GenerateDataKey', 'kms:Decrypt'])('lets EventBridge do %s for this bus alone', (action) => {
    busWith(keyIn());
    const arn = inTemplate(BUS_ARN);
    expect(conditionsOf(EVENTS, action)).toEqual([
      { StringEquals: { 'aws:SourceAccount': HUB.account, 'aws:SourceArn': arn, [CONTEXT]: arn } },
    ]);
  });

  test('lets EventBridge describe it, which is asked for without an encryption context', () => {
    busWith(keyIn());
    expect(conditionsOf(EVENTS, 'kms:DescribeKey')).toContainEqual({
      StringEquals: { 'aws:SourceAccount': HUB.account },
    });
  });

  test('lets EventBridge encrypt details of logs, and the logging service read them, for this account alone', () => {
    busWith(keyIn(), { logConfig: { level: Level.ERROR } });
    const forLogs = {
      StringLike: { 'kms:EncryptionContext:SourceArn': inTemplate(`arn:aws:logs:${REGION}:${HUB.account}:*`) },
    };
    const LOGS = { Service: 'delivery.logs.amazonaws.com' };
    expect(conditionsOf(EVENTS, 'kms:GenerateDataKey')).toContainEqual(forLogs);
    expect([conditionsOf(LOGS, 'kms:Decrypt'), conditionsOf(LOGS, 'kms:GenerateDataKey')]).toEqual([
      [forLogs],
      [forLogs],
    ]);
  });

  test('is untouched by the logging service without logs, and by publishers', () => {
    busWith(keyIn(), {
      publishers: [EventPublisher.accounts(SHOP.account), EventPublisher.organization(ORGANIZATION)],
    });
    expect(statementsIn().map(({ Principal }) => Principal)).toEqual([{ AWS: root(HUB.account) }, EVENTS, EVENTS]);
  });

  test('is at hand as a property', () => {
    const key = keyIn();
    expect(busWith(key).kmsKey).toBe(key);
  });
});

describe('an archive', () => {
  test.each<[string, () => [bus: CrossAccountEventBus, own?: IKey], string]>([
    ["with its bus's key by default", () => [busWith(keyIn())], 'Key'],
    ['with a key of its own on a bus that has another one', () => [busWith(keyIn()), keyIn(stack, 'Own')], 'Own'],
    ['with a key of its own on a bus that has none', () => [busWith(), keyIn(stack, 'Own')], 'Own'],
  ])('is encrypted %s, which lets EventBridge encrypt what it keeps', (_, make, expected) => {
    const [bus, kmsKey] = make();
    bus.archive('Archive', { eventPattern, kmsKey });
    const key = stack.node.findChild(expected) as Key;

    const [archive] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Archive'));
    expect(archive.Properties).toMatchObject({
      KmsKeyIdentifier: stack.resolve(key.keyArn),
      SourceArn: stack.resolve(bus.eventBusArn),
    });
    const { KeyPolicy } =
      Template.fromStack(stack).toJSON().Resources[stack.getLogicalId(key.node.defaultChild as any)].Properties;
    const Action = ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncrypt*'];
    const Condition = { StringEquals: { [CONTEXT]: inTemplate(BUS_ARN) } };
    expect(KeyPolicy.Statement).toContainEqual(expect.objectContaining({ Principal: EVENTS, Action, Condition }));
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each<[string, (own: Key) => IKey]>([
    ['by an alias', (own) => new Alias(stack, 'Alias', { aliasName: 'alias/x', targetKey: own })],
    [
      'by its resource',
      () => Key.fromCfnKey(new CfnKey(stack, 'Cfn', { keyPolicy: { Version: '2012-10-17', Statement: [] } })),
    ],
  ])('and rule managers are let use a key that is given %s', (_, as) => {
    const bus = busWith(as(keyIn()));
    bus.archive('Archive', { eventPattern });
    bus.allowRuleManagement(EventPublisher.accounts(BILLING.account));
    expect(conditionsOf(EVENTS, 'kms:ReEncrypt*')).toHaveLength(1);
    expect(conditionsOf({ AWS: root(BILLING.account) }, 'kms:Decrypt')).toHaveLength(1);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('of two buses on one key have statements that do not share an ID', () => {
    const kmsKey = keyIn();
    for (const id of ['One', 'Two']) {
      new CrossAccountEventBus(stack, id, { kmsKey }).archive('Archive', { eventPattern });
    }
    const sids = statementsIn().flatMap(({ Sid }) => Sid ?? []);
    expect(new Set(sids).size).toBe(sids.length);
    expect(conditionsOf(EVENTS, 'kms:ReEncrypt*')).toHaveLength(2);
  });

  test('has no key where nobody gave one', () => {
    busWith().archive('Archive', { eventPattern });
    expect(propertiesOf(stack, 'AWS::Events::Archive')[0].KmsKeyIdentifier || undefined).toBeUndefined();
  });

  test.each<[string, object, unknown]>([
    [
      'takes name and description',
      { description: 'Mine', archiveName: 'mine' },
      { Description: 'Mine', ArchiveName: 'mine' },
    ],
    [
      'names its bus by default',
      {},
      {
        Description: {
          'Fn::Join': ['', [expect.any(String), { Ref: expect.stringMatching(/^Bus/) }, expect.any(String)]],
        },
      },
    ],
  ])('%s', (_, props, expected) => {
    busWith(keyIn()).archive('Archive', { eventPattern, ...props });
    expect(propertiesOf(stack, 'AWS::Events::Archive')).toMatchObject([expected]);
  });
});

describe('key, bus, archive, rule and function close no circle', () => {
  test.each<[string, (hub: Stack) => { keys: Stack; rules: Stack }]>([
    ['in one stack', (hub) => ({ keys: hub, rules: hub })],
    ['with the key in another stack', (hub) => ({ keys: testStack('Keys', HUB, app), rules: hub })],
    [
      'with key, bus and rule in three stacks',
      () => ({ keys: testStack('Keys', HUB, app), rules: testStack('Rules', HUB, app) }),
    ],
    ['with the key in a nested stack', (hub) => ({ keys: new NestedStack(hub, 'Keys'), rules: hub })],
  ])('%s', (_, place) => {
    const { keys, rules } = place(stack);
    const deadLetterQueue = new Queue(stack, 'Queue', { encryptionMasterKey: keyIn(keys, 'OfQueue') });
    const bus = busWith(keyIn(keys), { logConfig: { level: Level.ERROR }, deadLetterQueue });
    bus.archive('Archive', { eventPattern });
    bus.archive('OwnKey', { eventPattern, kmsKey: keyIn(keys, 'OfArchive') });
    bus.allowRuleManagement(EventPublisher.accounts(BILLING.account));
    new Rule(rules, 'Rule', {
      eventBus: bus,
      eventPattern,
      targets: [new LambdaEventTarget(testFunction(rules, 'Handler'))],
    });
    app.synth();
    for (const each of new Set([stack, keys, rules])) Template.fromStack(each);
    expect(propertiesOf(stack, 'AWS::Events::Archive')).toHaveLength(2);
    expect(messagesOf(stack).filter((m) => m.includes('cdk-cross-account-eventbridge'))).toEqual([]);
  });

  test('with an archive and its own key in two more stacks', () => {
    const archives = testStack('Archives', HUB, app);
    const bus = busWith(keyIn(testStack('Keys', HUB, app)));
    new Archive(archives, 'Archive', {
      sourceEventBus: bus,
      eventPattern,
      kmsKey: keyIn(testStack('Vault', HUB, app)),
    });
    app.synth();
    expect(dependenciesOf(archives).sort()).toEqual(['Hub', 'Vault']);
  });
});

describe('those who manage rules on an encrypted bus may decrypt them', () => {
  const buses: [string, (kmsKey: IKey) => IEventBusRef][] = [
    ['a CrossAccountEventBus', (kmsKey) => busWith(kmsKey)],
    ['an EventBus', (kmsKey) => new EventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey })],
    ['a CfnEventBus', (kmsKey) => new CfnEventBus(stack, 'Bus', { name: 'orders', kmsKeyIdentifier: kmsKey.keyArn })],
  ];
  const OF_BUS = { [CONTEXT]: inTemplate(BUS_ARN) };
  const A = { AWS: root(BILLING.account) };
  const managers: [string, EventPublisher, unknown, object][] = [
    ['accounts', EventPublisher.accounts(BILLING.account), A, { StringEquals: OF_BUS }],
    [
      'an organization',
      EventPublisher.organization(ORGANIZATION),
      '*',
      {
        StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, ...OF_BUS },
        StringNotEquals: { 'aws:PrincipalAccount': HUB.account },
      },
    ],
    ['a role', EventPublisher.role(ROLE), A, { StringEquals: { 'aws:PrincipalArn': ROLE, ...OF_BUS } }],
  ];
  const policyOf = (bus: IEventBusRef) =>
    bus instanceof CrossAccountEventBus ? bus : new CrossAccountEventBusPolicy(stack, 'Grants', { eventBus: bus });

  const cases = buses.flatMap(([kind, make]) => managers.map((manager) => [kind, ...manager, make] as const));

  test.each(cases)('on %s: %s', (_, __, publisher, principal, condition, make) => {
    policyOf(make(keyIn())).allowRuleManagement(publisher);
    expect(conditionsOf(principal, 'kms:Decrypt')).toEqual([condition]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('but for those of the own account, whose identity policies suffice', () => {
    const bus = busWith(keyIn(testStack('Keys', HUB, app)));
    bus.allowRuleManagement(
      EventPublisher.role(new Role(stack, 'Role', { assumedBy: new AccountPrincipal(BILLING.account) })),
    );
    expect(() => app.synth()).not.toThrow();
  });

  test('by one statement for a manager of several kinds of rules', () => {
    const bus = busWith(keyIn());
    for (const source of ['a', 'b']) {
      bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), { sources: [source] });
    }
    expect(conditionsOf(A, 'kms:Decrypt')).toHaveLength(1);
  });
});

describe('a key that the app does not make', () => {
  const imported = () => Key.fromKeyArn(stack, 'Key', KEY_ARN);
  const allow = (principal: unknown, action: unknown, condition: object) => ({
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: '*',
    Condition: condition,
  });
  const DESCRIBE = allow(EVENTS, 'kms:DescribeKey', { StringEquals: { 'aws:SourceAccount': HUB.account } });
  const DESCRIBE_ANY = { Effect: 'Allow', Principal: EVENTS, Action: 'kms:DescribeKey', Resource: '*' };
  const USE = allow(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt'], {
    StringEquals: { [CONTEXT]: BUS_ARN, 'aws:SourceArn': BUS_ARN },
  });
  const ARCHIVE = allow(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncrypt*'], {
    StringEquals: { [CONTEXT]: BUS_ARN },
  });
  const forLogs = { StringLike: { 'kms:EncryptionContext:SourceArn': `arn:aws:logs:${REGION}:${HUB.account}:*` } };
  const LOGS = [
    allow(EVENTS, 'kms:GenerateDataKey', forLogs),
    allow({ Service: 'delivery.logs.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey'], forLogs),
  ];
  const MANAGE = allow({ AWS: `arn:aws:iam::${BILLING.account}:root` }, 'kms:Decrypt', {
    StringEquals: { [CONTEXT]: BUS_ARN },
  });
  /** The statements that the warnings on a stack show, as the user would paste them. */
  const pasted = () =>
    messagesOf(stack).map((message) => {
      const [, statements] = / to the key policy: (\{.*\}) \[ack/.exec(message)!;
      return JSON.parse(`[${statements}]`) as object[];
    });
  const warningOn = (path: string) => `warning manuallyAddKeyPolicy /Hub/${path}`;
  const manage = (eventBus: IEventBusRef) =>
    new CrossAccountEventBusPolicy(stack, 'Grants', { eventBus }).allowRuleManagement(
      EventPublisher.accounts(BILLING.account),
    );

  test.each<[string, () => unknown, object[][], string]>([
    ['the events of a bus', () => busWith(imported()), [[DESCRIBE, USE]], 'Bus'],
    ['its logs', () => busWith(imported(), { logConfig: { level: Level.INFO } }), [[DESCRIBE, USE], LOGS], 'Bus'],
    [
      'its archive',
      () => busWith(imported()).archive('Archive', { eventPattern }),
      [
        [DESCRIBE, USE],
        [DESCRIBE_ANY, ARCHIVE],
      ],
      'Bus',
    ],
    [
      'an archive of a bus without a key',
      () => busWith().archive('Archive', { eventPattern, kmsKey: imported() }),
      [[DESCRIBE_ANY, ARCHIVE]],
      'Bus',
    ],
    [
      'an archive by an alias',
      () =>
        busWith().archive('Archive', {
          eventPattern,
          kmsKey: new Alias(stack, 'Alias', { aliasName: 'alias/x', targetKey: imported() }),
        }),
      [[DESCRIBE_ANY, ARCHIVE]],
      'Bus',
    ],
    [
      'who manages its rules',
      () => busWith(imported()).allowRuleManagement(EventPublisher.accounts(BILLING.account)),
      [[DESCRIBE, USE], [MANAGE]],
      'Bus',
    ],
    [
      'who manages rules on an EventBus',
      () => manage(new EventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey: imported() })),
      [[MANAGE]],
      'Grants',
    ],
    [
      'who manages rules on a CfnEventBus with an alias',
      () => manage(new CfnEventBus(stack, 'Bus', { name: 'orders', kmsKeyIdentifier: 'alias/mine' })),
      [[MANAGE]],
      'Grants',
    ],
  ])('has its policy in a warning, in text that can be pasted, for %s', (_, use, expected, path) => {
    use();
    expect(pasted()).toEqual(expected);
    expectFindings(
      messagesOf(stack),
      expected.map(() => warningOn(path)),
    );
  });
});

describeWithOracle('on an encrypted bus', () => {
  const event = { source: 'com.shop', detailType: 'OrderPlaced' };
  const from = { account: SHOP.account };

  test(
    'an event from another account reaches a function, and an encrypted bus of a third account, ' +
      'but not where the key is not for this bus',
    () => {
      const consumer = testStack('Consumer', BILLING, app);
      const kmsKey = keyIn();
      const bus = busWith(kmsKey, {
        publishers: [EventPublisher.accounts(SHOP.account)],
        logConfig: { level: Level.ERROR },
      });
      const far = new CrossAccountEventBus(consumer, 'Far', { eventBusName: 'far', kmsKey: keyIn(consumer) });
      const target = new LambdaEventTarget(testFunction(stack, 'Handler'));
      new Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [target, new CrossAccountEventBusTarget(far)] });
      const unlisted = new CfnEventBus(stack, 'Unlisted', { name: 'unlisted', kmsKeyIdentifier: kmsKey.keyArn });
      new Rule(stack, 'Audit', {
        ruleName: 'audit',
        eventBus: EventBus.fromEventBusName(stack, 'Same', unlisted.name),
        eventPattern,
        targets: [target],
      });
      expectAnswers(app, {
        questions: [
          { noProblems: true },
          {
            path: { from, to: { bus: 'Hub/Bus' }, event, reaches: ['Hub/Handler', 'Consumer/Far'], allDelivered: true },
          },
          { deliver: { rule: { account: HUB.account, bus: 'unlisted', name: 'audit' } }, expect: 'deny' },
        ],
      });
      expect([...messagesOf(stack), ...messagesOf(consumer)]).toEqual([]);
    },
  );

  test.each<[string, (key: Key) => object]>([
    ['with a key of its own', () => ({ encryption: QueueEncryption.KMS })],
    ['with the key of the bus', (encryptionMasterKey) => ({ encryptionMasterKey })],
    ['with the key of SQS', () => ({ encryption: QueueEncryption.SQS_MANAGED })],
  ])('what could not be encrypted goes to a dead-letter queue that is encrypted %s', (_, props) => {
    const kmsKey = keyIn();
    busWith(kmsKey, { deadLetterQueue: new Queue(stack, 'Queue', { queueName: 'undelivered', ...props(kmsKey) }) });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { busDeadLetter: { bus: 'Hub/Bus' }, expect: 'allow' },
        { strangers: true, queue: 'undelivered' },
      ],
    });
  });
});
