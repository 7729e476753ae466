import { accountOf, arnParts } from './arn';
import { isOfForm, withAccountIds } from './chosen-values';
import { ConditionOperator, parseOperator } from './condition-operators';
import { ConditionEntry } from './conditions';
import {
  PrincipalKey,
  PRINCIPAL_KEYS,
  RESOURCE_KEYS,
  SERVICE_KEYS,
  comparedResourceKey,
  identityProviderKey,
} from './principal-keys';
import { NamedPrincipal } from './principals';
import { Json, isObject, toList, getOwn, toText } from './statement';
import { PLACEHOLDER, hasUnresolved, isAttribute, isComputed } from './unresolved-text';

/** How one condition restricts the principals of a statement. */
export interface ConditionAnalysis {
  /** The condition key, in lower case. */
  readonly key: string;
  /**
   * Whether the key identifies the principal of the call, or the source on whose behalf a service calls; undefined if
   * it identifies neither.
   */
  readonly subject?: PrincipalKey['subject'];
  readonly effect: 'restricts' | 'doesNotRestrict' | 'unknown' | 'unsatisfiable';
  readonly reason: string;
  /** The principals that the condition allows, if it restricts them. */
  readonly principals: NamedPrincipal[];
}

type Effect = Pick<ConditionAnalysis, 'effect' | 'reason'> & Partial<ConditionAnalysis>;

/** Analyzes each condition of a statement. Conditions on the event do not restrict principals. */
export function analyzeConditions(condition: Json | undefined): ConditionAnalysis[] {
  if (typeof condition === 'string' && hasUnresolved(condition)) {
    return [unknownCondition('Condition', 'the condition is known only at deployment')];
  }
  if (!isObject(condition)) return [];
  const presence = requiredPresence(condition);
  const analyses: ConditionAnalysis[] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    if (typeof keys === 'string' && hasUnresolved(keys)) {
      analyses.push(unknownCondition(operator, `the condition '${operator}' is known only at deployment`));
    } else if (isObject(keys)) {
      for (const [key, values] of Object.entries(keys)) {
        analyses.push(analyzeCondition({ operator, key, values: toList(values) }, presence));
      }
    }
  }
  return analyses;
}

function unknownCondition(key: string, reason: string): ConditionAnalysis {
  return { key, effect: 'unknown', reason, principals: [] };
}

/** The keys that `Null` conditions require to be present or missing, in lower case. */
interface RequiredPresence {
  readonly present: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

function analyzeCondition(entry: ConditionEntry, presence: RequiredPresence): ConditionAnalysis {
  const name = entry.key.toLowerCase();
  const principalKey = principalKeyOf(name, entry.values);
  const effect = effectOf(entry, principalKey, presence);
  return { key: name, subject: principalKey?.subject, principals: [], ...effect };
}

function principalKeyOf(key: string, values: readonly string[]): PrincipalKey | undefined {
  const resourceKey = getOwn(RESOURCE_KEYS, key);
  return (
    getOwn(PRINCIPAL_KEYS, key) ?? (resourceKey && comparedResourceKey(resourceKey, values)) ?? identityProviderKey(key)
  );
}

function effectOf(entry: ConditionEntry, principalKey: PrincipalKey | undefined, presence: RequiredPresence): Effect {
  const { key, operator: operatorName, values } = entry;
  const name = key.toLowerCase();
  const operator = parseOperator(operatorName);
  const isPositive = TEXT_OPERATORS.includes(operator.base);
  const optional = matchesWithoutKey(operator) && !presence.present.has(name);
  if (isPositive && !optional && presence.missing.has(name)) {
    return { effect: 'unsatisfiable', reason: `'${key}' is required to be both missing and present` };
  }
  if (!principalKey) return noEffect(getOwn(SERVICE_KEYS, name) ?? `'${key}' does not restrict the principal`);
  if (optional) return noEffect(`'${operatorName}' on '${key}' matches if the key is missing`);
  if (!isPositive) return noEffect(`'${operatorName}' on '${key}' does not list principals`);
  if (values.length === 0) return noEffect(`'${key}' has no value`);
  return classifyValues(entry, operator, principalKey);
}

function noEffect(reason: string): Effect {
  return { effect: 'doesNotRestrict', reason };
}

/** The operators that list texts which match. */
const TEXT_OPERATORS: readonly string[] = [
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
];

function matchesWithoutKey({ quantifier, ifExists }: ConditionOperator): boolean {
  return quantifier === 'forallvalues' || ifExists;
}

/** Restricts if each value that can match identifies principals. */
function classifyValues(
  { operator: operatorName, key, values }: ConditionEntry,
  operator: ConditionOperator,
  principalKey: PrincipalKey,
): Effect {
  const satisfiable = operator.exact ? values.filter((value) => !hasLiteralWildcard(value)) : values;
  if (satisfiable.length === 0) {
    return {
      effect: 'unsatisfiable',
      reason: `'${operatorName}' on '${key}' does not support wildcards, and matches only the text '${values[0]}'`,
    };
  }
  const broad = satisfiable.find((value) => !identifiesPrincipal(principalKey, operator, value));
  if (broad === undefined) {
    const principals = satisfiable.map(principalKey.principalOf);
    return { effect: 'restricts', reason: `'${key}' restricts the principal`, principals };
  }
  if (mayIdentifyPrincipal(broad)) {
    return { effect: 'unknown', reason: `'${key}' is '${broad}', which is known only at deployment` };
  }
  return noEffect(
    /^\$\{[^}]*\}$/.test(broad)
      ? `'${key}' is '${broad}', which every principal matches`
      : `'${key}' is '${broad}', which does not identify a principal`,
  );
}

/** Whether a value has a wildcard character outside policy variables and placeholders. */
function hasLiteralWildcard(value: string): boolean {
  return /[*?]/.test(value.replace(/\$\{[^}]*\}/g, '').replace(PLACEHOLDER, ''));
}

/**
 * Whether a value identifies principals. An unresolved value does if it is an attribute of a resource in this app, or
 * if all of its possible values do.
 */
function identifiesPrincipal(
  { pattern, placeholderForms }: PrincipalKey,
  { base, exact }: ConditionOperator,
  value: string,
): boolean {
  if (base === 'stringlike' && spansAccounts(value)) return false;
  if (placeholderForms === 'any' && hasUnresolved(value) && !exact) return false;
  if (pattern.test(withAccountIds(variablesAsWildcards(value)))) return true;
  if (isAttribute(value)) return true;
  if (placeholderForms !== 'any') return isOfForm(value, ...placeholderForms);
  return exact && hasUnresolved(value) && !isComputed(value) && !/[*?]/.test(value);
}

/**
 * The value with a wildcard for each policy variable whose value the calling principal determines. It does not
 * determine the account and organization of the resource.
 */
function variablesAsWildcards(value: string): string {
  return value.replace(/\$\{(?!aws:resource(?:account|orgid)\})[^}]*\}/gi, '*');
}

/** Whether an unresolved value can identify principals at deployment: its account is not a literal wildcard. */
function mayIdentifyPrincipal(value: string): boolean {
  return hasUnresolved(value) && (hasUnresolved(accountOf(value)) || !/[*?]/.test(value.slice(0, value.indexOf('‹'))));
}

/**
 * Whether an ARN has a wildcard in or before its account. String operators match colons with it, so it matches ARNs in
 * other accounts.
 */
function spansAccounts(value: string): boolean {
  return (
    value.startsWith('arn:') &&
    arnParts(value)
      .slice(0, 5)
      .some((part) => /[*?]/.test(part))
  );
}

function requiredPresence(condition: { [operator: string]: Json }): RequiredPresence {
  const nullOperators = Object.keys(condition).filter((operator) => parseOperator(operator).base === 'null');
  if (nullOperators.length === 0) return NOTHING_REQUIRED;
  const present = new Set<string>();
  const missing = new Set<string>();
  for (const operator of nullOperators) {
    const keys = condition[operator];
    for (const [key, value] of isObject(keys) ? Object.entries(keys) : []) {
      if (toText(value) === 'false') present.add(key.toLowerCase());
      if (toText(value) === 'true') missing.add(key.toLowerCase());
    }
  }
  return { present, missing };
}

const NOTHING_REQUIRED: RequiredPresence = { present: new Set(), missing: new Set() };
