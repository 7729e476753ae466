import { BlockList, isIP } from 'node:net';
import { arnLike, equals, like } from './matching';
import { getOwn } from './statement';
import { Ternary } from './ternary';
import { hasUnresolved } from './unresolved-text';
import { editDistance } from '../util/edit-distance';
import { memoize } from '../util/memoize';

/** How a condition operator compares a policy value with a request value. */
export interface Comparison {
  /** Whether the condition matches if no value matches. */
  readonly negated?: boolean;
  /** Whether wildcard characters in a policy value are compared as ordinary characters of a text. */
  readonly exact?: boolean;
  matches(policyValue: string, requestValue: string): Ternary;
}

function equalsIgnoreCase(policyValue: string, requestValue: string): Ternary {
  return equals(policyValue.toLowerCase(), requestValue.toLowerCase());
}

/** A comparison of numbers or dates. A value that is neither matches nothing. */
function ordered(
  parse: (text: string) => number,
  compare: (requestNumber: number, policyNumber: number) => boolean,
  negated = false,
): Comparison {
  return {
    negated,
    matches: (policyValue, requestValue) => {
      if (hasUnresolved(policyValue) || hasUnresolved(requestValue)) return undefined;
      const requestNumber = parse(requestValue);
      const policyNumber = parse(policyValue);
      if (Number.isNaN(requestNumber) || Number.isNaN(policyNumber)) return false;
      return compare(requestNumber, policyNumber);
    },
  };
}

function orderedOperators(kind: string, parse: (text: string) => number): { [operator: string]: Comparison } {
  return {
    [`${kind}equals`]: ordered(parse, (request, policy) => request === policy),
    [`${kind}notequals`]: ordered(parse, (request, policy) => request === policy, true),
    [`${kind}lessthan`]: ordered(parse, (request, policy) => request < policy),
    [`${kind}lessthanequals`]: ordered(parse, (request, policy) => request <= policy),
    [`${kind}greaterthan`]: ordered(parse, (request, policy) => request > policy),
    [`${kind}greaterthanequals`]: ordered(parse, (request, policy) => request >= policy),
  };
}

function parseNumber(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

/** An ISO 8601 date, or seconds since 1970, in milliseconds. */
function parseDate(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}

/** Whether an IP address is in a CIDR range, or equals an address. */
export function isInRange(range: string, address: string): Ternary {
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

/** Compares Booleans in any case. A policy value that is no Boolean matches nothing. */
export function equalsBoolean(policyValue: string, requestValue: string): Ternary {
  if (/^(true|false)$/i.test(policyValue)) return equalsIgnoreCase(policyValue, requestValue);
  // Also equal placeholders need not be Booleans.
  return hasUnresolved(policyValue) && equalsIgnoreCase(policyValue, requestValue) !== false ? undefined : false;
}

/**
 * All condition operators but `Null`, in lower case, without quantifier and `IfExists`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: { readonly [operator: string]: Comparison } = {
  stringequals: { matches: equals, exact: true },
  stringnotequals: { matches: equals, exact: true, negated: true },
  stringequalsignorecase: { matches: equalsIgnoreCase, exact: true },
  stringnotequalsignorecase: { matches: equalsIgnoreCase, exact: true, negated: true },
  stringlike: { matches: like },
  stringnotlike: { matches: like, negated: true },
  arnequals: { matches: arnLike },
  arnlike: { matches: arnLike },
  arnnotequals: { matches: arnLike, negated: true },
  arnnotlike: { matches: arnLike, negated: true },
  bool: { matches: equalsBoolean },
  binaryequals: { matches: equals },
  ipaddress: { matches: isInRange },
  notipaddress: { matches: isInRange, negated: true },
  ...orderedOperators('numeric', parseNumber),
  ...orderedOperators('date', parseDate),
};

/** The parts of a condition operator, in lower case. */
export interface ConditionOperator {
  readonly quantifier?: 'forallvalues' | 'foranyvalue';
  /** The operator without quantifier and `IfExists`, such as `stringequals` or `null`. */
  readonly base: string;
  readonly ifExists: boolean;
  /** Whether the condition matches if no value matches. */
  readonly negated: boolean;
  /** Whether wildcard characters in a policy value are compared as ordinary characters of a text. */
  readonly exact: boolean;
}

/** Parses the name of a condition operator, in any case. The `base` of an unknown operator is its name. */
export const parseOperator: (name: string) => ConditionOperator = memoize((name) => {
  const [, quantifier, base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(name.toLowerCase())!;
  const { negated = false, exact = false } = getOwn(OPERATORS, base) ?? {};
  return {
    quantifier: quantifier as ConditionOperator['quantifier'],
    base,
    ifExists: ifExists !== undefined,
    negated,
    exact,
  };
});

/** Whether AWS knows a condition operator. It compares names without regard to case. */
export function isKnownOperator(name: string): boolean {
  const { base, ifExists } = parseOperator(name);
  return base === 'null' ? !ifExists : getOwn(OPERATORS, base) !== undefined;
}

/** The operator whose name an unknown operator probably misspells, as AWS writes it. */
export function similarOperator(name: string): string | undefined {
  const [, quantifier, base, ifExists] = /^(?:For(All|Any)Values?:)?(.*?)(IfExists)?$/i.exec(name)!;
  const isSimilar = (operator: string) => editDistance(base.toLowerCase(), operator.toLowerCase()) <= MAX_TYPOS;
  const similar = OPERATOR_NAMES.find(isSimilar);
  if (similar === undefined) return undefined;
  const prefix = quantifier === undefined ? '' : QUANTIFIERS[quantifier.toLowerCase() as 'all' | 'any'];
  return `${prefix}${similar}${ifExists === undefined || similar === 'Null' ? '' : 'IfExists'}`;
}

const QUANTIFIERS = { all: 'ForAllValues:', any: 'ForAnyValue:' };

/** The names that others resemble, as AWS writes them. */
const OPERATOR_NAMES: readonly string[] = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Bool',
  'Null',
  'IpAddress',
  'NotIpAddress',
];

const MAX_TYPOS = 2;
