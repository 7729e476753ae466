import { accountOf } from './calls';
import { eventsAskedFor, nameOfEvent } from './events';
import { putCall } from './paths';
import { FindingId } from '../../finding-id';
import { Rule } from '../../model/app-model';
import { patternFault } from '../../policy/pattern-faults';
import { ANYTHING, answer } from '../../policy/request';
import { Json, isObject, listOf } from '../../policy/statement';
import { hasUnknown, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Rules that wait for events which cannot come: by their pattern alone, or because the policy of the bus lets nobody put them.
 *
 * Blind spots: what publishers of the bus's own account put, beyond roles of the app; the detail of events; matchers other than exact values.
 */
export function patternsThatNeverMatch(world: World): Finding[] {
  return world.model.rules.flatMap((rule) => {
    const fault = patternFault(rule.pattern);
    if (fault !== undefined) return finding(rule, 'error', `the pattern of rule '${readable(rule.name)}' matches no event: ${fault}`);
    return fromAccounts(world, rule) ?? [];
  });
}

/** A pattern that names accounts none of which may put such events on the bus. */
function fromAccounts(world: World, rule: Rule): Finding[] | undefined {
  const bus = world.bus(rule.eventBusArn);
  const accounts = isObject(rule.pattern) ? namedAccounts(rule.pattern.account) : [];
  if (!bus || accounts.length === 0 || [bus.account, ...accounts].some(hasUnknown) || accounts.includes(bus.account)) return undefined;
  // What a rule of the same account brings may be of any account.
  const brought = ({ targets, eventBusArn }: Rule) => accountOf(eventBusArn) === bus.account && targets.some(({ arn }) => arn === bus.arn);
  if (world.model.rules.some(brought)) return undefined;
  const policy = world.statementsOn(bus.arn).map(({ statement }) => statement);
  const events = eventsAskedFor(rule.pattern);
  const may = accounts.some((account) => events.some((event) => [true, false].some((byRule) => {
    const call = putCall(bus.arn, event, { byRule, inDoubtYes: true });
    const context = { ...call.context, 'aws:principalaccount': [account], 'aws:principalarn': [ANYTHING], 'aws:principalisawsservice': ['false'] };
    return answer(policy, { ...call, principalArn: ANYTHING, account, context }).decision !== 'denied';
  })));
  if (may) return undefined;
  const of = accounts.length === 1 ? `account ${accounts[0]}` : `accounts ${accounts.join(', ')}`;
  return finding(rule, 'error', `rule '${readable(rule.name)}' waits for ${[...new Set(events.map(nameOfEvent))].slice(0, 3).join(', ')} of ${of}, which no statement of bus ${readable(bus.arn)} lets put them there; `
    + 'let them in with these sources and detail types, or correct the pattern');
}

function namedAccounts(values: Json | undefined): string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? listOf(values) : [];
}

function finding(rule: Rule, level: Finding['level'], message: string): Finding[] {
  return [{ id: FindingId.PATTERN_NEVER_MATCHES, level, construct: rule.construct, message }];
}

