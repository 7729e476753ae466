import { Stack } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IDependable } from 'constructs';
import { literalRuleArn } from './rule-arns';
import { RuleTarget, identityStatementsOf, validateBoundaryFor } from './rule-role';
import { isInstanceOf } from '../../app-model/cdk-internals';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { roleNeedOfRule } from '../../checks/delivery/lib/needs';
import { ManualStepText, ToText, untilAllowed, warnManualStep } from '../../checks/engine/warn-manual-step';
import { FindingId } from '../../checks/finding-id';
import { cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, physicalNameOf, shortHash } from '../../core/environment';
import { isImmutable, isOwned } from '../../core/ownership';
import { validateString } from '../../core/validate-values';
import { addValidation, validationError } from '../../core/validation-error';
import { roleArn } from '../../eventbridge/formats';
import { ROLE_POLICY_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { evaluateAssumeRole, ruleTrustStatement } from '../../eventbridge/role-statements';
import { Statement, statementsOf } from '../../iam/statement';

/**
 * Uses a role of the user as the execution role of a rule's target. Adds the statement for the target to its
 * identity-based policy, but does not change its trust policy. For a role in this app, synthesis fails if EventBridge
 * may not assume it for the rule. For an imported role, a warning shows what its policies must contain.
 */
export function useProvidedRole(rule: IRuleRef, role: iam.IRole, target: RuleTarget): iam.IRole {
  if (compareEnvironments(role.env.account, rule.env.account) === 'different') {
    throw validationError(
      rule,
      `'executionRole' must be a role of the rule's account ${rule.env.account}, got one in ` +
        `${role.env.account}; omit it to create a role`,
    );
  }
  validateString(rule, 'executionRole', role.roleArn, roleArn);
  const isDefinedInApp = isOwned(role) || isInstanceOf(role, iam.LazyRole);
  const identity = identityStatementsOf(target);
  const policy = isDefinedInApp ? addToPolicy(role, identity) : policyOf(rule, role, identity);
  if (policy) rule.node.addDependency(policy);
  if (isDefinedInApp) {
    addValidation(rule, () => trustProblems(rule, role));
    validateBoundaryFor(role, target);
  }
  const trust = isDefinedInApp ? undefined : ruleTrustStatement([rule.env.account], literalRuleArn(rule));
  const missingIdentity = isImmutable(role) ? identity : undefined;
  if (trust ?? missingIdentity) warnManualRolePolicy(rule, role, trust, missingIdentity);
  return role;
}

function addToPolicy(role: iam.IRole, statements: Statement[]): IDependable | undefined {
  const [result] = statements.map((json) => role.addToPrincipalPolicy(iam.PolicyStatement.fromJson(json)));
  return result.policyDependable;
}

/**
 * An inline policy of an imported role, one for each stack of rules. Its name is unique: the CDK would give the same
 * name to the policies of a role that several stacks import.
 */
function policyOf(rule: IRuleRef, role: iam.IRole, identity: Statement[]): IDependable | undefined {
  if (isImmutable(role)) return undefined;
  const stack = Stack.of(rule);
  const id = `RolePolicy-${shortHash(stack, [role.node.path, identity[0].Resource])}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing;
  const statements = identity.map((json) => iam.PolicyStatement.fromJson(json));
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
    `'executionRole' must be a role that EventBridge may assume for this rule, got '${role.node.path}` +
      `', whose trust policy does not allow it: ${reason}; allow ` +
      "'events.amazonaws.com' to assume it, or omit it to create a role",
  ];
}

function warnManualRolePolicy(rule: IRuleRef, role: iam.IRole, trust?: Statement, missing?: Statement[]): void {
  const what = missing?.length === 1 ? 'this statement' : 'these statements';
  const consequence = 'events are not delivered';
  const describe = (text: ToText): ManualStepText => {
    const arn = text(role.roleArn);
    const identity = missing?.map(text).join(', ');
    if (!trust) {
      return {
        ...untilAllowed(consequence, `an identity-based policy of role ${arn} allows it`),
        reason: 'the role is imported as immutable, so this app does not change its policies',
        fix: `add ${what} to an identity-based policy of the role: ${identity}`,
      };
    }
    const which = missing?.length === 1 ? 'this one' : 'these';
    const identityStep = identity ? `, and to an identity-based policy of the role ${which}: ${identity}` : '';
    return {
      ...untilAllowed(consequence, `the trust policy of role ${arn} allows EventBridge to assume it`),
      reason: 'the role is imported, so this app cannot read its trust policy',
      fix: `add this statement to the trust policy: ${text(trust)}${identityStep}`,
    };
  };
  warnManualStep(rule, {
    id: FindingId.MANUALLY_ADD_ROLE_POLICY,
    resource: role.roleArn,
    describe,
    need: (app, arn) => roleNeedOfRule(app, rule, arn),
  });
}
