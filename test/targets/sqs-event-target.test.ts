import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnRule, Rule, RuleProps, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { IQueue, Queue, QueueEncryption, QueueProps } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventPublisher,
  QueuePermissionScope,
  SqsEventTarget,
  SqsEventTargetProps,
} from '../../src';
import { BILLING, HUB, REGION, SHOP, count, messagesOf, root, stackIn, testApp, testStack } from '../support/apps';
import {
  EVENTS,
  KEY_ARN,
  eventPattern,
  identityOf,
  ruleRoleNameOf,
  ruleRoleOf,
  statementIn,
  targetApp,
  targetsOf,
} from '../support/event-targets';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const QUEUE_POLICY = 'AWS::SQS::QueuePolicy';
const ROLE = 'AWS::IAM::Role';
const QUEUE_ARN = `arn:aws:sqs:${REGION}:${BILLING.account}:invoices`;

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub, bus } = targetApp());
});

const billing = () => stackIn(app, 'Billing', BILLING);
const queueIn = (stack: Stack, props: QueueProps = {}) =>
  new Queue(stack, 'Queue', { queueName: 'invoices', ...props });
const imported = (stack = hub, arn = QUEUE_ARN) => Queue.fromQueueArn(stack, 'Imported', arn);

function ruleTo(queue: IQueue, props: SqsEventTargetProps & RuleProps = {}, id = 'Rule', stack = hub): Rule {
  const { eventBus = bus, ruleName = id, ...targetProps } = props;
  const targets = [new SqsEventTarget(queue, targetProps)];
  return new Rule(stack, id, { eventBus, eventPattern, ruleName, targets });
}

const statementsOn = (stack: Stack) =>
  propertiesOf(stack, QUEUE_POLICY).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const roleName = () => ruleRoleNameOf(hub);
const delivered = (name: string, expected = 'allow', eventBus = 'orders', account = HUB.account) => ({
  deliver: { rule: { account, bus: eventBus, name } },
  expect: expected,
});

describe('a queue in the account of the rule', () => {
  test('allows EventBridge to send for that rule alone, without a role', () => {
    const queue = queueIn(hub);
    const rule = ruleTo(queue);

    expect(statementsOn(hub)).toEqual([
      {
        Sid: 'EventBridgeEvents',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: hub.resolve(queue.queueArn),
        Condition: { ArnEquals: { 'aws:SourceArn': hub.resolve(rule.ruleArn) } },
      },
    ]);
    expect(targetsOf(hub)).toEqual([{ Arn: hub.resolve(queue.queueArn), Id: 'Target0' }]);
    expect(propertiesOf(hub, ROLE)).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('has one statement for all rules, from several stacks too, and depends on none of them', () => {
    const queues = testStack('Queues', HUB, app);
    const queue = queueIn(queues);
    ['B', 'A'].forEach((id) => ruleTo(queue, {}, id));
    const arns = ['A', 'B'].map((name) => partitioned(`:events:${REGION}:${HUB.account}:rule/orders/${name}`));
    expect(statementsOn(queues)).toMatchObject([{ Condition: { ArnEquals: { 'aws:SourceArn': arns } } }]);
    expect(dependenciesOf(queues)).toEqual([]);
  });

  test('allows all rules on the bus if the rules do not fit into the policy', () => {
    const queue = queueIn(hub);
    count(120, (i) => ruleTo(queue, { ruleName: `rule-with-a-rather-long-name-${i}` }, `Rule${i}`));
    expect(statementsOn(hub)).toMatchObject([
      {
        Condition: {
          ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:rule/orders/*`) },
        },
      },
    ]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('allows all rules on the bus with EVENT_BUS', () => {
    ruleTo(queueIn(hub), { permissionScope: QueuePermissionScope.EVENT_BUS });
    expect(statementsOn(hub)).toMatchObject([
      { Condition: { ArnEquals: { 'aws:SourceArn': expect.objectContaining({}) } } },
    ]);
    expect(JSON.stringify(statementsOn(hub))).toContain(':rule/orders/*');
  });

  test('fails with EVENT_BUS if other accounts can create rules with any target on the bus', () => {
    bus.allowRuleManagement(EventPublisher.accounts(SHOP.account));
    ruleTo(queueIn(hub), { permissionScope: QueuePermissionScope.EVENT_BUS });
    expectError(() => app.synth(), /'permissionScope' must be RULE .* QueuePermissionScope\.RULE/);
  });

  test('allows EventBridge to use the key, for the account of the rule', () => {
    const encryptionMasterKey = new Key(hub, 'Key');
    ruleTo(queueIn(hub, { encryption: QueueEncryption.KMS, encryptionMasterKey }));
    expect(propertiesOf(hub, 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      },
    ]);
  });

  test('has the input, message group, retry policy and dead-letter queue of the target', () => {
    const deadLetterQueue = new Queue(hub, 'Undelivered');
    const event = RuleTargetInput.fromEventPath('$.detail');
    ruleTo(queueIn(hub), { event, messageGroupId: 'all', deadLetterQueue, retryAttempts: 3 });
    expect(targetsOf(hub)).toMatchObject([
      {
        InputPath: '$.detail',
        SqsParameters: { MessageGroupId: 'all' },
        RetryPolicy: { MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: hub.resolve(deadLetterQueue.queueArn) },
      },
    ]);
    expect(statementsOn(hub).map(({ Sid }) => Sid)).toEqual(
      expect.arrayContaining(['EventBridgeEvents', 'EventBridgeDeadLetters']),
    );
  });

  test('is reported with the statement to add if it is imported', () => {
    ruleTo(imported(hub, QUEUE_ARN.replace(BILLING.account, HUB.account)));
    expectFindings(messagesOf(hub), ['warning manuallyAddQueuePolicy /Hub/Rule']);
  });

  test('is a target of environment-agnostic stacks', () => {
    const [rules, queues] = ['Rules', 'Queues'].map((id) => new Stack(app, id));
    const queue = queueIn(queues);
    new Rule(rules, 'Rule', { eventPattern, targets: [new SqsEventTarget(queue)] });
    expect(statementsOn(queues)).toHaveLength(1);
    expect(propertiesOf(rules, ROLE)).toEqual([]);
    expect([...messagesOf(rules), ...messagesOf(queues)]).toEqual([]);
  });

  test('is reported if it is imported and its account may be another one', () => {
    const rules = new Stack(app, 'Rules');
    new Rule(rules, 'Rule', { eventPattern, targets: [new SqsEventTarget(imported(rules))] });
    expectFindings(messagesOf(rules), ['warning manuallyAddQueuePolicy /Rules/Rule']);
  });
});

describe('a queue in another account', () => {
  test('is a target with a role that EventBridge may assume for this rule alone, which may send to it alone', () => {
    ruleTo(queueIn(billing()));

    const arn = partitioned(QUEUE_ARN.slice('arn:aws'.length));
    expect(targetsOf(hub)).toEqual([
      { Id: 'Target0', Arn: arn, RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^RuleRole/), 'Arn'] } },
    ]);
    expect(propertiesOf(hub, ROLE)[0].AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': HUB.account },
          ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:rule/orders/Rule`) },
        },
      },
    ]);
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }]);
    expect([messagesOf(hub), messagesOf(billing())]).toEqual([[], []]);
  });

  test('allows exactly that role in its policy, and neither stack depends on the other', () => {
    const queue = queueIn(billing());
    ruleTo(queue);
    expect(statementsOn(billing())).toEqual([
      {
        Sid: 'EventBridgeRoles',
        Effect: 'Allow',
        Principal: { AWS: root(HUB.account) },
        Action: 'sqs:SendMessage',
        Resource: billing().resolve(queue.queueArn),
        Condition: {
          StringEquals: { 'aws:PrincipalArn': partitioned(`:iam::${HUB.account}:role/${roleName()}`) },
        },
      },
    ]);
    app.synth();
    expect([dependenciesOf(hub), dependenciesOf(billing())]).toEqual([[], []]);
  });

  test('has one statement for the roles of several accounts', () => {
    const queue = queueIn(billing());
    const shop = testStack('Shop', SHOP, app);
    ruleTo(queue);
    new Rule(shop, 'Rule', { eventPattern, targets: [new SqsEventTarget(queue)] });
    const [statement, ...others] = statementsOn(billing());
    expect(others).toEqual([]);
    expect(statement.Principal.AWS).toEqual([root(HUB.account), root(SHOP.account)]);
    expect(statement.Condition.StringEquals['aws:PrincipalArn']).toHaveLength(2);
  });

  test('has a key that allows exactly that role, which may use it for that queue alone', () => {
    const encryptionMasterKey = new Key(billing(), 'Key');
    ruleTo(queueIn(billing(), { encryption: QueueEncryption.KMS, encryptionMasterKey }));
    const conditions = { 'kms:ViaService': `sqs.${REGION}.amazonaws.com` };
    expect(identityOf(hub)[1]).toEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: partitioned(`:kms:${REGION}:${BILLING.account}:key/*`),
      Condition: {
        StringEquals: {
          ...conditions,
          'kms:EncryptionContext:aws:sqs:arn': partitioned(QUEUE_ARN.slice('arn:aws'.length)),
        },
      },
    });
    expect(propertiesOf(billing(), 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toEqual([
      {
        Sid: 'EventBridgeRolesForSqs',
        Effect: 'Allow',
        Principal: { AWS: root(HUB.account) },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:PrincipalArn': partitioned(`:iam::${HUB.account}:role/${roleName()}`),
            ...conditions,
          },
        },
      },
    ]);
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    expect([messagesOf(hub), messagesOf(billing())]).toEqual([[], []]);
  });

  test('uses a role that is given', () => {
    const executionRole = new Role(hub, 'Mine', { roleName: 'mine', assumedBy: EVENTS });
    ruleTo(queueIn(billing()), { executionRole });
    expect(propertiesOf(hub, ROLE)).toHaveLength(1);
    expect(targetsOf(hub)).toMatchObject([{ RoleArn: hub.resolve(executionRole.roleArn) }]);
    expect(statementsOn(billing())).toMatchObject([
      { Condition: { StringEquals: { 'aws:PrincipalArn': partitioned(`:iam::${HUB.account}:role/mine`) } } },
    ]);
  });

  test('is reported with the statement to add if it is imported', () => {
    ruleTo(imported());
    expect(targetsOf(hub)).toMatchObject([{ Arn: QUEUE_ARN, RoleArn: expect.anything() }]);
    expectFindings(messagesOf(hub), ['warning manuallyAddQueuePolicy /Hub/Rule']);
  });

  test('is reported with the statements for its policy and that of its key if it is imported with a key', () => {
    const queue = Queue.fromQueueAttributes(hub, 'Imported', { queueArn: QUEUE_ARN, keyArn: KEY_ARN });
    ruleTo(queue);
    expect(identityOf(hub)[1]).toMatchObject({ Resource: KEY_ARN });
    expectFindings(messagesOf(hub), [
      'warning manuallyAddKeyPolicy /Hub/Rule',
      'warning manuallyAddQueuePolicy /Hub/Rule',
    ]);
  });
});

test('a queue whose ARN is a parameter is a target, and is reported once', () => {
  const arn = new CfnParameter(hub, 'QueueArn').valueAsString;
  ruleTo(Queue.fromQueueAttributes(hub, 'Imported', { queueArn: arn }));
  app.synth();
  expectFindings(messagesOf(hub), ['warning manuallyAddQueuePolicy /Hub/Rule']);
});

describe('a queue fails as target', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'in another partition',
      () => ruleTo(Queue.fromQueueArn(hub, 'Cn', 'arn:aws-cn:sqs:eu-west-1:333333333333:orders')),
      /'queue' must be in partition aws,/,
    ],
    [
      'in another region',
      () => ruleTo(queueIn(testStack('Far', { ...HUB, region: 'us-east-1' }, app))),
      /'queue' must be in region eu-west-1/,
    ],
    ['without a name in another account', () => ruleTo(new Queue(billing(), 'Queue')), /'queue' must have a name/],
    [
      'with the AWS managed key',
      () => ruleTo(queueIn(hub, { encryption: QueueEncryption.KMS_MANAGED })),
      /'queue' must not be encrypted with the AWS managed key/,
    ],
    [
      'with the AWS managed key in another account',
      () => ruleTo(queueIn(billing(), { encryption: QueueEncryption.KMS_MANAGED })),
      /'queue' must not be encrypted with the AWS managed key for a rule in another account/,
    ],
    [
      'as a FIFO queue without a message group',
      () => ruleTo(queueIn(hub, { queueName: 'q.fifo' })),
      /'messageGroupId' must be set/,
    ],
    [
      'as a FIFO queue without content-based deduplication',
      () => ruleTo(queueIn(hub, { queueName: 'q.fifo' }), { messageGroupId: 'all' }),
      /'queue' must have content-based deduplication/,
    ],
    [
      'with an empty message group',
      () => ruleTo(queueIn(hub), { messageGroupId: '' }),
      /'messageGroupId' must be 1 to 128/,
    ],
    [
      'with an execution role in the account of the rule',
      () => ruleTo(queueIn(hub), { executionRole: new Role(hub, 'Mine', { assumedBy: EVENTS }) }),
      /'executionRole' must not be set for a queue in the account of the rule/,
    ],
    [
      'with a role of another account',
      () => ruleTo(queueIn(billing()), { executionRole: new Role(billing(), 'Role', { assumedBy: EVENTS }) }),
      /'executionRole' must be a role of the rule's account/,
    ],
    [
      'in a stack without an account',
      () => ruleTo(queueIn(new Stack(app, 'Agnostic'))),
      /'queue' must be in a stack with an explicit account/,
    ],
    [
      'with a misspelled property',
      () => ruleTo(queueIn(hub), { messageGroupID: 'all' } as SqsEventTargetProps),
      /messageGroupId/,
    ],
  ])('%s', (_, use, message) => {
    expectError(use, message);
  });
});

test('a FIFO queue with content-based deduplication and a message group is a target', () => {
  ruleTo(queueIn(hub, { queueName: 'q.fifo', contentBasedDeduplication: true }), { messageGroupId: 'all' });
  expect(targetsOf(hub)).toMatchObject([{ SqsParameters: { MessageGroupId: 'all' } }]);
});

describeWithOracle('a queue gets the event, and no other principal sends to it', () => {
  const closed = (welcome: object[]) => [{ noProblems: true }, { strangers: true, queue: 'invoices', welcome }];

  test('in the account of the rule, from a custom bus and the default one', () => {
    const queue = queueIn(hub);
    ruleTo(queue);
    new Rule(hub, 'Default', { ruleName: 'default', eventPattern, targets: [new SqsEventTarget(queue)] });
    const targets = [{ id: 'T', arn: queue.queueArn }];
    new CfnRule(hub, 'Copy', { name: 'copy', eventBusName: bus.eventBusName, eventPattern, targets });
    expectAnswers(app, {
      questions: [
        ...closed([]),
        delivered('Rule'),
        delivered('default', 'allow', 'default'),
        delivered('copy', 'deny'),
      ],
    });
  });

  test('in another account, and not by a rule that uses the role of another one', () => {
    const encryptionMasterKey = new Key(billing(), 'Key');
    ruleTo(queueIn(billing(), { encryption: QueueEncryption.KMS, encryptionMasterKey }));
    const targets = [{ id: 'T', arn: QUEUE_ARN, roleArn: ruleRoleOf(hub).roleArn }];
    new CfnRule(hub, 'Copy', { name: 'copy', eventBusName: bus.eventBusName, eventPattern, targets });
    expectAnswers(app, {
      questions: [
        ...closed([{ principalArn: `arn:aws:iam::${HUB.account}:role/${roleName()}` }]),
        { strangers: true, role: ruleRoleOf(hub).node.path },
        delivered('Rule'),
        delivered('copy', 'deny'),
      ],
    });
  });

  test('imported, once its policy has the statement of the warning', () => {
    ruleTo(imported());
    const statement = statementIn(messagesOf(hub)[0]);
    const [without, complete] = [testApp(), testApp()];
    queueIn(testStack('Owner', BILLING, without));
    queueIn(testStack('Owner', BILLING, complete)).addToResourcePolicy(PolicyStatement.fromJson(statement));
    expectAnswers([app, without], { questions: [delivered('Rule', 'deny')] });
    expectAnswers([app, complete], { questions: [{ noProblems: true }, delivered('Rule')] });
  });
});
