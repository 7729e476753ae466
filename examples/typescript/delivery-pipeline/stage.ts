import { Stage, StageProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BusStack, InvoiceStack, StoreStack } from './stacks';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

/** The accounts of one deployment. */
export interface OrderStageProps extends StageProps {
  readonly store: string;
  readonly bus: string;
  readonly invoices: string;
}

/** One deployment of the system: a stack for each of the three accounts. */
export class OrderStage extends Stage {
  constructor(scope: Construct, id: string, { store, bus, invoices, ...props }: OrderStageProps) {
    super(scope, id, props);
    const invoicing = new InvoiceStack(this, 'Invoices', { env: { account: invoices } });
    const central = new BusStack(this, 'Bus', { env: { account: bus } });
    central.forwardOrdersTo(invoicing.bus);
    const shop = new StoreStack(this, 'Store', { env: { account: store }, bus: central.bus });
    shop.node.addDependency(central); // an order that is put before the bus exists is lost
    CrossAccountEventChecks.applyTo(this);
  }
}
