import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnDeployment,
  CfnStage,
  Deployment,
  EndpointType,
  IRestApi,
  MethodOptions,
  RestApi,
  RestApiProps,
  Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnStream, Stream, StreamEncryption, StreamProps } from 'aws-cdk-lib/aws-kinesis';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic, TopicProps } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  ApiGatewayEventTarget,
  ApiGatewayEventTargetProps,
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventTargetProps,
  KinesisEventTarget,
  SnsEventTarget,
} from '../../src';
import { BILLING, HUB, REGION, messagesOf, messagesOfApp, root, stackIn, testStack } from '../support/apps';
import {
  EVENTS,
  KEY_ARN,
  eventPattern,
  identityOf,
  ruleRoleNameOf,
  statementIn,
  targetApp,
  targetsOf,
} from '../support/event-targets';
import { expectError, expectFindings } from '../support/messages';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

/** Targets that EventBridge sends to with a role in any account: topics, streams and APIs. */

const ROLE = 'AWS::IAM::Role';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub, bus } = targetApp());
});

const billing = () => stackIn(app, 'Billing', BILLING);
const ruleTo = (target: IRuleTarget, id = 'Rule', stack = hub) =>
  new Rule(stack, id, { eventBus: stack === hub ? bus : undefined, eventPattern, ruleName: id, targets: [target] });
const roleName = () => ruleRoleNameOf(hub);
const theRole = () => partitioned(`:iam::${HUB.account}:role/${roleName()}`);
const checked = () => {
  CrossAccountEventChecks.applyTo(app);
  app.synth();
  return messagesOfApp(app);
};

const topicIn = (stack: Stack, props: TopicProps = {}) => new Topic(stack, 'Topic', { topicName: 'orders', ...props });
const streamIn = (stack: Stack, props: StreamProps = {}) =>
  new Stream(stack, 'Stream', { streamName: 'orders', encryption: StreamEncryption.UNENCRYPTED, ...props });
const keyIn = (stack: Stack) => new Key(stack, 'Key');

interface Kind {
  readonly action: string;
  readonly arn: (account: string) => string;
  readonly made: (stack: Stack, props?: EventTargetProps) => IRuleTarget;
  readonly imported: (stack: Stack, arn: string) => IRuleTarget;
  readonly encrypted: (stack: Stack, key?: IKey, props?: EventTargetProps) => IRuleTarget;
  readonly importedWithKey: (stack: Stack, arn: string) => IRuleTarget;
  readonly manualStep: string;
  readonly statements: (stack: Stack) => any[];
  readonly keyActions: string | string[];
  readonly service: string;
  readonly contextKey: string;
}

/**
 * The actions in the resource-based policies, as the pages of the services have them:
 *
 * - SNS: `sns:Publish`, https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * - Kinesis: `kinesis:PutRecord`, https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html,
 *   and for the role https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
const KINDS: [string, Kind][] = [
  [
    'topic',
    {
      action: 'sns:Publish',
      arn: (account) => `arn:aws:sns:${REGION}:${account}:orders`,
      made: (stack, props) => new SnsEventTarget(topicIn(stack), props),
      imported: (stack, arn) => new SnsEventTarget(Topic.fromTopicArn(stack, 'Imported', arn)),
      encrypted: (stack, masterKey = keyIn(stack), props) => new SnsEventTarget(topicIn(stack, { masterKey }), props),
      importedWithKey: (stack, topicArn) =>
        new SnsEventTarget(Topic.fromTopicAttributes(stack, 'Imported', { topicArn, keyArn: KEY_ARN })),
      manualStep: 'manuallyAddTopicPolicy',
      statements: (stack) =>
        propertiesOf(stack, 'AWS::SNS::TopicPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
      keyActions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      service: 'sns',
      contextKey: 'aws:sns:topicArn',
    },
  ],
  [
    'stream',
    {
      action: 'kinesis:PutRecord',
      arn: (account) => `arn:aws:kinesis:${REGION}:${account}:stream/orders`,
      made: (stack, props) => new KinesisEventTarget(streamIn(stack), props),
      imported: (stack, arn) => new KinesisEventTarget(Stream.fromStreamArn(stack, 'Imported', arn)),
      encrypted: (stack, encryptionKey = keyIn(stack), props) =>
        new KinesisEventTarget(streamIn(stack, { encryption: StreamEncryption.KMS, encryptionKey }), props),
      importedWithKey: (stack, streamArn) =>
        new KinesisEventTarget(
          Stream.fromStreamAttributes(stack, 'Imported', {
            streamArn,
            encryptionKey: Key.fromKeyArn(stack, 'ImportedKey', KEY_ARN),
          }),
        ),
      manualStep: 'manuallyAddStreamPolicy',
      statements: (stack) =>
        propertiesOf(stack, 'AWS::Kinesis::ResourcePolicy').flatMap(({ ResourcePolicy }) => ResourcePolicy.Statement),
      keyActions: 'kms:GenerateDataKey',
      service: 'kinesis',
      contextKey: 'aws:kinesis:arn',
    },
  ],
];

describe.each(KINDS)('a %s', (_, kind) => {
  test('in the account of the rule is a target with a role for that rule alone, and its policy does not change', () => {
    ruleTo(kind.made(hub));
    const [target] = targetsOf(hub);
    expect(target).toMatchObject({ RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^RuleRole/), 'Arn'] } });
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: kind.action, Resource: target.Arn }]);
    expect(propertiesOf(hub, ROLE)[0].AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': HUB.account },
          ArnEquals: { 'aws:SourceArn': partitioned(`:events:${REGION}:${HUB.account}:rule/orders/Rule`) },
        },
      },
    ]);
    expect(kind.statements(hub)).toEqual([]);
    expect(checked()).toEqual([]);
  });

  test('in another stack of the account is a target', () => {
    const other = testStack('Other', HUB, app);
    ruleTo(kind.made(other));
    app.synth();
    expect([dependenciesOf(hub), dependenciesOf(other)]).toEqual([['Other'], []]);
    expect(checked()).toEqual([]);
  });

  test('imported from the account of the rule is a target, and nothing else is to be done', () => {
    ruleTo(kind.imported(hub, kind.arn(HUB.account)));
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: kind.action, Resource: kind.arn(HUB.account) }]);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('with a key in the account of the rule is a target whose role may use the key', () => {
    ruleTo(kind.encrypted(hub));
    expect(identityOf(hub)[1]).toEqual({
      Effect: 'Allow',
      Action: kind.keyActions,
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      Condition: { StringEquals: { 'kms:ViaService': `${kind.service}.${REGION}.amazonaws.com` } },
    });
    expect(checked()).toEqual([]);
  });

  test('in another account allows exactly the role of the rule, and neither stack depends on the other', () => {
    ruleTo(kind.made(billing()));
    const arn = partitioned(kind.arn(BILLING.account).slice('arn:aws'.length));
    expect(targetsOf(hub)).toMatchObject([{ Arn: arn, RoleArn: expect.anything() }]);
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: kind.action, Resource: arn }]);
    expect(kind.statements(billing())).toEqual([
      {
        Sid: 'EventBridgeRoles',
        Effect: 'Allow',
        Principal: { AWS: root(HUB.account) },
        Action: kind.action,
        Resource: expect.anything(),
        Condition: { StringEquals: { 'aws:PrincipalArn': theRole() } },
      },
    ]);
    app.synth();
    expect([dependenciesOf(hub), dependenciesOf(billing())]).toEqual([[], []]);
    expect(checked()).toEqual([]);
  });

  test('in another account with a key: the key allows exactly the role, which may use it for that target alone', () => {
    ruleTo(kind.encrypted(billing()));
    const viaService = { 'kms:ViaService': `${kind.service}.${REGION}.amazonaws.com` };
    expect(identityOf(hub)[1]).toEqual({
      Effect: 'Allow',
      Action: kind.keyActions,
      Resource: partitioned(`:kms:${REGION}:${BILLING.account}:key/*`),
      Condition: {
        StringEquals: {
          ...viaService,
          [`kms:EncryptionContext:${kind.contextKey}`]: partitioned(kind.arn(BILLING.account).slice('arn:aws'.length)),
        },
      },
    });
    expect(propertiesOf(billing(), 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toMatchObject([
      {
        Principal: { AWS: root(HUB.account) },
        Action: kind.keyActions,
        Condition: { StringEquals: { 'aws:PrincipalArn': theRole(), ...viaService } },
      },
    ]);
    expect(checked()).toEqual([]);
  });

  test('in another account with the alias of a key: the role may use the key for that target alone', () => {
    ruleTo(kind.encrypted(billing(), keyIn(billing()).addAlias('alias/orders')));
    expect(identityOf(hub)[1]).toMatchObject({
      Resource: partitioned(`:kms:${REGION}:${BILLING.account}:key/*`),
      Condition: { StringEquals: { [`kms:EncryptionContext:${kind.contextKey}`]: expect.anything() } },
    });
    expect(checked()).toEqual([]);
  });

  test('with an imported key of another account is reported with the statement for the key policy', () => {
    ruleTo(kind.encrypted(hub, Key.fromKeyArn(hub, 'Imported', KEY_ARN)));
    expect(identityOf(hub)[1]).toMatchObject({ Resource: KEY_ARN });
    expectFindings(checked(), ['warning manuallyAddKeyPolicy /Hub/Rule']);
    expect(statementIn(messagesOf(hub)[0])).toMatchObject({
      Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/${roleName()}` } },
    });
  });

  test('with a key, and an imported role: the key allows that role', () => {
    const executionRole = Role.fromRoleArn(hub, 'Mine', `arn:aws:iam::${HUB.account}:role/mine`);
    ruleTo(kind.encrypted(billing(), keyIn(billing()), { executionRole }));
    expectFindings(checked(), ['warning manuallyAddRolePolicy /Hub/Rule']);
  });

  test('in another account, for rules with and without a known Region: the key has one statement', () => {
    const target = kind.encrypted(billing());
    ruleTo(target);
    ruleTo(target, 'Other', new Stack(app, 'Regional', { env: { account: HUB.account } }));
    expect(propertiesOf(billing(), 'AWS::KMS::Key')[0].KeyPolicy.Statement.slice(1)).toMatchObject([
      { Condition: { StringEquals: { 'aws:PrincipalArn': [expect.anything(), expect.anything()] } } },
    ]);
    expect(checked()).toEqual([]);
  });

  test('imported from another account is reported with the statement to add', () => {
    ruleTo(kind.imported(hub, kind.arn(BILLING.account)));
    expectFindings(messagesOf(hub), [`warning ${kind.manualStep} /Hub/Rule`]);
    expect(statementIn(messagesOf(hub)[0])).toEqual({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB.account}:root` },
      Action: kind.action,
      Resource: kind.arn(BILLING.account),
      Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/${roleName()}` } },
    });
  });

  test('imported from another account with its key is reported with both statements', () => {
    ruleTo(kind.importedWithKey(hub, kind.arn(BILLING.account)));
    expect(identityOf(hub)[1]).toMatchObject({ Resource: KEY_ARN });
    expectFindings(messagesOf(hub), ['warning manuallyAddKeyPolicy /Hub/Rule', `warning ${kind.manualStep} /Hub/Rule`]);
  });

  test('imported into an environment-agnostic stack is reported, because its account may be another one', () => {
    const rules = new Stack(app, 'Rules');
    ruleTo(kind.imported(rules, kind.arn(BILLING.account)), 'Rule', rules);
    expectFindings(messagesOf(rules), [`warning ${kind.manualStep} /Rules/Rule`]);
  });

  test('of an environment-agnostic stack is a target of a rule in another one', () => {
    const [rules, owner] = ['Rules', 'Owner'].map((id) => new Stack(app, id));
    ruleTo(kind.made(owner), 'Rule', rules);
    expect(kind.statements(owner)).toEqual([]);
    expect([...messagesOf(rules), ...messagesOf(owner)]).toEqual([]);
  });

  test('fails in another region', () => {
    const far = testStack('Far', { ...HUB, region: 'us-east-1' }, app);
    expectError(() => ruleTo(kind.made(far)), 'must be in region eu-west-1');
  });

  test.each([REGION, 'cn-north-1'])('fails in another partition, in Region %s', (region) => {
    const arn = kind.arn(HUB.account).replace(`arn:aws:`, 'arn:aws-cn:').replace(REGION, region);
    expectError(() => ruleTo(kind.imported(hub, arn)), 'must be in partition aws,');
  });

  test('fails in an environment-agnostic stack for a rule with an account', () => {
    expectError(() => ruleTo(kind.made(new Stack(app, 'Agnostic'))), 'must be in a stack with an explicit account');
  });

  test('has the input, retry policy, dead-letter queue and role of the target', () => {
    const executionRole = new Role(hub, 'Mine', { roleName: 'mine', assumedBy: EVENTS });
    const event = RuleTargetInput.fromEventPath('$.detail');
    ruleTo(kind.made(hub, { executionRole, event, deadLetterQueue: new Queue(hub, 'Undelivered'), retryAttempts: 2 }));
    expect(targetsOf(hub)).toMatchObject([
      {
        InputPath: '$.detail',
        RetryPolicy: { MaximumRetryAttempts: 2 },
        RoleArn: hub.resolve(executionRole.roleArn),
        DeadLetterConfig: expect.anything(),
      },
    ]);
    expect(propertiesOf(hub, ROLE)).toHaveLength(1);
  });
});

describe('a topic fails as target', () => {
  test('if it is a FIFO topic', () => {
    const topic = topicIn(hub, { topicName: 'orders.fifo', fifo: true });
    expectError(() => ruleTo(new SnsEventTarget(topic)), "'topic' must be a standard topic");
  });

  test('with the AWS managed key, in another account only', () => {
    const managed = (stack: Stack) => Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns');
    ruleTo(new SnsEventTarget(topicIn(hub, { masterKey: managed(hub) })));
    const topic = topicIn(billing(), { masterKey: managed(billing()) });
    const attributes = {
      topicArn: `arn:aws:sns:${REGION}:${BILLING.account}:orders`,
      keyArn: `arn:aws:kms:${REGION}:${BILLING.account}:alias/aws/sns`,
    };
    [topic, Topic.fromTopicAttributes(hub, 'Imported', attributes)].forEach((encrypted, i) =>
      expectError(
        () => ruleTo(new SnsEventTarget(encrypted), `Other${i}`),
        "'topic' must not be encrypted with the AWS managed",
      ),
    );
  });
});

describe('a stream', () => {
  test('fails with the AWS managed key, the default of the CDK, in another account only', () => {
    const managed = (stack: Stack) => new Stream(stack, 'Stream', { streamName: 'orders' });
    ruleTo(new KinesisEventTarget(managed(hub)));
    expectError(
      () => ruleTo(new KinesisEventTarget(managed(billing())), 'Other'),
      "'stream' must not be encrypted with the AWS managed key",
    );
  });

  test('without encryption as an L1 property is a target of another account', () => {
    const stream = streamIn(billing());
    (stream.node.defaultChild as CfnStream).streamEncryption = undefined;
    ruleTo(new KinesisEventTarget(stream));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('has the partition key of the target', () => {
    ruleTo(new KinesisEventTarget(streamIn(hub), { partitionKeyPath: '$.detail.id' }));
    expect(targetsOf(hub)).toMatchObject([{ KinesisParameters: { PartitionKeyPath: '$.detail.id' } }]);
  });

  test.each(['detail.id', '$', '', `$.${'x'.repeat(255)}`])('fails with the partition key path %p', (path) => {
    expectError(
      () => ruleTo(new KinesisEventTarget(streamIn(hub), { partitionKeyPath: path })),
      "'partitionKeyPath' must be a JSON path",
    );
  });
});

describe('a REST API', () => {
  const apiIn = (stack: Stack, props: RestApiProps = {}, options: MethodOptions = {}) => {
    const api = new RestApi(stack, 'Api', { cloudWatchRole: false, ...props });
    api.root.addMethod('POST', undefined, { authorizationType: AuthorizationType.IAM, ...options });
    api.root.addResource('orders').addResource('{id}').addMethod('PUT');
    return api;
  };
  const toApi = (api: IRestApi, props: ApiGatewayEventTargetProps = {}) =>
    ruleTo(new ApiGatewayEventTarget(api, props));
  const imported = (stack = hub) => RestApi.fromRestApiId(stack, 'Imported', 'a1b2c3d4e5');
  const inBilling: ApiGatewayEventTargetProps = { restApiAccount: BILLING.account, stage: 'prod', path: '/orders' };
  const ARN = `:execute-api:${REGION}:${BILLING.account}:a1b2c3d4e5/prod/POST/orders`;

  test('in the account of the rule is a target with a role for that method alone', () => {
    toApi(apiIn(hub));
    const [target] = targetsOf(hub);
    expect(JSON.stringify(target.Arn)).toMatch(/:execute-api:eu-west-1:111111111111:.*\/POST\//);
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: target.Arn }]);
    expect(checked()).toEqual([]);
  });

  test('in another stack of the account is a target', () => {
    toApi(apiIn(testStack('Apis', HUB, app)));
    expect(checked()).toEqual([]);
  });

  test('has the path, parameters and headers of the target', () => {
    toApi(apiIn(hub), {
      path: '/orders/*',
      method: 'PUT',
      pathParameterValues: ['$.detail.id'],
      headerParameters: { 'x-kind': 'order' },
      queryStringParameters: { from: '$.source' },
    });
    expect(targetsOf(hub)).toMatchObject([
      {
        HttpParameters: {
          PathParameterValues: ['$.detail.id'],
          HeaderParameters: { 'x-kind': 'order' },
          QueryStringParameters: { from: '$.source' },
        },
      },
    ]);
    expect(JSON.stringify(targetsOf(hub)[0].Arn)).toContain('/PUT/orders/*');
    expect(checked()).toEqual([]);
  });

  test.each<[string, RestApiProps, MethodOptions, ApiGatewayEventTargetProps]>([
    ['a proxy resource', { defaultCorsPreflightOptions: { allowOrigins: ['*'] } }, {}, { path: '/files/a/b' }],
    ['an API key', {}, { apiKeyRequired: true }, { headerParameters: { 'X-API-Key': 'secret' } }],
    ['any method', {}, { authorizationType: AuthorizationType.NONE }, {}],
  ])('with %s is a target', (_, api, method, target) => {
    const restApi = apiIn(hub, api, method);
    restApi.root.addResource('files').addProxy();
    toApi(restApi, target);
    expect(checked()).toEqual([]);
  });

  test('whose methods another stack adds is a target', () => {
    const api = apiIn(hub);
    const { restApiId, restApiRootResourceId: rootResourceId } = api;
    const other = testStack('Methods', HUB, app);
    RestApi.fromRestApiAttributes(other, 'Imported', { restApiId, rootResourceId })
      .root.addResource('more')
      .addMethod('POST');
    toApi(api, { path: '/more' });
    expect(checked()).toEqual([]);
  });

  test.each<[string, RestApiProps, MethodOptions, ApiGatewayEventTargetProps, RegExp]>([
    ['without the path', {}, {}, { path: '/customers' }, /'path' and 'method' must be those of a method of the API/],
    ['with more segments', {}, {}, { method: 'PUT', path: '/orders/1/items' }, /'path' and 'method' must be those of/],
    ['with fewer segments', {}, {}, { method: 'PUT', path: '/orders' }, /'path' and 'method' must be those of/],
    ['without the stage', {}, {}, { stage: 'test' }, /'stage' must be a stage of the API, .* use one of: prod/],
    ['without the method', {}, {}, { method: 'PUT' }, /use one of: POST \/, PUT \/orders\/\{id\}/],
    [
      'that is private',
      { endpointConfiguration: { types: [EndpointType.PRIVATE] } },
      {},
      {},
      /'restApi' must not be a private API/,
    ],
    ['without its endpoint', { disableExecuteApiEndpoint: true }, {}, {}, /'restApi' must have its default endpoint/],
    ['with an API key', {}, { apiKeyRequired: true }, {}, /'headerParameters' must have an API key/],
    ['with Cognito', {}, { authorizationType: AuthorizationType.COGNITO }, {}, /requires a token of Amazon Cognito/],
  ])('%s fails, because API Gateway would reject the events', (_, api, method, target, message) => {
    toApi(apiIn(hub, api, method), target);
    expectError(() => app.synth(), message);
  });

  test.each(['Authorization', 'X-Amzn-Trace-Id', 'host'])('fails with the header %p', (name) => {
    expectError(
      () => toApi(apiIn(hub), { headerParameters: { [name]: 'x' } }),
      "'headerParameters' must hold headers that EventBridge does not reserve",
    );
  });

  test.each<[string, (api: RestApi) => unknown]>([
    [
      'a second stage',
      (restApi) =>
        new Stage(hub, 'Stage', { deployment: new Deployment(hub, 'Two', { api: restApi }), stageName: 'test' }),
    ],
    ['an L1 stage', ({ restApiId }) => new CfnStage(hub, 'Stage', { restApiId, deploymentId: 'd', stageName: 'test' })],
    ['an L1 deployment', ({ restApiId }) => new CfnDeployment(hub, 'Deployment', { restApiId, stageName: 'test' })],
    [
      'a stage by an override',
      ({ deploymentStage }) => (deploymentStage.node.defaultChild as CfnStage).addPropertyOverride('StageName', 'test'),
    ],
    [
      'a stage that is known only at deployment',
      ({ restApiId }) => {
        const stageName = new CfnParameter(hub, 'Name').valueAsString;
        new CfnStage(hub, 'Stage', { restApiId, deploymentId: 'd', stageName });
      },
    ],
    [
      'a stage of an API that is known only at deployment',
      () => {
        const restApiId = new CfnParameter(hub, 'Id').valueAsString;
        new CfnStage(hub, 'Stage', { restApiId, deploymentId: 'd', stageName: 'test' });
      },
    ],
  ])('with %s is a target', (_, addStage) => {
    const restApi = apiIn(hub);
    addStage(restApi);
    toApi(restApi, { stage: 'test' });
    expect(checked()).toEqual([]);
  });

  test('without stages in this app is a target', () => {
    toApi(apiIn(hub, { deploy: false }), { stage: 'test' });
    new RestApi(hub, 'Other').root.addMethod('GET');
    expect(checked()).toEqual([]);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
  test('in another account is reported with the statement to add, which allows exactly the role of the rule', () => {
    toApi(imported(), inBilling);
    expect(targetsOf(hub)).toMatchObject([{ Arn: partitioned(ARN), RoleArn: expect.anything() }]);
    expect(identityOf(hub)).toEqual([{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: partitioned(ARN) }]);
    expectFindings(messagesOf(hub), ['warning manuallyAddApiPolicy /Hub/Rule']);
    expect(statementIn(messagesOf(hub)[0])).toEqual({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB.account}:root` },
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/prod/POST/orders',
      Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HUB.account}:role/${roleName()}` } },
    });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['defined in another account of this app', () => toApi(apiIn(billing())), /'restApi' must be imported by its ID/],
    ['imported without a stage', () => toApi(imported()), /'stage' must be set/],
    ['with a path that is relative', () => toApi(apiIn(hub), { path: 'orders' }), /'path' must begin with '\/'/],
    ['with the name of a parameter', () => toApi(apiIn(hub), { path: '/orders/{id}' }), /use '\/orders\/\*'/],
    ['with a query string', () => toApi(imported(), { ...inBilling, path: '/a?b=1' }), /use 'queryStringParameters'/],
    ['with white space in the path', () => toApi(imported(), { ...inBilling, path: '/a b' }), /white space/],
    ['with a text that is no header', () => toApi(apiIn(hub), { headerParameters: { 'a b': '' } }), /names of headers/],
    ['with a method in lower case', () => toApi(apiIn(hub), { method: 'post' }), /'method' must be an HTTP method/],
    [
      'with too few values for the path',
      () => toApi(apiIn(hub), { path: '/orders/*' }),
      /'pathParameterValues' must hold one value for each/,
    ],
    [
      'with an account, although it is defined in this app',
      () => toApi(apiIn(hub), { restApiAccount: BILLING.account }),
      /'restApiAccount' must only be set for an imported API/,
    ],
    [
      'with an invalid account',
      () => toApi(imported(), { ...inBilling, restApiAccount: '1' }),
      /'restApiAccount' must/,
    ],
    [
      'in another region',
      () => toApi(apiIn(testStack('Far', { ...HUB, region: 'us-east-1' }, app))),
      /'restApi' must be in region eu-west-1/,
    ],
  ])('fails %s', (_, use, message) => {
    expectError(use, message);
  });
});
