import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Gap } from './gap';
import { CrossAccountEventBus, KinesisEventTarget } from 'cdk-cross-account-eventbridge';

export const ruleToAStream: Gap = {
  file: __filename,
  title: 'A rule that sends to a stream of another account',
  inShort: 'aws-cdk-lib uses the default bus of that account',
  why:
    'A stream of another account needs an execution role in the account of the rule, and a [stream ' +
    'policy](https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html) that allows it.',
  shows: ['AWS::Events::Rule', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Kinesis::ResourcePolicy'],

  withAwsCdkLib: ({ hub, consumer }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const encryption = StreamEncryption.UNENCRYPTED;
    const stream = new Stream(consumer, 'Stream', { streamName: 'clicks', encryption });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.KinesisStream(stream)] });
  },
  thenAwsCdkLib:
    'aws-cdk-lib creates a second rule on the default bus of the consumer account. EventBridge rejects the target of ' +
    'the first rule, because it has no execution role. Any rule can use the role of the second one.',

  withThisLibrary: ({ hub, consumer }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const encryption = StreamEncryption.UNENCRYPTED;
    const stream = new Stream(consumer, 'Stream', { streamName: 'clicks', encryption });
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new KinesisEventTarget(stream)] });
  },
  thenThisLibrary:
    'The rule sends to the stream with an execution role that only this rule can use, which may call only ' +
    '`kinesis:PutRecord`. The stream policy allows only that role.',
};
