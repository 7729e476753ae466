import { App, Stack } from 'aws-cdk-lib';
import { AuthorizationType, IRestApi, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountApiPermission,
  CrossAccountApiPermissionProps,
  CrossAccountEventChecks,
  CrossAccountInvokePermission,
  CrossAccountPermissionProps,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
  SqsEventTarget,
} from '../../src';
import {
  BILLING,
  HUB,
  ORGANIZATION,
  REGION,
  SHOP,
  count,
  messagesOf,
  root,
  testApp,
  testFunction,
  testStack,
} from '../support/apps';
import { appIn, command, emptyDirectory, findingsOf } from '../support/command';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';
import { LENIENT } from '../support/three-accounts';

/** The permissions of an app that defines the target, for rules that another app defines. */

const ROLE_ARN = `arn:aws:iam::${HUB.account}:role/sender`;
const KEY_ARN = `arn:aws:kms:${REGION}:${BILLING.account}:key/11111111-2222-3333-4444-555555555555`;
const NOT_OWN = { 'aws:PrincipalAccount': BILLING.account };
const MANY = count(60, (i) => String(400000000000 + i));
const ORG_PATH = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Billing', BILLING, app);
});

const policies = (type: string, property = 'PolicyDocument') =>
  propertiesOf(stack, type).flatMap((properties) => properties[property].Statement);
const apiWithIam = () => {
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
  api.root.addResource('orders').addMethod('POST', undefined, { authorizationType: AuthorizationType.IAM });
  return api;
};

interface Kind {
  readonly action: string;
  readonly allow: (props: CrossAccountPermissionProps, id?: string) => unknown;
  readonly statements: () => any[];
  /** The documented quota of principals in its policy. */
  readonly maxPrincipals?: number;
}

const once = <T>(make: () => T) => {
  const made = new WeakMap<Stack, object>();
  return () => {
    if (!made.has(stack)) made.set(stack, make() as object);
    return made.get(stack) as T;
  };
};
const queue = once<IQueue>(() => new Queue(stack, 'Queue', { queueName: 'invoices' }));
const topic = once<ITopic>(() => new Topic(stack, 'Topic'));
const stream = once(() => new Stream(stack, 'Stream', { encryption: StreamEncryption.UNENCRYPTED }));
const api = once<IRestApi>(apiWithIam);

/** For the statements in the documentation of the services, see the sources in `role-event-targets.test.ts`. */
const KINDS: [string, Kind][] = [
  [
    'queue',
    {
      action: 'sqs:SendMessage',
      allow: (props, id = 'Allow') => new CrossAccountQueuePermission(stack, id, { queue: queue(), ...props }),
      statements: () => policies('AWS::SQS::QueuePolicy'),
      maxPrincipals: 50,
    },
  ],
  [
    'topic',
    {
      action: 'sns:Publish',
      allow: (props, id = 'Allow') => new CrossAccountTopicPermission(stack, id, { topic: topic(), ...props }),
      statements: () => policies('AWS::SNS::TopicPolicy'),
      maxPrincipals: 200,
    },
  ],
  [
    'stream',
    {
      action: 'kinesis:PutRecord',
      allow: (props, id = 'Allow') => new CrossAccountStreamPermission(stack, id, { stream: stream(), ...props }),
      statements: () => policies('AWS::Kinesis::ResourcePolicy', 'ResourcePolicy'),
    },
  ],
  [
    'API',
    {
      action: 'execute-api:Invoke',
      allow: (props, id = 'Allow') => new CrossAccountApiPermission(stack, id, { restApi: api(), ...props }),
      statements: () => policies('AWS::ApiGateway::RestApi', 'Policy'),
    },
  ],
];

describe.each(KINDS)('a %s', (_, { action, allow, statements, maxPrincipals }) => {
  test.each<[string, CrossAccountPermissionProps, object]>([
    ['an account', { eventBusAccount: HUB.account }, { Principal: { AWS: root(HUB.account) } }],
    [
      'several accounts',
      { publishers: [EventPublisher.accounts(HUB.account, SHOP.account)] },
      { Principal: { AWS: [root(HUB.account), root(SHOP.account)] } },
    ],
    [
      'a role',
      { publishers: [EventPublisher.role(ROLE_ARN)] },
      {
        Principal: { AWS: root(HUB.account) },
        Condition: { StringEquals: { 'aws:PrincipalArn': ROLE_ARN } },
      },
    ],
    [
      'an organization, without its own account',
      { publishers: [EventPublisher.organization(ORGANIZATION)] },
      {
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION }, StringNotEquals: NOT_OWN },
      },
    ],
    [
      'an organizational unit, without its own account',
      { publishers: [EventPublisher.organizationalUnits(ORG_PATH)] },
      {
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ORG_PATH }, StringNotEquals: NOT_OWN },
      },
    ],
  ])('allows %s', (__, props, expected) => {
    allow(props);
    expect(statements()).toEqual([
      {
        Sid: expect.stringMatching(/^EventBridge/),
        Effect: 'Allow',
        Action: action,
        Resource: expect.anything(),
        ...expected,
      },
    ]);
    CrossAccountEventChecks.applyTo(app);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('allows the execution role by a condition, in the account of the bus', () => {
    const executionRole = Role.fromRoleArn(stack, 'Sender', ROLE_ARN);
    allow({ eventBusAccount: HUB.account, executionRole });
    expect(statements()).toMatchObject([{ Condition: { StringEquals: { 'aws:PrincipalArn': ROLE_ARN } } }]);
  });

  test('has one statement for the accounts of all permissions, and one for all roles', () => {
    const ids = count(15, (i) => String(400000000000 + i));
    ids.forEach((id) => allow({ eventBusAccount: id }, `Account${id}`));
    ids.forEach((id) => allow({ publishers: [EventPublisher.role(`arn:aws:iam::${id}:role/sender`)] }, `Role${id}`));
    const [accounts, roles, ...others] = statements();
    expect(others).toEqual([]);
    expect(accounts.Principal.AWS).toEqual(ids.map(root));
    expect(roles.Condition.StringEquals['aws:PrincipalArn']).toHaveLength(15);
  });

  test('has any number of accounts and roles in statements with few principals, and no other principal', () => {
    const ids = count(240, (i) => String(400000000000 + i));
    allow({ publishers: [EventPublisher.accounts(...ids)] });
    const roles = ids.slice(0, 60).map((id) => `arn:aws:iam::${id}:role/sender`);
    roles.forEach((arn) => allow({ publishers: [EventPublisher.role(arn)] }, arn));
    const [byAccount, byRole, ...others] = statements();
    expect(others).toEqual([]);
    if (maxPrincipals === undefined) {
      expect(byAccount.Principal.AWS).toHaveLength(240);
      return;
    }
    expect(byAccount.Principal).toBe('*');
    expect(byAccount.Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': ids } });
    expect(byRole.Condition.StringEquals).toEqual({ 'aws:PrincipalArn': roles });
    expect([byRole.Principal.AWS ?? '*'].flat().length).toBeLessThanOrEqual(maxPrincipals);
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: ids });
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each<[string, CrossAccountPermissionProps, RegExp]>([
    ['without a publisher', {}, /'eventBusAccount' must be set if 'publishers' is not, and only then, got neither/],
    ['with an empty list', { publishers: [] }, /'publishers' must hold at least one publisher/],
    [
      'with both',
      { eventBusAccount: HUB.account, publishers: [EventPublisher.accounts(HUB.account)] },
      /'eventBusAccount' must be set if 'publishers' is not, and only then, got both/,
    ],
    ['with its own account', { eventBusAccount: BILLING.account }, /'eventBusAccount' must not be the account/],
    [
      'with its own account among others',
      { publishers: [EventPublisher.accounts(HUB.account, BILLING.account)] },
      /'publishers' must not be the account of this stack/,
    ],
    ['with an invalid account', { eventBusAccount: '1' }, /'eventBusAccount' must hold 12-digit account IDs/],
    [
      'with a service',
      { publishers: [EventPublisher.service('ses.amazonaws.com')] },
      /'publishers' must hold accounts, roles, organizational units or organizations/,
    ],
    ['with a misspelled property', { publisher: [] } as object, /'props' must have no other properties/],
  ])('fails %s', (__, props, message) => {
    expectError(() => allow(props), message);
  });

  test('fails with a role of another account than that of the bus', () => {
    const executionRole = Role.fromRoleArn(stack, 'Sender', ROLE_ARN);
    expectError(() => allow({ eventBusAccount: SHOP.account, executionRole }), "'executionRole' must be a role in the");
  });

  test('fails with a role and a list', () => {
    const executionRole = Role.fromRoleArn(stack, 'Sender', ROLE_ARN);
    const publishers = [EventPublisher.accounts(HUB.account)];
    expectError(() => allow({ publishers, executionRole }), "'executionRole' must only be set with 'eventBusAccount'");
  });
});

describe('a target', () => {
  test('with a key: the key allows the same principals, by the service of the target alone', () => {
    const encryptionMasterKey = new Key(stack, 'Key');
    const encrypted = new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS, encryptionMasterKey });
    new CrossAccountQueuePermission(stack, 'Allow', { queue: encrypted, eventBusAccount: HUB.account });
    expect(propertiesOf(stack, 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toEqual([
      {
        Sid: 'EventBridgeAccountsForSqs',
        Effect: 'Allow',
        Principal: { AWS: root(HUB.account) },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': `sqs.${REGION}.amazonaws.com` } },
      },
    ]);
  });

  test('shares a key with another one: the statements of the key policy have different IDs', () => {
    const key = new Key(stack, 'Key');
    const encrypted = new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS, encryptionMasterKey: key });
    const eventBusAccount = HUB.account;
    new CrossAccountQueuePermission(stack, 'Queues', { queue: encrypted, eventBusAccount });
    new CrossAccountTopicPermission(stack, 'Topics', {
      topic: new Topic(stack, 'Topic', { masterKey: key }),
      eventBusAccount,
    });
    expect(propertiesOf(stack, 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toMatchObject([
      { Sid: 'EventBridgeAccountsForSqs' },
      { Sid: 'EventBridgeAccountsForSns' },
    ]);
  });

  test('with an imported key is reported with the statement to add', () => {
    const encryptionMasterKey = Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const encrypted = new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS, encryptionMasterKey });
    new CrossAccountQueuePermission(stack, 'Allow', { queue: encrypted, eventBusAccount: HUB.account });
    expectFindings(messagesOf(stack), ['warning manuallyAddKeyPolicy /Billing/Allow']);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'that is imported',
      () =>
        new CrossAccountTopicPermission(stack, 'Allow', {
          topic: Topic.fromTopicArn(stack, 'T', `arn:aws:sns:${REGION}:${BILLING.account}:t`),
          eventBusAccount: HUB.account,
        }),
      /'topic' must be defined in this app/,
    ],
    [
      'in another account than the permission',
      () =>
        new CrossAccountQueuePermission(testStack('Hub', HUB, app), 'Allow', {
          queue: queue(),
          eventBusAccount: SHOP.account,
        }),
      /'queue' must be in account 111111111111/,
    ],
    [
      'with the AWS managed key',
      () =>
        new CrossAccountStreamPermission(stack, 'Allow', {
          stream: new Stream(stack, 'Stream'),
          eventBusAccount: HUB.account,
        }),
      /'stream' must not be encrypted with the AWS managed key/,
    ],
  ])('fails %s', (_, use, message) => {
    expectError(use, message);
  });
});

describe('the methods of an API', () => {
  const allowApi = (restApi: IRestApi, props: Partial<CrossAccountApiPermissionProps> = {}, id = 'Allow') =>
    new CrossAccountApiPermission(stack, id, { restApi, eventBusAccount: HUB.account, ...props });

  test('are all allowed, or one of them', () => {
    const restApi = apiWithIam();
    allowApi(restApi);
    allowApi(restApi, { stage: 'prod', method: 'POST', path: '/orders' }, 'One');
    expect(policies('AWS::ApiGateway::RestApi', 'Policy').map(({ Resource }) => Resource)).toEqual([
      'execute-api:/*/*/*',
      'execute-api:/prod/POST/orders',
    ]);
  });

  test.each<[string, Partial<CrossAccountApiPermissionProps>, string]>([
    ['path', { path: '/order/*' }, "'path' and 'method' must match a method of the API"],
    ['path with more segments', { path: '/orders/items' }, "'path' and 'method' must match a method of the API"],
    ['method', { method: 'GET' }, "'path' and 'method' must match a method of the API"],
    ['stage', { stage: 'test' }, "'stage' must be a stage of the API"],
  ])('fail for another %s, which would allow nothing', (_, props, message) => {
    allowApi(apiWithIam(), props);
    expectError(() => app.synth(), message);
  });

  test.each<[string, Partial<CrossAccountApiPermissionProps>]>([
    ['a pattern for stages', { stage: 'pro*' }],
    ['a pattern for paths', { path: '/ord*' }],
  ])('are allowed by %s', (_, props) => {
    allowApi(apiWithIam(), props);
    app.synth();
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each<[string, Partial<CrossAccountApiPermissionProps>, string]>([
    ['the name of a parameter', { path: '/orders/{id}' }, "use '/orders/*'"],
    ['a stage with a path', { stage: 'prod/POST' }, "'stage' must be the name of a stage"],
  ])('fail with %s', (_, props, message) => {
    expectError(() => allowApi(apiWithIam(), props), message);
  });

  test('fail without IAM authorization', () => {
    const restApi = apiWithIam();
    restApi.root.addMethod('GET');
    allowApi(restApi);
    expectError(() => app.synth(), "'restApi' must use IAM authorization for its methods");
  });

  test('fail if the policy denies the others', () => {
    const restApi = apiWithIam();
    restApi.root.addMethod('GET');
    allowApi(restApi, { path: '/orders' });
    expectError(() => app.synth(), 'or have a policy that allows the others');
  });

  test('may use no authorization if the policy allows them', () => {
    const restApi = apiWithIam();
    restApi.root.addMethod('GET');
    allowApi(restApi, { path: '/orders' });
    restApi.addToResourcePolicy(
      PolicyStatement.fromJson({
        Effect: 'Allow',
        Principal: '*',
        Action: 'execute-api:Invoke',
        Resource: 'execute-api:/*/GET/',
      }),
    );
    app.synth();
    expect(messagesOf(stack)).toEqual([]);
  });
});

describe('a function', () => {
  const handler = once(() => testFunction(stack, 'Handler', { functionName: 'handler' }));
  const allow = (props: CrossAccountPermissionProps) =>
    new CrossAccountInvokePermission(stack, 'Allow', { handler: handler(), ...props });
  const permissions = () =>
    propertiesOf(stack, 'AWS::Lambda::Permission').map(({ Principal, PrincipalOrgID }) => [Principal, PrincipalOrgID]);

  test.each<[string, CrossAccountPermissionProps, unknown[]]>([
    [
      'several accounts',
      { publishers: [EventPublisher.accounts(HUB.account, SHOP.account)] },
      [
        [HUB.account, undefined],
        [SHOP.account, undefined],
      ],
    ],
    ['a role', { publishers: [EventPublisher.role(ROLE_ARN)] }, [[ROLE_ARN, undefined]]],
    ['an organization', { publishers: [EventPublisher.organization(ORGANIZATION)] }, [['*', ORGANIZATION]]],
  ])('allows %s', (_, props, expected) => {
    allow(props);
    CrossAccountEventChecks.applyTo(app, {
      trustedOrganizations: [ORGANIZATION],
      trustedAccounts: [HUB.account, SHOP.account],
    });
    expect(permissions().sort()).toEqual(expected);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('is reported for an organization that is not trusted', () => {
    allow({ publishers: [EventPublisher.organization(ORGANIZATION)] });
    CrossAccountEventChecks.applyTo(app, { trustedOrganizations: ['o-zzzzzzzzzz'] });
    expect(messagesOf(stack).map((message) => /:(\w+)\]$/.exec(message)?.[1])).toEqual(['untrustedPrincipal']);
  });

  test.each<[string, CrossAccountPermissionProps, RegExp]>([
    ['neither', {}, /'eventBusAccount' must be set if 'publishers' is not/],
    [
      'an organizational unit',
      { publishers: [EventPublisher.organizationalUnits(ORG_PATH)] },
      /'publishers' must hold accounts, roles or organizations for a function/,
    ],
  ])('fails to allow %s', (_, props, message) => {
    expectError(() => allow(props), message);
  });
});

describeWithOracle('targets of an app of their own get the events, and no other principal sends to them', () => {
  const rules = () => {
    const hub = testStack('Hub', HUB);
    const eventPattern = { source: ['com.shop'] };
    const invoices = Queue.fromQueueArn(hub, 'Q', `arn:aws:sqs:${REGION}:${BILLING.account}:invoices`);
    const targets = [new SqsEventTarget(invoices)];
    new Rule(hub, 'Rule', { ruleName: 'rule', eventPattern, targets });
    return hub.node.root as App;
  };
  const delivered = { deliver: { rule: { account: HUB.account, bus: 'default', name: 'rule' } }, expect: 'allow' };
  const accounts = { [HUB.account]: { orgId: ORGANIZATION, orgPaths: [`${ORGANIZATION}/r-ab12/ou-ab12-11111111/`] } };

  test.each<[string, CrossAccountPermissionProps, object[]]>([
    ['an account', { eventBusAccount: HUB.account }, [{ account: HUB.account }]],
    ['an organization', { publishers: [EventPublisher.organization(ORGANIZATION)] }, [{ orgId: ORGANIZATION }]],
    [
      'many accounts',
      { publishers: [EventPublisher.accounts(HUB.account, ...MANY)] },
      [HUB.account, ...MANY].map((account) => ({ account })),
    ],
    [
      'an organizational unit',
      { publishers: [EventPublisher.organizationalUnits(ORG_PATH)] },
      [{ orgPath: `${ORGANIZATION}/r-ab12/ou-ab12-11111111/` }],
    ],
  ])('of %s', (_, props, welcome) => {
    new CrossAccountQueuePermission(stack, 'Allow', { queue: queue(), ...props });
    expectAnswers([rules(), app], {
      accounts,
      questions: [{ noProblems: true }, delivered, { strangers: true, queue: 'invoices', welcome }],
    });
  });

  test('not of another organization', () => {
    const publishers = [EventPublisher.organization('o-zzzzzzzzzz')];
    new CrossAccountQueuePermission(stack, 'Allow', { queue: queue(), publishers });
    expectAnswers([rules(), app], { accounts, questions: [{ ...delivered, expect: 'deny' }] });
  });
});

test('fails for a role in the account of the target', () => {
  const role = new Role(stack, 'Role', { roleName: 'own', assumedBy: new ServicePrincipal('events.amazonaws.com') });
  const publishers = [EventPublisher.role(role)];
  expectError(
    () => new CrossAccountQueuePermission(stack, 'Allow', { queue: queue(), publishers }),
    "'publishers' must not be the account of this stack",
  );
});

test('a topic that no rule of the app sends to is checked in the cloud assembly too', () => {
  const owner = appIn(emptyDirectory(), 'billing', { context: LENIENT });
  const scope = new Stack(owner, 'Billing', { env: BILLING });
  const orders = new Topic(scope, 'Topic', { topicName: 'orders' });
  new CrossAccountTopicPermission(scope, 'Permission', { topic: orders, eventBusAccount: SHOP.account });
  const { out } = command('check', owner.synth().directory, '--json', '--trusted-account', HUB.account);

  expect(findingsOf(out)).toEqual(['billing error untrustedPrincipal Billing/Topic/Policy/Resource']);
});
