import { NestedStack, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { HUB, REGION, SHOP } from '../support/apps';
import { WAYS, Way, bus, findingsAmong, role, roleIn } from '../support/separate-apps';

const ARN = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const shop = role(SHOP, 'publisher', 'lambda.amazonaws.com', ARN);
const orders = bus(HUB, 'orders', roleIn(SHOP, 'publisher'));

/** Defines resources in a nested stack. All nested stacks have the same ID. */
const nested = (define: (stack: Stack) => void) => ({
  env: HUB,
  define: (stack: Stack) => define(new NestedStack(stack, 'Events')),
});

const denyAll = (stack: Stack) => {
  const statement = { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: ARN };
  new CfnEventBusPolicy(stack, 'Deny', { eventBusName: 'orders', statementId: 'Deny', statement });
};

describe.each(Object.keys(WAYS) as Way[])('nested stacks of other apps, known by %s', (way) => {
  test('nested stacks with one ID in two stacks of an app are both read', () => {
    const define = (stack: Stack) => {
      const before = new Stack(stack.node.root, 'Before', { env: HUB });
      new CfnEventBus(new NestedStack(before, 'Events'), 'Bus', { name: 'another' });
      nested(orders.define).define(stack);
    };
    expect(findingsAmong({ Shop: shop, Hub: { env: HUB, define } }, 'Shop', way)).toEqual([]);
  });

  test('nested stacks with one ID in two apps are both read', () => {
    const apps = { Shop: shop, Hub: nested(orders.define), Guard: nested(denyAll) };
    expect(findingsAmong(apps, 'Shop', way)).toEqual(['error publisherAccessDenied /Shop/Role']);
  });

  test('an older copy of a nested stack of this app is ignored', () => {
    const current = nested(orders.define);
    const older = {
      env: HUB,
      define: (stack: Stack) => {
        new CfnEventBus(stack, 'Unused', { name: 'unused' });
        nested(denyAll).define(new Stack(stack.node.root, 'Hub', { env: HUB }));
      },
    };
    expect(findingsAmong({ Hub: current, Shop: shop, Older: older }, 'Hub', way)).toEqual([]);
  });
});
