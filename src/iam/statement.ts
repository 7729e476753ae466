/** A JSON value of a policy document in a template. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * A policy statement. Statements from templates can have any other form, so functions that evaluate them take `Json`.
 */
export interface Statement {
  readonly [element: string]: Json;
}

/** A string or list of strings as a list. Any other value is converted to JSON text. */
export function toList(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [JSON.stringify(value)];
  return value.every((v) => typeof v === 'string') ? (value as string[]) : value.map(toText);
}

/**
 * A single value as a scalar, several values as a list, as AWS stores them. A token that resolves to a list, `#{…}`,
 * stays in a list.
 */
export function scalarOrList(values: string[]): Json {
  return values.length === 1 && !values[0].startsWith('#{') ? values[0] : values;
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The statements of a policy document: a list, a single statement, or the document as a string. A value that is not a
 * document is returned as a statement that cannot be read.
 */
export function statementsOf(document: Json | undefined): Json[] {
  if (typeof document === 'string') {
    try {
      return statementsOf(JSON.parse(document) as Json);
    } catch {
      return [document];
    }
  }
  if (document === undefined || document === null) return [];
  if (!isObject(document)) return [document];
  if (document.Statement === undefined) return [];
  return Array.isArray(document.Statement) ? document.Statement : [document.Statement];
}

export function denies(statement: Json): boolean {
  return isObject(statement) && statement.Effect === 'Deny';
}

/** The account of a principal that is a whole account: an account ID, or the ARN of the account root. */
export function accountOfRoot(principal: string): string | undefined {
  return /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** JSON text that does not depend on the order of properties. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`;
}

/** Text unchanged, any other value as JSON. `String()` would fail for an object with a `toString` key. */
export function toText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** An own property of an object, never an inherited one such as `constructor`. */
export function getOwn<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
}
