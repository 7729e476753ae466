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
 * What a function of CloudFormation makes of its argument alone; nothing where that hangs on more, or on what only
 * deployment tells.
 */
export function evaluateFunction(name: string, argument: Json, within: TokenResolver): Json | undefined {
  switch (name) {
    case 'Fn::Join':
      return join(argument, within);
    case 'Fn::Sub':
      return substitute(argument, within);
    case 'Fn::Select':
      return select(argument, within);
    case 'Fn::If':
      return evaluateIf(argument, within);
    default:
      return undefined;
  }
}

function join(argument: Json, within: TokenResolver): string | undefined {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return undefined;
  return argument[1].map((part) => within.text(part)).join(toText(argument[0]));
}

function substitute(argument: Json, within: TokenResolver): string {
  const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
  const replaced = toText(template).replace(/\$\{([^!${}][^${}]*)\}/g, (_, name: string) => {
    if (isObject(values) && values[name] !== undefined) return within.text(values[name]);
    return within.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
  });
  return replaced.replace(/\$\{!/g, '${');
}

const ACCOUNT_IN_ARN = 4;

/** One of a list, or of the parts of a text. */
function select(argument: Json, within: TokenResolver): Json | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [index, list] = [Number(within.text(argument[0])), argument[1]];
  if (Array.isArray(list)) return within.resolve(list[index]);
  if (typeof list === 'string' || (isObject(list) && list.Ref !== undefined)) {
    return listItemPlaceholder(within.text(list), index);
  }
  const split = isObject(list) ? list['Fn::Split'] : undefined;
  if (!Array.isArray(split)) return undefined;
  const text = within.text(split[1]);
  if (index === ACCOUNT_IN_ARN && toText(split[0]) === ':' && isOfForm(text, 'arn')) return accountOfPartlyKnown(text);
  return index === 0 && hasUnresolved(text) ? undefined : splitText(text, toText(split[0]))[index];
}

/** What a condition of the template chooses between, where both are text. */
function evaluateIf(argument: Json, within: TokenResolver): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 3) return undefined;
  const [condition, ...branches] = argument;
  const values = branches.map((branch) => within.resolve(branch));
  return oneOfValues(describeCall('Fn::If', [condition, ...values], within), values);
}

/**
 * A call as text. Its arguments tell two of them apart. No quotes: the text may stand in a policy that is written as
 * JSON text.
 */
export function describeCall(name: string, argumentsOf: readonly (Json | undefined)[], within: TokenResolver): string {
  const written = argumentsOf.map(toText).join(' ').replace(/["\\]/g, "'");
  return `${name} ${written} in ${within.stack.node.path}`;
}

/** One of some values, of which deployment chooses; nothing where they are not all text that is known. */
export function oneOfValues(what: string, values: readonly (Json | undefined)[]): Json | undefined {
  const [first] = values;
  if (first !== undefined && values.every((value) => canonical(value) === canonical(first))) return first;
  const choices = values.map(choicesIn);
  if (!choices.every((texts): texts is string[] => texts !== undefined)) return undefined;
  const chosen = possibleValuesAmong(choices.flat());
  return chosen.values && partlyKnownText(what, chosen);
}

function choicesIn(value: Json | undefined): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined;
  return possibleValuesOf(value) ?? (hasUnresolved(value) ? undefined : [value]);
}

/**
 * All that a mapping may give by two keys: by any of its own, where deployment tells the key. Nothing where it lacks
 * one of them.
 *
 * @param otherwise what stands for a key that it lacks, if anything does
 */
export function valuesInMapping(mapping: Json, keys: readonly string[], otherwise?: Json): Json[] | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return [mapping];
  const known = possibleValuesOf(key) ?? (hasUnresolved(key) ? undefined : [key]);
  const levels = isObject(mapping) ? mapping : {};
  const found = (known ?? Object.keys(levels)).map((one) => {
    const level = getOwn(levels, one);
    return level === undefined ? undefined : valuesInMapping(level, rest, otherwise);
  });
  const all = known === undefined && otherwise !== undefined ? [...found, [otherwise]] : found;
  const filled = all.map((values) => values ?? (otherwise === undefined ? undefined : [otherwise]));
  return filled.length > 0 && filled.every((values) => values !== undefined)
    ? filled.flatMap((values) => values!)
    : undefined;
}
