import { Json, isObject } from '../iam/statement';

/** A stack that was synthesized, with the template that CloudFormation deploys. */
export interface SynthesizedStack {
  /** The path of its construct; the name of the file of a plain template. */
  readonly path: string;
  readonly name: string;
  /** The path of the stage that it was synthesized with, if it is in one. */
  readonly stage?: string;
  /** Undefined if the account is known only at deployment. */
  readonly account?: string;
  readonly region?: string;
  readonly template: Json;
  /** The construct paths of its elements by logical ID, as far as they are known. */
  readonly constructPaths: ReadonlyMap<string, string>;
  /** The paths of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  /** The templates of its nested stacks, by the logical ID of their resource. */
  readonly nestedTemplates: ReadonlyMap<string, SynthesizedStack>;
}

/** The elements of a section of a template, by logical ID. What CloudFormation rejects is left out: no object or ID. */
export function elementsIn(template: Json, section: string): [string, { readonly [name: string]: Json }][] {
  const elements = isObject(template) ? template[section] : undefined;
  if (!isObject(elements)) return [];
  return Object.entries(elements).filter(
    (entry): entry is [string, { [name: string]: Json }] => entry[0] !== '' && isObject(entry[1]),
  );
}
