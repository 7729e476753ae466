import { CfnResource, Stack } from 'aws-cdk-lib';

const EVENT_SERVICES = /^AWS::(Events|IAM|Lambda|SQS|KMS)::/;

/** Whether a type is one of those that the checks are about. */
export function isOfEvents(type: string): boolean {
  return EVENT_SERVICES.test(type);
}

/** Resources of a stack. */
export function countResources(stack: Stack, which: (type: string) => boolean = () => true): number {
  return stack.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct) && which(construct.cfnResourceType)).length;
}
