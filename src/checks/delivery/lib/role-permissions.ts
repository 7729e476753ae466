import { CrossAccountEvaluation, authorize } from './authorize';
import * as messages from './role-permissions.messages';
import { RolePermission } from './role-permissions.messages';
import { KnownTargetPath } from './rule-target-path';
import { Role, Target } from '../../../app-model/app-model';
import { parseArn } from '../../../iam/arn';
import { Decision } from '../../../iam/decision';
import { ANYTHING, attribute, splitText } from '../../../iam/unresolved-text';
import { Finding } from '../../engine/finding';
import { TargetKind } from '../../engine/target-kinds';
import { FindingId } from '../../finding-id';

/**
 * Reports an execution role whose policies certainly do not allow the action of its target. A decision that depends on
 * values or policies that templates do not contain is accepted.
 */
export function checkRolePermissions(path: KnownTargetPath): Finding[] {
  const { app, role, kind, target } = path;
  if (!role) return [];
  for (const permission of permissionsFor(path)) {
    const evaluation = evaluatePermission(path, role, permission);
    if (evaluation.decision !== 'denied') continue;
    const text = messages.permissionMissing(path, role, permission, evaluation);
    return path.error(FindingId.TARGET_ROLE_INVALID, text, role.construct);
  }
  const isUndefinedTask =
    kind.actsOn === 'taskDefinition' && target.task !== undefined && !app.taskDefinition(target.task.definitionArn);
  return isUndefinedTask ? checkUndefinedTask(path, role) : [];
}

/**
 * Reports a role that cannot pass any role to a task on Fargate whose definition is not in the app. Nearly every such
 * task needs an execution role.
 */
function checkUndefinedTask(path: KnownTargetPath, role: Role): Finding[] {
  if (path.target.task?.launchType !== 'FARGATE') return [];
  const anyRole = `arn:${parseArn(role.arn)?.partition}:iam::${role.account}:role/${ANYTHING}`;
  if (evaluatePermission(path, role, passRole(anyRole)).decision !== 'denied') return [];
  return path.manualStep(FindingId.MANUALLY_ADD_ROLE_POLICY, messages.passRoleMissing(path, role), undefined, role.arn);
}

/** Evaluates all permissions that the execution role of a target needs. */
export function evaluateRolePermissions(path: KnownTargetPath, role: Role): CrossAccountEvaluation[] {
  return permissionsFor(path).map((permission) => evaluatePermission(path, role, permission));
}

/** Whether a role has a permission: one of the actions on one of the resources is sufficient. */
function evaluatePermission(
  { app }: KnownTargetPath,
  role: Role,
  { actions, resources, context }: RolePermission,
): CrossAccountEvaluation {
  const calls = actions.flatMap((action) => resources.map((resource) => ({ action, resource, context })));
  const evaluations = calls
    .map((call) => authorize(app, role, { ...call, assumeUnknownMatches: true }))
    // The policy of a resource in another account is evaluated separately.
    .map((evaluation) => (evaluation.policyType === 'resource' ? withoutResourcePolicy(evaluation) : evaluation));
  const withDecision = (decision: Decision) => evaluations.find((evaluation) => evaluation.decision === decision);
  return withDecision('allowed') ?? withDecision('unknown') ?? evaluations[0];
}

function withoutResourcePolicy(evaluation: CrossAccountEvaluation): CrossAccountEvaluation {
  return evaluation.decision === 'denied' ? { ...evaluation, decision: 'unknown' } : evaluation;
}

function permissionsFor(path: KnownTargetPath): RolePermission[] {
  const { app, kind, target, rule } = path;
  const actions = [kind.action, ...(kind.otherActions ?? [])];
  switch (kind.actsOn) {
    case 'taskDefinition': {
      if (!target.task) return [];
      const { definitionArn } = target.task;
      const roleArns = app.taskDefinition(definitionArn)?.passedRoleArns ?? [];
      const context = { 'ecs:cluster': [target.arn] };
      return [{ actions, resources: withRevisions(definitionArn), context }, ...roleArns.map(passRole)];
    }
    case 'jobQueueAndDefinition':
      return [{ actions, resources: [target.arn] }, ...jobDefinitionPermissions(actions, target)];
    case 'unknownResource':
      return [{ actions, resources: [anyResource(kind, rule.arn)] }];
    default:
      return [{ actions, resources: resourcesOf(kind, target.arn) }];
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html */
function passRole(roleArn: string): RolePermission {
  const context = { 'iam:passedtoservice': ['ecs-tasks.amazonaws.com'] };
  return { actions: ['iam:PassRole'], resources: [roleArn], context };
}

function jobDefinitionPermissions(actions: string[], { jobDefinition }: Target): RolePermission[] {
  if (!jobDefinition?.startsWith('arn:')) return [];
  return [{ actions, resources: withRevisions(jobDefinition) }];
}

/**
 * The ARN of a task or job definition, and that of its family. Without a revision, the latest one is used, and policies
 * often allow all revisions.
 */
function withRevisions(definitionArn: string): string[] {
  const resource = parseArn(definitionArn)?.resource ?? '';
  const [family, revision] = splitText(resource, ':');
  const familyArn = revision === undefined ? definitionArn : definitionArn.slice(0, -revision.length - 1);
  return [...new Set([definitionArn, familyArn, `${familyArn}:${attribute('Revision', family)}`])];
}

/** An unknown resource of the service of an action, in the account and Region of a rule. */
function anyResource({ action }: TargetKind, ruleArn: string): string {
  const { partition, region, account } = parseArn(ruleArn) ?? { partition: '', region: '', account: '' };
  return `arn:${partition}:${action.split(':')[0]}:${region}:${account}:${ANYTHING}`;
}

/** The ARNs that a policy can name for a target. */
function resourcesOf({ actsOn }: TargetKind, targetArn: string): string[] {
  switch (actsOn) {
    case 'stateMachine':
      // https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
      return [...new Set([splitText(targetArn, ':').slice(0, STATE_MACHINE_ARN_PARTS).join(':'), targetArn])];
    case 'apiDestination':
      // https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_events.ApiDestinationAttributes.html
      return [targetArn, splitText(targetArn, '/').slice(0, 2).join('/')];
    default:
      return [targetArn];
  }
}

const STATE_MACHINE_ARN_PARTS = 7;
