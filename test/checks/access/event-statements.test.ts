import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks, EventCheckOptions } from '../../../src';
import { BILLING, HUB, SHOP, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';

const LENIENT = { '@aws-cdk/core:validateAgainstDefaultRules': false };
const SAME_ACCOUNT = '@aws-cdk/aws-events:eventsTargetQueueSameAccount';
const OTHER_SERVICES = [
  'cloudwatch.amazonaws.com',
  's3.amazonaws.com',
  'config.amazonaws.com',
  'secretsmanager.amazonaws.com',
  'apigateway.amazonaws.com',
  'alexa-appkit.amazon.com',
  'codestar-notifications.amazonaws.com',
];
const eventPattern = { source: ['x'] };
const TRUST = { trustedAccounts: [SHOP.account] };

let app: App;
let hub: Stack;
const inApp = (context: object = {}) => {
  app = testApp({ context: { ...LENIENT, ...context } });
  hub = testStack('Hub', HUB, app);
};
beforeEach(() => inApp());
beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const messages = (options?: EventCheckOptions) => {
  CrossAccountEventChecks.applyTo(app, options);
  return messagesOf(hub);
};

/** A statement of each kind of resource that a rule sends events to. */
const ADD: { readonly [resource: string]: (statement: object) => unknown } = {
  queue: (statement) => {
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    new Rule(hub, 'Rule', { eventPattern, targets: [new SqsQueue(queue)] });
    (queue.node.findChild('Policy').node.defaultChild as CfnQueuePolicy).addPropertyOverride(
      'PolicyDocument.Statement.1',
      { Action: 'sqs:SendMessage', Resource: queue.queueArn, ...statement },
    );
  },
  topic: (statement) => {
    const topic = new Topic(hub, 'Topic', { topicName: 't' });
    new Rule(hub, 'Rule', { eventPattern, targets: [new SnsTopic(topic)] });
    (topic.node.findChild('Policy').node.defaultChild as CfnTopicPolicy).addPropertyOverride(
      'PolicyDocument.Statement.1',
      { Action: 'SNS:Publish', Resource: topic.topicArn, ...statement },
    );
  },
};
const POLICY: { readonly [resource: string]: string } = {
  queue: '/Hub/Queue/Policy/Resource',
  topic: '/Hub/Topic/Policy/Resource',
};
const allow = (Principal: unknown, more: object = {}) => ({ Effect: 'Allow', Principal, ...more });
const UNTRUSTED = { AWS: `arn:aws:iam::${BILLING.account}:root` };
const ANY_ACCOUNT = allow('*');

describe.each(Object.keys(ADD))('a statement on a %s that is a target', (resource) => {
  test.each<[string, object]>([
    ...OTHER_SERVICES.map((Service): [string, object] => [`for ${Service}`, allow({ Service })]),
    ['for several other services', allow({ Service: OTHER_SERVICES })],
    [
      'for another service in another account',
      allow(
        { Service: 'sns.amazonaws.com' },
        { Condition: { StringEquals: { 'aws:SourceAccount': BILLING.account } } },
      ),
    ],
    [
      'for a bucket, as a wildcard principal with its ARN',
      allow('*', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:uploads' } } }),
    ],
    [
      'for any topic, as a wildcard principal with its ARN',
      allow('*', { Condition: { ArnEquals: { 'AWS:SourceArn': 'arn:aws:sns:*:*:*' } } }),
    ],
    [
      'for a service by its name in a condition',
      allow('*', { Condition: { StringEquals: { 'aws:PrincipalServiceName': 'cloudwatch.amazonaws.com' } } }),
    ],
    [
      'for EventBridge, without the action that delivers',
      allow({ Service: 'events.amazonaws.com' }, { Action: 'x:Y' }),
    ],
  ])('is not reported %s', (_, statement) => {
    ADD[resource](statement);
    expect(messages(TRUST)).toEqual([]);
  });

  test.each<[string, object]>([
    ['any AWS account', ANY_ACCOUNT],
    ['any AWS account, beside another service', allow({ AWS: '*', Service: 's3.amazonaws.com' })],
    [
      'any AWS account, if the source is optional',
      allow('*', { Condition: { ArnLikeIfExists: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } }),
    ],
    [
      'any AWS account, unless for a bucket',
      allow('*', { Condition: { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::b' } } }),
    ],
    ['any source in any account', allow('*', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:*:*:*:*' } } })],
  ])('is reported if it allows %s', (_, statement) => {
    ADD[resource](statement);
    expectFindings(messages(), [`warning wildcardPrincipal ${POLICY[resource]}`]);
  });

  test('is reported for an untrusted account, beside another service', () => {
    ADD[resource](allow({ ...UNTRUSTED, Service: 'cloudwatch.amazonaws.com' }));
    expectFindings(messages(TRUST), [`error untrustedPrincipal ${POLICY[resource]}`]);
  });
});

describe('EventBridge without a condition', () => {
  const events = { Service: 'events.amazonaws.com' };
  const both = { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] };

  test.each([events, both])('is reported on a queue: %j', (principal) => {
    ADD.queue(allow(principal, { Action: 'SQS:sendmessage' }));
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Queue/Policy/Resource']);
  });

  test.each([events, both])('is not reported on a topic, in which the CDK allows it: %j', (principal) => {
    ADD.topic(allow(principal, { Action: ['SNS:Publish', 'SNS:GetTopicAttributes'] }));
    expect(messages(TRUST)).toEqual([]);
  });
});

describe('a permission of a function', () => {
  const permission = (props: { principal: string; action?: string }) =>
    new CfnPermission(hub, 'Permission', {
      functionName: testFunction(hub, 'Handler').functionName,
      action: 'lambda:InvokeFunction',
      ...props,
    });

  test.each(OTHER_SERVICES)('is not reported for %s', (principal) => {
    permission({ principal });
    expect(messages(TRUST)).toEqual([]);
  });

  test('is not reported for all actions of another service', () => {
    permission({ principal: 'apigateway.amazonaws.com', action: 'lambda:*' });
    expect(messages()).toEqual([]);
  });

  test('is reported for EventBridge, in any case', () => {
    permission({ principal: 'events.amazonaws.com', action: 'LAMBDA:invokefunction' });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Permission']);
  });
});

describe('a queue with a KMS key, as a target of aws-cdk-lib', () => {
  const target = () => {
    const queue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    new Rule(hub, 'Rule', { eventPattern, targets: [new SqsQueue(queue)] });
    return queue;
  };

  test('is reported, with the feature flag that restricts it', () => {
    target();
    const found = messages();
    expectFindings(found, ['warning wildcardPrincipal /Hub/Queue/Policy/Resource']);
    expect(found[0]).toContain(SAME_ACCOUNT);
  });

  test('is not reported with the feature flag', () => {
    inApp({ [SAME_ACCOUNT]: true });
    target();
    expect(messages(TRUST)).toEqual([]);
  });

  test('is reported without the feature flag in the fix, if the statement is not that of the CDK', () => {
    const queue = new Queue(hub, 'Queue', { encryption: QueueEncryption.KMS });
    new CfnRule(hub, 'Rule', { eventPattern, targets: [{ id: 'T', arn: queue.queueArn }] });
    const events = new ServicePrincipal('events.amazonaws.com');
    queue.encryptionMasterKey!.grantEncryptDecrypt(events);
    new CfnQueuePolicy(hub, 'Policy', {
      queues: [queue.queueUrl],
      policyDocument: {
        Statement: [
          allow({ Service: 'events.amazonaws.com' }, { Action: 'sqs:SendMessage', Resource: queue.queueArn }),
        ],
      },
    });
    const found = messages();
    expectFindings(found, ['warning wildcardPrincipal /Hub/Policy']);
    expect(found[0]).not.toContain(SAME_ACCOUNT);
  });
});
