import { intersection, isServiceEvent, keyOfKind, kindsMatching, uniqueKinds } from './event-kinds';
import type { GraphPublisher, Publication } from './publishers';
import { AppIndex } from '../app-model/app-index';
import { allowsPutEvents, eventsInConditions } from '../checks/delivery/lib/put-events';
import { putEventsStep } from '../delivery-paths/put-events-step';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { parseOperator } from '../iam/condition-operators';
import { entriesOf } from '../iam/conditions';
import type { Decision } from '../iam/decision';
import { Json, isObject } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * Of the events that the own policies of a publisher allow, those that the policy of the bus allows too. If it allows
 * none of them, they are all kept, as events that are denied.
 */
export function narrowedToBus(app: AppIndex, publication: Publication): Publication[] {
  const { busArn, event, publisher } = publication;
  const isDenied = (kind: EventEnvelope) =>
    putEventsStep(app, publisher.source, busArn, otherEventOf(kind))?.decision === 'denied';
  if (keyOfKind(otherEventOf(event)) === keyOfKind(event) || !isDenied(event)) return [publication];
  const kinds = kindsAllowedOnBus(app, publication).flatMap((allowed) => intersection(event, allowed));
  const narrowed = uniqueKinds(kinds).filter((kind) => !isDenied(kind));
  return narrowed.length === 0 ? [publication] : narrowed.map((kind) => ({ ...publication, event: kind }));
}

/**
 * Whether a decision on the events of a publication is the decision on each of them: another event than those that
 * policies name has it, and no statement excludes events.
 */
export function isDecidedAlike(app: AppIndex, { busArn, event, publisher }: Publication, decision: Decision): boolean {
  const ofBus = app.statementsOn(busArn).map(({ statement }) => statement);
  if ([...ofBus, ...statementsOf(app, publisher)].some(excludesEvents)) return false;
  return (
    decision === 'denied' || putEventsStep(app, publisher.source, busArn, otherEventOf(event))?.decision === decision
  );
}

/** The statements of the own policies of a publisher, and of its permissions boundary. */
function statementsOf(app: AppIndex, { source }: GraphPublisher): readonly Json[] {
  if (source.kind !== 'identity' && source.kind !== 'external') return [];
  const { boundaryArn, statements } = source.identity;
  return [...statements, ...(app.managedPolicy(boundaryArn ?? '')?.statements ?? [])];
}

/** Whether a statement allows or denies all events but some, or denies some. */
function excludesEvents(statement: Json): boolean {
  if (!isObject(statement)) return false;
  const entries = entriesOf(statement.Condition).filter(({ key }) => /^events:(source|detail-type)$/i.test(key));
  const isNegated = entries.some(({ operator }) => parseOperator(operator).negated);
  return isNegated || (entries.length > 0 && statement.Effect === 'Deny');
}

/** The kinds of events in the statements of the policy of the bus that may allow a publication. */
function kindsAllowedOnBus(app: AppIndex, { busArn, event, publisher }: Publication): EventEnvelope[] {
  const { allowedBy = [], decision } = putEventsStep(app, publisher.source, busArn, event) ?? {};
  const allowing = allowedBy.filter(({ policyType }) => policyType === 'resource');
  const statements = (decision === 'allowed' ? allowing : app.statementsOn(busArn)).map(({ statement }) => statement);
  return statements.flatMap((one) => (allowsPutEvents(one) && isObject(one) ? eventsInConditions(one) : []));
}

/** An event of a kind whose other values no policy names. */
function otherEventOf({ account, 'detail-type': detailType, source }: EventEnvelope): EventEnvelope {
  return { source: otherValue(source), 'detail-type': otherValue(detailType), account };
}

function otherValue(value = '*'): string {
  return hasUnresolved(value) ? value : value.replace(/[*?]/g, 'x-any-other');
}

/**
 * The events that rules on a bus wait for and no principal puts there, from publishers whose own policies allow them,
 * but not the policy of the bus: such as events whose source the rule and the policy spell in different ways.
 *
 * @param own what the own policies of publishers allow
 * @param known everything that is known to be put
 */
export function missedPublications(
  app: AppIndex,
  own: readonly Publication[],
  known: readonly Publication[],
): Publication[] {
  const isOn = (busArn: string, kind: EventEnvelope) =>
    known.some((one) => one.busArn === busArn && intersection(one.event, kind).length > 0) ||
    app.rulesTo(busArn).some((rule) => kindsMatching(rule, kind).length > 0);
  return own
    .filter((publication) => !known.includes(publication))
    .flatMap((publication) => {
      const { busArn, event } = publication;
      const rules = app.rulesOn(busArn).filter(({ enabled, pattern }) => enabled && pattern !== null);
      const kinds = uniqueKinds(rules.flatMap((rule) => kindsMatching(rule, event)));
      return kinds
        .filter((kind) => !isServiceEvent(kind) && !isOn(busArn, kind))
        .map((kind) => ({ ...publication, event: kind }));
    });
}
