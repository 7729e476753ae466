import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  actionsOf,
  busStatements,
  allowsOtherAccounts,
  describeResource,
} from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { accountOf } from '../../iam/arn';
import { entriesOf } from '../../iam/conditions';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { OWN_ACCOUNT, hasUnresolved, displayText } from '../../iam/unresolved-text';

/**
 * Statements of bus policies that let other accounts manage rules, whoever made those.
 *
 * Blind spots: a wildcard that stands for more than rules, which `wildcardAction` tells of; rules whose creator
 * EventBridge does not know.
 */
export function checkRuleManagementCreator(app: AppIndex): Finding[] {
  return busStatements(app).flatMap((statement) => checkStatement(statement, app));
}

function checkStatement(judged: ResourceStatement, app: AppIndex): Finding[] {
  const { construct, id, statement } = judged;
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  const actions = actionsOf(statement).filter(
    (action) =>
      allowsRuleManagement(action) && (appliesToRulesOnly(statement) || !actionMatches(action, 'events:PutEvents')),
  );
  if (
    actions.length === 0 ||
    namesCreator(statement.Condition) ||
    !allowsOtherAccounts(app.openness(statement), accountOf(judged.resourceArn))
  ) {
    return [];
  }
  const problem =
    `statement '${displayText(id)}' lets other accounts call ${actions.join(', ')} on rules of ` +
    `${describeResource(judged)} whoever made them, ` +
    "because no condition compares 'events:creatorAccount'";
  const fix = "add StringEqualsIfExists of it with '${aws:PrincipalAccount}', or use allowRuleManagement()";
  return [{ id: FindingId.CREATOR_ACCOUNT_CONDITION_MISSING, level: 'warning', construct, problem, fix }];
}

/** What changes rules, and so what EventBridge does with events. */
const RULE_ACTIONS = [
  'putrule',
  'deleterule',
  'puttargets',
  'removetargets',
  'enablerule',
  'disablerule',
  'tagresource',
  'untagresource',
].map((name) => `events:${name}`);

/** Whether an action, which may have wildcards, stands for one that changes rules. */
export function allowsRuleManagement(action: string): boolean {
  return RULE_ACTIONS.some((one) => actionMatches(action, one) === true);
}

/** Whether a statement is on rules and nothing else: its wildcards stand for no other actions then. */
export function appliesToRulesOnly(statement: Json): boolean {
  const resources = isObject(statement) ? toList(statement.Resource) : [];
  return resources.length > 0 && resources.every((arn) => /:rule\//.test(arn));
}

/** Whether the creator of a rule must be the caller, or of given accounts. A rule that is being made has none yet. */
function namesCreator(condition: Json | undefined): boolean {
  return entriesOf(condition).some(
    ({ operator, key, values }) =>
      CREATOR_OPERATORS.test(operator) &&
      key.toLowerCase() === 'events:creatoraccount' &&
      values.length > 0 &&
      values.every(isCreatorAccount),
  );
}

const CREATOR_OPERATORS = /^(foranyvalue:)?string(equals|equalsignorecase|like)(ifexists)?$/i;

function isCreatorAccount(value: string): boolean {
  return (
    /^(\d{12}|\$\{aws:PrincipalAccount\})$/i.test(value) ||
    value === OWN_ACCOUNT ||
    (hasUnresolved(value) && !/[*?]/.test(value))
  );
}
