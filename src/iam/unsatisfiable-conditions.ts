import { invalidArnPart } from './arn';
import { ORGANIZATION_ID, isNeverInServiceCalls } from './condition-keys';
import { parseOperator } from './condition-operators';
import { ConditionEntry, entriesOf } from './conditions';
import { Json, isObject, getOwn } from './statement';
import { hasUnresolved } from './unresolved-text';

/** Why a condition never matches, and the fix. */
export interface Unsatisfiable {
  readonly reason: string;
  readonly fix: string;
}

/**
 * The conditions of an Allow statement that no request matches.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function unsatisfiableReasons(statement: Json): Unsatisfiable[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  const onlyServices = hasOnlyServices(statement.Principal);
  return entriesOf(statement.Condition)
    .map((entry) => unsatisfiable(entry, onlyServices))
    .filter((result) => result !== undefined);
}

function hasOnlyServices(principal: Json | undefined): boolean {
  return isObject(principal) && Object.keys(principal).join() === 'Service';
}

function unsatisfiable(entry: ConditionEntry, onlyServices: boolean): Unsatisfiable | undefined {
  const { quantifier, base, ifExists, negated } = parseOperator(entry.operator);
  // `ForAnyValue` needs a value that matches, also with a negated operator.
  const negatedMatches = negated && quantifier !== 'foranyvalue';
  if (ifExists || negatedMatches || base === 'null' || quantifier === 'forallvalues') return exactWildcard(entry);
  if (onlyServices && isNeverInServiceCalls(entry.key)) return missingInServiceCalls(entry);
  if (MULTIVALUED_KEYS.test(entry.key) && quantifier !== 'foranyvalue') return withoutSetOperator(entry);
  return exactWildcard(entry) ?? wrongFormat(entry);
}

function missingInServiceCalls({ key }: ConditionEntry): Unsatisfiable {
  return {
    reason: `requests by AWS services do not have '${key}'`,
    fix: "use 'aws:SourceOrgID', 'aws:SourceAccount' or 'aws:SourceArn'",
  };
}

/** Keys with several values, for which a condition needs a set operator. */
export const MULTIVALUED_KEYS = /^(aws:principalorgpaths|aws:sourceorgpaths|aws:tagkeys|events:targetarn)$/i;

function withoutSetOperator(entry: ConditionEntry): Unsatisfiable {
  const { operator, key } = entry;
  return {
    reason: `'${key}' is multivalued, and '${operator}' compares a single value`,
    fix: `use 'ForAnyValue:${exactWildcard(entry) ? likeOperator(operator) : operator}'`,
  };
}

/** The operator that compares with wildcards in place of one for exact matches. */
export function likeOperator(operator: string): string {
  return operator.replace(/Equals(IgnoreCase)?/i, 'Like');
}

/** An exact match with a pattern, which is compared as text. */
function exactWildcard({ operator, key, values }: ConditionEntry): Unsatisfiable | undefined {
  if (!isExactMatch(operator) || values.length === 0) return undefined;
  const isPattern = (value: string) => /[*?]/.test(withoutVariables(value)) && !hasUnresolved(value);
  if (!values.every(isPattern)) return undefined;
  return {
    reason: `'${operator}' on '${key}' does not support wildcards, and matches only the text '${values[0]}'`,
    fix: `use '${likeOperator(operator)}', or values without wildcards`,
  };
}

const ORGANIZATION = { format: ORGANIZATION_ID, description: 'the ID of an organization' };
const ACCOUNT = { format: /^\d{12}$/, description: 'a 12-digit account ID' };
const ARN = { format: /^arn:/, description: 'an ARN' };

/** The formats of values that condition keys have in requests. */
const VALUE_FORMATS: { readonly [key: string]: { readonly format: RegExp; readonly description: string } } = {
  'aws:principalorgid': ORGANIZATION,
  'aws:sourceorgid': ORGANIZATION,
  'aws:resourceorgid': ORGANIZATION,
  'aws:principalaccount': ACCOUNT,
  'aws:sourceaccount': ACCOUNT,
  'aws:principalarn': ARN,
  'aws:sourcearn': ARN,
  'events:eventbusinvocation': { format: /^(true|false)$/i, description: "'true' or 'false'" },
};

/** A match with a value that the key never has. */
function wrongFormat(entry: ConditionEntry): Unsatisfiable | undefined {
  return wrongAccount(entry) ?? wrongExactValue(entry);
}

/** ARNs whose account or Region no ARN has. A pattern for ARNs has them as well. */
function wrongAccount({ operator, key, values }: ConditionEntry): Unsatisfiable | undefined {
  const { base, negated } = parseOperator(operator);
  if (!/^aws:(source|principal)arn$/i.test(key) || negated || !/^(arn|string)/.test(base) || values.length === 0) {
    return undefined;
  }
  const parts = values.map(invalidArnPart);
  const [first] = parts;
  if (first === undefined || parts.includes(undefined)) return undefined;
  return {
    reason: `'${values[0]}' in the condition on '${key}' has '${first.value}' as its ${first.part}`,
    fix: `correct the ${first.part} in the ARN`,
  };
}

/** An exact match with a value that the key never has. */
function wrongExactValue({ operator, key, values }: ConditionEntry): Unsatisfiable | undefined {
  const known = getOwn(VALUE_FORMATS, key.toLowerCase());
  if (!known || !isExactMatch(operator) || values.length === 0) return undefined;
  const ignoresCase = parseOperator(operator).base === 'stringequalsignorecase';
  const isWrong = (value: string) =>
    !hasUnresolved(value) && !value.includes('${') && !known.format.test(ignoresCase ? value.toLowerCase() : value);
  if (!values.every(isWrong)) return undefined;
  return { reason: `'${key}' is never '${values[0]}'`, fix: `correct the value, which is ${known.description}` };
}

function isExactMatch(operator: string): boolean {
  const { exact, negated } = parseOperator(operator);
  return exact && !negated;
}

/** The value without policy variables. `${*}` and `${?}` are the characters themselves. */
function withoutVariables(value: string): string {
  return value.replace(/\$\{[^}]*\}/g, '');
}
