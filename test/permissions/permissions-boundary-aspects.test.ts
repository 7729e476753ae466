import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { AppIndex } from '../../src/app-model/app-index';
import { FindingId } from '../../src/checks/finding-id';
import { BILLING, HUB, SHOP, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError, expectFindings, idToAcknowledge } from '../support/messages';
import { pattern } from '../support/pattern';

let app: App;
let bus: CrossAccountEventBus;
let shop: Stack;
const eventPattern = { source: ['com.shop'] };
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
const NO_EVENTS = /'permissionsBoundary' must/;

beforeEach(() => {
  app = testApp();
  bus = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'orders' });
  shop = testStack('Shop', SHOP, app);
});

const boundary = (...statements: PolicyStatementProps[]) =>
  new ManagedPolicy(shop, 'Boundary', { statements: statements.map((s) => new PolicyStatement(s)) });
const nothingOfEvents = () => boundary({ actions: ['s3:*'], resources: ['*'] });
const publisher = (permissionsBoundary?: IManagedPolicy) =>
  new PublisherRole(shop, 'Role', { roleName: 'shop', assumedBy, eventBuses: [bus], permissionsBoundary });

describe('the boundary of a publisher', () => {
  test('is in the report of the checks if it is not defined in this app', () => {
    publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization'));
    CrossAccountEventChecks.applyTo(app, { report: true });
    const { findings } = JSON.parse(readFileSync(join(app.synth().directory, 'event-checks.json'), 'utf8'));
    expect(findings).toMatchObject([{ id: FindingId.MANUALLY_CHECK_PERMISSIONS_BOUNDARY, acknowledged: false }]);
  });

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
    expectError(() => app.synth(), NO_EVENTS);
  });

  test.each<[string, () => Stack]>([
    ['by a prop', () => publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization')).stack],
    [
      'by an aspect',
      () => {
        publisher();
        PermissionsBoundary.of(shop).apply(
          ManagedPolicy.fromManagedPolicyArn(shop, 'Imported', `arn:aws:iam::${SHOP.account}:policy/organization`),
        );
        return shop;
      },
    ],
    [
      'by its stack',
      () => {
        const stack = new Stack(app, 'Bounded', {
          env: SHOP,
          permissionsBoundary: StackBoundary.fromName('organization'),
        });
        new PublisherRole(stack, 'Role', { assumedBy, eventBuses: [bus] });
        new EventBus(shop, 'Bus', { eventBusName: 'local' });
        return stack;
      },
    ],
  ])('that the app does not make is warned of, %s', (_, make) => {
    const stack = make();
    expectFindings(messagesOf(stack), [`warning manuallyCheckPermissionsBoundary /${stack.node.id}/Role`]);
  });

  test('that is managed by AWS is warned of', () => {
    publisher(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expectFindings(messagesOf(shop), ['warning manuallyCheckPermissionsBoundary /Shop/Role']);
  });

  test('is not spoken of any more once that is acknowledged for the stack', () => {
    publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization'));
    const id = idToAcknowledge(messagesOf(shop));
    Annotations.of(shop).acknowledgeWarning(id, 'the boundary of the organization allows events');
    expect(messagesOf(shop)).toEqual([]);
  });
});

describe('the boundary of a role with which rules reach their targets', () => {
  test.each<[string, () => CrossAccountEventBusTarget | LambdaEventTarget, RegExp]>([
    ['a bus', () => new CrossAccountEventBusTarget(bus), NO_EVENTS],
    [
      'a function',
      () => new LambdaEventTarget(testFunction(testStack('Consumer', BILLING, app), 'F', { functionName: 'f' })),
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
    expectError(() => app.synth(), message);
  });
});

test('an app without checks is not read for a boundary, which takes long', () => {
  const read = jest.spyOn(AppIndex, 'of');
  publisher(ManagedPolicy.fromManagedPolicyName(shop, 'Imported', 'organization'));
  expectFindings(messagesOf(shop), ['warning manuallyCheckPermissionsBoundary /Shop/Role']);
  expect(read).not.toHaveBeenCalled();
  CrossAccountEventChecks.applyTo(app);
  app.synth({ force: true });
  expect(read).toHaveBeenCalled();
  read.mockRestore();
});
