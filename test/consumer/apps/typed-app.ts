import { App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusProps,
  CrossAccountEventChecks,
  EventAssertions,
  EventPublisher,
  PublisherRole,
  SqsEventTarget,
} from 'cdk-cross-account-eventbridge';

const app = new App();
const hub = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const shop = new Stack(app, 'Shop', { env: { account: '222222222222', region: 'eu-west-1' } });
const props: CrossAccountEventBusProps = { publishers: [EventPublisher.accounts('333333333333')] };
const eventBus: EventBus = new CrossAccountEventBus(hub, 'Bus', props);
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
const publisher = new PublisherRole(shop, 'Publisher', { assumedBy, eventBuses: [eventBus] });
const target = new Queue(hub, 'Queue');
new Rule(hub, 'Rule', { eventBus, eventPattern: { source: ['shop'] }, targets: [new SqsEventTarget(target)] });
CrossAccountEventChecks.applyTo(app, { trustedAccounts: ['333333333333'] });
EventAssertions.of(app).delivered({ publisher, event: { source: 'shop', detailType: 'Order' }, target });

// @ts-expect-error a list, not a text: that the types are read at all
CrossAccountEventChecks.applyTo(app, { trustedAccounts: '333333333333' });
