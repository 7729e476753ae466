import { Json, isObject, getOwn } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';

/** The envelope of an event, as far as it is known before anything is published. */
export interface EventEnvelope {
  readonly source?: string;
  readonly 'detail-type'?: string;
  readonly account?: string;
}

/**
 * Whether a rule's pattern matches an event by its envelope: undefined when that hangs on fields that are not known
 * here.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Json, event: EventEnvelope): boolean | undefined {
  if (!isObject(pattern)) return undefined;
  const verdicts = Object.entries(pattern).map(([field, wanted]) => fieldMatches(wanted, getOwn({ ...event }, field)));
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function fieldMatches(wanted: Json, value: string | undefined): boolean | undefined {
  if (value === undefined || hasUnresolved(value) || !Array.isArray(wanted)) return undefined;
  const verdicts = wanted.map((w) => valueMatches(w, value));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function valueMatches(wanted: Json, value: string): boolean | undefined {
  if (typeof wanted === 'string') return hasUnresolved(wanted) ? undefined : wanted === value;
  if (!isObject(wanted)) return false;
  const [[operator, operand] = [], ...others] = Object.entries(wanted);
  if (operator === undefined || others.length > 0 || hasUnresolved(JSON.stringify(operand))) return undefined;
  if (operator === 'prefix' && typeof operand === 'string') return value.startsWith(operand);
  if (operator === 'suffix' && typeof operand === 'string') return value.endsWith(operand);
  if (operator === 'equals-ignore-case' && typeof operand === 'string') {
    return value.toLowerCase() === operand.toLowerCase();
  }
  if (operator === 'exists' && typeof operand === 'boolean') return operand;
  const values = [operand].flat();
  if (operator === 'anything-but' && values.every((v) => typeof v !== 'object')) return !values.includes(value);
  return undefined;
}
