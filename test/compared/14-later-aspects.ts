import { Annotations, Aspects } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { Gap } from './gap';
import { WildcardPrincipalAspect } from 'cdk-cross-account-eventbridge';

export const laterAspects: Gap = {
  file: __filename,
  title: 'Changes by a later aspect',
  inShort: 'a check in an aspect does not find them',
  why:
    'The CDK runs aspects [by priority](https://docs.aws.amazon.com/cdk/v2/guide/aspects.html): first mutating ' +
    'aspects (200), then other aspects (500), then read-only aspects (1000). If aspects have the same ' +
    'priority, they run in the order in which they were added. If a check evaluates a construct during the ' +
    'visit, it misses later changes.',
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
  thenAwsCdkLib: 'The policy allows any AWS account, and the check reports nothing.',

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
  thenThisLibrary: 'The checks run in a validation. The CDK runs it after all aspects.',
};
