import { App, AppProps, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { topologyFiles } from './topology-files';
import { CrossAccountEventChecks, CrossAccountInvokePermission } from 'cdk-cross-account-eventbridge';

const INVOICES = { account: '333333333333', region: 'us-east-1' };
const CENTRAL_BUS_ACCOUNT = '222222222222';

/** The app of invoice processing. It refers to the account of the central bus. */
export function invoicesApp(props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, 'Invoices', { env: INVOICES });
  const handler = new Function(stack, 'InvoiceProcessing', {
    functionName: 'invoice-processing', // the rule on the central bus uses this name
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (event) => console.log("invoice for", event.detail);'),
  });
  new CrossAccountInvokePermission(stack, 'FromCentralBus', { handler, eventBusAccount: CENTRAL_BUS_ACCOUNT });
  CrossAccountEventChecks.applyTo(app, { otherApps: topologyFiles('central-bus', 'web-store'), topology: true });
  return app;
}
