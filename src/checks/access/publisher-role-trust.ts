import { CfnResource } from 'aws-cdk-lib';
import { matchesAllBuses } from './wildcard-event-bus';
import { AppIndex } from '../../app-model/app-index';
import { Role } from '../../app-model/app-model';
import { like } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { OpenTrust, findOpenTrust } from '../../iam/trust-policy';
import { isAttribute, mayEqualAnyText, displayText } from '../../iam/unresolved-text';
import { allowsPutEvents } from '../delivery/lib/put-events';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Roles that may put events and that whoever wants to may assume: then the bus is as open as the role.
 *
 * Blind spots: roles of other apps; who can sign in at a provider of identities, and with which tags; whether a named
 * account trusts others in turn.
 */
export function checkPublisherRoleTrust(app: AppIndex): Finding[] {
  const ofRules = new Set(app.model.rules.flatMap(({ targets }) => targets.map(({ roleArn }) => roleArn)));
  return app.model.roles.flatMap((role) => {
    const open = role.trust
      .flatMap((statement) => otherParts(statement, ofRules.has(role.arn)))
      .flatMap((statement) => findOpenTrust(statement) ?? []);
    const worst = open.find(({ sure }) => sure) ?? open[0];
    const by =
      worst &&
      (role.statements.find((statement) => allowsPutEventsOnBus(statement, app)) ?? administratorStatement(role));
    return by === undefined ? [] : [finding(role, worst, by)];
  });
}

/**
 * What `ruleRoleTrustTooBroad` does not judge: of the role of a rule other services, of any other role all but
 * EventBridge.
 */
function otherParts(statement: Json, ofRule: boolean): Json[] {
  if (!isObject(statement) || !isObject(statement.Principal)) return ofRule ? [] : [statement];
  const { Service, ...others } = statement.Principal;
  const services = toList(Service).filter((service) => !/^events\.amazonaws\.com(\.cn)?$/.test(service));
  const principal = { ...(ofRule ? {} : others), ...(services.length > 0 && { Service: services }) };
  return Object.keys(principal).length === 0 ? [] : [{ ...statement, Principal: principal }];
}

function finding({ construct, name }: Role, open: OpenTrust, by: Json): Finding {
  const buses =
    isObject(by) && by.NotResource === undefined
      ? toList(by.Resource).map(displayText).slice(0, 3).join(', ')
      : 'all but its NotResource';
  return publisherRoleTrustFinding(construct, `role '${displayText(name)}'`, open, buses);
}

/** What there is to say of the trust policy of a role that publishes. */
export function publisherRoleTrustFinding(
  construct: CfnResource,
  role: string,
  { sure, reason }: OpenTrust,
  buses = 'its buses',
): Finding {
  const allows = sure ? 'allows principals that nobody named' : 'may allow principals that nobody named';
  const problem =
    `the trust policy of ${role} ${allows} to assume it and put events on ${buses}: ${displayText(reason)}` +
    '; name accounts, roles or an organization';
  const fix =
    'for an identity provider add a condition on its subject or application, for a service one ' +
    "on 'aws:SourceAccount' or 'aws:SourceArn'";
  return { id: FindingId.PUBLISHER_ROLE_TRUST_TOO_BROAD, level: 'warning', construct, problem, fix };
}

/** What managed policies of AWS allow that are for everything, or for all that is not about identities. */
function administratorStatement({ managedPolicyArns }: Role): Json | undefined {
  return managedPolicyArns.some((arn) => /:aws:policy\/(AdministratorAccess|PowerUserAccess)$/.test(arn))
    ? EVERYTHING
    : undefined;
}

const EVERYTHING: Json = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Whether a statement allows to put events on some bus. */
function allowsPutEventsOnBus(statement: Json, { model }: AppIndex): boolean {
  if (!isObject(statement) || !allowsPutEvents(statement)) return false;
  return (
    statement.NotResource !== undefined ||
    toList(statement.Resource).some(
      (resource) =>
        mayBeBus(resource) || (/[*?]/.test(resource) && model.eventBuses.some(({ arn }) => like(resource, arn))),
    )
  );
}

/** Whether a resource is a bus, every bus, or what deployment may make one. */
function mayBeBus(resource: string): boolean {
  return (
    resource.includes(':event-bus/') ||
    matchesAllBuses(resource) ||
    (mayEqualAnyText(resource) && !isAttribute(resource) && !/^arn:[^:]*:(?!events|‹)/.test(resource))
  );
}
