import { Identity } from '../../../app-model/app-model';
import { RequestContext, anyPrincipalContext, principalCallContext } from '../../../iam/condition-keys';
import { ANYTHING } from '../../../iam/unresolved-text';
import { memoizeByObject } from '../../../util/memoize';

/** The condition keys of a role or user. They are the same for every call. */
export const principalContextOf: (identity: Identity) => RequestContext[] = memoizeByObject((identity) => {
  const { arn, account, name, tags } = identity;
  if (arn === ANYTHING) return [anyPrincipalContext(account)];
  const type = isUser(identity) ? 'User' : 'AssumedRole';
  return principalCallContext({ arn, account, type, userName: name, tags });
});

export function isUser({ arn }: Identity): boolean {
  return arn.includes(':user/');
}
