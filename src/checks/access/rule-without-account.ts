import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import { allowsOtherAccounts } from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement, Rule } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { entriesOf, isEventKey } from '../../iam/conditions';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';

/**
 * Rules that take events of any account, on buses where many may publish anything.
 *
 * Blind spots: statements of other apps; accounts that are named one by one, however many; `anything-but`, which leaves
 * out accounts that are known.
 */
export function checkRuleWithoutAccount(app: AppIndex): Finding[] {
  const doors = new Map<string, OpenStatement | undefined>();
  return app.model.rules.flatMap((rule) => {
    const { eventBusArn, pattern, enabled } = rule;
    if (!enabled || pattern === null || namesAccounts(pattern) === true) return [];
    if (!doors.has(eventBusArn)) doors.set(eventBusArn, findOpenStatement(app, app.statementsOn(eventBusArn)));
    const door = doors.get(eventBusArn);
    return door ? [finding(rule, door)] : [];
  });
}

/** A statement that lets in many. */
interface OpenStatement {
  readonly id: string;
  readonly who: string;
}

function finding({ construct, name, pattern }: Rule, { id, who }: OpenStatement): Finding {
  const told =
    namesAccounts(pattern) === undefined
      ? `it cannot be told at synth whether the pattern of rule '${displayText(name)}' names accounts`
      : `the pattern of rule '${displayText(name)}' names no account`;
  const problem =
    `${told}, and statement '${displayText(id)}' of the bus lets ${displayText(who)} publish ` +
    'events of any source and detail type: only the account tells from whom they are';
  const fix =
    "name the accounts in 'account' of the pattern, or the sources in a condition on 'events:source' of the statement";
  return { id: FindingId.RULE_MATCHES_ANY_ACCOUNT, level: 'warning', construct, problem, fix };
}

function findOpenStatement(app: AppIndex, statements: readonly ResourcePolicyStatement[]): OpenStatement | undefined {
  for (const one of statements) {
    const { statement } = one;
    if (!isObject(statement) || !allowsPutEvents(statement) || restrictsEvents(statement.Condition)) continue;
    const openness = app.openness(statement);
    if (openness.access === 'public') return { id: one.id, who: 'callers of every AWS account' };
    const organizations = openness.restrictions.map(({ principals }) =>
      principals.filter(({ organization }) => organization !== undefined),
    );
    if (
      organizations.length > 0 &&
      organizations.every((members) => members.length > 0) &&
      allowsOtherAccounts(openness, accountOf(one.resourceArn))
    ) {
      return { id: one.id, who: organizations[0].map(({ name }) => name).join(', ') };
    }
  }
  return undefined;
}

function allowsPutEvents({ Action, NotAction }: { readonly [key: string]: Json }): boolean {
  if (NotAction !== undefined) return !toList(NotAction).some((action) => actionMatches(action, 'events:PutEvents'));
  return toList(Action).some((action) => actionMatches(action, 'events:PutEvents'));
}

/** Whether a condition says what may be published, in whichever way. */
function restrictsEvents(condition: Json | undefined): boolean {
  return entriesOf(condition).some(
    ({ operator, key, values }) =>
      /^(for(any|all)values:)?string(equals|equalsignorecase|like)$/i.test(operator) &&
      isEventKey(key) &&
      values.every((v) => v !== '*'),
  );
}

/** Whether a pattern takes events of given accounts alone: undefined when only deployment tells. */
function namesAccounts(pattern: Json): boolean | undefined {
  if (!isObject(pattern)) return typeof pattern === 'string' && !hasUnresolved(pattern) ? false : undefined;
  if (pattern.account !== undefined) {
    return Array.isArray(pattern.account) ? !pattern.account.some(isAnyAccount) : undefined;
  }
  const branches = pattern.$or;
  if (!Array.isArray(branches) || branches.length === 0) {
    return branches === undefined || Array.isArray(branches) ? false : undefined;
  }
  const verdicts = branches.map(namesAccounts);
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

/** Values of a pattern that every account has. */
function isAnyAccount(value: Json): boolean {
  if (!isObject(value)) return false;
  return (
    value.exists === true ||
    value.prefix === '' ||
    value.suffix === '' ||
    /^\*+$/.test(typeof value.wildcard === 'string' ? value.wildcard : '')
  );
}
