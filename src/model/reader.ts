import {
  CfnElement, CfnParameter, CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, Reference, Stack, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { physicalText } from './physical';
import { pseudo } from './pseudo';
import { Json, isObject } from '../policy/statement';
import { attribute, unknown } from '../policy/text';

/** Properties of a resource, as its template will have them, with text in place of tokens. */
export type Properties = { readonly [name: string]: Json };

/**
 * Reads what a tree of constructs will synthesize, overrides included. A reference to a resource of the app becomes the name or ARN of that
 * resource, in whichever stack it is; what only deployment tells becomes `‹…›` text. Never throws on what it cannot read.
 */
export class Reader {
  private readonly properties = new Map<CfnResource, Properties>();
  private readonly elements = new Map<Stack, Map<string, CfnElement>>();

  /** The properties of a resource; an empty object while they are being read, which happens where a resource refers to itself. */
  public propertiesOf(resource: CfnResource): Properties {
    const before = this.properties.get(resource);
    if (before) return before;
    this.properties.set(resource, {});
    const template = this.resolve(resource.stack, (resource as unknown as { _toCloudFormation(): unknown })._toCloudFormation());
    const [body] = isObject(template) && isObject(template.Resources) ? Object.values(template.Resources) : [];
    const properties = isObject(body) && isObject(body.Properties) ? body.Properties : {};
    this.properties.set(resource, properties);
    return properties;
  }

  /** A value with text in place of tokens and CloudFormation functions. */
  public resolve(stack: Stack, value: unknown): Json {
    const resolver = new TextResolver(this, stack);
    try {
      return this.flatten(stack, Tokenization.resolve(value, { scope: stack, preparing: false, resolver }) as Json) ?? null;
    } catch (e) {
      return unknown(`a value that cannot be resolved: ${(e as Error).message.split('\n')[0]}`);
    }
  }

  /** What a token refers to. */
  public referenceText(reference: Reference): string {
    const { target, displayName } = reference;
    if (displayName.startsWith('AWS::')) return pseudo(Stack.of(target), displayName) ?? '';
    return this.attributeText(target, displayName);
  }

  /** Text of any fragment of a string. */
  public text(stack: Stack, fragment: unknown): string {
    const flat = this.flatten(stack, fragment as Json);
    return typeof flat === 'string' || typeof flat === 'number' || typeof flat === 'boolean' ? String(flat) : unknown('a value that is no text');
  }

  private attributeText(target: IConstruct, name: string): string {
    if (CfnResource.isCfnResource(target)) {
      return physicalText(target, name, this.propertiesOf(target)) ?? attribute(name, target.node.path);
    }
    return unknown(target instanceof CfnParameter ? `parameter ${target.node.path}` : `${name} in ${target.node.path}`);
  }

  private flatten(stack: Stack, value: Json | undefined): Json | undefined {
    if (Array.isArray(value)) return value.map((v) => this.flatten(stack, v)).filter((v): v is Json => v !== undefined);
    if (!isObject(value)) return value;
    const [name, ...others] = Object.keys(value);
    if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return this.intrinsic(stack, name, value[name]);
    const entries = Object.entries(value).map(([key, v]) => [key, this.flatten(stack, v)] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
  }

  private intrinsic(stack: Stack, name: string, argument: Json): Json | undefined {
    if (name === 'Ref' && typeof argument === 'string') return argument.startsWith('AWS::') ? pseudo(stack, argument) : this.logical(stack, argument, 'Ref');
    if (name === 'Fn::GetAtt') {
      const [id, ...attr] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      return this.logical(stack, id, attr.join('.'));
    }
    if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
      return argument[1].map((part) => this.text(stack, part)).join(String(argument[0]));
    }
    if (name === 'Fn::Sub') return this.substitute(stack, argument);
    return unknown(`${name} in ${stack.node.path}`);
  }

  private substitute(stack: Stack, argument: Json): string {
    const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
    return String(template).replace(/\$\{([^!${}][^${}]*)\}/g, (_, name: string) => {
      if (isObject(values) && values[name] !== undefined) return this.text(stack, values[name]);
      return this.text(stack, name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
    });
  }

  private logical(stack: Stack, id: string, name: string): string {
    const element = this.elementsOf(stack).get(id);
    return element ? this.attributeText(element, name) : unknown(`${id} in ${stack.node.path}`);
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

/** Turns references into text before CloudFormation functions are made of them. */
class TextResolver extends DefaultTokenResolver {
  constructor(private readonly reader: Reader, stack: Stack) {
    super(new TextConcat(reader, stack));
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: any): any {
    return Reference.isReference(token) ? this.reader.referenceText(token) : super.resolveToken(token, context, postProcessor);
  }
}

/** Joins the fragments of a string to text. */
class TextConcat {
  constructor(private readonly reader: Reader, private readonly stack: Stack) {}

  public join(left: any, right: any): any {
    return [left, right].filter((part) => part !== undefined).map((part) => this.reader.text(this.stack, part)).join('');
  }
}
