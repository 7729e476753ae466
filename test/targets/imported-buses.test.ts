import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, IEventBusRef, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, PublisherRole, PublisherRoleProps } from '../../src';
import { HUB, SHOP, REGION, testApp, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const arnOf = (name: string, account = SHOP.account) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;
let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Publisher', SHOP, app);
});
const publisherOf = (eventBuses: IEventBusRef[], props: Partial<PublisherRoleProps> = {}) =>
  new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses, ...props });

describe('what a name means', () => {
  test('fails for a bus that a stack imports by name, of which only deployment tells the account', () => {
    const bus = EventBus.fromEventBusName(new Stack(app, 'Agnostic'), 'Default', 'default');
    expectError(() => publisherOf([bus]), "'eventBus' must");
    expectError(
      () =>
        new Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [new CrossAccountEventBusTarget(bus)] }),
      "'eventBus' must",
    );
  });

  test('fails for a rule on a bus of another account that another stack imports', () => {
    const bus = EventBus.fromEventBusArn(testStack('Imports', SHOP, app), 'Theirs', arnOf('theirs', HUB.account));
    const target = new CrossAccountEventBusTarget(new CrossAccountEventBus(stack, 'Local'));
    expectError(
      () => new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [target] }),
      "'eventBus' must",
    );
  });

  test('takes an L1 rule by the name of a bus of the stack, though one of that name is imported', () => {
    new EventBus(stack, 'Own', { eventBusName: 'orders' });
    const theirs = EventBus.fromEventBusArn(stack, 'Theirs', arnOf('orders', HUB.account));
    const rule = new CfnRule(stack, 'Rule', { eventBusName: 'orders', eventPattern: { source: ['x'] } });
    expect(() => new CrossAccountEventBusTarget(theirs).bind(rule)).not.toThrow();
  });

  test('takes a rule on a local bus that another stack imports, though its own imports one of that name', () => {
    const local = EventBus.fromEventBusName(testStack('Imports', SHOP, app), 'Local', 'orders');
    const theirs = EventBus.fromEventBusArn(stack, 'Theirs', arnOf('orders', HUB.account));
    expect(
      () =>
        new Rule(stack, 'Rule', {
          eventBus: local,
          eventPattern: { source: ['x'] },
          targets: [new CrossAccountEventBusTarget(theirs)],
        }),
    ).not.toThrow();
  });
});

test.each<[string, object]>([
  ['that only asks for a source', { Null: { 'aws:SourceArn': 'false' } }],
  ['on whom it is not for', { StringNotEquals: { 'aws:SourceAccount': '999999999999' } }],
])('a service with a condition %s still acts for this account alone', (_, conditions) => {
  publisherOf([EventBus.fromEventBusArn(stack, 'Bus', arnOf('orders'))], {
    assumedBy: new ServicePrincipal('pipes.amazonaws.com', { conditions: conditions as any }),
  });
  expect(propertiesOf(stack, 'AWS::IAM::Role')[0].AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
    ...conditions,
    StringEquals: { 'aws:SourceAccount': SHOP.account },
  });
});
