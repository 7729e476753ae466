import { RequestContext, serviceCallContext, UNKNOWN } from '../iam/condition-keys';
import { Conditions } from '../iam/conditions';
import { Evaluation, evaluate } from '../iam/evaluate';
import { Json, Statement, scalarOrList } from '../iam/statement';

const EVENTBRIDGE = 'events.amazonaws.com';

/**
 * The trust policy statement that allows EventBridge to assume a role for these rules in these accounts.
 *
 * @param ruleArns the ARN or ARNs, which can contain tokens
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export function ruleTrustStatement(accounts: string[], ruleArns: Json): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: EVENTBRIDGE },
    Action: 'sts:AssumeRole',
    Condition: trustConditions(accounts, ruleArns) as Json,
  };
}

export function trustConditions(accounts: string[], ruleArns: Json): Conditions {
  return { StringEquals: { 'aws:SourceAccount': scalarOrList(accounts) }, ArnEquals: { 'aws:SourceArn': ruleArns } };
}

/**
 * Evaluates whether EventBridge may assume a role for a rule.
 *
 * @param trust the statements of the trust policy
 * @param account the account of the rule
 */
export function evaluateAssumeRole(trust: Json[], roleArn: string, ruleArn: string, account: string): Evaluation {
  const context = [{ 'aws:sourceaccount': [account] }, ...serviceCallContext(EVENTBRIDGE, ruleArn)];
  return evaluateAssumeRoleBy(EVENTBRIDGE, trust, roleArn, context);
}

/**
 * Evaluates whether a service may assume a role on behalf of a resource.
 *
 * @param trust the statements of the trust policy
 * @param sourceArn the resource; undefined if AWS does not document what the service passes on
 */
export function evaluateServiceAssumeRole(
  service: string,
  trust: Json[],
  roleArn: string,
  sourceArn: string | undefined,
): Evaluation {
  const source = sourceArn === undefined ? UNKNOWN_SOURCE : {};
  return evaluateAssumeRoleBy(service, trust, roleArn, [source, ...serviceCallContext(service, sourceArn)]);
}

const UNKNOWN_SOURCE: RequestContext = {
  'aws:sourcearn': UNKNOWN,
  'aws:sourceaccount': UNKNOWN,
  'aws:sourceorgid': UNKNOWN,
  'aws:sourceorgpaths': UNKNOWN,
};

function evaluateAssumeRoleBy(service: string, trust: Json[], roleArn: string, context: RequestContext[]): Evaluation {
  const assumeUnknownMatches = true;
  return evaluate(trust, { action: 'sts:AssumeRole', resource: roleArn, service, context, assumeUnknownMatches });
}

/**
 * Whether an AWS managed policy allows putting events on all buses.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEventBridgeFullAccess.html
 */
export function allowsPutEventsEverywhere(managedPolicyArn: string): boolean {
  return /:aws:policy\/(AmazonEventBridgeFullAccess|CloudWatchEventsFullAccess)$/.test(managedPolicyArn);
}

/** A statement of an identity-based policy that allows an action on resources. */
export function identityStatement(action: string, resource: Json): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource };
}
