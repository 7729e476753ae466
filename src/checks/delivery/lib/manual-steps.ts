import { IConstruct } from 'constructs';
import { displayText } from '../../../iam/unresolved-text';
import { Need } from '../../../topology/need';
import { Finding, FindingText, warningFinding, withNeed } from '../../engine/finding';
import { isAlreadyReported } from '../../engine/manual-step-warning';
import { FindingId } from '../../finding-id';

/**
 * A warning about a policy that is not defined in the app, or about a decision that is known only at deployment. Empty
 * if a construct already warns about the resource.
 *
 * @param resource the ARN of the resource whose policy must be changed or verified
 * @param need what must be allowed, if that is known
 */
export function manualStepFinding(
  id: FindingId,
  construct: IConstruct,
  text: FindingText,
  resource: string,
  need?: Need,
): Finding[] {
  if (isAlreadyReported(construct, resource)) return [];
  const finding = warningFinding(id, construct, text, displayText(resource));
  return [need ? withNeed(finding, need) : finding];
}
