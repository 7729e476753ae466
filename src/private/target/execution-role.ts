import { Stack } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IDependable } from 'constructs';
import { invalid } from '../errors';
import { warnOfOutside } from '../outside';
import { isImmutable, isMadeHere } from '../owned';
import { judgeBoundary } from '../permissions-boundary';
import { RuleTarget } from './rule-role';
import { spelledOutArnOf } from './rules';
import { FindingId } from '../../finding-id';
import { Reader } from '../../model/reader';
import { ROLE_POLICY_NAME_CHARACTERS } from '../../policy/limits';
import { answer } from '../../policy/request';
import { identityStatement, trustOfRules } from '../../policy/roles';
import { Statement, statementsOf } from '../../policy/statement';
import { compare, physicalNameOf, shortHash } from '../environment';

/**
 * The role that was given for a rule to reach its target with: it is allowed to. Its trust policy is for its owner to write: of a role of the app it is judged at
 * synth whether EventBridge may assume it for the rule, and for another one a warning tells what its policies must say.
 */
export function givenRole(rule: IRuleRef, role: iam.IRole, target: RuleTarget): iam.IRole {
  if (compare(role.env.account, rule.env.account) === 'different') {
    throw invalid(rule, `'executionRole' must be a role of the rule's account ${rule.env.account}, got one of ${role.env.account}; leave it out to have one made`);
  }
  const made = isMadeHere(role) || role instanceof iam.LazyRole;
  const statement = iam.PolicyStatement.fromJson(identityStatement(target.action, target.arn));
  const policy = made ? role.addToPrincipalPolicy(statement).policyDependable : policyOf(rule, role, target);
  if (policy) rule.node.addDependency(policy);
  if (made) {
    rule.node.addValidation({ validate: () => trustProblems(rule, role) });
    judgeBoundary(role, target.action, target.arn);
  }
  const trust = made ? undefined : trustOfRules([rule.env.account], spelledOutArnOf(rule));
  const identity = isImmutable(role) ? identityStatement(target.action, target.arn) : undefined;
  if (trust ?? identity) warnOfPolicies(rule, role, trust, identity);
  return role;
}

/** On a role that is imported into several stacks, each must have a policy of another name: the CDK would call them alike. */
function policyOf(rule: IRuleRef, role: iam.IRole, target: RuleTarget): IDependable | undefined {
  if (isImmutable(role)) return undefined;
  const stack = Stack.of(rule);
  const id = `RolePolicy-${shortHash(stack, [role.node.path, target.arn])}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing;
  const statements = [iam.PolicyStatement.fromJson(identityStatement(target.action, target.arn))];
  return new iam.Policy(stack, id, { policyName: physicalNameOf(stack, [id], ROLE_POLICY_NAME_CHARACTERS), roles: [role], statements });
}

function trustProblems(rule: IRuleRef, role: iam.IRole): string[] {
  const { defaultChild } = role.node;
  if (!iam.CfnRole.isCfnRole(defaultChild)) return [];
  const reader = new Reader();
  const text = (value: string) => String(reader.resolve(Stack.of(rule), value));
  const trust = statementsOf(reader.resource(defaultChild)?.properties.AssumeRolePolicyDocument);
  const context = { 'aws:sourcearn': [text(rule.ruleRef.ruleArn)], 'aws:sourceaccount': [text(rule.env.account)] };
  const { decision, because } = answer(trust, { action: 'sts:AssumeRole', resource: text(role.roleArn), service: 'events.amazonaws.com', context });
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
