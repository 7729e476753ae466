import { App, CfnParameter, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LazyRole, PolicyDocument, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  CrossAccountEventChecksPlugin,
  CrossAccountQueuePermission,
  CrossAccountRule,
  EventAssertions,
  PublisherRole,
  SqsEventTarget,
} from '../../src';
import { cdkVersionOf, isInstanceOf } from '../../src/app-model/cdk-internals';
import { HUB } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';

const TYPE_INFO = Symbol.for('jsii.rtti');

type CdkClass = new (...args: never[]) => object;

/** The class of another copy of the CDK: the same type, but not the same class. */
function copyOf(type: CdkClass, version = '2.999.0'): new () => object {
  const { fqn } = (type as unknown as { [TYPE_INFO]: { fqn: string } })[TYPE_INFO];
  class Copy {}
  return Object.assign(Copy, { [TYPE_INFO]: { fqn, version } });
}

/** The app of another release of the CDK. */
class NewerApp extends App {}
Object.assign(NewerApp, { [TYPE_INFO]: { fqn: 'aws-cdk-lib.App', version: '2.999.0' } });

describe('an object of another copy of the CDK', () => {
  test.each([
    ['parameter', CfnParameter],
    ['policy document', PolicyDocument],
    ['synthesizer', DefaultStackSynthesizer],
    ['role, whose class newer releases derive from another', LazyRole],
  ])('is an instance of the class of the same type: %s', (_, type) => {
    const Copy = copyOf(type);
    class Subclass extends Copy {}
    const classes: CdkClass[] = [CfnParameter, PolicyDocument, DefaultStackSynthesizer, LazyRole];
    const matching = [new Copy(), new Subclass()].map((object) => classes.filter((one) => isInstanceOf(object, one)));
    expect(matching).toEqual([[type], [type]]);
  });

  test('is not an instance of a class if its class has no type', () => {
    expect([{}, Object.create(null), new (class {})()].some((object) => isInstanceOf(object, PolicyDocument))).toBe(
      false,
    );
  });
});

test('the release of the CDK is that of the class from which an app is derived', () => {
  class OwnApp extends App {}
  const { version } = jest.requireActual('aws-cdk-lib/package.json');
  expect([new App(), new OwnApp(), new NewerApp(), new Construct(undefined as never, '')].map(cdkVersionOf)).toEqual([
    version,
    version,
    '2.999.0',
    undefined,
  ]);
});

describe('an app of another release of the CDK', () => {
  const app = new NewerApp();
  const stack = new Stack(app, 'Hub', { env: HUB });
  const eventBus = new EventBus(stack, 'Plain');
  const queue = new Queue(stack, 'Queue');
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  const otherBus = EventBus.fromEventBusArn(stack, 'Other', 'arn:aws:events:eu-west-1:999999999999:event-bus/other');
  const rule = () => new Rule(stack, 'L2', { eventBus, eventPattern: { source: ['com.example'] } });

  test.each<[string, () => unknown]>([
    ['CrossAccountEventBus', () => new CrossAccountEventBus(stack, 'Bus')],
    ['CrossAccountEventBusPolicy', () => new CrossAccountEventBusPolicy(stack, 'Policy', { eventBus })],
    ['PublisherRole', () => new PublisherRole(stack, 'Role', { assumedBy, eventBuses: [otherBus] })],
    ['CrossAccountRule', () => new CrossAccountRule(stack, 'Rule', { eventBus: otherBus, eventPattern: {} })],
    [
      'CrossAccountQueuePermission',
      () => new CrossAccountQueuePermission(stack, 'Permission', { queue, eventBusAccount: '999999999999' }),
    ],
    ['SqsEventTarget', () => new SqsEventTarget(queue).bind(rule())],
    [
      'CrossAccountEventBusTarget',
      () => new CrossAccountEventBusTarget(otherBus).bind(stack.node.findChild('L2') as Rule),
    ],
    ['CrossAccountEventChecks', () => CrossAccountEventChecks.applyTo(app)],
    ['CrossAccountEventChecksPlugin', () => CrossAccountEventChecksPlugin.addTo(app)],
    ['EventAssertions', () => EventAssertions.of(app)],
  ])('fails with both releases, in place of an error within the CDK: %s', (_, call) => {
    expectMessage(errorOf(call).replaceAll(cdkVersionOf(new App())!, 'VERSION'));
  });
});
