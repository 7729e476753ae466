import { accountOf, regionOf } from './arn';
import { Ternary } from './ternary';
import { hasUnresolved, partlyKnown, unresolved } from './unresolved-text';
import { Part, Shape, shapesOf, totalLength } from './value-pattern';

/**
 * The form of all possible values of an unresolved value: an account ID, an ARN with an account, or a path of
 * organizational units.
 */
export type ValueForm = 'account' | 'arn' | 'path';

/** What is known at synthesis about the value of a parameter or of another unresolved value. */
export interface PossibleValues {
  readonly form?: ValueForm;
  /** All possible values, if they are known. */
  readonly values?: readonly string[];
}

/** The properties of a CloudFormation parameter that restrict its value. */
export interface ParameterValues {
  readonly type?: unknown;
  readonly allowedPattern?: unknown;
  readonly allowedValues?: unknown;
}

const LIST = 'CommaDelimitedList';

/**
 * The possible values of a parameter, or of each item of a list parameter. The allowed pattern of an SSM parameter
 * restricts its name, not its value, and is ignored.
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

/** The possible values of a value that is one of these. */
export function possibleValuesAmong(values: readonly string[]): PossibleValues {
  const forms = Object.keys(FORM_PATTERNS) as ValueForm[];
  const form = forms.find((candidate) => values.every((value) => FORM_PATTERNS[candidate].test(value)));
  const distinct = [...new Set(values)];
  const canList = distinct.length <= MAX_VALUES && distinct.every((value) => LISTABLE.test(value));
  return canList ? { form, values: distinct } : { form };
}

/** The number of values up to which each is evaluated. */
const MAX_VALUES = 30;

const FORM_PATTERNS: { readonly [form in ValueForm]: RegExp } = {
  account: /^\d{12}$/,
  arn: /^arn:[^:*?]+:[^:*?]+:[^:*?]*:\d{12}:.+$/,
  path: /^o-[a-z0-9]{10,32}\/r-/,
};

/** Values without characters that separate the items of a placeholder. */
const LISTABLE = /^[\w+=.@/:*-]+$/;

/** The form of all texts that match a regular expression. */
function formOfPattern(pattern: string): ValueForm | undefined {
  const shapes = shapesOf(pattern);
  const forms = Object.keys(FORM_CHECKS) as ValueForm[];
  return shapes && forms.find((form) => shapes.every((shape) => FORM_CHECKS[form](shape)));
}

const FORM_CHECKS: { readonly [form in ValueForm]: (shape: Shape) => boolean } = {
  account: isAccount,
  arn: (shape) => {
    const [scheme, partition, service, region, account, ...rest] = splitAt(':', shape, 5) ?? [];
    if (account === undefined || onlyTextOf(scheme) !== 'arn' || !isAccount(account)) return false;
    const hasNoWildcard = [partition, service, region].every((part) => !mayContain(part, '*?'));
    return hasNoWildcard && isNeverEmpty(partition) && isNeverEmpty(service) && isNeverEmpty(rest[0]);
  },
  path: (shape) => {
    const [organization, root] = splitAt('/', shape, 1) ?? [];
    if (!organization || onlyTextOf(organization.slice(0, 2)) !== 'o-') return false;
    return hasOnly(organization.slice(2), /^[a-z0-9]$/, { min: 10, max: 32 }) && onlyTextOf(root.slice(0, 2)) === 'r-';
  },
};

function isAccount(shape: Shape): boolean {
  return hasOnly(shape, /^\d$/, { min: 12, max: 12 });
}

/** Whether a shape has only these characters, and a number of them within the limits. */
function hasOnly(shape: Shape, character: RegExp, length: { min: number; max: number }): boolean {
  if (totalLength(shape, 'min') < length.min || totalLength(shape, 'max') > length.max) return false;
  return shape.every(({ characters }) => [...characters].every((c) => character.test(c)));
}

function isNeverEmpty(shape: Shape): boolean {
  return totalLength(shape, 'min') > 0;
}

function mayContain(shape: Shape, wildcards: string): boolean {
  return shape.some(({ characters }) => [...wildcards].some((c) => characters.has(c)));
}

/** The text that a shape matches, if it matches only one. */
function onlyTextOf(shape: Shape): string | undefined {
  return shape.every(isOneCharacter) ? shape.map(({ characters }) => [...characters][0]).join('') : undefined;
}

function isOneCharacter({ characters, min, max }: Part): boolean {
  return characters.size === 1 && min === 1 && max === 1;
}

/**
 * Splits a shape at the first delimiters. Returns undefined if the delimiters are not at fixed places.
 */
function splitAt(delimiter: string, shape: Shape, times: number): Shape[] | undefined {
  const parts: Part[][] = [[]];
  for (const part of shape) {
    const isWithinPart = parts.length > times || !part.characters.has(delimiter);
    if (isWithinPart) parts[parts.length - 1].push(part);
    else if (isOneCharacter(part)) parts.push([]);
    else return undefined;
  }
  return parts.length === times + 1 ? parts : undefined;
}

/** The placeholder for a value, or the value itself if only one is possible. */
export function partlyKnownText(description: string, { form, values = [] }: PossibleValues): string {
  if (values.length === 1) return values[0];
  return form === undefined && values.length === 0
    ? unresolved(description)
    : partlyKnown(description, form ?? '', values);
}

/** The placeholder for the value of a parameter. The value of a list parameter has one placeholder. */
export function parameterPlaceholder(path: string, parameter: ParameterValues): string {
  const possible = possibleValuesOfParameter(parameter);
  return parameter.type === LIST
    ? partlyKnown(`${LIST_PREFIX}${path}`, possible.form ?? '', possible.values ?? [])
    : partlyKnownText(`parameter ${path}`, possible);
}

const LIST_PREFIX = 'parameter list ';

/** The placeholder for an item of a list parameter; undefined if the text is not the placeholder of a list. */
export function listItemPlaceholder(list: string, index: number): string | undefined {
  const { description, form, values } = parsePlaceholder(list) ?? {};
  if (!description?.startsWith(LIST_PREFIX)) return undefined;
  return partlyKnownText(`parameter item ${index} of ${description.slice(LIST_PREFIX.length)}`, { form, values });
}

interface Placeholder {
  readonly description: string;
  readonly form?: ValueForm;
  /** The possible values; empty if they are not known. */
  readonly values: readonly string[];
}

/** Parses a text that is one placeholder with a form or possible values. */
function parsePlaceholder(text: string): Placeholder | undefined {
  if (!/^‹[^‹›]*¦[^‹›]*›$/.test(text)) return undefined;
  const [description, form, ...values] = text.slice(1, -1).split('¦');
  return { description, form: form === '' ? undefined : (form as ValueForm), values };
}

/** The possible values of a text that is one placeholder; undefined if they are not known. */
export function possibleValuesOf(text: string): readonly string[] | undefined {
  const { values = [] } = parsePlaceholder(text) ?? {};
  return values.length > 0 ? values : undefined;
}

/** Whether all possible values of a text have one of the forms. */
export function isOfForm(text: string, ...forms: ValueForm[]): boolean {
  const form = parsePlaceholder(text)?.form;
  return form !== undefined && forms.includes(form);
}

/** The account of a partly known ARN, as a placeholder. */
export function accountOfPartlyKnown(arn: string): string {
  return partOfPartlyKnown(arn, 'account', accountOf, 'account');
}

/** The Region of a partly known ARN, as a placeholder. */
export function regionOfPartlyKnown(arn: string): string {
  return partOfPartlyKnown(arn, 'region', regionOf);
}

/** The organization of a partly known path of organizational units, as a placeholder. */
export function organizationOfPartlyKnown(path: string): string {
  return partOfPartlyKnown(path, 'organization', (value) => value.split('/')[0]);
}

function partOfPartlyKnown(
  text: string,
  partName: string,
  partOf: (value: string) => string,
  form?: ValueForm,
): string {
  const { description = text, values = [] } = parsePlaceholder(text) ?? {};
  const possible = values.length > 0 ? possibleValuesAmong(values.map(partOf)) : { form };
  return partlyKnownText(`${partName} in ${description}`, possible);
}

/** The text with a sample account ID in place of each placeholder that is an account ID. */
export function withAccountIds(text: string): string {
  return hasUnresolved(text) ? text.replace(/‹[^‹›¦]*¦account(?:¦[^‹›]*)?›/g, '000000000000') : text;
}

/**
 * Evaluates texts with every combination of the possible values of their placeholders. The result is unknown if the
 * combinations differ in it, or if there are too many.
 */
export function evaluateForEveryValue(texts: readonly string[], evaluate: (...texts: string[]) => Ternary): Ternary {
  const placeholders = texts.some(hasUnresolved)
    ? [...new Set(texts.flatMap((text) => text.match(PLACEHOLDER_WITH_VALUES) ?? []))]
    : [];
  if (placeholders.length === 0) return evaluate(...texts);
  const combinations = placeholders.reduce((product, part) => product * possibleValuesOf(part)!.length, 1);
  return combinations > MAX_COMBINATIONS ? undefined : evaluateCombinations(placeholders, texts, evaluate);
}

const PLACEHOLDER_WITH_VALUES = /‹[^‹›¦]*¦[a-z]*¦[^‹›]*›/g;

const MAX_COMBINATIONS = 1_000;

function evaluateCombinations(
  [placeholder, ...rest]: readonly string[],
  texts: readonly string[],
  evaluate: (...texts: string[]) => Ternary,
): Ternary {
  if (placeholder === undefined) return evaluate(...texts);
  const evaluateWith = (value: string) =>
    evaluateCombinations(
      rest,
      texts.map((text) => text.split(placeholder).join(value)),
      evaluate,
    );
  const [firstValue, ...otherValues] = possibleValuesOf(placeholder)!;
  const result = evaluateWith(firstValue);
  if (result === undefined || otherValues.some((value) => evaluateWith(value) !== result)) return undefined;
  return result;
}
