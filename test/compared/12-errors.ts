import { ValidationError } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const errors: Gap = {
  file: __filename,
  title: 'Error messages',
  inShort: 'aws-cdk-lib does not name the construct, and changes its error class',
  why:
    'aws-cdk-lib exports `ValidationError`, but the class is internal. Between 2.235.0 and 2.276.0, its first ' +
    'parameter became a name, and its second parameter the message. If a library throws this class, an upgrade ' +
    'of aws-cdk-lib removes the messages of the library.',

  withAwsCdkLib: ({ hub }) => {
    // correct with 2.235.0
    const error = new ValidationError("'accounts' must hold 12-digit account IDs", hub);
    return {
      messageOfALibrary: error.message,
      messageOfTheL2: thrown(() => new EventBus(hub, 'Bus', { eventBusName: 'my orders' })),
    };
  },
  thenAwsCdkLib:
    'The message of the library is lost. The message of `EventBus` contains neither the construct path nor the ' +
    'invalid value.',

  withThisLibrary: ({ hub }) => {
    return {
      messageOfThisLibrary: thrown(() => new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'my orders' })),
    };
  },
  thenThisLibrary:
    'The library throws a plain `Error`. The message contains the construct path, the property, the allowed ' +
    'values, the invalid value and the fix.',
};
