import { App, Aspects, CfnResource, PhysicalName, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnAlias, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  LambdaEventTarget,
  LambdaPermissionScope,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testFunction, testStack, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
const eventPattern = { source: ['com.shop'] };
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');

beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const consumer = () => stackIn(app, 'Consumer', BILLING);
const publisher = () =>
  new PublisherRole(testStack('Publisher', SHOP, app), 'Role', { roleName: 'shop', assumedBy, eventBuses: [bus] });
const ruleTo = (target: LambdaEventTarget | CrossAccountEventBusTarget) =>
  new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [target] });
const remote = () => testFunction(consumer(), 'Handler', { functionName: 'handler' });
const local = (permissionScope: LambdaPermissionScope) =>
  new LambdaEventTarget(testFunction(hub, 'Local'), { permissionScope });

/** Changes the resource at a path at synthesis. */
function changeByAspect<T extends CfnResource>(path: string, change: (resource: T) => void): void {
  Aspects.of(app).add({ visit: (c) => (c.node.path === path ? change(c as T) : undefined) });
}

describe('a name that policies and targets contain as a literal', () => {
  test.each<[string, () => void, string, string]>([
    [
      'of a bus that a publisher refers to',
      () => {
        publisher();
        changeByAspect<CfnEventBus>('Hub/Bus/Resource', (r) => (r.name = 'prod-orders'));
      },
      'event-bus/orders',
      'event-bus/prod-orders',
    ],
    [
      'of a bus that a rule forwards to',
      () => {
        ruleTo(new CrossAccountEventBusTarget(new EventBus(consumer(), 'Remote', { eventBusName: 'remote' })));
        changeByAspect<CfnEventBus>('Consumer/Remote/Resource', (r) => r.addPropertyOverride('Name', 'renamed'));
      },
      'event-bus/remote',
      'event-bus/renamed',
    ],
    [
      'of a rule that a role trusts, by an override',
      () => {
        ruleTo(new LambdaEventTarget(remote()));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => r.addPropertyOverride('Name', 'other'));
      },
      'rule/orders/Hub-Rule-',
      'rule/orders/other',
    ],
    [
      'of the bus of a rule that a role trusts',
      () => {
        ruleTo(new LambdaEventTarget(remote()));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => (r.eventBusName = 'invoices'));
      },
      'rule/orders/Hub-Rule-',
      'rule/invoices/Hub-Rule-',
    ],
    [
      'of the bus that a permission is for',
      () => {
        ruleTo(local(LambdaPermissionScope.EVENT_BUS));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => {
          r.name = 'rule';
          r.eventBusName = 'invoices';
        });
      },
      'rule/orders/*',
      'rule/invoices/rule',
    ],
    [
      'of a role that a bus policy allows',
      () => {
        publisher();
        changeByAspect<CfnRole>('Publisher/Role/Resource', (r) => (r.roleName = 'prefix-shop'));
      },
      'role/shop',
      'role/prefix-shop',
    ],
    [
      'of the path of a role that a bus policy allows',
      () => {
        publisher();
        changeByAspect<CfnRole>('Publisher/Role/Resource', (r) => (r.path = '/team/'));
      },
      'role/shop',
      'role/team/shop',
    ],
    [
      'of a function in another account',
      () => {
        ruleTo(new LambdaEventTarget(remote()));
        changeByAspect<CfnFunction>('Consumer/Handler/Resource', (r) => (r.functionName = 'other'));
      },
      'function:handler',
      'function:other',
    ],
    [
      'of an alias in another account',
      () => {
        ruleTo(
          new LambdaEventTarget(new Alias(consumer(), 'Live', { aliasName: 'live', version: remote().currentVersion })),
        );
        changeByAspect<CfnAlias>('Consumer/Live/Resource', (r) => (r.name = 'dead'));
      },
      'function:handler:live',
      'function:handler:dead',
    ],
    [
      'of a dead-letter queue in another account',
      () => {
        ruleTo(
          new LambdaEventTarget(remote(), {
            deadLetterQueue: new Queue(consumer(), 'Queue', { queueName: PhysicalName.GENERATE_IF_NEEDED }),
          }),
        );
        changeByAspect<CfnQueue>('Consumer/Queue/Resource', (r) => (r.queueName = 'other'));
      },
      'sqs:eu-west-1:333333333333:consumer',
      'sqs:eu-west-1:333333333333:other',
    ],
  ])('fails to change, %s', (_, change, was, is) => {
    change();
    const error = errorOf(() => app.synth());
    expect(error).toMatch(new RegExp(`'[^']*${was.replace(/[*]/g, '\\*')}[^']*', got '[^']*${is}`));
    expectMessage(error);
  });

  test.each<[string, () => void]>([
    [
      'a rule is renamed by an aspect, and the trust policy of its role with it',
      () => {
        ruleTo(new LambdaEventTarget(remote()));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => (r.name = 'renamed'));
      },
    ],
    [
      'a rule is renamed, and the permission is for all rules on its bus',
      () => {
        ruleTo(local(LambdaPermissionScope.EVENT_BUS));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => (r.name = 'renamed'));
      },
    ],
    [
      'a rule is moved to another bus, and the permission refers to the rule',
      () => {
        ruleTo(local(LambdaPermissionScope.RULE));
        changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => (r.eventBusName = 'invoices'));
      },
    ],
    [
      'no policy or target refers to the bus',
      () => changeByAspect<CfnEventBus>('Hub/Bus/Resource', (r) => (r.name = 'prod-orders')),
    ],
  ])('may change where %s', (_, change) => {
    change();
    expect(() => app.synth()).not.toThrow();
  });
});

describeWithOracle('a rule that an aspect renames', () => {
  test('delivers with its role', () => {
    ruleTo(new LambdaEventTarget(remote()));
    changeByAspect<CfnRule>('Hub/Rule/Resource', (r) => (r.name = 'renamed'));
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { deliver: { rule: { account: HUB.account, bus: 'orders', name: 'renamed' } }, expect: 'allow' },
      ],
    });
  });
});
