import { isInRange } from '../iam/condition-operators';
import { Json, getOwn, isObject } from '../iam/statement';
import { Ternary, every, not, some } from '../iam/ternary';
import { hasUnresolved } from '../iam/unresolved-text';
import { matchesWildcards } from '../iam/wildcards';

/** The filters of event patterns: values, and comparison operators. */

type Scalar = string | number | boolean | null;

/**
 * Whether a filter matches the value of a field. Of a list, one value must match.
 *
 * @param value undefined if the event does not have the field
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesFilter(filter: Json, value: Json | undefined): Ternary {
  if (hasUnresolved(JSON.stringify(value ?? null))) return undefined;
  if (isObject(filter) && filter.exists !== undefined) return matchesExistence(filter.exists, value);
  if (value === undefined) return false;
  const results = scalarsIn(value).map((one) => matchesScalar(filter, one));
  // AWS does not document whether all values of a list must differ from those that a filter excludes.
  const isUndocumented = isObject(filter) && 'anything-but' in filter && new Set(results).size > 1;
  return isUndocumented ? undefined : some(results, (result) => result);
}

/** The values in a list, and in the lists in it. */
function scalarsIn(value: Json): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  return isObject(value) ? [] : [value];
}

/** Only fields with a value exist: AWS does not document whether an object or an empty list does. */
function matchesExistence(operand: Json, value: Json | undefined): Ternary {
  if (typeof operand !== 'boolean') return undefined;
  if (value === undefined) return !operand;
  return isObject(value) || (Array.isArray(value) && (value.length === 0 || value.some(isObject)))
    ? undefined
    : operand;
}

function matchesScalar(filter: Json, value: Scalar): Ternary {
  if (!isObject(filter)) return typeof filter === 'string' && hasUnresolved(filter) ? undefined : filter === value;
  const operators = Object.entries(filter);
  if (operators.length !== 1) return undefined;
  const [[operator, operand]] = operators;
  if (hasUnresolved(JSON.stringify(operand))) return undefined;
  return getOwn(OPERATORS, operator)?.(operand, value);
}

/** How an operator compares its operand with a value. The result is unknown for an operand of another type. */
type Operator = (operand: Json, value: Scalar) => Ternary;

/** An operator for text. It matches no number, Boolean or null. */
function ofText(matchesText: (operand: string, text: string) => boolean): Operator {
  return (operand, value) => {
    if (typeof operand !== 'string') return undefined;
    return typeof value === 'string' && matchesText(operand, value);
  };
}

/** An operator for text whose operand may also be text in any case. */
function ofTextInAnyCase(matchesText: (operand: string, text: string) => boolean): Operator {
  return (operand, value) => {
    if (!isObject(operand)) return ofText(matchesText)(operand, value);
    const inLowerCase = ofText((part, text) => matchesText(part.toLowerCase(), text.toLowerCase()));
    return inLowerCase(operand['equals-ignore-case'] ?? null, value);
  };
}

const TEXT_OPERATORS: { readonly [operator: string]: Operator } = {
  prefix: ofTextInAnyCase((prefix, text) => text.startsWith(prefix)),
  suffix: ofTextInAnyCase((suffix, text) => text.endsWith(suffix)),
  'equals-ignore-case': ofText((other, text) => text.toLowerCase() === other.toLowerCase()),
  wildcard: ofText(matchesWildcard),
};

const OPERATORS: { readonly [operator: string]: Operator } = {
  ...TEXT_OPERATORS,
  'anything-but': anythingBut,
  numeric: isInNumericRange,
  cidr: (range, value) =>
    typeof range === 'string' ? typeof value === 'string' && isInRange(range, value) : undefined,
};

/** An asterisk matches any characters; a backslash makes an asterisk or backslash an ordinary character. */
function matchesWildcard(wildcard: string, text: string): boolean {
  const elements = wildcard.match(/\\[*\\]|[^]/g) ?? [];
  return matchesWildcards(
    elements,
    text,
    (element, character) => element === character || element === `\\${character}`,
  );
}

/** The operand is a value or list of values, or an operator for text with one or several operands. */
function anythingBut(operand: Json, value: Scalar): Ternary {
  if (!isObject(operand)) return differsFrom([operand].flat(), value);
  const operators = Object.entries(operand);
  if (operators.length !== 1 || typeof value !== 'string') return undefined;
  const [[operator, excluded]] = operators;
  const isExcluded = getOwn(TEXT_OPERATORS, operator);
  return isExcluded && not(some([excluded].flat(), (one) => isExcluded(one, value)));
}

/** Unknown for values of another type, such as a number that is written as text. */
function differsFrom(excluded: readonly Json[], value: Scalar): Ternary {
  return every(excluded, (one) => {
    if (one === value) return false;
    return typeof one === typeof value ? true : undefined;
  });
}

const COMPARISONS: { readonly [operator: string]: (value: number, limit: number) => boolean } = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** The operand is a list of comparisons, each followed by its limit, such as `[">", 0, "<=", 5]`. */
function isInNumericRange(operand: Json, value: Scalar): Ternary {
  if (!Array.isArray(operand) || operand.length === 0) return undefined;
  const comparisons = operand.flatMap((name, i) => (i % 2 === 0 ? [{ name, limit: operand[i + 1] }] : []));
  return every(comparisons, ({ name, limit }) => {
    const comparison = typeof name === 'string' ? getOwn(COMPARISONS, name) : undefined;
    if (!comparison || typeof limit !== 'number') return undefined;
    return typeof value === 'number' && comparison(value, limit);
  });
}
