import { Call, CrossAccountEvaluation, authorize } from './lib/authorize';
import { SERVICE_OF } from './lib/publisher-resources';
import { putEventsCall } from './lib/put-events';
import { SimilarBus, didYouMean, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import * as messages from './publisher-resources.messages';
import { AppIndex } from '../../app-model/app-index';
import { PublisherResource, PutEventsEntry, Role } from '../../app-model/app-model';
import { evaluateServiceAssumeRole } from '../../eventbridge/role-statements';
import { Evaluation } from '../../iam/evaluate';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { Finding, errorFinding, warningFinding, withAffected } from '../engine/finding';
import { BUS } from '../engine/target-kinds';
import { FindingId } from '../finding-id';

/**
 * Reports schedules, pipes, functions with destinations, APIs and state machines that put events with a role that their
 * service cannot assume, or whose identity-based policies do not allow it. The bus policy is checked with the role.
 *
 * Blind spots: roles of other apps, and decisions that depend on values or policies that templates do not contain.
 */
export function checkPublisherResources(app: AppIndex): Finding[] {
  const findings = app.model.publishers.flatMap((publisher) => {
    const role = app.role(publisher.roleArn);
    return role ? checkPublisherResource(app, publisher, role) : [];
  });
  return withoutRepetitions(findings);
}

/** Several resources often share a role and its fault. */
function withoutRepetitions(findings: Finding[]): Finding[] {
  const byCause = new Map<string, Finding>();
  for (const finding of findings) {
    const { id, construct, resource } = finding;
    const cause = `${id} ${construct.node.path} ${resource}`;
    const known = byCause.get(cause);
    byCause.set(cause, known ? withAffected(known, ...(finding.affected ?? [])) : finding);
  }
  return [...byCause.values()];
}

function checkPublisherResource(app: AppIndex, publisher: PublisherResource, role: Role): Finding[] {
  const untrusted = denialOfTrust(publisher, role);
  if (untrusted) {
    const text = messages.trustDenied(publisher, role, untrusted);
    return [withAffected(errorFinding(FindingId.TARGET_ROLE_INVALID, role.construct, text), publisher.construct)];
  }
  return publisher.entries.flatMap((entry) => checkEntry(app, publisher, role, entry));
}

/** Why the service of a publisher certainly cannot assume a role; undefined if it may. */
function denialOfTrust(publisher: PublisherResource, role: Role): Evaluation | undefined {
  const evaluations = serviceNamesOf(publisher).map((service) =>
    evaluateServiceAssumeRole(service, role.trust, role.arn, publisher.sourceArn),
  );
  return evaluations.every(({ decision }) => decision === 'denied') ? evaluations[0] : undefined;
}

/** A service principal can have the Region in its name, and another domain in China. */
function serviceNamesOf({ kind, region }: PublisherResource): string[] {
  const service = SERVICE_OF[kind];
  const regional = service.replace('.', `.${region}.`);
  return [service, regional, `${service}.cn`, `${regional}.cn`];
}

function checkEntry(
  app: AppIndex,
  publisher: PublisherResource,
  role: Role,
  { busArn, event }: PutEventsEntry,
): Finding[] {
  const call = putEventsCall(busArn ?? ANYTHING, event, {
    byService: true,
    assumeUnknownMatches: true,
    given: publisher.conditions,
  });
  const denied = denialOfPermission(app, role, call);
  if (!denied) return [];
  const similarBus = similarBusOf(app, publisher, busArn);
  if (busArn !== undefined && similarBus) {
    const text = didYouMean(similarBus, `bus ${busArn}, on which ${messages.nameOf(publisher)} puts events`);
    return [warningFinding(FindingId.EVENT_BUS_NOT_FOUND, publisher.construct, text, busArn)];
  }
  const text = messages.permissionMissing(publisher, role, { busArn, event }, denied);
  const resource = displayText(busArn ?? BUS.action);
  const finding = errorFinding(FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, role.construct, text, resource);
  return [withAffected(finding, publisher.construct)];
}

function denialOfPermission(app: AppIndex, role: Role, call: Call): CrossAccountEvaluation | undefined {
  const evaluation = authorize(app, role, call);
  return evaluation.decision === 'denied' && evaluation.policyType === 'identity' ? evaluation : undefined;
}

function similarBusOf(app: AppIndex, publisher: PublisherResource, busArn: string | undefined): SimilarBus | undefined {
  return busArn !== undefined && isUnknownBus(app, busArn) ? mostSimilarBus(app, busArn, publisher) : undefined;
}
