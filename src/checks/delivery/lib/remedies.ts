import { UNKNOWN, Values, isNeverInServiceCalls, isPresumed } from '../../../iam/condition-keys';
import { Evaluation, ConditionOfDenial } from '../../../iam/evaluate';
import { displayText } from '../../../iam/unresolved-text';

/** Who is denied: EventBridge itself, or a role or user. */
export type Denied = 'service' | 'principal';

/**
 * What to do about a call that is refused: about the statement that denies it, if one does.
 *
 * @param otherwise what to do where nothing allows it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
export function remedyFor({ explicitDeny }: Evaluation, whom: Denied, otherwise: string): string {
  if (!explicitDeny) return otherwise;
  const keys = explicitDeny.conditions.map(nameOf).join(' and ');
  if (
    whom === 'service' &&
    !explicitDeny.namesPrincipal &&
    explicitDeny.conditions.some(({ key }) => isNeverInServiceCalls(key))
  ) {
    return (
      `add "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } to the conditions of ${explicitDeny.name}` +
      ', so that it does not deny AWS services'
    );
  }
  return keys === ''
    ? `remove this action from ${explicitDeny.name}, or limit its 'Principal'`
    : `correct what ${explicitDeny.name} compares ${keys} with, or exclude this call from its ` +
        "'Action', 'Resource' or 'Principal'";
}

/** What leaves a call undecided, to be put behind the reason, and what to do about it. */
export function unknownReason({ unknownKey }: Evaluation): { because: string; fix: string } {
  if (unknownKey === undefined) {
    return { because: 'which is known only at deployment', fix: 'write the value out, or give the stacks an env' };
  }
  const because = `and no template tells the value of '${unknownKey}' in the request`;
  return { because, fix: remedyForUnknown(unknownKey) };
}

function remedyForUnknown(key: string): string {
  if (/^aws:resourceorgid$/i.test(key)) {
    return (
      "pass the organization to CrossAccountEventChecks.applyTo() as 'trustedOrganizations', and " +
      "single accounts that you trust as 'trustedAccounts', " +
      'or acknowledge this if the statement is right for this call'
    );
  }
  return /^events:(source|detail-type)$/i.test(key)
    ? `limit '${key}' in the policy of the publisher too ('allowedEvents' of a PublisherRole), so ` +
        'that it puts only what this statement lets through'
    : 'make sure that the statement is right for this call, then acknowledge this';
}

/** A key that a statement compares, with what this call has for it. */
function nameOf({ key, given }: ConditionOfDenial): string {
  const values = valuesOf(given);
  return `'${key}'${values === undefined ? '' : ` (${values})`}`;
}

function valuesOf(given: Values): string | undefined {
  if (given === UNKNOWN || isPresumed(given)) return undefined;
  return given.length === 0
    ? 'which this call does not have'
    : `here ${given.map((value) => `'${displayText(value)}'`).join(', ')}`;
}
