import { CfnResource, Resource } from 'aws-cdk-lib';
import { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Whether a resource is defined in this app, so that this library can change its policies. */
export function isOwned(resource: IConstruct): boolean {
  return CfnResource.isCfnResource(resource) || Resource.isOwnedResource(resource);
}

/** The L2, such as a function, that created a role for itself and can use another role instead. */
export function ownerOfRole(role: IConstruct): IConstruct | undefined {
  const { scope } = role.node;
  return scope && Resource.isResource(scope) && 'grantPrincipal' in scope ? scope : undefined;
}

/** Whether the CDK ignores changes to the policies of a principal, such as `role.withoutPolicyUpdates()`. */
export function isImmutable(principal: IPrincipal): boolean {
  return 'addGrantsToResources' in principal;
}
