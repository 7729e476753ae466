import { Annotations, Aspects } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { Gap } from './gap';
import { WildcardPrincipalAspect } from 'cdk-cross-account-eventbridge';

export const laterAspects: Gap = {
  file: __filename,
  title: 'What a later aspect changes',
  inShort: 'is not seen by a check',
  why:
    'The CDK runs aspects [by priority](https://docs.aws.amazon.com/cdk/v2/guide/aspects.html), ' +
    'mutating ones (200) before others (500) and those that only read (1000), and aspects of one ' +
    'priority in the order in which they were added. A check that judges as it visits misses what comes after it.',
  shows: ['AWS::Events::EventBusPolicy'],

  withAwsCdkLib: ({ app, hub }) => {
    const shop = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'events:PutEvents' };
    const statement = { ...shop, Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders' };
    const policy = new CfnEventBusPolicy(hub, 'Policy', { eventBusName: 'orders', statementId: 'Shop', statement });

    const check = (node: IConstruct) => {
      if (node === policy && policy.statement.Principal === '*') {
        Annotations.of(node).addWarningV2('open', 'open to everybody');
      }
    };
    const change = (node: IConstruct) => {
      if (node === policy) policy.statement = { ...statement, Principal: '*' };
    };
    Aspects.of(app).add({ visit: check });
    Aspects.of(app).add({ visit: change });
  },
  thenAwsCdkLib: 'the policy is open, and the check has approved of it.',

  withThisLibrary: ({ app, hub }) => {
    const shop = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'events:PutEvents' };
    const statement = { ...shop, Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders' };
    const policy = new CfnEventBusPolicy(hub, 'Policy', { eventBusName: 'orders', statementId: 'Shop', statement });

    const change = (node: IConstruct) => {
      if (node === policy) policy.statement = { ...statement, Principal: '*' };
    };
    Aspects.of(app).add(new WildcardPrincipalAspect());
    Aspects.of(app).add({ visit: change });
  },
  thenThisLibrary: 'checks judge in a validation, which the CDK runs when all aspects are through.',
};
