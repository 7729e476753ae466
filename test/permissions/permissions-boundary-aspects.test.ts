import { Annotations, App, PermissionsBoundary as StackBoundary, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  IManagedPolicy,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyStatement,
  PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, LambdaEventTarget, PublisherRole } from '../../src';
import { CONSUMER, HUB, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { pattern } from '../support/pattern';

let app: App;
let bus: CrossAccountEventBus;
let shop: Stack;
const eventPattern = { source: ['com.shop'] };
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
const ID = 'cdk-cross-account-eventbridge:manuallyCheckPermissionsBoundary';
const NO_EVENTS = pattern(
  /'permissionsBoundary' must allow 'events:PutEvents' on arn:aws:events:eu-west-1:111111111111:event-bus\/orders, /,
  /got 'Shop\/Boundary\/Resource', which does not/,
);

beforeEach(() => {
  app = testApp();
  bus = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
  shop = testStack('Shop', PUBLISHER, app);
});

const boundary = (...statements: PolicyStatementProps[]) =>
  new ManagedPolicy(shop, 'Boundary', { statements: statements.map((s) => new PolicyStatement(s)) });
const nothingOfEvents = () => boundary({ actions: ['s3:*'], resources: ['*'] });
const publisher = (permissionsBoundary?: IManagedPolicy) =>
  new PublisherRole(shop, 'Role', { roleName: 'shop', assumedBy, eventBuses: [bus], permissionsBoundary });

describe('the boundary of a publisher', () => {
  test.each<[string, () => void]>([
    ['by a prop', () => publisher(nothingOfEvents())],
    [
      'by an aspect',
      () => {
        publisher();
        PermissionsBoundary.of(shop).apply(nothingOfEvents());
      },
    ],
  ])('fails when it lets no event through: %s', (_, make) => {
    make();
    expect(() => app.synth()).toThrow(NO_EVENTS);
  });

  test.each<[string, () => Stack]>([
    ['by a prop', () => publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization')).stack],
    [
      'by an aspect',
      () => {
        publisher();
        PermissionsBoundary.of(shop).apply(
          ManagedPolicy.fromManagedPolicyArn(shop, 'Imported', `arn:aws:iam::${PUBLISHER.account}:policy/organization`),
        );
        return shop;
      },
    ],
    [
      'by its stack',
      () => {
        const stack = new Stack(app, 'Bounded', {
          env: PUBLISHER,
          permissionsBoundary: StackBoundary.fromName('organization'),
        });
        new PublisherRole(stack, 'Role', { assumedBy, eventBuses: [bus] });
        new EventBus(shop, 'Bus', { eventBusName: 'local' });
        return stack;
      },
    ],
  ])('that the app does not make is warned of, %s', (_, make) => {
    const stack = make();
    expect(messagesOf(stack)).toEqual([
      expect.stringContaining(
        `events are lost as long as the permissions boundary arn:aws:iam::${PUBLISHER.account}` +
          ':policy/organization of this ' +
          'role, which cannot be read from here, does not allow what the role needs; ' +
          'let it allow what this statement does: ' +
          '{"Effect":"Allow","Action":"events:PutEvents","Resource":' +
          `["arn:aws:events:eu-west-1:111111111111:event-bus/orders"]} [ack: ${ID}]`,
      ),
    ]);
  });

  test('that is managed by AWS is warned of', () => {
    publisher(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expect(messagesOf(shop)).toEqual([
      expect.stringContaining(
        'the permissions boundary arn:aws:iam::aws:policy/PowerUserAccess of this role, which cannot be read from here',
      ),
    ]);
  });

  test('is not spoken of any more once that is acknowledged for the stack', () => {
    publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization'));
    Annotations.of(shop).acknowledgeWarning(ID, 'the boundary of the organization allows events');
    expect(messagesOf(shop)).toEqual([]);
  });
});

describe('the boundary of a role with which rules reach their targets', () => {
  test.each<[string, () => CrossAccountEventBusTarget | LambdaEventTarget, RegExp]>([
    ['a bus', () => new CrossAccountEventBusTarget(bus), NO_EVENTS],
    [
      'a function',
      () => new LambdaEventTarget(testFunction(testStack('Consumer', CONSUMER, app), 'F', { functionName: 'f' })),
      pattern(
        /'permissionsBoundary' must allow 'lambda:InvokeFunction' on /,
        /arn:aws:lambda:eu-west-1:333333333333:function:f, /,
        /got 'Shop\/Boundary\/Resource'/,
      ),
    ],
    [
      'a bus, by a role that was given',
      () =>
        new CrossAccountEventBusTarget(bus, {
          executionRole: new Role(shop, 'Given', {
            roleName: 'given',
            assumedBy: new ServicePrincipal('events.amazonaws.com'),
          }),
        }),
      NO_EVENTS,
    ],
  ])('fails when it lets no event through to %s', (_, target, message) => {
    new Rule(shop, 'Rule', { eventBus: new EventBus(shop, 'Local'), eventPattern, targets: [target()] });
    PermissionsBoundary.of(shop).apply(nothingOfEvents());
    expect(() => app.synth()).toThrow(message);
  });
});
