import { Annotations, App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBusTarget, CrossAccountEventChecks, PublisherRole } from 'cdk-cross-account-eventbridge';

export const SHOP = { account: '222222222222', region: 'eu-west-1' };
const ORDERS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const DEFAULT_BUS_OF_PLATFORM = 'arn:aws:events:eu-west-1:111111111111:event-bus/default';

/** The account of the shop. A rule on its default bus forwards the events of AWS Health. */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    new Rule(this, 'Health', {
      eventPattern: { source: ['aws.health'] },
      targets: [
        new CrossAccountEventBusTarget(EventBus.fromEventBusArn(this, 'DefaultBusOfPlatform', DEFAULT_BUS_OF_PLATFORM)),
      ],
    });
  }

  /** Creates the role of the function that publishes orders. */
  public publishOrdersOn(eventBus: IEventBus): void {
    new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [eventBus],
      allowedEvents: { sources: ['com.example.shop'] },
    });
  }
}

/** The app of the shop. It refers to the buses of the platform by ARN. */
export function shopApp(props?: AppProps): App {
  const app = new App(props);
  const shop = new ShopStack(app, 'Shop', { env: SHOP });
  shop.publishOrdersOn(EventBus.fromEventBusArn(shop, 'Orders', ORDERS));
  // The IDs end with fingerprints: if the role, bus or source changes, the warning is reported again.
  Annotations.of(shop).acknowledgeWarning(
    'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy:3341fa',
    'the policy of the bus orders allows this account',
  );
  Annotations.of(shop).acknowledgeWarning(
    'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy:2d0713',
    'the policy of the default bus allows the rules of this account',
  );
  CrossAccountEventChecks.applyTo(app);
  return app;
}
