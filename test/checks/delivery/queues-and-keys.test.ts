import { Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, LambdaEventTarget } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, testFunction } from '../../support/apps';
import { Asks, Faulty, deadLetters, delivered, faults } from '../../support/faults';
import {
  busArn,
  elsewhere,
  functionArn,
  inThreeAccounts,
  queueArn,
  rawBus,
  rawPermission,
  rawRule,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
const eventPattern = { source: ['com.shop'] };
const EVENTS = { Service: 'events.amazonaws.com' };

/** Leave to send to a queue or topic: for the rule alone, unless it says otherwise. */
const sends = (of: string, changed: object = {}, action = 'sqs:SendMessage') => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Events',
      Effect: 'Allow',
      Principal: EVENTS,
      Action: action,
      Resource: of,
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
      ...changed,
    },
  ],
});

function queue(stack: Stack, changed: object | null = {}, props: object = {}, id = 'Queue'): CfnQueue {
  const made = new CfnQueue(stack, id, { queueName: id.toLowerCase(), ...props });
  if (changed) {
    new CfnQueuePolicy(stack, `${id}Policy`, { queues: [made.ref], policyDocument: sends(made.attrArn, changed) });
  }
  return made;
}

const source = (arn: string) => ({ Condition: { ArnEquals: { 'aws:SourceArn': arn } } });
const account = (id: string) => ({
  Condition: { StringEquals: { 'aws:SourceAccount': id }, ArnLike: { 'aws:SourceArn': ruleArn('orders/*') } },
});

/** A rule with a queue as target. */
const toQueue = (changed?: object | null, props?: object) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub);
    rawRule(hub, { arn: queue(hub, changed, props).attrArn }, { eventBusName: 'orders' });
  });

const toTopic = (changed: object | null, kmsMasterKeyId?: (stack: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic', kmsMasterKeyId: kmsMasterKeyId?.(hub) });
    if (changed) {
      new CfnTopicPolicy(hub, 'Policy', {
        topics: [topic.ref],
        policyDocument: sends(topic.ref, changed, 'sns:Publish'),
      });
    }
    rawBus(hub);
    rawRule(hub, { arn: topic.ref }, { eventBusName: 'orders' });
  });

faults('a rule whose queue or topic refuses it', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a queue that lets in the rule': toQueue(),
    'a queue that lets in all rules of the bus': toQueue(account(HUB.account)),
    'a target of aws-cdk-lib': inThreeAccounts(
      ({ hub }) => new Rule(hub, 'Rule', { eventPattern, targets: [new SqsQueue(new Queue(hub, 'Queue'))] }),
    ),
    'a topic that lets in the rule': { app: toTopic({}), asks: 'nothing' },
  },
  faulty: {
    'a queue without policy': { at: '/Hub/Rule', app: toQueue(null) },
    'a queue for another rule': { at: '/Hub', app: toQueue(source(ruleArn('orders/other'))) },
    'a queue for a rule of that name on the default bus': {
      at: '/Hub',

      app: toQueue(source(ruleArn('rule'))),
    },
    'a queue for another account': { at: '/Hub', app: toQueue(account(elsewhere.account)) },
    'a queue for another service': {
      at: '/Hub',

      app: toQueue({ Principal: { Service: 'sns.amazonaws.com' } }),
    },
    'a queue for receivers': { at: '/Hub', app: toQueue({ Action: 'sqs:ReceiveMessage' }) },
    'a queue whose policy is about another queue': {
      at: '/Hub',

      app: toQueue({ Resource: queueArn('other') }),
    },
    'a topic without policy': { at: '/Hub/Rule', app: toTopic(null), asks: 'nothing' },
    'a topic for another rule': {
      at: '/Hub',

      app: toTopic(source(ruleArn('orders/other'))),
      asks: 'nothing',
    },
  },
});

/** A rule with a function that it may invoke, and a dead-letter queue. */
const ruleWith = (deadLetterArn: (stack: Stack) => string) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub);
    rawPermission(hub, 'handler', RULE).node.addDependency(testFunction(hub, 'Handler', { functionName: 'handler' }));
    rawRule(
      hub,
      { arn: functionArn('handler'), deadLetterConfig: { arn: deadLetterArn(hub) } },
      { eventBusName: 'orders' },
    );
  });

const busWith = (changed: object | null, props?: object) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub, 'Bus', 'orders', { deadLetterConfig: { arn: queue(hub, changed, props).attrArn } });
  });

const busLetters: Asks = (arrives) => [{ busDeadLetter: { bus: 'Hub/Bus' }, expect: arrives ? 'allow' : 'deny' }];
const letters = (deadLetterArn: (stack: Stack) => string): Faulty => ({
  at: '/Hub',

  app: ruleWith(deadLetterArn),
});
const busRow = (changed: object | null, props?: object): Faulty => ({
  at: '/Hub',

  app: busWith(changed, props),
  asks: busLetters,
});

faults('dead letters that get lost', {
  finds: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
  level: 'error',
  asks: deadLetters('Hub/Rule'),
  healthy: {
    'a queue that lets in the rule': ruleWith((hub) => queue(hub).attrArn),
    'a queue that lets in all rules of the account': ruleWith((hub) => queue(hub, account(HUB.account)).attrArn),
    'a bus whose queue lets it in': { app: busWith(source(busArn())), asks: busLetters },
    'a bus of this library': {
      app: inThreeAccounts(
        ({ hub }) =>
          new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', deadLetterQueue: new Queue(hub, 'Queue') }),
      ),
      asks: busLetters,
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
    'a queue without policy': letters((hub) => queue(hub, null).attrArn),
    'a queue for another rule': letters((hub) => queue(hub, source(ruleArn('orders/other'))).attrArn),
    'a queue for the bus instead of the rule': letters((hub) => queue(hub, source(busArn())).attrArn),
    'a queue for another action': letters((hub) => queue(hub, { Action: 'sqs:GetQueueUrl' }).attrArn),
    'a queue that denies what is not encrypted on the way and everything else': letters(
      (hub) => queue(hub, { Effect: 'Deny' }).attrArn,
    ),
    'a FIFO queue': letters((hub) => queue(hub, {}, { queueName: 'queue.fifo', fifoQueue: true }).attrArn),
    'a queue in another region': {
      ...letters(() => `arn:aws:sqs:us-east-1:${HUB.account}:letters`),
      asks: 'nothing',
    },
    'a bus whose queue has no policy': busRow(null),
    'a bus whose queue lets in another bus': busRow(source(busArn('audit'))),
    'a bus whose queue lets in rules': busRow(source(ruleArn('orders/*'))),
    'a bus with a FIFO queue': busRow(source(busArn()), { queueName: 'queue.fifo', fifoQueue: true }),
    'a bus of aws-cdk-lib': {
      at: '/Hub',

      app: inThreeAccounts(
        ({ hub }) => new EventBus(hub, 'Bus', { eventBusName: 'orders', deadLetterQueue: new Queue(hub, 'Queue') }),
      ),
      asks: busLetters,
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

/** A key that its account manages, with statements besides. */
function key(stack: Stack, ...statements: object[]): CfnKey {
  const admin = { Sid: 'Admin', Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*', Resource: '*' };
  return new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [admin, ...statements] } });
}

const uses = (changed: object = {}) => ({
  Sid: 'Events',
  Effect: 'Allow',
  Principal: EVENTS,
  Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
  Resource: '*',
  ...changed,
});

/** A bus with a key, and a rule on it whose function lets it in. */
const encryptedBus = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: key(hub, ...statements).attrArn });
    queue(hub);
    rawRule(hub, { arn: queueArn('queue') }, { eventBusName: 'orders' });
  });

const encryptedQueue = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub);
    rawRule(
      hub,
      { arn: queue(hub, {}, { kmsMasterKeyId: key(hub, ...statements).attrArn }).attrArn },
      { eventBusName: 'orders' },
    );
  });

/** Two rules, each with a queue that lets it in, and one key. */
const twoQueues = (...statements: object[]) =>
  inThreeAccounts(({ hub }) => {
    rawBus(hub);
    const kmsMasterKeyId = key(hub, ...statements).attrArn;
    rawRule(hub, { arn: queue(hub, {}, { kmsMasterKeyId }).attrArn }, { eventBusName: 'orders' });
    rawRule(
      hub,
      { arn: queue(hub, source(ruleArn('orders/second')), { kmsMasterKeyId }, 'Other').attrArn },
      { eventBusName: 'orders' },
      'Second',
    );
  });
const ofTopic = (name: string) => ({
  Condition: {
    StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': `arn:aws:sns:eu-west-1:${HUB.account}:${name}` },
  },
});
const ofQueue = (name: string) => ({
  Condition: { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': queueArn(name) } },
});

const encryptedLetters = (...statements: object[]) =>
  ruleWith((hub) => queue(hub, {}, { kmsMasterKeyId: key(hub, ...statements).attrArn }).attrArn);

faults('a key that does not let EventBridge in', {
  finds: FindingId.KMS_KEY_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a bus whose key lets it in': encryptedBus(uses()),
    'a bus whose key lets in this bus alone': encryptedBus(
      uses({ Action: 'kms:DescribeKey' }),
      uses({
        Condition: {
          StringEquals: {
            'aws:SourceAccount': HUB.account,
            'aws:SourceArn': busArn(),
            'kms:EncryptionContext:aws:events:event-bus:arn': busArn(),
          },
        },
      }),
    ),
    'a queue whose key lets it in': encryptedQueue(uses()),
    'a queue whose key lets in all services': encryptedQueue(uses({ Action: 'kms:*' })),
    'a queue whose key lets its account in': encryptedQueue(
      uses({ Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    ),
    'a queue whose key lets in this rule for this queue alone': encryptedQueue(
      uses({ Condition: { ArnEquals: { 'aws:SourceArn': RULE }, ...ofQueue('queue').Condition } }),
    ),
    'two queues whose key lets in each rule by itself': {
      app: twoQueues(
        uses({ Condition: { ArnEquals: { 'aws:SourceArn': RULE } } }),
        uses({ Sid: 'Second', Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('orders/second') } } }),
      ),
      asks: (arrives) => [...delivered('Hub/Rule')(arrives), ...delivered('Hub/Second')(arrives)],
    },
    'a topic whose key lets it in': { app: toTopic({}, (hub) => key(hub, uses()).attrArn), asks: 'nothing' },
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
    'a topic whose key lets it in for this topic alone': {
      app: toTopic({}, (hub) => key(hub, uses(ofTopic('topic'))).ref),
      asks: 'nothing',
    },
    'a dead-letter queue whose key lets it in': { app: encryptedLetters(uses()), asks: deadLetters('Hub/Rule') },
    'a queue with keys of SQS': toQueue({}, { sqsManagedSseEnabled: true }),
    'a bus of this library with its key': {
      app: inThreeAccounts(
        ({ hub }) => new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey: new Key(hub, 'Key') }),
      ),
      asks: 'nothing',
    },
  },
  faulty: {
    'a bus whose key lets in its account alone': { at: '/Hub', app: encryptedBus() },
    'a bus whose key lets in another bus': {
      at: '/Hub',

      app: encryptedBus(
        uses({ Condition: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn('audit') } } }),
      ),
    },
    'a bus whose key lets it decrypt alone': {
      at: '/Hub',

      app: encryptedBus(uses({ Action: 'kms:Decrypt' })),
    },
    'a bus whose key lets in another service': {
      at: '/Hub',

      app: encryptedBus(uses({ Principal: { Service: 'sns.amazonaws.com' } })),
    },
    'a bus of aws-cdk-lib': {
      at: '/Hub',

      app: inThreeAccounts(({ hub }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey: new Key(hub, 'Key') });
        (hub.node.findChild('Key').node.defaultChild as CfnKey).addPropertyOverride('KeyPolicy.Statement', [
          uses({ Sid: 'Admin', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*' }),
        ]);
        (bus.node.defaultChild as CfnEventBus).addPropertyOverride('Description', 'encrypted');
      }),
      asks: 'nothing',
    },
    'a queue whose key lets in its account alone': { at: '/Hub', app: encryptedQueue() },
    'a queue whose key lets it encrypt, but not decrypt': {
      at: '/Hub',

      app: encryptedQueue(uses({ Action: 'kms:GenerateDataKey' })),
    },
    'a queue whose key lets in another account': {
      at: '/Hub',

      app: encryptedQueue(uses({ Condition: { StringEquals: { 'aws:SourceAccount': CONSUMER.account } } })),
    },
    'two queues whose key lets in the first rule alone': {
      at: '/Hub/Key',

      app: twoQueues(uses({ Condition: { ArnEquals: { 'aws:SourceArn': RULE } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key lets in rules, but not for the second queue': {
      at: '/Hub/Key',

      app: twoQueues(uses(), uses({ Sid: 'Not', Effect: 'Deny', ...ofQueue('other') })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key lets in the first rule by letters of its name': {
      at: '/Hub/Key',

      app: twoQueues(uses({ Condition: { StringLike: { 'aws:SourceArn': '*rule' } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key lets in rules of another name': {
      at: '/Hub/Key',

      app: twoQueues(uses({ Condition: { ArnLike: { 'aws:SourceArn': [RULE, 'arn:*:events:*:*:*any*'] } } })),
      asks: delivered('Hub/Second'),
    },
    'two queues whose key lets in all rules but one': {
      at: '/Hub/Key',

      app: twoQueues(uses({ Condition: { ArnNotEquals: { 'aws:SourceArn': ruleArn('orders/second') } } })),
      asks: delivered('Hub/Second'),
    },
    'a topic whose key lets in its account alone': {
      at: '/Hub/Key',

      app: toTopic({}, (hub) => key(hub).attrArn),
      asks: 'nothing',
    },
    'a topic whose key lets it in for another topic': {
      at: '/Hub/Key',

      app: toTopic({}, (hub) => key(hub, uses(ofTopic('other'))).attrArn),
      asks: 'nothing',
    },
    'a topic whose key lets it in for queues': {
      at: '/Hub/Key',

      app: toTopic({}, (hub) => key(hub, uses(ofQueue('topic'))).attrArn),
      asks: 'nothing',
    },
    'a topic with the key of a queue, which lets EventBridge in for queues alone': {
      at: '/Hub/Key',

      app: inThreeAccounts(({ hub }) => {
        rawBus(hub);
        const kmsMasterKeyId = key(
          hub,
          uses({ Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } } }),
        ).attrArn;
        const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic', kmsMasterKeyId });
        new CfnTopicPolicy(hub, 'TopicPolicy', {
          topics: [topic.ref],
          policyDocument: sends(topic.ref, {}, 'sns:Publish'),
        });
        const targets = [
          { id: 'Q', arn: queue(hub, {}, { kmsMasterKeyId }).attrArn },
          { id: 'T', arn: topic.ref },
        ];
        rawRule(hub, undefined, { eventBusName: 'orders', targets });
      }),
      asks: 'nothing',
    },
    'a topic with the key that AWS manages': {
      at: '/Hub/Topic',

      app: toTopic({}, () => 'alias/aws/sns'),
      asks: 'nothing',
    },
    'a queue with the key that AWS manages': {
      at: '/Hub',

      app: toQueue({}, { kmsMasterKeyId: 'alias/aws/sqs' }),
    },
    'a dead-letter queue whose key lets in its account alone': {
      at: '/Hub',

      app: encryptedLetters(),
      asks: deadLetters('Hub/Rule'),
    },
    'a dead-letter queue with the key that AWS manages': {
      at: '/Hub',

      app: ruleWith((hub) => queue(hub, {}, { kmsMasterKeyId: 'alias/aws/sqs' }).attrArn),
      asks: deadLetters('Hub/Rule'),
    },
    'a bus whose dead-letter queue has such a key': {
      at: '/Hub',

      app: inThreeAccounts(({ hub }) =>
        rawBus(hub, 'Bus', 'orders', {
          deadLetterConfig: { arn: queue(hub, source(busArn()), { kmsMasterKeyId: key(hub).attrArn }).attrArn },
        }),
      ),
      asks: busLetters,
    },
  },
});
