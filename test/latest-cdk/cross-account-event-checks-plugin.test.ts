import * as cdk from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { CrossAccountEventChecksPlugin } from '../../src';
import { HUB, testApp, testStack } from '../support/apps';

/** The types are those of the oldest supported CDK, which does not have `Validations`. */
const { Validations } = cdk as unknown as {
  Validations: { of(scope: IConstruct): { acknowledge(rule: { id: string; reason: string }): void } };
};

test('a finding of the plugin can be acknowledged with Validations, by the name of the plugin and its ID', () => {
  jest.spyOn(console, 'error').mockImplementation();
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: 'events:PutEvents',
    Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
    Condition: { StringEquals: { 'events:source': 'x'.repeat(11_000) } },
  };
  new CfnEventBusPolicy(hub, 'Long', { statementId: 'Long', eventBusName: 'orders', statement });
  CrossAccountEventChecksPlugin.addTo(app);
  expect(() => app.synth()).toThrow(/eventBusPolicySize/);

  Validations.of(hub).acknowledge({
    id: 'CrossAccountEventChecks::cdk-cross-account-eventbridge:eventBusPolicySize',
    reason: 'raised by AWS',
  });
  expect(() => app.synth({ force: true })).not.toThrow();
});
