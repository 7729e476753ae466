import { serviceCallContext } from '../iam/condition-keys';
import { Conditions } from '../iam/conditions';
import { Evaluation, evaluate } from '../iam/evaluate';
import { Json, Statement, scalarOrList } from '../iam/statement';

/** What a role's policies say: whoever writes or asks for them takes them from here. */

/**
 * EventBridge may assume the role for these rules of these accounts alone.
 *
 * @param ruleArns the ARNs, or what stands for them until synthesis
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export function ruleTrustStatement(accounts: string[], ruleArns: Json): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: trustConditions(accounts, ruleArns) as Json,
  };
}

export function trustConditions(accounts: string[], ruleArns: Json): Conditions {
  return { StringEquals: { 'aws:SourceAccount': scalarOrList(accounts) }, ArnEquals: { 'aws:SourceArn': ruleArns } };
}

/**
 * Whether EventBridge may assume a role for a rule.
 *
 * @param trust the statements of the trust policy
 * @param account for which the rule acts
 */
export function evaluateAssumeRole(trust: Json[], roleArn: string, ruleArn: string, account: string): Evaluation {
  const context = [{ 'aws:sourceaccount': [account] }, ...serviceCallContext('events.amazonaws.com', ruleArn)];
  return evaluate(trust, {
    action: 'sts:AssumeRole',
    resource: roleArn,
    service: 'events.amazonaws.com',
    context,
    assumeUnknownMatches: true,
  });
}

/**
 * Whether a managed policy of AWS lets its bearers put events on every bus. @see
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEventBridgeFullAccess.html
 */
export function allowsPutEventsEverywhere(managedPolicyArn: string): boolean {
  return /:aws:policy\/(AmazonEventBridgeFullAccess|CloudWatchEventsFullAccess)$/.test(managedPolicyArn);
}

/** The role may do something on resources. */
export function identityStatement(action: string, resource: Json): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource };
}
