import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnQueuePolicy, IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, LambdaEventTarget, LambdaPermissionScope } from '../../src';
import { BILLING, HUB, REGION, count, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const QUEUE_POLICY = 'AWS::SQS::QueuePolicy';
const QUEUE_ARN = `arn:aws:sqs:${REGION}:${HUB.account}:undelivered`;
const KEY_ARN = `arn:aws:kms:${REGION}:${HUB.account}:key/11111111-2222-3333-4444-555555555555`;
const eventPattern = { source: ['com.shop'] };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', HUB, app);
});

function ruleWith(deadLetterQueue: IQueue, id = 'Rule', eventBus?: IEventBus): Rule {
  const handler =
    (stack.node.tryFindChild('Handler') as ReturnType<typeof testFunction> | undefined) ??
    testFunction(stack, 'Handler');
  return new Rule(stack, id, {
    ruleName: id,
    eventBus,
    eventPattern,
    targets: [new LambdaEventTarget(handler, { deadLetterQueue })],
  });
}
const statementsOn = (of = stack) =>
  propertiesOf(of, QUEUE_POLICY).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const arnOf = (resource: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${HUB.account}:${resource}`]],
});
const deadLetters = (expected = 'allow', name = 'Rule', bus = 'default') => ({
  deliver: { rule: { account: HUB.account, bus, name } },
  expect: { Target0: 'allow', 'Target0.deadLetter': expected },
});

describe('a queue for what a rule could not deliver', () => {
  test('takes messages of EventBridge for that rule alone', () => {
    const queue = new Queue(stack, 'Queue');
    const rule = ruleWith(queue);

    expect(statementsOn()).toEqual([
      {
        Sid: 'EventBridgeDeadLetters',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: stack.resolve(queue.queueArn),
        Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) } },
      },
    ]);
    expect(propertiesOf(stack, 'AWS::Events::Rule')[0].Targets[0].DeadLetterConfig).toEqual({
      Arn: stack.resolve(queue.queueArn),
    });
    expect(messagesOf(stack)).toEqual([]);
  });

  test('has one statement for all rules, each of them once', () => {
    const queue = new Queue(stack, 'Queue');
    const rules = ['A', 'B'].map((id) => ruleWith(queue, id));
    rules.forEach((rule, i) =>
      rule.addTarget(new LambdaEventTarget(testFunction(stack, `Second${i}`), { deadLetterQueue: queue })),
    );
    expect(statementsOn()).toMatchObject([
      { Condition: { ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => stack.resolve(ruleArn)) } } },
    ]);
  });

  test('has a statement for a rule that comes after its policy was looked at', () => {
    const queue = new Queue(stack, 'Queue');
    const first = ruleWith(queue, 'A');
    stack.resolve((queue.node.findChild('Policy').node.defaultChild as CfnQueuePolicy).policyDocument);
    const rules = [first, ruleWith(queue, 'B')];
    expect(statementsOn()).toMatchObject([
      { Condition: { ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => stack.resolve(ruleArn)) } } },
    ]);
  });

  test.each([
    [30, 30, 'rule/orders/Rule'],
    [200, 1, 'rule/orders/*'],
  ])('of %i rules names %i ARNs, as SQS takes 20 statements and 8,192 characters', (rules, named, arn) => {
    const eventBus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
    const queue = new Queue(testStack('Queues', HUB, app), 'Queue');
    const target = new LambdaEventTarget(testFunction(stack, 'Handler'), {
      deadLetterQueue: queue,
      permissionScope: LambdaPermissionScope.EVENT_BUS,
    });
    for (let i = 0; i < rules; i++) {
      new Rule(stack, `Rule${i}`, { eventBus, eventPattern, ruleName: `Rule${i}`, targets: [target] });
    }
    const [policy, ...others] = propertiesOf(Stack.of(queue), QUEUE_POLICY);
    const [statement, ...rest] = policy.PolicyDocument.Statement;
    const arns = [statement.Condition.ArnEquals['aws:SourceArn']].flat().map((value) => JSON.stringify(value));
    expect([others, rest, arns.length]).toEqual([[], [], named]);
    expect(arns.every((text) => text.includes(arn))).toBe(true);
    expect(JSON.stringify(policy.PolicyDocument).length).toBeLessThan(8_192);
  });

  test.each<[string, (s: Stack) => IEventBus | undefined, string]>([
    ['the default bus', () => undefined, 'rule/Rule'],
    ['a named bus', (s) => new CrossAccountEventBus(s, 'Bus', { eventBusName: 'orders' }), 'rule/orders/Rule'],
    ['a bus whose name the CDK makes', (s) => new EventBus(s, 'Bus'), 'rule/HubBus8D9CBA36/Rule'],
    ['the default bus by name', (s) => EventBus.fromEventBusName(s, 'Bus', 'default'), 'rule/Rule'],
  ])('may be in another stack, without a circle: the rule is on %s', (_, eventBus, resource) => {
    const other = testStack('Queues', HUB, app);
    ruleWith(new Queue(other, 'Queue'), 'Rule', eventBus(stack));
    app.synth();
    expect([dependenciesOf(stack), dependenciesOf(other)]).toEqual([['Queues'], []]);
    expect(statementsOn(other)).toMatchObject([{ Condition: { ArnEquals: { 'aws:SourceArn': arnOf(resource) } } }]);
  });

  test.each([
    ['by the app', 'undelivered'],
    ['by the CDK', PhysicalName.GENERATE_IF_NEEDED],
  ])('may be of another account, when it is named %s', (_, queueName) => {
    const other = testStack('Queues', BILLING, app);
    ruleWith(new Queue(other, 'Queue', { queueName }));
    expect(statementsOn(other)).toMatchObject([{ Condition: { ArnEquals: { 'aws:SourceArn': arnOf('rule/Rule') } } }]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('may be given for events to a bus as well', () => {
    const rule = new Rule(stack, 'Rule', { eventPattern });
    rule.addTarget(
      new CrossAccountEventBusTarget(new CrossAccountEventBus(stack, 'Bus'), {
        deadLetterQueue: new Queue(stack, 'Queue'),
      }),
    );
    expect(statementsOn()).toMatchObject([
      { Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) } } },
    ]);
  });
});

describe('an encrypted queue', () => {
  const keyStatements = (of = stack) =>
    propertiesOf(of, 'AWS::KMS::Key').map(({ KeyPolicy }) => KeyPolicy.Statement.slice(1));
  const LET_IN = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
  };

  test('has its key let EventBridge in for this account, once for all rules', () => {
    const queue = new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS });
    ['A', 'B'].forEach((id) => ruleWith(queue, id));
    expect(keyStatements()).toEqual([[LET_IN]]);
  });

  test('may have its key in another stack, without a circle', () => {
    const keys = testStack('Keys', HUB, app);
    ruleWith(new Queue(stack, 'Queue', { encryptionMasterKey: new Key(keys, 'Key') }));
    app.synth();
    expect(keyStatements(keys)).toEqual([[LET_IN]]);
    expect([dependenciesOf(stack), dependenciesOf(keys)]).toEqual([['Keys'], []]);
  });

  test('needs nothing of the key of SQS itself', () => {
    ruleWith(new Queue(stack, 'Queue', { encryption: QueueEncryption.SQS_MANAGED }));
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each<[string, () => IQueue, number]>([
    [
      'with an imported key',
      () => new Queue(stack, 'Queue', { encryptionMasterKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }),
      1,
    ],
    [
      'that is imported with its key',
      () => Queue.fromQueueAttributes(stack, 'Queue', { queueArn: QUEUE_ARN, keyArn: KEY_ARN }),
      2,
    ],
  ])('%s warns with the statement that the key needs', (_, queue, warnings) => {
    ruleWith(queue());
    expectFindings(
      messagesOf(stack),
      count(warnings, () => 'warning manuallyAddQueuePolicy /Hub/Rule'),
    );
  });

  test('fails with the AWS managed key, which lets no service in', () => {
    expectError(
      () => ruleWith(new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS_MANAGED })),
      /Hub\/Rule: 'deadLetterQueue' must/,
    );
  });
});

describe('a dead-letter queue fails at the call', () => {
  test.each<[string, () => IQueue, string]>([
    [
      'when it is FIFO',
      () => new Queue(stack, 'Queue', { fifo: true }),
      "must be a standard queue, got the FIFO queue 'Hub/Queue'",
    ],
    [
      'when it is an imported FIFO queue',
      () => Queue.fromQueueArn(stack, 'Queue', `${QUEUE_ARN}.fifo`),
      "must be a standard queue, got the FIFO queue 'Hub/Queue'",
    ],
    [
      'in another region',
      () => new Queue(testStack('Far', { ...HUB, region: 'us-east-1' }, app), 'Queue'),
      'must be in region eu-west-1, got one in us-east-1',
    ],
    [
      'without a name in another account',
      () => new Queue(testStack('Other', BILLING, app), 'Queue'),
      "must have a name to be known in another account, got the unnamed 'Other/Queue'; give it a 'queueName'",
    ],
  ])('%s', (_, queue, message) => {
    expectError(() => ruleWith(queue()), `Hub/Rule: 'deadLetterQueue' ${message}`);
  });
});

describe('an imported queue', () => {
  test('keeps its policy; a warning has the statement, in text that can be pasted', () => {
    ruleWith(Queue.fromQueueArn(stack, 'Queue', QUEUE_ARN));
    expect(propertiesOf(stack, QUEUE_POLICY)).toEqual([]);
    expectFindings(messagesOf(stack), ['warning manuallyAddQueuePolicy /Hub/Rule']);
  });
});

describe('the warning about an imported queue', () => {
  test('names a rule that has no name of its own, and takes no target from it that is added later', () => {
    const rule = new Rule(stack, 'Rule', { eventPattern });
    const deadLetterQueue = Queue.fromQueueArn(stack, 'Queue', QUEUE_ARN);
    ['A', 'B'].forEach((id) => rule.addTarget(new LambdaEventTarget(testFunction(stack, id), { deadLetterQueue })));
    const [{ Name, Targets }] = propertiesOf(stack, 'AWS::Events::Rule');
    expect(messagesOf(stack)[0]).toContain(`"aws:SourceArn":"arn:aws:events:${REGION}:${HUB.account}:rule/${Name}"`);
    expect(Targets).toHaveLength(2);
  });
});

describeWithOracle('undelivered events arrive in the queue, and nobody else writes there', () => {
  const noStrangers = { strangers: true, queue: 'undelivered' };

  test.each<[string, (key: () => IKey) => object]>([
    ['without a key', () => ({})],
    ['with its own key', () => ({ encryption: QueueEncryption.KMS })],
    ['with a given key', (key) => ({ encryptionMasterKey: key() })],
    ['with the key of SQS', () => ({ encryption: QueueEncryption.SQS_MANAGED })],
  ])('%s, in the stack of the rule, another one, and another account', (_, props) => {
    for (const queues of [HUB, HUB, BILLING].map((env, i) => (i === 0 ? stack : testStack(`Queues${i}`, env, app)))) {
      const { id } = queues.node;
      ruleWith(
        new Queue(queues, 'Queue', { queueName: `undelivered-${id}`, ...props(() => new Key(queues, 'Key')) }),
        `Rule-${id}`,
      );
    }
    const ids = ['Hub', 'Queues1', 'Queues2'];
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...ids.flatMap((id) => [deadLetters('allow', `Rule-${id}`), { ...noStrangers, queue: `undelivered-${id}` }]),
      ],
    });
  });

  test('for events that came over a bus of the app, but not for another rule of it', () => {
    const queue = new Queue(stack, 'Queue', { queueName: 'undelivered' });
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
    ruleWith(queue, 'Rule', bus);
    const other = new Rule(stack, 'Other', { ruleName: 'Other', eventBus: bus, eventPattern });
    other.addTarget(new LambdaEventTarget(testFunction(stack, 'Second')));
    const resource = other.node.defaultChild as unknown as { addPropertyOverride(path: string, value: unknown): void };
    resource.addPropertyOverride('Targets.0.DeadLetterConfig', { Arn: queue.queueArn });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        deadLetters('allow', 'Rule', 'orders'),
        deadLetters('deny', 'Other', 'orders'),
        noStrangers,
      ],
    });
  });

  test('for events that the bus could not encrypt or route, as well as those of a rule on it', () => {
    const deadLetterQueue = new Queue(stack, 'OfBus', { queueName: 'undelivered' });
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', deadLetterQueue });
    ruleWith(new Queue(stack, 'OfRule'), 'Rule', bus);
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { busDeadLetter: { bus: 'Hub/Bus' }, expect: 'allow' },
        deadLetters('allow', 'Rule', 'orders'),
        noStrangers,
      ],
    });
  });

  test('of another app once its policy has the statement of the warning, and not before', () => {
    ruleWith(Queue.fromQueueArn(stack, 'Queue', QUEUE_ARN));
    const [warning] = messagesOf(stack);
    const [without, pasted] = [testApp(), testApp()].map((theirs) => testStack('Theirs', HUB, theirs));
    for (const owner of [without, pasted]) new Queue(owner, 'Queue', { queueName: 'undelivered' });
    const Statement = [JSON.parse(/: (\{.*\})(?:, then acknowledge this warning)? \[ack/.exec(warning)![1])];
    new CfnQueuePolicy(pasted, 'Policy', {
      queues: [`https://sqs.${REGION}.amazonaws.com/${HUB.account}/undelivered`],
      policyDocument: { Statement },
    });
    expectAnswers([app, without.node.root as App], { questions: [deadLetters('deny')] });
    expectAnswers([app, pasted.node.root as App], { questions: [deadLetters(), noStrangers] });
  });
});
