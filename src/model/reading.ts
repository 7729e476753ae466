import { CfnResource } from 'aws-cdk-lib';
import type { AppModel, Identity, Made, ManagedPolicy, PolicyStatement } from './app-model';
import type { Attributes } from './physical';
import { pseudo } from './pseudo';
import type { Resource } from './reader';
import { Json, isObject, statementsOf } from '../policy/statement';

/** A resource being read, and where what is read of it goes. */
export interface Reading extends Resource {
  readonly model: AppModel;
  readonly construct: CfnResource;
  /** What its `Ref` and attributes will be. */
  readonly attributes: Attributes;
  /** For what needs other resources to be read first. */
  readonly later: (attach: Attach) => void;
}

/** Runs when all resources are read. */
export type Attach = (identities: Identities) => void;

/** Roles, users and groups by account and name, which are unique, and managed policies by ARN. */
export interface Identities {
  readonly roles: Map<string, Identity>;
  readonly users: Map<string, Identity>;
  readonly groups: Map<string, Identity>;
  readonly managedPolicies: Map<string, ManagedPolicy>;
}

/** What reads a resource of each type into the model. */
export type Readers = { readonly [type: string]: (reading: Reading) => void };

export function identitiesOf({ roles, users, groups, managedPolicies }: AppModel): Identities {
  const byName = (all: Identity[]) => new Map(all.map((one) => [`${one.account} ${one.name}`, one]));
  const byArn = new Map(managedPolicies.map((policy) => [policy.arn, policy]));
  return { roles: byName(roles), users: byName(users), groups: byName(groups), managedPolicies: byArn };
}

/** What is common to all that an app makes. */
export function made({ construct, conditional, attributes }: Reading, attribute = 'Arn'): Made {
  return {
    construct,
    account: pseudo(construct.stack, 'AWS::AccountId')!,
    region: pseudo(construct.stack, 'AWS::Region')!,
    arn: attributes[attribute],
    conditional,
  };
}

/** The statements of a document; the document itself where it has none that can be read. */
export function documentStatements({ construct, conditional }: Reading, of: string, document: Json | undefined): PolicyStatement[] {
  if (document === undefined) return [];
  const statements = statementsOf(document);
  const unreadable = statements.length === 0 && !(isObject(document) && Array.isArray(document.Statement));
  return (unreadable ? [document] : statements).map((statement, i) => {
    const id = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    return { construct, of, id, conditional, statement, whole: true };
  });
}

export function objectsOf(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Text, or nothing where the property has none. */
export function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
