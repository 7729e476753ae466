import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A value of a template. */
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Where the templates of two cloud assemblies differ: the stack, and the path in its template. */
export function differencesOf(expected: string, actual: string): string[] {
  const [files, found] = [expected, actual].map(templatesIn);
  const names = [...new Set([...files, ...found])].sort();
  if (files.length === 0) throw new Error(`there are no templates in ${expected}`);
  return names.flatMap((name) => {
    if (!found.includes(name)) return [`${name}: is missing`];
    if (!files.includes(name)) return [`${name}: is not in the app in TypeScript`];
    return differences(name, read(expected, name), read(actual, name));
  });
}

/** The templates in a cloud assembly. */
export function templatesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.template.json'));
}

function read(directory: string, name: string): Value {
  return JSON.parse(readFileSync(join(directory, name), 'utf8')) as Value;
}

/**
 * Compares values exactly, but for the order of the keys of an object: jsii passes structs with their properties in
 * alphabetical order, so that `source` comes after `detail-type` in an event pattern. The order has no meaning.
 */
export function differences(path: string, expected: Value | undefined, actual: Value | undefined): string[] {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const [left, right] = [expected, actual] as { readonly [key: string]: Value }[];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(`${path}/${key}`, left[key], right[key]));
  }
  if (expected === actual) return [];
  return [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

function isObject(value: Value | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
