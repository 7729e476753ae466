// An app with a warning of this library and an error of cdk-nag. Settings are in the environment.
const { Annotations, App, Stack, Validations } = require('aws-cdk-lib');
const { EventBus } = require('aws-cdk-lib/aws-events');
const { ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { AwsSolutionsChecks } = require('cdk-nag');
const {
  CrossAccountEventChecks,
  CrossAccountEventChecksPlugin,
  PublisherRole,
} = require('cdk-cross-account-eventbridge');

const { ACKNOWLEDGED, VALIDATIONS = '', PLUGIN } = process.env;

const app = new App();
const shop = new Stack(app, 'Shop', { env: { account: '222222222222', region: 'eu-west-1' } });
new Queue(shop, 'Queue', { enforceSSL: true });
const publisher = new PublisherRole(shop, 'Publisher', {
  assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  eventBuses: [EventBus.fromEventBusArn(shop, 'Central', 'arn:aws:events:eu-west-1:444444444444:event-bus/central')],
});
if (ACKNOWLEDGED) Annotations.of(publisher).acknowledgeWarning(ACKNOWLEDGED);
for (const id of VALIDATIONS.split(',').filter(Boolean)) Validations.of(shop).acknowledge({ id, reason: 'a test' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
if (PLUGIN) CrossAccountEventChecksPlugin.addTo(app);
else CrossAccountEventChecks.applyTo(app);
