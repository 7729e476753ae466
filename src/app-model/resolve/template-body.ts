import { CfnResource, Stack } from 'aws-cdk-lib';
import { conditionOf } from './conditions';
import { Resource } from './resource';
import { Json, isObject } from '../../iam/statement';

/** A resource as it is in a template. */
export type TemplateBody = { readonly [name: string]: Json };

const BODIES = new WeakMap<CfnResource, TemplateBody>();

/** Sets the body of a resource that was synthesized before, so that parts of it can be read. */
export function setTemplateBody(resource: CfnResource, body: TemplateBody): void {
  BODIES.set(resource, body);
}

/**
 * Some properties of a resource that was synthesized before; undefined for other resources, and if a function may
 * return the properties.
 */
export function resourceFromBody(
  resource: CfnResource,
  names: readonly string[],
  resolve: (stack: Stack, value: unknown) => Json,
): Resource | undefined {
  const { Properties = {}, Condition } = BODIES.get(resource) ?? {};
  if (!BODIES.has(resource) || !isObject(Properties)) return undefined;
  if (Object.keys(Properties).some((name) => name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  const properties: { [name: string]: Json } = {};
  for (const name of names) {
    if (Properties[name] === undefined) continue;
    const value = resolve(resource.stack, Properties[name]);
    if (value !== null) properties[name] = value;
  }
  return { type: resource.cfnResourceType, properties, ...conditionOf(resource.stack, Condition) };
}
