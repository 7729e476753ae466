import { CfnResource, Resource } from 'aws-cdk-lib';
import { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Whether a resource is defined in this app, so that this library can change its policies. */
export function isOwned(resource: IConstruct): boolean {
  return CfnResource.isCfnResource(resource) || Resource.isOwnedResource(resource);
}

/** Whether the CDK ignores changes to the policies of a principal, such as `role.withoutPolicyUpdates()`. */
export function isImmutable(principal: IPrincipal): boolean {
  return 'addGrantsToResources' in principal;
}
