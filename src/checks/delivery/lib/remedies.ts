import { CrossAccountEvaluation } from './authorize';
import { UNKNOWN, Values, isNeverInServiceCalls, isPresumed } from '../../../iam/condition-keys';
import { Evaluation, ConditionOfDenial } from '../../../iam/evaluate';
import { displayText } from '../../../iam/unresolved-text';

/** Which kind of principal is denied: an AWS service, or a role or user. */
export type PrincipalKind = 'service' | 'principal';

/**
 * The fix for a denied call: a change to the statement that denies it explicitly, if there is one.
 *
 * @param otherwise the fix if no statement denies the call explicitly
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
export function remedyFor(
  { explicitDeny, policyType }: Evaluation & Partial<Pick<CrossAccountEvaluation, 'policyType'>>,
  principalKind: PrincipalKind,
  otherwise: string,
): string {
  if (!explicitDeny) return otherwise;
  // The statements of identity-based policies have no principal.
  const isOfIdentity = policyType === 'identity';
  const { name, conditions, namesPrincipal } = explicitDeny;
  if (principalKind === 'service' && !namesPrincipal && conditions.some(({ key }) => isNeverInServiceCalls(key))) {
    return (
      `add "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } to the conditions of ${name}, ` +
      'so that it does not deny AWS services'
    );
  }
  if (conditions.length === 0) {
    return `remove this action from ${name}, or restrict its '${isOfIdentity ? 'Resource' : 'Principal'}'`;
  }
  const keys = [...new Set(conditions.map(describeKey))].join(' and ');
  const elements = isOfIdentity ? "'Action' or 'Resource'" : "'Action', 'Resource' or 'Principal'";
  return `correct the condition of ${name} on ${keys}, or change its ${elements} so that it does not match this call`;
}

/** A condition key, with its value in the denied call. */
function describeKey({ key, requestValues }: ConditionOfDenial): string {
  const values = describeValues(requestValues);
  return values === undefined ? `'${key}'` : `'${key}' (${values})`;
}

function describeValues(values: Values): string | undefined {
  if (values === UNKNOWN || isPresumed(values)) return undefined;
  if (values.length === 0) return 'absent in this call';
  return `${values.map((value) => `'${displayText(value)}'`).join(', ')} in this call`;
}

/**
 * The reason and the fix for an unknown decision.
 *
 * @param ofAnyAccount whether the principal can be in many accounts, which an organization can have in common
 */
export function explainUnknown(
  { reason, unknownKey }: Evaluation,
  ofAnyAccount = false,
): { reason: string; fix: string } {
  if (unknownKey === undefined) {
    const allow = ofAnyAccount ? 'allow the organization of the accounts with EventPublisher.organization(), or ' : '';
    const fix = "use literal values and set 'env' on the stacks, or verify the policy and acknowledge this warning";
    return { reason: displayText(reason), fix: `${allow}${fix}` };
  }
  return {
    reason: `${displayText(reason)}, because templates do not contain the value of '${unknownKey}'`,
    fix: remedyForUnknownKey(unknownKey),
  };
}

function remedyForUnknownKey(key: string): string {
  if (/^aws:resourceorgid$/i.test(key)) {
    return (
      "pass the organization to CrossAccountEventChecks.applyTo() as 'trustedOrganizations', and single accounts " +
      "that you trust as 'trustedAccounts', or verify the statement and acknowledge this warning"
    );
  }
  if (/^events:(source|detail-type)$/i.test(key)) {
    return (
      `add a condition on '${key}' to the identity-based policy of the publisher ('allowedEvents' of a ` +
      'PublisherRole), with values that this statement allows'
    );
  }
  return 'verify that the statement is correct for this call, then acknowledge this warning';
}
