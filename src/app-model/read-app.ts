import type { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppModel } from './app-model';
import { walkAssembly } from './assembly';
import { overridesOf } from './cdk-internals';
import { DeploymentOrder } from './deployment-order';
import { DeferredLink, identityLookupOf } from './read-context';
import { EVENT_READERS } from './readers/events';
import { IDENTITY_READERS } from './readers/identities';
import { RESOURCE_READERS } from './readers/resources';
import { TemplateReader } from './resolve/template-reader';
import { getOwn } from '../iam/statement';
import { groupedBy } from '../util/group-by';

/** Reads everything that is synthesized together with a construct: its app, or its stage of one. */
export function readApp(root: IConstruct): AppModel {
  const reader = new TemplateReader();
  const { resources, stages } = walkAssembly(root);
  const model = emptyModel(reader, stages);
  const attachments: DeferredLink[] = [];
  const later = (attach: DeferredLink) => attachments.push(attach);
  const read = (construct: CfnResource) => {
    const wanted = getOwn(RELEVANT_PROPERTIES, construct.cfnResourceType);
    const resource = wanted ? reader.resourceWith(construct, wanted) : reader.resource(construct);
    if (!resource) return;
    const { type, properties, conditional } = resource;
    getOwn(
      READERS,
      type,
    )?.({
      type,
      properties,
      conditional,
      attributes: reader.attributesOf(construct, resource),
      model,
      construct,
      defer: later,
    });
  };
  const turns = groupedBy(resources, readPhaseOf);
  turns.get('first')?.forEach(read);
  turns.get('next')?.forEach(read);
  // Topics are everywhere, but few get events.
  if (sendsToTopics(model)) turns.get('topics')?.forEach(read);
  const identities = identityLookupOf(model);
  for (const attach of attachments) attach(identities);
  return model;
}

const READERS = { ...EVENT_READERS, ...IDENTITY_READERS, ...RESOURCE_READERS };

type ReadPhase = 'first' | 'next' | 'topics';

/**
 * When a resource is read, after those before it in the tree that have the same turn. Resources of other types are not
 * resolved: there are many.
 */
function readPhaseOf(resource: CfnResource): ReadPhase | undefined {
  const type = typeOf(resource);
  return getOwn(READ_PHASES, type) ?? (getOwn(READERS, type) && 'next');
}

/** What others refer to comes first: what it is called need not be read by itself then. */
const READ_PHASES: { readonly [type: string]: ReadPhase } = {
  'AWS::Events::EventBus': 'first',
  'AWS::IAM::Role': 'first',
  'AWS::Lambda::Function': 'first',
  'AWS::SQS::Queue': 'first',
  'AWS::Events::Rule': 'first',
  'AWS::SNS::Topic': 'topics',
  'AWS::SNS::TopicPolicy': 'topics',
  'AWS::SNS::TopicInlinePolicy': 'topics',
};

function sendsToTopics({ rules }: AppModel): boolean {
  return rules.some(({ targets }) => targets.some(({ arn }) => arn.includes(':sns:')));
}

/** The properties that are wanted of types that are many: to read them alone takes less than half as long. */
export const RELEVANT_PROPERTIES: { readonly [type: string]: readonly string[] } = {
  'AWS::Events::Rule': ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
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
  'AWS::Lambda::Function': ['FunctionName'],
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
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::SNS::Topic': ['TopicName', 'KmsMasterKeyId'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue', 'KmsMasterKeyId'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'Queues'],
};

/** The type of a resource, into which an override may have turned it. */
function typeOf(resource: CfnResource): string {
  const { Type } = overridesOf(resource);
  return typeof Type === 'string' ? Type : resource.cfnResourceType;
}

function emptyModel(reader: TemplateReader, stages: Stage[]): AppModel {
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
    keys: [],
    keyAliases: [],
    keyStatements: [],
    roles: [],
    users: [],
    groups: [],
    managedPolicies: [],
    rules: [],
    stages,
    order: new DeploymentOrder(reader),
  };
}
