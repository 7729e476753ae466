import { Stack } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IDependable } from 'constructs';
import { literalRuleArn } from './rule-arns';
import { RuleTarget } from './rule-role';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { warnManualStep } from '../../checks/engine/manual-step-warning';
import { FindingId } from '../../checks/finding-id';
import { cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, physicalNameOf, shortHash } from '../../core/environment';
import { isImmutable, isOwned } from '../../core/ownership';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { roleArn } from '../../eventbridge/formats';
import { ROLE_POLICY_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { identityStatement, evaluateAssumeRole, ruleTrustStatement } from '../../eventbridge/role-statements';
import { Statement, statementsOf } from '../../iam/statement';
import { validateBoundary } from '../../permissions/permissions-boundary';

/**
 * The role that was given for a rule to reach its target with: it is allowed to. Its trust policy is for its owner to
 * write: of a role of the app it is judged at synth whether EventBridge may assume it for the rule, and for another one
 * a warning tells what its policies must say.
 */
export function useProvidedRole(rule: IRuleRef, role: iam.IRole, target: RuleTarget): iam.IRole {
  if (compareEnvironments(role.env.account, rule.env.account) === 'different') {
    throw validationError(
      rule,
      `'executionRole' must be a role of the rule's account ${rule.env.account}, got one of ` +
        `${role.env.account}; leave it out to have one made`,
    );
  }
  validateString(rule, 'executionRole', role.roleArn, roleArn);
  const made = isOwned(role) || role instanceof iam.LazyRole;
  const identity = identityStatement(target.action, target.arn);
  const policy = made
    ? role.addToPrincipalPolicy(iam.PolicyStatement.fromJson(identity)).policyDependable
    : policyOf(rule, role, identity);
  if (policy) rule.node.addDependency(policy);
  if (made) {
    rule.node.addValidation({ validate: () => trustProblems(rule, role) });
    validateBoundary(role, target.action, target.arn);
  }
  const trust = made ? undefined : ruleTrustStatement([rule.env.account], literalRuleArn(rule));
  const missing = isImmutable(role) ? identity : undefined;
  if (trust ?? missing) warnManualRolePolicy(rule, role, trust, missing);
  return role;
}

/**
 * On a role that is imported into several stacks, each must have a policy of another name: the CDK would call them
 * alike.
 */
function policyOf(rule: IRuleRef, role: iam.IRole, identity: Statement): IDependable | undefined {
  if (isImmutable(role)) return undefined;
  const stack = Stack.of(rule);
  const id = `RolePolicy-${shortHash(stack, [role.node.path, identity.Resource])}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing;
  const statements = [iam.PolicyStatement.fromJson(identity)];
  return new iam.Policy(stack, id, {
    policyName: physicalNameOf(stack, [id], ROLE_POLICY_NAME_CHARACTERS),
    roles: [role],
    statements,
  });
}

function trustProblems(rule: IRuleRef, role: iam.IRole): string[] {
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  if (!resource) return [];
  const reader = new TemplateReader();
  const text = (value: string) => String(reader.resolve(Stack.of(rule), value));
  const trust = statementsOf(reader.resource(resource)?.properties.AssumeRolePolicyDocument);
  const { decision, reason } = evaluateAssumeRole(
    trust,
    text(role.roleArn),
    text(rule.ruleRef.ruleArn),
    text(rule.env.account),
  );
  if (decision !== 'denied') return [];
  return [
    `'executionRole' must be one that EventBridge may assume for this rule, got '${role.node.path}` +
      `', whose trust policy does not let it: ${reason}; let ` +
      "'events.amazonaws.com' assume it, or leave it out to have one made",
  ];
}

function warnManualRolePolicy(rule: IRuleRef, role: iam.IRole, trust?: Statement, identity?: Statement): void {
  warnManualStep(rule, FindingId.MANUALLY_ADD_ROLE_POLICY, (text) => {
    const arn = text(role.roleArn);
    if (!trust) {
      return {
        problem:
          `events are dropped until an identity policy of role ${arn}, which must not be changed from ` +
          'here, allows it',
        fix: `add this statement: ${text(identity)}`,
      };
    }
    return {
      problem: `events are dropped until the trust policy of role ${arn}, which cannot be read from here, allows it`,
      fix:
        `add this statement: ${text(trust)}` +
        (identity ? `, and to an identity policy of it this one: ${text(identity)}` : ''),
    };
  });
}
