import { CfnResource } from 'aws-cdk-lib';
import type { AppModel, Identity, AppResource, ManagedPolicy, ResourcePolicyStatement } from './app-model';
import { pseudoParameterValue } from './resolve/pseudo-parameters';
import type { Resource } from './resolve/resource';
import type { Attributes } from './resolve/resource-attributes';
import { Json, isObject, statementsOf } from '../iam/statement';

/** A resource that is being read, and the model that it is added to. */
export interface ReadContext extends Resource {
  readonly model: AppModel;
  readonly construct: CfnResource;
  /** `Ref` and the attributes of the resource. */
  readonly attributes: Attributes;
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
export function baseOf({ construct, conditional, attributes }: ReadContext, attribute = 'Arn'): AppResource {
  return {
    construct,
    account: pseudoParameterValue(construct.stack, 'AWS::AccountId')!,
    region: pseudoParameterValue(construct.stack, 'AWS::Region')!,
    arn: attributes[attribute],
    conditional,
  };
}

/** The statements of a policy document; the document itself as the only statement if it cannot be read. */
export function documentStatements(
  { construct, conditional }: ReadContext,
  resourceArn: string,
  document: Json | undefined,
): ResourcePolicyStatement[] {
  if (document === undefined) return [];
  const statements = statementsOf(document);
  const unreadable = statements.length === 0 && !(isObject(document) && Array.isArray(document.Statement));
  return (unreadable ? [document] : statements).map((statement, i) => {
    const sid = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : undefined;
    return { construct, resourceArn, id: sid ?? `#${i + 1}`, conditional, statement, isWholePolicy: true };
  });
}

export function objectsOf(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function nonEmptyString(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
