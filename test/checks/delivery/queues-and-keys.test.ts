import { CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnKey, CfnReplicaKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, LambdaEventTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, testFunction } from '../../support/apps';
import { OracleQuestions, Faulty, deadLetters, delivered, faults } from '../../support/faults';
import {
  busArn,
  PARTNER,
  functionArn,
  inThreeAccounts,
  queueArn,
  cfnEventBus,
  cfnPermission,
  cfnRule,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const IMPORTED_KEY = '1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f';
const RULE = ruleArn('orders/rule');
const eventPattern = { source: ['com.shop'] };
const EVENTS = { Service: 'events.amazonaws.com' };

/** A policy that allows EventBridge to send to a queue or topic, by default only for the rule. */
const sendPolicy = (resource: string, overrides: object = {}, action = 'sqs:SendMessage') => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Events',
      Effect: 'Allow',
      Principal: EVENTS,
      Action: action,
      Resource: resource,
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
      ...overrides,
    },
  ],
});

function queue(stack: Stack, overrides: object | null = {}, props: object = {}, id = 'Queue'): CfnQueue {
  const cfnQueue = new CfnQueue(stack, id, { queueName: id.toLowerCase(), ...props });
  if (overrides) {
    new CfnQueuePolicy(stack, `${id}Policy`, {
      queues: [cfnQueue.ref],
      policyDocument: sendPolicy(cfnQueue.attrArn, overrides),
    });
  }
  return cfnQueue;
}

const source = (arn: string) => ({ Condition: { ArnEquals: { 'aws:SourceArn': arn } } });
const account = (id: string) => ({
  Condition: { StringEquals: { 'aws:SourceAccount': id }, ArnLike: { 'aws:SourceArn': ruleArn('orders/*') } },
});

/** A rule with a queue as target. */
const toQueue = (overrides?: object | null, props?: object) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnRule(hub, { arn: queue(hub, overrides, props).attrArn }, { eventBusName: 'orders' });
  });

const toTopic = (overrides: object | null, kmsMasterKeyId?: (stack: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic', kmsMasterKeyId: kmsMasterKeyId?.(hub) });
    if (overrides) {
      new CfnTopicPolicy(hub, 'Policy', {
        topics: [topic.ref],
        policyDocument: sendPolicy(topic.ref, overrides, 'sns:Publish'),
      });
    }
    cfnEventBus(hub);
    cfnRule(hub, { arn: topic.ref }, { eventBusName: 'orders' });
  });

faults('a rule whose target queue or topic does not allow it', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a queue that allows the rule': toQueue(),
    'a queue that allows all rules of the bus': toQueue(account(HUB.account)),
    'a target of aws-cdk-lib': inThreeAccounts(
      ({ hub }) => new Rule(hub, 'Rule', { eventPattern, targets: [new SqsQueue(new Queue(hub, 'Queue'))] }),
    ),
    'a topic that allows the rule': { app: toTopic({}), asks: 'nothing' },
  },
  faulty: {
    'a queue without policy': { at: '/Hub/Rule', app: toQueue(null) },
    'a queue that allows another rule': { at: '/Hub', app: toQueue(source(ruleArn('orders/other'))) },
    'a queue that allows a rule with that name on the default bus': {
      at: '/Hub',
      app: toQueue(source(ruleArn('rule'))),
    },
    'a queue that allows another account': { at: '/Hub', app: toQueue(account(PARTNER.account)) },
    'a queue that allows another service': {
      at: '/Hub',
      app: toQueue({ Principal: { Service: 'sns.amazonaws.com' } }),
    },
    'a queue that allows only receiving': { at: '/Hub', app: toQueue({ Action: 'sqs:ReceiveMessage' }) },
    'a queue whose policy names another queue as resource': {
      at: '/Hub',
      app: toQueue({ Resource: queueArn('other') }),
    },
    'a topic without policy': { at: '/Hub/Rule', app: toTopic(null), asks: 'nothing' },
    'a topic that allows another rule': {
      at: '/Hub',
      app: toTopic(source(ruleArn('orders/other'))),
      asks: 'nothing',
    },
  },
});

/** A rule that is allowed to invoke its target function, and has a dead-letter queue. */
const ruleWith = (deadLetterArn: (stack: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnPermission(hub, 'handler', RULE).node.addDependency(testFunction(hub, 'Handler', { functionName: 'handler' }));
    cfnRule(
      hub,
      { arn: functionArn('handler'), deadLetterConfig: { arn: deadLetterArn(hub) } },
      { eventBusName: 'orders' },
    );
  });

const busWith = (overrides: object | null, props?: object) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub, 'Bus', 'orders', { deadLetterConfig: { arn: queue(hub, overrides, props).attrArn } });
  });

const busDeadLetters: OracleQuestions = (arrives) => [
  { busDeadLetter: { bus: 'Hub/Bus' }, expect: arrives ? 'allow' : 'deny' },
];
const ruleRow = (deadLetterArn: (stack: Stack) => string): Faulty => ({
  at: '/Hub',
  app: ruleWith(deadLetterArn),
});
const busRow = (overrides: object | null, props?: object): Faulty => ({
  at: '/Hub',
  app: busWith(overrides, props),
  asks: busDeadLetters,
});

faults('a dead-letter queue that EventBridge cannot send to', {
  finds: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
  level: 'error',
  asks: deadLetters('Hub/Rule'),
  healthy: {
    'a queue that allows the rule': ruleWith((hub) => queue(hub).attrArn),
    'a queue that allows all rules in the account': ruleWith((hub) => queue(hub, account(HUB.account)).attrArn),
    'a bus whose queue allows it': { app: busWith(source(busArn())), asks: busDeadLetters },
    'a bus of this library': {
      app: inThreeAccounts(
        ({ hub }) =>
          new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', deadLetterQueue: new Queue(hub, 'Queue') }),
      ),
      asks: busDeadLetters,
    },
    'a target of this library': {
      app: inThreeAccounts(
        ({ hub }) =>
          new Rule(hub, 'Rule', {
            eventPattern,
            targets: [
              new LambdaEventTarget(testFunction(hub, 'Handler'), {
                deadLetterQueue: new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS }),
              }),
            ],
          }),
      ),
      asks: deadLetters('Hub/Rule', 'Target0'),
    },
  },
  faulty: {
    'a queue without policy': ruleRow((hub) => queue(hub, null).attrArn),
    'a queue that allows another rule': ruleRow((hub) => queue(hub, source(ruleArn('orders/other'))).attrArn),
    'a queue that allows the bus instead of the rule': ruleRow((hub) => queue(hub, source(busArn())).attrArn),
    'a queue that allows another action': ruleRow((hub) => queue(hub, { Action: 'sqs:GetQueueUrl' }).attrArn),
    'a queue that denies all calls': ruleRow((hub) => queue(hub, { Effect: 'Deny' }).attrArn),
    'a FIFO queue': ruleRow((hub) => queue(hub, {}, { queueName: 'queue.fifo', fifoQueue: true }).attrArn),
    'a queue in another region': {
      ...ruleRow(() => `arn:aws:sqs:us-east-1:${HUB.account}:letters`),
      asks: 'nothing',
    },
    'a bus whose queue has no policy': busRow(null),
    'a bus whose queue allows another bus': busRow(source(busArn('audit'))),
    'a bus whose queue allows rules': busRow(source(ruleArn('orders/*'))),
    'a bus with a FIFO queue': busRow(source(busArn()), { queueName: 'queue.fifo', fifoQueue: true }),
    'a bus of aws-cdk-lib': {
      at: '/Hub',
      app: inThreeAccounts(
        ({ hub }) => new EventBus(hub, 'Bus', { eventBusName: 'orders', deadLetterQueue: new Queue(hub, 'Queue') }),
      ),
      asks: busDeadLetters,
    },
    'a target of this library whose policy was overridden': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) => {
        const deadLetterQueue = new Queue(hub, 'Queue');
        new Rule(hub, 'Rule', {
          eventPattern,
          targets: [new LambdaEventTarget(testFunction(hub, 'Handler'), { deadLetterQueue })],
        });
        const policy = hub.node.findAll().find((c): c is CfnQueuePolicy => c instanceof CfnQueuePolicy)!;
        policy.addPropertyOverride('PolicyDocument.Statement.0.Condition', {
          ArnEquals: { 'aws:SourceArn': ruleArn('other') },
          ArnLike: { 'aws:SourceArn': ruleArn('other') },
        });
      }),
      asks: deadLetters('Hub/Rule', 'Target0'),
    },
  },
});

/** A key that its account manages, with further statements. */
function key(stack: Stack, ...statements: object[]): CfnKey {
  const admin = { Sid: 'Admin', Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*', Resource: '*' };
  return new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [admin, ...statements] } });
}

const keyStatement = (overrides: object = {}) => ({
  Sid: 'Events',
  Effect: 'Allow',
  Principal: EVENTS,
  Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
  Resource: '*',
  ...overrides,
});

/** A bus with a key, and a rule with a queue that allows it. */
const encryptedBus = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: key(hub, ...statements).attrArn });
    queue(hub);
    cfnRule(hub, { arn: queueArn('queue') }, { eventBusName: 'orders' });
  });

const encryptedQueue = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnRule(
      hub,
      { arn: queue(hub, {}, { kmsMasterKeyId: key(hub, ...statements).attrArn }).attrArn },
      { eventBusName: 'orders' },
    );
  });

/** Two rules, each with a queue that allows it, and one key for both queues. */
const twoQueues = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    const kmsMasterKeyId = key(hub, ...statements).attrArn;
    cfnRule(hub, { arn: queue(hub, {}, { kmsMasterKeyId }).attrArn }, { eventBusName: 'orders' });
    cfnRule(
      hub,
      { arn: queue(hub, source(ruleArn('orders/second')), { kmsMasterKeyId }, 'Other').attrArn },
      { eventBusName: 'orders' },
      'Second',
    );
  });
const forTopic = (name: string) => ({
  Condition: {
    StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': `arn:aws:sns:eu-west-1:${HUB.account}:${name}` },
  },
});
const forQueue = (name: string) => ({
  Condition: { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': queueArn(name) } },
});

const encryptedLetters = (...statements: object[]) =>
  ruleWith((hub) => queue(hub, {}, { kmsMasterKeyId: key(hub, ...statements).attrArn }).attrArn);

/** A bus with a key, and a rule with a queue that allows it. */
const busWithKey = (makeKey: (stack: Stack) => CfnKey | CfnReplicaKey) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: makeKey(hub).attrArn });
    queue(hub);
    cfnRule(hub, { arn: queueArn('queue') }, { eventBusName: 'orders' });
  });

const allowingPolicy = { Version: '2012-10-17', Statement: [keyStatement()] };

const primaryKey =
  (enabled?: boolean | string) =>
  (stack: Stack): CfnKey => {
    const cfnKey = new CfnKey(stack, 'Key', { keyPolicy: allowingPolicy });
    cfnKey.addPropertyOverride('Enabled', enabled);
    return cfnKey;
  };

const replicaKey =
  (enabled?: boolean, keyPolicy: object = allowingPolicy) =>
  (stack: Stack): CfnReplicaKey =>
    new CfnReplicaKey(stack, 'Replica', { primaryKeyArn: PRIMARY_KEY, keyPolicy, enabled });

const PRIMARY_KEY = `arn:aws:kms:us-east-1:${HUB.account}:key/mrk-1a2b3c4d1a2b1a2b1a2b1a2b3c4d5e6f`;

// Without questions to the oracle, which knows neither.
faults('a key that is disabled, or a replica', {
  finds: FindingId.KMS_KEY_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a key that is enabled': busWithKey(primaryKey(true)),
    'a replica that allows EventBridge': busWithKey(replicaKey()),
    'a key that a parameter enables': inThreeAccounts(({ hub }) => {
      const cfnKey = primaryKey()(hub);
      cfnKey.addPropertyOverride('Enabled', { Ref: new CfnParameter(hub, 'Enabled').logicalId });
      cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: cfnKey.attrArn });
    }),
  },
  faulty: {
    'a disabled key of a bus': { at: '/Hub/Key', app: busWithKey(primaryKey(false)) },
    'a disabled key of a bus, as text': { at: '/Hub/Key', app: busWithKey(primaryKey('false')) },
    'a disabled replica': { at: '/Hub/Replica', app: busWithKey(replicaKey(false)) },
    'a replica whose policy does not allow EventBridge': {
      at: '/Hub/Replica',
      app: busWithKey(replicaKey(true, { Version: '2012-10-17', Statement: [] })),
    },
    'a disabled key of a queue': {
      at: '/Hub/Key',
      app: inThreeAccounts(({ hub }) => {
        cfnEventBus(hub);
        const kmsMasterKeyId = primaryKey(false)(hub).attrArn;
        cfnRule(hub, { arn: queue(hub, {}, { kmsMasterKeyId }).attrArn }, { eventBusName: 'orders' });
      }),
    },
  },
});

faults('a key that EventBridge is not allowed to use', {
  finds: FindingId.KMS_KEY_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a bus whose key allows EventBridge': encryptedBus(keyStatement()),
    'a bus whose key allows only this bus': encryptedBus(
      keyStatement({ Action: 'kms:DescribeKey' }),
      keyStatement({
        Condition: {
          StringEquals: {
            'aws:SourceAccount': HUB.account,
            'aws:SourceArn': busArn(),
            'kms:EncryptionContext:aws:events:event-bus:arn': busArn(),
          },
        },
      }),
    ),
    'a queue whose key allows EventBridge': encryptedQueue(keyStatement()),
    'a queue whose key allows all actions': encryptedQueue(keyStatement({ Action: 'kms:*' })),
    'a queue whose key allows rules in its account': encryptedQueue(
      keyStatement({ Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    ),
    'a queue whose key allows only this rule and this queue': encryptedQueue(
      keyStatement({ Condition: { ArnEquals: { 'aws:SourceArn': RULE }, ...forQueue('queue').Condition } }),
    ),
    'two queues whose key allows each rule separately': {
      app: twoQueues(
        keyStatement({ Condition: { ArnEquals: { 'aws:SourceArn': RULE } } }),
        keyStatement({ Sid: 'Second', Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('orders/second') } } }),
      ),
      asks: (arrives) => [...delivered('Hub/Rule')(arrives), ...delivered('Hub/Second')(arrives)],
    },
    'a topic whose key allows EventBridge': {
      app: toTopic({}, (hub) => key(hub, keyStatement()).attrArn),
      asks: 'nothing',
    },
    'a topic of aws-cdk-lib with its key': {
      app: inThreeAccounts(
        ({ hub }) =>
          new Rule(hub, 'Rule', {
            eventPattern,
            targets: [new SnsTopic(new Topic(hub, 'Topic', { masterKey: new Key(hub, 'Key') }))],
          }),
      ),
      asks: 'nothing',
    },
    'a topic whose key allows only this topic': {
      app: toTopic({}, (hub) => key(hub, keyStatement(forTopic('topic'))).ref),
      asks: 'nothing',
    },
    'a dead-letter queue whose key allows EventBridge': {
      app: encryptedLetters(keyStatement()),
      asks: deadLetters('Hub/Rule'),
    },
    'a queue with SSE-SQS': toQueue({}, { sqsManagedSseEnabled: true }),
    'a bus of this library with its key': {
      app: inThreeAccounts(
        ({ hub }) => new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey: new Key(hub, 'Key') }),
      ),
      asks: 'nothing',
    },
  },
  faulty: {
    'a bus whose key allows only its account': { at: '/Hub', app: encryptedBus() },
    'a bus whose key allows another bus': {
      at: '/Hub',
      app: encryptedBus(
        keyStatement({
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn('audit') } },
        }),
      ),
    },
    'a bus whose key allows only kms:Decrypt': {
      at: '/Hub',
      app: encryptedBus(keyStatement({ Action: 'kms:Decrypt' })),
    },
    'a bus whose key allows another service': {
      at: '/Hub',
      app: encryptedBus(keyStatement({ Principal: { Service: 'sns.amazonaws.com' } })),
    },
    'a bus of aws-cdk-lib': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey: new Key(hub, 'Key') });
        (hub.node.findChild('Key').node.defaultChild as CfnKey).addPropertyOverride('KeyPolicy.Statement', [
          keyStatement({ Sid: 'Admin', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*' }),
        ]);
        (bus.node.defaultChild as CfnEventBus).addPropertyOverride('Description', 'encrypted');
      }),
      asks: 'nothing',
    },
    'a queue whose key allows only its account': { at: '/Hub', app: encryptedQueue() },
    'a queue whose key allows only kms:GenerateDataKey': {
      at: '/Hub',
      app: encryptedQueue(keyStatement({ Action: 'kms:GenerateDataKey' })),
    },
    'a queue whose key allows another account': {
      at: '/Hub',
      app: encryptedQueue(keyStatement({ Condition: { StringEquals: { 'aws:SourceAccount': BILLING.account } } })),
    },
    'two queues whose key allows only the first rule': {
      at: '/Hub/Key',
      app: twoQueues(keyStatement({ Condition: { ArnEquals: { 'aws:SourceArn': RULE } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key denies the second queue': {
      at: '/Hub/Key',
      app: twoQueues(keyStatement(), keyStatement({ Sid: 'Not', Effect: 'Deny', ...forQueue('other') })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key allows rules by the end of their name': {
      at: '/Hub/Key',
      app: twoQueues(keyStatement({ Condition: { StringLike: { 'aws:SourceArn': '*rule' } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key allows the first rule and rules with another name': {
      at: '/Hub/Key',
      app: twoQueues(keyStatement({ Condition: { ArnLike: { 'aws:SourceArn': [RULE, 'arn:*:events:*:*:*any*'] } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key allows all rules but one': {
      at: '/Hub/Key',
      app: twoQueues(keyStatement({ Condition: { ArnNotEquals: { 'aws:SourceArn': ruleArn('orders/second') } } })),
      asks: delivered('Hub/Second'),
    },
    'a topic whose key allows only its account': {
      at: '/Hub/Key',
      app: toTopic({}, (hub) => key(hub).attrArn),
      asks: 'nothing',
    },
    'a topic whose key allows another topic': {
      at: '/Hub/Key',
      app: toTopic({}, (hub) => key(hub, keyStatement(forTopic('other'))).attrArn),
      asks: 'nothing',
    },
    'a topic whose key allows queues': {
      at: '/Hub/Key',
      app: toTopic({}, (hub) => key(hub, keyStatement(forQueue('topic'))).attrArn),
      asks: 'nothing',
    },
    'a topic with the key of a queue, which allows EventBridge only for queues': {
      at: '/Hub/Key',
      app: inThreeAccounts(({ hub }) => {
        cfnEventBus(hub);
        const kmsMasterKeyId = key(
          hub,
          keyStatement({ Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } } }),
        ).attrArn;
        const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic', kmsMasterKeyId });
        new CfnTopicPolicy(hub, 'TopicPolicy', {
          topics: [topic.ref],
          policyDocument: sendPolicy(topic.ref, {}, 'sns:Publish'),
        });
        const targets = [
          { id: 'Q', arn: queue(hub, {}, { kmsMasterKeyId }).attrArn },
          { id: 'T', arn: topic.ref },
        ];
        cfnRule(hub, undefined, { eventBusName: 'orders', targets });
      }),
      asks: 'nothing',
    },
    'a topic with the AWS managed key': {
      at: '/Hub/Topic',
      app: toTopic({}, () => 'alias/aws/sns'),
      asks: 'nothing',
    },
    'a queue with the AWS managed key': {
      at: '/Hub',
      app: toQueue({}, { kmsMasterKeyId: 'alias/aws/sqs' }),
    },
    'a dead-letter queue whose key allows only its account': {
      at: '/Hub',
      app: encryptedLetters(),
      asks: deadLetters('Hub/Rule'),
    },
    'a dead-letter queue with the AWS managed key': {
      at: '/Hub',
      app: ruleWith((hub) => queue(hub, {}, { kmsMasterKeyId: 'alias/aws/sqs' }).attrArn),
      asks: deadLetters('Hub/Rule'),
    },
    'a bus whose dead-letter queue has a key that allows only its account': {
      at: '/Hub',
      app: inThreeAccounts(({ hub }) =>
        cfnEventBus(hub, 'Bus', 'orders', {
          deadLetterConfig: { arn: queue(hub, source(busArn()), { kmsMasterKeyId: key(hub).attrArn }).attrArn },
        }),
      ),
      asks: busDeadLetters,
    },
  },
});

const parameter = (stack: Stack) => new CfnParameter(stack, 'Parameter', { default: 'x' }).valueAsString;
const keyArn = (id: string) => `arn:aws:kms:eu-west-1:${HUB.account}:key/${id}`;
const fromParameter = (hub: Stack) => keyStatement({ Condition: { ArnEquals: { 'aws:SourceArn': parameter(hub) } } });

faults('a queue or key that is not defined in this app, or whose policy is known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {},
  faulty: {
    'a dead-letter queue from a parameter': { at: '/Hub/Rule', app: ruleWith(parameter) },
    'a dead-letter queue whose policy has a parameter': {
      at: '/Hub/Rule',
      app: ruleWith((hub) => queue(hub, source(parameter(hub))).attrArn),
    },
    'a dead-letter queue of another app': {
      finds: FindingId.MANUALLY_ADD_QUEUE_POLICY,
      at: '/Hub/Rule',
      app: ruleWith(() => queueArn('imported')),
    },
    'the key of a bus whose policy has a parameter': {
      at: '/Hub/Key',
      app: inThreeAccounts(({ hub }) =>
        cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: key(hub, fromParameter(hub)).attrArn }),
      ),
    },
    'the key of a queue whose policy has a parameter': {
      at: '/Hub/Key',
      app: inThreeAccounts(({ hub }) => {
        const kmsMasterKeyId = key(hub, fromParameter(hub)).attrArn;
        cfnRule(hub, { arn: queue(hub, source(ruleArn('rule')), { kmsMasterKeyId }).attrArn });
      }),
    },
    'the key of a bus in another app': {
      finds: FindingId.MANUALLY_ADD_KEY_POLICY,
      at: '/Hub/Bus',
      app: inThreeAccounts(({ hub }) => cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: keyArn(IMPORTED_KEY) })),
    },
    'the key of a queue in another app': {
      finds: FindingId.MANUALLY_ADD_KEY_POLICY,
      at: '/Hub/Rule',
      app: toQueue({}, { kmsMasterKeyId: keyArn(IMPORTED_KEY) }),
    },
    'the key of a queue in another app, for the role of a rule': {
      finds: FindingId.MANUALLY_ADD_KEY_POLICY,
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const { attrArn: arn } = queue(hub, null, { kmsMasterKeyId: keyArn(IMPORTED_KEY) });
        cfnRule(hub, { arn, roleArn: executionRole(hub, ruleArn('rule'), arn, 'sqs:SendMessage').roleArn });
      }),
    },
  },
});
