import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const statementsOfABus: Gap = {
  file: __filename,
  title: 'IDs of policy statements',
  inShort: 'aws-cdk-lib requires an ID, changes it and truncates it',
  why:
    'The statement ID is the name of the policy resource. It must be [unique in the account and ' +
    'Region](https://github.com/aws/aws-cdk/issues/29627) and can have at most 64 characters. Both long IDs of ' +
    'the sample are within this limit. They end with `-blue` and `-gold`.',
  shows: [['AWS::Events::EventBusPolicy', 'StatementId']],

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const allow = (sid?: string) =>
      new PolicyStatement({
        sid,
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new AccountPrincipal('222222222222')],
      });
    const statement = allow('Shop');
    bus.addToResourcePolicy(statement);
    const withoutId = thrown(() => bus.addToResourcePolicy(allow()));
    const long = 'OrderServiceOfTheRetailTeamInTheProductionAccountsOfEuropeW';
    const longIds = thrown(() => ['-blue', '-gold'].forEach((end) => bus.addToResourcePolicy(allow(long + end))));
    return { given: statement.sid, withoutId, longIds };
  },
  thenAwsCdkLib:
    '`EventBus` rejects a statement without an ID. It adds a prefix to the ID, also in the `PolicyStatement` ' +
    'that you pass. It then truncates the ID, so both long IDs become the same ID.',

  withThisLibrary: ({ hub }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const allow = (sid?: string) =>
      new PolicyStatement({
        sid,
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        principals: [new AccountPrincipal('222222222222')],
      });
    const statement = allow('Shop');
    bus.addToResourcePolicy(statement);
    const withoutId = thrown(() => bus.addToResourcePolicy(allow()));
    const long = 'OrderServiceOfTheRetailTeamInTheProductionAccountsOfEuropeW';
    const longIds = thrown(() => ['-blue', '-gold'].forEach((end) => bus.addToResourcePolicy(allow(long + end))));
    return { given: statement.sid, withoutId, longIds };
  },
  thenThisLibrary:
    'IDs stay as they are. If a statement has no ID, it gets a generated ID that no other bus of the account ' +
    'uses.',
};
