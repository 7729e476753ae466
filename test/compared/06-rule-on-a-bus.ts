import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountRule } from 'cdk-cross-account-eventbridge';

export const ruleOnABus: Gap = {
  file: __filename,
  title: 'A rule on a bus of another account',
  inShort: 'ends up on a local bus of the same name',
  why:
    'Subscribers can [manage rules of their own on a central ' +
    'bus](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html). ' +
    'The rule has to name the bus by its ARN for that ([aws-cdk ' +
    '#26032](https://github.com/aws/aws-cdk/issues/26032)), and the bus has to let its account.',
  shows: ['AWS::Events::Rule', 'AWS::Events::EventBusPolicy'],
  showsOrder: true,

  withAwsCdkLib: ({ hub, consumer }) => {
    const central = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const own = new EventBus(consumer, 'Own', { eventBusName: 'own' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(consumer, 'Rule', { eventBus: central, eventPattern, targets: [new targets.EventBus(own)] });
  },
  thenAwsCdkLib:
    "the rule is for a bus `orders` of the consumer's account. If there is none, deployment " +
    'fails; if there is one, the rule gets its events.',

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
    'the rule has the ARN, and the bus lets this account manage its own rules, for this source ' +
    'and with its own buses as targets, before they are made.',
};
