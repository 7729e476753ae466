import { CfnResource, TagManager } from 'aws-cdk-lib';
import { Json, isObject } from '../../iam/statement';
import { memoize } from '../../util/memoize';

/** The name of a property in the CDK: `principalOrgId` for `PrincipalOrgID`. */
export const cdkPropertyName = memoize(
  (name: string): string => name[0].toLowerCase() + name.slice(1).replace(/ID$/, 'Id'),
);

/** The tags of a resource, including those that `Tags.of()` adds. */
export function tagsOf(resource: CfnResource): unknown {
  return TagManager.isTaggable(resource) ? resource.tags.renderTags() : undefined;
}

/**
 * The value of a property with the names of the template instead of those of the CDK, reduced to the nested properties
 * that `NESTED` lists. Undefined if the value does not have the type that the CDK expects. Values without nested names
 * are returned unchanged.
 */
export function toTemplateCase(property: string, value: Json): Json | undefined {
  // The CDK accepts both `detailType` and `detail-type`, and synthesizes the latter.
  if (property === 'EventPattern') return isObject(value) && 'detailType' in value ? undefined : value;
  const names = NESTED[property];
  if (!names) return value;
  if (!Array.isArray(value)) return undefined;
  const elements: Json[] = [];
  for (const element of value) {
    const renamed = renameProperties(element, names);
    if (renamed === undefined) return undefined;
    elements.push(renamed);
  }
  return elements;
}

/** Pairs of the name in the CDK and the name in templates, and the nested names. The first property is required. */
type PropertyNames = readonly (readonly [cdkName: string, templateName: string, nested?: PropertyNames])[];

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

function renameProperties(value: Json, names: PropertyNames): Json | undefined {
  const [[requiredName]] = names;
  if (!isObject(value) || typeof value[requiredName] !== 'string') return undefined;
  const renamed: { [name: string]: Json } = {};
  for (const [cdkName, templateName, nested] of names) {
    const cdkValue = value[cdkName];
    if (cdkValue === undefined) continue;
    const templateValue = nested ? renameProperties(cdkValue, nested) : cdkValue;
    if (templateValue === undefined) return undefined;
    renamed[templateName] = templateValue;
  }
  return renamed;
}
