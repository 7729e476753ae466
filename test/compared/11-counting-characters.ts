import { Aspects } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus, EventPublisher, PolicySizeAspect, PublisherRole } from 'cdk-cross-account-eventbridge';

export const countingCharacters: Gap = {
  file: __filename,
  title: 'Counting the characters of a policy',
  inShort: 'leaves statement ids out',
  why:
    'A role splits its policy when its inline policies get longer than [10,240 ' +
    'characters](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). It ' +
    'goes by an ' +
    'estimate of aws-cdk-lib that does not count the ids of statements.',
  counts: ['AWS::IAM::Policy'],

  withAwsCdkLib: ({ publisher }) => {
    const role = new Role(publisher, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const statements = Array.from(
      { length: 60 },
      (_, i) =>
        new PolicyStatement({
          sid: `PublishTheOrdersOfTheTenantWithNumber${1000 + i}OnTheBusOfThatTenant`,
          actions: ['events:PutEvents'],
          resources: [`arn:aws:events:eu-west-1:222222222222:event-bus/tenant-${1000 + i}`],
        }),
    );
    for (const statement of statements) role.addToPolicy(statement);
    const [first] = statements;
    const estimated = first._estimateSize({ actionEstimate: 20, arnEstimate: 150 });
    return { estimated, counted: JSON.stringify(first).length };
  },
  thenAwsCdkLib: 'a policy that IAM refuses.',

  withThisLibrary: ({ app, hub, publisher }) => {
    const buses = Array.from({ length: 60 }, (_, i) =>
      EventBus.fromEventBusName(publisher, `Bus${i}`, `tenant-${1000 + i}`),
    );
    new PublisherRole(publisher, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: buses,
    });

    const central = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    central.allowPublisher(EventPublisher.accounts('222222222222'));
    Aspects.of(app).add(new PolicySizeAspect({ eventBusPolicyLimit: 250, warningThresholdPercent: 50 }));
  },
  thenThisLibrary:
    'one statement for all buses of a role, without an id; and bus policies are counted as AWS ' +
    'stores them, ids and all.',
};
