import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { assemblyOf, constructsInAssembly } from '../app-model/assembly';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { Json } from '../iam/statement';

/** Tells a type of resource, such as `CfnRole.isCfnRole`. */
export type IsType<T extends CfnResource> = (x: any) => x is T;

/** The resource behind a construct, or the construct itself where it is one; none behind an imported one. */
export function cfnResourceOf<T extends CfnResource>(construct: IConstruct, is: IsType<T>): T | undefined {
  return [construct, construct.node.defaultChild].find(is);
}

/** The resource of the app that the first token of a text refers to. */
export function referencedResource<T extends CfnResource>(text: string | undefined, is: IsType<T>): T | undefined {
  const token = text === undefined ? undefined : Tokenization.reverseString(text).firstToken;
  return token && Reference.isReference(token) && is(token.target) ? token.target : undefined;
}

/**
 * The resource of the app that a text stands for, in whichever stack.
 *
 * @param place whose app it is
 * @param attribute what of the resource the text would be
 */
export function findResourceByAttribute<T extends CfnResource>(
  place: IConstruct,
  reader: TemplateReader,
  text: Json,
  is: IsType<T>,
  attribute: (resource: T) => string,
): T | undefined {
  return constructsInAssembly(assemblyOf(place)).find(
    (c): c is T => is(c) && reader.resolve(c.stack, attribute(c)) === text,
  );
}
