import { Aws, CfnCondition, CfnOutput, CfnParameter, CfnResource, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, CfnRuleProps, EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { benchApp } from '../../../bench/synth/app';
import { RELEVANT_PROPERTIES } from '../../../src/app-model/read-app';
import { Resource } from '../../../src/app-model/resolve/resource';
import { TemplateReader } from '../../../src/app-model/resolve/template-reader';
import { canonical, isObject } from '../../../src/iam/statement';
import { BILLING, HUB, testApp, testFunction, testStack } from '../../support/apps';

const app = testApp();
const hub = testStack('Hub', HUB, app);
const other = testStack('Other', HUB, app);
const agnostic = new Stack(app, 'Agnostic');
const china = testStack('China', { account: BILLING.account, region: 'cn-north-1' }, app);

const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
const unnamed = new EventBus(hub, 'Unnamed');
(unnamed.node.defaultChild as CfnEventBus).addPropertyDeletionOverride('Name');
const rule = new CfnRule(hub, 'Rule', { name: 'to-handler', eventBusName: bus.ref });
const ruleByArn = new CfnRule(hub, 'ByArn', { name: 'to-handler', eventBusName: bus.attrArn });
const defaultRule = new CfnRule(hub, 'Nightly', { name: 'nightly' });
const role = new Role(hub, 'Role', {
  roleName: 'publisher',
  path: '/events/',
  assumedBy: new AccountPrincipal(BILLING.account),
});
const queue = new Queue(hub, 'Queue', { queueName: 'dead' });
const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
const alias = new Alias(hub, 'Live', { aliasName: 'live', version: handler.currentVersion });
const parameter = new CfnParameter(hub, 'Parameter');
const chinaBus = new CfnEventBus(china, 'Bus', { name: 'orders' });
new CfnOutput(hub, 'Exported', { value: bus.attrArn, exportName: 'OrdersArn' });
new CfnOutput(hub, 'Circular', { value: Fn.importValue('Circle'), exportName: 'Circle' });
new CfnOutput(hub, 'Private', { value: 'x' });

const read = (value: unknown, stack = other) => new TemplateReader().resolve(stack, value);

describe('text in place of tokens', () => {
  test.each<[string, unknown, unknown]>([
    ['a reference in another stack', bus.ref, 'orders'],
    ['the ARN of a bus', bus.attrArn, 'arn:aws:events:eu-west-1:111111111111:event-bus/orders'],
    [
      'the ARN of a bus in another partition',
      chinaBus.attrArn,
      'arn:aws-cn:events:cn-north-1:333333333333:event-bus/orders',
    ],
    [
      'the ARN of a bus without a name',
      unnamed.eventBusArn,
      'arn:aws:events:eu-west-1:111111111111:event-bus/‹Name of Hub/Unnamed/Resource›',
    ],
    ['the ARN of a rule', rule.attrArn, 'arn:aws:events:eu-west-1:111111111111:rule/orders/to-handler'],
    [
      'the ARN of a rule whose bus is named by ARN',
      ruleByArn.attrArn,
      'arn:aws:events:eu-west-1:111111111111:rule/orders/to-handler',
    ],
    ['the ARN of a rule on the default bus', defaultRule.attrArn, 'arn:aws:events:eu-west-1:111111111111:rule/nightly'],
    ['the ARN of a role with a path', role.roleArn, 'arn:aws:iam::111111111111:role/events/publisher'],
    ['the ARN of a queue', queue.queueArn, 'arn:aws:sqs:eu-west-1:111111111111:dead'],
    ['the ARN of a function', handler.functionArn, 'arn:aws:lambda:eu-west-1:111111111111:function:handler'],
    ['the ARN of an alias', alias.functionArn, 'arn:aws:lambda:eu-west-1:111111111111:function:handler:live'],
    ['an ARN within text', `${bus.attrArn}/*`, 'arn:aws:events:eu-west-1:111111111111:event-bus/orders/*'],
    ['a list of tokens', [bus.ref, Lazy.string({ produce: () => 'late' })], ['orders', 'late']],
    ['a parameter', parameter.valueAsString, '‹parameter Hub/Parameter›'],
    ['an unknown attribute', handler.currentVersion.version, '‹Version of Hub/Handler/CurrentVersion/Resource›'],
    ['a part of an ARN', Fn.select(5, Fn.split(':', bus.attrArn)), 'event-bus/orders'],
    [
      'the name in an ARN without one',
      Fn.select(1, Fn.split('/', Fn.select(5, Fn.split(':', unnamed.eventBusArn)))),
      '‹Name of Hub/Unnamed/Resource›',
    ],
    ['an element of a list', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['an export of the app', Fn.importValue('OrdersArn'), 'arn:aws:events:eu-west-1:111111111111:event-bus/orders'],
    [
      'pseudo parameters',
      `${Aws.PARTITION} ${Aws.REGION} ${Aws.ACCOUNT_ID} ${Aws.STACK_NAME} ${Aws.URL_SUFFIX}`,
      'aws eu-west-1 111111111111 Other amazonaws.com',
    ],
    ['an omitted property', { here: 1, left: Aws.NO_VALUE }, { here: 1 }],
    ['plain values', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ])('replaces %s', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test.each<[string, unknown, unknown]>([
    [
      'names and attributes',
      { 'Fn::Sub': '${Bus} ${Bus.Arn}' },
      'orders arn:aws:events:eu-west-1:111111111111:event-bus/orders',
    ],
    ['its own variables', { 'Fn::Sub': ['${Bus}-${Mine}', { Mine: { Ref: 'Bus' } }] }, 'orders-orders'],
    ['an escaped variable', { 'Fn::Sub': '${!aws:PrincipalAccount}' }, '${aws:PrincipalAccount}'],
    ['an attribute as text', { 'Fn::GetAtt': 'Bus.Arn' }, 'arn:aws:events:eu-west-1:111111111111:event-bus/orders'],
    ['joined text', { 'Fn::Join': ['-', [{ Ref: 'Bus' }, 7]] }, 'orders-7'],
  ])('replaces raw functions: %s', (_, value, expected) => {
    expect(read(value, hub)).toEqual(expected);
  });

  test('is partly unresolved in an environment-agnostic stack', () => {
    expect(read(`${Aws.PARTITION} ${Aws.REGION} ${Aws.ACCOUNT_ID} ${Aws.STACK_ID}`, agnostic)).toBe(
      'aws ‹region› ‹AWS::AccountId› ‹AWS::StackId of Agnostic›',
    );
    expect(read(Aws.URL_SUFFIX, china)).toBe('amazonaws.com.cn');
  });
});

describe('an unresolved value', () => {
  test.each<[string, unknown]>([
    ['an export of another app', Fn.importValue('OfAnotherApp')],
    ['an export that imports itself', Fn.importValue('Circle')],
    ['a choice', { 'Fn::If': ['Prod', 'a', 'b'] }],
    ['an unknown logical ID', { Ref: 'Undefined' }],
    ['an invalid reference', { Ref: 7 }],
    ['a part of a parameter', { 'Fn::Select': [0, { 'Fn::Split': [',', parameter.valueAsString] }] }],
    ['a part that does not exist', { 'Fn::Select': [9, { 'Fn::Split': [':', bus.attrArn] }] }],
    ['an invalid selection', { 'Fn::Select': 'x' }],
    ['a selection from a parameter', { 'Fn::Select': [0, { Ref: 'Undefined' }] }],
    ['an inherited property of a resource', Token.asString({ 'Fn::GetAtt': ['Bus', 'constructor'] })],
    [
      'a producer that throws',
      Lazy.any({
        produce: () => {
          throw new Error('not yet\nat line 1');
        },
      }),
    ],
  ])('is one placeholder: %s', (_, value) => {
    expect(read(value, hub)).toMatch(/^‹[^‹›]+›$/);
  });

  test('differs from the value that it is a part of', () => {
    expect(read({ 'Fn::Select': [0, { 'Fn::Split': [',', parameter.valueAsString] }] }, hub)).not.toBe(
      read(parameter.valueAsString),
    );
  });

  test('is unique by its arguments', () => {
    expect(read(Fn.importValue('One'))).not.toBe(read(Fn.importValue('Other')));
    expect(read(Fn.importValue('One'))).toBe(read(Fn.importValue('One')));
  });

  test('leaves policies in JSON text readable', () => {
    const text = hub.toJsonString({ Principal: Fn.conditionIf('Prod', 'a', 'b'), Resource: bus.attrArn });
    expect(JSON.parse(read(text, hub) as string)).toEqual({
      Principal: expect.stringMatching(/^‹Fn::If .*a.*b/),
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
    });
  });
});

describe('a resource', () => {
  const custom = (id: string, properties: object = {}) =>
    new CfnResource(hub, id, { type: 'Custom::Thing', properties });

  test('is read with its overrides', () => {
    const resource = custom('Overridden', { A: 1, B: { C: 2, D: 3 } });
    resource.addPropertyOverride('B.C', bus.ref);
    resource.addPropertyDeletionOverride('A');
    resource.addOverride('Type', 'Custom::Other');
    expect(new TemplateReader().resource(resource)).toMatchObject({
      type: 'Custom::Other',
      properties: { B: { C: 'orders', D: 3 } },
      conditional: false,
    });
  });

  test('is conditional by its options and by an override', () => {
    const byOptions = custom('ByOptions');
    byOptions.cfnOptions.condition = new CfnCondition(hub, 'Condition');
    const byOverride = custom('ByOverride');
    byOverride.addOverride('Condition', 'Condition');
    expect([byOptions, byOverride].map((r) => new TemplateReader().resource(r)?.conditional)).toEqual([true, true]);
  });

  test('may refer to itself', () => {
    const resource = new CfnEventBus(hub, 'SelfReferring', { name: 'self-referring' });
    resource.addPropertyOverride('Policy', { Resource: resource.attrArn });
    expect(new TemplateReader().resource(resource)?.properties.Policy).toEqual({
      Resource: expect.stringContaining(':event-bus/'),
    });
  });

  test('that cannot be synthesized has no properties', () => {
    const resource = custom('Broken', {
      A: Lazy.any({
        produce: () => {
          throw new Error('not yet');
        },
      }),
    });
    expect(new TemplateReader().resource(resource)).toMatchObject({
      type: 'Custom::Thing',
      properties: {},
      conditional: false,
    });
  });
});

test.each<[string, object]>([
  ['a detail type by the name of the CDK', { eventPattern: { source: ['x'], detailType: ['y'] } }],
  ['targets on a condition', { targets: Fn.conditionIf('Prod', [{ id: 'T', arn: bus.attrArn }], []) }],
  [
    'one target on a condition',
    { targets: [{ id: 'S', arn: bus.attrArn }, Fn.conditionIf('Prod', { id: 'T', arn: bus.attrArn }, Aws.NO_VALUE)] },
  ],
  [
    'a dead-letter queue on a condition',
    { targets: [{ id: 'T', arn: bus.attrArn, deadLetterConfig: Fn.conditionIf('Prod', { Arn: 'a' }, Aws.NO_VALUE) }] },
  ],
  ['an empty dead-letter configuration', { targets: [{ id: 'T', arn: bus.attrArn, deadLetterConfig: {} }] }],
  [
    'more properties than are read',
    {
      targets: [
        {
          id: 'T',
          arn: bus.attrArn,
          input: '{}',
          retryPolicy: { maximumRetryAttempts: 1 },
          deadLetterConfig: { arn: 'a' },
        },
      ],
    },
  ],
])('some properties of a rule equal those of the whole rule: %s', (_, props) => {
  const unusual = new CfnRule(hub, `Unusual${hub.node.children.length}`, { name: 'unusual', ...props } as CfnRuleProps);
  const { Targets: some, EventPattern: pattern } = new TemplateReader().resourceWith(
    unusual,
    RELEVANT_PROPERTIES['AWS::Events::Rule'],
  )!.properties;
  const { Targets: all, EventPattern } = new TemplateReader().resource(unusual)!.properties;
  expect(pattern).toEqual(EventPattern);
  expect(some).toEqual(
    Array.isArray(all)
      ? all.map((one) =>
          isObject(one) ? Object.fromEntries(Object.entries(one).filter(([name]) => name !== 'RetryPolicy')) : one,
        )
      : all,
  );
});

test.each<[string, (resource: CfnFunction) => void]>([
  ['without overrides', () => undefined],
  ['of another property', (resource) => resource.addPropertyOverride('Environment.Variables.BUS', bus.attrArn)],
  ['of the property', (resource) => resource.addPropertyOverride('FunctionName', bus.ref)],
  ['that deletes the property', (resource) => resource.addPropertyDeletionOverride('FunctionName')],
  ['of all properties', (resource) => resource.addOverride('Properties', { FunctionName: 'other' })],
  ['that deletes all properties', (resource) => resource.addDeletionOverride('Properties')],
  [
    'of all properties, by a token',
    (resource) => resource.addOverride('Properties', Lazy.any({ produce: () => ({ FunctionName: 'late' }) })),
  ],
  ['by a value that is not an object', (resource) => resource.addOverride('Properties', 'nothing')],
  ['of the type', (resource) => resource.addOverride('Type', 'AWS::Lambda::Alias')],
  ['of the condition', (resource) => resource.addOverride('Condition', 'Prod')],
  [
    'of another property and the condition',
    (resource) => {
      resource.addPropertyOverride('Description', 'x');
      resource.addOverride('Condition', 'Prod');
    },
  ],
])('a name equals that of the whole resource, with an override %s', (_, change) => {
  const overridden = new CfnFunction(hub, `Overridden${hub.node.children.length}`, {
    functionName: 'here',
    role: 'arn',
    code: { zipFile: 'x' },
  });
  change(overridden);
  const summaryOf = ({ type, conditional, properties }: Resource) => ({
    type,
    conditional,
    name: properties.FunctionName,
  });
  expect(summaryOf(new TemplateReader().resourceWith(overridden, ['FunctionName'])!)).toEqual(
    summaryOf(new TemplateReader().resource(overridden)!),
  );
});

test('attributes are those of the type that an override sets', () => {
  const retyped = new CfnEventBus(hub, 'Retyped', { name: 'retyped' });
  retyped.addOverride('Type', 'AWS::SNS::Topic');
  retyped.addPropertyOverride('TopicName', 'news');
  const reader = new TemplateReader();
  reader.resolve(hub, retyped.attrArn);
  expect(reader.attributesOf(retyped, reader.resource(retyped)!)).toMatchObject({ TopicName: 'news' });
});

test('some properties of a resource equal those of the whole resource, for every frequent type', () => {
  const resources = benchApp(11)
    .node.findAll()
    .filter((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType in RELEVANT_PROPERTIES);
  const [some, all] = [new TemplateReader(), new TemplateReader()];
  const picked = (one: Pick<Resource, 'properties'> | undefined, names: readonly string[]) =>
    canonical(
      one &&
        Object.fromEntries(names.filter((name) => name in one.properties).map((name) => [name, one.properties[name]])),
    );
  const differences = resources.filter((resource) => {
    const names = RELEVANT_PROPERTIES[resource.cfnResourceType];
    return picked(some.resourceWith(resource, names), names) !== picked(all.resource(resource), names);
  });
  expect(new Set(resources.map(({ cfnResourceType }) => cfnResourceType))).toEqual(
    new Set(Object.keys(RELEVANT_PROPERTIES)),
  );
  expect(differences.map(({ node }) => node.path)).toEqual([]);
  const documents = resources
    .filter(({ cfnResourceType }) => /Policy$/.test(cfnResourceType))
    .map((resource) => some.resourceWith(resource, RELEVANT_PROPERTIES[resource.cfnResourceType]));
  expect(documents.filter((one) => one && one.properties.PolicyDocument === undefined)).toEqual([]);
});
