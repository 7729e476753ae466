import type { ConditionEntry } from './conditions';
import { arnLike, equals, like } from './matching';
import { own } from './statement';
import { ANYTHING } from './text';
import { Truth, every, not, some } from './truth';

/** The keys of a request, in lower case; a missing key is a missing list. */
export type Context = { readonly [key: string]: readonly string[] };

/**
 * Whether one key of a condition holds.
 *
 * @param doubt what one is taken for of which nothing is known
 */
export function conditionHolds({ operator, key, values: written }: ConditionEntry, context: Context, doubt: Truth): Truth {
  const values = written.some(hasVariable) ? written.map((value) => withVariables(value, context)) : written;
  const { set, base, ifExists } = operatorOf(operator);
  const given = own(context, key.toLowerCase());
  if (given === undefined) return OUTSIDE_KEYS.test(key) ? doubt : absent({ set, base, ifExists }, values);
  if (given.includes(ANYTHING) && base !== 'null') return doubt;
  const test = own(OPERATORS, base);
  if (!test) return undefined;
  if (base === 'null') return some(values, (v) => (v === 'true') === (given.length === 0));
  const one = (g: string) => some(values, (v) => test.fits(v, g));
  if (test.negated) return not(set === 'foranyvalue' ? every(given, one) : some(given, one));
  return set === 'forallvalues' ? every(given, one) : some(given, one);
}

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

function hasVariable(value: string): boolean {
  return value.includes('${');
}

/** `${aws:PrincipalAccount}` and the like stand for a value of the request. One that it does not carry matches nothing. */
function withVariables(value: string, context: Context): string {
  return value.replace(/\$\{([^}]+)\}/g, (variable, key: string) => own(context, key.toLowerCase())?.[0] ?? variable);
}

/** A key that the request does not carry. */
function absent({ set, base, ifExists }: Operator, values: readonly string[]): Truth {
  if (base === 'null') return values.includes('true');
  return set === 'forallvalues' || ifExists || (own(OPERATORS, base)?.negated ?? false);
}

/** Keys whose value no template tells: they hang on the caller's organization or session. */
const OUTSIDE_KEYS = /^aws:(principalorg|principaltag|sourceorg|requesttag|userid|username|sourceip|sourcevpc|currenttime)/i;

const OPERATORS: { readonly [operator: string]: { readonly negated?: boolean; fits(value: string, given: string): Truth } } = {
  null: { fits: () => true },
  bool: { fits: (v, g) => v.toLowerCase() === g.toLowerCase() },
  stringequals: { fits: equals },
  stringequalsignorecase: { fits: (v, g) => equals(v.toLowerCase(), g.toLowerCase()) },
  stringlike: { fits: like },
  arnequals: { fits: arnLike },
  arnlike: { fits: arnLike },
  stringnotequals: { fits: equals, negated: true },
  stringnotlike: { fits: like, negated: true },
  arnnotequals: { fits: arnLike, negated: true },
  arnnotlike: { fits: arnLike, negated: true },
};
