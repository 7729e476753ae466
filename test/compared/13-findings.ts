import { Annotations, Aspects } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher } from 'cdk-cross-account-eventbridge';

export const findings: Gap = {
  file: __filename,
  title: 'A check that reports an error',
  inShort: 'with aws-cdk-lib, synthesis may still succeed, and you cannot acknowledge the error',
  why:
    'If a check calls `Annotations.addError()`, the CDK CLI fails. In a test, `app.synth()` fails only if the ' +
    'project has the feature flag `@aws-cdk/core:annotationsInValidationReport` of 2.253.0. An error cannot be ' +
    'acknowledged.',
  dependsOnFlags: true,

  withAwsCdkLib: ({ app, hub }) => {
    new EventBus(hub, 'Bus', { eventBusName: 'demo' });
    Aspects.of(app).add({
      visit: (node) => {
        if (node instanceof EventBus) Annotations.of(node).addError('this bus is not for production');
      },
    });
    Annotations.of(hub).acknowledgeWarning('this bus is not for production');
  },
  thenAwsCdkLib: 'The error remains after `acknowledgeWarning()`. A test fails only in a new project.',

  withThisLibrary: ({ app, hub }) => {
    const resource = 'arn:aws:events:eu-west-1:111111111111:event-bus/demo';
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: resource };
    new CfnEventBusPolicy(hub, 'Demo', { eventBusName: 'demo', statementId: 'Demo', statement });
    CrossAccountEventChecks.applyTo(app);
    Annotations.of(hub).acknowledgeWarning('cdk-cross-account-eventbridge:wildcardPrincipal', 'a public demo');

    const publishers = [EventPublisher.accounts('12345')];
    return thrown(() => new CrossAccountEventBus(hub, 'Bus', { publishers }));
  },
  thenThisLibrary:
    'If an argument is invalid, the call throws an error in every project. If a user may accept a finding, it ' +
    'is a warning with an ID, and disappears once acknowledged. ' +
    'Only a problem that is certain is an error annotation, such as a policy that is too long.',
};
