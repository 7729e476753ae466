import { CfnResource } from 'aws-cdk-lib';
import { letsPut } from './delivery/paths';
import { Finding } from './finding';
import { isEveryBus } from './wildcard-event-bus';
import { World } from './world';
import { FindingId } from '../finding-id';
import { Role } from '../model/app-model';
import { like } from '../policy/matching';
import { Json, isObject, listOf } from '../policy/statement';
import { isAttribute, mayBeAnyText, readable } from '../policy/text';
import { OpenTrust, openTrust } from '../policy/trust';

/**
 * Roles that may put events and that whoever wants to may assume: then the bus is as open as the role.
 *
 * Blind spots: roles of other apps; who can sign in at a provider of identities, and with which tags; whether a named account trusts others in turn.
 */
export function publisherRoleTrusts(world: World): Finding[] {
  const ofRules = new Set(world.model.rules.flatMap(({ targets }) => targets.map(({ roleArn }) => roleArn)));
  return world.model.roles.flatMap((role) => {
    const open = role.trust.flatMap((statement) => otherParts(statement, ofRules.has(role.arn))).flatMap((statement) => openTrust(statement) ?? []);
    const worst = open.find(({ sure }) => sure) ?? open[0];
    const by = worst && (role.statements.find((statement) => isOnBus(statement, world)) ?? ofAdministrators(role));
    return by === undefined ? [] : [finding(role, worst, by)];
  });
}

/** What `ruleRoleTrust` does not judge: of the role of a rule other services, of any other role all but EventBridge. */
function otherParts(statement: Json, ofRule: boolean): Json[] {
  if (!isObject(statement) || !isObject(statement.Principal)) return ofRule ? [] : [statement];
  const { Service, ...others } = statement.Principal;
  const services = listOf(Service).filter((service) => !/^events\.amazonaws\.com(\.cn)?$/.test(service));
  const principal = { ...(ofRule ? {} : others), ...(services.length > 0 && { Service: services }) };
  return Object.keys(principal).length === 0 ? [] : [{ ...statement, Principal: principal }];
}

function finding({ construct, name }: Role, open: OpenTrust, by: Json): Finding {
  const buses = isObject(by) && by.NotResource === undefined ? listOf(by.Resource).map(readable).slice(0, 3).join(', ') : 'all but its NotResource';
  return publisherRoleTrust(construct, `role '${readable(name)}'`, open, buses);
}

/** What there is to say of the trust policy of a role that publishes. */
export function publisherRoleTrust(construct: CfnResource, role: string, { sure, because }: OpenTrust, buses = 'its buses'): Finding {
  const allows = sure ? 'allows principals that nobody named' : 'may allow principals that nobody named';
  const message = `the trust policy of ${role} ${allows} to assume it and put events on ${buses}: ${readable(because)}; name accounts, roles or an organization; `
    + "for an identity provider add a condition on its subject or application, for a service one on 'aws:SourceAccount' or 'aws:SourceArn'";
  return { id: FindingId.PUBLISHER_ROLE_TRUST, level: 'warning', construct, message };
}

/** What managed policies of AWS allow that are for everything, or for all that is not about identities. */
function ofAdministrators({ managedPolicyArns }: Role): Json | undefined {
  return managedPolicyArns.some((arn) => /:aws:policy\/(AdministratorAccess|PowerUserAccess)$/.test(arn)) ? EVERYTHING : undefined;
}

const EVERYTHING: Json = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Whether a statement allows to put events on some bus. */
function isOnBus(statement: Json, { model }: World): boolean {
  if (!isObject(statement) || !letsPut(statement)) return false;
  return statement.NotResource !== undefined || listOf(statement.Resource).some((resource) => (
    mayBeBus(resource) || (/[*?]/.test(resource) && model.eventBuses.some(({ arn }) => like(resource, arn)))));
}

/** Whether a resource is a bus, every bus, or what deployment may make one. */
function mayBeBus(resource: string): boolean {
  return resource.includes(':event-bus/') || isEveryBus(resource) || (mayBeAnyText(resource) && !isAttribute(resource) && !/^arn:[^:]*:(?!events|‹)/.test(resource));
}
