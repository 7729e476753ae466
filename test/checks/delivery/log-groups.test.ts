import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup, CfnResourcePolicy, ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP } from '../../support/apps';
import { faults } from '../../support/faults';
import { RULE, arnOf } from '../../support/role-targets';
import { cfnRule, inThreeAccounts } from '../../support/three-accounts';

const LOG_GROUP = arnOf('logs', 'log-group:/aws/events/orders');

const STATEMENT = {
  Effect: 'Allow',
  Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: `${LOG_GROUP}:*`,
};

function logsPolicy(stack: Stack, statement: object = {}): void {
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...STATEMENT, ...statement }] });
  new CfnResourcePolicy(stack, 'LogsPolicy', { policyName: 'logs', policyDocument });
}

/** A rule to a log group, and a policy of CloudWatch Logs with a changed statement. */
const withPolicy = (statement: object = {}) =>
  inThreeAccounts(({ hub }) => {
    logsPolicy(hub, statement);
    cfnRule(hub, { arn: LOG_GROUP });
  });

const policyStatement = (resource: string) =>
  new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['logs:*'],
    resources: [resource],
  });

/** A policy that a custom resource puts, as for targets of aws-cdk-lib. */
function customPolicy(stack: Stack, resource: string): void {
  const policyDocument = JSON.stringify({ Statement: [{ ...STATEMENT, Resource: resource }] });
  new AwsCustomResource(stack, 'LogsPolicy', {
    resourceType: 'Custom::CloudwatchLogResourcePolicy',
    onUpdate: {
      service: 'CloudWatchLogs',
      action: 'putResourcePolicy',
      parameters: { policyName: 'logs', policyDocument },
      physicalResourceId: PhysicalResourceId.of('logs'),
    },
    installLatestAwsSdk: false,
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
}

faults('log groups as targets', {
  finds: FindingId.MANUALLY_ADD_LOGS_POLICY,
  level: 'warning',
  healthy: {
    'a policy for the log group': withPolicy(),
    'a policy for all log groups of EventBridge': withPolicy({ Resource: arnOf('logs', 'log-group:/aws/events/*:*') }),
    'a policy for the rule': withPolicy({ Condition: { ArnEquals: { 'aws:SourceArn': RULE } } }),
    'a policy for all log streams': withPolicy({ Resource: `${LOG_GROUP}:log-stream:*` }),
    'a policy as an L2': inThreeAccounts(({ hub }) => {
      new ResourcePolicy(hub, 'LogsPolicy', { policyStatements: [policyStatement(`${LOG_GROUP}:*`)] });
      cfnRule(hub, { arn: LOG_GROUP });
    }),
    'a policy by a custom resource of the CDK': inThreeAccounts(({ hub }) => {
      customPolicy(hub, `${LOG_GROUP}:*`);
      cfnRule(hub, { arn: LOG_GROUP });
    }),
    'a policy of the log group itself': inThreeAccounts(({ hub }) => {
      const group = new CfnLogGroup(hub, 'Group', { logGroupName: '/aws/events/orders' });
      group.addPropertyOverride('ResourcePolicyDocument', { Version: '2012-10-17', Statement: [STATEMENT] });
      cfnRule(hub, { arn: LOG_GROUP });
    }),
  },
  faulty: {
    'no policy': { app: inThreeAccounts(({ hub }) => cfnRule(hub, { arn: LOG_GROUP })), at: '/Hub/Rule' },
    'a policy for another log group': {
      app: withPolicy({ Resource: arnOf('logs', 'log-group:/aws/events/invoices:*') }),
      at: '/Hub/Rule',
    },
    'a policy for another service': {
      app: withPolicy({ Principal: { Service: 'es.amazonaws.com' } }),
      at: '/Hub/Rule',
    },
    'a policy with one of the actions': { app: withPolicy({ Action: 'logs:PutLogEvents' }), at: '/Hub/Rule' },
    'a policy for another rule': {
      app: withPolicy({ Condition: { ArnEquals: { 'aws:SourceArn': `${RULE}-old` } } }),
      at: '/Hub/Rule',
    },
    'a policy in another account': {
      app: inThreeAccounts(({ hub, shop }) => {
        logsPolicy(shop);
        cfnRule(hub, { arn: LOG_GROUP });
      }),
      at: '/Hub/Rule',
    },
    'a policy for another log group by a custom resource of the CDK': {
      app: inThreeAccounts(({ hub }) => {
        customPolicy(hub, `${LOG_GROUP}-old:*`);
        cfnRule(hub, { arn: LOG_GROUP });
      }),
      at: '/Hub/Rule',
    },
    'an ARN that ends in a wildcard': {
      app: inThreeAccounts(({ hub }) => {
        logsPolicy(hub);
        cfnRule(hub, { arn: new CfnLogGroup(hub, 'Group', { logGroupName: '/aws/events/orders' }).attrArn });
      }),
      finds: FindingId.TARGET_ARN_INVALID,
      at: '/Hub/Rule',
    },
    'a log group in another account': {
      app: inThreeAccounts(({ hub }) => cfnRule(hub, { arn: LOG_GROUP.replace(HUB.account, SHOP.account) })),
      finds: FindingId.TARGET_ACCOUNT_UNSUPPORTED,
      level: 'error',
      at: '/Hub/Rule',
    },
  },
});
