import { CfnResource } from 'aws-cdk-lib';
import type { AppModel, Identity, AppResource, ManagedPolicy, ResourcePolicyStatement } from './app-model';
import type { Branch, Branches } from './resolve/branches';
import { environmentOf } from './resolve/pseudo-parameters';
import type { Resource } from './resolve/resource';
import type { Attributes } from './resolve/resource-attributes';
import { Json, isObject, statementsOf } from '../iam/statement';

/** A resource that is being read, and the model that it is added to. */
export interface ReadContext extends Resource {
  readonly model: AppModel;
  readonly construct: CfnResource;
  /** `Ref` and the attributes of the resource. */
  readonly attributes: Attributes;
  /** The ARNs of the functions that are read already. */
  readonly functionArns: ReadonlySet<string>;
  /** The branches of `Fn::If` in the resource. */
  readonly branches: Branches;
  /** Registers a link to other resources, which must be read first. */
  readonly defer: (link: DeferredLink) => void;
}

/** Links resources to each other when all of them are read. */
export type DeferredLink = (identities: IdentityLookup) => void;

/** Roles, users and groups by `identityKey()`, and managed policies by ARN. */
export interface IdentityLookup {
  readonly roles: Map<string, Identity>;
  readonly users: Map<string, Identity>;
  readonly groups: Map<string, Identity>;
  readonly managedPolicies: Map<string, ManagedPolicy>;
}

/** Functions that add a resource to the model, by resource type. */
export type ResourceReaders = { readonly [type: string]: (context: ReadContext) => void };

export function identityLookupOf({ roles, users, groups, managedPolicies }: AppModel): IdentityLookup {
  const byName = (identities: Identity[]) =>
    new Map(identities.map((identity) => [identityKey(identity.account, identity.name), identity]));
  const byArn = new Map(managedPolicies.map((policy) => [policy.arn, policy]));
  return { roles: byName(roles), users: byName(users), groups: byName(groups), managedPolicies: byArn };
}

/** Names of identities are unique in an account. */
export function identityKey(account: string, name: string): string {
  return `${account} ${name}`;
}

/** The properties that all resources of the model have. */
export function baseOf(
  { construct, conditional, conditions, attributes }: ReadContext,
  attribute = 'Arn',
): AppResource {
  const { account, region } = environmentOf(construct.stack);
  return {
    construct,
    account,
    region,
    arn: attributes[attribute],
    conditional,
    conditions,
  };
}

/** The conditions of a resource, in a branch of its properties. */
export function conditionsIn(
  { conditional, conditions = [] }: Pick<ReadContext, 'conditional' | 'conditions'>,
  branch: Branch,
  branches: readonly Branch[],
): Pick<ResourcePolicyStatement, 'conditional' | 'conditions' | 'branchOf'> {
  if (branches.length === 1) return { conditional, ...(conditions.length > 0 && { conditions }) };
  return { conditional: true, conditions: [...conditions, ...branch.conditions], branchOf: branches };
}

/** The statements of a policy document; the document itself as the only statement if it cannot be read. */
export function documentStatements(
  context: ReadContext,
  resourceArn: string,
  document: Json | undefined,
): ResourcePolicyStatement[] {
  // A list of statements in an `Fn::If` is read as a whole, otherwise each statement by itself.
  const isInBranch = typeof document === 'string' || (isObject(document) && typeof document.Statement === 'string');
  const documents = isInBranch ? context.branches.of(document) : [{ value: document, conditions: [] }];
  return documents.flatMap((branch) =>
    statementsInDocument(context, resourceArn, branch.value).map((entry) => ({
      ...entry,
      ...conditionsIn(entry, branch, documents),
    })),
  );
}

function statementsInDocument(
  context: ReadContext,
  resourceArn: string,
  document: Json | undefined,
): ResourcePolicyStatement[] {
  if (document === undefined) return [];
  const { construct } = context;
  const statements = statementsOf(document);
  const unreadable = statements.length === 0 && !(isObject(document) && Array.isArray(document.Statement));
  return (unreadable ? [document] : statements).flatMap((template, i) => {
    const branches = context.branches.of(template);
    return branches.flatMap((branch): ResourcePolicyStatement[] => {
      const statement = branch.value;
      if (statement === undefined) return [];
      const sid = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : undefined;
      const conditions = conditionsIn(context, branch, branches);
      return [{ construct, resourceArn, id: sid ?? `#${i + 1}`, ...conditions, statement, isWholePolicy: true }];
    });
  });
}

export function objectsOf(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function nonEmptyString(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
