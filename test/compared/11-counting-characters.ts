import { Aspects } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Gap } from './gap';
import { CrossAccountEventBus, EventPublisher, PolicySizeAspect, PublisherRole } from 'cdk-cross-account-eventbridge';

export const countingCharacters: Gap = {
  file: __filename,
  title: 'The size of a policy',
  inShort: 'aws-cdk-lib does not count statement IDs',
  why:
    'If the inline policies of a role have more than [10,240 ' +
    'characters](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), `Role` splits ' +
    'its policy. `Role` uses an estimate that does not include statement IDs.',
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
  thenAwsCdkLib: '`Role` does not split the policy, and IAM rejects it.',

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
    'A `PublisherRole` has one statement for all buses, without an ID. ' +
    'The check counts a bus policy as AWS stores it, including statement IDs.',
};
