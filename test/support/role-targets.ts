import { Stack } from 'aws-cdk-lib';
import { HUB, REGION, SHOP } from './apps';
import { cfnRule, executionRole, ruleArn } from './three-accounts';

/** The ARN of the rule `rule` on the default bus of account 111111111111. */
export const RULE = ruleArn('rule');

export const arnOf = (service: string, resource: string, account = HUB.account, region = REGION) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** Literal ARNs of targets that need an execution role, with the action of the role. */
export const TARGETS: { readonly [kind: string]: readonly [arn: string, action: string] } = {
  'a stream': [arnOf('kinesis', 'stream/orders'), 'kinesis:PutRecord'],
  'a delivery stream': [arnOf('firehose', 'deliverystream/orders'), 'firehose:PutRecordBatch'],
  'a state machine': [arnOf('states', 'stateMachine:orders'), 'states:StartExecution'],
  'a job queue': [arnOf('batch', 'job-queue/orders'), 'batch:SubmitJob'],
  'an API destination': [arnOf('events', 'api-destination/orders/1'), 'events:InvokeApiDestination'],
  'a build project': [arnOf('codebuild', 'project/orders'), 'codebuild:StartBuild'],
  'a pipeline': [arnOf('codepipeline', 'orders'), 'codepipeline:StartPipelineExecution'],
  'a SageMaker pipeline': [arnOf('sagemaker', 'pipeline/orders'), 'sagemaker:StartPipelineExecution'],
  'a GraphQL API': [arnOf('appsync', 'endpoints/graphql-api/orders'), 'appsync:GraphQL'],
  'a cluster of Redshift': [arnOf('redshift', 'cluster:orders'), 'redshift-data:ExecuteStatement'],
  'a workgroup of Redshift': [arnOf('redshift-serverless', 'workgroup/1'), 'redshift-data:BatchExecuteStatement'],
  'a runbook': [arnOf('ssm', 'automation-definition/Restart:1'), 'ssm:StartAutomationExecution'],
  'a runbook of AWS': [arnOf('ssm', 'automation-definition/AWS-StopEC2Instance', ''), 'ssm:StartAutomationExecution'],
  'a command document': [arnOf('ssm', 'document/Restart'), 'ssm:SendCommand'],
  'an OpsItem': [arnOf('ssm', 'opsitem'), 'ssm:CreateOpsItem'],
  'a response plan': [`arn:aws:ssm-incidents::${HUB.account}:response-plan/orders`, 'ssm-incidents:StartIncident'],
  'a snapshot': [arnOf('events', 'target/create-snapshot'), 'ec2:CreateSnapshot'],
  'a reboot': [arnOf('events', 'target/reboot-instance'), 'ec2:RebootInstances'],
};

/** One value for each kind of target, by a title. */
export const mapTargets = <T>(title: (kind: string) => string, value: (arn: string, action: string) => T) =>
  Object.fromEntries(Object.entries(TARGETS).map(([kind, [arn, action]]) => [title(kind), value(arn, action)]));

/** A rule in account 111111111111 with a target and a role for one action. */
export function ruleTo(
  stack: Stack,
  arn: string,
  action: string,
  resource: string | string[] = '*',
  props: object = {},
): void {
  const role = executionRole(stack, RULE, resource, action);
  cfnRule(stack, { arn, roleArn: role.roleArn, ...props });
}

/** The same ARN in account 222222222222. */
export const inShop = (arn: string) => arn.replace(HUB.account, SHOP.account);
