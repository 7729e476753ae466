import { CfnParameter, CfnResource, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Branches } from './branches';
import { cdkPropertyName, tagsOf, withTemplateNames, withoutNulls } from './cfn-properties';
import { conditionOf, conditionPath } from './conditions';
import { describeCall, oneOfValues, evaluateFunction, valuesInMapping } from './intrinsic-functions';
import { parameterPlaceholder } from '../../iam/chosen-values';
import { assemblyOf } from '../assembly';
import { TemplateReaderOptions } from './template-reader-options';
import { synthesizeResource, canReadProperties, isInstanceOf, mappingOf, overridesOf } from '../cdk-internals';
import { Outputs } from './outputs';
import { PassedValues } from './passed-values';
import { pseudoParameterValue } from './pseudo-parameters';
import { Properties, Resource, ResolvedResource } from './resource';
import { Attributes, namingProperties, attributesOf } from './resource-attributes';
import { isSynthesizedStack, resourceFromBody } from './template-body';
import { elementsByLogicalId, mappingKey } from './template-elements';
import { ReferenceResolver, TokenResolver, mayContainTokens } from './token-resolver';
import { Json, isObject, toList, getOwn, toText } from '../../iam/statement';
import { attribute, computedAttribute, unresolved } from '../../iam/unresolved-text';
import { memoize, memoizeByObject } from '../../util/memoize';

/**
 * Reads the templates that a construct tree will synthesize, including overrides. A reference to a resource in any
 * stack becomes the name or ARN of that resource. An unresolved value becomes `‹…›` text. Never throws an error for
 * values that it cannot read.
 */
export class TemplateReader implements ReferenceResolver {
  private readonly resources = new Map<CfnResource, ResolvedResource | undefined>();
  private readonly attributesByResource = new Map<CfnResource, Attributes | undefined>();
  /** The branches of `Fn::If` in the resources that are read already. */
  public readonly branches = new Branches();
  /** The ARNs of the functions that are read already, by which the names of functions are recognized. */
  public readonly functionArns = new Set<string>();
  private readonly outputs: Outputs;
  private readonly passedValues = new PassedValues((stack, value) => this.resolve(stack, value));
  private readonly resolverFor = memoizeByObject((stack: Stack) => {
    const { roots: [root] = [], skipLazyValues } = this.options;
    // A stack that is synthesized separately.
    const keepPoliciesOpen = root !== undefined && assemblyOf(stack) !== root;
    return new TokenResolver(stack, this, { skipLazyValues, keepPoliciesOpen, isTemplate: isSynthesizedStack(stack) });
  });
  public readonly fragmentsOf = memoize((text: string) => Tokenization.reverseString(text));
  private readonly elementsOf = memoize(elementsByLogicalId);
  /** The dependencies found so far of the resources that are being read, with the innermost resource last. */
  private readonly activeDependencies: Set<CfnResource>[] = [];

  constructor(private readonly options: TemplateReaderOptions = {}) {
    this.outputs = new Outputs((stack, value) => this.resolve(stack, value), options.roots);
  }

  /**
   * A resource with all its properties; undefined if no template will contain it. While a resource that refers to
   * itself is being read, it has no properties.
   */
  public resource(resource: CfnResource): ResolvedResource | undefined {
    if (this.resources.has(resource)) return this.resources.get(resource);
    const dependencies = new Set<CfnResource>();
    const type = resource.cfnResourceType;
    this.resources.set(resource, { type, properties: {}, conditional: false, dependencies });
    this.activeDependencies.push(dependencies);
    const body = this.resolve(resource.stack, () => synthesizeResource(resource));
    this.activeDependencies.pop();
    for (const dependency of this.explicitDependencies(resource)) addResource(dependencies, dependency);
    const { Type, Condition } = isObject(body) ? body : ({} as { [key: string]: Json });
    const resolved = {
      type: typeof Type === 'string' ? Type : type,
      ...propertiesIn(body),
      ...conditionOf(resource.stack, Condition),
      dependencies,
    };
    this.resources.set(resource, body === null ? undefined : resolved);
    return this.resources.get(resource);
  }

  /**
   * A resource with some of its properties. Reading the others takes long, and fixes the content of policies. A
   * resource whose template differs from its properties is read as a whole.
   */
  public resourceWith(resource: CfnResource, names: readonly string[]): Resource | undefined {
    if (this.resources.has(resource)) return this.resource(resource);
    const fromBody = resourceFromBody(resource, names, (stack, value) => this.resolve(stack, value));
    if (fromBody) return fromBody;
    const properties = canReadProperties(resource, names) && this.propertiesOf(resource, names);
    if (!properties) return this.resource(resource);
    const condition = resource.cfnOptions.condition;
    const logicalId = condition && this.resolve(resource.stack, condition.logicalId);
    return { type: resource.cfnResourceType, properties, ...conditionOf(resource.stack, logicalId) };
  }

  /**
   * What a resource depends on in addition to its references. Logical IDs are looked up only for overrides, because
   * that needs the IDs of all elements of the stack.
   */
  private explicitDependencies(resource: CfnResource): (IConstruct | undefined)[] {
    const logicalIds = toList(overridesOf(resource).DependsOn as Json | undefined);
    return [...resource.obtainDependencies(), ...logicalIds.map((id) => this.elementsOf(resource.stack).get(id))];
  }

  /** A value, or the result of a function, with text in place of tokens and CloudFormation functions. */
  public resolve(stack: Stack, value: unknown): Json {
    try {
      return this.resolverFor(stack).resolve(typeof value === 'function' ? value() : value) ?? null;
    } catch (e) {
      return unresolved(`a value that cannot be resolved: ${(e as Error).message.split('\n')[0]}`);
    }
  }

  public reference(reference: Reference): string {
    const { target, displayName } = reference;
    if (displayName.startsWith('AWS::')) return pseudoParameterValue(Stack.of(target), displayName) ?? '';
    return this.attributeText(target, displayName);
  }

  private attributeText(target: IConstruct, name: string): string {
    addResource(this.activeDependencies[this.activeDependencies.length - 1], target);
    const passed = this.passedValues.text(target, name);
    if (passed !== undefined) return passed;
    if (CfnResource.isCfnResource(target)) {
      const attributes = this.attributes(target);
      const text = attributes && getOwn(attributes, name);
      if (text !== undefined) return text;
      const isComputed = COMPUTED_TYPES.test(target.cfnResourceType);
      return (isComputed ? computedAttribute : attribute)(name, target.node.path);
    }
    return isInstanceOf(target, CfnParameter)
      ? parameterPlaceholder(target.node.path, target)
      : unresolved(`${name} in ${target.node.path}`);
  }

  private attributes(construct: CfnResource): Attributes | undefined {
    const type = construct.cfnResourceType;
    const names = namingProperties(type);
    if (!names) return undefined;
    if (!this.attributesByResource.has(construct)) {
      // Without a name while it is being read, in case its name refers to the resource itself.
      this.setAttributes(construct, { type, properties: {} });
      const resource = this.resourceWith(construct, names);
      this.setAttributes(construct, resource);
    }
    return this.attributesByResource.get(construct);
  }

  /** `Ref` and the attributes of a resource that is read already, also for references to it. */
  public attributesOf(construct: CfnResource, resource: Resource): Attributes {
    return this.setAttributes(construct, resource, resource.type === construct.cfnResourceType) ?? {};
  }

  private setAttributes(
    construct: CfnResource,
    resource: Pick<Resource, 'type' | 'properties'> | undefined,
    isOwnType = true,
  ): Attributes | undefined {
    const attributes = resource && attributesOf({ construct, ...resource }, this.functionArns);
    if (resource?.type === 'AWS::Lambda::Function' && attributes) this.functionArns.add(attributes.Arn);
    if (isOwnType) this.attributesByResource.set(construct, attributes);
    return attributes;
  }

  /** The properties of an L1 construct; undefined if one does not have the type that the CDK expects. */
  private propertiesOf(resource: CfnResource, names: readonly string[]): Properties | undefined {
    const cdkProperties = resource as unknown as { readonly [property: string]: unknown };
    const properties: { [name: string]: Json } = {};
    for (const name of names) {
      const cdkValue = name === 'Tags' ? tagsOf(resource) : cdkProperties[cdkPropertyName(name)];
      if (cdkValue === undefined) continue;
      const isLiteral = typeof cdkValue === 'string' && !mayContainTokens(cdkValue);
      const resolved = isLiteral ? cdkValue : this.resolve(resource.stack, cdkValue);
      if (resolved === null) continue;
      const templateValue = withTemplateNames(name, resolved);
      if (templateValue === undefined) return undefined;
      if (templateValue !== null) properties[name] = templateValue;
    }
    return properties;
  }

  /** The value of a function in the stack that contains it. */
  public call(name: string, argument: Json, resolver: TokenResolver): Json | undefined {
    const { stack } = resolver;
    // With AWS::LanguageExtensions, functions may return the names of elements and attributes.
    const names = name === 'Ref' || name === 'Fn::GetAtt' ? resolver.resolve(argument) : undefined;
    if (name === 'Ref' && typeof names === 'string') {
      return names.startsWith('AWS::')
        ? pseudoParameterValue(stack, names)
        : this.resolveLogicalId(stack, names, 'Ref');
    }
    if (name === 'Fn::GetAtt' && names !== undefined) {
      const [id, ...attr] = (Array.isArray(names) ? names : toText(names).split('.')).map(toText);
      return this.resolveLogicalId(stack, id, attr.join('.'));
    }
    const value = this.evaluate(name, argument, resolver);
    if (value !== undefined) return value;
    const placeholder = unresolved(describeCall(name, [resolver.resolve(argument)], resolver));
    if (name === 'Fn::If') this.addBranches(placeholder, argument, resolver);
    return placeholder;
  }

  private addBranches(placeholder: string, argument: Json, resolver: TokenResolver): void {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') return;
    const [condition, ...values] = argument;
    const branches = values.map((value) => resolver.resolve(value));
    this.branches.add(placeholder, conditionPath(resolver.stack, condition), branches);
  }

  private evaluate(name: string, argument: Json, resolver: TokenResolver): Json | undefined {
    if (name === 'Fn::FindInMap') return this.findInMap(argument, resolver);
    return this.outputs.call(name, argument, resolver) ?? evaluateFunction(name, argument, resolver);
  }

  /** The value in a mapping, or one of those that its keys may select. */
  private findInMap(argument: Json, resolver: TokenResolver): Json | undefined {
    if (!Array.isArray(argument)) return undefined;
    const parts = argument.map((part) => resolver.resolve(part));
    const [mappingName, topLevelKey, secondLevelKey, options] = parts;
    const element = this.elementsOf(resolver.stack).get(mappingKey(toText(mappingName)));
    const mapping = element && resolver.resolve(mappingOf(element));
    const defaultValue = isObject(options) ? options.DefaultValue : undefined;
    const values = mapping && valuesInMapping(mapping, [toText(topLevelKey), toText(secondLevelKey)], defaultValue);
    return values && oneOfValues(describeCall('Fn::FindInMap', parts, resolver), values);
  }

  private resolveLogicalId(stack: Stack, id: string, name: string): string {
    const element = this.elementsOf(stack).get(id);
    return element ? this.attributeText(element, name) : unresolved(`${id} in ${stack.node.path}`);
  }
}

/**
 * Types whose attributes are computed by code, another template or a person. Such an attribute may be any text, and not
 * only the name of one resource.
 */
const COMPUTED_TYPES = /^(Custom::|AWS::CloudFormation::(CustomResource|Stack|Macro)$|AWS::SSM::Parameter$)/;

/** The properties of a resource in its template. */
function propertiesIn(body: Json): Pick<Resource, 'properties' | 'isUnread'> {
  const properties = isObject(body) ? (body.Properties ?? {}) : body;
  return isObject(properties) ? { properties: withoutNulls(properties) } : { properties: {}, isUnread: true };
}

function addResource(resources: Set<CfnResource> | undefined, construct: IConstruct | undefined): void {
  if (construct && CfnResource.isCfnResource(construct)) resources?.add(construct);
}
