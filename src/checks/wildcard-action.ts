import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, actionsOf, busStatements, functionStatements, letsOthersIn, thing } from './resource-statements';
import { isOnRulesAlone, managesRules } from './rule-management-creator';
import { World } from './world';
import { accountOf } from '../policy/arn';
import { standsFor } from '../policy/matching';
import { Json, isObject } from '../policy/statement';
import { hasUnknown, readable } from '../policy/text';

/**
 * Statements on buses and functions that allow other accounts and services more than anybody listed.
 *
 * Blind spots: wildcards in actions that only read; a statement for principals of the own account; queues and topics.
 */
export function wildcardActions(world: World): Finding[] {
  return [...busStatements(world), ...functionStatements(world)].flatMap((statement) => judge(statement, world));
}

function judge(judged: ResourceStatement, world: World): Finding[] {
  const { construct, id, statement, kind } = judged;
  const wide = wideActions(judged);
  if (wide.length === 0 || !(isForService(statement) || letsOthersIn(world.openness(statement), accountOf(judged.of)))) return [];
  const told = wide.some(hasUnknown)
    ? `it cannot be told at synth which actions statement '${readable(id)}' allows on ${thing(judged)}: ${readable(wide.join(', '))}`
    : `statement '${readable(id)}' allows others than the account of ${thing(judged)} ${wide.join(', ')} there, which is more than to ${PURPOSE[kind.thing]}`;
  return [{ id: FindingId.WILDCARD_ACTION, level: 'warning', construct, message: `${told}; name the actions, such as '${kind.action}'` }];
}

const PURPOSE: { readonly [thing: string]: string } = {
  bus: 'put events: rules, targets and the bus itself can be changed too',
  function: 'invoke it: its code, settings and permissions can be changed too',
};

/** The actions of a statement that stand for more than one thing to do. */
function wideActions({ statement, kind }: ResourceStatement): string[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  if (statement.NotAction !== undefined) return ['everything but its NotAction'];
  return actionsOf(statement).filter((action) => hasUnknown(action) || (/[*?]/.test(action) && isWide(action, kind.thing, statement)));
}

/** What only reads, or is another spelling of the usual actions, is not. What is about rules alone hangs on who made them. */
function isWide(action: string, on: string, statement: Json): boolean {
  const [, service, name] = /^(?:([^:]*):)?(.*)$/s.exec(action.toLowerCase())!;
  if (service !== undefined && service !== '*' && service !== (on === 'function' ? 'lambda' : 'events')) return false;
  if (on === 'function') return !/^(invoke|get|list)/.test(name);
  if (/^(putevent|describe|list|get|test)/.test(name)) return false;
  return !managesRules(action) || (standsFor(action, 'events:PutEvents') === true && !isOnRulesAlone(statement));
}

function isForService(statement: Json): boolean {
  return isObject(statement) && statement.Effect === 'Allow' && isObject(statement.Principal) && statement.Principal.Service !== undefined;
}
