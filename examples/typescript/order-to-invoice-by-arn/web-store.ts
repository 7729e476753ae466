import { App, AppProps, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { topologyFiles } from './topology-files';
import { CrossAccountEventChecks, PublisherRole } from 'cdk-cross-account-eventbridge';

const WEB_STORE = { account: '111111111111', region: 'us-east-1' };
const CENTRAL_BUS = 'arn:aws:events:us-east-1:222222222222:event-bus/central-event-bus';

/** The app of the web store. It refers to the central bus by ARN. */
export function webStoreApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'WebStore', { env: WEB_STORE });
  const bus = EventBus.fromEventBusArn(stack, 'CentralBus', CENTRAL_BUS);
  const role = new PublisherRole(stack, 'Publisher', {
    roleName: 'web-store-publisher', // the policy of the central bus uses this name
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [bus],
    allowedEvents: { sources: ['com.exampleCorp.webStore'], detailTypes: ['newOrderCreated'] },
    // For its logs.
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
  });
  new Function(stack, 'WebStore', {
    role,
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(PUBLISH),
    environment: { EVENT_BUS_ARN: bus.eventBusArn },
  });
  CrossAccountEventChecks.applyTo(app, { otherApps: topologyFiles('central-bus', 'invoices'), topology: true });
  return app;
}

const PUBLISH = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const client = new EventBridgeClient();
exports.handler = async (order) => client.send(new PutEventsCommand({ Entries: [{
  EventBusName: process.env.EVENT_BUS_ARN,
  Source: 'com.exampleCorp.webStore',
  DetailType: 'newOrderCreated',
  Detail: JSON.stringify(order),
}] }));
`;
