import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusPolicy, EventPublisher, PublisherRole } from '../../src';
import { HUB, ORGANIZATION, SHOP, testApp, testStack } from '../support/apps';
import { propertiesOf } from '../support/templates';

/** The IDs of all statements in the stack of the bus. CloudFormation takes them as physical IDs. */
function idsOf(define: (hub: Stack) => unknown): string[] {
  const hub = testStack('Hub', HUB, testApp());
  define(hub);
  const ids = propertiesOf(hub, 'AWS::Events::EventBusPolicy').map(({ StatementId }) => StatementId);
  expect(ids).not.toEqual([]);
  return ids;
}

const publishers = [EventPublisher.accounts(SHOP.account), EventPublisher.organization(ORGANIZATION)];
const crossAccountBus = (eventBusName?: string) => (hub: Stack) => {
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName, publishers });
  bus.allowRuleManagement(EventPublisher.accounts(SHOP.account));
  bus.addToResourcePolicy(
    new PolicyStatement({ actions: ['events:PutEvents'], principals: [new AccountPrincipal(SHOP.account)] }),
  );
};
const policyOf = (define: (hub: Stack) => IEventBusRef) => (hub: Stack) =>
  new CrossAccountEventBusPolicy(hub, 'Policy', { eventBus: define(hub), publishers });
/** A bus of another class, whose policy is written for a publisher in another account. */
const usedBus = (define: (hub: Stack) => IEventBusRef) => (hub: Stack) =>
  new PublisherRole(testStack('Shop', SHOP, hub.node.root as App), 'Role', {
    assumedBy: new AccountPrincipal(SHOP.account),
    eventBuses: [define(hub)],
  });
const l1 = (name: string) => (hub: Stack) => new CfnEventBus(hub, 'Bus', { name });
const l2 = (id: string, eventBusName?: string) => (hub: Stack) => new EventBus(hub, id, { eventBusName });
const byName = (name: string) => (hub: Stack) => EventBus.fromEventBusName(hub, 'Imported', name);
const byArn = (name: string) => (hub: Stack) =>
  EventBus.fromEventBusArn(hub, 'Imported', `arn:aws:events:eu-west-1:${HUB.account}:event-bus/${name}`);
const byParameter = (id: string) => (hub: Stack) =>
  EventBus.fromEventBusName(hub, 'Imported', new CfnParameter(hub, id).valueAsString);

describe('CloudFormation creates the statements of another bus before it deletes those of the old one', () => {
  test.each<[string, (hub: Stack) => unknown, (hub: Stack) => unknown]>([
    ['the name of a bus', crossAccountBus('orders'), crossAccountBus('sales')],
    ['the name of a bus, from a generated one', crossAccountBus(), crossAccountBus('sales')],
    ['the name of a bus, to a generated one', crossAccountBus('orders'), crossAccountBus()],
    ['a part of the name of a bus', crossAccountBus(`orders-${Aws.REGION}`), crossAccountBus(`sales-${Aws.REGION}`)],
    ['the name of an L2 that is used', usedBus(l2('Bus', 'orders')), usedBus(l2('Bus', 'sales'))],
    ['the name of an L1 that is used', usedBus(l1('orders')), usedBus(l1('sales'))],
    ['the name of an L1 with a policy', policyOf(l1('orders')), policyOf(l1('sales'))],
    ['the bus of a policy, imported by name', policyOf(byName('orders')), policyOf(byName('sales'))],
    ['the bus of a policy, imported by ARN', policyOf(byArn('orders')), policyOf(byArn('sales'))],
    ['the bus of a policy, from the default one', policyOf(byName('default')), policyOf(byName('sales'))],
    ['the bus of a policy, named by a parameter', policyOf(byParameter('A')), policyOf(byParameter('B'))],
    ['the bus of a policy, without a name', policyOf(l2('Orders')), policyOf(l2('Sales'))],
    [
      'the bus of a policy, with a generated name',
      policyOf((hub) => new CrossAccountEventBus(hub, 'Orders')),
      policyOf((hub) => new CrossAccountEventBus(hub, 'Sales')),
    ],
  ])('so no statement ID is the same after a change of %s', (_, before, after) => {
    const ids = [...idsOf(before), ...idsOf(after)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z]+-[0-9a-f]{12}$/);
  });
});

test.each<[string, (hub: Stack) => unknown, (hub: Stack) => unknown]>([
  ['the generated name of a bus is set as its name', crossAccountBus(), crossAccountBus('Hub-Bus-24189564')],
  ['a bus is imported by its ARN instead of its name', policyOf(byName('orders')), policyOf(byArn('orders'))],
  ['a bus of the app is imported by its name', policyOf(l1('orders')), policyOf(byName('orders'))],
])('statement IDs stay the same if %s', (_, before, after) => {
  expect(idsOf(after)).toEqual(idsOf(before));
});
