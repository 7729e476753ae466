import { CfnResource, Stack } from 'aws-cdk-lib';
import { conditionOf } from './conditions';
import { Resource } from './resource';
import { isFunctionName, mayContainTokens } from './token-resolver';
import { Json, isObject } from '../../iam/statement';

/** A resource as it is in a template. */
export type TemplateBody = { readonly [name: string]: Json };

const BODIES = new WeakMap<CfnResource, TemplateBody>();

/** Sets the body of a resource that was synthesized before, so that parts of it can be read. */
export function setTemplateBody(resource: CfnResource, body: TemplateBody): void {
  BODIES.set(resource, body);
}

const TEMPLATE_STACKS = new WeakSet<Stack>();

/** Notes that a stack was synthesized before. */
export function setSynthesized(stack: Stack): void {
  TEMPLATE_STACKS.add(stack);
}

export function isSynthesizedStack(stack: Stack): boolean {
  return TEMPLATE_STACKS.has(stack);
}

/** Whether a resource that was synthesized before has a statement whose ID begins with a text. */
export function hasStatement(resource: CfnResource, idPrefix: string): boolean {
  const body = BODIES.get(resource);
  return body !== undefined && JSON.stringify(body).includes(`"Sid":"${idPrefix}`);
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
  const body = BODIES.get(resource);
  if (!body) return undefined;
  const { Properties = {}, Condition } = body;
  if (!isObject(Properties)) return undefined;
  if (Object.keys(Properties).some(isFunctionName)) return undefined;
  const properties: { [name: string]: Json } = {};
  for (const name of names) {
    if (Properties[name] === undefined) continue;
    const property = Properties[name];
    const value = isLiteral(property) ? property : resolve(resource.stack, property);
    if (value !== null) properties[name] = value;
  }
  const type = resource.cfnResourceType;
  return Condition === undefined
    ? { type, properties, conditional: false }
    : { type, properties, ...conditionOf(resource.stack, Condition) };
}

/** Whether a value contains no function, so that it need not be resolved. Most values of topology files are such. */
function isLiteral(value: Json, depth = 0): boolean {
  if (typeof value === 'string') return !mayContainTokens(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_LITERAL_DEPTH) return false;
  const members = value as { readonly [name: string]: Json };
  for (const name of Object.keys(members)) {
    if (isFunctionName(name) || !isLiteral(members[name], depth + 1)) return false;
  }
  return true;
}

/** Deeper than any property of a resource. */
const MAX_LITERAL_DEPTH = 50;
