// Boundaries on all roles: by the context of the CDK, and by an aspect. The latter may not allow to put events.
const { App, PermissionsBoundary, PhysicalName, Stack } = require('aws-cdk-lib');
const { Rule } = require('aws-cdk-lib/aws-events');
const iam = require('aws-cdk-lib/aws-iam');
const {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  PublisherRole,
} = require('cdk-cross-account-eventbridge');

const { BOUNDARY } = process.env;

const app = new App();
const permissionsBoundary = BOUNDARY === 'context' ? PermissionsBoundary.fromName('developers') : undefined;
const stack = (id, account) => new Stack(app, id, { env: { account, region: 'eu-west-1' }, permissionsBoundary });
const hub = stack('Hub', '111111111111');
const shop = stack('Shop', '222222222222');
const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
const local = new CrossAccountEventBus(shop, 'Local');
new PublisherRole(shop, 'Publisher', {
  assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  eventBuses: [bus],
});
const targets = [new CrossAccountEventBusTarget(bus)];
new Rule(shop, 'ToHub', { eventBus: local, eventPattern: { source: ['shop'] }, targets });
if (BOUNDARY !== 'context') {
  const actions = [BOUNDARY === 'allows' ? 'events:*' : 's3:*'];
  const statements = [new iam.PolicyStatement({ actions, resources: ['*'] })];
  iam.PermissionsBoundary.of(shop).apply(new iam.ManagedPolicy(shop, 'Boundary', { statements }));
}
CrossAccountEventChecks.applyTo(app, { report: true });
