import { formatNumber } from './quota-usage';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { Unit, documentSize, statementSize } from '../../iam/policy-size';
import { displayText } from '../../iam/unresolved-text';

/** A statement that a deployment cannot replace at once, because the policy is too short for it and its successor. */
export interface UnreplaceableStatement {
  /** The statement, such as `statement 'A' (5,000 characters)`. */
  readonly name: string;
  /** The size of the policy with both statements. */
  readonly size: number;
}

/**
 * The longest statement of a policy, if a successor of the same size does not fit into the policy in addition.
 *
 * A changed statement ID replaces the resource: CloudFormation creates the new one before it deletes the old one. A
 * statement in a document that is the whole policy is replaced in place.
 */
export function unreplaceableStatement(
  statements: ResourcePolicyStatement[],
  limit: number,
  unit: Unit,
): UnreplaceableStatement | undefined {
  const sizeOf = ({ statement }: ResourcePolicyStatement) => statementSize(statement, unit).estimate;
  const [longest] = statements.filter(({ isWholePolicy }) => !isWholePolicy).sort((a, b) => sizeOf(b) - sizeOf(a));
  if (!longest) return undefined;
  const withSuccessor = [...statements, longest].map(({ statement }) => statement);
  const size = documentSize(withSuccessor, unit).estimate;
  if (size <= limit) return undefined;
  return { name: `statement '${displayText(longest.id)}' (${formatNumber(sizeOf(longest))} ${unit})`, size };
}

/** How to replace a statement that does not fit into the policy together with its successor. */
export const REPLACE_IN_TWO_DEPLOYMENTS =
  'replace the statement in two deployments, in the first for some of its publishers, and in the second for the others';
