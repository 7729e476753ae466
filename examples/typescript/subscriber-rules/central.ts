import { App, AppProps, Stack } from 'aws-cdk-lib';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher } from 'cdk-cross-account-eventbridge';

export const CENTRAL = { account: '111111111111', region: 'eu-west-1' };
export const SHOP = '222222222222';
export const SUBSCRIBERS = ['333333333333', '444444444444'];

/** The app of the platform team: a bus on which the shop publishes and the subscribers own rules. */
export function centralApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'Central', { env: CENTRAL });
  const bus = new CrossAccountEventBus(stack, 'Bus', {
    eventBusName: 'central',
    publishers: [EventPublisher.accounts(SHOP)],
  });
  for (const subscriber of SUBSCRIBERS) {
    bus.allowRuleManagement(EventPublisher.accounts(subscriber), {
      sources: ['com.example.shop'],
      targetArns: [`arn:aws:events:*:${subscriber}:event-bus/*`],
    });
  }
  CrossAccountEventChecks.applyTo(app);
  return app;
}
