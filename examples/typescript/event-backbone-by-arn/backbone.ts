import { join } from 'node:path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  EventPublisher,
} from 'cdk-cross-account-eventbridge';

const REGION = 'eu-west-1';
const BUS_ACCOUNT = '888888888888';

/** The services. Deploy the app of a new one before this app. */
export const SERVICES = [
  { name: 'orders', account: '111111111111' },
  { name: 'billing', account: '222222222222' },
  { name: 'shipping', account: '333333333333' },
];

/** The app of the bus account. It refers to the local buses of the services by ARN. */
export function backboneApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'Backbone', { env: { account: BUS_ACCOUNT, region: REGION } });
  const globalBus = new CrossAccountEventBus(stack, 'GlobalBus', {
    eventBusName: 'global',
    publishers: [EventPublisher.accounts(...SERVICES.map((s) => s.account))],
  });
  for (const { name, account } of SERVICES) {
    const localBus = EventBus.fromEventBusArn(
      stack,
      `LocalBus-${name}`,
      `arn:aws:events:${REGION}:${account}:event-bus/${name}-local`,
    );
    new Rule(stack, `To-${name}`, {
      eventBus: globalBus,
      eventPattern: { account: Match.anythingBut(account) }, // all events except those of the service itself
      targets: [new CrossAccountEventBusTarget(localBus)],
    });
  }
  const otherApps = SERVICES.map(({ name }) => join(__dirname, `contracts/service-${name}.event-topology.json`));
  CrossAccountEventChecks.applyTo(app, { otherApps, topology: true });
  return app;
}
