import { App, AppProps } from 'aws-cdk-lib';
import { BackboneStack, Service, ServiceStack } from './stacks';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const REGION = 'eu-west-1';
const BUS_ACCOUNT = '888888888888';

/** The services. To add one, change only this list. */
export const SERVICES: Service[] = [
  { name: 'orders', account: '111111111111' },
  { name: 'billing', account: '222222222222' },
  { name: 'shipping', account: '333333333333' },
];

/** The whole app: one stack for the bus account and one for each service account. */
export function eventBackbone(props?: AppProps, services = SERVICES): App {
  const app = new App(props);
  const backbone = new BackboneStack(app, 'Backbone', { env: { account: BUS_ACCOUNT, region: REGION }, services });
  for (const service of services) {
    const env = { account: service.account, region: REGION };
    const stack = new ServiceStack(app, `Service-${service.name}`, { env, service, globalBus: backbone.bus });
    backbone.forwardTo(service, stack.localBus);
  }
  CrossAccountEventChecks.applyTo(app);
  return app;
}
