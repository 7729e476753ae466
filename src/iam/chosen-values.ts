import { Ternary } from './ternary';
import { hasUnresolved, partlyKnown, unresolved } from './unresolved-text';
import { Part, Shape, shapesOf } from './value-pattern';

/**
 * What every value that deployment may choose is: it names one account, something of one account, or units of one
 * organization.
 */
export type ValueForm = 'account' | 'arn' | 'path';

/** What is known of a value that deployment chooses, such as that of a parameter. */
export interface PossibleValues {
  readonly form?: ValueForm;
  /** All that it may be, where that is known. */
  readonly values?: readonly string[];
}

/** What a parameter says of the values that it takes. */
export interface ParameterValues {
  readonly type?: unknown;
  readonly allowedPattern?: unknown;
  readonly allowedValues?: unknown;
}

const LIST = 'CommaDelimitedList';

/**
 * What a parameter may be: of a list, each item. The pattern of a parameter that is looked up is one of its name, and
 * tells nothing.
 */
export function possibleValuesOfParameter({
  type = 'String',
  allowedPattern,
  allowedValues,
}: ParameterValues): PossibleValues {
  if (type !== 'String' && type !== LIST) return {};
  if (Array.isArray(allowedValues) && allowedValues.length > 0) {
    return allowedValues.every((value) => typeof value === 'string' || typeof value === 'number')
      ? possibleValuesAmong(allowedValues.map(String))
      : {};
  }
  return typeof allowedPattern === 'string' ? { form: formOfPattern(allowedPattern) } : {};
}

/** One of some values. */
export function possibleValuesAmong(values: readonly string[]): PossibleValues {
  const forms = Object.keys(VALUES) as ValueForm[];
  const form = forms.find((one) => values.every((value) => VALUES[one].test(value)));
  const each = [...new Set(values)];
  return each.length <= MAX_VALUES && each.every((value) => LISTED.test(value)) ? { form, values: each } : { form };
}

/** More are not tried one by one. */
const MAX_VALUES = 30;

const VALUES: { readonly [form in ValueForm]: RegExp } = {
  account: /^\d{12}$/,
  arn: /^arn:[^:*?]+:[^:*?]+:[^:*?]*:\d{12}:.+$/,
  path: /^o-[a-z0-9]{10,32}\/r-/,
};

/** Values that can be told from what stands around them. */
const LISTED = /^[\w+=.@/:*-]+$/;

/** The form that all texts have that a regular expression matches. */
function formOfPattern(pattern: string): ValueForm | undefined {
  const shapes = shapesOf(pattern);
  const forms = Object.keys(SHAPES) as ValueForm[];
  return shapes && forms.find((form) => shapes.every((shape) => SHAPES[form](shape)));
}

const SHAPES: { readonly [form in ValueForm]: (shape: Shape) => boolean } = {
  account: isAccount,
  arn: (shape) => {
    const [scheme, partition, service, region, account, ...rest] = splitAt(':', shape, 5) ?? [];
    if (account === undefined || textOf(scheme) !== 'arn' || !isAccount(account)) return false;
    const isKnown = [partition, service, region].every((parts) => !mayHave(parts, '*?'));
    return isKnown && isFilled(partition) && isFilled(service) && isFilled(rest[0]);
  },
  path: (shape) => {
    const [organization, root] = splitAt('/', shape, 1) ?? [];
    if (!organization || textOf(organization.slice(0, 2)) !== 'o-') return false;
    return isOf(organization.slice(2), /^[a-z0-9]$/, { min: 10, max: 32 }) && textOf(root.slice(0, 2)) === 'r-';
  },
};

function isAccount(shape: Shape): boolean {
  return isOf(shape, /^\d$/, { min: 12, max: 12 });
}

function isOf(shape: Shape, character: RegExp, { min, max }: { min: number; max: number }): boolean {
  const [least, most] = [total(shape, 'min'), total(shape, 'max')];
  return (
    least >= min && most <= max && shape.every(({ characters }) => [...characters].every((c) => character.test(c)))
  );
}

function total(shape: Shape, of: 'min' | 'max'): number {
  return shape.reduce((sum, part) => sum + part[of], 0);
}

function isFilled(shape: Shape): boolean {
  return total(shape, 'min') > 0;
}

function mayHave(shape: Shape, unwanted: string): boolean {
  return shape.some(({ characters }) => [...unwanted].some((c) => characters.has(c)));
}

/** The text that a shape is; nothing where it may be several. */
function textOf(shape: Shape): string | undefined {
  return shape.every(isOneCharacter) ? shape.map(({ characters }) => [...characters][0]).join('') : undefined;
}

function isOneCharacter({ characters, min, max }: Part): boolean {
  return characters.size === 1 && min === 1 && max === 1;
}

/**
 * The shapes before each of the first delimiters and behind the last of those; nothing where they may be anywhere else.
 */
function splitAt(delimiter: string, shape: Shape, times: number): Shape[] | undefined {
  const found: Part[][] = [[]];
  for (const part of shape) {
    const isWithin = found.length > times || !part.characters.has(delimiter);
    if (isWithin) found[found.length - 1].push(part);
    else if (isOneCharacter(part)) found.push([]);
    else return undefined;
  }
  return found.length === times + 1 ? found : undefined;
}

/** What stands for a value that deployment chooses: the value itself where there is but one. */
export function partlyKnownText(what: string, { form, values = [] }: PossibleValues): string {
  if (values.length === 1) return values[0];
  return form === undefined && values.length === 0 ? unresolved(what) : partlyKnown(what, form ?? '', values);
}

/** What stands for the value of a parameter: for that of a list as a whole, where it is one. */
export function parameterPlaceholder(path: string, parameter: ParameterValues): string {
  const chosen = possibleValuesOfParameter(parameter);
  return parameter.type === LIST
    ? partlyKnown(`${LIST_OF}${path}`, chosen.form ?? '', chosen.values ?? [])
    : partlyKnownText(`parameter ${path}`, chosen);
}

const LIST_OF = 'parameter list ';

/** What stands for an item of a list that is the value of a parameter; nothing where a text is no such list. */
export function listItemPlaceholder(list: string, index: number): string | undefined {
  const { what, form, choices } = parsePlaceholder(list) ?? {};
  if (!what?.startsWith(LIST_OF)) return undefined;
  return partlyKnownText(`parameter item ${index} of ${what.slice(LIST_OF.length)}`, { form, values: choices });
}

interface Placeholder {
  readonly what: string;
  readonly form?: ValueForm;
  /** None where they are not known. */
  readonly choices: readonly string[];
}

/** What is known of a value that stands as a whole in a text; nothing where another one does. */
function parsePlaceholder(text: string): Placeholder | undefined {
  if (!/^‹[^‹›]*¦[^‹›]*›$/.test(text)) return undefined;
  const [what, form, ...choices] = text.slice(1, -1).split('¦');
  return { what, form: form === '' ? undefined : (form as ValueForm), choices };
}

/** All values that a text may have, which is such a value as a whole; nothing where that is not known. */
export function possibleValuesOf(text: string): readonly string[] | undefined {
  const { choices = [] } = parsePlaceholder(text) ?? {};
  return choices.length > 0 ? choices : undefined;
}

/** Whether every value that a text may have has one of the forms. */
export function isOfForm(text: string, ...forms: ValueForm[]): boolean {
  const form = parsePlaceholder(text)?.form;
  return form !== undefined && forms.includes(form);
}

/** What stands for the account in an ARN that deployment chooses. */
export function accountOfPartlyKnown(arn: string): string {
  return derived(arn, 'account', (value) => value.split(':')[4], 'account');
}

/** What stands for the region in an ARN that deployment chooses. */
export function regionOfPartlyKnown(arn: string): string {
  return derived(arn, 'region', (value) => value.split(':')[3]);
}

/** What stands for the organization of units that deployment chooses. */
export function organizationOfPartlyKnown(path: string): string {
  return derived(path, 'organization', (value) => value.split('/')[0]);
}

/** A part of a value that deployment chooses. */
function derived(text: string, part: string, of: (value: string) => string, form?: ValueForm): string {
  const { what = text, choices = [] } = parsePlaceholder(text) ?? {};
  return partlyKnownText(`${part} in ${what}`, choices.length > 0 ? possibleValuesAmong(choices.map(of)) : { form });
}

/** A text with account ids in place of what is one for certain. */
export function withAccountIds(text: string): string {
  return hasUnresolved(text) ? text.replace(/‹[^‹›¦]*¦account(?:¦[^‹›]*)?›/g, '000000000000') : text;
}

/**
 * An answer for every value that deployment may choose for parts of some texts; undecided where they differ, or where
 * these are too many to try.
 */
export function evaluateForEveryValue(texts: readonly string[], judge: (...texts: string[]) => Ternary): Ternary {
  const parts = texts.some(hasUnresolved)
    ? [...new Set(texts.flatMap((text) => text.match(PLACEHOLDER_WITH_VALUES) ?? []))]
    : [];
  if (parts.length === 0) return judge(...texts);
  const combinations = parts.reduce((product, part) => product * possibleValuesOf(part)!.length, 1);
  return combinations > MAX_COMBINATIONS ? undefined : evaluateWithEvery(parts, texts, judge);
}

const PLACEHOLDER_WITH_VALUES = /‹[^‹›¦]*¦[a-z]*¦[^‹›]*›/g;

const MAX_COMBINATIONS = 1_000;

function evaluateWithEvery(
  [part, ...rest]: readonly string[],
  texts: readonly string[],
  judge: (...texts: string[]) => Ternary,
): Ternary {
  if (part === undefined) return judge(...texts);
  const [first, ...others] = possibleValuesOf(part)!.map(
    (choice) => () =>
      evaluateWithEvery(
        rest,
        texts.map((text) => text.split(part).join(choice)),
        judge,
      ),
  );
  const truth = first();
  return truth === undefined || others.some((answer) => answer() !== truth) ? undefined : truth;
}
