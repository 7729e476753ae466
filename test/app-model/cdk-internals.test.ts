import { Annotations, App, CfnMapping, CfnResource, Lazy, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import {
  synthesizeResource,
  hasAcknowledgement,
  canReadProperties,
  isBuiltFromName,
  isSynthesized,
  mappingOf,
  overridesOf,
  producerOf,
} from '../../src/app-model/cdk-internals';
import { HUB, SHOP, testStack } from '../support/apps';

let app: App;
let stack: Stack;
let bus: CfnEventBus;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
  bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
});

/** Each test fails when a CDK version no longer has the private member. */
describe('the CDK still has', () => {
  test('the synthesized form of a resource', () => {
    expect(stack.resolve(synthesizeResource(bus))).toMatchObject({ Type: 'AWS::Events::EventBus' });
  });

  test('the overrides of a resource', () => {
    bus.addOverride('Type', 'AWS::Events::Other');
    expect(overridesOf(bus)).toEqual({ Type: 'AWS::Events::Other' });
  });

  test('generated classes for resources, which synthesize their properties', () => {
    expect(canReadProperties(bus, ['Name'])).toBe(true);
    expect(canReadProperties(new CfnResource(stack, 'Other', { type: 'AWS::Events::EventBus' }), ['Name'])).toBe(false);
    bus.addPropertyOverride('Name', 'other');
    expect(canReadProperties(bus, ['Name'])).toBe(false);
  });

  test('the content of a mapping', () => {
    expect(mappingOf(new CfnMapping(stack, 'Mapping', { mapping: { live: { name: 'orders' } } }))).toEqual({
      live: { name: 'orders' },
    });
  });

  test.each([
    ['cached', () => Lazy.string({ produce: () => 'x' })],
    ['uncached', () => Lazy.uncachedString({ produce: () => 'x' })],
  ])('the producer of a lazy value, %s', (_, make) => {
    expect(producerOf(Tokenization.reverseString(make()).firstToken!)).toMatchObject({ produce: expect.any(Function) });
  });

  test('the assembly of a stage that is synthesized', () => {
    const stage = new Stage(app, 'Stage');
    new CfnEventBus(new Stack(stage, 'Stack'), 'Bus', { name: 'orders' });
    const before = isSynthesized(stage);
    stage.synth();
    expect([before, isSynthesized(stage), isSynthesized(app)]).toEqual([false, true, false]);
  });

  test('acknowledgements of warnings', () => {
    const before = hasAcknowledgement(bus.node, [bus.node.path], 'some:id');
    Annotations.of(bus).acknowledgeWarning('some:id', 'a test');
    expect([before, hasAcknowledgement(bus.node, [bus.node.path], 'some:id')]).toEqual([false, true]);
  });
});

describe('the properties of a resource can be read', () => {
  class Derived extends CfnEventBus {}
  class Rendering extends CfnEventBus {
    protected override renderProperties(): { [key: string]: unknown } {
      return { Name: 'other' };
    }
  }
  class Conditional extends CfnEventBus {
    protected override shouldSynthesize(): boolean {
      return this.name === 'here';
    }
  }
  const override = (path: string, value: unknown) => (id: string) => {
    const made = new CfnEventBus(stack, id, { name: 'x' });
    made.addOverride(path, value);
    return made;
  };

  test.each<[string, boolean, (id: string) => CfnResource]>([
    ['of a generated class', true, (id) => new CfnEventBus(stack, id, { name: 'x' })],
    ['of a class derived from it', true, (id) => new Derived(stack, id, { name: 'x' })],
    ['unless such a class changes them', false, (id) => new Rendering(stack, id, { name: 'x' })],
    ['unless it is not synthesized', false, (id) => new Conditional(stack, id, { name: 'gone' })],
    ['if it is synthesized on a condition', true, (id) => new Conditional(stack, id, { name: 'here' })],
    ['with an override of another property', true, override('Properties.Description', 'x')],
    ['unless there is an override of the property', false, override('Properties.Name', 'x')],
    ['unless there is an override of a part of it', false, override('Properties.Name.Part', 'x')],
    ['unless there is an override of an object', false, override('Metadata', { x: 1 })],
    ['unless there is another override', false, override('Condition', 'x')],
    ['unless an override replaces all properties', false, override('Properties', 'x')],
    ['unless a token replaces all properties', false, override('Properties', Lazy.any({ produce: () => ({}) }))],
  ])('%s', (_, expected, make) => {
    expect(canReadProperties(make('Made'), ['Name'])).toBe(expected);
  });
});

describe('a name or ARN is built from the name of a resource', () => {
  const target = (name?: string) => new Queue(stack, 'Queue', { queueName: name });
  const referenceTo = (text: string) => Tokenization.reverseString(text).firstToken as Reference;

  test.each<[string, boolean, () => Reference, object?]>([
    ['in another account', true, () => referenceTo(target('jobs').queueName), { account: SHOP.account }],
    ['in another Region', true, () => referenceTo(target('jobs').queueName), { region: 'us-east-1' }],
    ['unless it is in the same account and Region', false, () => referenceTo(target('jobs').queueName), {}],
    ['unless it has no name', false, () => referenceTo(target().queueName)],
    ['unless it is an L1', false, () => referenceTo(new CfnQueue(stack, 'Cfn', { queueName: 'jobs' }).attrArn)],
  ])('%s', (_, expected, make, env = { account: SHOP.account }) => {
    const hub = testStack('Hub', HUB);
    stack = hub;
    const other = testStack('Other', { ...HUB, ...env }, hub.node.root as App);
    expect(isBuiltFromName(make(), other)).toBe(expected);
  });
});

test.each<[string, unknown, boolean | undefined]>([
  ['none', undefined, undefined],
  ['one of an older release', new Map([['Stack/Bus', new Set(['some:id'])]]), true],
  ['another one of an older release', new Map([['Stack/Bus', new Set(['other:id'])]]), false],
  ['one on another path', new Map([['Stack', new Set(['some:id'])]]), undefined],
  ['one of a newer release', new Map([['Stack/Bus', new Map([['some:id', [{ where: {} }, {}]]])]]), true],
  ['one of a newer release with a filter', new Map([['Stack/Bus', new Map([['some:id', [{ where: {} }]]])]]), false],
  ['another one of a newer release', new Map([['Stack/Bus', new Map([['other:id', [{}]]])]]), false],
])('an acknowledgement is recognized: %s', (_, acks, expected = false) => {
  Object.assign(app, { [Symbol.for('@aws-cdk/core.Acknowledgements')]: { acks } });
  expect(hasAcknowledgement(bus.node, ['Other', 'Stack/Bus'], 'some:id')).toBe(expected);
});

test('a resource that is not synthesized has no body', () => {
  const without = new CfnEventBus(stack, 'Without', { name: 'x' });
  Object.assign(without, { _toCloudFormation: () => ({}) });
  expect(synthesizeResource(without)).toBeNull();
  Object.assign(without, { _toCloudFormation: () => ({ Resources: {} }) });
  expect(synthesizeResource(without)).toBeNull();
});

test('a token without a producer, and one that newer releases wrap', () => {
  const producer = { produce: () => 'x' };
  const token = (members: object) => members as never;
  expect([{}, { inner: {} }, { producer }, { inner: { producer } }].map((one) => producerOf(token(one)))).toEqual([
    ...[undefined, undefined, producer, producer],
  ]);
});
