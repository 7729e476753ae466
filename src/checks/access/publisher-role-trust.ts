import { CfnResource } from 'aws-cdk-lib';
import { matchesAllBuses } from './wildcard-event-bus';
import { AppIndex } from '../../app-model/app-index';
import { Role } from '../../app-model/app-model';
import { like } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { OpenTrust, findOpenTrust } from '../../iam/trust-policy';
import { isAttribute, mayEqualAnyText, displayText } from '../../iam/unresolved-text';
import { allowsPutEvents } from '../delivery/lib/put-events';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Warns of roles that are allowed to put events and whose trust policy does not restrict the principals: the bus is
 * then as public as the role.
 *
 * Blind spots: roles of other apps; who can sign in to an identity provider, and with which tags; accounts that a
 * trusted account allows in turn.
 */
export function checkPublisherRoleTrust(app: AppIndex): Finding[] {
  const ruleRoleArns = new Set(app.model.rules.flatMap(({ targets }) => targets.map(({ roleArn }) => roleArn)));
  return app.ownIdentities.roles
    .map((role) => checkRole(app, role, ruleRoleArns.has(role.arn)))
    .filter((finding) => finding !== undefined);
}

function checkRole(app: AppIndex, role: Role, isUsedByRule: boolean): Finding | undefined {
  const openTrust = mostOpenTrust(role, isUsedByRule);
  if (!openTrust) return undefined;
  const putEventsStatement =
    role.statements.find((statement) => allowsPutEventsOnBus(statement, app)) ?? administratorStatement(role);
  if (putEventsStatement === undefined) return undefined;
  const roleName = `role '${displayText(role.name)}'`;
  return publisherRoleTrustFinding(role.construct, roleName, openTrust, describeBuses(putEventsStatement));
}

function mostOpenTrust({ trust }: Role, isUsedByRule: boolean): OpenTrust | undefined {
  const found = trust
    .map((statement) => partToCheck(statement, isUsedByRule))
    .filter((part) => part !== undefined)
    .map(findOpenTrust)
    .filter((openTrust) => openTrust !== undefined);
  return found.find(({ sure }) => sure) ?? found[0];
}

/**
 * The part of a trust statement that `ruleRoleTrustTooBroad` does not check: services other than EventBridge and, if no
 * rule uses the role, all other principals.
 */
function partToCheck(statement: Json, isUsedByRule: boolean): Json | undefined {
  if (!isObject(statement) || !isObject(statement.Principal)) return isUsedByRule ? undefined : statement;
  const { Service, ...otherPrincipals } = statement.Principal;
  const services = toList(Service).filter((service) => !/^events\.amazonaws\.com(\.cn)?$/.test(service));
  const principal = {
    ...(!isUsedByRule && otherPrincipals),
    ...(services.length > 0 && { Service: services }),
  };
  return Object.keys(principal).length === 0 ? undefined : { ...statement, Principal: principal as Json };
}

/** The first buses on which a statement allows to put events. */
function describeBuses(statement: Json): string {
  if (!isObject(statement) || statement.NotResource !== undefined) return "all buses but those in 'NotResource'";
  return toList(statement.Resource).slice(0, 3).map(displayText).join(', ');
}

/**
 * The finding for the trust policy of a role that publishes.
 *
 * @param role the name of the role in the message
 */
export function publisherRoleTrustFinding(
  construct: CfnResource,
  role: string,
  { sure, reason }: OpenTrust,
  buses = 'its buses',
): Finding {
  const access = `assume it and call events:PutEvents on ${buses}`;
  const text = {
    problem: sure
      ? `the trust policy of ${role} does not restrict which principals can ${access}`
      : `cannot determine at synthesis which principals the trust policy of ${role} allows to ${access}`,
    reason: displayText(reason),
    fix:
      'list accounts, roles or an organization, or add a condition: on the subject or application of an identity ' +
      "provider, or on 'aws:SourceAccount' or 'aws:SourceArn' for a service",
  };
  return warningFinding(FindingId.PUBLISHER_ROLE_TRUST_TOO_BROAD, construct, text);
}

/** A statement for the AWS managed policies that allow everything, or everything except identity management. */
function administratorStatement({ managedPolicyArns }: Role): Json | undefined {
  return managedPolicyArns.some((arn) => /:aws:policy\/(AdministratorAccess|PowerUserAccess)$/.test(arn))
    ? ALLOW_EVERYTHING
    : undefined;
}

const ALLOW_EVERYTHING: Json = { Effect: 'Allow', Action: '*', Resource: '*' };

function allowsPutEventsOnBus(statement: Json, { model }: AppIndex): boolean {
  if (!isObject(statement) || !allowsPutEvents(statement)) return false;
  if (statement.NotResource !== undefined) return true;
  const matchesBusOfApp = (pattern: string) =>
    /[*?]/.test(pattern) && model.eventBuses.some(({ arn }) => like(pattern, arn));
  return toList(statement.Resource).some((resource) => mayBeBus(resource) || matchesBusOfApp(resource));
}

/** Whether a resource of a statement is a bus, matches all buses, or is unresolved and may be a bus. */
function mayBeBus(resource: string): boolean {
  if (resource.includes(':event-bus/') || matchesAllBuses(resource)) return true;
  return mayEqualAnyText(resource) && !isAttribute(resource) && !ARN_OF_OTHER_SERVICE.test(resource);
}

const ARN_OF_OTHER_SERVICE = /^arn:[^:]*:(?!events|‹)/;
