import { ConditionOperator, parseOperator } from '../../iam/condition-operators';

/** Operators that compare a key with the strings that are allowed. */
const STRING_MATCH_OPERATORS = new Set(['stringequals', 'stringequalsignorecase', 'stringlike']);

/** The parts of an operator that compares a key with the strings that are allowed; undefined for any other operator. */
export function parseStringMatch(operator: string): ConditionOperator | undefined {
  const parsed = parseOperator(operator);
  return STRING_MATCH_OPERATORS.has(parsed.base) ? parsed : undefined;
}
