import type { Need } from './need';
import { PublisherResource, ShortForm } from '../app-model/app-model';
import { Json } from '../iam/statement';

/**
 * What an app deploys as far as events are concerned, for other apps that send events to it or receive its events. The
 * content of `event-topology.json`, described in `docs/event-topology.schema.json`.
 *
 * The names of the lists and properties are part of the format. A change that breaks readers raises the version.
 */
export interface EventTopology {
  readonly version: typeof TOPOLOGY_VERSION;
  readonly stacks: readonly StackEntry[];
  readonly eventBuses: readonly EventBusEntry[];
  readonly resourcePolicies: readonly ResourcePolicyEntry[];
  readonly rules: readonly RuleEntry[];
  readonly archives: readonly ArchiveEntry[];
  readonly publishers: readonly PublisherEntry[];
  readonly globalEndpoints: readonly GlobalEndpointEntry[];
  readonly functions: readonly NamedEntry[];
  readonly queues: readonly QueueEntry[];
  readonly topics: readonly EncryptedEntry[];
  readonly streams: readonly EncryptedEntry[];
  readonly restApis: readonly RestApiEntry[];
  readonly keys: readonly KeyEntry[];
  readonly keyAliases: readonly KeyAliasEntry[];
  readonly taskDefinitions: readonly TaskDefinitionEntry[];
  readonly buckets: readonly BucketEntry[];
  readonly logPolicies: readonly LogPolicyEntry[];
  readonly roles: readonly RoleEntry[];
  readonly users: readonly UserEntry[];
  readonly groups: readonly IdentityEntry[];
  readonly identityPolicies: readonly IdentityPolicyEntry[];
  readonly managedPolicies: readonly ManagedPolicyEntry[];
  /** What the app needs of other apps. */
  readonly needs: readonly Need[];
}

export const TOPOLOGY_VERSION = 1;

/** A stack with resources of the file, or with a known account and Region. A nested stack has those of its parent. */
export interface StackEntry {
  readonly path: string;
  /** For a nested stack, the name of the outermost stack around it, with which it is deployed. */
  readonly name: string;
  /** The path of the stage that it is synthesized with, if it is in one. */
  readonly stage?: string;
  /** Absent if the account is known only at deployment. */
  readonly account?: string;
  readonly region?: string;
  /** The paths of the stacks that are deployed before it, if both define resources of the file. */
  readonly dependsOn?: readonly string[];
  /** The transforms that may add or change any resource. */
  readonly transforms?: readonly string[];
  /** Its nested stacks whose templates are not known. */
  readonly unreadStacks?: readonly UnreadStack[];
  /** Whether a stack with such nested stacks has other resources too. */
  readonly hasOtherResources?: true;
}

/** The resource of a nested stack whose template is not known. */
export interface UnreadStack {
  readonly logicalId: string;
  readonly path: string;
}

/** Where a resource is defined. */
export interface ResourceEntry {
  /** The path of its stack. */
  readonly stack: string;
  readonly logicalId: string;
  readonly path: string;
  /** The logical ID of the CloudFormation condition under which it is created. */
  readonly condition?: string;
}

export interface NamedEntry extends ResourceEntry {
  readonly arn: string;
  /** Absent if CloudFormation generates the name. */
  readonly name?: string;
}

export interface EventBusEntry extends NamedEntry {
  readonly deadLetterQueue?: string;
  /** The ID, ARN or alias of its key. */
  readonly kmsKey?: string;
}

/** A resource-based policy, or a part of it, as one resource of a template defines it. */
export interface ResourcePolicyEntry extends ResourceEntry {
  /** An `AWS::Events::EventBusPolicy` or `AWS::Lambda::Permission` adds a statement; any other is the whole policy. */
  readonly type: ResourcePolicyType;
  /** The ARN of the resource that has the policy. */
  readonly resource: string;
  /** The `StatementId` of an `AWS::Events::EventBusPolicy`. */
  readonly statementId?: string;
  readonly statements: readonly StatementEntry[];
}

export type ResourcePolicyType =
  | 'AWS::Events::EventBus'
  | 'AWS::Events::EventBusPolicy'
  | 'AWS::EventsV2::ResourcePolicy'
  | 'AWS::Lambda::Permission'
  | 'AWS::Lambda::ResourcePolicy'
  | 'AWS::SQS::QueuePolicy'
  | 'AWS::SNS::TopicPolicy'
  | 'AWS::Kinesis::ResourcePolicy'
  | 'AWS::ApiGateway::RestApi'
  | 'AWS::KMS::Key';

export interface StatementEntry extends Conditional {
  readonly statement: Json;
  /** The properties that an `AWS::Events::EventBusPolicy` has in place of `Statement`. */
  readonly shortForm?: ShortForm;
}

/** A part of a resource. */
export interface Conditional {
  /** The logical IDs of the CloudFormation conditions under which it is there, with a `!` if one must be false. */
  readonly conditions?: readonly string[];
}

export interface RuleEntry extends NamedEntry {
  /** The ARN of the bus whose events it matches. */
  readonly eventBus: string;
  /** The name or ARN in its property; absent for the default bus. */
  readonly eventBusName?: string;
  readonly role?: string;
  readonly eventPattern?: Json;
  readonly scheduled?: true;
  readonly disabled?: true;
  readonly targets: readonly TargetEntry[];
  /** Whether a custom resource adds targets to a rule without targets. */
  readonly customTargets?: true;
}

export interface TargetEntry extends Conditional {
  readonly id: string;
  readonly arn: string;
  readonly role?: string;
  readonly deadLetterQueue?: string;
  readonly taskDefinition?: string;
  readonly launchType?: string;
  readonly jobDefinition?: string;
  /** The message group of a queue. */
  readonly messageGroupId?: string;
  /** The property that transforms the event. Its value is left out. */
  readonly inputProperty?: string;
}

export interface ArchiveEntry extends ResourceEntry {
  readonly name?: string;
  readonly eventPattern?: Json;
}

/** A resource whose service puts events with a role. */
export interface PublisherEntry extends ResourceEntry {
  readonly kind: PublisherResource['kind'];
  readonly role: string;
  /** The ARN that the service passes as the source; absent if AWS does not document one. */
  readonly sourceArn?: string;
  readonly events: readonly PublishedEvent[];
}

/** Events that a resource puts on a bus. A value that is chosen when the event is put is absent. */
export interface PublishedEvent {
  /** The ARN of the bus. */
  readonly eventBus?: string;
  readonly source?: string;
  readonly detailType?: string;
}

export interface GlobalEndpointEntry extends ResourceEntry {
  readonly name?: string;
  /** The ARNs of its buses. */
  readonly eventBuses: readonly string[];
}

export interface EncryptedEntry extends NamedEntry {
  readonly kmsKey?: string;
}

export interface QueueEntry extends EncryptedEntry {
  readonly fifo?: true;
  /** Whether a FIFO queue has content-based deduplication; absent only if it certainly has none. */
  readonly contentBasedDeduplication?: true;
}

export interface KeyEntry extends NamedEntry {
  readonly disabled?: true;
}

/** A REST API. Its ARN is that of all its stages. API Gateway generates its ID. */
export interface RestApiEntry extends NamedEntry {
  /** Whether it has a policy; absent if that is not known, because its definition is not in the template. */
  readonly hasPolicy?: boolean;
  /** Whether all its methods use IAM authorization. */
  readonly requiresIam?: true;
  /** All its methods, such as `POST /orders`; absent if that is not known. */
  readonly methods?: readonly string[];
}

export interface KeyAliasEntry extends NamedEntry {
  readonly kmsKey: string;
}

export interface TaskDefinitionEntry extends NamedEntry {
  readonly passedRoles: readonly string[];
}

export interface BucketEntry extends NamedEntry {
  /** Whether it sends its events to EventBridge; absent if that is known only at deployment. */
  readonly sendsEvents?: boolean;
}

export interface LogPolicyEntry extends ResourceEntry {
  readonly statements: readonly Json[];
}

/** A role, user or group. */
export interface IdentityEntry extends NamedEntry {
  /** The statements of its inline policies that are about events. */
  readonly statements?: readonly Json[];
  /** The ARNs of managed policies that are not defined in this app. */
  readonly managedPolicies?: readonly string[];
  readonly permissionsBoundary?: string;
  readonly tags?: { readonly [key: string]: string };
}

export interface RoleEntry extends IdentityEntry {
  readonly trustPolicy: readonly Json[];
}

export interface UserEntry extends IdentityEntry {
  readonly groups?: readonly string[];
}

/** An identity-based policy that is a resource of its own. */
export interface IdentityPolicyEntry extends ResourceEntry {
  /** The ARNs of the roles, users and groups that have it. */
  readonly attachedTo: readonly string[];
  readonly statements: readonly Json[];
}

export interface ManagedPolicyEntry extends IdentityPolicyEntry {
  readonly arn: string;
  readonly name?: string;
}
