import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, LambdaEventTarget } from 'cdk-cross-account-eventbridge';

export const ruleToAFunction: Gap = {
  file: __filename,
  title: 'A rule that invokes a function of another account',
  inShort: 'aws-cdk-lib uses the default bus of that account, without an execution role',
  why:
    'Since March 2023, EventBridge [rejects a bus of another account as ' +
    'target](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html) if the target has ' +
    'no execution role ([aws-cdk #24843](https://github.com/aws/aws-cdk/issues/24843)). A stack in the account ' +
    'of the rule cannot create the permission of the function ' +
    '([#13568](https://github.com/aws/aws-cdk/issues/13568)).',
  shows: [
    'AWS::Events::Rule',
    'AWS::IAM::Role',
    'AWS::IAM::Policy',
    'AWS::Lambda::Permission',
    'AWS::Events::EventBusPolicy',
  ],

  withAwsCdkLib: ({ hub, handler }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.LambdaFunction(handler)] });
  },
  thenAwsCdkLib:
    'aws-cdk-lib creates a second rule on the default bus of the consumer account. The policy of that bus ' +
    'allows the whole hub account. EventBridge rejects the target of the first rule. One of the permissions is ' +
    'in a stack of the wrong account.',

  withThisLibrary: ({ hub, handler }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
  },
  thenThisLibrary:
    'The rule invokes the function with an execution role that only this rule can use. The library adds no ' +
    'statement to a bus policy.',
};
