import { letsPut } from './delivery/paths';
import { Finding } from './finding';
import { ruleRoleTrusts } from './rule-role-trust';
import { isEveryBus } from './wildcard-event-bus';
import { World } from './world';
import { FindingId } from '../finding-id';
import { Role } from '../model/app-model';
import { Json, isObject, listOf } from '../policy/statement';
import { readable } from '../policy/text';
import { OpenTrust, openTrust } from '../policy/trust';

/**
 * Roles that may put events and that whoever wants to may assume: then the bus is as open as the role.
 *
 * Blind spots: roles of other apps; who can sign in at a provider of identities, and with which tags; whether a named account trusts others in turn.
 */
export function publisherRoleTrusts(world: World): Finding[] {
  const told = new Set(ruleRoleTrusts(world).map(({ construct }) => construct));
  return world.model.roles.filter(({ construct }) => !told.has(construct)).flatMap((role) => {
    const open = role.trust.flatMap((statement) => openTrust(statement) ?? []);
    const worst = open.find(({ sure }) => sure) ?? open[0];
    const by = worst && role.statements.find(isOnBus);
    return by === undefined ? [] : [finding(role, worst, by)];
  });
}

function finding({ construct, name }: Role, { sure, because }: OpenTrust, by: Json): Finding {
  const buses = isObject(by) && by.NotResource === undefined ? listOf(by.Resource).map(readable).slice(0, 3).join(', ') : 'all but its NotResource';
  const told = sure ? `callers whom nobody named may assume role '${readable(name)}'` : `it cannot be told at synth who may assume role '${readable(name)}'`;
  const message = `${told}, which may put events (on ${buses}): ${readable(because)}; name accounts, roles or an organization in its trust policy, for a provider of identities the subject or application, `
    + "and for a service the values of 'aws:SourceAccount' or 'aws:SourceArn'";
  return { id: FindingId.PUBLISHER_ROLE_TRUST, level: 'warning', construct, message };
}

/** Whether a statement allows to put events on some bus. */
function isOnBus(statement: Json): boolean {
  if (!isObject(statement) || !letsPut(statement)) return false;
  return statement.NotResource !== undefined || listOf(statement.Resource).some((resource) => resource.includes(':event-bus/') || isEveryBus(resource));
}
