// An app with one warning: the owner of the bus `central` has to allow the role. Settings are in the environment.
const { Annotations, App, Stack } = require('aws-cdk-lib');
const { EventBus } = require('aws-cdk-lib/aws-events');
const { PolicyStatement, Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventPublisher,
  PublisherRole,
} = require('cdk-cross-account-eventbridge');

const { ACKNOWLEDGED, ACCOUNTS = '333333333333,444444444444', DENIED, ORGANIZATION } = process.env;

const app = new App();
const hub = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const shop = new Stack(app, 'Shop', { env: { account: '222222222222', region: 'eu-west-1' } });
const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
const central = EventBus.fromEventBusArn(shop, 'Central', 'arn:aws:events:eu-west-1:444444444444:event-bus/central');
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
const publisher = new PublisherRole(shop, 'Publisher', {
  assumedBy,
  eventBuses: [bus, central],
});
bus.allowPublisher(EventPublisher.accounts(...ACCOUNTS.split(',')));
if (ORGANIZATION) bus.allowPublisher(EventPublisher.organization(ORGANIZATION));
if (DENIED) {
  const resources = ['arn:aws:events:eu-west-1:111111111111:event-bus/orders'];
  new Role(shop, 'Denied', { assumedBy }).addToPolicy(
    new PolicyStatement({ actions: ['events:PutEvents'], resources }),
  );
}
if (ACKNOWLEDGED) Annotations.of(publisher).acknowledgeWarning(ACKNOWLEDGED);
CrossAccountEventChecks.applyTo(app, { report: true, topology: true, topologyPage: true });
