import { join } from 'node:path';
import { App, AppProps } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { benchApp } from '../../bench/synth/app';
import { eventBackbone } from '../../examples/typescript/event-backbone/app';
import { orderToInvoice } from '../../examples/typescript/order-to-invoice/app';
import { CrossAccountEventBus, LambdaEventTarget, PublisherRole } from '../../src';
import { HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';
import { command, emptyDirectory } from '../support/command';

/** A detail type that would end the element of the data, or be an element itself, if it were not escaped. */
export const MARKUP = '</script><img src=x onerror=alert(1)>{{data}}';

const APPS = {
  'order-to-invoice': orderToInvoice,
  'event-backbone': eventBackbone,
  broken: brokenApp,
  markup: markupApp,
  generated: (props: AppProps) => benchApp(5, props),
};

export type PageName = keyof typeof APPS;

export const PAGES = Object.keys(APPS) as PageName[];

/** Writes a page with the command, and returns its file. */
export function writtenPage(name: PageName): string {
  const directory = emptyDirectory();
  const assembly = join(directory, name, 'cdk.out');
  APPS[name]({ outdir: assembly, analyticsReporting: false }).synth();
  const file = join(directory, `${name}.html`);
  const { status, err } = command('page', assembly, '-o', file);
  if (status !== 0) throw new Error(err);
  return file;
}

/** One publisher is denied and one is allowed, a queue receives nothing, and a bus is open to any AWS account. */
function brokenApp(props: AppProps): App {
  const app = testApp(props);
  const hub = testStack('Hub', HUB, app);
  const shop = testStack('Shop', SHOP, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  const allowedEvents = { sources: ['com.example.shop'], detailTypes: ['OrderPlaced'] };
  new PublisherRole(shop, 'Publisher', { assumedBy, eventBuses: [bus], allowedEvents, roleName: 'shop-publisher' });
  const denied = new Role(shop, 'Legacy', { assumedBy, roleName: 'shop-legacy' });
  denied.addToPolicy(
    new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [`arn:aws:events:eu-west-1:${HUB.account}:event-bus/orders`],
    }),
  );
  new Rule(hub, 'OrderPlaced', {
    ruleName: 'order-placed',
    eventBus: bus,
    eventPattern: { source: ['com.example.shop'], detailType: ['OrderPlaced'] },
    targets: [new LambdaEventTarget(testFunction(hub, 'Handler', { functionName: 'invoice' }))],
  });
  const queue = new Queue(hub, 'Queue', { queueName: 'audit' });
  new CfnRule(hub, 'Audit', {
    name: 'audit',
    eventBusName: bus.eventBusName,
    eventPattern: { source: ['com.example.shop'] },
    targets: [{ id: 'Queue', arn: queue.queueArn }],
  });
  const open = new EventBus(hub, 'Open', { eventBusName: 'open' });
  new CfnEventBusPolicy(hub, 'Everybody', {
    eventBusName: open.eventBusName,
    statementId: 'Everybody',
    statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: open.eventBusArn },
  });
  return app;
}

/** A rule matches events that have markup as their detail type. */
function markupApp(props: AppProps): App {
  const app = testApp(props);
  const hub = testStack('Hub', HUB, app);
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  new PublisherRole(testStack('Shop', SHOP, app), 'Publisher', { assumedBy, eventBuses: [bus] });
  new Rule(hub, 'Markup', {
    ruleName: 'markup',
    eventBus: bus,
    eventPattern: { source: ['com.example.shop'], detailType: [MARKUP] },
    targets: [new LambdaEventTarget(testFunction(hub, 'Handler'))],
  });
  return app;
}
