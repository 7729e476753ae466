import type { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppModel } from './app-model';
import { AssemblyContents, isInAssembly, walkAssembly } from './assembly';
import { overridesOf } from './cdk-internals';
import { DeploymentOrder } from './deployment-order';
import { OtherApp } from './other-apps';
import { unifyArns } from './own-arns';
import { DeferredLink, identityLookupOf } from './read-context';
import { BUCKET_READERS } from './readers/buckets';
import { EVENT_READERS } from './readers/events';
import { IDENTITY_READERS } from './readers/identities';
import { PUBLISHER_READERS } from './readers/publishers';
import { RESOURCE_READERS } from './readers/resources';
import { REST_API_READERS } from './readers/rest-apis';
import { SDK_CALL_READERS } from './readers/sdk-calls';
import { TARGET_READERS } from './readers/targets';
import { hasStatement } from './resolve/template-body';
import { TemplateReader } from './resolve/template-reader';
import { S3_SOURCE } from '../eventbridge/service-events';
import { getOwn, isObject, toList } from '../iam/statement';
import { groupedBy } from '../util/group-by';
import { TARGET_STATEMENTS_STATE, TARGET_STATEMENT_ID_PREFIX } from '../util/names';

/**
 * Reads everything that is synthesized together with the root, which is an app or a stage.
 *
 * @param others apps and stages that are deployed separately, and are read too
 * @param options how it is read
 */
export function readApp(
  root: IConstruct,
  others: readonly OtherApp[] = [],
  { possibleTargets = false, contents = walkAssembly(root) }: ReadOptions = {},
): AppModel {
  const separate = others.filter((other) => !isInAssembly(other.root, root));
  const reader = new TemplateReader({ roots: [root, ...separate.map((other) => other.root)] });
  const { resources: ownResources, stacks, stages } = contents;
  const resources = [...ownResources, ...separate.flatMap((other) => other.resources)];
  const model = emptyModel(reader, { stacks, stages });
  const links: DeferredLink[] = [];
  const defer = (link: DeferredLink) => links.push(link);
  const phases = groupedBy(resources, readPhaseOf);
  const readPhase = (phase: ReadPhase) => {
    for (const construct of phases.get(phase) ?? []) readResource(construct, reader, model, defer);
  };
  readPhase('first');
  readPhase('next');
  // Apps may define many of these resources, but few of them are targets of rules.
  for (const marker of TARGET_MARKERS) {
    const isNeeded = possibleTargets || hasTarget(model, marker) || phases.get(marker)?.some(hasPermissions);
    if (isNeeded) readPhase(marker);
  }
  const readsBuckets = matchesBucketEvents(model);
  if (readsBuckets) readPhase('buckets');
  if (readsBuckets || hasRuleWithoutTargets(model) || hasTarget(model, ':logs:')) readPhase('sdkCalls');
  const identities = identityLookupOf(model);
  // Links may defer more links, which this loop runs too.
  for (const link of links) link(identities);
  unifyArns(model);
  return model;
}

/** How an app is read. */
export interface ReadOptions {
  /** Whether to read topics, streams and other resources that are no targets in this app, but may be in others. */
  readonly possibleTargets?: boolean;
  /** The constructs of the app, if they are known already. */
  readonly contents?: AssemblyContents;
}

function readResource(
  construct: CfnResource,
  reader: TemplateReader,
  model: AppModel,
  defer: (link: DeferredLink) => void,
): void {
  const names = getOwn(RELEVANT_PROPERTIES, construct.cfnResourceType);
  const resource = names ? reader.resourceWith(construct, names) : reader.resource(construct);
  if (!resource) return;
  if (resource.isUnread) {
    model.unreadResources.push(construct);
    return;
  }
  const { functionArns, branches } = reader;
  const attributes = reader.attributesOf(construct, resource);
  const { type, properties, conditional, conditions } = resource;
  READERS.get(type)?.({
    type,
    properties,
    conditional,
    conditions,
    attributes,
    functionArns,
    branches,
    model,
    construct,
    defer,
  });
}

const READERS = new Map(
  Object.entries({
    ...EVENT_READERS,
    ...PUBLISHER_READERS,
    ...IDENTITY_READERS,
    ...RESOURCE_READERS,
    ...TARGET_READERS,
    ...REST_API_READERS,
    ...BUCKET_READERS,
    ...SDK_CALL_READERS,
  }),
);

/** Parts of the ARNs of targets. Resources that only checks of such targets need are read after the rules. */
const TARGET_MARKERS = [':sns:', ':kinesis:', ':ecs:', ':logs:', ':execute-api:'] as const;

type ReadPhase = 'first' | 'next' | 'buckets' | 'sdkCalls' | (typeof TARGET_MARKERS)[number];

/** The phase in which a resource is read; undefined for resources that the model does not need, which are many. */
function readPhaseOf(resource: CfnResource): ReadPhase | undefined {
  const type = typeOf(resource);
  return READ_PHASES.get(type) ?? (READERS.has(type) ? 'next' : undefined);
}

/** Resources that others refer to are read first, so that their names need not be read separately. */
const READ_PHASES = new Map<string, ReadPhase>(
  Object.entries({
    'AWS::Events::EventBus': 'first',
    'AWS::IAM::Role': 'first',
    'AWS::Lambda::Function': 'first',
    'AWS::SQS::Queue': 'first',
    'AWS::Events::Rule': 'first',
    'AWS::SNS::Topic': ':sns:',
    'AWS::SNS::TopicPolicy': ':sns:',
    'AWS::SNS::TopicInlinePolicy': ':sns:',
    'AWS::Kinesis::Stream': ':kinesis:',
    'AWS::Kinesis::ResourcePolicy': ':kinesis:',
    'AWS::ECS::TaskDefinition': ':ecs:',
    'AWS::Logs::LogGroup': ':logs:',
    'AWS::Logs::ResourcePolicy': ':logs:',
    'Custom::CloudwatchLogResourcePolicy': ':logs:',
    'AWS::ApiGateway::RestApi': ':execute-api:',
    'AWS::ApiGateway::Resource': ':execute-api:',
    'AWS::S3::Bucket': 'buckets',
    'Custom::S3BucketNotifications': 'buckets',
    'Custom::AWS': 'sdkCalls',
  } as const),
);

function hasTarget({ rules }: AppModel, marker: string): boolean {
  return rules.some(({ targets }) => targets.some(({ arn }) => arn.includes(marker)));
}

/** Whether this library allows principals in other accounts to send to the resource. */
function hasPermissions(resource: CfnResource): boolean {
  const { scope } = resource.node;
  return (scope !== undefined && TARGET_STATEMENTS in scope) || hasStatement(resource, TARGET_STATEMENT_ID_PREFIX);
}

const TARGET_STATEMENTS = Symbol.for(`cdk-cross-account-eventbridge.${TARGET_STATEMENTS_STATE}`);

function matchesBucketEvents({ rules }: AppModel): boolean {
  return rules.some(({ pattern }) => isObject(pattern) && toList(pattern.source).includes(S3_SOURCE));
}

function hasRuleWithoutTargets({ rules }: AppModel): boolean {
  return rules.some(({ targets }) => targets.length === 0);
}

/** The properties of frequent types that the model needs. Reading only these takes less than 50 % of the time. */
export const RELEVANT_PROPERTIES: { readonly [type: string]: readonly string[] } = {
  'AWS::Events::Rule': ['Name', 'EventBusName', 'EventPattern', 'RoleArn', 'ScheduleExpression', 'State', 'Targets'],
  'AWS::IAM::Role': [
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Policies',
    'ManagedPolicyArns',
    'PermissionsBoundary',
    'Tags',
  ],
  'AWS::IAM::Policy': ['PolicyDocument', 'Roles', 'Users', 'Groups'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
  'AWS::Lambda::Function': ['FunctionName', 'Role'],
  'AWS::Lambda::Permission': [
    'FunctionName',
    'Action',
    'Principal',
    'PrincipalOrgID',
    'SourceAccount',
    'SourceArn',
    'EventSourceToken',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
  ],
  'AWS::KMS::Key': ['Enabled', 'KeyPolicy'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'ResourcePolicyDocument'],
  'AWS::SNS::Topic': ['TopicName', 'KmsMasterKeyId'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue', 'ContentBasedDeduplication', 'KmsMasterKeyId'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'Queues'],
};

/** The type of a resource in its template, which an override may change. */
export function typeOf(resource: CfnResource): string {
  const { Type } = overridesOf(resource);
  return typeof Type === 'string' ? Type : resource.cfnResourceType;
}

function emptyModel(reader: TemplateReader, { stacks, stages }: Pick<AppModel, 'stacks' | 'stages'>): AppModel {
  return {
    eventBuses: [],
    eventBusStatements: [],
    eventBusV2Statements: [],
    functions: [],
    functionStatements: [],
    queues: [],
    queueStatements: [],
    topics: [],
    topicStatements: [],
    streams: [],
    streamStatements: [],
    restApis: [],
    restApiStatements: [],
    restApiMethods: [],
    restApiResources: [],
    taskDefinitions: [],
    logPolicies: [],
    keys: [],
    keyAliases: [],
    keyStatements: [],
    roles: [],
    users: [],
    groups: [],
    managedPolicies: [],
    policiesOfOtherApps: [],
    rules: [],
    archives: [],
    publishers: [],
    globalEndpoints: [],
    buckets: [],
    bucketNotifications: [],
    sdkCalls: [],
    nestedStacks: [],
    unreadResources: [],
    stacks,
    stages,
    order: new DeploymentOrder(reader),
  };
}
