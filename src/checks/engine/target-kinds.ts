/**
 * A kind of rule target. The table lists what EventBridge needs to send events to a target of that kind.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 */
export interface TargetKind {
  readonly noun: string;
  /** The action that EventBridge or the execution role calls. */
  readonly action: string;
  /** Other actions that are sufficient instead. */
  readonly otherActions?: readonly string[];
  /** The part of an ARN by which the kind is recognized. */
  readonly arnMarker: string;
  /**
   * Whether a target needs an execution role: always; only in another account, because a resource-based policy is
   * sufficient within an account; or never, because EventBridge uses a resource-based policy only.
   */
  readonly role: 'always' | 'crossAccount' | 'never';
  /** Whether a target can be in another account; undefined for resources that can be shared with other accounts. */
  readonly crossAccount?: boolean;
  /** Whether a target can be in another Region. */
  readonly crossRegion?: boolean;
  /** What the execution role needs the action on, if not the ARN of the target. */
  readonly actsOn?: 'taskDefinition' | 'jobQueueAndDefinition' | 'stateMachine' | 'apiDestination' | 'unknownResource';
}

export const BUS: TargetKind = {
  noun: 'bus',
  action: 'events:PutEvents',
  arnMarker: ':event-bus/',
  role: 'always',
  crossAccount: true,
  crossRegion: true,
};
export const FUNCTION: TargetKind = {
  noun: 'function',
  action: 'lambda:InvokeFunction',
  arnMarker: ':lambda:',
  role: 'crossAccount',
  crossAccount: true,
};
export const QUEUE: TargetKind = {
  noun: 'queue',
  action: 'sqs:SendMessage',
  arnMarker: ':sqs:',
  role: 'crossAccount',
  crossAccount: true,
};
export const TOPIC: TargetKind = {
  noun: 'topic',
  action: 'sns:Publish',
  arnMarker: ':sns:',
  role: 'crossAccount',
  crossAccount: true,
};
export const STREAM: TargetKind = {
  noun: 'stream',
  action: 'kinesis:PutRecord',
  arnMarker: ':kinesis:',
  role: 'always',
  crossAccount: true,
};

/** Within an account, the policy of an API can allow EventBridge instead. */
export const API: TargetKind = {
  noun: 'API',
  action: 'execute-api:Invoke',
  arnMarker: ':execute-api:',
  role: 'crossAccount',
  crossAccount: true,
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
export const LOG_GROUP: TargetKind = {
  noun: 'log group',
  action: 'logs:PutLogEvents',
  arnMarker: ':logs:',
  role: 'never',
  crossAccount: false,
};

/** A kind of target that EventBridge calls with an execution role, in the account and Region of the rule. */
function calledWithRole(noun: string, arnMarker: string, action: string, others: Partial<TargetKind> = {}): TargetKind {
  return { noun, arnMarker, action, role: 'always', crossAccount: false, ...others };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html */
export const CLUSTER = calledWithRole('cluster', ':ecs:', 'ecs:RunTask', { actsOn: 'taskDefinition' });

/** Documents of Systems Manager and response plans can be shared with other accounts. */
const SHARED: Partial<TargetKind> = { crossAccount: undefined, actsOn: 'unknownResource' };

const EC2 = { actsOn: 'unknownResource' } as const;

const ROLE_KINDS: readonly TargetKind[] = [
  CLUSTER,
  calledWithRole('delivery stream', ':firehose:', 'firehose:PutRecord', { otherActions: ['firehose:PutRecordBatch'] }),
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html
  calledWithRole('state machine', ':states:', 'states:StartExecution', { actsOn: 'stateMachine' }),
  // https://docs.aws.amazon.com/batch/latest/userguide/CWE_IAM_role.html
  calledWithRole('job queue', ':batch:', 'batch:SubmitJob', { actsOn: 'jobQueueAndDefinition' }),
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
  calledWithRole('API destination', ':api-destination/', 'events:InvokeApiDestination', { actsOn: 'apiDestination' }),
  calledWithRole('build project', ':codebuild:', 'codebuild:StartBuild'),
  calledWithRole('pipeline', ':codepipeline:', 'codepipeline:StartPipelineExecution'),
  // https://docs.aws.amazon.com/sagemaker/latest/dg/pipeline-eventbridge.html
  calledWithRole('SageMaker pipeline', ':sagemaker:', 'sagemaker:StartPipelineExecution'),
  // https://docs.aws.amazon.com/appsync/latest/devguide/eventbridge.html
  calledWithRole('GraphQL API', ':appsync:', 'appsync:GraphQL', { actsOn: 'unknownResource' }),
  // https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-calling-event-bridge.html
  ...[':redshift:', ':redshift-serverless:'].map((marker) =>
    calledWithRole('data warehouse', marker, 'redshift-data:ExecuteStatement', {
      otherActions: ['redshift-data:BatchExecuteStatement'],
    }),
  ),
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/running-automations-event-bridge.html
  calledWithRole('runbook', ':automation-definition/', 'ssm:StartAutomationExecution', SHARED),
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html
  calledWithRole('command document', ':document/', 'ssm:SendCommand', SHARED),
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/OpsCenter-automatically-create-OpsItems-2.html
  calledWithRole('OpsItem', ':opsitem', 'ssm:CreateOpsItem', { actsOn: 'unknownResource' }),
  // https://docs.aws.amazon.com/incident-manager/latest/userguide/incident-creation.html
  calledWithRole('response plan', ':ssm-incidents:', 'ssm-incidents:StartIncident', SHARED),
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchEventsBuiltInTargetExecutionAccess.html
  calledWithRole('EC2 target', ':target/create-snapshot', 'ec2:CreateSnapshot', EC2),
  calledWithRole('EC2 target', ':target/reboot-instance', 'ec2:RebootInstances', EC2),
  calledWithRole('EC2 target', ':target/stop-instance', 'ec2:StopInstances', EC2),
  calledWithRole('EC2 target', ':target/terminate-instance', 'ec2:TerminateInstances', EC2),
];

const TARGET_KINDS: readonly TargetKind[] = [BUS, FUNCTION, QUEUE, TOPIC, STREAM, API, LOG_GROUP, ...ROLE_KINDS];

/** The kind of target with an ARN; undefined for resources of other kinds. */
export function targetKindOf(arn: string): TargetKind | undefined {
  return TARGET_KINDS.find(({ arnMarker }) => arn.includes(arnMarker));
}
