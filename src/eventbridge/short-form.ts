import { parseOperator } from '../iam/condition-operators';
import { Json, Statement, isObject, toList, toText } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';
import { MULTIVALUED_KEYS, likeOperator } from '../iam/unsatisfiable-conditions';

/** The properties `Action`, `Principal` and `Condition` of an `AWS::Events::EventBusPolicy`. */
export interface ShortFormProperties {
  readonly action?: Json;
  readonly principal?: Json;
  readonly condition?: Json;
}

/** A property of the short form with a value that EventBridge rejects. */
export interface ShortFormFault {
  readonly property: string;
  readonly value: Json | undefined;
  /** The only values that it accepts. */
  readonly accepted: string;
}

/**
 * The first value of the short form that EventBridge rejects. The short form is the older request of `PutPermission`,
 * which has less features than a policy.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Condition.html
 */
export function shortFormFault({ action, principal, condition }: ShortFormProperties): ShortFormFault | undefined {
  const faults: (ShortFormFault | false)[] = [
    action !== undefined && fault('Action', action, /^events:PutEvents$/, "'events:PutEvents'"),
    fault('Principal', principal, /^(\d{12}|\*)$/, "an account ID or '*'"),
    ...(isObject(condition)
      ? [
          fault('Condition.Type', condition.Type, /^StringEquals$/, "'StringEquals'"),
          fault('Condition.Key', condition.Key, /^aws:PrincipalOrgID$/i, "'aws:PrincipalOrgID'"),
          fault('Condition.Value', condition.Value, /./, 'the ID of an organization'),
        ]
      : []),
  ].map((found) => found || false);
  return faults.find((found): found is ShortFormFault => found !== false);
}

function fault(
  property: string,
  value: Json | undefined,
  pattern: RegExp,
  accepted: string,
): ShortFormFault | undefined {
  const isAccepted = typeof value === 'string' && pattern.test(value);
  return isAccepted || hasUnresolved(toText(value)) ? undefined : { property, value, accepted };
}

/** The statement that has the intended effect, with condition operators that fit their keys and values. */
export function statementForShortForm({ Sid: _, Condition, ...elements }: Statement): Statement {
  if (!isObject(Condition)) return elements;
  const conditions: { [operator: string]: Json } = {};
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, value] of Object.entries(isObject(keys) ? keys : {})) {
      conditions[operatorFor(operator, key, toList(value))] = { [key]: value };
    }
  }
  return { ...elements, Condition: conditions };
}

function operatorFor(operator: string, key: string, values: readonly string[]): string {
  const { quantifier, exact } = parseOperator(operator);
  const hasWildcard = values.some((value) => /[*?]/.test(value.replace(/\$\{[^}]*\}/g, '')));
  const base = exact && hasWildcard ? likeOperator(operator) : operator;
  return MULTIVALUED_KEYS.test(key) && quantifier === undefined ? `ForAnyValue:${base}` : base;
}
