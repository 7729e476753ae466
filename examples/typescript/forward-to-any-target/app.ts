import { App, AppProps } from 'aws-cdk-lib';
import { FulfillmentStack, ShopStack } from './stacks';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const REGION = 'eu-west-1';
const SHOP = { account: '111111111111', region: REGION };
const FULFILLMENT = { account: '222222222222', region: REGION };

/** The whole app: the bus of the shop, and the account of the targets. */
export function forwardToAnyTarget(props?: AppProps): App {
  const app = new App(props);
  const fulfillment = new FulfillmentStack(app, 'Fulfillment', { env: FULFILLMENT });
  new ShopStack(app, 'Shop', { env: SHOP, fulfillment: fulfillment.defaultBus });
  CrossAccountEventChecks.applyTo(app);
  return app;
}
