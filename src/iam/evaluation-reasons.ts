import { ConditionEntry, entriesOf } from './conditions';
import { Statement, toList, toText } from './statement';
import { StatementMatch } from './statement-matching';
import { displayText, hasUnresolved } from './unresolved-text';

/** Reasons for decisions. Each is a clause that a message can contain. */

export const NO_STATEMENT_ALLOWS = 'no statement allows it';

export function allowReason(statement: Statement): string {
  return `${statementName(statement)} allows it`;
}

export function denyReason(statement: Statement): string {
  const conditions = entriesOf(statement.Condition).map(conditionText);
  const noun = conditions.length === 1 ? 'condition' : 'conditions';
  const suffix = conditions.length === 0 ? '' : ` (${noun} ${conditions.join(' and ')})`;
  return `${statementName(statement)} denies it${suffix}`;
}

/** Why a statement does not match. */
export function mismatchReason(statement: Statement, { element, condition }: StatementMatch): string {
  return condition
    ? `condition ${conditionText(condition)} of ${statementName(statement)} does not match`
    : `${statementName(statement)} does not match the ${nounOf(element)}`;
}

/** Why it is unknown whether a statement matches. */
export function unknownReason(statement: Statement, match: StatementMatch): string {
  const { element, condition } = match;
  const name = statementName(statement);
  if (element === 'Statement') return `${name} is known only at deployment`;
  if (condition) return `condition ${conditionText(condition)} of ${name} cannot be evaluated at synthesis`;
  return isUnresolved(statement, match)
    ? `the ${nounOf(element)} of ${name} is known only at deployment`
    : `the ${nounOf(element)} of ${name} cannot be evaluated at synthesis`;
}

function nounOf(element: StatementMatch['element'] = 'Statement'): string {
  return element.toLowerCase();
}

function isUnresolved(statement: Statement, { element = 'Statement' }: StatementMatch): boolean {
  return hasUnresolved(JSON.stringify([statement[element], statement[`Not${element}`]]));
}

/** `'StringEquals' on 'aws:SourceArn'`, without the key if the keys of the operator cannot be read. */
function conditionText({ operator, key }: Pick<ConditionEntry, 'operator'> & Partial<ConditionEntry>): string {
  return key === undefined ? `'${operator}'` : `'${operator}' on '${key}'`;
}

/** The statement by its ID, or by its effect and actions if it has none. */
export function statementName({ Sid, Effect, Action, NotAction }: Statement): string {
  if (typeof Sid === 'string') return `statement '${displayText(Sid)}'`;
  const actions = toList(Action ?? NotAction).map((action) => `'${displayText(action)}'`);
  if (actions.length === 0) return 'a statement';
  const listed = actions.slice(0, MAX_LISTED_ACTIONS).join(', ');
  const more = actions.length - MAX_LISTED_ACTIONS;
  const scope = Action === undefined ? 'all actions except ' : '';
  return `the ${toText(Effect)} statement on ${scope}${listed}${more > 0 ? ` and ${more} more` : ''}`;
}

const MAX_LISTED_ACTIONS = 3;
