import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Gap, thrown } from './gap';
import { CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const statementsOfABus: Gap = {
  file: __filename,
  title: 'Statements of your own',
  inShort: 'must have an id, which is cut off and changed',
  why:
    'The id of a statement is the name of its resource, [one for each account and ' +
    'region](https://github.com/aws/aws-cdk/issues/29627) and 64 characters at the most. ' +
    'The two long ones here are not longer than that; they end in `-blue` and `-gold`.',
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
    'it adds a prefix to the id, in the statement of the caller too, and cuts the end off, so that two ids become one.',

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
  thenThisLibrary: 'ids stay as they are, and one is made where there is none, which no other bus of the account uses.',
};
