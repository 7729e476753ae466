import type { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { DeploymentOrder } from './deployment-order';
import type { RequiredCondition } from './resolve/branches';
import type { RestApiMethod, RestApiResource } from './rest-api-parts';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { Json } from '../iam/statement';
import { Ternary } from '../iam/ternary';

/** A resource that the app defines, with its construct and the account and Region that it is deployed to. */
export interface AppResource {
  readonly construct: CfnResource;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  /** Whether the resource has a `Condition`, so that it is known only at deployment whether it is created. */
  readonly conditional: boolean;
  /** The CloudFormation conditions under which it is created, if they are known. */
  readonly conditions?: readonly RequiredCondition[];
}

/** An event bus. The key is the ID, ARN or alias in its property. */
export type EventBus = AppResource & { readonly name: string; readonly deadLetterArn?: string; readonly key?: string };

/** One statement of the resource-based policy of a bus, function, queue, topic, stream, API or key, in any stack. */
export interface ResourcePolicyStatement {
  readonly construct: CfnResource;
  /** The ARN of the bus, function, version, alias, queue, topic, stream, API or key. */
  readonly resourceArn: string;
  readonly id: string;
  readonly statement: Json;
  readonly conditional: boolean;
  /** The CloudFormation conditions under which it is created, if they are known. */
  readonly conditions?: readonly RequiredCondition[];
  /** The statement in the template, if this is one of its branches. */
  readonly branchOf?: object;
  /**
   * Whether it is part of a document that is the whole policy and replaces the statements of other resources. If not,
   * it is added to them.
   */
  readonly isWholePolicy: boolean;
  /** The properties of an `AWS::Events::EventBusPolicy` without `Statement`. */
  readonly shortForm?: ShortForm;
}

/** The properties that an `AWS::Events::EventBusPolicy` can have in place of `Statement`. */
export interface ShortForm {
  readonly action?: Json;
  readonly principal?: Json;
  readonly condition?: Json;
}

/** A role, user or group with its identity-based policies. */
export type Identity = AppResource & {
  readonly name: string;
  /**
   * The statements of all its policies and, for a user, of its groups. A policy that cannot be read is represented by a
   * statement whose action and resource are unresolved.
   */
  readonly statements: Json[];
  readonly policies: IdentityPolicy[];
  /** The ARNs of its managed policies, including those that are not defined in this app. */
  readonly managedPolicyArns: readonly string[];
  readonly boundaryArn?: string;
  /** The tags in the template. */
  readonly tags: { readonly [key: string]: string };
};

export type Role = Identity & { readonly trust: Json[] };

/** The resource of a nested stack. */
export interface NestedStackResource {
  readonly construct: CfnResource;
  /** Its `TemplateURL`. */
  readonly templateUrl?: string;
}

export interface IdentityPolicy {
  readonly construct: CfnResource;
  readonly inline: boolean;
  readonly statements: Json[];
  readonly conditional: boolean;
  /** The CloudFormation conditions under which it is created, if they are known. */
  readonly conditions?: readonly RequiredCondition[];
}

export type ManagedPolicy = AppResource & { readonly statements: Json[] };

/** A policy that names a role, user or group that this app does not define, or that is known only at deployment. */
export type PolicyOfOtherApp = Omit<IdentityPolicy, 'inline'> & {
  /** The ARNs of these identities, without the paths of their names. */
  readonly attachedTo: readonly string[];
};

export type Rule = AppResource & {
  readonly name: string;
  /** The name or ARN in the property; undefined for the default bus. */
  readonly eventBusName?: string;
  readonly eventBusArn: string;
  /** The role in a property of the rule itself, for targets without one. */
  readonly roleArn?: string;
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
  /** The task that a cluster runs for the target. */
  readonly task?: { readonly definitionArn: string; readonly launchType?: string };
  /** The name or ARN of the job definition that a job queue uses for the target. */
  readonly jobDefinition?: string;
  /** The message group of a queue. */
  readonly messageGroupId?: string;
  /** The property that transforms the event or replaces it by other text. */
  readonly inputProperty?: 'Input' | 'InputPath' | 'InputTransformer';
  /** The CloudFormation conditions under which the rule has this target. */
  readonly conditions?: readonly RequiredCondition[];
}

/** A function and its execution role. */
export type LambdaFunction = AppResource & { readonly roleArn?: string };

/** A resource whose service puts events with its role. */
export type PublisherResource = Omit<AppResource, 'arn'> & {
  readonly kind: 'schedule' | 'pipe' | 'function' | 'API' | 'state machine';
  readonly roleArn: string;
  /** The ARN that the service passes as the source; undefined if AWS does not document one. */
  readonly sourceArn?: string;
  readonly entries: readonly PutEventsEntry[];
};

/** Events that a resource puts on a bus. A value that is chosen when the event is put is undefined. */
export interface PutEventsEntry {
  readonly busArn?: string;
  readonly event: EventEnvelope;
}

/** A global endpoint, which puts events on one of two buses. */
export type GlobalEndpoint = Omit<AppResource, 'arn'> & { readonly name: string; readonly eventBusArns: string[] };

/** An archive of the events of a bus that match a pattern. */
export type Archive = AppResource & { readonly name: string; readonly pattern: Json };

/** A bucket. It sends its events to EventBridge only if that is configured. */
export type Bucket = AppResource & { readonly name: string; readonly sendsEvents: Ternary };

/** The notifications that a custom resource configures for a bucket. */
export interface BucketNotifications {
  readonly bucketName: string;
  readonly sendsEvents: Ternary;
}

/** A queue, topic or stream. The key is the ID, ARN or alias in its property. */
export type EncryptedResource = AppResource & { readonly key?: string };

export type Queue = EncryptedResource & {
  readonly fifo: boolean;
  /** Whether it has content-based deduplication. */
  readonly deduplicates: Ternary;
};

/** A REST API. Its ARN is that of all its stages, without a stage. */
export type RestApi = AppResource & {
  readonly hasPolicy: Ternary;
  /** Whether all its methods use IAM authorization. It then denies other accounts unless its policy allows them. */
  readonly requiresIam: boolean;
  /** Whether an OpenAPI definition or another API may define more methods. */
  readonly hasDefinition: boolean;
  /** The ID of the resource with the path `/`. */
  readonly rootResourceId: string;
};

/** A key. What is encrypted with a disabled one cannot be read or written. */
export type Key = AppResource & { readonly isDisabled: boolean };

/** An alias of a key. Its name is `alias/NAME`. */
export type KeyAlias = AppResource & { readonly name: string; readonly key: string };

/** A task definition, with the roles that the execution role of a target passes to the task. */
export type TaskDefinition = AppResource & { readonly passedRoleArns: readonly string[] };

/** A resource policy of CloudWatch Logs, which applies to all log groups in its account and Region. */
export type LogPolicy = Omit<AppResource, 'arn'> & { readonly statements: Json[] };

/** The resources that an app defines, reduced to those that publish, route and receive events. */
export interface AppModel {
  readonly eventBuses: EventBus[];
  readonly eventBusStatements: ResourcePolicyStatement[];
  /** The statements of `AWS::EventsV2::ResourcePolicy` resources. */
  readonly eventBusV2Statements: ResourcePolicyStatement[];
  readonly functions: LambdaFunction[];
  readonly functionStatements: ResourcePolicyStatement[];
  readonly queues: Queue[];
  readonly queueStatements: ResourcePolicyStatement[];
  /** Topics and their policies are read only if a rule has a topic as a target. */
  readonly topics: EncryptedResource[];
  readonly topicStatements: ResourcePolicyStatement[];
  /** Streams and their policies are read only if a rule has a stream as a target. */
  readonly streams: EncryptedResource[];
  readonly streamStatements: ResourcePolicyStatement[];
  /** APIs and their policies are read only if a rule has an API as a target. */
  readonly restApis: RestApi[];
  readonly restApiStatements: ResourcePolicyStatement[];
  readonly restApiMethods: RestApiMethod[];
  readonly restApiResources: RestApiResource[];
  /** Task definitions are read only if a rule has a cluster as a target. */
  readonly taskDefinitions: TaskDefinition[];
  /** Policies of CloudWatch Logs are read only if a rule has a log group as a target. */
  readonly logPolicies: LogPolicy[];
  readonly keys: Key[];
  readonly keyAliases: KeyAlias[];
  readonly keyStatements: ResourcePolicyStatement[];
  readonly roles: Role[];
  readonly users: Identity[];
  /** Groups of users. The statements of a group are added to its users. */
  readonly groups: Identity[];
  readonly managedPolicies: ManagedPolicy[];
  readonly policiesOfOtherApps: PolicyOfOtherApp[];
  readonly rules: Rule[];
  readonly archives: Archive[];
  readonly publishers: PublisherResource[];
  readonly globalEndpoints: GlobalEndpoint[];
  /** Buckets and their notifications are read only if a rule matches events of Amazon S3. */
  readonly buckets: Bucket[];
  readonly bucketNotifications: BucketNotifications[];
  /**
   * The properties of custom resources that call AWS APIs, as JSON text. They are read only if such a call can replace
   * what a template lacks.
   */
  readonly sdkCalls: string[];
  readonly nestedStacks: NestedStackResource[];
  /** Resources whose properties are known only after a transform. */
  readonly unreadResources: CfnResource[];
  /** The stacks that are synthesized together with the root. */
  readonly stacks: readonly Stack[];
  /** The stages below the root. Nothing in them is read, because they are synthesized separately. */
  readonly stages: Stage[];
  /** The order in which the resources are deployed. */
  readonly order: DeploymentOrder;
}
