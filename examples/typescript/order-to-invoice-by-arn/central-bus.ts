import { App, AppProps, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { topologyFiles } from './topology-files';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventPublisher,
  AllowedEvents,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

const CENTRAL_BUS = { account: '222222222222', region: 'us-east-1' };
const WEB_STORE_ROLE = 'arn:aws:iam::111111111111:role/web-store-publisher';
const INVOICE_FUNCTION = 'arn:aws:lambda:us-east-1:333333333333:function:invoice-processing';

/** The events that the web store is allowed to publish. */
const NEW_ORDERS = { sources: ['com.exampleCorp.webStore'], detailTypes: ['newOrderCreated'] } satisfies AllowedEvents;

/** The app of the central bus. It refers to the role of the web store and to the invoice function by ARN. */
export function centralBusApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'CentralBus', { env: CENTRAL_BUS });
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'central-event-bus' });
  bus.allowPublisher(EventPublisher.role(WEB_STORE_ROLE), NEW_ORDERS);
  new Rule(stack, 'NewOrderCreated', {
    eventBus: bus,
    eventPattern: { source: NEW_ORDERS.sources, detailType: NEW_ORDERS.detailTypes },
    targets: [new LambdaEventTarget(Function.fromFunctionArn(stack, 'InvoiceProcessing', INVOICE_FUNCTION))],
  });
  CrossAccountEventChecks.applyTo(app, { otherApps: topologyFiles('web-store', 'invoices'), topology: true });
  return app;
}
