import { CfnResource, Stack } from 'aws-cdk-lib';

/** Resources of a stack. */
export function countResources(stack: Stack, which: (type: string) => boolean = () => true): number {
  return stack.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct) && which(construct.cfnResourceType)).length;
}
