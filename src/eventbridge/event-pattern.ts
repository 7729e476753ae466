import { Json, isObject, getOwn } from '../iam/statement';
import { Ternary, every, some } from '../iam/ternary';
import { hasUnresolved } from '../iam/unresolved-text';

/** The fields of an event's envelope that are known before the event is published. */
export interface EventEnvelope {
  readonly source?: string;
  readonly 'detail-type'?: string;
  readonly account?: string;
}

/**
 * Whether an event pattern matches an event. Unknown if it depends on fields that are not known.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Json, event: EventEnvelope): Ternary {
  if (!isObject(pattern)) return undefined;
  const fields = { ...event };
  return every(Object.entries(pattern), ([field, filters]) => matchField(filters, getOwn(fields, field)));
}

function matchField(filters: Json, value: string | undefined): Ternary {
  if (value === undefined || hasUnresolved(value) || !Array.isArray(filters)) return undefined;
  return some(filters, (filter) => matchFilter(filter, value));
}

function matchFilter(filter: Json, value: string): Ternary {
  if (typeof filter === 'string') return hasUnresolved(filter) ? undefined : filter === value;
  if (!isObject(filter)) return false;
  const operators = Object.entries(filter);
  if (operators.length !== 1) return undefined;
  const [[operator, operand]] = operators;
  if (hasUnresolved(JSON.stringify(operand))) return undefined;
  return getOwn(OPERATORS, operator)?.(operand, value);
}

/** The comparison operators that are evaluated. The result is unknown for an operand of another type. */
const OPERATORS: { readonly [operator: string]: (operand: Json, value: string) => Ternary } = {
  prefix: (operand, value) => (typeof operand === 'string' ? value.startsWith(operand) : undefined),
  suffix: (operand, value) => (typeof operand === 'string' ? value.endsWith(operand) : undefined),
  'equals-ignore-case': (operand, value) =>
    typeof operand === 'string' ? value.toLowerCase() === operand.toLowerCase() : undefined,
  exists: (operand) => (typeof operand === 'boolean' ? operand : undefined),
  'anything-but': (operand, value) => {
    const excluded = [operand].flat();
    return excluded.every((one) => typeof one !== 'object') ? !excluded.includes(value) : undefined;
  },
};
