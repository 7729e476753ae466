import { certainlyDiffer, authorizeAssumeRole } from './authorize';
import { unknownReason, remedyFor } from './remedies';
import { RuleTargetPath } from './rule-target-path';
import { accountOf } from '../../../iam/arn';
import { mayEqualAnyText, displayText } from '../../../iam/unresolved-text';
import { Finding } from '../../engine/finding';
import { FindingId } from '../../finding-id';

/** Services that EventBridge calls with a role of the user alone. */
const ROLE_ONLY_TARGETS = /^arn:[^:]+:(batch|codebuild|codepipeline|ecs|firehose|kinesis|states):/;

export function checkMissingRole(path: RuleTargetPath): Finding[] {
  const { target } = path;
  if (target.roleArn !== undefined || !ROLE_ONLY_TARGETS.test(target.arn)) return [];
  return path.error(
    FindingId.TARGET_ROLE_INVALID,
    `target '${displayText(target.id)}' of ${path.ruleName}, ${displayText(target.arn)}, has no ` +
      "'RoleArn', without which EventBridge sends nothing there",
    'give it a role that events.amazonaws.com may assume for the rule',
  );
}

/** Whether EventBridge may assume the role of a target, if it has one. */
export function checkRoleTrust(path: RuleTargetPath): Finding[] {
  const { target, role, rule } = path;
  if (target.roleArn === undefined) return [];
  if (!role) {
    const id = mayEqualAnyText(target.roleArn) ? FindingId.DELIVERY_UNVERIFIED : FindingId.MANUALLY_ADD_ROLE_POLICY;
    const origin = mayEqualAnyText(target.roleArn) ? 'is known only at deployment' : 'is not made by this app';
    return path.manualStep(
      id,
      `role ${displayText(target.roleArn)} of target '${displayText(target.id)}' ${origin}`,
      `let events.amazonaws.com assume it for ${path.ruleName}, and allow it ` +
        `${path.kind?.action ?? 'what the target needs'} on ${displayText(target.arn)}, then acknowledge this`,
      target.roleArn,
    );
  }
  if (certainlyDiffer(role.account, rule.account)) {
    return path.error(
      FindingId.TARGET_ROLE_INVALID,
      `role '${role.construct.node.path}' of target '${displayText(target.id)}' is of account ` +
        `${displayText(role.account)}, ${path.ruleName} of account ${displayText(rule.account)}: a ` +
        'role cannot be passed across accounts',
      "make one in the rule's account",
    );
  }
  const answer = authorizeAssumeRole(role, rule);
  if (answer.decision === 'allowed') return [];
  const what = `assume role '${role.construct.node.path}' for ${path.ruleName}: ${displayText(answer.reason)}`;
  const needed =
    `let events.amazonaws.com assume it, with 'aws:SourceAccount' ${displayText(accountOf(rule.arn))}` +
    ` and 'aws:SourceArn' ${displayText(rule.arn)} if it has such conditions`;
  if (answer.decision === 'unknown') {
    const { because, fix } = unknownReason(answer);
    const problem = `it cannot be told at synth whether EventBridge may ${what}, ${because}`;
    return path.manualStep(FindingId.DELIVERY_UNVERIFIED, problem, fix);
  }
  return path.error(
    FindingId.TARGET_ROLE_INVALID,
    `EventBridge may not ${what}`,
    remedyFor(answer, 'service', needed),
    role.construct,
  );
}
