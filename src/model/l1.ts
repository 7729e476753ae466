import { CfnResource } from 'aws-cdk-lib';

/** What a template will have for a resource, if it will. Its logical id is not asked for: to make that takes as long as all the rest. */
export function bodyOf(resource: CfnResource): unknown {
  const { Resources = {} } = (resource as unknown as { _toCloudFormation(): { Resources?: object } })._toCloudFormation();
  return Object.values(Resources)[0] ?? null;
}

/** How the CDK calls a property: `principalOrgId` for `PrincipalOrgID`. */
export function propertyOf(name: string): string {
  const before = PROPERTIES.get(name);
  if (before !== undefined) return before;
  const property = name[0].toLowerCase() + name.slice(1).replace(/ID$/, 'Id');
  PROPERTIES.set(name, property);
  return property;
}

/** The same few are asked for again and again. */
const PROPERTIES = new Map<string, string>();

/** Whether a resource is of the class that the CDK has for its type, or of one that renders it alike, will be made, and is without overrides. */
export function isPlain(resource: CfnResource): boolean {
  const { rawOverrides, shouldSynthesize } = resource as unknown as { rawOverrides?: object; shouldSynthesize?: () => boolean };
  return Object.keys(rawOverrides ?? {}).length === 0 && rendersAsItsClass(resource) && shouldSynthesize?.call(resource) !== false;
}

function rendersAsItsClass(resource: CfnResource): boolean {
  for (let one = resource.constructor; one !== CfnResource && one !== Function.prototype; one = Object.getPrototypeOf(one)) {
    if (Object.prototype.hasOwnProperty.call(one, 'CFN_RESOURCE_TYPE_NAME')) return true;
    if (['_toCloudFormation', 'renderProperties', 'cfnProperties'].some((member) => Object.prototype.hasOwnProperty.call(one.prototype, member))) return false;
  }
  return false;
}
