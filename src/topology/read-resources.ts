import { whenConditions } from './conditional-values';
import {
  ArchiveEntry,
  BucketEntry,
  EncryptedEntry,
  EventBusEntry,
  KeyAliasEntry,
  KeyEntry,
  LogPolicyEntry,
  NamedEntry,
  QueueEntry,
  RestApiEntry,
  RuleEntry,
  TargetEntry,
  TaskDefinitionEntry,
} from './topology';
import { Json } from '../iam/statement';
import { splitText, unresolved } from '../iam/unresolved-text';

/** A resource of a template. */
export interface ResourceTemplate {
  readonly type: string;
  readonly properties: { readonly [name: string]: Json };
  /** What the logical ID has in addition, if an entry has more than one resource. */
  readonly suffix?: string;
  /** Whether the condition of the entry is not that of the resource. */
  readonly isUnconditional?: boolean;
}

/** Properties without those that are undefined. */
export function properties(values: { readonly [name: string]: unknown }): { readonly [name: string]: Json } {
  const defined: { [name: string]: unknown } = {};
  for (const name of Object.keys(values)) {
    if (values[name] !== undefined) defined[name] = values[name];
  }
  return defined as never;
}

/** The resources of a template for the entries of a list. A generated name is left out, and is generated again. */
export const PLAIN_RESOURCES = {
  eventBuses: ({ name, deadLetterQueue, kmsKey }: EventBusEntry): ResourceTemplate => ({
    type: 'AWS::Events::EventBus',
    properties: properties({
      Name: name,
      DeadLetterConfig: deadLetterQueue && { Arn: deadLetterQueue },
      KmsKeyIdentifier: kmsKey,
    }),
  }),
  rules: (rule: RuleEntry): ResourceTemplate[] => [
    ruleResource(rule),
    ...(rule.customTargets ? [customTargets(rule)] : []),
  ],
  archives: ({ name, eventPattern }: ArchiveEntry): ResourceTemplate => ({
    type: 'AWS::Events::Archive',
    properties: properties({ ArchiveName: name, EventPattern: eventPattern }),
  }),
  functions: ({ name }: NamedEntry): ResourceTemplate => ({
    type: 'AWS::Lambda::Function',
    properties: properties({ FunctionName: name }),
  }),
  queues: ({ name, fifo, contentBasedDeduplication, kmsKey }: QueueEntry): ResourceTemplate => ({
    type: 'AWS::SQS::Queue',
    properties: properties({
      QueueName: name,
      FifoQueue: fifo,
      ContentBasedDeduplication: contentBasedDeduplication,
      KmsMasterKeyId: kmsKey,
    }),
  }),
  topics: ({ name, kmsKey }: EncryptedEntry): ResourceTemplate => ({
    type: 'AWS::SNS::Topic',
    properties: properties({ TopicName: name, KmsMasterKeyId: kmsKey }),
  }),
  streams: ({ name, kmsKey }: EncryptedEntry): ResourceTemplate => ({
    type: 'AWS::Kinesis::Stream',
    properties: properties({ Name: name, StreamEncryption: kmsKey && { KeyId: kmsKey } }),
  }),
  restApis: (api: RestApiEntry): ResourceTemplate[] => [restApiResource(api), ...restApiMethods(api)],
  keys: ({ disabled }: KeyEntry): ResourceTemplate => ({
    type: 'AWS::KMS::Key',
    properties: properties({ Enabled: disabled && false }),
  }),
  keyAliases: ({ name, kmsKey }: KeyAliasEntry): ResourceTemplate => ({
    type: 'AWS::KMS::Alias',
    properties: properties({ AliasName: name, TargetKeyId: kmsKey }),
  }),
  taskDefinitions: ({ name, passedRoles }: TaskDefinitionEntry): ResourceTemplate => ({
    type: 'AWS::ECS::TaskDefinition',
    properties: properties({ Family: name, ExecutionRoleArn: passedRoles }),
  }),
  buckets: ({ name, sendsEvents }: BucketEntry): ResourceTemplate => ({
    type: 'AWS::S3::Bucket',
    properties: properties({ BucketName: name, NotificationConfiguration: notificationsOf(sendsEvents) }),
  }),
  logPolicies: ({ statements }: LogPolicyEntry): ResourceTemplate => ({
    type: 'AWS::Logs::ResourcePolicy',
    properties: { PolicyDocument: { Statement: [...statements] } },
  }),
};

/** A policy without statements is in no other list. */
function restApiResource({ hasPolicy }: RestApiEntry): ResourceTemplate {
  return {
    type: 'AWS::ApiGateway::RestApi',
    properties: properties({
      Body: hasPolicy === undefined ? unresolved('definition') : undefined,
      Policy: hasPolicy === true ? { Statement: [] } : undefined,
    }),
  };
}

/** The methods, each with a resource that has the whole path; one without a path if only the authorization is known. */
function restApiMethods({ logicalId, requiresIam, methods }: RestApiEntry): ResourceTemplate[] {
  const method = { RestApiId: { Ref: logicalId }, ...(requiresIam && { AuthorizationType: 'AWS_IAM' }) };
  if (methods) {
    return methods.flatMap((name, i) => restApiMethod(logicalId, String(i), method, splitText(name, ' ', 2)));
  }
  return requiresIam ? [{ type: 'AWS::ApiGateway::Method', suffix: 'Method', properties: method }] : [];
}

function restApiMethod(
  api: string,
  suffix: string,
  method: ResourceTemplate['properties'],
  [httpMethod, path = '/']: string[],
): ResourceTemplate[] {
  const root = { 'Fn::GetAtt': [api, 'RootResourceId'] };
  const resource = path === '/' ? root : { Ref: `${api}Resource${suffix}` };
  const withPath = { ...method, HttpMethod: httpMethod, ResourceId: resource };
  const templates = [{ type: 'AWS::ApiGateway::Method', suffix: `Method${suffix}`, properties: withPath }];
  if (path === '/') return templates;
  const part = { RestApiId: { Ref: api }, ParentId: root, PathPart: path.slice(1) };
  return [{ type: 'AWS::ApiGateway::Resource', suffix: `Resource${suffix}`, properties: part }, ...templates];
}

function notificationsOf(sendsEvents: boolean | undefined): Json | undefined {
  if (sendsEvents === undefined) return unresolved('notifications');
  return sendsEvents ? { EventBridgeConfiguration: { EventBridgeEnabled: true } } : undefined;
}

function ruleResource({
  name,
  eventBusName,
  role,
  eventPattern,
  scheduled,
  disabled,
  targets,
}: RuleEntry): ResourceTemplate {
  return {
    type: 'AWS::Events::Rule',
    properties: properties({
      Name: name,
      EventBusName: eventBusName,
      RoleArn: role,
      EventPattern: eventPattern,
      ScheduleExpression: scheduled && unresolved('schedule'),
      State: disabled && 'DISABLED',
      Targets: targets.map((target) => whenConditions(targetProperties(target), target.conditions)),
    }),
  };
}

function targetProperties(target: TargetEntry): Json {
  const { id, arn, role, deadLetterQueue, taskDefinition, launchType, jobDefinition, messageGroupId, inputProperty } =
    target;
  return properties({
    Id: id,
    Arn: arn,
    RoleArn: role,
    DeadLetterConfig: deadLetterQueue && { Arn: deadLetterQueue },
    EcsParameters: taskDefinition && properties({ TaskDefinitionArn: taskDefinition, LaunchType: launchType }),
    BatchParameters: jobDefinition && { JobDefinition: jobDefinition },
    SqsParameters: messageGroupId && { MessageGroupId: messageGroupId },
    ...(inputProperty !== undefined && { [inputProperty]: unresolved('input') }),
  });
}

/** A custom resource that adds targets to the rule. */
function customTargets({ logicalId }: RuleEntry): ResourceTemplate {
  const parameters = { Rule: { Ref: logicalId } };
  return { type: 'Custom::AWS', suffix: 'Targets', properties: { Create: { action: 'putTargets', parameters } } };
}
