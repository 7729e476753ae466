import { CfnElement, CfnResource, IResolvable, IResolveContext, TagManager, Tokenization } from 'aws-cdk-lib';
import { Json, isObject } from '../policy/statement';

/** What a template will have for a resource, if it will. Its logical id is not asked for: to make that takes as long as all the rest. */
export function bodyOf(resource: CfnResource): unknown {
  const { Resources = {} } = (resource as unknown as { _toCloudFormation(): { Resources?: object } })._toCloudFormation();
  return Object.values(Resources)[0] ?? null;
}

/** What a mapping of a template holds; nothing where an element is none. To render one may add a warning to it. */
export function mappingOf(element: CfnElement): unknown {
  return (element as unknown as { mapping?: unknown }).mapping;
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

/** A value that is asked for when it is needed first, and may be another one before that. Newer versions of the CDK keep it within another one. */
export function producerOf(token: IResolvable): Producer | undefined {
  const { producer, inner } = token as { producer?: Producer; inner?: { producer?: Producer } };
  return producer ?? inner?.producer;
}

interface Producer {
  produce(context: IResolveContext): unknown;
}

/** The tags of a resource, its own and those that were added from outside. */
export function tagsOf(resource: CfnResource): unknown {
  return TagManager.isTaggable(resource) ? resource.tags.renderTags() : undefined;
}

/**
 * The value of a property in the form of the template, of which only what is listed here; nothing where it does not have the form that the CDK expects.
 * What has no names of its own in the CDK is the same in both.
 */
export function templateForm(property: string, value: Json): Json | undefined {
  // The CDK takes both, and writes the second one.
  if (property === 'EventPattern') return isObject(value) && 'detailType' in value ? undefined : value;
  const names = NESTED[property];
  if (!names) return value;
  const forms = Array.isArray(value) ? value.map((one) => renamed(one, names)) : [undefined];
  return forms.includes(undefined) ? undefined : (forms as Json[]);
}

/** What properties are called in the CDK and in templates, and the names in them. The first one is there always. */
type Names = readonly (readonly [property: string, name: string, within?: Names])[];

const NESTED: { readonly [property: string]: Names } = {
  Tags: [['key', 'Key'], ['value', 'Value']],
  Policies: [['policyName', 'PolicyName'], ['policyDocument', 'PolicyDocument']],
  Targets: [['id', 'Id'], ['arn', 'Arn'], ['roleArn', 'RoleArn'], ['deadLetterConfig', 'DeadLetterConfig', [['arn', 'Arn']]]],
};

function renamed(value: Json, names: Names): Json | undefined {
  if (!isObject(value) || typeof value[names[0][0]] !== 'string') return undefined;
  const made: { [name: string]: Json } = {};
  for (const [property, name, within] of names) {
    const given = value[property];
    const form = within && given !== undefined ? renamed(given, within) : given;
    if (form === undefined && given !== undefined) return undefined;
    if (form !== undefined) made[name] = form;
  }
  return made;
}

/** Whether a resource is of the class that the CDK has for its type, or of one that renders it alike, will be made, and has no overrides but of other properties. */
export function isPlain(resource: CfnResource, properties: readonly string[]): boolean {
  const { rawOverrides = {}, shouldSynthesize } = resource as unknown as { rawOverrides?: object; shouldSynthesize?: () => boolean };
  return !changesMore(rawOverrides, properties) && rendersAsItsClass(resource) && shouldSynthesize?.call(resource) !== false;
}

/** Whether overrides change more than other properties. */
function changesMore(overrides: object, properties: readonly string[]): boolean {
  return Object.entries(overrides).some(([element, value]) => (
    element !== 'Properties' || !isObject(value) || Tokenization.isResolvable(value) || properties.some((name) => name in value)));
}

function rendersAsItsClass({ constructor }: CfnResource): boolean {
  const before = RENDERS.get(constructor);
  if (before !== undefined) return before;
  const renders = isRenderedByItsClass(constructor);
  RENDERS.set(constructor, renders);
  return renders;
}

/** Classes are few. */
const RENDERS = new WeakMap<Function, boolean>();

function isRenderedByItsClass(constructor: Function): boolean {
  for (let one = constructor; one !== CfnResource && one !== Function.prototype; one = Object.getPrototypeOf(one)) {
    if (Object.prototype.hasOwnProperty.call(one, 'CFN_RESOURCE_TYPE_NAME')) return true;
    if (['_toCloudFormation', 'renderProperties', 'cfnProperties'].some((member) => Object.prototype.hasOwnProperty.call(one.prototype, member))) return false;
  }
  return false;
}
