import { Stack } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IDependable } from 'constructs';
import { invalid } from '../errors';
import { warnOfOutside } from '../outside';
import { isImmutable, isMadeHere } from '../owned';
import { judgeBoundary } from '../permissions-boundary';
import { resourceBehind } from '../resources';
import { RuleTarget } from './rule-role';
import { spelledOutArnOf } from './rules';
import { FindingId } from '../../finding-id';
import { Reader } from '../../model/reader';
import { roleArn } from '../../policy/formats';
import { ROLE_POLICY_NAME_CHARACTERS } from '../../policy/limits';
import { identityStatement, mayAssume, trustOfRules } from '../../policy/roles';
import { Statement, statementsOf } from '../../policy/statement';
import { checkFormat } from '../checked-values';
import { compare, physicalNameOf, shortHash } from '../environment';

/**
 * The role that was given for a rule to reach its target with: it is allowed to. Its trust policy is for its owner to write: of a role of the app it is judged at
 * synth whether EventBridge may assume it for the rule, and for another one a warning tells what its policies must say.
 */
export function givenRole(rule: IRuleRef, role: iam.IRole, target: RuleTarget): iam.IRole {
  if (compare(role.env.account, rule.env.account) === 'different') {
    throw invalid(rule, `'executionRole' must be a role of the rule's account ${rule.env.account}, got one of ${role.env.account}; leave it out to have one made`);
  }
  checkFormat(rule, 'executionRole', role.roleArn, roleArn);
  const made = isMadeHere(role) || role instanceof iam.LazyRole;
  const identity = identityStatement(target.action, target.arn);
  const policy = made ? role.addToPrincipalPolicy(iam.PolicyStatement.fromJson(identity)).policyDependable : policyOf(rule, role, identity);
  if (policy) rule.node.addDependency(policy);
  if (made) {
    rule.node.addValidation({ validate: () => trustProblems(rule, role) });
    judgeBoundary(role, target.action, target.arn);
  }
  const trust = made ? undefined : trustOfRules([rule.env.account], spelledOutArnOf(rule));
  const missing = isImmutable(role) ? identity : undefined;
  if (trust ?? missing) warnOfPolicies(rule, role, trust, missing);
  return role;
}

/** On a role that is imported into several stacks, each must have a policy of another name: the CDK would call them alike. */
function policyOf(rule: IRuleRef, role: iam.IRole, identity: Statement): IDependable | undefined {
  if (isImmutable(role)) return undefined;
  const stack = Stack.of(rule);
  const id = `RolePolicy-${shortHash(stack, [role.node.path, identity.Resource])}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing;
  const statements = [iam.PolicyStatement.fromJson(identity)];
  return new iam.Policy(stack, id, { policyName: physicalNameOf(stack, [id], ROLE_POLICY_NAME_CHARACTERS), roles: [role], statements });
}

function trustProblems(rule: IRuleRef, role: iam.IRole): string[] {
  const resource = resourceBehind(role, iam.CfnRole.isCfnRole);
  if (!resource) return [];
  const reader = new Reader();
  const text = (value: string) => String(reader.resolve(Stack.of(rule), value));
  const trust = statementsOf(reader.resource(resource)?.properties.AssumeRolePolicyDocument);
  const { decision, because } = mayAssume(trust, text(role.roleArn), text(rule.ruleRef.ruleArn), text(rule.env.account));
  if (decision !== 'denied') return [];
  return [`'executionRole' must be one that EventBridge may assume for this rule, got '${role.node.path}', whose trust policy does not let it: ${because}; let `
    + "'events.amazonaws.com' assume it, or leave it out to have one made"];
}

function warnOfPolicies(rule: IRuleRef, role: iam.IRole, trust?: Statement, identity?: Statement): void {
  warnOfOutside(rule, FindingId.ROLE_GRANT_ELSEWHERE, (text) => {
    const arn = text(role.roleArn);
    if (!trust) return `events are dropped until an identity policy of role ${arn}, which must not be changed from here, has this statement: ${text(identity)}`;
    return `events are dropped until the trust policy of role ${arn}, which cannot be read from here, has this statement: ${text(trust)}`
      + (identity ? `, and an identity policy of it this one: ${text(identity)}` : '');
  });
}
