import { EventKind } from './delivery-graph';
import { Rule } from '../app-model/app-model';
import { exactEventsOf } from '../checks/delivery/lib/events';
import { ruleMatches } from '../delivery-paths/rule-steps';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { matchesOnlyServiceEvents } from '../eventbridge/service-events';
import { like } from '../iam/matching';
import { displayText, hasUnresolved } from '../iam/unresolved-text';

/** Kinds of events: those with a source and a detail type, either of which may be any. */

/** The event of a rule with a schedule. */
export const SCHEDULED_EVENT: EventEnvelope = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

/**
 * The kinds of events that a rule matches of those that arrive on its bus. A kind has the exact values of the pattern,
 * if it has any.
 */
export function kindsMatching(rule: Rule, arriving: EventEnvelope): EventEnvelope[] {
  const kinds = exactEventsOf(rule.pattern).flatMap((matched) => intersection(arriving, matched));
  return uniqueKinds(kinds).filter((kind) => ruleMatches(rule, kind) !== false);
}

/** The events that are of both kinds; none if there are no such events. */
export function intersection(first: EventEnvelope, second: EventEnvelope): EventEnvelope[] {
  const source = narrower(first.source, second.source);
  const detailType = narrower(first['detail-type'], second['detail-type']);
  return source === NONE || detailType === NONE ? [] : [{ ...first, source, 'detail-type': detailType }];
}

const NONE = Symbol('no value');

/** The value that both fields have. A policy may have wildcards in place of a value. */
function narrower(first: string | undefined, second: string | undefined): string | undefined | typeof NONE {
  if (first === undefined || first === second) return second;
  if (second === undefined || hasUnresolved(first)) return first;
  if (hasUnresolved(second)) return second;
  if (/[*?]/.test(first) && like(first, second)) return second;
  return /[*?]/.test(second) && like(second, first) ? first : NONE;
}

/** Whether only AWS services can put events of a kind. */
export function isServiceEvent({ source }: EventEnvelope): boolean {
  return source !== undefined && matchesOnlyServiceEvents({ source: [source] });
}

/** Each kind once. */
export function uniqueKinds(kinds: readonly EventEnvelope[]): EventEnvelope[] {
  return [...new Map(kinds.map((kind) => [keyOfKind(kind), kind])).values()];
}

export function keyOfKind({ source, 'detail-type': detailType, account }: EventEnvelope): string {
  return JSON.stringify([source, detailType, account]);
}

/** The kind as data. */
export function toEventKind({ source, 'detail-type': detailType }: EventEnvelope): EventKind {
  return {
    ...(source !== undefined && { source: displayText(source) }),
    ...(detailType !== undefined && { detailType: displayText(detailType) }),
  };
}

/** Whether all events of a kind are also of another kind. */
export function covers(wider: EventKind, { detailType, source }: EventKind): boolean {
  return includesValue(wider.source, source) && includesValue(wider.detailType, detailType);
}

function includesValue(wider: string | undefined, value: string | undefined): boolean {
  if (wider === undefined || wider === value) return true;
  return value !== undefined && /[*?]/.test(wider) && like(wider, value) === true;
}
