import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { CrossAccountEventBus, LambdaEventTarget } from 'cdk-cross-account-eventbridge';

export const ruleToAFunction: Gap = {
  file: __filename,
  title: 'A rule that invokes a function of another account',
  inShort: 'goes over the default bus, without a role',
  why:
    'Since March 2023 EventBridge [refuses a bus of another account as ' +
    'target](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html) ' +
    'if there is no role ([aws-cdk #24843](https://github.com/aws/aws-cdk/issues/24843)), and a ' +
    'permission cannot be written from the account of the rule ' +
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
    "a second rule on the consumer's default bus, which is opened to the whole account of the " +
    'hub; a target that is refused; ' +
    'and a permission in the stack of the wrong account.',

  withThisLibrary: ({ hub, handler }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
  },
  thenThisLibrary: 'the rule invokes the function, with a role that only this rule can use. No bus is opened.',
};
