import { IConstruct } from 'constructs';
import { Finding } from '../../engine/finding';
import { isAlreadyReported } from '../../engine/manual-step-warning';
import { FindingId } from '../../finding-id';

/**
 * A warning about what lies outside the app, or what only deployment tells: nothing where a construct around the
 * resource has told of that half.
 *
 * @param resourceArn the ARN of what the half is about
 */
export function manualStepFinding(
  id: FindingId,
  construct: IConstruct,
  resourceArn: string,
  problem: string,
  fix: string,
): Finding[] {
  return isAlreadyReported(construct, resourceArn) ? [] : [{ id, level: 'warning', construct, problem, fix }];
}
