import type { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { DeploymentOrder } from './deployment-order';
import { Reader } from './reader';
import { EVENT_READERS } from './readers/events';
import { IDENTITY_READERS } from './readers/identities';
import { RESOURCE_READERS } from './readers/resources';
import { Attach, identitiesOf } from './reading';
import { assemblyBelow } from './tree';
import { groupedBy } from '../policy/grouped';
import { Json, own } from '../policy/statement';

/** Something of the app, with the construct it was read from and the account and region it is deployed to. */
export interface Made {
  readonly construct: CfnResource;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  /** Whether only deployment decides if it is there. */
  readonly conditional: boolean;
}

/** A bus; the key is named by id, ARN or alias, as its property names it. */
export type EventBus = Made & { readonly name: string; readonly deadLetterArn?: string; readonly key?: string };

/** One statement of the policy of a bus, function, queue, topic or key, whichever stack and property it comes from. */
export interface PolicyStatement {
  readonly construct: CfnResource;
  /** ARN of what it is about: of the bus, function, version or alias, queue, topic or key. */
  readonly of: string;
  readonly id: string;
  readonly statement: Json;
  readonly conditional: boolean;
  /** Whether it is part of a document that is the whole policy, and replaces what others wrote: else it is added to theirs. */
  readonly whole: boolean;
}

/** A role, user or group, and what its own policies say. */
export type Identity = Made & {
  readonly name: string;
  /** Those of all its policies and, of a user, of its groups; one that cannot be read is a statement that leaves everything undecided. */
  readonly statements: Json[];
  readonly policies: IdentityPolicy[];
  /** Ends of the ARNs of managed policies that nothing in the app makes, too. */
  readonly managedPolicyArns: readonly string[];
  readonly boundaryArn?: string;
  /** Tags that a role or user is made with. */
  readonly tags: { readonly [key: string]: string };
};

export type Role = Identity & { readonly trust: Json[] };

export interface IdentityPolicy {
  readonly construct: CfnResource;
  readonly inline: boolean;
  readonly statements: Json[];
  readonly conditional: boolean;
}

export type ManagedPolicy = Made & { readonly statements: Json[] };

export type Rule = Made & {
  readonly name: string;
  /** As the property names it: a name, or an ARN; nothing for the default bus. */
  readonly eventBusName?: string;
  readonly eventBusArn: string;
  readonly pattern: Json;
  readonly scheduled: boolean;
  readonly enabled: boolean;
  readonly targets: Target[];
};

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly roleArn?: string;
  readonly deadLetterArn?: string;
}

/** A queue or topic; the key is named by id, ARN or alias, as its property names it. */
export type Encrypted = Made & { readonly key?: string };

export type Queue = Encrypted & { readonly fifo: boolean };

/** Another name of a key: `alias/NAME`. */
export type KeyAlias = Made & { readonly name: string; readonly key: string };

/** What an app will deploy, as far as events, their publishers and their targets are concerned. */
export interface AppModel {
  readonly eventBuses: EventBus[];
  readonly eventBusStatements: PolicyStatement[];
  /** Statements of policies of the newer generation of buses, by the ARN of the resource. */
  readonly eventsV2Statements: PolicyStatement[];
  readonly functions: Made[];
  readonly functionStatements: PolicyStatement[];
  readonly queues: Queue[];
  readonly queueStatements: PolicyStatement[];
  /** Read only where a rule sends to a topic, as their policies are. */
  readonly topics: Encrypted[];
  readonly topicStatements: PolicyStatement[];
  readonly keys: Made[];
  readonly keyAliases: KeyAlias[];
  readonly keyStatements: PolicyStatement[];
  readonly roles: Role[];
  readonly users: Identity[];
  /** Groups of users. What their policies say counts for the users that are in them. */
  readonly groups: Identity[];
  readonly managedPolicies: ManagedPolicy[];
  readonly rules: Rule[];
  /** Stages below, of which nothing is read: they are synthesized by themselves. */
  readonly stages: Stage[];
  /** What is deployed before what. */
  readonly order: DeploymentOrder;
}

/** Reads everything that is synthesized together with a construct: its app, or its stage of one. */
export function readModel(root: IConstruct): AppModel {
  const reader = new Reader();
  const { resources, stages } = assemblyBelow(root);
  const model = emptyModel(reader, stages);
  const attachments: Attach[] = [];
  const later = (attach: Attach) => attachments.push(attach);
  const read = (construct: CfnResource) => {
    const wanted = own(WANTED, construct.cfnResourceType);
    const resource = wanted ? reader.partly(construct, wanted) : reader.resource(construct);
    if (!resource) return;
    const { type, properties, conditional } = resource;
    own(READERS, type)?.({ type, properties, conditional, attributes: reader.attributesOf(construct, resource), model, construct, later });
  };
  const turns = groupedBy(resources, turnOf);
  turns.get('first')?.forEach(read);
  turns.get('next')?.forEach(read);
  // Topics are everywhere, but few get events.
  if (sendsToTopics(model)) turns.get('topics')?.forEach(read);
  const identities = identitiesOf(model);
  for (const attach of attachments) attach(identities);
  return model;
}

const READERS = { ...EVENT_READERS, ...IDENTITY_READERS, ...RESOURCE_READERS };

type Turn = 'first' | 'next' | 'topics';

/** When a resource is read, after those before it in the tree that have the same turn. Resources of other types are not resolved: there are many. */
function turnOf(resource: CfnResource): Turn | undefined {
  const type = typeOf(resource);
  return own(TURNS, type) ?? (own(READERS, type) && 'next');
}

/** What others refer to comes first: what it is called need not be read by itself then. */
const TURNS: { readonly [type: string]: Turn } = {
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
export const WANTED: { readonly [type: string]: readonly string[] } = {
  'AWS::Events::Rule': ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
  'AWS::IAM::Role': ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Policies', 'ManagedPolicyArns', 'PermissionsBoundary', 'Tags'],
  'AWS::IAM::Policy': ['PolicyDocument', 'Roles', 'Users', 'Groups'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Lambda::Permission': [
    'FunctionName', 'Action', 'Principal', 'PrincipalOrgID', 'SourceAccount', 'SourceArn', 'EventSourceToken', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl',
  ],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::SNS::Topic': ['TopicName', 'KmsMasterKeyId'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue', 'KmsMasterKeyId'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'Queues'],
};

/** The type of a resource, into which an override may have turned it. */
function typeOf(resource: CfnResource): string {
  const { Type } = (resource as unknown as { rawOverrides?: { Type?: unknown } }).rawOverrides ?? {};
  return typeof Type === 'string' ? Type : resource.cfnResourceType;
}

function emptyModel(reader: Reader, stages: Stage[]): AppModel {
  return {
    eventBuses: [],
    eventBusStatements: [],
    eventsV2Statements: [],
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
