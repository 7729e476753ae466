import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Gap } from './gap';
import { CrossAccountEventBus, SnsEventTarget } from 'cdk-cross-account-eventbridge';

export const ruleToATopic: Gap = {
  file: __filename,
  title: 'A rule that publishes to a topic',
  inShort: 'aws-cdk-lib allows the rules of any account',
  why:
    'The policy of a topic [cannot have conditions](https://docs.aws.amazon.com/eventbridge/latest/userguide/' +
    'eb-use-resource-based.html) for EventBridge, so a statement for EventBridge allows the rules of any account. ' +
    'AWS [recommends execution roles](https://aws.amazon.com/about-aws/whats-new/2025/03/' +
    'amazon-eventbridge-iam-execution-role-all-targets/) for all targets.',
  shows: ['AWS::Events::Rule', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::SNS::TopicPolicy'],

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const topic = new Topic(hub, 'Topic', { topicName: 'alerts' });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.SnsTopic(topic)] });
  },
  thenAwsCdkLib:
    'The topic policy allows EventBridge without a condition. For a topic of another account, aws-cdk-lib uses the ' +
    'default bus of that account, as for a queue.',

  withThisLibrary: ({ hub, consumer }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const topic = new Topic(consumer, 'Topic', { topicName: 'alerts' });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new SnsEventTarget(topic)] });
  },
  thenThisLibrary:
    'The rule publishes with an execution role that only this rule can use. The policy of a topic in another ' +
    'account, as here, allows only that role. That of a topic in the same account does not change.',
};
