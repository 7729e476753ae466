import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { documentSize } from '../../iam/policy-size';
import { Json, canonical, isObject, statementsOf } from '../../iam/statement';

/** The sizes of the policies of a role that count against IAM quotas. */
export interface AttachedPolicies {
  /** Characters of all inline policies. */
  readonly inlineCharacters: number;
  /** Number of managed policies. */
  readonly managedPolicies: number;
}

/** Measures all policies of a role in its stack: those in its properties, and those of other resources. */
export function measureAttachedPolicies(role: iam.Role): AttachedPolicies {
  const reader = new TemplateReader();
  const { Policies, ManagedPolicyArns } = roleProperties(role, reader);
  const attached = policiesAttachedTo(role, reader);
  const inlineDocuments = [
    ...(Array.isArray(Policies) ? Policies.filter(isObject) : []),
    ...attached
      .filter((policy) => iam.CfnPolicy.isCfnPolicy(policy))
      .map((policy) => reader.resource(policy)?.properties ?? {}),
  ].map(({ PolicyDocument }) => PolicyDocument);
  const managedPolicyArns = Array.isArray(ManagedPolicyArns) ? ManagedPolicyArns : [];
  const attachedManagedPolicies = attached.filter((policy) => iam.CfnManagedPolicy.isCfnManagedPolicy(policy));
  return {
    inlineCharacters: inlineDocuments.reduce<number>((sum, document) => sum + charactersOf(document), 0),
    managedPolicies: managedPolicyArns.length + attachedManagedPolicies.length,
  };
}

function charactersOf(document: Json | undefined): number {
  return documentSize(statementsOf(document)).minimum;
}

function roleProperties(role: iam.Role, reader: TemplateReader): { readonly [property: string]: Json } {
  const resource = role.node.defaultChild;
  return (CfnResource.isCfnResource(resource) && reader.resource(resource)?.properties) || {};
}

/**
 * The policies that name a role in their `Roles`, by a reference or by its name. Only these are read as a whole,
 * because a stack may have many roles.
 */
function policiesAttachedTo(role: iam.Role, reader: TemplateReader): (iam.CfnPolicy | iam.CfnManagedPolicy)[] {
  const { stack, roleName } = role;
  const names = new Set([canonical(stack.resolve(roleName)), canonical(reader.resolve(stack, roleName))]);
  return stack.node
    .findAll()
    .filter((construct) => isPolicy(construct))
    .filter(({ roles }) => contains(stack.resolve(roles), names));
}

function isPolicy(construct: unknown): construct is iam.CfnPolicy | iam.CfnManagedPolicy {
  return iam.CfnPolicy.isCfnPolicy(construct) || iam.CfnManagedPolicy.isCfnManagedPolicy(construct);
}

/** Whether a resolved value is one of the given values, as canonical JSON, or has one inside, such as in `Fn::If`. */
function contains(value: unknown, values: ReadonlySet<string>): boolean {
  if (value === undefined || value === null) return false;
  if (values.has(canonical(value))) return true;
  return typeof value === 'object' && Object.values(value).some((element) => contains(element, values));
}
