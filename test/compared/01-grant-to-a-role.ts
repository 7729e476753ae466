import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const grantToARole: Gap = {
  file: __filename,
  title: 'A grant to a role of another account',
  inShort: 'aws-cdk-lib reports success, but adds no statement to the bus policy',
  why:
    'A cross-account `PutEvents` call needs [two ' +
    'policies](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html): an ' +
    'identity-based policy of the principal, and the resource-based policy of the bus.',
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
  thenAwsCdkLib:
    'Both grants report success. The first grant creates only the identity-based policy. The second grant ' +
    'creates nothing.',

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
    'The bus policy allows both roles, and no other principal of their accounts. `partner` is an imported ' +
    'role, so a warning contains the statement that its identity-based policy needs.',
};
