import { Annotations, App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBusTarget, CrossAccountEventChecks, PublisherRole } from 'cdk-cross-account-eventbridge';

export const SHOP = { account: '222222222222', region: 'eu-west-1' };
const ORDERS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const DEFAULT_BUS_OF_PLATFORM = 'arn:aws:events:eu-west-1:111111111111:event-bus/default';

/** The shop's account. What AWS Health says about it comes on its own default bus, and is sent on from there. */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const rule = new Rule(this, 'Health', {
      eventPattern: { source: ['aws.health'] },
      targets: [
        new CrossAccountEventBusTarget(EventBus.fromEventBusArn(this, 'DefaultBusOfPlatform', DEFAULT_BUS_OF_PLATFORM)),
      ],
    });
    Annotations.of(rule).acknowledgeWarning(
      'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy',
      'the platform lets rules of this account in',
    );
  }

  /** Makes the role of the function that takes orders. */
  public publishOrdersOn(eventBus: IEventBus): void {
    const publisher = new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [eventBus],
      allowedEvents: { sources: ['com.example.shop'] },
    });
    Annotations.of(publisher).acknowledgeWarning(
      'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy',
      'the platform lets this account in',
    );
  }
}

/** The app of the shop alone, which knows the platform's buses by their ARNs only. */
export function shopApp(props?: AppProps): App {
  const app = new App(props);
  const shop = new ShopStack(app, 'Shop', { env: SHOP });
  shop.publishOrdersOn(EventBus.fromEventBusArn(shop, 'Orders', ORDERS));
  CrossAccountEventChecks.applyTo(app);
  return app;
}
