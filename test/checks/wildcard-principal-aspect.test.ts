import { Annotations, App, Aspects, Aws, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  AccountPrincipal,
  AnyPrincipal,
  OrganizationPrincipal,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as fc from 'fast-check';
import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
  WildcardPrincipalAspect,
} from '../../src';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { randomCases } from '../support/random-cases';
import { strangeJson } from '../support/strange-json';

const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const ID = 'cdk-cross-account-eventbridge:wildcardPrincipal';
const OPEN = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: BUS_ARN };
/** Where a template is wrong on purpose. */
const LENIENT = { '@aws-cdk/core:validateAgainstDefaultRules': false };
const ORGANIZED = { ...OPEN, Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

const messages = (stack = hub) => {
  Aspects.of(stack).add(new WildcardPrincipalAspect());
  return messagesOf(stack);
};
const lets = (path: string, statement: string, what: string) => [
  expect.stringMatching(
    new RegExp(
      `^warning ${path} statement '${statement}' lets callers of every AWS account ${what}: .*; .*\\[ack: ${ID}\\]$`,
    ),
  ),
];

const policy = (statement: unknown, scope = hub) =>
  new CfnEventBusPolicy(scope, 'Policy', { statementId: 'Partner', eventBusName: 'orders', statement });
const overridden = (statement: unknown) => {
  const resource = new CfnResource(hub, 'Policy', {
    type: 'AWS::Events::EventBusPolicy',
    properties: { EventBusName: 'orders', StatementId: 'Partner' },
  });
  resource.addPropertyOverride('Statement', statement);
};

describe('a bus that every account may put events on is found', () => {
  test.each<[string, () => unknown]>([
    ['in a statement', () => policy(OPEN)],
    [
      'in a statement with a condition on the event alone',
      () => policy({ ...OPEN, Condition: { StringEquals: { 'events:source': 'com.shop' } } }),
    ],
    ['in a property override', () => overridden(OPEN)],
    [
      'in a raw override',
      () =>
        policy(ORGANIZED).addOverride('Properties.Statement.Condition', {
          StringEquals: null,
          StringLike: { 'aws:PrincipalOrgID': '*' },
        }),
    ],
    [
      'in an override that removes the condition',
      () => policy(ORGANIZED).addPropertyDeletionOverride('Statement.Condition'),
    ],
    ['in a statement written as text', () => overridden(JSON.stringify(OPEN))],
    [
      'in a resource known by its type alone',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::Events::EventBusPolicy',
          properties: { EventBusName: 'orders', StatementId: 'Partner', Statement: OPEN },
        }),
    ],
    [
      'in the form of principal and action',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::Events::EventBusPolicy',
          properties: { EventBusName: 'orders', StatementId: 'Partner', Action: 'events:PutEvents', Principal: '*' },
        }),
    ],
  ])('%s', (_, make) => {
    make();
    expect(messages()).toEqual(lets('/Hub/Policy', 'Partner', "put events on bus 'orders'"));
  });

  test.each<[string, unknown]>([
    ['as a document', { Version: '2012-10-17', Statement: [{ ...OPEN, Sid: 'Partner' }] }],
    ['as a document of one statement', { Version: '2012-10-17', Statement: { ...OPEN, Sid: 'Partner' } }],
    ['as text', JSON.stringify({ Version: '2012-10-17', Statement: [{ ...OPEN, Sid: 'Partner' }] })],
  ])('in the policy of the bus itself, %s', (_, document) => {
    new CfnEventBus(hub, 'Bus', { name: 'orders', policy: document });
    expect(messages()).toEqual(lets('/Hub/Bus', 'Partner', "put events on bus 'orders'"));
  });

  test('where the L2 adds the statement', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Partner',
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new AnyPrincipal()],
      }),
    );
    expect(messages()).toEqual(lets('/Hub/Bus/cdk-Partner/Resource', 'cdk-Partner', "put events on bus 'orders'"));
  });

  test('where a statement is added to our bus as it is', () => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.addToResourcePolicy(
      new PolicyStatement({ sid: 'Partner', actions: ['events:PutEvents'], principals: [new AnyPrincipal()] }),
    );
    expect(messages()).toEqual(lets('/Hub/Bus/Policy/Partner', 'Partner', "put events on bus 'orders'"));
  });

  test('with the calls that it allows, when those are others than putting events', () => {
    policy({ ...OPEN, Action: ['events:DescribeRule', 'events:ListTargetsByRule'] });
    expect(messages()).toEqual(
      lets('/Hub/Policy', 'Partner', "call events:DescribeRule, events:ListTargetsByRule on bus 'orders'"),
    );
  });
});

describe('a policy of which it cannot be told whom it lets in is found', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'with a principal given at deployment',
      () => policy({ ...OPEN, Principal: { AWS: new CfnParameter(hub, 'Who').valueAsString } }),
      /known only at deployment/,
    ],
    [
      'with a condition decided at deployment',
      () => overridden({ 'Fn::If': ['Prod', OPEN, ORGANIZED] }),
      /it is no statement/,
    ],
    [
      'with a principal of another app',
      () => policy({ ...OPEN, Principal: { AWS: Fn.importValue('Partner') } }),
      /known only at deployment/,
    ],
    [
      'without a principal',
      () =>
        overridden({
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Resource: BUS_ARN,
          Principal: null,
          Condition: null,
        }),
      /./,
    ],
    [
      'when it is no document',
      () => new CfnEventBus(hub, 'Policy', { name: 'orders', policy: ['x'] }),
      /it is no statement: \["x"\]/,
    ],
    [
      'when it is text but no JSON',
      () => new CfnEventBus(hub, 'Policy', { name: 'orders', policy: '{' }),
      /it is no statement: "\{"/,
    ],
  ])('%s', (_, make, because) => {
    app = testApp({ context: LENIENT });
    hub = testStack('Hub', HUB, app);
    make();
    expect(messages()).toEqual([expect.stringMatching(/^warning \/Hub\/Policy /)]);
    expect(messagesOf(hub)[0]).toMatch(because);
  });
});

describe('a function that strangers may invoke is found', () => {
  test.each<[string, Record<string, unknown>]>([
    ['by a service that names no source', { principal: 'events.amazonaws.com' }],
    ['by a service under the suffix of the partition', { principal: `events.${Aws.URL_SUFFIX}` }],
    ['by a service of another name', { principal: 'alexa-appkit.amazon.com' }],
    ['by a service with a source that is a wildcard', { principal: 'events.amazonaws.com', sourceArn: '*' }],
    [
      'by a service for rules of every account',
      { principal: 'events.amazonaws.com', sourceArn: 'arn:aws:events:*:*:rule/*' },
    ],
    ['by everyone', { principal: '*' }],
  ])('%s', (_, props) => {
    hub = testStack('Hub', HUB, testApp({ context: LENIENT }));
    const functionName = testFunction(hub, 'Handler', { functionName: 'handler' }).functionName;
    new CfnPermission(hub, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName,
      ...(props as { principal: string }),
    });
    expect(messages()).toEqual(lets('/Hub/Permission', 'Hub/Permission', "invoke function 'handler'"));
  });

  test('by the document of its policy', () => {
    const properties = {
      ResourceArn: 'arn:aws:lambda:eu-west-1:111111111111:function:handler:live',
      PolicyDocument: { Statement: { ...OPEN, Sid: 'All', Action: 'lambda:GetFunction' } },
    };
    new CfnResource(hub, 'Policy', { type: 'AWS::Lambda::ResourcePolicy', properties });
    expect(messages()).toEqual(lets('/Hub/Policy', 'All', "call lambda:GetFunction on function 'handler:live'"));
  });
});

describe('a healthy app says nothing', () => {
  test.each<[string, object | undefined]>([
    ['of a known account', HUB],
    ['of an account known at deployment', undefined],
  ])('%s', (_, env) => {
    const healthy = testApp();
    const stack = new Stack(healthy, 'Healthy', { env });
    const handler = testFunction(stack, 'Handler');
    const bus = new CrossAccountEventBus(stack, 'Bus', {
      publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(PUBLISHER.account)],
    });
    new PublisherRole(stack, 'Role', { assumedBy: new AccountPrincipal(PUBLISHER.account), eventBuses: [bus] });
    new Rule(stack, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['a'], account: [PUBLISHER.account] },
      targets: [new LambdaEventTarget(handler)],
    });
    new Rule(stack, 'CdkRule', {
      eventBus: bus,
      eventPattern: { source: ['a'], account: [PUBLISHER.account] },
      targets: [new LambdaFunction(handler)],
    });
    new CrossAccountInvokePermission(stack, 'Permission', { handler, eventBusAccount: CONSUMER.account });
    handler.addPermission('Organization', { principal: new OrganizationPrincipal(ORGANIZATION) });
    handler.addPermission('Account', { principal: new AccountPrincipal(PUBLISHER.account) });
    new Bucket(stack, 'Bucket').addObjectCreatedNotification(new LambdaDestination(handler));
    handler.addPermission('Bucket', {
      principal: new ServicePrincipal('s3.amazonaws.com'),
      sourceArn: 'arn:aws:s3:::uploads',
      sourceAccount: HUB.account,
    });
    policy({ ...OPEN, Condition: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } } }, stack);
    policy({ ...OPEN, Effect: 'Deny' }, testStack('Denies', HUB, healthy));

    expect(messages(stack)).toEqual([]);
  });
});

test('a finding can be acknowledged by its id', () => {
  policy(OPEN);
  Annotations.of(hub).acknowledgeWarning(ID, 'a public demo');
  expect(messages()).toEqual([]);
});

describe('strange input never throws and is never passed over', () => {
  // The newest CDK prints what is wrong with each template.
  beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
  afterEach(() => jest.restoreAllMocks());

  const synthesized = (type: string, properties: object) => {
    const strange = testApp({ context: LENIENT });
    const stack = testStack('Strange', HUB, strange);
    const resource = new CfnResource(stack, 'Policy', {
      type,
      properties: { EventBusName: 'orders', StatementId: 'S', Action: 'lambda:InvokeFunction' },
    });
    for (const [name, value] of Object.entries(properties)) resource.addPropertyOverride(name, value);
    return messages(stack);
  };
  const json = strangeJson(
    [
      'Ref',
      'Fn::GetAtt',
      'Fn::Join',
      'Fn::Sub',
      'Fn::Select',
      'Fn::Split',
      'Fn::ImportValue',
      'constructor',
      'toString',
      'Effect',
      'Principal',
      'AWS',
      'Service',
      'Condition',
      'StringEquals',
      'Null',
    ],
    ['*', 'Policy', 'Policy.Arn', 'AWS::NoValue', 'Allow', 'constructor'],
  );

  /** What refers to the resource itself is a named principal. */
  const stranger = json.filter((value) => !JSON.stringify(value).includes('Policy'));

  test('as the statement of a bus policy', () => {
    fc.assert(
      fc.property(stranger, (Statement) => {
        const found = synthesized('AWS::Events::EventBusPolicy', { Statement });
        expect(found).toEqual([expect.stringMatching(/^warning \/Strange\/Policy .*bus 'orders'/s)]);
      }),
      {
        ...randomCases(200),
        examples: [
          ['x'],
          [{ Condition: { StringEquals: { constructor: 'x' } }, Principal: '*' }],
          [{ 'Fn::GetAtt': ['Policy', 'constructor'] }],
        ],
      },
    );
  });

  test('as the function of a permission that is open', () => {
    fc.assert(
      fc.property(json, (FunctionName) => {
        const found = synthesized('AWS::Lambda::Permission', { FunctionName, Principal: 'events.amazonaws.com' });
        expect(found).toEqual([expect.stringMatching(/^warning \/Strange\/Policy .*acts for every account/s)]);
      }),
      randomCases(200),
    );
  });

  test('as the principal of a permission', () => {
    fc.assert(
      fc.property(stranger, (Principal) => {
        const found = synthesized('AWS::Lambda::Permission', { FunctionName: 'handler', Principal });
        expect(found).toEqual([expect.stringMatching(/^warning \/Strange\/Policy .*function 'handler'/s)]);
      }),
      randomCases(200),
    );
  });
});
