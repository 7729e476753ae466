import { CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, Rule } from 'aws-cdk-lib/aws-events';
import {
  AnyPrincipal,
  CfnUser,
  Effect,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import { OracleQuestions, deadLetters, delivered, faults, published, annotationsOf } from '../../support/faults';
import {
  busArn,
  functionArn,
  inThreeAccounts,
  publisherRole,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
const EVENTS = { Service: 'events.amazonaws.com' };
const allowed = (resource: string, action: string) => ({
  Sid: 'Events',
  Effect: 'Allow',
  Principal: EVENTS,
  Action: action,
  Resource: resource,
  Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
});
const denied = (action: string, condition: object) => ({
  Sid: 'Perimeter',
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: '*',
  Condition: condition,
});
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

/** The resource perimeter in the examples of AWS: only the organization, with and without an exception for services. */
const PERIMETER = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION } };
const PERIMETER_EXCEPT_SERVICES = {
  ...PERIMETER,
  BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
};
const TLS_ONLY = { Bool: { 'aws:SecureTransport': 'false' } };
const region = (...regions: string[]) => ({ StringNotEquals: { 'aws:RequestedRegion': regions } });

function queueWith(stack: Stack, conditions: object[], id = 'Queue', props: object = {}): CfnQueue {
  const queue = new CfnQueue(stack, id, { queueName: id.toLowerCase(), ...props });
  const statements = conditions.map((condition, i) => ({ ...denied('sqs:*', condition), Sid: `Perimeter${i}` }));
  new CfnQueuePolicy(stack, `${id}Policy`, {
    queues: [queue.ref],
    policyDocument: document(allowed(queue.attrArn, 'sqs:SendMessage'), ...statements),
  });
  return queue;
}

const toQueue = (...conditions: object[]) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnRule(hub, { arn: queueWith(hub, conditions).attrArn }, { eventBusName: 'orders' });
  });

const toTopic = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic' });
    new CfnTopicPolicy(hub, 'Policy', {
      topics: [topic.ref],
      policyDocument: document(allowed(topic.ref, 'sns:Publish'), denied('sns:*', condition)),
    });
    cfnEventBus(hub);
    cfnRule(hub, { arn: topic.ref }, { eventBusName: 'orders' });
  });

const toFunction = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    const PolicyDocument = document(
      allowed(functionArn('handler'), 'lambda:InvokeFunction'),
      denied('lambda:*', condition),
    );
    new CfnResource(hub, 'Policy', {
      type: 'AWS::Lambda::ResourcePolicy',
      properties: { ResourceArn: handler.functionArn, PolicyDocument },
    });
    cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' }).node.addDependency(handler);
  });

/** Conditions of guardrails on keys that calls of service principals do not have. */
const ABSENT_IN_SERVICE_CALLS: { readonly [what: string]: object } = {
  'an organization': { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
  'an organization if there is one': PERIMETER,
  'a unit of an organization': { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/*`] } },
  'an account': { StringNotEquals: { 'aws:PrincipalAccount': HUB.account } },
  'a tag': { StringNotLike: { 'aws:PrincipalTag/team': 'x' } },
  'a role': { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/admin` } },
  'an address': { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } },
  'a VPC endpoint': { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
  'a VPC, which must be present': { Null: { 'aws:SourceVpc': 'true' } },
};

faults('a queue, topic or function whose guardrail denies EventBridge', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Hub/Rule'),
  healthy: {
    'a perimeter with the exception for services': toQueue(PERIMETER_EXCEPT_SERVICES),
    'TLS only': toQueue(TLS_ONLY),
    'the region': { app: toQueue(region('eu-west-1')), asks: 'nothing' },
    'the account of the queue': toQueue({ StringNotEquals: { 'aws:ResourceAccount': HUB.account } }),
    'the source account of the service': toQueue({
      StringNotEquals: { 'aws:SourceAccount': HUB.account },
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
    }),
    'all of these': { app: toQueue(PERIMETER_EXCEPT_SERVICES, TLS_ONLY, region('eu-west-1')), asks: 'nothing' },
    'a topic with the exception': { app: toTopic(PERIMETER_EXCEPT_SERVICES), asks: 'nothing' },
  },
  faulty: {
    ...Object.fromEntries(
      Object.entries(ABSENT_IN_SERVICE_CALLS).map(([what, condition]) => [
        `a queue for ${what}`,
        { at: '/Hub', app: toQueue(condition) },
      ]),
    ),
    'a queue for another region': {
      at: '/Hub',
      app: toQueue(region('us-east-1')),
    },
    'a queue for another account': {
      at: '/Hub',
      app: toQueue({ StringNotEquals: { 'aws:ResourceAccount': SHOP.account } }),
    },
    'a queue for sources of another account': {
      at: '/Hub',
      app: toQueue({
        StringNotEquals: { 'aws:SourceAccount': SHOP.account },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      }),
    },
    'a topic for an organization': { at: '/Hub', app: toTopic(PERIMETER), asks: 'nothing' },
    'a function for an organization': { at: '/Hub', app: toFunction(PERIMETER), asks: 'nothing' },
  },
});

faults('a guardrail on a value that no template contains', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  asks: () => [],
  healthy: {},
  faulty: {
    'the organization of the queue': {
      at: '/Hub',
      app: toQueue({ StringNotEquals: { 'aws:ResourceOrgID': ORGANIZATION } }),
      asks: 'nothing',
    },
    'the time': {
      at: '/Hub',
      app: toQueue({ DateGreaterThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }),
      asks: 'nothing',
    },
    'a tag of the queue': {
      at: '/Hub',
      app: toQueue({ StringNotEquals: { 'aws:ResourceTag/team': 'x' } }),
      asks: 'nothing',
    },
    'an operator that IAM does not know': {
      finds: FindingId.INVALID_STATEMENT,
      level: 'error',
      at: '/Hub',
      app: toQueue({ StringDiffers: { 'aws:SourceAccount': HUB.account } }),
      asks: 'nothing',
    },
  },
});

test('trustedOrganizations are the organizations of the resources', () => {
  const app = toQueue({ StringNotEquals: { 'aws:ResourceOrgID': ORGANIZATION } })();
  CrossAccountEventChecks.applyTo(app, { trustedOrganizations: [ORGANIZATION] });
  expect(annotationsOf(app)).toEqual([]);
});

const OPEN_KEY = { Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kms:*', Resource: '*' };
const FOR_EVENTS = {
  Effect: 'Allow',
  Principal: EVENTS,
  Action: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: '*',
};
const busKey = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const key = new CfnKey(hub, 'Key', { keyPolicy: document(OPEN_KEY, FOR_EVENTS, denied('kms:*', condition)) });
    cfnEventBus(hub, 'Bus', 'orders', { kmsKeyIdentifier: key.attrArn });
  });
const queueKey = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const key = new CfnKey(hub, 'Key', { keyPolicy: document(OPEN_KEY, FOR_EVENTS, denied('kms:*', condition)) });
    cfnEventBus(hub);
    cfnRule(
      hub,
      { arn: queueWith(hub, [], 'Queue', { kmsMasterKeyId: key.attrArn }).attrArn },
      { eventBusName: 'orders' },
    );
  });
const topicKey = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const key = new CfnKey(hub, 'Key', { keyPolicy: document(OPEN_KEY, { ...FOR_EVENTS, Condition: condition }) });
    const topic = new CfnTopic(hub, 'Topic', { topicName: 'topic', kmsMasterKeyId: key.attrArn });
    new CfnTopicPolicy(hub, 'Policy', {
      topics: [topic.ref],
      policyDocument: document(allowed(topic.ref, 'sns:Publish')),
    });
    cfnEventBus(hub);
    cfnRule(hub, { arn: topic.ref }, { eventBusName: 'orders' });
  });

faults('a key whose guardrail denies EventBridge', {
  finds: FindingId.KMS_KEY_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a bus with the exception for services': busKey(PERIMETER_EXCEPT_SERVICES),
    'a queue with the exception for services': queueKey(PERIMETER_EXCEPT_SERVICES),
  },
  faulty: {
    'a bus': { at: '/Hub/Key', app: busKey(PERIMETER) },
    'a queue': {
      at: '/Hub/Key',
      app: queueKey(PERIMETER),
      asks: (arrives) => delivered('Hub/Rule')(arrives),
    },
    'a topic, to which EventBridge passes no source': {
      at: '/Hub/Key',
      app: topicKey({ StringEquals: { 'aws:SourceAccount': HUB.account } }),
    },
  },
});

const busDeadLetters = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const queue = queueWith(hub, [condition]);
    new CfnEventBus(hub, 'Bus', { name: 'orders', deadLetterConfig: { arn: queue.attrArn } });
  });
const ruleDeadLetters = (condition: object) =>
  inThreeAccounts(({ hub }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const queue = new Queue(hub, 'Letters');
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Perimeter',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sqs:*'],
        resources: ['*'],
        conditions: condition as { [operator: string]: object },
      }),
    );
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'], account: [HUB.account] },
      targets: [new LambdaEventTarget(testFunction(hub, 'Handler'), { deadLetterQueue: queue })],
    });
  });
const busDeadLetterDelivered: OracleQuestions = (arrives) => [
  { busDeadLetter: { bus: 'Hub/Bus' }, expect: arrives ? 'allow' : 'deny' },
];

faults('a dead-letter queue whose guardrail denies EventBridge', {
  finds: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a target of this library, with the exception': {
      app: ruleDeadLetters(PERIMETER_EXCEPT_SERVICES),
      asks: deadLetters('Hub/Rule', 'Target0'),
    },
  },
  faulty: {
    'of a bus': {
      at: '/Hub/QueuePolicy',
      app: busDeadLetters(PERIMETER),
      asks: (arrives) => [...busDeadLetterDelivered(arrives)],
    },
    'of a target of this library': {
      at: '/Hub/Letters',
      app: ruleDeadLetters(PERIMETER),
      asks: deadLetters('Hub/Rule', 'Target0'),
    },
  },
});

/** A publisher in another account, with guardrails in its policies, on the bus and in its permissions boundary. */
const publisherUnder = (identity: object | undefined, onBus?: object, boundary?: object) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = cfnEventBus(hub);
    const policies: CfnEventBusPolicy[] = [
      cfnEventBusPolicy(hub),
      ...(onBus
        ? [
            cfnEventBusPolicy(
              hub,
              { Effect: 'Deny', Principal: '*', Condition: onBus },
              { id: 'Denial', sid: 'Denial' },
            ),
          ]
        : []),
    ];
    policies.forEach((policy) => policy.addDependency(bus));
    const role = publisherRole(shop);
    if (identity) {
      role.addToPolicy(
        PolicyStatement.fromJson({ Effect: 'Deny', Action: '*', Resource: '*', Sid: 'Guard', Condition: identity }),
      );
    }
    if (boundary) {
      PermissionsBoundary.of(role).apply(
        new ManagedPolicy(shop, 'Boundary', {
          statements: [PolicyStatement.fromJson({ Effect: 'Allow', Action: '*', Resource: '*', Condition: boundary })],
        }),
      );
    }
  });
const isPublished = published('Shop/Publisher', 'Hub/Bus');
/** The oracle has no region for a request without one. */
const inRegion: OracleQuestions = (arrives) =>
  isPublished(arrives).map((question) => {
    const { putEvents, ...rest } = question as { putEvents: { as: object } };
    return {
      ...rest,
      putEvents: { ...putEvents, as: { ...putEvents.as, context: { 'aws:RequestedRegion': 'eu-west-1' } } },
    };
  });

faults('a publisher that a guardrail denies', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  asks: inRegion,
  healthy: {
    'the region, in its identity-based policies': publisherUnder(region('eu-west-1')),
    'the region, in its permissions boundary': publisherUnder(undefined, undefined, {
      StringEquals: { 'aws:RequestedRegion': 'eu-west-1' },
    }),
    'the region, with an exception for some roles': publisherUnder({
      ...region('eu-west-1'),
      ArnNotLike: { 'aws:PrincipalARN': 'arn:aws:iam::*:role/admin' },
    }),
    'accounts of resources': publisherUnder({
      StringNotEquals: { 'aws:ResourceAccount': [HUB.account, SHOP.account] },
    }),
    'TLS only': publisherUnder(TLS_ONLY, TLS_ONLY),
    'the organization, on the bus': { app: publisherUnder(undefined, PERIMETER_EXCEPT_SERVICES), asks: 'nothing' },
    'a tag that the role has': {
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBusPolicy(hub, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } }).addDependency(
          cfnEventBus(hub),
        );
        Tags.of(publisherRole(shop)).add('team', 'shop');
      }),
      asks: 'nothing',
    },
    'a user that the bus policy names, whose permissions boundary neither allows nor denies it': {
      app: inThreeAccounts(({ hub }) => {
        const boundary = new ManagedPolicy(hub, 'Boundary', {
          statements: [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] })],
        });
        new CfnUser(hub, 'User', {
          userName: 'user',
          permissionsBoundary: boundary.managedPolicyArn,
          policies: [
            {
              policyName: 'put',
              policyDocument: document({ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn() }),
            },
          ],
        });
        cfnEventBusPolicy(hub, { Principal: { AWS: `arn:aws:iam::${HUB.account}:user/user` } }).addDependency(
          cfnEventBus(hub),
        );
      }),
      asks: 'nothing',
    },
  },
  faulty: {
    'another region, in its identity-based policies': {
      at: '/Shop/Publisher',
      app: publisherUnder(region('us-east-1')),
    },
    'the region, on the bus': {
      at: '/Shop/Publisher',
      app: publisherUnder(undefined, { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
    },
    'another region, in its permissions boundary': {
      at: '/Shop/Publisher',
      app: publisherUnder(undefined, undefined, { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
    },
    'the account of the bus': {
      at: '/Shop/Publisher',
      app: publisherUnder({ StringEquals: { 'aws:ResourceAccount': HUB.account } }),
    },
    'principals that are no AWS service': {
      at: '/Shop/Publisher',
      app: publisherUnder(undefined, { Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
    },
  },
});

faults('a publisher under a guardrail on a value that no template contains', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {},
  faulty: {
    'its address': {
      at: '/Shop',
      app: publisherUnder(undefined, { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
    },
    'a tag that it does not have': {
      at: '/Shop',
      app: publisherUnder(undefined, { StringNotEquals: { 'aws:PrincipalTag/team': 'x' } }),
    },
    'its organization, in a Deny': {
      at: '/Shop',
      app: publisherUnder(undefined, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
    },
    'sources that are not restricted in its policy': {
      at: '/Shop',
      app: publisherUnder(undefined, { 'ForAnyValue:StringNotEquals': { 'events:source': 'other' } }),
    },
  },
});

const serviceUnder = (Condition: object) =>
  inThreeAccounts(({ hub }) => {
    new CrossAccountEventBus(hub, 'Bus', {
      publishers: [EventPublisher.service('ses.amazonaws.com')],
    }).addToResourcePolicy(
      PolicyStatement.fromJson({ Sid: 'Perimeter', Effect: 'Deny', Principal: '*', Action: 'events:*', Condition }),
    );
  });

faults('a service that a perimeter of the bus denies', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  healthy: { 'with the exception for services': serviceUnder(PERIMETER_EXCEPT_SERVICES) },
  faulty: { 'without it': { at: '/Hub/Bus', app: serviceUnder(PERIMETER) } },
});

test('five guardrails of a landing zone give no finding in an app without faults', () => {
  const app = inThreeAccounts(({ hub, shop, billing }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', {
      eventBusName: 'orders',
      publishers: [EventPublisher.organization(ORGANIZATION)],
    });
    bus.addToResourcePolicy(
      PolicyStatement.fromJson({
        Sid: 'Organization',
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Condition: PERIMETER_EXCEPT_SERVICES,
      }),
    );
    const guards = [region('eu-west-1'), TLS_ONLY];
    const boundary = (stack: Stack) =>
      new ManagedPolicy(stack, 'Boundary', {
        statements: [
          PolicyStatement.fromJson({ Effect: 'Allow', Action: '*', Resource: '*' }),
          ...guards.map((Condition) =>
            PolicyStatement.fromJson({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*', Condition }),
          ),
        ],
      });
    const role = new PublisherRole(shop, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
      permissionsBoundary: boundary(shop),
    });
    for (const Condition of guards) {
      role.addToPolicy(PolicyStatement.fromJson({ Effect: 'Deny', Action: '*', Resource: '*', Condition }));
    }
    PermissionsBoundary.of(hub).apply(boundary(hub));
    const own = new CrossAccountEventBus(billing, 'Bus', { eventBusName: 'billing' });
    own.addToResourcePolicy(
      PolicyStatement.fromJson({
        Sid: 'Organization',
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Condition: PERIMETER_EXCEPT_SERVICES,
      }),
    );
    new Rule(hub, 'Forward', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'], account: [SHOP.account] },
      targets: [new CrossAccountEventBusTarget(own)],
    });
    const key = new Key(hub, 'Key');
    key.addToResourcePolicy(
      PolicyStatement.fromJson({
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:*',
        Resource: '*',
        Condition: PERIMETER_EXCEPT_SERVICES,
      }),
    );
    cfnRule(
      hub,
      { arn: queueWith(hub, [PERIMETER_EXCEPT_SERVICES, TLS_ONLY], 'Queue', { kmsMasterKeyId: key.keyArn }).attrArn },
      {
        eventBusName: bus.eventBusName,
        eventPattern: { source: ['com.shop'], account: [SHOP.account] },
      },
    );
    key.addToResourcePolicy(
      PolicyStatement.fromJson({ ...FOR_EVENTS, Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } } }),
    );
  })();
  CrossAccountEventChecks.applyTo(app);
  expect(annotationsOf(app)).toEqual([]);
});
