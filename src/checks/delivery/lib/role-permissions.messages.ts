import { Call, CrossAccountEvaluation, withPolicyName } from './authorize';
import { remedyFor } from './remedies';
import { KnownTargetPath } from './rule-target-path';
import { Role } from '../../../app-model/app-model';
import { ANYTHING, displayText } from '../../../iam/unresolved-text';
import { FindingText } from '../../engine/finding';

/** The texts of findings about the permissions of execution roles. */

/** A permission that an execution role needs: one of the actions on one of the resources. */
export interface RolePermission {
  readonly actions: readonly string[];
  /** The ARNs that a policy can name for the same resource. The first one is for messages. */
  readonly resources: readonly string[];
  readonly context?: Call['context'];
}

export function permissionMissing(
  path: KnownTargetPath,
  { construct }: Role,
  { actions, resources }: RolePermission,
  denied: CrossAccountEvaluation,
): FindingText {
  const [action] = actions;
  const [resource] = resources;
  const isAnyResource = resource.endsWith(ANYTHING);
  const on = isAnyResource ? '' : ` on ${displayText(resource)}`;
  return {
    problem:
      `role '${construct.node.path}' of ${path.ruleName} is not allowed to call ${action}${on}` +
      (resource === path.target.arn ? '' : ` for ${path.targetName}`),
    reason: displayText(withPolicyName(denied, resource).reason),
    fix: remedyFor(denied, 'principal', `allow the role ${action}${on}`),
  };
}

export function passRoleMissing({ ruleName, target }: KnownTargetPath, { construct }: Role): FindingText {
  const task = displayText(target.task?.definitionArn ?? '');
  return {
    problem: `role '${construct.node.path}' of ${ruleName} is not allowed to call iam:PassRole`,
    reason: `task definition ${task} is not defined in this app, and tasks on Fargate usually have an execution role`,
    fix: 'allow the role iam:PassRole on the roles of the task definition, or acknowledge this warning if it has none',
  };
}
