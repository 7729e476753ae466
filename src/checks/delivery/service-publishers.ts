import { allowsPutEvents, putEventsCall } from './lib/put-events';
import { remedyFor } from './lib/remedies';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { ABSENT, DIRECT_CALL_CONTEXT, RequestContext, serviceCallContext } from '../../iam/condition-keys';
import { entriesOf } from '../../iam/conditions';
import { Evaluation, evaluate } from '../../iam/evaluate';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding, errorFinding } from '../engine/finding';
import { BUS } from '../engine/target-kinds';
import { FindingId } from '../finding-id';

/**
 * Reports AWS services that one statement of a bus policy allows to call `events:PutEvents`, and another one denies.
 *
 * Blind spots: the resources for which a service calls, unless a condition names them.
 */
export function checkServicePublishers(app: AppIndex): Finding[] {
  return app.model.eventBusStatements
    .filter(({ statement }) => allowsPutEvents(statement))
    .flatMap((statement) =>
      servicesOf(statement.statement).flatMap((service) => checkService(app, statement, service)),
    );
}

function checkService(app: AppIndex, statement: ResourcePolicyStatement, service: string): Finding[] {
  const { construct, resourceArn, id } = statement;
  const evaluation = evaluateServiceCall(app, statement, service);
  if (!evaluation.explicitDeny) return [];
  const text = {
    problem:
      `${service} is not allowed to call ${BUS.action} on bus ${displayText(resourceArn)}, although statement ` +
      `'${displayText(id)}' of the bus policy allows it`,
    reason: displayText(evaluation.reason),
    fix: remedyFor(evaluation, 'service', ''),
  };
  return [errorFinding(FindingId.PUBLISHER_ACCESS_DENIED, construct, text, displayText(resourceArn))];
}

/**
 * Evaluates the call of a service that a statement of a bus policy names, for a resource that the statement allows.
 *
 * @param event the event that the service puts, by default any
 */
export function evaluateServiceCall(
  app: AppIndex,
  { resourceArn, statement }: ResourcePolicyStatement,
  service: string,
  event: EventEnvelope = {},
): Evaluation {
  const { context = {}, ...call } = putEventsCall(resourceArn, event, { assumeUnknownMatches: true });
  const eventContext = Object.fromEntries(Object.entries(context).filter(([key]) => !(key in DIRECT_CALL_CONTEXT)));
  const serviceContext = [sourceContextOf(statement), ...serviceCallContext(service, undefined)];
  return evaluate(app.policyOn(resourceArn).statements, {
    ...call,
    service,
    context: [eventContext, ...serviceContext, app.organizationKeys],
  });
}

/** The condition keys about the resource for which the service calls, with values that the statement allows. */
function sourceContextOf(statement: Json): RequestContext {
  const condition = isObject(statement) ? statement.Condition : undefined;
  const entries = entriesOf(condition).filter(({ key }) => /^aws:source(arn|account|orgid)$/i.test(key));
  return Object.fromEntries(
    entries.map(({ key, values }) => [
      key.toLowerCase(),
      values.length > 0 ? [values[0].replace(/[*?]/g, 'x')] : ABSENT,
    ]),
  );
}

/** The services that a statement lists as principals. */
export function servicesOf(statement: Json): readonly string[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return isObject(principal) ? toList(principal.Service).filter((service) => /^[a-z0-9.-]+$/.test(service)) : [];
}
