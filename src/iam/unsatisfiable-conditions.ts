import { isNeverInServiceCalls } from './condition-keys';
import { ConditionEntry, entriesOf } from './conditions';
import { Json, isObject, getOwn } from './statement';
import { ANYTHING, hasUnresolved } from './unresolved-text';

/**
 * Why a statement, or a part of it, can never let anybody in, as far as it says so itself. Each reason is one fault.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function unsatisfiableReasons(statement: Json): Unsatisfiable[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  const services = servicesAlone(statement.Principal);
  return entriesOf(statement.Condition).flatMap((entry) => reason({ ...entry, services }) ?? []);
}

/** Why a condition never holds, and what to do. */
export interface Unsatisfiable {
  readonly reason: string;
  readonly fix: string;
}

interface Part extends ConditionEntry {
  /** The statement lets in services only. */
  readonly services: boolean;
}

/** Keys with several values: a set operator must say whether all or any of them are meant. */
const MULTIVALUED_KEYS = /^(aws:principalorgpaths|aws:sourceorgpaths|aws:tagkeys|events:targetarn)$/i;

/** Operators that compare to the letter. */
const EXACT = /^(?:for(?:all|any)values?:)?string(equals|equalsignorecase)(ifexists)?$/i;

/** What values of keys look like: in another form they match nothing. */
const VALUE_FORMATS: { readonly [key: string]: RegExp } = {
  'aws:principalorgid': /^o-[a-z0-9]{10,32}$/,
  'aws:sourceorgid': /^o-[a-z0-9]{10,32}$/,
  'aws:resourceorgid': /^o-[a-z0-9]{10,32}$/,
  'aws:principalaccount': /^\d{12}$/,
  'aws:sourceaccount': /^\d{12}$/,
  'aws:principalarn': /^arn:/,
  'aws:sourcearn': /^arn:/,
  'events:eventbusinvocation': /^(true|false)$/i,
};

function reason({ operator, key, values, services }: Part): Unsatisfiable | undefined {
  const plain = operator.toLowerCase();
  if (/ifexists$|^null$|not/.test(plain) || plain.startsWith('forallvalues:')) return wildcard(operator, key, values);
  if (services && isNeverInServiceCalls(key)) {
    return {
      reason: `'${key}' is never there when a service calls`,
      fix: "use 'aws:SourceOrgID', 'aws:SourceAccount' or 'aws:SourceArn'",
    };
  }
  if (MULTIVALUED_KEYS.test(key) && !plain.startsWith('foranyvalue:')) {
    return {
      reason: `'${key}' has several values and '${operator}' compares one`,
      fix: `use 'ForAnyValue:${operator}'`,
    };
  }
  return wildcard(operator, key, values) ?? form(operator, key, values);
}

/** A pattern behind an operator that takes it for the text itself. */
function wildcard(operator: string, key: string, values: readonly string[]): Unsatisfiable | undefined {
  if (!EXACT.test(operator) || /not/i.test(operator)) return undefined;
  const patterns = values.filter((value) => /[*?]/.test(withoutVariables(value)) && !hasUnresolved(value));
  if (patterns.length < values.length || values.length === 0) return undefined;
  return {
    reason: `'${operator}' compares '${key}' with '${patterns[0]}' to the letter`,
    fix: `use '${operator.replace(/Equals(IgnoreCase)?/i, 'Like')}', or values without wildcards`,
  };
}

function form(operator: string, key: string, values: readonly string[]): Unsatisfiable | undefined {
  const wanted = getOwn(VALUE_FORMATS, key.toLowerCase());
  if (!wanted || !EXACT.test(operator) || values.length === 0) return undefined;
  const wrong = values.filter(
    (value) =>
      !hasUnresolved(value) &&
      !value.includes('${') &&
      value !== ANYTHING &&
      !wanted.test(/ignorecase/i.test(operator) ? value.toLowerCase() : value),
  );
  if (wrong.length < values.length) return undefined;
  return { reason: `'${key}' is never '${wrong[0]}'`, fix: 'correct the value' };
}

/** `${*}` and `${?}` stand for the characters themselves. */
function withoutVariables(value: string): string {
  return value.replace(/\$\{[^}]*\}/g, '');
}

function servicesAlone(principal: Json | undefined): boolean {
  return isObject(principal) && Object.keys(principal).join() === 'Service';
}
