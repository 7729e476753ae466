import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule } from 'cdk-cross-account-eventbridge';

export const ruleOnABus: Gap = {
  file: __filename,
  title: 'A rule on a bus of another account',
  inShort: 'aws-cdk-lib puts the rule on a bus of the same name in its own account',
  why:
    'A subscriber account can [manage its own rules on a central ' +
    'bus](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html). The ' +
    'rule must reference the bus by ARN ([aws-cdk #26032](https://github.com/aws/aws-cdk/issues/26032)), and ' +
    'the bus policy must allow the subscriber account.',
  shows: ['AWS::Events::Rule', 'AWS::Events::EventBusPolicy'],
  showsOrder: true,

  withAwsCdkLib: ({ hub, consumer }) => {
    const central = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const own = new EventBus(consumer, 'Own', { eventBusName: 'own' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(consumer, 'Rule', { eventBus: central, eventPattern, targets: [new targets.EventBus(own)] });
  },
  thenAwsCdkLib:
    'The rule references a bus `orders` in the consumer account. If that account has no such bus, the ' +
    'deployment fails. If it has one, the rule receives the events of that bus.',

  withThisLibrary: ({ hub, consumer }) => {
    const central = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const own = new EventBus(consumer, 'Own', { eventBusName: 'own' });
    const eventPattern = { source: ['com.example.shop'] };
    new CrossAccountRule(consumer, 'Rule', {
      eventBus: central,
      eventPattern,
      targets: [new CrossAccountEventBusTarget(own)],
    });
  },
  thenThisLibrary:
    'The rule references the bus by ARN. The bus policy allows the consumer account to manage its own rules, ' +
    'for this event source and with its own buses as targets. The bus policy is deployed before the rule.',
};
