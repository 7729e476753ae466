import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountEventBusTarget } from 'cdk-cross-account-eventbridge';

export const ruleToABus: Gap = {
  file: __filename,
  title: 'A rule that forwards to a bus of another account',
  inShort: 'aws-cdk-lib creates a role that any rule can use, and no bus policy',
  why:
    'If the policy of the other bus does not allow the execution role, EventBridge rejects the target. The ' +
    'policy must therefore be deployed first. If a role trusts a service without a condition on the source, it ' +
    'is open to a [confused deputy](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).',
  shows: ['AWS::Events::EventBusPolicy', 'AWS::IAM::Role', 'AWS::IAM::Policy'],
  showsOrder: true,

  withAwsCdkLib: ({ hub, consumer }) => {
    const billing = new EventBus(consumer, 'Bus', { eventBusName: 'billing' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventPattern, targets: [new targets.EventBus(billing)] });
  },
  thenAwsCdkLib:
    'The other bus has no policy, and the stacks have no deployment order. EventBridge can assume the role for ' +
    'any resource.',

  withThisLibrary: ({ hub, consumer }) => {
    const billing = new CrossAccountEventBus(consumer, 'Bus', { eventBusName: 'billing' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(billing)] });
  },
  thenThisLibrary:
    'The policy of the other bus allows only this role. Only this rule can use the role. The rule is deployed ' +
    'after the bus policy and the role.',
};
