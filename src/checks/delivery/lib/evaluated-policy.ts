import type { CfnResource } from 'aws-cdk-lib';
import { evaluateConditional } from './conditional-statements';
import { AppIndex } from '../../../app-model/app-index';
import { ResourcePolicyStatement } from '../../../app-model/app-model';
import { RequiredCondition } from '../../../app-model/resolve/branches';
import { Evaluation, Request } from '../../../iam/evaluate';
import { displayText } from '../../../iam/unresolved-text';

type Statements = readonly ResourcePolicyStatement[];

/**
 * Evaluates a call with the statements of the resource-based policy that applies. The decision is unknown if it depends
 * on a statement of which only deployment decides whether it is in this policy.
 *
 * @param arn the ARN of the resource that the policy is for
 */
export function evaluateWithPolicy<T extends Evaluation>(
  app: AppIndex,
  arn: string,
  evaluateWith: (statements: Statements) => T,
): T {
  const { entries, conflicting } = app.policyOn(arn);
  if (conflicting) return evaluateWith([]);
  const evaluateAlso = (possible: ResourcePolicyStatement) => evaluateWith([...entries, possible]);
  return evaluateWithEach(app.possibleStatementsOn(arn), evaluateWith(entries), evaluateAlso);
}

/**
 * An evaluation, or that it is unknown: if it would be another one with one of some policies or statements, of which
 * only deployment decides whether they apply.
 */
export function evaluateWithEach<T extends Evaluation, P extends { readonly construct: CfnResource }>(
  possible: readonly P[],
  evaluation: T,
  evaluateWith: (one: P) => Evaluation | undefined,
): T {
  const { decision, reason } = evaluation;
  const decisive =
    decision === 'unknown' ? undefined : possible.find((one) => evaluateWith(one)?.decision !== decision);
  if (!decisive) return evaluation;
  const path = displayText(decisive.construct.node.path);
  const unknown = `it is known only at deployment whether '${path}' applies (${reason})`;
  return { ...evaluation, decision: 'unknown', reason: unknown, explicitDeny: undefined };
}

/** Evaluates a resource-based policy. The decision is unknown if it depends on a CloudFormation condition. */
export function evaluateResourcePolicy(
  statements: Statements,
  request: Request,
  given: ReadonlySet<RequiredCondition>,
): Evaluation {
  const evaluation = evaluateConditional(statements, request, given);
  if (evaluation) return evaluation;
  const conditional = statements.find((entry) => entry.conditional);
  return {
    decision: 'unknown',
    reason: `a CloudFormation condition decides at deployment whether statement '${conditional?.id}' is created`,
  };
}
