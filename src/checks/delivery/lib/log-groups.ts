import { EVENTBRIDGE_PRINCIPAL, certainlyDiffer, serviceRequest } from './authorize';
import { logPolicyNeed } from './needs';
import { KnownTargetPath } from './rule-target-path';
import { evaluate } from '../../../iam/evaluate';
import { attribute, displayText } from '../../../iam/unresolved-text';
import { Finding, FindingText, warningFinding } from '../../engine/finding';
import { FindingId } from '../../finding-id';

/**
 * Checks a log group as a target. No execution role is used: a policy of CloudWatch Logs, which applies to the account
 * and Region, must allow EventBridge.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function checkLogGroupTarget(path: KnownTargetPath): Finding[] {
  const { rule, target } = path;
  if (target.arn.endsWith(STREAM_WILDCARD)) {
    const resource = displayText(target.arn);
    return [warningFinding(FindingId.TARGET_ARN_INVALID, rule.construct, streamWildcard(path), resource)];
  }
  if (isAllowedByLogPolicy(path)) return [];
  return path.manualStep(FindingId.MANUALLY_ADD_LOGS_POLICY, policyMissing(path), logPolicyNeed(target));
}

/** The end of the ARN that CloudFormation returns for a log group: all of its log streams. */
const STREAM_WILDCARD = ':*';

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Whether the policies in the account and Region of the rule allow EventBridge, or may allow it. */
function isAllowedByLogPolicy({ app, rule, target }: KnownTargetPath): boolean {
  const statements = app.model.logPolicies
    .filter(({ account, region }) => !certainlyDiffer(account, rule.account) && !certainlyDiffer(region, rule.region))
    .flatMap((policy) => policy.statements);
  // Policies name a log group, or all of its log streams.
  const resources = [`${target.arn}:log-stream:${attribute('Name', target.arn)}`, `${target.arn}${STREAM_WILDCARD}`];
  return LOG_ACTIONS.every((action) =>
    [...resources, target.arn].some((resource) => {
      const request = serviceRequest(app, rule.arn, { action, resource, assumeUnknownMatches: true });
      return evaluate(statements, request).decision !== 'denied';
    }),
  );
}

function streamWildcard({ ruleName, target, targetOfRule }: KnownTargetPath): FindingText {
  const groupArn = target.arn.slice(0, -STREAM_WILDCARD.length);
  return {
    problem: `${targetOfRule} has an ARN that ends in '${STREAM_WILDCARD}', ${displayText(target.arn)}`,
    reason: `it represents the log streams of the log group, and ${ruleName} may not deliver events to it`,
    fix: `use the ARN of the log group, ${displayText(groupArn)}`,
  };
}

function policyMissing({ rule, ruleName, target, targetName }: KnownTargetPath): FindingText {
  const [account, region] = [rule.account, rule.region].map(displayText);
  return {
    problem: `${ruleName} sends events to ${targetName}, and no policy of CloudWatch Logs in this app allows it`,
    reason: `EventBridge needs a resource policy of CloudWatch Logs in account ${account} and Region ${region}`,
    fix:
      `allow ${EVENTBRIDGE_PRINCIPAL} and delivery.logs.amazonaws.com to call ${LOG_ACTIONS.join(' and ')} on ` +
      `${displayText(target.arn)}${STREAM_WILDCARD} in an 'AWS::Logs::ResourcePolicy', or acknowledge this warning ` +
      'if there is such a policy',
  };
}
