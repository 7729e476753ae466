import type { CfnResource, Stage } from 'aws-cdk-lib';
import type { DeploymentOrder } from './deployment-order';
import { Json } from '../iam/statement';

/** Something of the app, with the construct it was read from and the account and region it is deployed to. */
export interface AppResource {
  readonly construct: CfnResource;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  /** Whether only deployment decides if it is there. */
  readonly conditional: boolean;
}

/** A bus; the key is named by id, ARN or alias, as its property names it. */
export type EventBus = AppResource & { readonly name: string; readonly deadLetterArn?: string; readonly key?: string };

/** One statement of the policy of a bus, function, queue, topic or key, whichever stack and property it comes from. */
export interface ResourcePolicyStatement {
  readonly construct: CfnResource;
  /** ARN of what it is about: of the bus, function, version or alias, queue, topic or key. */
  readonly resourceArn: string;
  readonly id: string;
  readonly statement: Json;
  readonly conditional: boolean;
  /**
   * Whether it is part of a document that is the whole policy, and replaces what others wrote: else it is added to
   * theirs.
   */
  readonly isWholePolicy: boolean;
}

/** A role, user or group, and what its own policies say. */
export type Identity = AppResource & {
  readonly name: string;
  /**
   * Those of all its policies and, of a user, of its groups; one that cannot be read is a statement that leaves
   * everything undecided.
   */
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

export type ManagedPolicy = AppResource & { readonly statements: Json[] };

export type Rule = AppResource & {
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
export type EncryptedResource = AppResource & { readonly key?: string };

export type Queue = EncryptedResource & { readonly fifo: boolean };

/** Another name of a key: `alias/NAME`. */
export type KeyAlias = AppResource & { readonly name: string; readonly key: string };

/** What an app will deploy, as far as events, their publishers and their targets are concerned. */
export interface AppModel {
  readonly eventBuses: EventBus[];
  readonly eventBusStatements: ResourcePolicyStatement[];
  /** Statements of policies of the newer generation of buses, by the ARN of the resource. */
  readonly eventBusV2Statements: ResourcePolicyStatement[];
  readonly functions: AppResource[];
  readonly functionStatements: ResourcePolicyStatement[];
  readonly queues: Queue[];
  readonly queueStatements: ResourcePolicyStatement[];
  /** Read only where a rule sends to a topic, as their policies are. */
  readonly topics: EncryptedResource[];
  readonly topicStatements: ResourcePolicyStatement[];
  readonly keys: AppResource[];
  readonly keyAliases: KeyAlias[];
  readonly keyStatements: ResourcePolicyStatement[];
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
