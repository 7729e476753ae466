import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement, Role, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventChecks, PublisherRole } from 'cdk-cross-account-eventbridge';

export const tooLongTooOpen: Gap = {
  file: __filename,
  title: 'A policy that is too long or too open',
  inShort: 'is not noticed',
  why:
    'A bus policy has [10,240 ' +
    'characters](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html), and ' +
    'the deployment that crosses that fails. A condition on ' +
    'the source of an event does not limit who sends it. ([Limits](../README.md#limits) tell ' +
    'what the checks of this library do not see either.)',
  shows: ['AWS::IAM::Policy'],

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    for (let i = 0; i < 60; i++) bus.grantPutEventsTo(new AccountPrincipal(`${400000000000 + i}`), `Account${i}`);
    const conditions = { StringEquals: { 'events:source': 'com.example.shop' } };
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Shop',
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new StarPrincipal()],
        conditions,
      }),
    );
    EventBus.grantAllPutEvents(new Role(hub, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  },
  thenAwsCdkLib:
    'not a word about a policy that is too long and open to everybody, and a role for all buses there are.',

  withThisLibrary: ({ app, hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    for (let i = 0; i < 60; i++) bus.grantPutEventsTo(new AccountPrincipal(`${400000000000 + i}`), `Account${i}`);
    const conditions = { StringEquals: { 'events:source': 'com.example.shop' } };
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Shop',
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new StarPrincipal()],
        conditions,
      }),
    );
    new PublisherRole(hub, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    CrossAccountEventChecks.applyTo(app);
  },
  thenThisLibrary:
    'an error and a warning, about constructs of aws-cdk-lib, with what would help. A ' +
    '`PublisherRole` is for the buses that it is given.',
};
