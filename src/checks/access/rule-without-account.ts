import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import { parseStringMatch } from './string-operators';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement, Rule } from '../../app-model/app-model';
import { ConditionEntry, entriesOf, isEventKey } from '../../iam/conditions';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { Ternary, every } from '../../iam/ternary';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { unsatisfiableReasons } from '../../iam/unsatisfiable-conditions';
import { groupedBy } from '../../util/group-by';

/**
 * Warns of rules that match events from any account, on buses on which any AWS account can publish any event. One
 * warning for each bus, on its first such rule.
 *
 * An organization is a boundary that the owner of the bus chose, so its accounts are not reported. Nor are patterns for
 * events of AWS services only: no account can publish with such a source.
 *
 * Blind spots: statements of other apps; accounts that a policy lists one by one, however many; `anything-but`, which
 * excludes only known accounts; rules of other accounts that forward events of AWS services.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 */
export function checkRuleWithoutAccount(app: AppIndex): Finding[] {
  const findings: Finding[] = [];
  for (const [eventBusArn, rules] of groupedBy(app.evaluated.rules, (rule) => rule.eventBusArn)) {
    const unrestricted = unrestrictedRulesOf(rules);
    const openStatement = unrestricted && findOpenStatement(app, eventBusArn);
    if (openStatement) findings.push(finding(unrestricted, openStatement));
  }
  return findings;
}

/** The rules on a bus that match events from any account, or may do so. */
interface UnrestrictedRules {
  readonly rules: Rule[];
  readonly certain: boolean;
}

/** The rules that certainly match events from any account or, if there are none, those that may. */
function unrestrictedRulesOf(rules: Rule[]): UnrestrictedRules | undefined {
  const matching = rules.filter(({ enabled, pattern }) => enabled && pattern !== null);
  const certain = matching.filter(({ pattern }) => restrictsPublishers(pattern) === false);
  if (certain.length > 0) return { rules: certain, certain: true };
  const possible = matching.filter(({ pattern }) => restrictsPublishers(pattern) === undefined);
  return possible.length > 0 ? { rules: possible, certain: false } : undefined;
}

function finding({ rules, certain }: UnrestrictedRules, statement: ResourcePolicyStatement): Finding {
  const [{ construct, eventBusArn }] = rules;
  const isSingle = rules.length === 1;
  const matchesAnyAccount =
    `${describeRules(rules)} ${isSingle ? 'matches' : 'match'} events from any account, so that publishers can ` +
    'impersonate each other';
  const text = {
    problem: certain ? matchesAnyAccount : `cannot determine at synthesis whether ${matchesAnyAccount}`,
    reason:
      `statement '${displayText(statement.id)}' of the bus policy allows any AWS account to call events:PutEvents ` +
      'with any source and detail type',
    fix: `add 'account' to the ${isSingle ? 'pattern' : 'patterns'}, or ${restrictSource(statement)}`,
  };
  return warningFinding(FindingId.RULE_MATCHES_ANY_ACCOUNT, construct, text, displayText(eventBusArn));
}

/** The fix in the statement. Without `Statement`, a statement cannot have a condition on the source. */
function restrictSource({ shortForm }: ResourcePolicyStatement): string {
  const condition = "a condition on 'events:source'";
  return shortForm
    ? `use 'Statement' in place of 'Action', 'Principal' and 'Condition', with ${condition}`
    : `${condition} to the statement`;
}

/** How many rules a message names. */
const NAMED_RULES = 3;

function describeRules(rules: Rule[]): string {
  const names = rules.slice(0, NAMED_RULES).map(({ name }) => `'${displayText(name)}'`);
  const more = rules.length > NAMED_RULES ? ` and ${rules.length - NAMED_RULES} more` : '';
  return `${rules.length === 1 ? 'rule' : 'rules'} ${names.join(', ')}${more}`;
}

/** A statement that allows any AWS account to put any event. */
function findOpenStatement(app: AppIndex, eventBusArn: string): ResourcePolicyStatement | undefined {
  for (const entry of app.statementsOn(eventBusArn)) {
    const { statement } = entry;
    if (!isObject(statement) || !allowsPutEvents(statement)) continue;
    // A condition that never matches is reported by itself.
    if (entriesOf(statement.Condition).some(restrictsEvents) || unsatisfiableReasons(statement).length > 0) continue;
    if (app.accessOf(statement).access === 'public') return entry;
  }
  return undefined;
}

function allowsPutEvents({ Action, NotAction }: { readonly [element: string]: Json }): boolean {
  const matchesPutEvents = (action: string) => actionMatches(action, 'events:PutEvents') === true;
  return NotAction === undefined ? toList(Action).some(matchesPutEvents) : !toList(NotAction).some(matchesPutEvents);
}

/** Whether a condition restricts the source or detail type of events. */
function restrictsEvents({ operator, key, values }: ConditionEntry): boolean {
  return parseStringMatch(operator)?.ifExists === false && isEventKey(key) && values.every((value) => value !== '*');
}

/** Whether a pattern matches only events from given accounts, or from AWS services. */
function restrictsPublishers(pattern: Json): Ternary {
  if (!isObject(pattern)) return typeof pattern === 'string' && !hasUnresolved(pattern) ? false : undefined;
  const { account, source, $or: branches } = pattern;
  if (source !== undefined && isForServicesOnly(source)) return true;
  if (account !== undefined) return Array.isArray(account) ? !account.some(matchesAnyAccountId) : undefined;
  if (branches === undefined) return false;
  if (!Array.isArray(branches)) return undefined;
  return branches.length > 0 && every(branches, restrictsPublishers);
}

/** Whether a `source` matches only events of AWS services. Only these can have a source that begins with `aws.`. */
function isForServicesOnly(source: Json): boolean {
  return Array.isArray(source) && source.length > 0 && source.every(isServiceSource);
}

function isServiceSource(value: Json): boolean {
  const { prefix, wildcard } = isObject(value) ? value : {};
  return [value, prefix, wildcard].some((text) => typeof text === 'string' && text.startsWith('aws.'));
}

/** Whether a value of a pattern matches the ID of any account. */
function matchesAnyAccountId(value: Json): boolean {
  if (!isObject(value)) return false;
  const { exists, prefix, suffix, wildcard } = value;
  return exists === true || prefix === '' || suffix === '' || (typeof wildcard === 'string' && /^\*+$/.test(wildcard));
}
