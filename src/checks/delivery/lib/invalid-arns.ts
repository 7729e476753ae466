import { IConstruct } from 'constructs';
import { invalidArnPart } from '../../../iam/arn';
import { displayText } from '../../../iam/unresolved-text';
import { Finding, errorFinding } from '../../engine/finding';
import { FindingId } from '../../finding-id';

/**
 * The error about an ARN whose account is no account ID; none if the account is one, or is known only at deployment.
 *
 * @param use what the ARN is used for, such as `target 'T' of rule 'r'`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function invalidArnFindings(construct: IConstruct, use: string, arn: string | undefined): Finding[] {
  if (arn === undefined) return [];
  const invalid = invalidArnPart(arn);
  if (!invalid) return [];
  const { part, value } = invalid;
  const text = {
    problem: `${use} is ${displayText(arn)}, whose ${part} is '${value}'`,
    reason: part === 'account' ? 'an account ID has 12 digits' : 'there is no such Region',
    fix: `write the ${part} of the resource in the ARN`,
  };
  return [errorFinding(FindingId.INVALID_ARN, construct, text, displayText(arn))];
}
