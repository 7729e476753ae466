import { CrossAccountEvaluation, nounOf, withPolicyName } from './lib/authorize';
import { allowOnBus, allowOnOtherBus, isForOtherRules } from './lib/bus-grants';
import { forEvents } from './lib/events';
import { explainUnknown, remedyFor } from './lib/remedies';
import { correctPublisher, misspelledPublisher, namedInstead } from './lib/similar-publishers';
import { AppIndex } from '../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { pathOf } from '../engine/construct-names';
import { FindingText } from '../engine/finding';
import { BUS } from '../engine/target-kinds';

/** The texts of findings about publishers. */

/** The evaluation of a call of `events:PutEvents` for an event. */
export interface EventEvaluation extends CrossAccountEvaluation {
  readonly event: EventEnvelope;
  /** The ARN of the rule for which the call is made, if it is known. */
  readonly ruleArn?: string;
}

/** @param toAllow the events that the fix allows: with those that are denied, others that the same call may put */
export function accessDenied(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  denied: EventEvaluation[],
  toAllow: readonly EventEvaluation[] = denied,
): FindingText {
  const [evaluation] = denied;
  const noun = nounOf(identity);
  const events = toAllow.map(({ event }) => event);
  const { ruleArn } = evaluation;
  const isForRules = isForOtherRules(evaluation);
  const isDirect = isForRules && ruleArn === undefined;
  const allow =
    evaluation.policyType === 'resource'
      ? allowOnBus(app, identity, busArn, events, isForRules ? ruleArn : undefined)
      : allowInIdentityPolicy(app, identity, busArn, evaluation);
  const { reason } = withPolicyName(evaluation, busArn, noun);
  const misspelled = misspelledPublisher(app, identity, busArn, evaluation);
  if (misspelled) {
    return {
      problem: notAllowed(identity, busArn, denied),
      reason: namedInstead(misspelled, identity),
      fix: `${correctPublisher(app, identity, misspelled)}, or ${allow}`,
    };
  }
  return {
    problem: notAllowed(identity, busArn, denied),
    reason: displayText(isForRules ? `${reason} ${ruleArn ?? DIRECT_CALL}` : reason),
    fix: remedyFor(evaluation, 'principal', isDirect ? `${FORWARD}, or ${allow}` : allow),
  };
}

/** What a condition on the rule does not match, after "does not match". */
const DIRECT_CALL = "a call of PutEvents: only events that rules forward have an 'aws:SourceArn'";

const FORWARD = 'forward the events with a rule that the bus policy allows';

function allowInIdentityPolicy(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  { isBoundary, unmatchedKey }: EventEvaluation,
): string {
  const boundary = isBoundary ? app.managedPolicy(identity.boundaryArn ?? '') : undefined;
  const policies = `the policies of the ${nounOf(identity)}`;
  const place = boundary ? `permissions boundary '${pathOf(boundary.construct)}'` : policies;
  const allow = `allow ${BUS.action} on ${displayText(busArn)}`;
  return restrictsEvents(unmatchedKey)
    ? `${allow} for these events in ${place}, such as with 'allowedEvents' of a PublisherRole`
    : `${allow} in ${place}, or remove the bus from ${policies}`;
}

/** Whether a policy allows other events on the bus. */
export function restrictsEvents(unmatchedKey: string | undefined): boolean {
  return ['events:source', 'events:detail-type'].includes(unmatchedKey?.toLowerCase() ?? '');
}

export function statementForOtherBus(
  identity: Identity,
  busArn: string,
  denied: EventEvaluation[],
  { id, resourceArn }: ResourcePolicyStatement,
): FindingText {
  return {
    problem: notAllowed(identity, busArn, denied),
    reason: `statement '${displayText(id)}' is for bus ${displayText(resourceArn)}, which no stack of this app defines`,
    fix: `change the bus of the statement to ${displayText(busArn)}`,
  };
}

function notAllowed(identity: Identity, busArn: string, denied: EventEvaluation[]): string {
  const events = forEvents(denied.map(({ event }) => event));
  return `${principalName(identity)} is not allowed to call ${BUS.action} on bus ${displayText(busArn)}${events}`;
}

export function accessUnverified(identity: Identity, busArn: string, unknown: EventEvaluation): FindingText {
  const isInAnyAccount = unknown.policyType === 'resource' && hasUnresolved(identity.account);
  return {
    problem: cannotDetermine([{ identity, resource: busArn }]),
    ...explainUnknown(withPolicyName(unknown, busArn, nounOf(identity)), isInAnyAccount),
  };
}

/** A role or user, and the ARN of a bus. */
interface Publisher {
  readonly identity: Identity;
  readonly resource: string;
}

/** @param publishers roles and users in one stack, for one bus */
export function busUnresolved(publishers: readonly Publisher[]): FindingText {
  const nouns = publishers.length === 1 ? nounOf(publishers[0].identity) : 'roles and users';
  return {
    problem: cannotDetermine(publishers),
    reason: 'the ARN of the bus is known only at deployment',
    fix: `use the literal ARN of the bus, or verify that its policy allows the ${nouns}`,
  };
}

function cannotDetermine(publishers: readonly Publisher[]): string {
  const [{ identity, resource }] = publishers;
  const names = publishers.slice(0, MAX_NAMES).map((publisher) => `'${publisher.identity.construct.node.path}'`);
  const rest = publishers.length - names.length;
  const allNames = names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return (
    `cannot determine at synthesis whether ${allNames} in account ${displayText(identity.account)} ` +
    `${publishers.length === 1 ? 'is' : 'are'} allowed to call ${BUS.action} on bus ${displayText(resource)}`
  );
}

const MAX_NAMES = 5;

export function busPolicyUndefined(identity: Identity, busArn: string): FindingText {
  return {
    problem:
      `${principalName(identity)} puts events on bus ${displayText(busArn)}, ` +
      'whose policy is not defined in this app',
    fix: allowOnOtherBus(identity, busArn),
  };
}

/** The problem of a publisher whose account has no such bus. */
export function busUndefined(identity: Identity, busArn: string): Pick<FindingText, 'problem'> {
  return {
    problem: `${principalName(identity)} puts events on bus ${displayText(busArn)}, which is not defined in this app`,
  };
}

function principalName({ construct, account }: Identity): string {
  return `'${construct.node.path}' in account ${displayText(account)}`;
}
