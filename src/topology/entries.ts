import { CfnResource } from 'aws-cdk-lib';
import { NamedEntry, ResourceEntry } from './topology';
import { AppResource } from '../app-model/app-model';
import { RequiredCondition } from '../app-model/resolve/branches';

/** What entries need to know about a resource of the model. */
export type DefinedResource = Pick<AppResource, 'construct' | 'conditional' | 'conditions'>;

/** Where a resource is defined. */
export function entryOf(resource: DefinedResource): ResourceEntry {
  const { construct } = resource;
  return {
    stack: construct.stack.node.path,
    logicalId: construct.stack.resolve(construct.logicalId) as string,
    path: construct.node.path,
    ...defined({ condition: conditionOf(resource) }),
  };
}

/** A resource with its ARN and name. */
export function namedEntry(resource: DefinedResource & { readonly arn: string }, name: string): NamedEntry {
  return { ...entryOf(resource), arn: resource.arn, ...nameIn(name, resource.construct) };
}

/** The name, unless CloudFormation generates it: the reader then generates the same placeholder. */
export function nameIn(name: string, { node }: CfnResource): { readonly name?: string } {
  const isGenerated = name.startsWith('‹') && name.endsWith(` of ${node.path}›`);
  return isGenerated ? {} : { name };
}

/** The CloudFormation condition of a resource. If it is no text, any name represents it. */
function conditionOf({ conditional, conditions = [] }: DefinedResource): string | undefined {
  if (!conditional) return undefined;
  return conditions.length === 0 ? 'Unknown' : conditionId(conditions[0]);
}

/** The logical ID of a condition, which is the last part of its path. */
export function conditionId(condition: RequiredCondition): string {
  const id = condition.split('/').slice(-1)[0];
  return condition.startsWith('!') ? `!${id}` : id;
}

/** An object without the properties that are undefined, false or empty. */
export function defined<T extends object>(properties: T): { [name in keyof T]?: Exclude<T[name], undefined | false> } {
  const isPresent = (value: unknown) =>
    value !== undefined && value !== false && (!Array.isArray(value) || value.length > 0);
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => isPresent(value))) as never;
}
