import type { TextResolution } from './text-resolution';
import { accountOfChosen, choicesOf, chosenAmong, chosenText, isOfForm, itemText } from '../policy/chosen-values';
import { Json, canonical, isObject, own, textOf } from '../policy/statement';
import { hasUnknown, partsOf } from '../policy/text';

/** What a function of CloudFormation makes of its argument alone; nothing where that hangs on more, or on what only deployment tells. */
export function valueOf(name: string, argument: Json, within: TextResolution): Json | undefined {
  switch (name) {
    case 'Fn::Join': return join(argument, within);
    case 'Fn::Sub': return substitute(argument, within);
    case 'Fn::Select': return select(argument, within);
    case 'Fn::If': return either(argument, within);
    default: return undefined;
  }
}

function join(argument: Json, within: TextResolution): string | undefined {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return undefined;
  return argument[1].map((part) => within.text(part)).join(textOf(argument[0]));
}

function substitute(argument: Json, within: TextResolution): string {
  const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
  const replaced = textOf(template).replace(/\$\{([^!${}][^${}]*)\}/g, (_, name: string) => {
    if (isObject(values) && values[name] !== undefined) return within.text(values[name]);
    return within.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
  });
  return replaced.replace(/\$\{!/g, '${');
}

const ACCOUNT_IN_ARN = 4;

/** One of a list, or of the parts of a text. */
function select(argument: Json, within: TextResolution): Json | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [index, list] = [Number(within.text(argument[0])), argument[1]];
  if (Array.isArray(list)) return within.resolve(list[index]);
  if (typeof list === 'string' || (isObject(list) && list.Ref !== undefined)) return itemText(within.text(list), index);
  const split = isObject(list) ? list['Fn::Split'] : undefined;
  if (!Array.isArray(split)) return undefined;
  const text = within.text(split[1]);
  if (index === ACCOUNT_IN_ARN && textOf(split[0]) === ':' && isOfForm(text, 'arn')) return accountOfChosen(text);
  return index === 0 && hasUnknown(text) ? undefined : partsOf(text, textOf(split[0]))[index];
}

/** What a condition of the template chooses between, where both are text. */
function either(argument: Json, within: TextResolution): Json | undefined {
  if (!Array.isArray(argument) || argument.length !== 3) return undefined;
  const [condition, ...branches] = argument;
  const values = branches.map((branch) => within.resolve(branch));
  return oneOf(`Fn::If ${[condition, ...values].map((part) => textOf(part)).join(' ').replace(/["\\]/g, "'")} in ${within.stack.node.path}`, values);
}

/** One of some values, of which deployment chooses; nothing where they are not all text that is known. */
export function oneOf(what: string, values: readonly (Json | undefined)[]): Json | undefined {
  const [first] = values;
  if (first !== undefined && values.every((value) => canonical(value) === canonical(first))) return first;
  const choices = values.map(choicesIn);
  if (!choices.every((texts): texts is string[] => texts !== undefined)) return undefined;
  const chosen = chosenAmong(choices.flat());
  return chosen.values && chosenText(what, chosen);
}

function choicesIn(value: Json | undefined): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined;
  return choicesOf(value) ?? (hasUnknown(value) ? undefined : [value]);
}

/**
 * All that a mapping may give by two keys: by any of its own, where deployment tells the key. Nothing where it lacks one of them.
 *
 * @param otherwise what stands for a key that it lacks, if anything does
 */
export function valuesInMapping(mapping: Json, keys: readonly string[], otherwise?: Json): Json[] | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return [mapping];
  const known = choicesOf(key) ?? (hasUnknown(key) ? undefined : [key]);
  const levels = isObject(mapping) ? mapping : {};
  const found = (known ?? Object.keys(levels)).map((one) => {
    const level = own(levels, one);
    return level === undefined ? undefined : valuesInMapping(level, rest, otherwise);
  });
  const all = known === undefined && otherwise !== undefined ? [...found, [otherwise]] : found;
  const filled = all.map((values) => values ?? (otherwise === undefined ? undefined : [otherwise]));
  return filled.length > 0 && filled.every((values) => values !== undefined) ? filled.flatMap((values) => values!) : undefined;
}
