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
import { FindingId } from '../../src/checks/finding-id';
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { brief, expectFindings } from '../support/messages';
import { randomCases } from '../support/random-cases';
import { strangeJson } from '../support/strange-json';

const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const OPEN = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: BUS_ARN };
/** For templates with errors. */
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
const policy = (statement: unknown, scope = hub) =>
  new CfnEventBusPolicy(scope, 'Policy', { statementId: 'Partner', eventBusName: 'orders', statement });
const overridden = (statement: unknown) => {
  const resource = new CfnResource(hub, 'Policy', {
    type: 'AWS::Events::EventBusPolicy',
    properties: { EventBusName: 'orders', StatementId: 'Partner' },
  });
  resource.addPropertyOverride('Statement', statement);
};

describe('a bus policy that allows any AWS account is reported', () => {
  test.each<[string, () => unknown]>([
    ['in a statement', () => policy(OPEN)],
    [
      'in a statement with a condition only on the event',
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
      'in a CfnResource',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::Events::EventBusPolicy',
          properties: { EventBusName: 'orders', StatementId: 'Partner', Statement: OPEN },
        }),
    ],
    [
      'with the properties Principal and Action',
      () =>
        new CfnResource(hub, 'Policy', {
          type: 'AWS::Events::EventBusPolicy',
          properties: { EventBusName: 'orders', StatementId: 'Partner', Action: 'events:PutEvents', Principal: '*' },
        }),
    ],
  ])('%s', (_, make) => {
    make();
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });

  test.each<[string, unknown]>([
    ['as a document', { Version: '2012-10-17', Statement: [{ ...OPEN, Sid: 'Partner' }] }],
    ['as a document of one statement', { Version: '2012-10-17', Statement: { ...OPEN, Sid: 'Partner' } }],
    ['as text', JSON.stringify({ Version: '2012-10-17', Statement: [{ ...OPEN, Sid: 'Partner' }] })],
  ])('in the policy of the bus itself, %s', (_, document) => {
    new CfnEventBus(hub, 'Bus', { name: 'orders', policy: document });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Bus']);
  });

  test('in a statement that the L2 adds', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Partner',
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new AnyPrincipal()],
      }),
    );
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Bus/cdk-Partner/Resource']);
  });

  test('in a statement of addToResourcePolicy()', () => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.addToResourcePolicy(
      new PolicyStatement({ sid: 'Partner', actions: ['events:PutEvents'], principals: [new AnyPrincipal()] }),
    );
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Bus/Policy/Partner']);
  });

  test('with its actions, if PutEvents is not one of them', () => {
    policy({ ...OPEN, Action: ['events:DescribeRule', 'events:ListTargetsByRule'] });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });
});

describe('a policy whose principals cannot be determined is reported', () => {
  test.each<[string, () => unknown]>([
    [
      'with a principal known only at deployment',
      () => policy({ ...OPEN, Principal: { AWS: new CfnParameter(hub, 'Who').valueAsString } }),
    ],
    ['with a condition known only at deployment', () => overridden({ 'Fn::If': ['Prod', OPEN, ORGANIZED] })],
    ['with an imported principal', () => policy({ ...OPEN, Principal: { AWS: Fn.importValue('Partner') } })],
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
    ],
    ['if it is not a document', () => new CfnEventBus(hub, 'Policy', { name: 'orders', policy: ['x'] })],
    ['if it is text but not JSON', () => new CfnEventBus(hub, 'Policy', { name: 'orders', policy: '{' })],
  ])('%s', (_, make) => {
    app = testApp({ context: LENIENT });
    hub = testStack('Hub', HUB, app);
    make();
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });
});

describe('a function policy that allows any AWS account is reported', () => {
  test.each<[string, Record<string, unknown>]>([
    ['with a service without a source', { principal: 'events.amazonaws.com' }],
    ['with a service with the suffix of the partition', { principal: `events.${Aws.URL_SUFFIX}` }],
    ['with a service with a wildcard as source', { principal: 'events.amazonaws.com', sourceArn: '*' }],
    [
      'with a service for rules in any account',
      { principal: 'events.amazonaws.com', sourceArn: 'arn:aws:events:*:*:rule/*' },
    ],
    ['with any principal', { principal: '*' }],
  ])('%s', (_, props) => {
    hub = testStack('Hub', HUB, testApp({ context: LENIENT }));
    const functionName = testFunction(hub, 'Handler', { functionName: 'handler' }).functionName;
    new CfnPermission(hub, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName,
      ...(props as { principal: string }),
    });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Permission']);
  });

  test('in an AWS::Lambda::ResourcePolicy', () => {
    const properties = {
      ResourceArn: 'arn:aws:lambda:eu-west-1:111111111111:function:handler:live',
      PolicyDocument: { Statement: { ...OPEN, Sid: 'All', Action: 'lambda:GetFunction' } },
    };
    new CfnResource(hub, 'Policy', { type: 'AWS::Lambda::ResourcePolicy', properties });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });
});

describe('a correct app has no findings', () => {
  test.each<[string, object | undefined]>([
    ['in a known account', HUB],
    ['in an account known only at deployment', undefined],
  ])('%s', (_, env) => {
    const healthy = testApp();
    const stack = new Stack(healthy, 'Healthy', { env });
    const handler = testFunction(stack, 'Handler');
    const bus = new CrossAccountEventBus(stack, 'Bus', {
      publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(SHOP.account)],
    });
    new PublisherRole(stack, 'Role', { assumedBy: new AccountPrincipal(SHOP.account), eventBuses: [bus] });
    new Rule(stack, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['a'], account: [SHOP.account] },
      targets: [new LambdaEventTarget(handler)],
    });
    new Rule(stack, 'CdkRule', {
      eventBus: bus,
      eventPattern: { source: ['a'], account: [SHOP.account] },
      targets: [new LambdaFunction(handler)],
    });
    new CrossAccountInvokePermission(stack, 'Permission', { handler, eventBusAccount: BILLING.account });
    handler.addPermission('Organization', { principal: new OrganizationPrincipal(ORGANIZATION) });
    handler.addPermission('Account', { principal: new AccountPrincipal(SHOP.account) });
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

test('a finding can be acknowledged by its ID', () => {
  policy(OPEN);
  Annotations.of(hub).acknowledgeWarning(FindingId.WILDCARD_PRINCIPAL, 'a public demo');
  expect(messages()).toEqual([]);
});

describe('invalid input never throws and is always reported', () => {
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

  /** Without references to the resource itself, which are named principals. */
  const publicJson = json.filter((value) => !JSON.stringify(value).includes('Policy'));

  test('as the statement of a bus policy', () => {
    fc.assert(
      fc.property(publicJson, (Statement) => {
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

  test('as the function of a permission for any AWS account', () => {
    fc.assert(
      fc.property(json, (FunctionName) => {
        const found = synthesized('AWS::Lambda::Permission', { FunctionName, Principal: 'events.amazonaws.com' });
        expect(found.map(brief)).toEqual(['warning wildcardPrincipal /Strange/Policy']);
      }),
      randomCases(200),
    );
  });

  test('as the principal of a permission', () => {
    fc.assert(
      fc.property(publicJson, (Principal) => {
        const found = synthesized('AWS::Lambda::Permission', { FunctionName: 'handler', Principal });
        expect(found).toEqual([expect.stringMatching(/^warning \/Strange\/Policy .*function 'handler'/s)]);
      }),
      randomCases(200),
    );
  });
});
