import { RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { FirehoseDeliveryStream, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  PublisherRole,
} from 'cdk-cross-account-eventbridge';

/** The events that the fulfillment account receives. */
export const PAID_ORDERS = { source: ['com.example.shop'], detailType: ['OrderPaid'] };

/**
 * The account of the targets. Its default bus receives the events, and a rule on that bus sends them to targets that a
 * rule in another account cannot have. In their own account, the targets of aws-cdk-lib are sufficient.
 */
export class FulfillmentStack extends Stack {
  public readonly defaultBus: IEventBus;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.defaultBus = EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    // No app defines the default bus. This construct writes its policy, which each target for the bus extends.
    new CrossAccountEventBusPolicy(this, 'DefaultBusPolicy', { eventBus: this.defaultBus });

    const conditions = { StringEquals: { 'aws:SourceAccount': this.account } };
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions }) });
    const machine = new StateMachine(this, 'Fulfillment', {
      role,
      definitionBody: DefinitionBody.fromChainable(new Pass(this, 'Ship')),
    });
    const bucket = new Bucket(this, 'Archive', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const archive = new DeliveryStream(this, 'ToArchive', { destination: new S3Bucket(bucket) });
    new Rule(this, 'PaidOrders', {
      eventBus: this.defaultBus,
      eventPattern: PAID_ORDERS,
      targets: [new SfnStateMachine(machine), new FirehoseDeliveryStream(archive)],
    });
  }
}

/** The account of the shop, which publishes on its own bus. A rule on that bus forwards paid orders. */
export class ShopStack extends Stack {
  public readonly orders: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: StackProps & { fulfillment: IEventBus }) {
    super(scope, id, props);
    this.orders = new CrossAccountEventBus(this, 'Orders', { eventBusName: 'orders' });
    new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [this.orders],
      allowedEvents: { sources: PAID_ORDERS.source },
    });
    new Rule(this, 'ToFulfillment', {
      eventBus: this.orders,
      eventPattern: PAID_ORDERS,
      targets: [new CrossAccountEventBusTarget(props.fulfillment)],
    });
  }
}
