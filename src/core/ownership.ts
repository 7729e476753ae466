import { CfnResource, Resource } from 'aws-cdk-lib';
import { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Whether the app makes this resource, and so can change its policies. */
export function isOwned(resource: IConstruct): boolean {
  return CfnResource.isCfnResource(resource) || Resource.isOwnedResource(resource);
}

/** A role whose policies the CDK must not change: it says that it did, but does nothing. */
export function isImmutable(principal: IPrincipal): boolean {
  return 'addGrantsToResources' in principal;
}
