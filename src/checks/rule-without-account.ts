import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { letsOthersIn } from './resource-statements';
import { World } from './world';
import { PolicyStatement, Rule } from '../model/app-model';
import { accountOf } from '../policy/arn';
import { entriesOf, isOfEvents } from '../policy/conditions';
import { standsFor } from '../policy/matching';
import { Json, isObject, listOf } from '../policy/statement';
import { hasUnknown, readable } from '../policy/text';

/**
 * Rules that take events of any account, on buses where many may publish anything.
 *
 * Blind spots: statements of other apps; accounts that are named one by one, however many; `anything-but`, which leaves out accounts that are known.
 */
export function rulesWithoutAccount(world: World): Finding[] {
  const doors = new Map<string, Door | undefined>();
  return world.model.rules.flatMap((rule) => {
    const { eventBusArn, pattern, enabled } = rule;
    if (!enabled || pattern === null || namesAccounts(pattern) === true) return [];
    if (!doors.has(eventBusArn)) doors.set(eventBusArn, doorOf(world, world.statementsOn(eventBusArn)));
    const door = doors.get(eventBusArn);
    return door ? [finding(rule, door)] : [];
  });
}

/** A statement that lets in many. */
interface Door {
  readonly id: string;
  readonly who: string;
}

function finding({ construct, name, pattern }: Rule, { id, who }: Door): Finding {
  const told = namesAccounts(pattern) === undefined
    ? `it cannot be told at synth whether the pattern of rule '${readable(name)}' names accounts`
    : `the pattern of rule '${readable(name)}' names no account`;
  const message = `${told}, and statement '${readable(id)}' of the bus lets ${readable(who)} publish events of any source and detail type: only the account tells from whom they are; `
    + "name the accounts in 'account' of the pattern, or the sources in a condition on 'events:source' of the statement";
  return { id: FindingId.RULE_WITHOUT_ACCOUNT, level: 'warning', construct, message };
}

function doorOf(world: World, statements: readonly PolicyStatement[]): Door | undefined {
  for (const one of statements) {
    const { statement } = one;
    if (!isObject(statement) || !publishes(statement) || limitsEvents(statement.Condition)) continue;
    const openness = world.openness(statement);
    if (openness.to === 'anyone') return { id: one.id, who: 'callers of every AWS account' };
    const organizations = openness.bounds.map(({ callers }) => callers.filter(({ organization }) => organization !== undefined));
    if (organizations.length > 0 && organizations.every((members) => members.length > 0) && letsOthersIn(openness, accountOf(one.of))) {
      return { id: one.id, who: organizations[0].map(({ name }) => name).join(', ') };
    }
  }
  return undefined;
}

function publishes({ Action, NotAction }: { readonly [key: string]: Json }): boolean {
  if (NotAction !== undefined) return !listOf(NotAction).some((action) => standsFor(action, 'events:PutEvents'));
  return listOf(Action).some((action) => standsFor(action, 'events:PutEvents'));
}

/** Whether a condition says what may be published, in whichever way. */
function limitsEvents(condition: Json | undefined): boolean {
  return entriesOf(condition).some(({ operator, key, values }) => (
    /^(for(any|all)values:)?string(equals|equalsignorecase|like)$/i.test(operator) && isOfEvents(key) && values.every((v) => v !== '*')));
}

/** Whether a pattern takes events of given accounts alone: undefined when only deployment tells. */
function namesAccounts(pattern: Json): boolean | undefined {
  if (!isObject(pattern)) return typeof pattern === 'string' && !hasUnknown(pattern) ? false : undefined;
  if (pattern.account !== undefined) return Array.isArray(pattern.account) ? !pattern.account.some(isAnyAccount) : undefined;
  const branches = pattern.$or;
  if (!Array.isArray(branches) || branches.length === 0) return branches === undefined || Array.isArray(branches) ? false : undefined;
  const verdicts = branches.map(namesAccounts);
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

/** Values of a pattern that every account has. */
function isAnyAccount(value: Json): boolean {
  if (!isObject(value)) return false;
  return value.exists === true || value.prefix === '' || value.suffix === '' || /^\*+$/.test(typeof value.wildcard === 'string' ? value.wildcard : '');
}
