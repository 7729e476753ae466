import { isInvalidStatement } from '../delivery/invalid-statements';
import { isChecked } from '../engine/check-runner';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  describeAccess,
  eventStatements,
  isTopicStatementForEventBridge,
} from './resource-statements';
import { featureFlagFix, restrictPrincipals } from './restrict-principals';
import { AppIndex } from '../../app-model/app-index';
import { displayText } from '../../iam/unresolved-text';

/**
 * Warns of statements that allow any AWS account, or may do so.
 *
 * Blind spots: named accounts that should not be trusted; conditions on a tag or network; source ARNs whose resource
 * was deleted; topics to which EventBridge may publish for any rule; other services that may use a function, queue or
 * topic.
 */
export function checkWildcardPrincipals(app: AppIndex, together: ReadonlySet<string>): Finding[] {
  return eventStatements(app)
    .map((statement) => checkStatement(statement, app, together))
    .filter((finding) => finding !== undefined);
}

/** Warns only of statements that may allow any AWS account. The check `untrustedPrincipal` reports those that do. */
export function checkUnknownPrincipals(app: AppIndex, together: ReadonlySet<string>): Finding[] {
  return eventStatements(app)
    .filter((statement) => !isTopicStatementForEventBridge(statement))
    .filter((statement) => app.accessOf(statement.statement).access === 'unknown')
    .filter((statement) => !isReportedAsInvalid(statement, together))
    .map((statement) => unknownPrincipalFinding(statement, app.accessOf(statement.statement).reason));
}

function checkStatement(
  statement: ResourceStatement,
  app: AppIndex,
  together: ReadonlySet<string>,
): Finding | undefined {
  if (isTopicStatementForEventBridge(statement)) return undefined;
  const { access, reason } = app.accessOf(statement.statement);
  if (access === 'unknown') {
    return isReportedAsInvalid(statement, together) ? undefined : unknownPrincipalFinding(statement, reason);
  }
  return access === 'public' ? publicPrincipalFinding(statement, reason, app) : undefined;
}

/** Whether the check `invalidStatement` reports the statement, with this check or by an aspect of its own. */
function isReportedAsInvalid(statement: ResourceStatement, together: ReadonlySet<string>): boolean {
  if (!isInvalidStatement(statement)) return false;
  return together.has(INVALID_STATEMENT) || isChecked(statement.construct, INVALID_STATEMENT);
}

const INVALID_STATEMENT = 'invalidStatement';

function publicPrincipalFinding(statement: ResourceStatement, reason: string, app: AppIndex): Finding {
  const { construct, id, resourceArn } = statement;
  const problem = `statement '${displayText(id)}' allows any AWS account to ${describeAccess(statement)}`;
  const fix = featureFlagFix(app, statement) ?? restrictPrincipals(statement);
  const text = { problem, reason: displayText(reason), fix };
  return warningFinding(FindingId.WILDCARD_PRINCIPAL, construct, text, resourceArn);
}

export function unknownPrincipalFinding(statement: ResourceStatement, reason: string): Finding {
  const { construct, id, resourceArn } = statement;
  const problem =
    `cannot determine at synthesis which principals statement '${displayText(id)}' allows to ` +
    describeAccess(statement);
  const text = { problem, reason: displayText(reason), fix: restrictPrincipals(statement) };
  return warningFinding(FindingId.WILDCARD_PRINCIPAL, construct, text, resourceArn);
}
