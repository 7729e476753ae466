import { App, AppProps } from 'aws-cdk-lib';
import { testApp } from './apps';
import { deliveryPipeline } from '../../examples/typescript/delivery-pipeline/app';
import { eventBackbone } from '../../examples/typescript/event-backbone/app';
import { SERVICES, backboneApp } from '../../examples/typescript/event-backbone-by-arn/backbone';
import { serviceApp } from '../../examples/typescript/event-backbone-by-arn/service';
import { existingBuses } from '../../examples/typescript/existing-buses/one-app';
import { platformApp } from '../../examples/typescript/existing-buses/platform';
import { shopApp } from '../../examples/typescript/existing-buses/shop';
import { forwardToAnyTarget } from '../../examples/typescript/forward-to-any-target/app';
import { memberAccounts } from '../../examples/typescript/member-accounts/app';
import { orderToInvoice } from '../../examples/typescript/order-to-invoice/app';
import { centralBusApp } from '../../examples/typescript/order-to-invoice-by-arn/central-bus';
import { invoicesApp } from '../../examples/typescript/order-to-invoice-by-arn/invoices';
import { webStoreApp } from '../../examples/typescript/order-to-invoice-by-arn/web-store';
import { auditApp } from '../../examples/typescript/queue-topic-stream-api/audit';
import { hubApp } from '../../examples/typescript/queue-topic-stream-api/hub';
import { centralApp } from '../../examples/typescript/subscriber-rules/central';
import { subscriberRules } from '../../examples/typescript/subscriber-rules/one-app';
import { subscriberApp } from '../../examples/typescript/subscriber-rules/subscriber';

/** An app of an example. */
export type Example = (props: AppProps) => App;

/**
 * Each by its folder, or a file there, with its apps; and the questions where they are not in the folder's
 * `questions.json`.
 */
export const EXAMPLES: [string, Example[], string?][] = [
  ['order-to-invoice', [orderToInvoice]],
  ['order-to-invoice-by-arn', [webStoreApp, centralBusApp, invoicesApp]],
  ['event-backbone', [eventBackbone]],
  [
    'event-backbone-by-arn',
    [backboneApp, ...SERVICES.map((service) => (props: AppProps) => serviceApp(service, props))],
  ],
  ['subscriber-rules', [centralApp, subscriberApp]],
  ['subscriber-rules/one-app', [subscriberRules], 'subscriber-rules/questions-one-app.json'],
  ['existing-buses', [platformApp, shopApp]],
  ['existing-buses/one-app', [existingBuses], 'existing-buses/questions.json'],
  ['forward-to-any-target', [forwardToAnyTarget]],
  ['member-accounts', [memberAccounts]],
  ['queue-topic-stream-api', [hubApp, auditApp]],
  ['delivery-pipeline', [deliveryPipeline]],
];

/** An example as a user runs it, but in a folder of its own and with CloudFormation Validate on. */
export function exampleApp(example: Example): App {
  const { outdir } = testApp();
  return example({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
}
