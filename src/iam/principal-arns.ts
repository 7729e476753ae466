import { parseOperator } from './condition-operators';
import { ConditionEntry, entriesOf } from './conditions';
import { Json, isObject, toList } from './statement';

/** The ARN of a role or user in a statement, as its principal or in a condition on `aws:PrincipalArn`. */
export interface PrincipalArn {
  readonly arn: string;
  readonly isPrincipal: boolean;
}

/** The principals that a statement names by their ARN, also with wildcards in a condition. */
export function principalArnsIn(statement: Json): PrincipalArn[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  const principals = isObject(Principal) ? toList(Principal.AWS) : [];
  const conditionValues = entriesOf(Condition)
    .filter(isPrincipalArnCondition)
    .flatMap(({ values }) => values);
  return [
    ...principals.map((arn) => ({ arn, isPrincipal: true })),
    ...conditionValues.map((arn) => ({ arn, isPrincipal: false })),
  ];
}

function isPrincipalArnCondition({ operator, key }: ConditionEntry): boolean {
  const { quantifier, base, ifExists } = parseOperator(operator);
  if (quantifier !== undefined || ifExists) return false;
  return NAMING_OPERATORS.has(base) && key.toLowerCase() === 'aws:principalarn';
}

const NAMING_OPERATORS: ReadonlySet<string> = new Set(['arnequals', 'arnlike', 'stringequals', 'stringlike']);
