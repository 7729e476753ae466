import { letsPut, putCall } from './paths';
import { remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { PolicyStatement } from '../../model/app-model';
import { ABSENT, CALLED_DIRECTLY, Context, keysOfService } from '../../policy/condition-keys';
import { entriesOf } from '../../policy/conditions';
import { answer } from '../../policy/request';
import { Json, isObject, listOf } from '../../policy/statement';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Services that a bus policy allows to put events, and that another statement of it denies.
 *
 * Blind spots: for which resources a service acts, where no condition names them.
 */
export function servicesDenied(world: World): Finding[] {
  return world.model.eventBusStatements.filter(({ statement }) => letsPut(statement)).flatMap((statement) => (
    servicesOf(statement.statement).flatMap((service) => judge(world, statement, service))));
}

function judge(world: World, { construct, of, id, statement }: PolicyStatement, service: string): Finding[] {
  const { contents } = world.policyOn(of);
  const { context = {}, ...call } = putCall(of, {}, { inDoubtYes: true });
  const keys = Object.fromEntries(Object.entries(context).filter(([key]) => !(key in CALLED_DIRECTLY)));
  const known = [keys, sourceOf(statement), ...keysOfService(service, undefined), world.organizationKeys];
  const verdict = answer(contents, { ...call, service, context: known });
  if (!verdict.denial) return [];
  const message = `statement '${readable(id)}' allows ${service} to put events on bus ${readable(of)}, but ${readable(verdict.because)}; ${remedyFor(verdict, 'service', '')}`;
  return [{ id: FindingId.PUBLISHER_REFUSED, level: 'error', construct, message }];
}

/** For what the service calls, as far as the statement that allows it says so. */
function sourceOf(statement: Json): Context {
  const condition = isObject(statement) ? statement.Condition : undefined;
  const named = entriesOf(condition).filter(({ key }) => /^aws:source(arn|account|orgid)$/i.test(key));
  return Object.fromEntries(named.map(({ key, values }) => [key.toLowerCase(), values.length > 0 ? [values[0].replace(/[*?]/g, 'x')] : ABSENT]));
}

function servicesOf(statement: Json): readonly string[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return isObject(principal) ? listOf(principal.Service).filter((service) => /^[a-z0-9.-]+$/.test(service)) : [];
}
