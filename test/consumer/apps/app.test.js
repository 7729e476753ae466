// The test of an app, without a test framework that needs an installation.
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { App, Stack } = require('aws-cdk-lib');
const { CrossAccountEventBus, EventAssertions, EventPublisher } = require('cdk-cross-account-eventbridge');

const app = new App();
const hub = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts('222222222222')] });
const event = { source: 'com.example.shop', detailType: 'OrderPlaced' };
const events = EventAssertions.of(app);

test('an account that is allowed can publish, and no other', () => {
  events.delivered({ publisherAccount: '222222222222', event, target: bus });
  events.refused({ publisherAccount: '333333333333', event, target: bus });
});

test('a wrong assertion fails with the reason', () => {
  const wrong = () => events.delivered({ publisherAccount: '333333333333', event, target: bus });
  assert.throws(wrong, /333333333333/);
});
