import { PhysicalName } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus, PublisherRole } from 'cdk-cross-account-eventbridge';

export const busWithoutAName: Gap = {
  file: __filename,
  title: 'A bus without a name',
  inShort: 'aws-cdk-lib throws an error if another account references it',
  why:
    'A template can reference a resource of another account only if its name is known before deployment. The ' +
    'CDK has ' +
    '[`PhysicalName.GENERATE_IF_NEEDED`](https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.PhysicalName.html) ' +
    'for this case, and recommends it. If no name is needed, however, `EventBus` has none and fails ([aws-cdk ' +
    '#14337](https://github.com/aws/aws-cdk/issues/14337)).',
  shows: ['AWS::Events::EventBus', 'AWS::IAM::Policy'],

  withAwsCdkLib: ({ hub, publisher }) => {
    const bus = new EventBus(hub, 'Bus');
    new EventBus(hub, 'ForLater', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
    return { fromAnotherAccount: thrown(() => publisher.resolve(bus.eventBusArn)) };
  },
  thenAwsCdkLib:
    'A reference to the bus throws an error that recommends `GENERATE_IF_NEEDED`. If no other account ' +
    'references the bus, that value causes another error.',

  withThisLibrary: ({ hub, publisher }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus');
    new CrossAccountEventBus(hub, 'ForLater', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
    new PublisherRole(publisher, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    return { fromAnotherAccount: thrown(() => publisher.resolve(bus.eventBusArn)) };
  },
  thenThisLibrary:
    'If you set no name, the bus gets a name from its path. Any account can therefore reference the bus.',
};
