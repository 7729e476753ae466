import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountInvokePermission, LambdaEventTarget } from 'cdk-cross-account-eventbridge';

export const functionOfAnotherApp: Gap = {
  file: __filename,
  title: 'A function that another app owns',
  inShort: 'cannot be a target',
  why:
    'EventBridge has [delivered to functions of other accounts ' +
    'directly](https://aws.amazon.com/about-aws/whats-new/2025/01/' +
    'amazon-eventbridge-direct-delivery-cross-account-targets/) ' +
    'since January 2025. That takes a role, which `targets.LambdaFunction` has no property for ' +
    '([aws-cdk #33328](https://github.com/aws/aws-cdk/issues/33328)).',
  shows: ['AWS::Events::Rule', 'AWS::IAM::Policy', 'AWS::Lambda::Permission'],

  withAwsCdkLib: ({ hub }) => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const invoices = Function.fromFunctionArn(
      hub,
      'Invoices',
      'arn:aws:lambda:eu-west-1:333333333333:function:invoices',
    );
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.LambdaFunction(invoices)] });
  },
  thenAwsCdkLib: 'an error. There is no way around it but a target class of your own.',

  withThisLibrary: ({ hub, consumer, handler }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const invoices = Function.fromFunctionArn(
      hub,
      'Invoices',
      'arn:aws:lambda:eu-west-1:333333333333:function:invoices',
    );
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(invoices)] });

    // in the app that owns the function
    new CrossAccountInvokePermission(consumer, 'FromOrders', { handler, eventBusAccount: '111111111111' });
  },
  thenThisLibrary: 'each app writes its own half, and the one with the rule says what the other has to do.',
};
