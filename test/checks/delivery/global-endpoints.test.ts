import { CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEndpoint, CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP, testApp } from '../../support/apps';
import { faults } from '../../support/faults';
import { ThreeAccounts, busArn, cfnEventBus, inThreeAccounts } from '../../support/three-accounts';

const OTHER_REGION = { account: HUB.account, region: 'us-east-1' };

function endpoint(stack: Stack, ...busArns: string[]): CfnEndpoint {
  return new CfnEndpoint(stack, 'Endpoint', {
    name: 'orders',
    eventBuses: busArns.map((eventBusArn) => ({ eventBusArn })),
    replicationConfig: { state: 'DISABLED' },
    routingConfig: {
      failoverConfig: {
        primary: { healthCheck: 'arn:aws:route53:::healthcheck/abc' },
        secondary: { route: OTHER_REGION.region },
      },
    },
  });
}

/** The buses of an endpoint, with the name of the second one. */
function buses(three: ThreeAccounts, name = 'orders'): [string, string] {
  const second = three.stack('Second', OTHER_REGION);
  return [cfnEventBus(three.hub).attrArn, cfnEventBus(second, 'Bus', name) && busArn(name, OTHER_REGION)];
}

faults('a global endpoint', {
  finds: FindingId.GLOBAL_ENDPOINT_INVALID,
  level: 'error',
  healthy: {
    'buses of the same name in two Regions': inThreeAccounts((three) => endpoint(three.hub, ...buses(three))),
    'default buses': inThreeAccounts(({ hub }) => endpoint(hub, busArn('default'), busArn('default', OTHER_REGION))),
    'buses of this library': inThreeAccounts((three) => {
      const eventBusName = 'orders';
      const first = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName });
      const second = new CrossAccountEventBus(three.stack('Second', OTHER_REGION), 'Bus', { eventBusName });
      endpoint(three.hub, first.eventBusArn, busArn('orders', OTHER_REGION)).node.addDependency(second);
    }),
    'a bus that is known only at deployment': inThreeAccounts(({ hub }) =>
      endpoint(hub, cfnEventBus(hub).attrArn, new CfnParameter(hub, 'Second').valueAsString),
    ),
    'stacks without environments': () => {
      const app = testApp();
      const stack = new Stack(app, 'Hub');
      const bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
      endpoint(stack, bus.attrArn, `arn:aws:events:us-west-2:${stack.account}:event-bus/orders`);
      return app;
    },
  },
  faulty: {
    'buses of different names': {
      at: '/Hub/Endpoint',
      app: inThreeAccounts((three) => endpoint(three.hub, ...buses(three, 'orders-dr'))),
    },
    'buses in different accounts': {
      at: '/Hub/Endpoint',
      app: inThreeAccounts(({ hub }) =>
        endpoint(hub, cfnEventBus(hub).attrArn, busArn('orders', { ...SHOP, region: OTHER_REGION.region })),
      ),
    },
    'buses in one Region': {
      at: '/Hub/Endpoint',
      app: inThreeAccounts(({ hub }) => endpoint(hub, cfnEventBus(hub).attrArn, busArn())),
    },
  },
});
