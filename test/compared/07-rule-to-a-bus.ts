import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountEventBusTarget } from 'cdk-cross-account-eventbridge';

export const ruleToABus: Gap = {
  file: __filename,
  title: 'A rule that forwards to a bus of another account',
  inShort: 'has a role that any rule can use, and is not let in',
  why:
    'EventBridge refuses the target until the policy of the other bus lets its role in, so that ' +
    'has to be there first. A role that trusts a service without saying ' +
    'for whom it acts is open to a [confused ' +
    'deputy](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).',
  shows: ['AWS::Events::EventBusPolicy', 'AWS::IAM::Role', 'AWS::IAM::Policy'],
  showsOrder: true,

  withAwsCdkLib: ({ hub, consumer }) => {
    const billing = new EventBus(consumer, 'Bus', { eventBusName: 'billing' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventPattern, targets: [new targets.EventBus(billing)] });
  },
  thenAwsCdkLib: 'no policy on the other bus, no order of deployment, and a role for whatever EventBridge does.',

  withThisLibrary: ({ hub, consumer }) => {
    const billing = new CrossAccountEventBus(consumer, 'Bus', { eventBusName: 'billing' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(billing)] });
  },
  thenThisLibrary:
    'the other bus lets in this role alone, the role is for this rule alone, and the rule is deployed after both.',
};
