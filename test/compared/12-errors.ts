import { ValidationError } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const errors: Gap = {
  file: __filename,
  title: 'Errors',
  inShort: 'do not say where, and their class changes',
  why:
    '`ValidationError` of aws-cdk-lib is exported but internal: between 2.235.0 and 2.276.0 its ' +
    'first parameter became a name, and the message the second. A library ' +
    'that throws it loses its messages with an upgrade.',

  withAwsCdkLib: ({ hub }) => {
    // as it was right with 2.235.0
    const error = new ValidationError("'accounts' must hold 12-digit account ids", hub);
    return {
      messageOfALibrary: error.message,
      messageOfTheL2: thrown(() => new EventBus(hub, 'Bus', { eventBusName: 'my orders' })),
    };
  },
  thenAwsCdkLib:
    'the message of the library is gone, and that of the L2 names neither the construct nor what it was given.',

  withThisLibrary: ({ hub }) => {
    return {
      messageOfThisLibrary: thrown(() => new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'my orders' })),
    };
  },
  thenThisLibrary: 'a plain `Error`: where, which property, what is allowed, what was given, what to do.',
};
