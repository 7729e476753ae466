import { Annotations, App, AppProps, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  CrossAccountRule,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

const SUBSCRIBER = { account: '333333333333', region: 'eu-west-1' };
const CENTRAL_BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/central';

/** The app of one subscriber. It refers to the central bus by ARN. */
export function subscriberApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'Subscriber', { env: SUBSCRIBER });
  const ownBus = new CrossAccountEventBus(stack, 'OwnBus', { eventBusName: 'billing' });
  const rule = new CrossAccountRule(stack, 'OrdersOfTheShop', {
    eventBus: EventBus.fromEventBusArn(stack, 'CentralBus', CENTRAL_BUS),
    eventPattern: { source: ['com.example.shop'], detailType: ['OrderPlaced'] },
    targets: [new CrossAccountEventBusTarget(ownBus)],
  });
  // The ID ends with a fingerprint: if the rule needs another grant, the warning is reported again.
  Annotations.of(rule).acknowledgeWarning(
    'cdk-cross-account-eventbridge:manuallyAllowRuleManagement:b071a9',
    'the policy of the central bus allows this account',
  );
  const handler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (event) => console.log(event.detail);'),
  });
  new Rule(stack, 'Invoice', {
    eventBus: ownBus,
    eventPattern: { source: ['com.example.shop'] },
    targets: [new LambdaEventTarget(handler)],
  });
  CrossAccountEventChecks.applyTo(app);
  return app;
}
