import { Json } from '../policy/statement';

/** Text as it is, anything else as its JSON: keys such as `toString` make `String()` throw. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Splits text, but not within the `‹…›` parts, which may hold the delimiter as part of a path. */
export function partsOf(text: string, delimiter: string): string[] {
  const literal = delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.split(new RegExp(`${literal}(?![^‹]*›)`));
}

/** What an object itself holds under a key: never what it inherits, such as `constructor`. */
export function own<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
}
