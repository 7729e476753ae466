import type { TokenResolver } from './token-resolver';
import {
  accountOfPartlyKnown,
  possibleValuesOf,
  possibleValuesAmong,
  partlyKnownText,
  isOfForm,
  listItemPlaceholder,
} from '../../iam/chosen-values';
import { Json, canonical, isObject, getOwn, toText } from '../../iam/statement';
import { hasUnresolved, splitText } from '../../iam/unresolved-text';

/**
 * The value of a CloudFormation function that depends on its argument only; undefined for other functions, and if the
 * value is unresolved.
 */
export function evaluateFunction(name: string, argument: Json, resolver: TokenResolver): Json | undefined {
  switch (name) {
    case 'Fn::Join':
      return evaluateJoin(argument, resolver);
    case 'Fn::Sub':
      return evaluateSub(argument, resolver);
    case 'Fn::Select':
      return evaluateSelect(argument, resolver);
    case 'Fn::If':
      return evaluateIf(argument, resolver);
    default:
      return undefined;
  }
}

function evaluateJoin(argument: Json, resolver: TokenResolver): string | undefined {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return undefined;
  return argument[1].map((part) => resolver.text(part)).join(toText(argument[0]));
}

function evaluateSub(argument: Json, resolver: TokenResolver): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const replaced = toText(template).replace(/\$\{([^!${}][^${}]*)\}/g, (_, name: string) => {
    if (isObject(variables) && variables[name] !== undefined) return resolver.text(variables[name]);
    return resolver.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
  });
  return replaced.replace(/\$\{!/g, '${');
}

const ACCOUNT_INDEX_IN_ARN = 4;

/** An element of a list, or of the parts of a text. */
function evaluateSelect(argument: Json, resolver: TokenResolver): Json | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [index, list] = [Number(resolver.text(argument[0])), argument[1]];
  if (Array.isArray(list)) return resolver.resolve(list[index]);
  if (typeof list === 'string' || (isObject(list) && list.Ref !== undefined)) {
    return listItemPlaceholder(resolver.text(list), index);
  }
  const split = isObject(list) ? list['Fn::Split'] : undefined;
  if (!Array.isArray(split)) return undefined;
  return selectPart(resolver.text(split[1]), toText(split[0]), index);
}

function selectPart(text: string, delimiter: string, index: number): string | undefined {
  if (index === ACCOUNT_INDEX_IN_ARN && delimiter === ':' && isOfForm(text, 'arn')) return accountOfPartlyKnown(text);
  return index === 0 && hasUnresolved(text) ? undefined : splitText(text, delimiter)[index];
}

/** The value that a condition of the template selects, if both values are text. */
function evaluateIf(argument: Json, resolver: TokenResolver): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 3) return undefined;
  const [condition, ...branches] = argument;
  const values = branches.map((branch) => resolver.resolve(branch));
  return oneOfValues(describeCall('Fn::If', [condition, ...values], resolver), values);
}

/**
 * A function call as text, unique by its arguments. It contains no double quotes, because it may be part of a policy
 * that is serialized as JSON text.
 */
export function describeCall(name: string, values: readonly (Json | undefined)[], { stack }: TokenResolver): string {
  const argumentText = values.map(toText).join(' ').replace(/["\\]/g, "'");
  return `${name} ${argumentText} in ${stack.node.path}`;
}

/** One of several values that is known only at deployment; undefined if any of them is unresolved or not text. */
export function oneOfValues(description: string, values: readonly (Json | undefined)[]): Json | undefined {
  const [first] = values;
  if (first !== undefined && values.every((value) => canonical(value) === canonical(first))) return first;
  const possible: string[] = [];
  for (const value of values) {
    const texts = typeof value === 'string' ? possibleTexts(value) : undefined;
    if (!texts) return undefined;
    possible.push(...texts);
  }
  const possibleValues = possibleValuesAmong(possible);
  return possibleValues.values && partlyKnownText(description, possibleValues);
}

function possibleTexts(text: string): readonly string[] | undefined {
  return possibleValuesOf(text) ?? (hasUnresolved(text) ? undefined : [text]);
}

/**
 * All values of a mapping that two keys may select. An unresolved key may be any key of the mapping. Undefined if the
 * mapping does not have a key and there is no default value.
 *
 * @param defaultValue the value for keys that the mapping does not have
 */
export function valuesInMapping(mapping: Json, keys: readonly string[], defaultValue?: Json): Json[] | undefined {
  const [key, ...nestedKeys] = keys;
  if (key === undefined) return [mapping];
  const entries = isObject(mapping) ? mapping : {};
  const possibleKeys = possibleTexts(key);
  const found: Json[] = [];
  for (const name of possibleKeys ?? Object.keys(entries)) {
    const entry = getOwn(entries, name);
    const values = entry === undefined ? undefined : valuesInMapping(entry, nestedKeys, defaultValue);
    if (values) found.push(...values);
    else if (defaultValue !== undefined) found.push(defaultValue);
    else return undefined;
  }
  if (!possibleKeys && defaultValue !== undefined) found.push(defaultValue);
  return found.length > 0 ? found : undefined;
}
