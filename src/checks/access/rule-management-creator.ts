import { Finding, warningFinding } from '../engine/finding';
import { BUS } from '../engine/target-kinds';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  actionsOf,
  allowsOtherAccounts,
  describeResource,
  eventStatements,
} from './resource-statements';
import { parseStringMatch } from './string-operators';
import { AppIndex } from '../../app-model/app-index';
import { accountOf } from '../../iam/arn';
import { ConditionEntry, entriesOf } from '../../iam/conditions';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { OWN_ACCOUNT, hasUnresolved, displayText } from '../../iam/unresolved-text';

/**
 * Warns of statements of bus policies that allow other accounts to manage rules without a condition on the account that
 * created them.
 *
 * Blind spots: wildcards that match more than actions on rules, which `wildcardAction` reports; rules without a
 * recorded creator account.
 */
export function checkRuleManagementCreator(app: AppIndex): Finding[] {
  return eventStatements(app)
    .filter(({ kind }) => kind === BUS)
    .map((statement) => checkStatement(statement, app))
    .filter((finding) => finding !== undefined);
}

function checkStatement(resourceStatement: ResourceStatement, app: AppIndex): Finding | undefined {
  const { construct, id, statement, resourceArn } = resourceStatement;
  if (!isObject(statement) || statement.Effect !== 'Allow') return undefined;
  const actions = ruleActionsOf(statement);
  if (actions.length === 0 || entriesOf(statement.Condition).some(restrictsCreator)) return undefined;
  if (!allowsOtherAccounts(app.accessOf(statement), accountOf(resourceArn))) return undefined;
  const text = {
    problem:
      `statement '${displayText(id)}' allows other accounts to call ${actions.join(', ')} on all rules on ` +
      `${describeResource(resourceStatement)}, including rules that they did not create`,
    reason: "no condition compares 'events:creatorAccount'",
    fix:
      "add a StringEqualsIfExists condition that compares 'events:creatorAccount' with '${aws:PrincipalAccount}', " +
      'or use allowRuleManagement()',
  };
  return warningFinding(FindingId.CREATOR_ACCOUNT_CONDITION_MISSING, construct, text, resourceArn);
}

/** The actions of a statement that change rules and, unless it applies to rules only, do not also put events. */
function ruleActionsOf(statement: Json): string[] {
  const isForRules = appliesToRulesOnly(statement);
  return actionsOf(statement).filter(
    (action) => allowsRuleManagement(action) && (isForRules || !actionMatches(action, 'events:PutEvents')),
  );
}

/** Actions that change rules, and so what EventBridge does with events. */
const RULE_ACTIONS = [
  'events:PutRule',
  'events:DeleteRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:EnableRule',
  'events:DisableRule',
  'events:TagResource',
  'events:UntagResource',
];

/** Whether an action, which may have wildcards, matches one that changes rules. */
export function allowsRuleManagement(action: string): boolean {
  return RULE_ACTIONS.some((ruleAction) => actionMatches(action, ruleAction) === true);
}

/** Whether all resources of a statement are rules, so that its wildcards match no actions on anything else. */
export function appliesToRulesOnly(statement: Json): boolean {
  const resources = isObject(statement) ? toList(statement.Resource) : [];
  return resources.length > 0 && resources.every((arn) => arn.includes(':rule/'));
}

/**
 * Whether a condition requires that the calling account or given accounts created the rule. A rule that does not exist
 * yet has no creator, so `IfExists` is allowed.
 */
function restrictsCreator({ operator, key, values }: ConditionEntry): boolean {
  const parsed = parseStringMatch(operator);
  return (
    parsed !== undefined &&
    parsed.quantifier !== 'forallvalues' &&
    key.toLowerCase() === 'events:creatoraccount' &&
    values.length > 0 &&
    values.every(isCreatorAccount)
  );
}

function isCreatorAccount(value: string): boolean {
  return (
    /^(\d{12}|\$\{aws:PrincipalAccount\})$/i.test(value) ||
    value === OWN_ACCOUNT ||
    (hasUnresolved(value) && !/[*?]/.test(value))
  );
}
