import { CfnResource } from 'aws-cdk-lib';
import type { AppModel, Identity, AppResource, ManagedPolicy, ResourcePolicyStatement } from './app-model';
import { pseudoParameterValue } from './resolve/pseudo-parameters';
import type { Resource } from './resolve/resource';
import type { Attributes } from './resolve/resource-attributes';
import { Json, isObject, statementsOf } from '../iam/statement';

/** A resource being read, and where what is read of it goes. */
export interface ReadContext extends Resource {
  readonly model: AppModel;
  readonly construct: CfnResource;
  /** What its `Ref` and attributes will be. */
  readonly attributes: Attributes;
  /** For what needs other resources to be read first. */
  readonly defer: (attach: DeferredLink) => void;
}

/** Runs when all resources are read. */
export type DeferredLink = (identities: IdentityLookup) => void;

/** Roles, users and groups by account and name, which are unique, and managed policies by ARN. */
export interface IdentityLookup {
  readonly roles: Map<string, Identity>;
  readonly users: Map<string, Identity>;
  readonly groups: Map<string, Identity>;
  readonly managedPolicies: Map<string, ManagedPolicy>;
}

/** What reads a resource of each type into the model. */
export type ResourceReaders = { readonly [type: string]: (reading: ReadContext) => void };

export function identityLookupOf({ roles, users, groups, managedPolicies }: AppModel): IdentityLookup {
  const byName = (all: Identity[]) => new Map(all.map((one) => [`${one.account} ${one.name}`, one]));
  const byArn = new Map(managedPolicies.map((policy) => [policy.arn, policy]));
  return { roles: byName(roles), users: byName(users), groups: byName(groups), managedPolicies: byArn };
}

/** What is common to all that an app makes. */
export function baseOf({ construct, conditional, attributes }: ReadContext, attribute = 'Arn'): AppResource {
  return {
    construct,
    account: pseudoParameterValue(construct.stack, 'AWS::AccountId')!,
    region: pseudoParameterValue(construct.stack, 'AWS::Region')!,
    arn: attributes[attribute],
    conditional,
  };
}

/** The statements of a document; the document itself where it has none that can be read. */
export function documentStatements(
  { construct, conditional }: ReadContext,
  resourceArn: string,
  document: Json | undefined,
): ResourcePolicyStatement[] {
  if (document === undefined) return [];
  const statements = statementsOf(document);
  const unreadable = statements.length === 0 && !(isObject(document) && Array.isArray(document.Statement));
  return (unreadable ? [document] : statements).map((statement, i) => {
    const id = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    return { construct, resourceArn, id, conditional, statement, isWholePolicy: true };
  });
}

export function objectsOf(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Text, or nothing where the property has none. */
export function nonEmptyString(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
