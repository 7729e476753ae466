import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import { isForService } from './event-statements';
import {
  ResourceStatement,
  actionsOf,
  allowsOtherAccounts,
  describeResource,
  eventStatements,
} from './resource-statements';
import { allowsRuleManagement, appliesToRulesOnly } from './rule-management-creator';
import { AppIndex } from '../../app-model/app-index';
import { accountOf } from '../../iam/arn';
import { actionMatches } from '../../iam/matching';
import { Json, isObject } from '../../iam/statement';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { TargetKind } from '../engine/target-kinds';

/**
 * Warns of statements on buses and functions that allow other accounts or services actions that are not listed.
 *
 * Blind spots: wildcards that match only read actions; statements for principals of the same account; queues and
 * topics; services other than EventBridge on functions.
 */
export function checkWildcardActions(app: AppIndex): Finding[] {
  return eventStatements(app)
    .filter(({ kind }) => kind.noun in CHANGEABLE_PARTS)
    .map((statement) => checkStatement(statement, app))
    .filter((finding) => finding !== undefined);
}

function checkStatement(resourceStatement: ResourceStatement, app: AppIndex): Finding | undefined {
  const { statement, resourceArn } = resourceStatement;
  const actions = broadActions(resourceStatement);
  if (actions.length === 0) return undefined;
  if (!isForService(statement) && !allowsOtherAccounts(app.accessOf(statement), accountOf(resourceArn))) {
    return undefined;
  }
  return wildcardFinding(resourceStatement, actions);
}

function wildcardFinding(resourceStatement: ResourceStatement, actions: string[]): Finding {
  const { construct, id, kind, resourceArn } = resourceStatement;
  const statement = `statement '${displayText(id)}'`;
  const resource = describeResource(resourceStatement);
  const unresolved = actions.filter(hasUnresolved);
  const fix = `list the actions needed, such as '${kind.action}'`;
  const text =
    unresolved.length > 0
      ? {
          problem: `cannot determine at synthesis which actions ${statement} allows on ${resource}`,
          reason: `action ${displayText(unresolved.join(', '))} is known only at deployment`,
          fix,
        }
      : {
          problem:
            `${statement} allows other accounts or services to call ${actions.join(', ')} on ${resource}, ` +
            `which can include changing ${CHANGEABLE_PARTS[kind.noun]}`,
          fix,
        };
  return warningFinding(FindingId.WILDCARD_ACTION, construct, text, resourceArn);
}

const CHANGEABLE_PARTS: { readonly [noun: string]: string } = {
  bus: 'rules, targets and the bus',
  function: 'its code, settings and permissions',
};

/** The actions of a statement that are unresolved or match more than one purpose. */
function broadActions({ statement, kind }: ResourceStatement): string[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  if (statement.NotAction !== undefined) return ["all actions but those in 'NotAction'"];
  return actionsOf(statement).filter(
    (action) => hasUnresolved(action) || (/[*?]/.test(action) && isBroad(action, kind, statement)),
  );
}

/**
 * Whether an action with wildcards matches more than read actions and the actions that deliver events. If it matches
 * only actions on rules, `creatorAccountConditionMissing` checks it.
 */
function isBroad(action: string, kind: TargetKind, statement: Json): boolean {
  const [, service, name] = /^(?:([^:]*):)?(.*)$/s.exec(action.toLowerCase())!;
  const isFunction = kind.noun === 'function';
  if (service !== undefined && service !== '*' && service !== (isFunction ? 'lambda' : 'events')) return false;
  if (isFunction) return !/^(invoke|get|list)/.test(name);
  if (/^(putevent|describe|list|get|test)/.test(name)) return false;
  if (!allowsRuleManagement(action)) return true;
  return actionMatches(action, 'events:PutEvents') === true && !appliesToRulesOnly(statement);
}
