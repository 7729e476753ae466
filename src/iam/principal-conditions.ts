import { accountOf } from './arn';
import { isOfForm, withAccountIds } from './chosen-values';
import {
  PrincipalKey,
  PRINCIPAL_KEYS,
  RESOURCE_KEYS,
  identityProviderKey,
  comparedResourceKey,
  SERVICE_KEYS,
} from './principal-keys';
import { NamedPrincipal } from './principals';
import { Json, isObject, toList, getOwn, toText } from './statement';
import { hasUnresolved, isAttribute, isComputed } from './unresolved-text';

/** What one condition does for the question who may call. */
export interface ConditionAnalysis {
  readonly key: string;
  /** Whether the key tells who calls, or for whom a service does; nothing where it tells neither. */
  readonly subject?: 'caller' | 'source';
  readonly effect: 'restricts' | 'doesNotRestrict' | 'unknown' | 'unsatisfiable';
  readonly reason: string;
  readonly principals: NamedPrincipal[];
}

/** What each condition does for the caller; conditions on the event say nothing. */
export function analyzeConditions(condition: Json | undefined): ConditionAnalysis[] {
  if (typeof condition === 'string' && hasUnresolved(condition)) {
    return [unknownCondition('Condition', 'its condition is known only at deployment')];
  }
  if (!isObject(condition)) return [];
  const nulls = nullsOf(condition);
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (typeof keys === 'string' && hasUnresolved(keys)) {
      return [unknownCondition(operator, `'${operator}' is known only at deployment`)];
    }
    return isObject(keys)
      ? Object.entries(keys).map(([key, values]) => analyzeCondition(operator, key, toList(values), nulls))
      : [];
  });
}

const POSITIVE_OPERATORS = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Operators that take a wildcard for the character it is. */
const LITERAL_OPERATORS = /stringequals/;

interface Nulls {
  readonly present: Set<string>;
  readonly missing: Set<string>;
}

function analyzeCondition(
  operator: string,
  key: string,
  values: readonly string[],
  { present, missing }: Nulls,
): ConditionAnalysis {
  const name = key.toLowerCase();
  const compared = getOwn(RESOURCE_KEYS, name);
  const known =
    getOwn(PRINCIPAL_KEYS, name) ?? (compared && comparedResourceKey(compared, values)) ?? identityProviderKey(name);
  const says = (
    verdict: ConditionAnalysis['effect'],
    reason: string,
    callers: NamedPrincipal[] = [],
  ): ConditionAnalysis => ({ key: name, subject: known?.subject, effect: verdict, reason, principals: callers });
  const not = (reason: string) => says('doesNotRestrict', reason);
  const [, set, plain, ifExists] = /^(forallvalues:)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const holdsWithoutKey = (set ?? ifExists) !== undefined && !present.has(name);
  const positive = POSITIVE_OPERATORS.test(plain);
  if (positive && !holdsWithoutKey && missing.has(name)) {
    return says('unsatisfiable', `'${key}' must be missing and have a value`);
  }
  if (!known) return not(getOwn(SERVICE_KEYS, name) ?? `'${key}' does not limit the caller`);
  if (holdsWithoutKey) return not(`'${operator}' on '${key}' holds when the key is missing`);
  if (!positive) return not(`'${operator}' on '${key}' does not name callers`);
  if (values.length === 0) return not(`'${key}' has no value`);
  const alive = LITERAL_OPERATORS.test(plain)
    ? values.filter((value) => !/[*?]/.test(value.replace(/\$\{[^}]*\}|‹[^›]*›/g, '')))
    : values;
  if (alive.length === 0) {
    return says('unsatisfiable', `'${key}' is compared to the letter with '${values[0]}', which no caller has`);
  }
  const loose = alive.find((value) => !namesPrincipals(known, plain, value));
  if (loose === undefined) return says('restricts', `'${key}' names the callers`, alive.map(known.principalOf));
  if (mayNamePrincipals(loose)) return says('unknown', `'${key}' is '${loose}', which is known only at deployment`);
  return not(`'${key}' is '${loose}', which names ${/^\$\{[^}]*\}$/.test(loose) ? 'whoever calls' : 'nobody'}`);
}

/**
 * What stands there only at deployment names callers too where it is a resource of the app, or where every value that
 * it may have does.
 */
function namesPrincipals({ pattern, placeholderForms }: PrincipalKey, operator: string, value: string): boolean {
  if (operator.includes('stringlike') && spansAccounts(value)) return false;
  if (placeholderForms === 'any' && hasUnresolved(value) && !LITERAL_OPERATORS.test(operator)) return false;
  if (pattern.test(withAccountIds(variablesAsWildcards(value)))) return true;
  if (isAttribute(value)) return true;
  if (placeholderForms !== 'any') return isOfForm(value, ...placeholderForms);
  return hasUnresolved(value) && !isComputed(value) && !/[*?]/.test(value) && LITERAL_OPERATORS.test(operator);
}

/**
 * With a wildcard for each policy variable that the caller fills, and so with anything; what the resource is the caller
 * does not choose.
 */
function variablesAsWildcards(value: string): string {
  return value.replace(/\$\{(?!aws:resource(?:account|orgid)\})[^}]*\}/gi, '*');
}

/** Whether deployment may put there what names callers: not behind a wildcard that stands for any. */
function mayNamePrincipals(value: string): boolean {
  return hasUnresolved(value) && (hasUnresolved(accountOf(value)) || !/[*?]/.test(value.slice(0, value.indexOf('‹'))));
}

/**
 * Whether a wildcard stands before or in the account of an ARN: to an operator for strings it stands for colons too,
 * and so for another ARN around this one.
 */
function spansAccounts(value: string): boolean {
  return value.startsWith('arn:') && /[*?]/.test(value.split(':').slice(0, 5).join(':'));
}

/** Keys that must be there, or must not, by a `Null` condition. */
function nullsOf(condition: { [key: string]: Json }): Nulls {
  const nulls = Object.keys(condition)
    .filter((operator) => operator.toLowerCase() === 'null')
    .map((operator) => condition[operator]);
  if (nulls.length === 0) return NO_NULLS;
  const all = nulls.flatMap((keys) => (isObject(keys) ? Object.entries(keys) : []));
  const having = (wanted: string) =>
    new Set(all.filter(([, value]) => toText(value) === wanted).map(([key]) => key.toLowerCase()));
  return { present: having('false'), missing: having('true') };
}

const NO_NULLS: Nulls = { present: new Set(), missing: new Set() };

function unknownCondition(key: string, reason: string): ConditionAnalysis {
  return { key, effect: 'unknown', reason, principals: [] };
}
