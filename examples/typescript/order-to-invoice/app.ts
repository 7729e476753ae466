import { App, AppProps } from 'aws-cdk-lib';
import { CentralBusStack, InvoiceStack, WebStoreStack } from './stacks';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const REGION = 'us-east-1';
const WEB_STORE = { account: '111111111111', region: REGION };
const CENTRAL_BUS = { account: '222222222222', region: REGION };
const INVOICES = { account: '333333333333', region: REGION };

/** The whole app: one stack for each of the three accounts. */
export function orderToInvoice(props?: AppProps): App {
  const app = new App(props);
  const hub = new CentralBusStack(app, 'CentralBus', { env: CENTRAL_BUS });
  new WebStoreStack(app, 'WebStore', { env: WEB_STORE, bus: hub.bus });
  const invoices = new InvoiceStack(app, 'Invoices', { env: INVOICES });
  hub.sendNewOrdersTo(invoices.handler);
  CrossAccountEventChecks.applyTo(app);
  return app;
}
