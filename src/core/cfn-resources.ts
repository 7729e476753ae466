import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { assemblyOf, constructsInAssembly } from '../app-model/assembly';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { Json } from '../iam/statement';

/** A type guard for a resource type, such as `CfnRole.isCfnRole`. */
export type IsType<T extends CfnResource> = (x: any) => x is T;

/** The resource of a construct, or the construct itself if it is a resource; undefined for imported constructs. */
export function cfnResourceOf<T extends CfnResource>(construct: IConstruct, isType: IsType<T>): T | undefined {
  return [construct, construct.node.defaultChild].find(isType);
}

/** The resource that the first token of a text refers to. */
export function referencedResource<T extends CfnResource>(text: string | undefined, isType: IsType<T>): T | undefined {
  const token = text === undefined ? undefined : Tokenization.reverseString(text).firstToken;
  return token && Reference.isReference(token) && isType(token.target) ? token.target : undefined;
}

/**
 * The resource whose attribute has a value, in any stack of the app or stage.
 *
 * @param scope a construct in the app or stage
 * @param attribute the attribute to compare, such as the ARN
 */
export function findResourceByAttribute<T extends CfnResource>(
  scope: IConstruct,
  reader: TemplateReader,
  value: Json,
  isType: IsType<T>,
  attribute: (resource: T) => string,
): T | undefined {
  return constructsInAssembly(assemblyOf(scope)).find(
    (c): c is T => isType(c) && reader.resolve(c.stack, attribute(c)) === value,
  );
}
