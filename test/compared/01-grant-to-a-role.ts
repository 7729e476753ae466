import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const grantToARole: Gap = {
  file: __filename,
  title: 'A grant to a role of another account',
  inShort: 'succeeds, and lets nobody in',
  why:
    'A call of `PutEvents` across accounts needs [both ' +
    'halves](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html): an ' +
    'identity ' +
    'policy of the caller, and the policy of the bus.',
  shows: ['AWS::Events::EventBusPolicy', 'AWS::IAM::Policy'],

  withAwsCdkLib: ({ hub, publisher }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const role = new Role(publisher, 'Role', {
      roleName: 'shop',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const partner = Role.fromRoleArn(hub, 'Partner', 'arn:aws:iam::333333333333:role/partner');
    return [role, partner].map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenAwsCdkLib: 'both grants report success. One wrote half of what is needed, the other nothing at all.',

  withThisLibrary: ({ hub, publisher }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const role = new Role(publisher, 'Role', {
      roleName: 'shop',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const partner = Role.fromRoleArn(hub, 'Partner', 'arn:aws:iam::333333333333:role/partner');
    return [role, partner].map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenThisLibrary:
    'the bus lets both roles in and nobody else of their accounts, and the half that lies ' +
    'outside the app is in a warning.',
};
