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
 * The value of a property of an L1 construct, with the names of nested properties as in the template: `RoleArn` for
 * `roleArn`. Only the nested properties that `NESTED_NAMES` lists are kept. The values of other properties are returned
 * unchanged. Undefined if the value must be read from the synthesized resource instead, because it does not have the
 * type that the CDK expects.
 */
export function withTemplateNames(property: string, value: Json): Json | undefined {
  // The CDK accepts both `detailType` and `detail-type`. Only the synthesized resource always has `detail-type`.
  if (property === 'EventPattern') return isObject(value) && 'detailType' in value ? undefined : value;
  const names = NESTED_NAMES[property];
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

const NESTED_NAMES: { readonly [property: string]: PropertyNames } = {
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
    ['input', 'Input'],
    ['inputPath', 'InputPath'],
    ['inputTransformer', 'InputTransformer'],
    ['deadLetterConfig', 'DeadLetterConfig', [['arn', 'Arn']]],
    [
      'ecsParameters',
      'EcsParameters',
      [
        ['taskDefinitionArn', 'TaskDefinitionArn'],
        ['launchType', 'LaunchType'],
      ],
    ],
    ['batchParameters', 'BatchParameters', [['jobDefinition', 'JobDefinition']]],
    ['sqsParameters', 'SqsParameters', [['messageGroupId', 'MessageGroupId']]],
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

/** Properties without those that an override sets to null, which a template does not contain. */
export function withoutNulls(properties: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
  const entries = Object.entries(properties);
  return entries.some(([, value]) => value === null)
    ? Object.fromEntries(entries.filter(([, value]) => value !== null))
    : properties;
}
