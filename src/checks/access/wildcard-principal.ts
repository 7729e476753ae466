import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  describeAccess,
  isDefaultTopicStatement,
  isUnconditionalForEventBridge,
  resourceStatements,
} from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';

/**
 * Warns of statements that allow any AWS account, or may do so.
 *
 * Blind spots: named accounts that should not be trusted; conditions on a tag or network; source ARNs whose resource
 * was deleted; topics to which EventBridge may publish for any rule.
 */
export function checkWildcardPrincipals(app: AppIndex): Finding[] {
  return resourceStatements(app)
    .map((statement) => checkStatement(statement, app))
    .filter((finding) => finding !== undefined);
}

/** Warns only of statements that may allow any AWS account. The check `untrustedPrincipal` reports those that do. */
export function checkUnknownPrincipals(app: AppIndex): Finding[] {
  return resourceStatements(app)
    .filter(({ statement }) => app.accessOf(statement).access === 'unknown')
    .map((statement) => unknownPrincipalFinding(statement, app.accessOf(statement.statement).reason));
}

function checkStatement(statement: ResourceStatement, app: AppIndex): Finding | undefined {
  const { access, reason } = app.accessOf(statement.statement);
  if (access === 'unknown') return unknownPrincipalFinding(statement, reason);
  return access === 'public' && !isDefaultTopicStatement(statement)
    ? publicPrincipalFinding(statement, reason)
    : undefined;
}

function publicPrincipalFinding(statement: ResourceStatement, reason: string): Finding {
  const { construct, id, kind, resourceArn } = statement;
  const problem = `statement '${displayText(id)}' allows any AWS account to ${describeAccess(statement)}`;
  const fix = kind.restrictPrincipals + (isFromSqsQueueTarget(statement) ? OR_SET_FEATURE_FLAG : '');
  const text = { problem, reason: displayText(reason), fix };
  return warningFinding(FindingId.WILDCARD_PRINCIPAL, construct, text, resourceArn);
}

export function unknownPrincipalFinding(statement: ResourceStatement, reason: string): Finding {
  const { construct, id, kind, resourceArn } = statement;
  const problem =
    `cannot determine at synthesis which principals statement '${displayText(id)}' allows to ` +
    describeAccess(statement);
  const text = { problem, reason: displayText(reason), fix: kind.restrictPrincipals };
  return warningFinding(FindingId.WILDCARD_PRINCIPAL, construct, text, resourceArn);
}

/** Whether a statement has the form that the `SqsQueue` target of the CDK adds to a queue with a KMS key. */
function isFromSqsQueueTarget({ kind, statement }: ResourceStatement): boolean {
  return kind.noun === 'queue' && isObject(statement) && isUnconditionalForEventBridge(statement);
}

const OR_SET_FEATURE_FLAG =
  ", or set the feature flag '@aws-cdk/aws-events:eventsTargetQueueSameAccount' if the target SqsQueue of the CDK " +
  'adds the statement';
