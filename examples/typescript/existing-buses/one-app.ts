import { App, AppProps } from 'aws-cdk-lib';
import { PLATFORM, PlatformStack } from './platform';
import { SHOP, ShopStack } from './shop';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

/** Both accounts in one app. */
export function existingBuses(props?: AppProps): App {
  const app = new App(props);
  const platform = new PlatformStack(app, 'Platform', { env: PLATFORM });
  const shop = new ShopStack(app, 'Shop', { env: SHOP });
  shop.publishOrdersOn(platform.orders);
  shop.node.addDependency(platform); // EventBridge rejects its rule until the default bus allows it
  CrossAccountEventChecks.applyTo(app);
  return app;
}
