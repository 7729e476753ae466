import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import { allowsOtherAccounts } from './resource-statements';
import { parseStringMatch } from './string-operators';
import { AppIndex } from '../../app-model/app-index';
import { Rule } from '../../app-model/app-model';
import { AccessAnalysis } from '../../iam/access-analysis';
import { accountOf } from '../../iam/arn';
import { ConditionEntry, entriesOf, isEventKey } from '../../iam/conditions';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { Ternary, every } from '../../iam/ternary';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { memoize } from '../../util/memoize';

/**
 * Warns of rules that match events from any account, on buses on which an organization or any AWS account can publish
 * any event.
 *
 * Blind spots: statements of other apps; accounts that a policy lists one by one, however many; `anything-but`, which
 * excludes only known accounts.
 */
export function checkRuleWithoutAccount(app: AppIndex): Finding[] {
  const openStatementOn = memoize((eventBusArn: string) => findOpenStatement(app, eventBusArn));
  const findings: Finding[] = [];
  for (const rule of app.model.rules) {
    const { eventBusArn, pattern, enabled } = rule;
    if (!enabled || pattern === null) continue;
    const restricted = restrictsAccounts(pattern);
    if (restricted === true) continue;
    const openStatement = openStatementOn(eventBusArn);
    if (openStatement) findings.push(finding(rule, restricted, openStatement));
  }
  return findings;
}

/** A statement that allows many publishers any event. */
interface OpenStatement {
  readonly id: string;
  /** `any AWS account`, or the names of organizations. */
  readonly publishers: string;
}

function finding(rule: Rule, restricted: Ternary, { id, publishers }: OpenStatement): Finding {
  const matchesAnyAccount =
    `rule '${displayText(rule.name)}' matches events from any account, so that publishers can impersonate each ` +
    'other';
  const text = {
    problem:
      restricted === undefined ? `cannot determine at synthesis whether ${matchesAnyAccount}` : matchesAnyAccount,
    reason:
      `statement '${displayText(id)}' of the bus policy allows ${displayText(publishers)} to call events:PutEvents ` +
      'with any source and detail type',
    fix: "add 'account' to the pattern, or a condition on 'events:source' to the statement",
  };
  return warningFinding(FindingId.RULE_MATCHES_ANY_ACCOUNT, rule.construct, text, rule.eventBusArn);
}

function findOpenStatement(app: AppIndex, eventBusArn: string): OpenStatement | undefined {
  for (const { id, statement, resourceArn } of app.statementsOn(eventBusArn)) {
    if (!isObject(statement) || !allowsPutEvents(statement)) continue;
    if (entriesOf(statement.Condition).some(restrictsEvents)) continue;
    const publishers = describeOpenPublishers(app.accessOf(statement), accountOf(resourceArn));
    if (publishers !== undefined) return { id, publishers };
  }
  return undefined;
}

/** The publishers that are allowed without a list of their accounts; undefined if the accounts are listed. */
function describeOpenPublishers(analysis: AccessAnalysis, owner: string): string | undefined {
  if (analysis.access === 'public') return 'any AWS account';
  const organizations = analysis.restrictions.map(({ principals }) =>
    principals.filter(({ organization }) => organization !== undefined),
  );
  const isByOrganization = organizations.length > 0 && organizations.every((members) => members.length > 0);
  if (!isByOrganization || !allowsOtherAccounts(analysis, owner)) return undefined;
  return organizations[0].map(({ name }) => name).join(', ');
}

function allowsPutEvents({ Action, NotAction }: { readonly [element: string]: Json }): boolean {
  const matchesPutEvents = (action: string) => actionMatches(action, 'events:PutEvents') === true;
  return NotAction === undefined ? toList(Action).some(matchesPutEvents) : !toList(NotAction).some(matchesPutEvents);
}

/** Whether a condition restricts the source or detail type of events. */
function restrictsEvents({ operator, key, values }: ConditionEntry): boolean {
  return parseStringMatch(operator)?.ifExists === false && isEventKey(key) && values.every((value) => value !== '*');
}

/** Whether a pattern matches only events from given accounts. */
function restrictsAccounts(pattern: Json): Ternary {
  if (!isObject(pattern)) return typeof pattern === 'string' && !hasUnresolved(pattern) ? false : undefined;
  const { account, $or: branches } = pattern;
  if (account !== undefined) return Array.isArray(account) ? !account.some(matchesAnyAccountId) : undefined;
  if (branches === undefined) return false;
  if (!Array.isArray(branches)) return undefined;
  return branches.length > 0 && every(branches, restrictsAccounts);
}

/** Whether a value of a pattern matches the id of any account. */
function matchesAnyAccountId(value: Json): boolean {
  if (!isObject(value)) return false;
  const { exists, prefix, suffix, wildcard } = value;
  return exists === true || prefix === '' || suffix === '' || (typeof wildcard === 'string' && /^\*+$/.test(wildcard));
}
