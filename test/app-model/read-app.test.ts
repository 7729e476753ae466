import { App, CfnCondition, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  Effect,
  ManagedPolicy,
  Policy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { readApp } from '../../src/app-model/read-app';
import { BILLING, HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';

const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:handler';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

const any = (type: string, properties: object) => new CfnResource(hub, 'Any', { type, properties });
const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'events:PutEvents',
  Resource: BUS_ARN,
  ...more,
});

describe('buses and their statements', () => {
  test('are read over all stacks, each with its construct, account, region and ARN', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    const policy = new CfnEventBusPolicy(testStack('Other', HUB, app), 'Policy', {
      statementId: 'S',
      eventBusName: bus.ref,
      statement: statement(),
    });
    const model = readApp(app);
    expect(model.eventBuses).toMatchObject([{ construct: bus, ...HUB, name: 'orders', arn: BUS_ARN }]);
    expect(model.eventBusStatements).toEqual([
      {
        construct: policy,
        resourceArn: BUS_ARN,
        id: 'S',
        conditional: false,
        isWholePolicy: false,
        statement: { Sid: 'S', ...statement() },
      },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no name is the default bus', undefined, 'arn:aws:events:eu-west-1:111111111111:event-bus/default'],
    ['a name', 'orders', BUS_ARN],
    ['an ARN', 'arn:aws:events:eu-west-1:111111111111:event-bus/orders', BUS_ARN],
    ['strange input, as its JSON', { toString: 1 }, 'arn:aws:events:eu-west-1:111111111111:event-bus/{"toString":1}'],
  ])('are assigned to the bus that they name: %s', (_, EventBusName, resourceArn) => {
    any('AWS::Events::EventBusPolicy', { StatementId: 'S', EventBusName, Statement: statement() });
    expect(readApp(app).eventBusStatements).toMatchObject([{ resourceArn, id: 'S' }]);
  });

  test.each<[string, unknown, unknown[]]>([
    [
      'a list of statements',
      { Statement: [{ Sid: 'A' }, { Effect: 'Allow' }] },
      [
        ['A', { Sid: 'A' }],
        ['#2', { Effect: 'Allow' }],
      ],
    ],
    ['one statement', { Statement: { Sid: 'A' } }, [['A', { Sid: 'A' }]]],
    ['text', '{"Statement":{"Sid":"A"}}', [['A', { Sid: 'A' }]]],
    ['text that is no JSON', 'nonsense', [['#1', 'nonsense']]],
    ['a list', ['nonsense'], [['#1', ['nonsense']]]],
    ['a document without statements', { Version: '2012-10-17' }, [['#1', { Version: '2012-10-17' }]]],
    ['a number', 5, [['#1', 5]]],
    ['a statement with a number as its ID', { Statement: { Sid: 5 } }, [['#1', { Sid: 5 }]]],
  ])('are read from the policy of the bus: %s', (_, document, expected) => {
    any('AWS::Events::EventBus', { Name: 'orders', Policy: document });
    expect(readApp(app).eventBusStatements.map(({ id, statement: s }) => [id, s])).toEqual(expected);
  });

  test.each<[string, object, unknown]>([
    [
      'an account',
      { Principal: SHOP.account },
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'events:PutEvents' },
    ],
    [
      'any AWS account, and another action',
      { Principal: '*', Action: 'events:PutRule' },
      { Principal: '*', Action: 'events:PutRule' },
    ],
    [
      'an organization',
      { Principal: '*', Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' } },
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ],
    ['a condition without parts', { Principal: '*', Condition: { Tpye: 'x' } }, { Condition: { null: { null: [] } } }],
    ['an invalid condition', { Principal: '*', Condition: 'x' }, { Principal: '*' }],
    ['a statement as text', { Statement: '{"Effect":"Deny"}' }, { Sid: 'S', Effect: 'Deny' }],
    ['a statement as text that is no JSON', { Statement: '{' }, '{'],
    ['a statement as text that is no object', { Statement: '[1]' }, [1]],
  ])('are read from the older properties: %s', (_, properties, expected) => {
    any('AWS::Events::EventBusPolicy', { StatementId: 'S', EventBusName: 'orders', ...properties });
    const [{ statement: read }] = readApp(app).eventBusStatements;
    if (typeof expected === 'object' && !Array.isArray(expected)) expect(read).toMatchObject(expected as object);
    else expect(read).toEqual(expected);
  });

  test('are named by their path if the ID is known only at deployment', () => {
    any('AWS::Events::EventBusPolicy', { Statement: statement() });
    expect(readApp(app).eventBusStatements).toMatchObject([{ id: '‹StatementId of Hub/Any›' }]);
  });

  test('are conditional if their resource has a condition', () => {
    any('AWS::Events::EventBusPolicy', { StatementId: 'S', Statement: statement() }).cfnOptions.condition =
      new CfnCondition(hub, 'C');
    expect(readApp(app).eventBusStatements).toMatchObject([{ conditional: true }]);
  });
});

describe('functions and their permissions', () => {
  const basics = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION_ARN };
  test.each<[string, object, object]>([
    [
      'a service with sources',
      { Principal: 'events.amazonaws.com', SourceArn: 'arn:x', SourceAccount: HUB.account },
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceAccount': HUB.account }, ArnLike: { 'AWS:SourceArn': 'arn:x' } },
      },
    ],
    ['an account', { Principal: SHOP.account }, { Principal: { AWS: 'arn:aws:iam::222222222222:root' } }],
    [
      'a role',
      { Principal: 'arn:aws:iam::222222222222:role/x' },
      { Principal: { AWS: 'arn:aws:iam::222222222222:role/x' } },
    ],
    [
      'an organization',
      { Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' },
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ],
    [
      'an Alexa skill',
      { Principal: 'alexa-appkit.amazon.com', EventSourceToken: 'skill' },
      {
        Principal: { Service: 'alexa-appkit.amazon.com' },
        Condition: { StringEquals: { 'lambda:EventSourceToken': 'skill' } },
      },
    ],
    [
      'a function URL',
      { Principal: '*', FunctionUrlAuthType: 'NONE', InvokedViaFunctionUrl: true },
      {
        Condition: {
          StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' },
          Bool: { 'lambda:InvokedViaFunctionUrl': true },
        },
      },
    ],
    ['no principal', {}, { Principal: [null] }],
  ])('are read as Lambda stores them: %s', (_, properties, expected) => {
    any('AWS::Lambda::Permission', { FunctionName: 'handler', Action: 'lambda:InvokeFunction', ...properties });
    expect(readApp(app).functionStatements).toMatchObject([
      { resourceArn: FUNCTION_ARN, statement: { ...basics, ...expected } },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['name', 'handler', FUNCTION_ARN],
    ['name and alias', 'handler:live', `${FUNCTION_ARN}:live`],
    ['ARN', FUNCTION_ARN, FUNCTION_ARN],
    ['partial ARN', `${BILLING.account}:function:handler`, 'arn:aws:lambda:eu-west-1:333333333333:function:handler'],
    ['an invalid value', { toString: 1 }, 'arn:aws:lambda:eu-west-1:111111111111:function:‹FunctionName of Hub/Any›'],
  ])('are assigned to the function that they name by %s', (_, FunctionName, resourceArn) => {
    any('AWS::Lambda::Permission', { FunctionName, Principal: '*' });
    expect(readApp(app).functionStatements).toMatchObject([{ resourceArn }]);
  });

  test('are read from a whole policy, and functions with their ARN', () => {
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    any('AWS::Lambda::ResourcePolicy', {
      ResourceArn: handler.functionArn,
      PolicyDocument: { Statement: [{ Sid: 'A' }] },
    });
    const model = readApp(app);
    expect(model.functions).toMatchObject([{ construct: handler.node.defaultChild, ...HUB, arn: FUNCTION_ARN }]);
    expect(model.functionStatements).toMatchObject([{ resourceArn: FUNCTION_ARN, id: 'A' }]);
  });
});

describe('rules', () => {
  test('are read with their bus, pattern and targets', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    new Rule(hub, 'Rule', {
      ruleName: 'all',
      eventBus: bus,
      eventPattern: { source: ['com.shop'] },
      targets: [
        {
          bind: () => ({
            id: 'T',
            arn: FUNCTION_ARN,
            role: new Role(hub, 'Role', { roleName: 'r', assumedBy: new ServicePrincipal('events.amazonaws.com') }),
          }),
        },
      ],
    });
    expect(readApp(app).rules).toMatchObject([
      {
        arn: 'arn:aws:events:eu-west-1:111111111111:rule/orders/all',
        name: 'all',
        eventBusArn: BUS_ARN,
        pattern: { source: ['com.shop'] },
        targets: [{ arn: FUNCTION_ARN, roleArn: 'arn:aws:iam::111111111111:role/r' }],
      },
    ]);
  });

  test('with invalid targets are read as far as possible', () => {
    const rule = new CfnRule(hub, 'Rule', { name: 'odd' });
    rule.addPropertyOverride('Targets', ['x', { Arn: { toString: 1 }, RoleArn: 5 }]);
    expect(readApp(app).rules).toMatchObject([
      {
        pattern: null,
        targets: [
          { id: '?', arn: '‹a target that cannot be read: x›' },
          { id: 'null', arn: '{"toString":1}', roleArn: '5' },
        ],
      },
    ]);
  });
});

describe('roles', () => {
  const role = () => new Role(hub, 'Role', { assumedBy: new AccountPrincipal(SHOP.account) });
  const put = new PolicyStatement({ actions: ['events:PutEvents'], resources: [BUS_ARN] });
  const read = { Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS_ARN };

  test.each<[string, (target: Role) => unknown]>([
    ['in a policy of its own', (target) => target.addToPolicy(put)],
    ['in a policy attached to it', (target) => new Policy(hub, 'A', { statements: [put], roles: [target] })],
    [
      'in a managed policy attached to it',
      (target) => new ManagedPolicy(hub, 'Managed', { statements: [put], roles: [target] }),
    ],
    [
      'in a role policy resource',
      (target) =>
        any('AWS::IAM::RolePolicy', {
          RoleName: target.roleName,
          PolicyName: 'p',
          PolicyDocument: { Statement: read },
        }),
    ],
    [
      'in an inline policy',
      (target) =>
        (target.node.defaultChild as CfnResource).addPropertyOverride('Policies', [
          { PolicyName: 'p', PolicyDocument: { Statement: [read] } },
        ]),
    ],
  ])('have the statements of their policies: %s', (_, grant) => {
    grant(role());
    expect(readApp(app).roles).toMatchObject([{ statements: [read] }]);
  });

  test('have the statements of their trust policy', () => {
    role();
    expect(readApp(app).roles).toMatchObject([
      { trust: [{ Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::222222222222:root' } }] },
    ]);
  });

  test('have a statement with unresolved actions for an AWS managed policy', () => {
    role().addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    const [
      {
        statements: [only],
      },
    ] = readApp(app).roles;
    expect(only).toEqual({
      Effect: 'Allow',
      Action: expect.stringMatching(/^‹actions of arn:aws:iam::aws:policy\/PowerUserAccess›$/),
      Resource: expect.stringMatching(/^‹/),
    });
  });

  test('have a statement for all EventBridge actions for the AWS managed policy with full access', () => {
    role().addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonEventBridgeFullAccess'));
    expect(readApp(app).roles).toMatchObject([
      { statements: [{ Effect: 'Allow', Action: 'events:*', Resource: '*' }] },
    ]);
  });

  test('with the same name in another account do not get the statements', () => {
    new Role(hub, 'Role', { roleName: 'same', assumedBy: new AccountPrincipal(SHOP.account) });
    const other = testStack('Other', BILLING, app);
    new CfnResource(other, 'Policy', {
      type: 'AWS::IAM::Policy',
      properties: { Roles: ['same'], PolicyDocument: { Statement: { Effect: Effect.DENY } } },
    });
    expect(readApp(app).roles).toMatchObject([{ statements: [] }]);
  });
});

test('stages are not read, because they are synthesized separately', () => {
  new CfnEventBus(new Stack(new Stage(app, 'Beta', { env: HUB }), 'Stack'), 'Bus', { name: 'orders' });
  expect(readApp(app).eventBuses).toEqual([]);
  expect(readApp(app.node.findChild('Beta')).eventBuses).toHaveLength(1);
});

test('resource types are not looked up in inherited properties', () => {
  any('constructor', {});
  expect(() => readApp(app)).not.toThrow();
});

test('a resource is read as the type that an override gives it', () => {
  const changeType = (resource: CfnResource, type: string, properties: object) => {
    resource.addOverride('Type', type);
    for (const [name, value] of Object.entries(properties)) resource.addPropertyOverride(name, value);
  };
  changeType(new CfnTopic(hub, 'Topic'), 'AWS::Events::EventBus', { Name: 'turned' });
  changeType(new CfnBucket(hub, 'Bucket'), 'AWS::SQS::Queue', { QueueName: 'turned' });
  changeType(new CfnEventBus(hub, 'Bus', { name: 'x' }), 'AWS::S3::Bucket', {});
  changeType(new CfnBucket(hub, 'Other'), 'AWS::SNS::Topic', {});
  const { ref } = new CfnTopic(hub, 'Target');
  new CfnRule(hub, 'Rule', { targets: [{ id: 'T', arn: ref }] });
  const { eventBuses, queues, topics } = readApp(app);
  expect([eventBuses, queues, topics].map((all) => all.map(({ construct }) => construct.node.path))).toEqual([
    ['Hub/Topic'],
    ['Hub/Bucket'],
    ['Hub/Other', 'Hub/Target'],
  ]);
});

test('policies of a role are in the order of the tree, whatever their type', () => {
  const attached = new Role(hub, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const statements = [new PolicyStatement({ actions: ['events:PutEvents'], resources: [BUS_ARN] })];
  new ManagedPolicy(hub, 'First', { roles: [attached], statements });
  new Policy(hub, 'Second', { roles: [attached], statements });
  new ManagedPolicy(hub, 'Third', { roles: [attached], statements });
  const [{ policies }] = readApp(app).roles;
  expect(policies.map(({ construct }) => construct.node.path)).toEqual([
    'Hub/First/Resource',
    'Hub/Second/Resource',
    'Hub/Third/Resource',
  ]);
});
