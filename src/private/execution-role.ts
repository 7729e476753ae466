import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { compare } from './environment';
import { invalid } from './errors';
import { isMadeHere } from './event-buses';
import { isImmutable } from './grantees';
import { warnOfOutside } from './outside';
import { spelledOutArnOf } from './rules';
import { FindingId } from '../finding-id';

/**
 * The role that was given for a rule to invoke a function with: it is allowed to. Whether EventBridge may assume it is for its owner to see to; of a
 * role that the app does not make, a warning tells what its policies must say.
 */
export function givenRole(rule: IRuleRef, role: iam.IRole, arn: string): iam.IRole {
  if (compare(role.env.account, rule.env.account) === 'different') {
    throw invalid(rule, `'executionRole' must be a role of the rule's account ${rule.env.account}, got one of ${role.env.account}; leave it out to have one made`);
  }
  const { policyDependable } = role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] }));
  if (policyDependable) rule.node.addDependency(policyDependable);
  if (!isMadeHere(role)) warnOfPolicies(rule, role, arn);
  return role;
}

function warnOfPolicies(rule: IRuleRef, role: iam.IRole, arn: string): void {
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': rule.env.account }, ArnEquals: { 'aws:SourceArn': spelledOutArnOf(rule) } },
  };
  const identity = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn };
  warnOfOutside(rule, FindingId.ROLE_GRANT_ELSEWHERE, (text) => `events are dropped until the trust policy of role ${text(role.roleArn)}, which cannot be read from here, has `
    + `this statement: ${text(trust)}${isImmutable(role) ? `, and an identity policy of it this one: ${text(identity)}` : ''}`);
}
