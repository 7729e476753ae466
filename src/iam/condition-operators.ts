import { BlockList, isIP } from 'node:net';
import { arnLike, equals, like } from './matching';
import { getOwn } from './statement';
import { Ternary } from './ternary';
import { hasUnresolved } from './unresolved-text';
import { memoize } from '../util/memoize';

/** How an operator compares a value of a policy with one of a request. */
export interface Comparison {
  /** Whether the operator holds where none of the values fits. */
  readonly negated?: boolean;
  fits(value: string, given: string): Ternary;
}

const equalsIgnoringCase = (value: string, given: string) => equals(value.toLowerCase(), given.toLowerCase());

/** Compared as numbers of some kind; what is none fits nothing. */
function ordered(
  read: (text: string) => number,
  fits: (given: number, value: number) => boolean,
  negated = false,
): Comparison {
  return {
    negated,
    fits: (value, given) => {
      if (hasUnresolved(value) || hasUnresolved(given)) return undefined;
      const [one, other] = [read(given), read(value)];
      return !Number.isNaN(one) && !Number.isNaN(other) && fits(one, other);
    },
  };
}

/** All that have an order. */
function orderings(kind: string, read: (text: string) => number): { [operator: string]: Comparison } {
  return {
    [`${kind}equals`]: ordered(read, (given, value) => given === value),
    [`${kind}notequals`]: ordered(read, (given, value) => given === value, true),
    [`${kind}lessthan`]: ordered(read, (given, value) => given < value),
    [`${kind}lessthanequals`]: ordered(read, (given, value) => given <= value),
    [`${kind}greaterthan`]: ordered(read, (given, value) => given > value),
    [`${kind}greaterthanequals`]: ordered(read, (given, value) => given >= value),
  };
}

function numberOf(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

/** A date of ISO 8601, or seconds since 1970. */
function timeOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}

/** An address, or a range with its prefix length. */
function isInRange(range: string, address: string): Ternary {
  if (hasUnresolved(range) || hasUnresolved(address)) return undefined;
  const [network, length] = range.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(address) !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const bits = family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return false;
  const ranges = new BlockList();
  ranges.addSubnet(network, prefix, type);
  return ranges.check(address, type);
}

/** A truth value in any case; text that is none fits nothing. */
export function sameTruth(value: string, given: string): Ternary {
  return /^(true|false)$/i.test(value) || hasUnresolved(value) ? equalsIgnoringCase(value, given) : false;
}

/**
 * Every operator, in lower case, without `IfExists` and set operators.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: { readonly [operator: string]: Comparison } = {
  stringequals: { fits: equals },
  stringnotequals: { fits: equals, negated: true },
  stringequalsignorecase: { fits: equalsIgnoringCase },
  stringnotequalsignorecase: { fits: equalsIgnoringCase, negated: true },
  stringlike: { fits: like },
  stringnotlike: { fits: like, negated: true },
  arnequals: { fits: arnLike },
  arnlike: { fits: arnLike },
  arnnotequals: { fits: arnLike, negated: true },
  arnnotlike: { fits: arnLike, negated: true },
  bool: { fits: sameTruth },
  binaryequals: { fits: equals },
  ipaddress: { fits: isInRange },
  notipaddress: { fits: isInRange, negated: true },
  ...orderings('numeric', numberOf),
  ...orderings('date', timeOf),
};

/** A condition operator in its parts, all in lower case. */
export interface ConditionOperator {
  readonly quantifier?: 'forallvalues' | 'foranyvalue';
  /** Without quantifier and `IfExists`, such as `stringequals` or `null`. */
  readonly base: string;
  readonly ifExists: boolean;
  /** Whether it holds where none of its values matches. */
  readonly negated: boolean;
}

/** Parses the name of a condition operator, in any case. A name that IAM does not know keeps its text as `base`. */
export const parseOperator: (name: string) => ConditionOperator = memoize((name) => {
  const [, quantifier, base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(name.toLowerCase())!;
  return {
    quantifier: quantifier as ConditionOperator['quantifier'],
    base,
    ifExists: ifExists !== undefined,
    negated: getOwn(OPERATORS, base)?.negated ?? false,
  };
});
