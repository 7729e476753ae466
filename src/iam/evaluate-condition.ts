import { ORGANIZATION_ID, PresumedValue, UNKNOWN, Values, isPresumed } from './condition-keys';
import { ConditionOperator, OPERATORS, equalsBoolean, parseOperator } from './condition-operators';
import type { ConditionEntry } from './conditions';
import { getOwn } from './statement';
import { Ternary, every, not, some } from './ternary';
import { ANYTHING, hasUnresolved, unresolved } from './unresolved-text';

/** Looks up the values of a condition key in the request. The key is in lower case. */
export type KeyLookup = (key: string) => Values;

/** How conditions are decided that depend on values which are not known. */
export interface Assumptions {
  /** The result for a key whose value is presumed. */
  readonly presumed: Ternary;
  /** The result for a key that can have any value. */
  readonly anyValue: Ternary;
}

/** Whether one key of a condition element matches the request. */
export function evaluateCondition(
  { operator: name, key, values: policyValues }: ConditionEntry,
  requestValuesOf: KeyLookup,
  assumptions: Assumptions,
): Ternary {
  const operator = parseOperator(name);
  const isNull = operator.base === 'null';
  const requestValues = requestValuesOf(key.toLowerCase());
  if (requestValues === UNKNOWN) return undefined;
  const presumed = isPresumed(requestValues);
  if (operator.quantifier === undefined && !isNull && MULTIVALUED_KEYS.test(key)) {
    if (presumed || requestValues.length > 0) return undefined;
  }
  if (presumed) {
    const isRequired = !isNull && operator.quantifier !== 'forallvalues' && !operator.ifExists;
    if (isRequired && policyValues.every((value) => isNeverPresumed(operator, key, value))) return operator.negated;
    const positive = isNull ? policyValues.includes('false') : !operator.negated;
    // `Null` compares no values.
    return evaluatePresumed(isNull ? {} : requestValues, policyValues, positive, assumptions);
  }
  if (isNull) return evaluateNull(operator, policyValues, requestValues);
  return evaluateValues(operator, policyValues, requestValues, requestValuesOf, assumptions);
}

/**
 * Keys with several values for which AWS requires a set operator. Keys of EventBridge are not among them: AWS's own
 * examples compare them without one.
 */
const MULTIVALUED_KEYS = /^aws:(principalservicenameslist|principalorgpaths|sourceorgpaths|calledvia|tagkeys)$/i;

function evaluateNull(
  { quantifier }: ConditionOperator,
  policyValues: readonly string[],
  requestValues: readonly string[],
): Ternary {
  if (quantifier !== undefined) return undefined;
  const isMissing = String(requestValues.length === 0);
  return some(policyValues, (value) => equalsBoolean(value, isMissing));
}

function evaluateValues(
  operator: ConditionOperator,
  policyValues: readonly string[],
  requestValues: readonly string[],
  requestValuesOf: KeyLookup,
  assumptions: Assumptions,
): Ternary {
  const { quantifier, base, negated } = operator;
  const comparison = getOwn(OPERATORS, base);
  if (!comparison) return undefined;
  if (requestValues.length === 0) return evaluateMissingKey(operator);
  if (requestValues.includes(ANYTHING)) return assumptions.anyValue;
  const values = policyValues.some(hasVariable)
    ? policyValues.flatMap((value) => resolveVariables(value, requestValuesOf))
    : policyValues;
  // AWS does not document whether a value differs from a policy variable that has no value.
  if (negated && values.length < policyValues.length) return undefined;
  const matchesAny = (requestValue: string) => some(values, (value) => comparison.matches(value, requestValue));
  if (negated) {
    return not(quantifier === 'foranyvalue' ? every(requestValues, matchesAny) : some(requestValues, matchesAny));
  }
  return quantifier === 'forallvalues' ? every(requestValues, matchesAny) : some(requestValues, matchesAny);
}

/**
 * A presumed value is taken to be the one that the policy expects: an Allow statement requires it, and a Deny statement
 * makes an exception for it. A condition that expects another value is not decided.
 */
function evaluatePresumed(
  { oneOf }: PresumedValue,
  policyValues: readonly string[],
  positive: boolean,
  { presumed }: Assumptions,
): Ternary {
  // A policy variable is replaced by a value of the same request.
  const isPossible = oneOf === undefined || policyValues.some((value) => hasVariable(value) || oneOf.has(value));
  return isPossible && positive === presumed ? presumed : undefined;
}

/** Whether a value certainly differs from a presumed one, which has no wildcards, and is an ID for some keys. */
function isNeverPresumed({ base, exact }: ConditionOperator, key: string, policyValue: string): boolean {
  if (hasVariable(policyValue) || hasUnresolved(policyValue)) return false;
  if (/[*?]/.test(policyValue)) return exact;
  const value =
    base === 'stringequalsignorecase' || base === 'stringnotequalsignorecase' ? policyValue.toLowerCase() : policyValue;
  return base.startsWith('string') && /^aws:\w+orgid$/i.test(key) && !ORGANIZATION_ID.test(value);
}

/** Whether a condition matches a request without its key. AWS documents both results for `ForAnyValue:…IfExists`. */
function evaluateMissingKey({ quantifier, ifExists, negated }: ConditionOperator): Ternary {
  if (quantifier === 'foranyvalue') return ifExists ? undefined : false;
  return quantifier === 'forallvalues' || ifExists || negated;
}

/** Whether a policy value contains a policy variable. */
export function hasVariable(policyValue: string): boolean {
  return policyValue.includes('${');
}

/**
 * Replaces policy variables with request values. Examples are `${aws:PrincipalAccount}` and `${aws:username, 'none'}`.
 * Returns no text if the request has no value for a variable without default.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(policyValue: string, requestValuesOf: KeyLookup): string[] {
  let isMissing = false;
  const text = policyValue.replace(VARIABLE, (_, key: string, defaultValue?: string) => {
    if (key === '$') return '$';
    if (key === '*' || key === '?') return unresolved(`the character ${key}`);
    const requestValues = requestValuesOf(key.trim().toLowerCase());
    if (requestValues === UNKNOWN || isPresumed(requestValues) || requestValues.length > 1) return unresolved(key);
    isMissing ||= requestValues.length === 0 && defaultValue === undefined;
    return requestValues[0] ?? defaultValue ?? '';
  });
  return isMissing ? [] : [text];
}

const VARIABLE = /\$\{([^},]+)(?:,\s*'([^']*)'\s*)?\}/g;
