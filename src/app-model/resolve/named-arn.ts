import { CfnResource } from 'aws-cdk-lib';
import { environmentOf } from './pseudo-parameters';
import { attribute } from '../../iam/unresolved-text';

/** `Ref` and the attributes of a resource, as text. */
export type Attributes = { readonly [attribute: string]: string };

/** The name in a property; the path of the resource in `‹…›` if CloudFormation generates it. */
export function nameOrUnresolved(resource: CfnResource, property: string, name: unknown): string {
  return typeof name === 'string' && name !== '' ? name : attribute(property, resource.node.path);
}

/** An ARN in the Region of the stack of a resource, and in its account unless an owner is given. */
export function arn({ stack }: CfnResource, service: string, rest: string, owner?: string): string {
  const { partition, region, account } = environmentOf(stack);
  return `arn:${partition}:${service}:${region}:${owner ?? account}:${rest}`;
}
