import { CfnResource, TagManager } from 'aws-cdk-lib';
import { Json, isObject } from '../../iam/statement';

/** How the CDK calls a property: `principalOrgId` for `PrincipalOrgID`. */
export function cdkPropertyName(name: string): string {
  const before = PROPERTIES.get(name);
  if (before !== undefined) return before;
  const property = name[0].toLowerCase() + name.slice(1).replace(/ID$/, 'Id');
  PROPERTIES.set(name, property);
  return property;
}

/** The same few are asked for again and again. */
const PROPERTIES = new Map<string, string>();

/** The tags of a resource, its own and those that were added from outside. */
export function tagsOf(resource: CfnResource): unknown {
  return TagManager.isTaggable(resource) ? resource.tags.renderTags() : undefined;
}

/**
 * The value of a property in the form of the template, of which only what is listed here; nothing where it does not
 * have the form that the CDK expects. What has no names of its own in the CDK is the same in both.
 */
export function toTemplateCase(property: string, value: Json): Json | undefined {
  // The CDK takes both, and writes the second one.
  if (property === 'EventPattern') return isObject(value) && 'detailType' in value ? undefined : value;
  const names = NESTED[property];
  if (!names) return value;
  const forms = Array.isArray(value) ? value.map((one) => renamed(one, names)) : [undefined];
  return forms.includes(undefined) ? undefined : (forms as Json[]);
}

/** What properties are called in the CDK and in templates, and the names in them. The first one is there always. */
type PropertyNames = readonly (readonly [property: string, name: string, within?: PropertyNames])[];

const NESTED: { readonly [property: string]: PropertyNames } = {
  Tags: [
    ['key', 'Key'],
    ['value', 'Value'],
  ],
  Policies: [
    ['policyName', 'PolicyName'],
    ['policyDocument', 'PolicyDocument'],
  ],
  Targets: [
    ['id', 'Id'],
    ['arn', 'Arn'],
    ['roleArn', 'RoleArn'],
    ['deadLetterConfig', 'DeadLetterConfig', [['arn', 'Arn']]],
  ],
};

function renamed(value: Json, names: PropertyNames): Json | undefined {
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
