import { Json } from '../iam/statement';

/** A value that a template has under some CloudFormation conditions; with a `!` before one that must be false. */
export interface ConditionalValue {
  readonly value: Json | undefined;
  readonly conditions?: readonly string[];
}

const NO_VALUE: Json = { Ref: 'AWS::NoValue' };

/** A value that the template omits unless the conditions are met. */
export function whenConditions(value: Json, conditions: readonly string[] = []): Json {
  return conditions.reduceRight<Json>((inner, condition) => choose(condition, inner, NO_VALUE), value);
}

/** One of several values, of which the conditions exclude each other. */
export function oneOf(values: readonly ConditionalValue[]): Json | undefined {
  const [first] = values;
  if (!first) return undefined;
  const [condition] = first.conditions ?? [];
  if (condition === undefined) return first.value;
  const [ifMet, ifNot] = [condition, negated(condition)].map((required) =>
    oneOf(
      values
        .filter(({ conditions = [] }) => conditions[0] === required)
        .map(({ value, conditions = [] }) => ({ value, conditions: conditions.slice(1) })),
    ),
  );
  if (ifMet === undefined && ifNot === undefined) return undefined;
  return choose(condition, ifMet ?? NO_VALUE, ifNot ?? NO_VALUE);
}

function choose(condition: string, ifMet: Json, ifNot: Json): Json {
  const isNegated = condition.startsWith('!');
  return { 'Fn::If': isNegated ? [condition.slice(1), ifNot, ifMet] : [condition, ifMet, ifNot] };
}

function negated(condition: string): string {
  return condition.startsWith('!') ? condition.slice(1) : `!${condition}`;
}
