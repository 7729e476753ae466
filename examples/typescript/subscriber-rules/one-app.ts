import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

const REGION = 'eu-west-1';
const CENTRAL = { account: '111111111111', region: REGION };
const SHOP = '222222222222';
const SUBSCRIBERS = [
  { name: 'billing', account: '333333333333' },
  { name: 'shipping', account: '444444444444' },
];

/** The whole app: the central bus, and a stack for each subscriber. */
export function subscriberRules(props?: AppProps): App {
  const app = new App(props);
  const central = new Stack(app, 'Central', { env: CENTRAL });
  const bus = new CrossAccountEventBus(central, 'Bus', {
    eventBusName: 'central',
    publishers: [EventPublisher.accounts(SHOP)],
  });
  for (const { name, account } of SUBSCRIBERS) {
    new SubscriberStack(app, `Subscriber-${name}`, { env: { account, region: REGION }, name, centralBus: bus });
  }
  CrossAccountEventChecks.applyTo(app);
  return app;
}

interface SubscriberStackProps extends StackProps {
  readonly name: string;
  readonly centralBus: CrossAccountEventBus;
}

/**
 * The account of one subscriber. The policy of the central bus allows this rule, for its source and detail type, with
 * buses in this account as targets.
 */
class SubscriberStack extends Stack {
  constructor(scope: Construct, id: string, { name, centralBus, ...props }: SubscriberStackProps) {
    super(scope, id, props);
    const ownBus = new CrossAccountEventBus(this, 'OwnBus', { eventBusName: name });
    new CrossAccountRule(this, 'OrdersOfTheShop', {
      eventBus: centralBus,
      eventPattern: { source: ['com.example.shop'], detailType: ['OrderPlaced'] },
      targets: [new CrossAccountEventBusTarget(ownBus)],
    });
    const handler = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(event.detail);'),
    });
    new Rule(this, 'Order', {
      eventBus: ownBus,
      eventPattern: { source: ['com.example.shop'] },
      targets: [new LambdaEventTarget(handler)],
    });
  }
}
