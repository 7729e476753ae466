import { certainlyDiffer, authorizeAssumeRole } from './authorize';
import { assumeRoleNeed } from './needs';
import { RuleTargetPath } from './rule-target-path';
import * as messages from './target-roles.messages';
import { isArnUnresolved } from '../../../iam/unresolved-text';
import { Finding } from '../../engine/finding';
import { FindingId } from '../../finding-id';

/** Checks that EventBridge can assume the execution role of a target, if it has one. */
export function checkRoleTrust(path: RuleTargetPath): Finding[] {
  const { target, role, rule } = path;
  if (target.roleArn === undefined) return [];
  // Rules of built-in targets usually have a role that the console created.
  if (!role) return path.usesRoleOfRule ? [] : checkUndefinedRole(path, target.roleArn);
  if (certainlyDiffer(role.account, rule.account)) {
    return path.error(FindingId.TARGET_ROLE_INVALID, messages.roleInOtherAccount(path, role));
  }
  const evaluation = authorizeAssumeRole(role, rule);
  switch (evaluation.decision) {
    case 'allowed':
      return [];
    case 'unknown':
      return path.manualStep(FindingId.DELIVERY_UNVERIFIED, messages.trustUnverified(path, role, evaluation));
    default:
      return path.error(FindingId.TARGET_ROLE_INVALID, messages.trustDenied(path, role, evaluation), role.construct);
  }
}

function checkUndefinedRole(path: RuleTargetPath, roleArn: string): Finding[] {
  return isArnUnresolved(roleArn)
    ? path.manualStep(FindingId.DELIVERY_UNVERIFIED, messages.roleUnresolved(path, roleArn), undefined, roleArn)
    : path.manualStep(
        FindingId.MANUALLY_ADD_ROLE_POLICY,
        messages.roleUndefined(path, roleArn),
        assumeRoleNeed(path.rule, path.target),
        roleArn,
      );
}
