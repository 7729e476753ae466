// An app with parameters and a lazy role, which the library recognizes by the classes of the CDK.
const { App, CfnParameter, Stack } = require('aws-cdk-lib');
const { CfnEventBusPolicy, EventBus, Rule } = require('aws-cdk-lib/aws-events');
const iam = require('aws-cdk-lib/aws-iam');
const {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
} = require('cdk-cross-account-eventbridge');

const app = new App();
const hub = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
const account = new CfnParameter(hub, 'Account', { allowedPattern: '\\d{12}' });
const anyone = new CfnParameter(hub, 'Anyone');
for (const parameter of [account, anyone]) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: parameter.valueAsString },
    Action: 'events:PutEvents',
    Resource: bus.eventBusArn,
  };
  new CfnEventBusPolicy(hub, `Policy${parameter.node.id}`, {
    eventBusName: 'orders',
    statementId: parameter.node.id,
    statement,
  });
}
const assumedBy = new iam.ServicePrincipal('events.amazonaws.com');
const executionRole = new iam.LazyRole(hub, 'Role', { assumedBy });
const central = EventBus.fromEventBusArn(hub, 'Central', 'arn:aws:events:eu-west-1:444444444444:event-bus/central');
const targets = [new CrossAccountEventBusTarget(central, { executionRole })];
new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets });
CrossAccountEventChecks.applyTo(app, { report: true });
