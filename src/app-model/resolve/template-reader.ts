import { CfnElement, CfnOutput, CfnParameter, CfnResource, Reference, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { cdkPropertyName, tagsOf, toTemplateCase } from './cfn-properties';
import { describeCall, oneOfValues, evaluateFunction, valuesInMapping } from './intrinsic-functions';
import { synthesizeResource, canReadProperties, mappingOf, overridesOf } from '../cdk-internals';
import { pseudoParameterValue } from './pseudo-parameters';
import { Properties, Resource, ResolvedResource } from './resource';
import { Attributes, namingProperties, attributesOf } from './resource-attributes';
import { ReferenceResolver, TokenResolver, mayHoldTokens } from './token-resolver';
import { parameterPlaceholder } from '../../iam/chosen-values';
import { Json, isObject, toList, getOwn, toText } from '../../iam/statement';
import { attribute, computedAttribute, unresolved } from '../../iam/unresolved-text';
import { assemblyOf, constructsInAssembly } from '../assembly';

/**
 * Reads what a tree of constructs will synthesize, overrides included. A reference to a resource of the app becomes the
 * name or ARN of that resource, in whichever stack it is; what only deployment tells becomes `‹…›` text. Never throws
 * on what it cannot read.
 */
export class TemplateReader implements ReferenceResolver {
  private readonly resources = new Map<CfnResource, ResolvedResource | undefined>();
  private readonly texts = new Map<CfnResource, Attributes | undefined>();
  private readonly elements = new Map<Stack, Map<string, CfnElement>>();
  private readonly exports = new Map<IConstruct, Map<string, CfnOutput>>();
  private readonly imported = new Set<CfnOutput>();
  /** What the resources that are being read were seen to refer to, innermost last. */
  private readonly needs: Set<CfnResource>[] = [];

  /**
   * @param early whether what is made later is left unknown: before synthesis, to ask for it may keep it from changing
   */
  constructor(private readonly early = false) {}

  /**
   * A resource; without properties while it is being read, which happens where it refers to itself. Nothing when no
   * template will have it.
   */
  public resource(resource: CfnResource): ResolvedResource | undefined {
    if (this.resources.has(resource)) return this.resources.get(resource);
    const needs = new Set<CfnResource>();
    this.resources.set(resource, {
      type: resource.cfnResourceType,
      properties: {},
      conditional: false,
      dependencies: needs,
    });
    this.needs.push(needs);
    const body = this.resolve(resource.stack, () => synthesizeResource(resource));
    this.needs.pop();
    const read = isObject(body) ? body : {};
    for (const needed of this.dependencies(resource)) add(needs, needed);
    const made = {
      type: typeof read.Type === 'string' ? read.Type : resource.cfnResourceType,
      properties: isObject(read.Properties) ? read.Properties : {},
      conditional: read.Condition !== undefined,
      dependencies: needs,
    };
    this.resources.set(resource, body === null ? undefined : made);
    return this.resources.get(resource);
  }

  /**
   * A resource with some of its properties: the rest takes long to read, and keeps policies from changing any more. One
   * that is not just what its properties say is read as a whole.
   */
  public resourceWith(resource: CfnResource, names: readonly string[]): Resource | undefined {
    if (this.resources.has(resource) || !canReadProperties(resource, names)) return this.resource(resource);
    const properties = this.propertiesOf(resource, names);
    if (!properties) return this.resource(resource);
    return { type: resource.cfnResourceType, properties, conditional: resource.cfnOptions.condition !== undefined };
  }

  /**
   * What a resource depends on by itself: ids are looked up only where an override gives them, since that takes those
   * of all elements of the stack.
   */
  private dependencies(resource: CfnResource): (IConstruct | undefined)[] {
    const ids = toList(overridesOf(resource).DependsOn as Json | undefined);
    return [...resource.obtainDependencies(), ...ids.map((id) => this.elementsOf(resource.stack).get(id))];
  }

  /** A value, or what a function makes, with text in place of tokens and CloudFormation functions. */
  public resolve(stack: Stack, value: unknown): Json {
    try {
      return new TokenResolver(stack, this, this.early).resolve(typeof value === 'function' ? value() : value) ?? null;
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
    add(this.needs[this.needs.length - 1], target);
    if (CfnResource.isCfnResource(target)) {
      const attributes = this.attributes(target);
      const text = attributes && getOwn(attributes, name);
      return text ?? (COMPUTED.test(target.cfnResourceType) ? computedAttribute : attribute)(name, target.node.path);
    }
    return target instanceof CfnParameter
      ? parameterPlaceholder(target.node.path, target)
      : unresolved(`${name} in ${target.node.path}`);
  }

  private attributes(construct: CfnResource): Attributes | undefined {
    const type = construct.cfnResourceType;
    const naming = namingProperties(type);
    if (!naming) return undefined;
    if (!this.texts.has(construct)) {
      // A name that refers to its own resource is none.
      this.texts.set(construct, attributesOf({ construct, type, properties: {} }));
      const named = this.resourceWith(construct, naming);
      this.texts.set(construct, named && attributesOf({ construct, ...named }));
    }
    return this.texts.get(construct);
  }

  /** What `Ref` and the attributes of a resource will be that is read; those who refer to it need not read it again. */
  public attributesOf(construct: CfnResource, { type, properties }: Resource): Attributes {
    const attributes = attributesOf({ construct, type, properties });
    if (type === construct.cfnResourceType) this.texts.set(construct, attributes);
    return attributes ?? {};
  }

  /** Nothing where one of them does not have the form that the CDK expects. */
  private propertiesOf(resource: CfnResource, names: readonly string[]): Properties | undefined {
    const given = resource as unknown as { readonly [property: string]: unknown };
    const text = (value: unknown) =>
      typeof value === 'string' && !mayHoldTokens(value) ? value : this.resolve(resource.stack, value);
    const properties: { [name: string]: Json } = {};
    for (const name of names) {
      const value = name === 'Tags' ? tagsOf(resource) : given[cdkPropertyName(name)];
      const read = value === undefined ? null : text(value);
      const form = read === null ? null : toTemplateCase(name, read);
      if (form === undefined) return undefined;
      if (form !== null) properties[name] = form;
    }
    return properties;
  }

  /** The value of a function, in the stack of what asks. */
  public call(name: string, argument: Json, within: TokenResolver): Json | undefined {
    const { stack } = within;
    if (name === 'Ref' && typeof argument === 'string') {
      return argument.startsWith('AWS::')
        ? pseudoParameterValue(stack, argument)
        : this.resolveLogicalId(stack, argument, 'Ref');
    }
    if (name === 'Fn::GetAtt') {
      const [id, ...attr] = (Array.isArray(argument) ? argument : toText(argument).split('.')).map(toText);
      return this.resolveLogicalId(stack, id, attr.join('.'));
    }
    const value = this.valueOf(name, argument, within);
    return value ?? unresolved(describeCall(name, [within.resolve(argument)], within));
  }

  private valueOf(name: string, argument: Json, within: TokenResolver): Json | undefined {
    switch (name) {
      case 'Fn::ImportValue':
        return this.import(within.stack, within.text(argument));
      case 'Fn::FindInMap':
        return this.findInMap(argument, within);
      default:
        return evaluateFunction(name, argument, within);
    }
  }

  /** The value of a mapping, or one of all that its keys may give. */
  private findInMap(argument: Json, within: TokenResolver): Json | undefined {
    if (!Array.isArray(argument)) return undefined;
    const parts = argument.map((part) => within.resolve(part));
    const [mapping, first, second, otherwise] = parts;
    const element = this.elementsOf(within.stack).get(toText(mapping));
    const whole = element && within.resolve(mappingOf(element));
    const byDefault = isObject(otherwise) ? otherwise.DefaultValue : undefined;
    const values = whole && valuesInMapping(whole, [toText(first), toText(second)], byDefault);
    return values && oneOfValues(describeCall('Fn::FindInMap', parts, within), values);
  }

  /** What a stack of the same app, account and region exports; nothing when it is another app that does. */
  private import(stack: Stack, name: string): Json | undefined {
    const output = this.exportsOf(stack).get(exportKey(stack, name));
    if (!output || this.imported.has(output)) return undefined;
    this.imported.add(output);
    const value = this.resolve(output.stack, output.value);
    this.imported.delete(output);
    return value;
  }

  private exportsOf(stack: Stack): Map<string, CfnOutput> {
    const assembly = assemblyOf(stack);
    const before = this.exports.get(assembly);
    if (before) return before;
    const outputs = constructsInAssembly(assembly).filter(
      (c): c is CfnOutput => CfnElement.isCfnElement(c) && 'exportName' in c,
    );
    const named = outputs.filter((output) => output.exportName !== undefined);
    const exports = new Map(
      named.map((output) => [exportKey(output.stack, toText(this.resolve(output.stack, output.exportName))), output]),
    );
    this.exports.set(assembly, exports);
    return exports;
  }

  private resolveLogicalId(stack: Stack, id: string, name: string): string {
    const element = this.elementsOf(stack).get(id);
    return element ? this.attributeText(element, name) : unresolved(`${id} in ${stack.node.path}`);
  }

  private elementsOf(stack: Stack): Map<string, CfnElement> {
    const before = this.elements.get(stack);
    if (before) return before;
    const all = stack.node.findAll().filter((c): c is CfnElement => CfnElement.isCfnElement(c) && c.stack === stack);
    const elements = new Map(all.map((element) => [stack.resolve(element.logicalId) as string, element]));
    this.elements.set(stack, elements);
    return elements;
  }
}

/**
 * Types whose attributes are what code, another template or a person makes of them: any text, not the name of one
 * thing.
 */
const COMPUTED = /^(Custom::|AWS::CloudFormation::(CustomResource|Stack|Macro)$|AWS::SSM::Parameter$)/;

function add(needs: Set<CfnResource> | undefined, target: IConstruct | undefined): void {
  if (target && CfnResource.isCfnResource(target)) needs?.add(target);
}

/** Names of exports are unique in an account and region. */
function exportKey(stack: Stack, name: string): string {
  return [pseudoParameterValue(stack, 'AWS::AccountId'), pseudoParameterValue(stack, 'AWS::Region'), name].join(' ');
}
