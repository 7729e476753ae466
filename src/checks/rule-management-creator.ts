import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, actionsOf, busStatements, letsOthersIn, thing } from './resource-statements';
import { World } from './world';
import { accountOf } from '../policy/arn';
import { entriesOf } from '../policy/conditions';
import { standsFor } from '../policy/matching';
import { Json, isObject, listOf } from '../policy/statement';
import { OWN_ACCOUNT, hasUnknown, readable } from '../policy/text';

/**
 * Statements of bus policies that let other accounts manage rules, whoever made those.
 *
 * Blind spots: a wildcard that stands for more than rules, which `wildcardAction` tells of; rules whose creator EventBridge does not know.
 */
export function ruleManagementCreators(world: World): Finding[] {
  return busStatements(world).flatMap((statement) => judge(statement, world));
}

function judge(judged: ResourceStatement, world: World): Finding[] {
  const { construct, id, statement } = judged;
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  const actions = actionsOf(statement).filter((action) => managesRules(action) && (isOnRulesAlone(statement) || !standsFor(action, 'events:PutEvents')));
  if (actions.length === 0 || namesCreator(statement.Condition) || !letsOthersIn(world.openness(statement), accountOf(judged.of))) return [];
  const message = `statement '${readable(id)}' lets other accounts call ${actions.join(', ')} on rules of ${thing(judged)} whoever made them, `
    + "because no condition compares 'events:creatorAccount'; add StringEqualsIfExists of it with '${aws:PrincipalAccount}', or use allowRuleManagement()";
  return [{ id: FindingId.RULE_MANAGEMENT_CREATOR, level: 'warning', construct, message }];
}

/** What changes rules, and so what EventBridge does with events. */
const RULE_ACTIONS = ['putrule', 'deleterule', 'puttargets', 'removetargets', 'enablerule', 'disablerule', 'tagresource', 'untagresource'].map((name) => `events:${name}`);

/** Whether an action, which may have wildcards, stands for one that changes rules. */
export function managesRules(action: string): boolean {
  return RULE_ACTIONS.some((one) => standsFor(action, one) === true);
}

/** Whether a statement is on rules and nothing else: its wildcards stand for no other actions then. */
export function isOnRulesAlone(statement: Json): boolean {
  const resources = isObject(statement) ? listOf(statement.Resource) : [];
  return resources.length > 0 && resources.every((arn) => /:rule\//.test(arn));
}

/** Whether the creator of a rule must be the caller, or of given accounts. A rule that is being made has none yet. */
function namesCreator(condition: Json | undefined): boolean {
  return entriesOf(condition).some(({ operator, key, values }) => (
    CREATOR_OPERATORS.test(operator) && key.toLowerCase() === 'events:creatoraccount' && values.length > 0 && values.every(isCreator)));
}

const CREATOR_OPERATORS = /^(foranyvalue:)?string(equals|equalsignorecase|like)(ifexists)?$/i;

function isCreator(value: string): boolean {
  return /^(\d{12}|\$\{aws:PrincipalAccount\})$/i.test(value) || value === OWN_ACCOUNT || (hasUnknown(value) && !/[*?]/.test(value));
}
