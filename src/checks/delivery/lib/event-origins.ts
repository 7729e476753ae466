import { overlap } from './events';
import { allowsPutEvents, authorizePutEvents, putEventsCall } from './put-events';
import { isRuleRole } from './trusted-principals';
import { AppIndex } from '../../../app-model/app-index';
import { EventBus, Rule } from '../../../app-model/app-model';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { accountOf } from '../../../iam/arn';
import { anyPrincipalContext } from '../../../iam/condition-keys';
import { evaluate } from '../../../iam/evaluate';
import { Json, denies, isObject } from '../../../iam/statement';
import { ANYTHING, hasUnresolved } from '../../../iam/unresolved-text';
import { evaluateServiceCall, servicesOf } from '../service-publishers';

/** Whether the policy of a bus may allow a principal in an account to put an event, directly or by a rule. */
export function mayPut(policy: readonly Json[], bus: EventBus, event: EventEnvelope, account: string): boolean {
  return [true, false].some((byRule) => mayPutBy(policy, bus.arn, event, account, byRule));
}

/** Whether statements of a bus policy may allow a principal in an account to put an event in one of the two ways. */
export function mayPutBy(
  policy: readonly Json[],
  busArn: string,
  event: EventEnvelope,
  account: string,
  byRule: boolean,
): boolean {
  const call = putEventsCall(busArn, event, { byRule, assumeUnknownMatches: true });
  const context = [call.context ?? {}, anyPrincipalContext(account)];
  return evaluate(policy, { ...call, principalArn: ANYTHING, account, context }).decision !== 'denied';
}

/** The statements in the policy of a bus, and those that may be in it and allow something. */
export function possiblePolicyOf(app: AppIndex, { arn }: EventBus): readonly Json[] {
  const possible = app.possibleStatementsOn(arn).map(({ statement }) => statement);
  return [...app.policyOn(arn).statements, ...possible.filter((statement) => !denies(statement))];
}

/** Whether the policy of a bus may allow an AWS service to put one of the events. These can be from any account. */
export function mayServicePut(app: AppIndex, bus: EventBus, events: EventEnvelope[]): boolean {
  return app
    .statementsOn(bus.arn)
    .concat(app.possibleStatementsOn(bus.arn))
    .filter(({ statement }) => allowsPutEvents(statement))
    .some((statement) =>
      servicesOf(statement.statement).some((service) =>
        events.some((event) => evaluateServiceCall(app, statement, service, event).decision !== 'denied'),
      ),
    );
}

/** Whether a rule in the account of the bus forwards events to it. The bus policy is not needed for these. */
export function receivesForwardedEvents(app: AppIndex, bus: EventBus): boolean {
  return app.rulesTo(bus.arn).some(({ eventBusArn }) => accountOf(eventBusArn) === bus.account);
}

/**
 * Whether events that an account published may be on a bus: put there by the account or by a service, or forwarded by a
 * rule of this app. An event keeps the account of its publisher when rules forward it.
 *
 * @param pattern what the events match
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export function mayCarryEventsOf(
  app: AppIndex,
  bus: EventBus,
  { account, pattern, events }: { account: string; pattern: Json; events: EventEnvelope[] },
  visited: ReadonlySet<string> = new Set(),
): boolean {
  const { conflicting } = app.policyOn(bus.arn);
  const statements = possiblePolicyOf(app, bus);
  if (conflicting || account === bus.account || hasUnresolved(bus.account)) return true;
  if (events.some((event) => mayPutBy(statements, bus.arn, event, account, false))) return true;
  if (mayServicePut(app, bus, events)) return true;
  const published = isObject(pattern) ? { ...pattern, account: [account] } : pattern;
  return app.rulesTo(bus.arn).some((rule) => {
    if (!rule.enabled || overlap(rule.pattern, published) === false) return false;
    const origin = app.bus(rule.eventBusArn);
    if (!origin) return true;
    if (visited.has(origin.arn)) return false;
    return mayCarryEventsOf(app, origin, { account, pattern, events }, new Set([...visited, bus.arn]));
  });
}

/** How likely rules that are not defined in this app forward events to a bus, in ascending order. */
const LIKELIHOODS = ['none', 'unlikely', 'possible'] as const;

export type UnknownForwarding = (typeof LIKELIHOODS)[number];

/**
 * Whether rules of other accounts that are not defined in this app may forward events to a bus, directly or over
 * another bus in its account. It is unlikely if this app defines a publisher in each account that the policy allows.
 */
export function unknownForwarding(
  app: AppIndex,
  bus: EventBus,
  events: EventEnvelope[],
  visited: ReadonlySet<string> = new Set(),
): UnknownForwarding {
  const seen = new Set([...visited, bus.arn]);
  const relays = app.rulesTo(bus.arn).map(({ eventBusArn }) => app.bus(eventBusArn));
  const overRelays = relays
    .filter((relay) => relay !== undefined)
    .filter(({ arn, account }) => account === bus.account && !seen.has(arn))
    .map((relay) => unknownForwarding(app, relay, events, seen));
  const likelihoods = [directForwarding(app, bus, events), ...overRelays];
  return LIKELIHOODS[Math.max(...likelihoods.map((likelihood) => LIKELIHOODS.indexOf(likelihood)))];
}

function directForwarding(app: AppIndex, bus: EventBus, events: EventEnvelope[]): UnknownForwarding {
  const { statements } = app.policyOn(bus.arn);
  const mayForward = (policy: readonly Json[], account: string) =>
    events.some((event) => mayPutBy(policy, bus.arn, event, account, true));
  if (!mayForward(statements, ANYTHING)) return 'none';
  const isExplained = statements
    .filter((statement) => mayForward([statement], ANYTHING))
    .map((statement) => listedAccountsOf(app, statement))
    .every((accounts) =>
      accounts?.every((account) => !mayForward(statements, account) || definesPublisherIn(app, bus, account)),
    );
  return isExplained ? 'unlikely' : 'possible';
}

/** The accounts that a statement lists; undefined if it allows others too, such as those of an organization. */
function listedAccountsOf(app: AppIndex, statement: Json): string[] | undefined {
  const { access, restrictions } = app.accessOf(statement);
  if (access === 'none') return [];
  const lists = restrictions.map(({ principals }) => principals.map(({ account }) => account));
  return lists.find((accounts): accounts is string[] => accounts.every((account) => account !== undefined));
}

/** Whether this app defines a role, user or rule in an account that puts events on a bus. */
function definesPublisherIn(app: AppIndex, bus: EventBus, account: string): boolean {
  if (account === bus.account) return true;
  const isRuleThere = ({ arn }: Rule) => accountOf(arn) === account;
  if (app.rulesTo(bus.arn).some(isRuleThere)) return true;
  return app.identitiesIn(account).some((identity) => {
    if (isRuleRole(identity)) return false;
    return authorizePutEvents(app, identity, bus.arn, {}, { assumeUnknownMatches: true }).decision !== 'denied';
  });
}
