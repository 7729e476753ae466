import { App, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, EventPublisher, LambdaEventTarget, LambdaPermissionScope } from '../../src';
import { BILLING, HUB, testFunction, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
const eventPattern = { source: ['com.shop'] };

beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const consumer = () => stackIn(app, 'Consumer', BILLING);

describe('a permission for all rules of a bus', () => {
  const addRule = (eventBus?: CrossAccountEventBus) =>
    new Rule(hub, 'All', {
      eventBus,
      eventPattern,
      targets: [
        new LambdaEventTarget(testFunction(hub, 'Handler'), { permissionScope: LambdaPermissionScope.EVENT_BUS }),
      ],
    });
  const subscriber = EventPublisher.accounts(BILLING.account);

  test.each<[string, () => unknown]>([
    ['that bus', () => [addRule(bus), bus.allowRuleManagement(subscriber)]],
    ['that bus, in any order', () => [bus.allowRuleManagement(subscriber, { sources: ['com.shop'] }), addRule(bus)]],
    ['any bus, if it is for the default bus', () => [addRule(), bus.allowRuleManagement(subscriber)]],
  ])('fails if other accounts can manage rules with any target on %s', (_, make) => {
    make();
    expectMessage(/'permissionScope' must be RULE .*/.exec(errorOf(() => app.synth()))![0]);
  });

  test.each<[string, () => unknown]>([
    [
      'with other targets',
      () => bus.allowRuleManagement(subscriber, { targetArns: [`arn:aws:events:*:${BILLING.account}:event-bus/*`] }),
    ],
    ['on another bus', () => new CrossAccountEventBus(hub, 'Other').allowRuleManagement(subscriber)],
    [
      'on a bus with that name in another account',
      () =>
        new CrossAccountEventBus(consumer(), 'Other', { eventBusName: 'orders' }).allowRuleManagement(
          EventPublisher.accounts(HUB.account),
        ),
    ],
  ])('is accepted if other accounts can manage rules %s', (_, make) => {
    addRule(bus);
    make();
    expect(() => app.synth()).not.toThrow();
  });
});
