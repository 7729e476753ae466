/** A value of a policy document, as it stands in a template. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * A policy statement as plain JSON. What comes from templates may have any other form: functions that judge take
 * `Json`.
 */
export interface Statement {
  readonly [element: string]: Json;
}

/** The string or list of strings as a list; anything else counts as its JSON text. */
export function toList(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [JSON.stringify(value)];
  return value.every((v) => typeof v === 'string') ? (value as string[]) : value.map(toText);
}

/**
 * One value alone, several as a list: as AWS stores them. A value that stands for a list, `#{…}`, stays in its list.
 */
export function scalarOrList(values: string[]): Json {
  return values.length === 1 && !values[0].startsWith('#{') ? values[0] : values;
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The statements of a policy document, which may be one, a list, or a document written as a string. What is no document
 * stands for a statement that cannot be read.
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

/** The account of a principal that stands for a whole one: its number, or the ARN of its root. */
export function accountOfRoot(principal: string): string | undefined {
  return /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

/** JSON that does not depend on the order of properties. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`;
}

/** Text as it is, anything else as its JSON: keys such as `toString` make `String()` throw. */
export function toText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** What an object itself holds under a key: never what it inherits, such as `constructor`. */
export function getOwn<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
}
