import { PresumedValue, UNKNOWN, Values, isPresumed } from './condition-keys';
import { OPERATORS, parseOperator, sameTruth } from './condition-operators';
import type { ConditionEntry } from './conditions';
import { getOwn } from './statement';
import { Ternary, every, not, some } from './ternary';
import { ANYTHING, unresolved } from './unresolved-text';

/** The values of a key of the request, in lower case. */
export type Lookup = (key: string) => Values;

/**
 * What a condition is taken for on a key whose value is presumed, and on one that is there with a value that may be
 * any.
 */
export interface UnknownOutcome {
  readonly presumed: Ternary;
  readonly anything: Ternary;
}

/** Whether one key of a condition holds. */
export function evaluateCondition(
  { operator, key, values: written }: ConditionEntry,
  lookup: Lookup,
  doubt: UnknownOutcome,
): Ternary {
  const { quantifier: set, base, ifExists } = parseOperator(operator);
  const given = lookup(key.toLowerCase());
  if (given === UNKNOWN) return undefined;
  const test = getOwn(OPERATORS, base);
  if (set === undefined && base !== 'null' && MULTIVALUED.test(key) && (isPresumed(given) || given.length > 0)) {
    return undefined;
  }
  if (isPresumed(given)) {
    return evaluatePresumed(
      given,
      written,
      base === 'null' ? written.includes('false') : !(test?.negated ?? false),
      doubt,
    );
  }
  if (base === 'null') {
    return set === undefined ? some(written, (value) => sameTruth(value, String(given.length === 0))) : undefined;
  }
  if (!test) return undefined;
  if (given.length === 0) return evaluateMissingKey(set, ifExists, test.negated ?? false);
  if (given.includes(ANYTHING)) return doubt.anything;
  const values = written.some(hasVariable) ? written.flatMap((value) => resolveVariables(value, lookup)) : written;
  // What it means that something differs from a variable without a value, AWS does not document.
  if (test.negated && values.length < written.length) return undefined;
  const one = (g: string) => some(values, (v) => test.fits(v, g));
  if (test.negated) return not(set === 'foranyvalue' ? every(given, one) : some(given, one));
  return set === 'forallvalues' ? every(given, one) : some(given, one);
}

/**
 * Keys with several values of which AWS says that a set operator must be used. Those of EventBridge it compares with
 * one itself, in its own examples.
 */
const MULTIVALUED = /^aws:(principalservicenameslist|principalorgpaths|sourceorgpaths|calledvia|tagkeys)$/i;

/**
 * It is presumed that the caller, or its source, is in the organization that a condition names: that an allowance asks
 * for it, and a denial makes an exception of it. What a condition names otherwise is not presumed.
 */
function evaluatePresumed(
  { oneOf }: PresumedValue,
  values: readonly string[],
  positive: boolean,
  doubt: UnknownOutcome,
): Ternary {
  // A policy variable stands for a value of the same call.
  const isAmong = oneOf === undefined || values.some((value) => hasVariable(value) || oneOf.has(value));
  return isAmong && positive === doubt.presumed ? doubt.presumed : undefined;
}

/** Whether a condition holds that has no key to compare. Of `ForAnyValue` with `IfExists` AWS says both. */
function evaluateMissingKey(set: string | undefined, ifExists: boolean, negated: boolean): Ternary {
  if (set === 'foranyvalue') return ifExists ? undefined : false;
  return set === 'forallvalues' || ifExists || negated;
}

export function hasVariable(value: string): boolean {
  return value.includes('${');
}

/**
 * A value with those of the request in place of its policy variables, `${aws:PrincipalAccount}` or
 * `${aws:PrincipalTag/team, 'none'}`; none where the request has no value for one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(value: string, lookup: Lookup): string[] {
  let missing = false;
  const text = value.replace(VARIABLE, (_, key: string, fallback?: string) => {
    if (/^[*?$]$/.test(key)) return key === '$' ? '$' : unresolved(`the character ${key}`);
    const given = lookup(key.trim().toLowerCase());
    if (given === UNKNOWN || isPresumed(given) || given.length > 1) return unresolved(key);
    missing ||= given.length === 0 && fallback === undefined;
    return given[0] ?? fallback ?? '';
  });
  return missing ? [] : [text];
}

const VARIABLE = /\$\{([^},]+)(?:,\s*'([^']*)'\s*)?\}/g;
