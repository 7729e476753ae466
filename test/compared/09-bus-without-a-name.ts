import { PhysicalName } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus, PublisherRole } from 'cdk-cross-account-eventbridge';

export const busWithoutAName: Gap = {
  file: __filename,
  title: 'A bus without a name',
  inShort: 'cannot be referred to from another account',
  why:
    'A template can name a resource of another account only if its name is known before deployment. The CDK has ' +
    '[`PhysicalName.GENERATE_IF_NEEDED`](https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.PhysicalName.html) ' +
    'for that, and recommends it, but `EventBus` does not know ' +
    'how to go without a name ([aws-cdk #14337](https://github.com/aws/aws-cdk/issues/14337)).',
  shows: ['AWS::Events::EventBus', 'AWS::IAM::Policy'],

  withAwsCdkLib: ({ hub, publisher }) => {
    const bus = new EventBus(hub, 'Bus');
    new EventBus(hub, 'ForLater', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
    return { fromAnotherAccount: thrown(() => publisher.resolve(bus.eventBusArn)) };
  },
  thenAwsCdkLib:
    'to refer to the bus is an error. The remedy that the message gives is another error, for as ' +
    'long as nobody refers to the bus.',

  withThisLibrary: ({ hub, publisher }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus');
    new CrossAccountEventBus(hub, 'ForLater', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
    new PublisherRole(publisher, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    return { fromAnotherAccount: thrown(() => publisher.resolve(bus.eventBusArn)) };
  },
  thenThisLibrary: 'every bus has a name, made from its path, so any account can refer to it.',
};
