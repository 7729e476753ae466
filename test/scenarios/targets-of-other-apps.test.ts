import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AccountRootPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  ApiGatewayEventTarget,
  CrossAccountApiPermission,
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountInvokePermission,
  CrossAccountPermissionProps,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
  KinesisEventTarget,
  LambdaEventTarget,
  SnsEventTarget,
  SqsEventTarget,
} from '../../src';
import { BILLING, HUB, SHOP, testFunction } from '../support/apps';
import { expectMessage } from '../support/messages';
import { RULE } from '../support/role-targets';
import { SeparateApps, WAYS, Way, findingsAmong, messagesAmong } from '../support/separate-apps';
import { cfnRule, executionRole } from '../support/three-accounts';
import { arnOf } from '../support/three-repositories';

/** The publishers of a permission; undefined for no permission. */
type Allowed = EventPublisher | undefined;

interface Kind {
  readonly target: (stack: Stack) => IRuleTarget;
  /** Defines the resource with a name, and its permission. */
  readonly define: (stack: Stack, name: string, allowed: Allowed, key?: Key) => void;
}

const props = (allowed: EventPublisher): CrossAccountPermissionProps => ({ publishers: [allowed] });

function apiOf(stack: Stack, id: string, authorizationType = AuthorizationType.IAM, path = 'orders'): RestApi {
  const api = new RestApi(stack, id, { cloudWatchRole: false, defaultMethodOptions: { authorizationType } });
  api.root.addResource(path).addMethod('POST');
  return api;
}

const KINDS: { readonly [kind: string]: Kind } = {
  bus: {
    target: (stack) =>
      new CrossAccountEventBusTarget(
        EventBus.fromEventBusArn(stack, 'To', arnOf('events', BILLING, 'event-bus/inbox')),
      ),
    define: (stack, eventBusName, allowed) => {
      const bus = new CrossAccountEventBus(stack, 'Target', { eventBusName });
      if (allowed) bus.allowPublisher(allowed);
    },
  },
  function: {
    target: (stack) =>
      new LambdaEventTarget(Function.fromFunctionArn(stack, 'To', arnOf('lambda', BILLING, 'function:inbox'))),
    define: (stack, functionName, allowed) => {
      const handler = testFunction(stack, 'Target', { functionName });
      if (allowed) new CrossAccountInvokePermission(stack, 'Allow', { handler, ...props(allowed) });
    },
  },
  queue: {
    target: (stack) => new SqsEventTarget(Queue.fromQueueArn(stack, 'To', arnOf('sqs', BILLING, 'inbox'))),
    define: (stack, queueName, allowed, encryptionMasterKey) => {
      const encryption = encryptionMasterKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED;
      const queue = new Queue(stack, 'Target', { queueName, encryption, encryptionMasterKey });
      if (allowed) new CrossAccountQueuePermission(stack, 'Allow', { queue, ...props(allowed) });
    },
  },
  topic: {
    target: (stack) => new SnsEventTarget(Topic.fromTopicArn(stack, 'To', arnOf('sns', BILLING, 'inbox'))),
    define: (stack, topicName, allowed, masterKey) => {
      const topic = new Topic(stack, 'Target', { topicName, masterKey });
      if (allowed) new CrossAccountTopicPermission(stack, 'Allow', { topic, ...props(allowed) });
    },
  },
  stream: {
    target: (stack) =>
      new KinesisEventTarget(Stream.fromStreamArn(stack, 'To', arnOf('kinesis', BILLING, 'stream/inbox')), {
        partitionKeyPath: '$.id',
      }),
    define: (stack, streamName, allowed, encryptionKey) => {
      const encryption = encryptionKey ? StreamEncryption.KMS : StreamEncryption.UNENCRYPTED;
      const stream = new Stream(stack, 'Target', { streamName, encryption, encryptionKey });
      if (allowed) new CrossAccountStreamPermission(stack, 'Allow', { stream, ...props(allowed) });
    },
  },
  // The ID of an API is generated, so that the name is a path instead.
  API: {
    target: (stack) =>
      new ApiGatewayEventTarget(RestApi.fromRestApiId(stack, 'To', 'a1b2c3d4e5'), {
        restApiAccount: BILLING.account,
        stage: 'prod',
        method: 'POST',
        path: '/inbox',
      }),
    define: (stack, name, allowed) => {
      const restApi = apiOf(stack, 'Target', AuthorizationType.IAM, name);
      if (allowed) new CrossAccountApiPermission(stack, 'Allow', { restApi, ...props(allowed) });
    },
  },
};

const HUB_ROLES = EventPublisher.accounts(HUB.account);

function apps(kind: Kind, name: string, allowed: Allowed, keyFor?: (stack: Stack) => Key): SeparateApps {
  const eventPattern = { source: ['com.shop'] };
  return {
    Hub: {
      env: HUB,
      define: (stack) =>
        void new Rule(stack, 'Rule', { ruleName: 'orders', eventPattern, targets: [kind.target(stack)] }),
    },
    Billing: { env: BILLING, define: (stack) => kind.define(stack, name, allowed, keyFor?.(stack)) },
  };
}

const CASES = Object.keys(KINDS).flatMap((kind) => (Object.keys(WAYS) as Way[]).map((way) => [kind, way] as const));

/** Such as `error targetAccessDenied`, without the construct. */
const idsAmong = (among: SeparateApps, name: string, way: Way) =>
  findingsAmong(among, name, way).map((finding) => finding.replace(/ \/.*$/, ''));

describe.each(CASES)('a %s of another app, known by %s', (name, way) => {
  const kind = KINDS[name];
  const denied = ['error targetAccessDenied'];

  test('that allows the account of the rule: nothing is reported', () => {
    const among = apps(kind, 'inbox', HUB_ROLES);
    expect(findingsAmong(among, 'Hub', way)).toEqual([]);
    expect(findingsAmong(among, 'Billing', way)).toEqual([]);
  });

  test('that allows nobody: both apps report it', () => {
    const among = apps(kind, 'inbox', undefined);
    expect(idsAmong(among, 'Hub', way)).toEqual(denied);
    expect(idsAmong(among, 'Billing', way)).toEqual(denied);
    const [message] = messagesAmong(among, 'Hub', way);
    expectMessage(message);
    expectMessage(messagesAmong(among, 'Billing', way)[0]);
  });

  test('that allows nobody: the fix works', () => {
    const [message] = messagesAmong(apps(kind, 'inbox', undefined), 'Hub', way);
    const fix = message.slice(message.indexOf('\nFix: '));
    expect(fix).toContain(name === 'bus' ? "for bus 'Billing/Target' in app" : "for 'Billing/Target' in app 'Billing'");
    const [, role] = /EventPublisher\.role\('([^']+)'\)/.exec(fix) ?? [];
    const [, account] = /with '(\d+)' as 'eventBusAccount'/.exec(fix) ?? [];
    expect(account === undefined).toBe(name !== 'function');
    const allowed = account === undefined ? EventPublisher.role(role) : EventPublisher.accounts(account);
    const among = apps(kind, 'inbox', allowed);
    expect(findingsAmong(among, 'Hub', way)).toEqual([]);
    expect(findingsAmong(among, 'Billing', way)).toEqual([]);
  });

  test('that allows another account: both apps report it', () => {
    const among = apps(kind, 'inbox', EventPublisher.accounts(SHOP.account));
    expect(idsAmong(among, 'Hub', way)).toEqual(denied);
    expect(idsAmong(among, 'Billing', way)).toEqual(denied);
  });

  test('that does not exist: the app of the rule reports it', () => {
    const among = apps(kind, 'outbox', HUB_ROLES);
    const missing = name === 'bus' ? 'eventBusNotFound' : 'resourceNotFound';
    expect(idsAmong(among, 'Hub', way)).toEqual([`error ${missing}`]);
    const [message] = messagesAmong(among, 'Hub', way);
    const [noun, nearest] = name === 'API' ? ['method', 'POST /outbox'] : [name, 'outbox'];
    expect(message).toMatch(new RegExp(`^error /Hub/Rule ${noun} arn:[^ ]+ does not exist, so `));
    expect(message).toContain(`the nearest name there is '${nearest}'`);
    expectMessage(message);
    expect(findingsAmong(among, 'Billing', way)).toEqual([]);
  });
});

/** How the app of the rule knows the encrypted target. */
const HUBS: { readonly [hub: string]: (stack: Stack, name: string) => void } = {
  // The role may use all keys in the account of the target.
  'in plain resources': (stack, name) => {
    const { arn, action } = ENCRYPTED[name];
    const role = executionRole(stack, RULE, arn, action);
    const resources = [arnOf('kms', BILLING, 'key/*')];
    role.addToPolicy(new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources }));
    cfnRule(stack, { arn, roleArn: role.roleArn });
  },
  'that imports the key': (stack, name) => {
    const key = Key.fromKeyArn(stack, 'Key', arnOf('kms', BILLING, 'key/11111111-2222-3333-4444-555555555555'));
    const targets = [ENCRYPTED[name].target(stack, key)];
    new Rule(stack, 'Rule', { ruleName: 'orders', eventPattern: { source: ['com.shop'] }, targets });
  },
};

interface EncryptedKind {
  readonly arn: string;
  readonly action: string;
  readonly target: (stack: Stack, key: IKey) => IRuleTarget;
}

const queueArn = arnOf('sqs', BILLING, 'inbox');
const topicArn = arnOf('sns', BILLING, 'inbox');
const streamArn = arnOf('kinesis', BILLING, 'stream/inbox');

const ENCRYPTED: { readonly [kind: string]: EncryptedKind } = {
  queue: {
    arn: queueArn,
    action: 'sqs:SendMessage',
    target: (stack, { keyArn }) => new SqsEventTarget(Queue.fromQueueAttributes(stack, 'To', { queueArn, keyArn })),
  },
  topic: {
    arn: topicArn,
    action: 'sns:Publish',
    target: (stack, { keyArn }) => new SnsEventTarget(Topic.fromTopicAttributes(stack, 'To', { topicArn, keyArn })),
  },
  stream: {
    arn: streamArn,
    action: 'kinesis:PutRecord',
    target: (stack, encryptionKey) =>
      new KinesisEventTarget(Stream.fromStreamAttributes(stack, 'To', { streamArn, encryptionKey }), {
        partitionKeyPath: '$.id',
      }),
  },
};

const withKey = (name: string, hub: string, keyFor: (stack: Stack) => Key): SeparateApps => ({
  ...apps(KINDS[name], 'inbox', HUB_ROLES, keyFor),
  Hub: { env: HUB, define: (stack) => HUBS[hub](stack, name) },
});

const KEY_CASES = CASES.filter(([kind]) => kind in ENCRYPTED).flatMap(([kind, way]) =>
  Object.keys(HUBS).map((hub) => [kind, way, hub] as const),
);

describe.each(KEY_CASES)('an encrypted %s of another app, known by %s, to a rule %s', (name, way, hub) => {
  test('whose key allows the account of the rule: nothing is reported', () => {
    const among = withKey(name, hub, (stack) => new Key(stack, 'Key'));
    expect(findingsAmong(among, 'Billing', way)).toEqual([]);
    expect(findingsAmong(among, 'Hub', way)).toEqual([]);
  });

  test('whose key allows only its own account: both apps report it', () => {
    const policy = () =>
      new PolicyDocument({
        statements: [
          new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
          new PolicyStatement({
            effect: Effect.DENY,
            principals: [new AccountPrincipal(HUB.account)],
            actions: ['kms:*'],
            resources: ['*'],
          }),
        ],
      });
    const among = withKey(name, hub, (stack) => new Key(stack, 'Key', { policy: policy() }));
    expect(idsAmong(among, 'Hub', way)).toEqual(['error kmsKeyAccessDenied']);
    expect(idsAmong(among, 'Billing', way)).toEqual(['error kmsKeyAccessDenied']);
  });
});
