import { Stack, StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  AllowedEvents,
  LambdaEventTarget,
  PublisherRole,
} from 'cdk-cross-account-eventbridge';

/** The events that the store publishes. */
const ORDERS = { sources: ['com.example.store'], detailTypes: ['OrderPlaced'] } satisfies AllowedEvents;
const eventPattern = { source: ORDERS.sources, detailType: ORDERS.detailTypes };

/** The account of the bus. It has no physical name in the code: generated names differ between stages. */
export class BusStack extends Stack {
  public readonly bus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.bus = new CrossAccountEventBus(this, 'Bus');
  }

  public forwardOrdersTo(bus: CrossAccountEventBus): void {
    new Rule(this, 'Orders', { eventBus: this.bus, eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
  }
}

/** The account of invoice processing, with its own bus. */
export class InvoiceStack extends Stack {
  public readonly bus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.bus = new CrossAccountEventBus(this, 'Bus');
    const handler = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log("invoice for", event.detail);'),
    });
    new Rule(this, 'Orders', { eventBus: this.bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
  }
}

/** The account of the store, whose function is allowed to publish orders on the bus of its stage. */
export class StoreStack extends Stack {
  constructor(scope: Construct, id: string, { bus, ...props }: StackProps & { bus: CrossAccountEventBus }) {
    super(scope, id, props);
    const role = new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
      allowedEvents: ORDERS,
      // For its logs.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
    new Function(this, 'Store', {
      role,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(PUBLISH),
      environment: { EVENT_BUS_ARN: bus.eventBusArn },
    });
  }
}

const PUBLISH = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const client = new EventBridgeClient();
exports.handler = async (order) => client.send(new PutEventsCommand({ Entries: [{
  EventBusName: process.env.EVENT_BUS_ARN,
  Source: 'com.example.store',
  DetailType: 'OrderPlaced',
  Detail: JSON.stringify(order),
}] }));
`;
