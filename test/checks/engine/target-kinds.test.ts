import { targetKindOf } from '../../../src/checks/engine/target-kinds';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const BATCH = ['redshift-data:BatchExecuteStatement'];

describe('what EventBridge needs for a target', () => {
  test.each<[string, string, string, object?]>([
    [arn('events', 'event-bus/b'), 'bus', 'events:PutEvents', { role: 'always', crossRegion: true }],
    [arn('lambda', 'function:f'), 'function', 'lambda:InvokeFunction'],
    [arn('sqs', 'q'), 'queue', 'sqs:SendMessage'],
    [arn('sns', 't'), 'topic', 'sns:Publish'],
    [arn('kinesis', 'stream/s'), 'stream', 'kinesis:PutRecord', { role: 'always' }],
    [arn('execute-api', 'a/prod/GET/x'), 'API', 'execute-api:Invoke'],
  ])('is known, if it can be in another account: %s', (target, noun, action, others = {}) => {
    const { arnMarker: _, ...kind } = targetKindOf(target)!;
    expect(kind).toEqual({ noun, action, role: 'crossAccount', crossAccount: true, ...others });
  });

  test.each<[string, string, string, object?]>([
    [arn('ecs', 'cluster/c'), 'cluster', 'ecs:RunTask', { actsOn: 'taskDefinition' }],
    [
      arn('firehose', 'deliverystream/s'),
      'delivery stream',
      'firehose:PutRecord',
      { otherActions: ['firehose:PutRecordBatch'] },
    ],
    [arn('states', 'stateMachine:m'), 'state machine', 'states:StartExecution', { actsOn: 'stateMachine' }],
    [arn('batch', 'job-queue/q'), 'job queue', 'batch:SubmitJob', { actsOn: 'jobQueueAndDefinition' }],
    [
      arn('events', 'api-destination/d/1'),
      'API destination',
      'events:InvokeApiDestination',
      { actsOn: 'apiDestination' },
    ],
    [arn('codebuild', 'project/p'), 'build project', 'codebuild:StartBuild'],
    [arn('codepipeline', 'p'), 'pipeline', 'codepipeline:StartPipelineExecution'],
    [arn('sagemaker', 'pipeline/p'), 'SageMaker pipeline', 'sagemaker:StartPipelineExecution'],
    [arn('redshift', 'cluster:c'), 'data warehouse', 'redshift-data:ExecuteStatement', { otherActions: BATCH }],
    [
      arn('redshift-serverless', 'workgroup/w'),
      'data warehouse',
      'redshift-data:ExecuteStatement',
      { otherActions: BATCH },
    ],
  ])('is known, if it needs a role: %s', (target, noun, action, others = {}) => {
    const { arnMarker: _, ...kind } = targetKindOf(target)!;
    expect(kind).toEqual({ noun, action, role: 'always', crossAccount: false, ...others });
  });

  test.each<[string, string, string, object?]>([
    [arn('appsync', 'endpoints/graphql-api/a'), 'GraphQL API', 'appsync:GraphQL'],
    [arn('ssm', 'automation-definition/a'), 'runbook', 'ssm:StartAutomationExecution', { crossAccount: undefined }],
    [arn('ssm', 'document/d'), 'command document', 'ssm:SendCommand', { crossAccount: undefined }],
    [
      arn('ssm-incidents', 'response-plan/p'),
      'response plan',
      'ssm-incidents:StartIncident',
      { crossAccount: undefined },
    ],
    [arn('ssm', 'opsitem'), 'OpsItem', 'ssm:CreateOpsItem'],
    [arn('events', 'target/create-snapshot'), 'EC2 target', 'ec2:CreateSnapshot'],
    [arn('events', 'target/reboot-instance'), 'EC2 target', 'ec2:RebootInstances'],
    [arn('events', 'target/stop-instance'), 'EC2 target', 'ec2:StopInstances'],
    [arn('events', 'target/terminate-instance'), 'EC2 target', 'ec2:TerminateInstances'],
  ])('is known, if the role acts on something else: %s', (target, noun, action, others = {}) => {
    const { arnMarker: _, ...kind } = targetKindOf(target)!;
    expect(kind).toStrictEqual({
      ...{ noun, action, role: 'always', crossAccount: false, actsOn: 'unknownResource' },
      ...others,
    });
  });

  test('is a policy, for a log group', () => {
    expect(targetKindOf(arn('logs', 'log-group:/aws/events/g'))).toMatchObject({
      ...{ noun: 'log group', action: 'logs:PutLogEvents', role: 'never', crossAccount: false },
    });
  });

  test.each([arn('s3', 'bucket'), arn('events', 'rule/r'), 'handler', ''])('is not known for: %s', (target) => {
    expect(targetKindOf(target)).toBeUndefined();
  });
});
