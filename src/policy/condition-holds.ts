import { Values, isPresumed } from './condition-keys';
import type { ConditionEntry } from './conditions';
import { OPERATORS } from './operators';
import { own } from './statement';
import { ANYTHING, unknown } from './text';
import { Truth, every, not, some } from './truth';

/** The values of a key of the request, in lower case; undefined where nothing is known of it. */
export type Lookup = (key: string) => Values | undefined;

/** What a condition is taken for on a key whose value is presumed, and on one that is there with a value that may be any. */
export interface Doubt {
  readonly presumed: Truth;
  readonly anything: Truth;
}

/** Whether one key of a condition holds. */
export function conditionHolds({ operator, key, values: written }: ConditionEntry, lookup: Lookup, doubt: Doubt): Truth {
  const { set, base, ifExists } = operatorOf(operator);
  const given = lookup(key.toLowerCase());
  if (given === undefined) return undefined;
  if (isPresumed(given)) return isAmong(given, written) ? doubt.presumed : undefined;
  if (base === 'null') return set === undefined ? some(written, (v) => /^(true|false)$/i.test(v) && (v.toLowerCase() === 'true') === (given.length === 0)) : undefined;
  const test = own(OPERATORS, base);
  if (!test) return undefined;
  if (given.length === 0) return set === 'forallvalues' || (set === undefined && (ifExists || (test.negated ?? false)));
  if (given.includes(ANYTHING)) return doubt.anything;
  if (set === undefined && MULTIVALUED.test(key)) return undefined;
  const values = written.some(hasVariable) ? written.flatMap((value) => withVariables(value, lookup)) : written;
  const one = (g: string) => some(values, (v) => test.fits(v, g));
  if (test.negated) return not(set === 'foranyvalue' ? every(given, one) : some(given, one));
  return set === 'forallvalues' ? every(given, one) : some(given, one);
}

/** Keys with several values of which AWS says that a set operator must be used. Those of EventBridge it compares with one itself, in its own examples. */
const MULTIVALUED = /^aws:(principalservicenameslist|principalorgpaths|sourceorgpaths|calledvia|tagkeys)$/i;

interface Operator {
  readonly set?: string;
  readonly base: string;
  readonly ifExists: boolean;
}

function operatorOf(name: string): Operator {
  const before = KNOWN.get(name);
  if (before) return before;
  const [, set, base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(name.toLowerCase())!;
  const operator = { set, base, ifExists: ifExists !== undefined };
  KNOWN.set(name, operator);
  return operator;
}

/** The same few are met again and again. */
const KNOWN = new Map<string, Operator>();

/** Whether a presumed value may be one that is compared. A policy variable stands for a value of the same call. */
function isAmong({ oneOf }: { oneOf?: ReadonlySet<string> }, values: readonly string[]): boolean {
  return oneOf === undefined || (oneOf.size > 0 && values.some((value) => hasVariable(value) || oneOf.has(value)));
}

export function hasVariable(value: string): boolean {
  return value.includes('${');
}

/**
 * A value with those of the request in place of its policy variables, `${aws:PrincipalAccount}` or `${aws:PrincipalTag/team, 'none'}`; none where the request has no
 * value for one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function withVariables(value: string, lookup: Lookup): string[] {
  let missing = false;
  const text = value.replace(VARIABLE, (_, key: string, fallback?: string) => {
    if (/^[*?$]$/.test(key)) return key === '$' ? '$' : unknown(`the character ${key}`);
    const given = lookup(key.trim().toLowerCase());
    if (given === undefined || isPresumed(given) || given.length > 1) return unknown(key);
    missing ||= given.length === 0 && fallback === undefined;
    return given[0] ?? fallback ?? '';
  });
  return missing ? [] : [text];
}

const VARIABLE = /\$\{([^},]+)(?:,\s*'([^']*)'\s*)?\}/g;
