import { Annotations, App, CfnMapping, CfnResource, Lazy, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import {
  synthesizeResource,
  hasAcknowledgement,
  canReadProperties,
  isSynthesized,
  mappingOf,
  overridesOf,
  producerOf,
} from '../../src/app-model/cdk-internals';

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
