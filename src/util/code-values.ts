/** A value in a piece of code that a message proposes. */
export type CodeValue =
  | CodeText
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'object'; readonly properties: readonly (readonly [string, CodeValue])[] }
  | { readonly kind: 'member'; readonly type: string; readonly name: string }
  | CodeCall;

interface CodeText {
  readonly kind: 'text';
  readonly text: string;
}

/** A call of a static method, or of a method of a variable or of an object that is not named. */
export interface CodeCall {
  readonly kind: 'call';
  /** The class or the variable. */
  readonly on?: string;
  readonly method: string;
  readonly args: readonly CodeValue[];
}

/** Something at the beginning of a text, and what follows it. */
interface Parsed<T> {
  readonly value: T;
  readonly rest: string;
}

/**
 * Parses the arguments of a call in TypeScript, after the parenthesis. Returns undefined if they are not values as the
 * messages write them.
 */
export function parseArguments(text: string): Parsed<readonly CodeValue[]> | undefined {
  return parseItems(text, ')', parseValue);
}

function parseValue(text: string): Parsed<CodeValue> | undefined {
  if (text.startsWith("'")) return parseText(text);
  if (text.startsWith('[')) {
    const items = parseItems(text.slice(1), ']', parseText);
    return items && { value: { kind: 'texts', texts: items.value.map((item) => item.text) }, rest: items.rest };
  }
  if (text.startsWith('{')) {
    const properties = parseItems(text.slice(1), '}', parseProperty);
    return properties && { value: { kind: 'object', properties: properties.value }, rest: properties.rest };
  }
  const [found, type, name, parenthesis] = /^([A-Z]\w*)\.(\w+)(\()?/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const rest = text.slice(found.length);
  if (!parenthesis) return { value: { kind: 'member', type, name }, rest };
  const args = parseArguments(rest);
  return args && { value: { kind: 'call', on: type, method: name, args: args.value }, rest: args.rest };
}

/** A text ends where something follows that ends a value: it may contain a quote. */
function parseText(text: string): Parsed<CodeText> | undefined {
  const [found, value] = /^'([^]*?)'(?=\s*[,)\]}])/.exec(text) ?? [];
  return found === undefined ? undefined : { value: { kind: 'text', text: value }, rest: text.slice(found.length) };
}

function parseProperty(text: string): Parsed<readonly [string, CodeValue]> | undefined {
  const [found, quoted, name = quoted] = /^(?:'(\w+)'|(\w+)):\s*/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const parsed = parseValue(text.slice(found.length));
  return parsed && { value: [name, parsed.value], rest: parsed.rest };
}

function parseItems<T>(
  text: string,
  end: string,
  parse: (text: string) => Parsed<T> | undefined,
): Parsed<readonly T[]> | undefined {
  const items: T[] = [];
  let rest = text.trimStart();
  while (!rest.startsWith(end)) {
    const item = parse(rest);
    if (item === undefined) return undefined;
    items.push(item.value);
    rest = item.rest.trimStart();
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith(end)) return undefined;
  }
  return { value: items, rest: rest.slice(end.length) };
}
