import { RequiredCondition, negated } from '../../../app-model/resolve/branches';
import { Evaluation, Request, evaluate } from '../../../iam/evaluate';
import { Json } from '../../../iam/statement';

/** A statement, and the CloudFormation conditions under which it is created. */
export interface ConditionalStatement {
  readonly statement: Json;
  readonly conditional: boolean;
  /** Absent if there are none, or if they are not known. */
  readonly conditions?: readonly RequiredCondition[];
}

/**
 * Evaluates a request against statements that CloudFormation conditions may leave out. The decision is the same in all
 * combinations of the conditions, or undefined.
 *
 * @param given the conditions that are true whenever the request is made, such as those of the rule
 */
export function evaluateConditional(
  statements: readonly ConditionalStatement[],
  request: Request,
  given: ReadonlySet<RequiredCondition>,
): Evaluation | undefined {
  if (statements.every(isUnconditional)) return evaluate(statementsOf(statements), request);
  const possible = statements.filter(({ conditions = [] }) => !conditions.some((c) => given.has(negated(c))));
  const evaluation = evaluate(statementsOf(possible), request);
  const open = possible.filter((statement) => isOpen(statement, given));
  if (open.length === 0) return evaluation;
  const named = open.flatMap((statement) => statement.conditions ?? []).map(withoutNegation);
  const openConditions = [...new Set(named)].filter((condition) => !given.has(condition));
  const isSame = (decided: readonly ConditionalStatement[]) =>
    evaluate(statementsOf(decided), request).decision === evaluation.decision;
  if (open.some(({ conditions }) => conditions === undefined) || openConditions.length > MAX_CONDITIONS) {
    return isSame(possible.filter((statement) => !open.includes(statement))) ? evaluation : undefined;
  }
  return evaluateCombinations(openConditions, possible, request);
}

const MAX_CONDITIONS = 6;

/** The evaluation if the decision is the same whichever conditions are true. */
function evaluateCombinations(
  [condition, ...others]: readonly RequiredCondition[],
  statements: readonly ConditionalStatement[],
  request: Request,
): Evaluation | undefined {
  if (condition === undefined) return evaluate(statementsOf(statements), request);
  const [ifTrue, ifFalse] = [condition, negated(condition)].map((required) =>
    evaluateCombinations(
      others,
      statements.filter(({ conditions = [] }) => !conditions.includes(negated(required))),
      request,
    ),
  );
  return ifTrue && ifTrue.decision === ifFalse?.decision ? ifTrue : undefined;
}

function isUnconditional({ conditional, conditions }: ConditionalStatement): boolean {
  return !conditional && conditions === undefined;
}

function isOpen({ conditional, conditions }: ConditionalStatement, given: ReadonlySet<RequiredCondition>): boolean {
  return conditional && !conditions?.every((condition) => given.has(condition));
}

function withoutNegation(condition: RequiredCondition): RequiredCondition {
  return condition.startsWith('!') ? negated(condition) : condition;
}

export function statementsOf(statements: readonly ConditionalStatement[]): Json[] {
  return statements.map(({ statement }) => statement);
}
