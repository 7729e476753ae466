import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement, Role, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventChecks, PublisherRole } from 'cdk-cross-account-eventbridge';

export const tooLongTooOpen: Gap = {
  file: __filename,
  title: 'A policy that is too long or too permissive',
  inShort: 'aws-cdk-lib reports nothing',
  why:
    'A bus policy can have [10,240 ' +
    'characters](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html). If it is longer, the ' +
    'deployment fails. A condition on the event source does not restrict the principal. The ' +
    '[limits](../README.md#limits) list what the checks of this library do not find.',
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
    'aws-cdk-lib does not report that the policy is too long and allows any AWS account. `grantAllPutEvents()` ' +
    'allows the role to send events to all buses.',

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
    'The checks also evaluate constructs of aws-cdk-lib. They report an error and a warning, each with a fix. ' +
    'A `PublisherRole` can send events only to the buses in its properties.',
};
