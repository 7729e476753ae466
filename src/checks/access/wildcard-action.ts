import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  actionsOf,
  busStatements,
  functionStatements,
  allowsOtherAccounts,
  describeResource,
} from './resource-statements';
import { appliesToRulesOnly, allowsRuleManagement } from './rule-management-creator';
import { AppIndex } from '../../app-model/app-index';
import { accountOf } from '../../iam/arn';
import { actionMatches } from '../../iam/matching';
import { Json, isObject } from '../../iam/statement';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';

/**
 * Statements on buses and functions that allow other accounts and services more than anybody listed.
 *
 * Blind spots: wildcards in actions that only read; a statement for principals of the own account; queues and topics.
 */
export function checkWildcardActions(app: AppIndex): Finding[] {
  return [...busStatements(app), ...functionStatements(app)].flatMap((statement) => checkStatement(statement, app));
}

function checkStatement(judged: ResourceStatement, app: AppIndex): Finding[] {
  const { construct, id, statement, kind } = judged;
  const wide = broadActions(judged);
  if (
    wide.length === 0 ||
    !(isForService(statement) || allowsOtherAccounts(app.openness(statement), accountOf(judged.resourceArn)))
  ) {
    return [];
  }
  const told = wide.some(hasUnresolved)
    ? `it cannot be told at synth which actions statement '${displayText(id)}' allows on ` +
      `${describeResource(judged)}: ${displayText(wide.join(', '))}`
    : `statement '${displayText(id)}' allows others than the account of ${describeResource(judged)}` +
      ` ${wide.join(', ')} there, which is more than to ${PURPOSES[kind.noun]}`;
  return [
    {
      id: FindingId.WILDCARD_ACTION,
      level: 'warning',
      construct,
      problem: told,
      fix: `name the actions, such as '${kind.action}'`,
    },
  ];
}

const PURPOSES: { readonly [thing: string]: string } = {
  bus: 'put events: rules, targets and the bus itself can be changed too',
  function: 'invoke it: its code, settings and permissions can be changed too',
};

/** The actions of a statement that stand for more than one thing to do. */
function broadActions({ statement, kind }: ResourceStatement): string[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  if (statement.NotAction !== undefined) return ['everything but its NotAction'];
  return actionsOf(statement).filter(
    (action) => hasUnresolved(action) || (/[*?]/.test(action) && isBroad(action, kind.noun, statement)),
  );
}

/**
 * What only reads, or is another spelling of the usual actions, is not. What is about rules alone hangs on who made
 * them.
 */
function isBroad(action: string, on: string, statement: Json): boolean {
  const [, service, name] = /^(?:([^:]*):)?(.*)$/s.exec(action.toLowerCase())!;
  if (service !== undefined && service !== '*' && service !== (on === 'function' ? 'lambda' : 'events')) return false;
  if (on === 'function') return !/^(invoke|get|list)/.test(name);
  if (/^(putevent|describe|list|get|test)/.test(name)) return false;
  return (
    !allowsRuleManagement(action) ||
    (actionMatches(action, 'events:PutEvents') === true && !appliesToRulesOnly(statement))
  );
}

function isForService(statement: Json): boolean {
  return (
    isObject(statement) &&
    statement.Effect === 'Allow' &&
    isObject(statement.Principal) &&
    statement.Principal.Service !== undefined
  );
}
