import { Tokenization } from 'aws-cdk-lib';
import { ErrorScope, validationError } from './validation-error';
import { problem } from '../eventbridge/formats';
import { isObject } from '../iam/statement';
import { closestMatch, editDistance } from '../util/edit-distance';

/** The names of all properties of a type. */
export type PropertyNames<T> = { readonly [name in keyof Required<T>]: true };

/**
 * Rejects a value that is not an object, and one with a property that its type does not have. Types reject it already,
 * but not in plain JavaScript, where a misspelled property would be ignored, and would not restrict the grant.
 */
export function validateProperties<T>(
  errorScope: ErrorScope,
  argument: string,
  value: T | undefined,
  names: PropertyNames<T>,
): void {
  if (value === undefined) return;
  const known = Object.keys(names);
  const list = [known.slice(0, -1).join(', '), known[known.length - 1]].filter(Boolean).join(' and ');
  if (!isObject(value) || Tokenization.isResolvable(value)) {
    const got: unknown = Tokenization.isResolvable(value) ? 'a value that is produced later' : value;
    const found = problem(`be an object with ${list}`, got, `write { ${known[0]}: … }`);
    throw validationError(errorScope, `'${argument}' ${found}`);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const found = problem(`have no other properties than ${list}`, unknown, `use '${nearestName(unknown, known)}'`);
  throw validationError(errorScope, `'${argument}' ${found}`);
}

/** The first name that contains a text, such as `sources` for `source`, or else the one with the smallest distance. */
function nearestName(text: string, names: string[]): string | undefined {
  const part = text.toLowerCase().replace(/[^a-z]/g, '');
  return names.find((name) => name.toLowerCase().includes(part)) ?? closestMatch(text, names);
}

/** The number of wrong characters in a name that is certainly meant to be another one. */
const MAX_WRONG_CHARACTERS = 2;

/**
 * Rejects a property whose name is nearly one of the names. For types that extend a type of the CDK, whose properties
 * depend on its release.
 */
export function validateSpelling(errorScope: ErrorScope, value: object, names: readonly string[]): void {
  const misspelled = (name: string, known: string) =>
    name !== known && editDistance(name.toLowerCase(), known.toLowerCase()) <= MAX_WRONG_CHARACTERS;
  for (const name of Object.keys(value)) {
    const known = names.includes(name) ? undefined : names.find((candidate) => misspelled(name, candidate));
    if (known === undefined) continue;
    throw validationError(errorScope, `'props' ${problem('have no unknown property', name, `use '${known}'`)}`);
  }
}
