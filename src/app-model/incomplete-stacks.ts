import { CfnResource, Stack } from 'aws-cdk-lib';
import { Environments } from './environments';

/** The type of the resource of a nested stack. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** The transforms of a stack that may add or change any resource. */
export function unknownTransforms({ templateOptions: { transforms = [] } }: Stack): string[] {
  return [...new Set(transforms.filter((name) => !KNOWN_TRANSFORMS.test(name)))];
}

/** Transforms that neither add nor change resources that the checks read. */
const KNOWN_TRANSFORMS = /^AWS::(LanguageExtensions|CodeDeployBlueGreen|SecretsManager-[\d-]+)$/;

/** The resources in stacks of nested stacks whose templates are not known: none of the stacks is nested by them. */
export function unreadNestedStacks<T extends { readonly construct: CfnResource }>(
  nestedStacks: readonly T[],
  stacks: readonly Stack[],
): T[] {
  if (nestedStacks.length === 0) return [];
  const known = new Set(stacks);
  const read = new Set(stacks.map(({ nestedStackResource }) => nestedStackResource));
  return nestedStacks.filter(({ construct }) => known.has(construct.stack) && !read.has(construct));
}

/** The accounts and Regions of stacks that may have more resources than those in their templates. */
export function incompleteEnvironments(
  stacks: readonly Stack[],
  nestedStacks: readonly { readonly construct: CfnResource }[],
  unreadResources: readonly CfnResource[] = [],
): Environments {
  const unread = unreadNestedStacks(nestedStacks, stacks).map(({ construct }) => construct);
  return new Environments([
    ...stacks.filter((stack) => unknownTransforms(stack).length > 0),
    ...[...unread, ...unreadResources].map(({ stack }) => stack),
  ]);
}

/** Whether a stack consists of nested stacks. What they contain may be all that an app has about events. */
export function hasOnlyNestedStacks(stack: Stack): boolean {
  const types = stack.node
    .findAll()
    .flatMap((construct) =>
      CfnResource.isCfnResource(construct) && construct.stack === stack ? [construct.cfnResourceType] : [],
    );
  return types.every((type) => type === NESTED_STACK || type === 'AWS::CDK::Metadata');
}
