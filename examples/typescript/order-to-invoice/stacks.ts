import { PhysicalName, Stack, StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CrossAccountEventBus, AllowedEvents, LambdaEventTarget, PublisherRole } from 'cdk-cross-account-eventbridge';

/** The events that the web store publishes. */
export const NEW_ORDERS = {
  sources: ['com.exampleCorp.webStore'],
  detailTypes: ['newOrderCreated'],
} satisfies AllowedEvents;

/** Account B: the central bus. Its policy allows no principal until a publisher role is defined. */
export class CentralBusStack extends Stack {
  public readonly bus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.bus = new CrossAccountEventBus(this, 'Bus', { eventBusName: 'central-event-bus' });
  }

  /** Invokes the invoice function in account C for each new order. */
  public sendNewOrdersTo(handler: IFunction): void {
    new Rule(this, 'NewOrderCreated', {
      eventBus: this.bus,
      eventPattern: { source: NEW_ORDERS.sources, detailType: NEW_ORDERS.detailTypes },
      targets: [new LambdaEventTarget(handler)],
    });
  }
}

/** Account A: the web store. Its function is allowed to publish new orders on the central bus, and no other events. */
export class WebStoreStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { bus: CrossAccountEventBus }) {
    super(scope, id, props);
    const role = new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [props.bus],
      allowedEvents: NEW_ORDERS,
      // For its logs.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
    new Function(this, 'WebStore', {
      role,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(PUBLISH),
      environment: { EVENT_BUS_ARN: props.bus.eventBusArn },
    });
  }
}

/** Account C: invoice processing. */
export class InvoiceStack extends Stack {
  public readonly handler: Function;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.handler = new Function(this, 'InvoiceProcessing', {
      functionName: PhysicalName.GENERATE_IF_NEEDED,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log("invoice for", event.detail);'),
    });
  }
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
