import { join } from 'node:path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from 'cdk-cross-account-eventbridge';

const REGION = 'eu-west-1';
const BUS_ACCOUNT = '888888888888';
const GLOBAL_BUS = `arn:aws:events:${REGION}:${BUS_ACCOUNT}:event-bus/global`;

/** A service with its own account. */
export interface Service {
  readonly name: string;
  readonly account: string;
}

/** The app of one service. It refers to the global bus by ARN. */
export function serviceApp({ name, account }: Service, props?: AppProps): App {
  const app = new App(props);
  const stack = new Stack(app, `Service-${name}`, { env: { account, region: REGION } });
  new PublisherRole(stack, 'Publisher', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [EventBus.fromEventBusArn(stack, 'GlobalBus', GLOBAL_BUS)],
    allowedEvents: { sources: [`com.example.${name}`] },
  });
  const localBus = new CrossAccountEventBus(stack, 'LocalBus', { eventBusName: `${name}-local` });
  localBus.allowPublisher(EventPublisher.accounts(BUS_ACCOUNT), { invocation: EventBusInvocation.RULE });
  const handler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (event) => console.log(event.source, event.detail);'),
  });
  new Rule(stack, 'FromOtherServices', {
    eventBus: localBus,
    eventPattern: { source: Match.prefix('com.example.') },
    targets: [new LambdaEventTarget(handler)],
  });
  const otherApps = [join(__dirname, 'contracts/backbone.event-topology.json')];
  CrossAccountEventChecks.applyTo(app, { otherApps, topology: true });
  return app;
}
