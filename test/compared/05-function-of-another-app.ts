import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Gap } from './gap';
import { CrossAccountEventBus, CrossAccountInvokePermission, LambdaEventTarget } from 'cdk-cross-account-eventbridge';

export const functionOfAnotherApp: Gap = {
  file: __filename,
  title: 'A function that another app defines',
  inShort: 'aws-cdk-lib rejects it as a target',
  why:
    'Since January 2025, EventBridge can [invoke functions of other accounts ' +
    'directly](https://aws.amazon.com/about-aws/whats-new/2025/01/' +
    'amazon-eventbridge-direct-delivery-cross-account-targets/). ' +
    'The target then needs an execution role, but `targets.LambdaFunction` has no property for it ([aws-cdk ' +
    '#33328](https://github.com/aws/aws-cdk/issues/33328)).',
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
  thenAwsCdkLib: '`Rule` throws an error. The only workaround is a custom target class.',

  withThisLibrary: ({ hub, consumer, handler }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const invoices = Function.fromFunctionArn(
      hub,
      'Invoices',
      'arn:aws:lambda:eu-west-1:333333333333:function:invoices',
    );
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(invoices)] });

    // in the app that defines the function
    new CrossAccountInvokePermission(consumer, 'FromOrders', { handler, eventBusAccount: '111111111111' });
  },
  thenThisLibrary:
    'The app with the rule creates the execution role, and the app with the function creates the permission. A ' +
    'warning in the app with the rule reports the permission that the function needs.',
};
