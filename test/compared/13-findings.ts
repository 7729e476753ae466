import { Annotations, Aspects } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher } from 'cdk-cross-account-eventbridge';

export const findings: Gap = {
  file: __filename,
  title: 'What a check reports as an error',
  inShort: 'may not stop synthesis, and cannot be accepted',
  why:
    'A check that reports with `Annotations.addError()` makes the CDK CLI fail, but ' +
    '`app.synth()` in a test only where the project has the feature flag ' +
    '`@aws-cdk/core:annotationsInValidationReport` of 2.253.0. Nothing acknowledges an error.',
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
  thenAwsCdkLib: 'an error that stays an error, and that a test notices in a new project only.',

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
    'what is wrong by itself throws at the call, in every project. What a user may accept is a ' +
    'warning with an id, and is silent once acknowledged. ' +
    'An annotated error is left for what is wrong for certain, such as a policy that is too long.',
};
