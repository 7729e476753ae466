import { Answer } from '../../policy/request';

/** Who is denied: EventBridge itself, or a role or user. */
export type Denied = 'service' | 'principal';

/**
 * What to do about a call that is refused: about the statement that denies it, if one does.
 *
 * @param otherwise what to do where nothing allows it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
export function remedyFor({ denial }: Answer, whom: Denied, otherwise: string): string {
  if (!denial) return otherwise;
  if (whom === 'service' && !denial.namesPrincipal) {
    return `add "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } to the conditions of ${denial.name}, so that it denies no AWS service`;
  }
  const keys = denial.conditions.map(({ key }) => `'${key}'`);
  return keys.length === 0 ? `take this call out of ${denial.name}` : `change what ${denial.name} compares ${keys.join(' and ')} with, so that it does not deny this call`;
}

/** What leaves a call undecided, and what to do about it; to be put behind the reason. */
export function doubtOf({ unknownKey }: Answer): string {
  if (unknownKey === undefined) return 'which is known only at deployment; write the value out, or give the stacks an env';
  const remedy = /^aws:resourceorgid$/i.test(unknownKey) ? "name the organization in 'trustedOrganizations'" : 'compare a key that AWS documents for this call';
  return `and no template tells what '${unknownKey}' is in this call; ${remedy}, or acknowledge this if the call does what the condition asks for`;
}
