import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, OrganizationPrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const grantToAnAccount: Gap = {
  file: __filename,
  title: 'A grant to an account or an organization',
  inShort: 'is dropped, or refused for want of a statement id',
  why:
    'Accounts and organizations have no identity policy that a grant could be written to, so it ' +
    'has to go into the policy of the bus ' +
    '([aws-cdk #23161](https://github.com/aws/aws-cdk/issues/23161), ' +
    '[#22080](https://github.com/aws/aws-cdk/issues/22080)). aws-cdk-lib does that in projects ' +
    'with the ' +
    'feature flag `@aws-cdk/aws-events:requireEventBusPolicySid`, for callers who bring an id.',
  shows: ['AWS::Events::EventBusPolicy'],
  dependsOnFlags: true,

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const grantees = [new AccountPrincipal('222222222222'), new OrganizationPrincipal('o-a1b2c3d4e5')];
    return grantees.map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenAwsCdkLib: 'an error in a new project, and in an older one a warning about service principals and no grant.',

  withThisLibrary: ({ hub }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const grantees = [new AccountPrincipal('222222222222'), new OrganizationPrincipal('o-a1b2c3d4e5')];
    return grantees.map((grantee) => bus.grantPutEventsTo(grantee).success);
  },
  thenThisLibrary:
    'both are let in, whatever the feature flags. Ids are made from what a statement says and where it belongs.',
};
