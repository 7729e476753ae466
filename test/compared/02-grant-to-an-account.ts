import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, OrganizationPrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const grantToAnAccount: Gap = {
  file: __filename,
  title: 'A grant to an account or an organization',
  inShort: 'aws-cdk-lib requires a statement ID and throws an error, or ignores the grant',
  why:
    'An account or organization has no identity-based policy, so the grant must add a statement to the bus ' +
    'policy ([aws-cdk #23161](https://github.com/aws/aws-cdk/issues/23161), ' +
    '[#22080](https://github.com/aws/aws-cdk/issues/22080)). aws-cdk-lib adds it only if the project has the ' +
    'feature flag `@aws-cdk/aws-events:requireEventBusPolicySid` and the grant has a statement ID.',
  shows: ['AWS::Events::EventBusPolicy'],
  dependsOnFlags: true,

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const grantees = [new AccountPrincipal('222222222222'), new OrganizationPrincipal('o-a1b2c3d4e5')];
    return grantees.map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenAwsCdkLib:
    'In a new project, the grant throws an error. In a project without feature flags, the grant adds no ' +
    'statement, and a warning names service principals.',

  withThisLibrary: ({ hub }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const grantees = [new AccountPrincipal('222222222222'), new OrganizationPrincipal('o-a1b2c3d4e5')];
    return grantees.map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenThisLibrary:
    'The bus policy allows both, with and without feature flags. A statement ID is generated from the content ' +
    'of the statement and the construct path of the policy.',
};
