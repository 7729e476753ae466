import { FindingId } from '../finding-id';
import { allowsPutEvents, putEventsCall } from './lib/put-events';
import { remedyFor } from './lib/remedies';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { ABSENT, DIRECT_CALL_CONTEXT, RequestContext, serviceCallContext } from '../../iam/condition-keys';
import { entriesOf } from '../../iam/conditions';
import { evaluate } from '../../iam/evaluate';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';

/**
 * Services that a bus policy allows to put events, and that another statement of it denies.
 *
 * Blind spots: for which resources a service acts, where no condition names them.
 */
export function checkServicePublishers(app: AppIndex): Finding[] {
  return app.model.eventBusStatements
    .filter(({ statement }) => allowsPutEvents(statement))
    .flatMap((statement) =>
      servicesOf(statement.statement).flatMap((service) => checkService(app, statement, service)),
    );
}

function checkService(
  app: AppIndex,
  { construct, resourceArn, id, statement }: ResourcePolicyStatement,
  service: string,
): Finding[] {
  const { statements } = app.policyOn(resourceArn);
  const { context = {}, ...call } = putEventsCall(resourceArn, {}, { assumeUnknownMatches: true });
  const keys = Object.fromEntries(Object.entries(context).filter(([key]) => !(key in DIRECT_CALL_CONTEXT)));
  const known = [keys, sourceOf(statement), ...serviceCallContext(service, undefined), app.organizationKeys];
  const verdict = evaluate(statements, { ...call, service, context: known });
  if (!verdict.explicitDeny) return [];
  const problem =
    `statement '${displayText(id)}' allows ${service} to put events on bus ${displayText(resourceArn)}` +
    `, but ${displayText(verdict.reason)}`;
  const fix = remedyFor(verdict, 'service', '');
  return [{ id: FindingId.PUBLISHER_ACCESS_DENIED, level: 'error', construct, problem, fix }];
}

/** For what the service calls, as far as the statement that allows it says so. */
function sourceOf(statement: Json): RequestContext {
  const condition = isObject(statement) ? statement.Condition : undefined;
  const named = entriesOf(condition).filter(({ key }) => /^aws:source(arn|account|orgid)$/i.test(key));
  return Object.fromEntries(
    named.map(({ key, values }) => [key.toLowerCase(), values.length > 0 ? [values[0].replace(/[*?]/g, 'x')] : ABSENT]),
  );
}

function servicesOf(statement: Json): readonly string[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return isObject(principal) ? toList(principal.Service).filter((service) => /^[a-z0-9.-]+$/.test(service)) : [];
}
