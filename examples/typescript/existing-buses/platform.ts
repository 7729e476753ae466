import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountEventBusPolicy,
  CrossAccountEventChecks,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

export const PLATFORM = { account: '111111111111', region: 'eu-west-1' };
const SHOP_ACCOUNT = '222222222222';

/** The account of the platform: two existing buses, and the grants for the account of the shop. */
export class PlatformStack extends Stack {
  public readonly orders: IEventBus;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.orders = new EventBus(this, 'Orders', { eventBusName: 'orders' });
    const defaultBus = EventBus.fromEventBusName(this, 'DefaultBus', 'default');

    const shop = EventPublisher.accounts(SHOP_ACCOUNT);
    new CrossAccountEventBusPolicy(this, 'OrdersPolicy', { eventBus: this.orders }).allowPublisher(shop, {
      sources: ['com.example.shop'],
      invocation: EventBusInvocation.DIRECT,
    });
    new CrossAccountEventBusPolicy(this, 'DefaultBusPolicy', { eventBus: defaultBus }).allowPublisher(shop, {
      sources: ['aws.health'],
      invocation: EventBusInvocation.RULE,
    });

    const handler = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(event.source, event.detail);'),
    });
    const targets = [new LambdaEventTarget(handler)];
    new Rule(this, 'OrdersOfTheShop', {
      eventBus: this.orders,
      eventPattern: { source: ['com.example.shop'] },
      targets,
    });
    new Rule(this, 'HealthOfAllAccounts', { eventBus: defaultBus, eventPattern: { source: ['aws.health'] }, targets });
  }
}

/** The app of the platform team. */
export function platformApp(props?: AppProps): App {
  const app = new App(props);
  new PlatformStack(app, 'Platform', { env: PLATFORM });
  CrossAccountEventChecks.applyTo(app);
  return app;
}
