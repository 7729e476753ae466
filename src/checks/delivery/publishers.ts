import { IConstruct } from 'constructs';
import { FindingId } from '../finding-id';
import { CrossAccountEvaluation, statementsFor, withPolicyName } from './lib/authorize';
import { eventName } from './lib/events';
import { manualStepFinding } from './lib/manual-steps';
import { isAlreadyReported } from '../engine/manual-step-warning';
import {
  PutEventsOptions,
  busesOf,
  eventsOf,
  isForPutting,
  authorizePutEvents,
  putEventsCall,
  isRuleRole,
  isOnlyRuleRole,
  servesServices,
} from './lib/put-events';
import { unknownReason, remedyFor } from './lib/remedies';
import { didYouMean, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import { hasUnsatisfiableStatement } from './unsatisfiable-conditions';
import { AppIndex } from '../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { accountOf } from '../../iam/arn';
import { like } from '../../iam/matching';
import { isObject, toList } from '../../iam/statement';
import { mayEqualAnyText, displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';

/**
 * Roles and users whose policies let them put events on a bus that does not let them in, or that is not there.
 *
 * Blind spots: policies that name no bus, managed policies of AWS, session policies, service control policies; whether
 * the caller belongs to the organization that the bus lets in; buses of other apps.
 */
export function checkPublishers(app: AppIndex): Finding[] {
  const sends = ruleRoles(app);
  const identities = [...app.model.roles, ...app.model.users].filter((identity) => identity.statements.length > 0);
  return identities
    .filter((identity) => !sends.has(identity.arn) || !isOnlyRuleRole(identity))
    .flatMap((identity) =>
      busesOf(identity, app.model.eventBuses)
        .filter((busArn) => !sends.get(identity.arn)?.has(busArn))
        .flatMap((busArn) => checkPublisher(app, identity, busArn)),
    );
}

/** Roles that rules send events on with, and where to: rules are judged with their targets. */
function ruleRoles({ model }: AppIndex): Map<string | undefined, Set<string>> {
  const targets = groupedBy(
    model.rules.flatMap((rule) => rule.targets),
    ({ roleArn }) => roleArn,
  );
  return new Map([...targets].map(([roleArn, all]) => [roleArn, new Set(all.map(({ arn }) => arn))]));
}

function checkPublisher(app: AppIndex, identity: Identity, busArn: string): Finding[] {
  if (!app.bus(busArn) && mayEqualAnyText(busArn)) {
    return unverifiedFinding(
      identity,
      busArn,
      ', which is known only at deployment',
      'write its ARN out, or make sure that its policy lets the role in',
    );
  }
  if (isUnknownBus(app, busArn)) return unknownBusFinding(app, identity, busArn);
  const asked = eventsOf(identity, busArn).map((event) => ({
    event,
    ...authorizePutEvents(app, identity, busArn, event, putEventsOptions(identity)),
  }));
  const refused = asked.filter(({ decision }) => decision === 'denied');
  if (refused.length > 0) return deniedFindings(app, identity, busArn, refused);
  const open = asked.find(({ decision }) => decision === 'unknown');
  if (!open) return [];
  const { because, fix } = unknownReason(open);
  const reason = displayText(withPolicyName(open, busArn).reason);
  return unverifiedFinding(identity, busArn, `: ${reason}, ${because}`, fix);
}

function putEventsOptions(identity: Identity): PutEventsOptions {
  return { byRule: isRuleRole(identity), byService: servesServices(identity), assumeUnknownMatches: true };
}

function deniedFindings(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  refused: ({ event: EventEnvelope } & CrossAccountEvaluation)[],
): Finding[] {
  const construct = policyFor(identity, busArn);
  if (
    refused[0].policyType === 'resource' &&
    (isAlreadyReported(construct, busArn) || hasUnsatisfiableStatement(app, busArn))
  ) {
    return [];
  }
  const meant =
    refused[0].policyType === 'resource' ? misspelledStatement(app, identity, busArn, refused[0].event) : undefined;
  if (meant) {
    const problem =
      `${identityName(identity)} may not put ${eventNames(refused)} on bus ${displayText(busArn)}: ` +
      `statement '${displayText(meant.id)}' is for ${displayText(meant.resourceArn)}, which no ` +
      'stack of this app makes';
    const fix = 'correct the bus of the policy';
    return [{ id: FindingId.PUBLISHER_ACCESS_DENIED, level: 'error', construct: meant.construct, problem, fix }];
  }
  const problem =
    `${identityName(identity)} may not put ${eventNames(refused)} on bus ${displayText(busArn)}: ` +
    displayText(withPolicyName(refused[0], busArn).reason);
  const fix = remedyFor(
    refused[0],
    'principal',
    refused[0].policyType === 'resource'
      ? 'let the role or its account in by a statement of the bus, with the same sources and detail types'
      : 'correct the policies of the role, or leave the bus out of them',
  );
  return [
    {
      id: FindingId.PUBLISHER_ACCESS_DENIED,
      level: isMeantToPut(identity, busArn) ? 'error' : 'warning',
      construct,
      problem,
      fix,
    },
  ];
}

/** Whether a statement of a role says in so many words that it puts events on a bus. */
function isMeantToPut({ statements }: Identity, busArn: string): boolean {
  return statements
    .filter(isForPutting)
    .filter(isObject)
    .some(({ Resource }) => toList(Resource).some((resource) => like(resource, busArn)));
}

/** A statement for a bus that is not there, which would let the event in on this one: probably its name is a slip. */
function misspelledStatement(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  event: EventEnvelope,
): ResourcePolicyStatement | undefined {
  const buses = [...new Set(app.model.eventBusStatements.map(({ resourceArn }) => resourceArn))];
  const misspelt = buses.filter((of) => !app.bus(of) && mostSimilarBus(app, of)?.bus.arn === busArn);
  return misspelt.flatMap((of) =>
    statementsFor(app, identity, putEventsCall(of, event, putEventsOptions(identity))),
  )[0];
}

function unverifiedFinding(identity: Identity, busArn: string, reason: string, fix: string): Finding[] {
  const problem =
    `it cannot be told at synth whether ${identityName(identity)} may put events on bus ` +
    `${displayText(busArn)}${reason}`;
  return manualStepFinding(FindingId.DELIVERY_UNVERIFIED, policyFor(identity, busArn), busArn, problem, fix);
}

function unknownBusFinding(app: AppIndex, identity: Identity, busArn: string): Finding[] {
  const construct = policyFor(identity, busArn);
  const near = mostSimilarBus(app, busArn);
  if (near) {
    return [
      {
        id: FindingId.EVENT_BUS_NOT_FOUND,
        level: 'warning',
        construct,
        ...didYouMean(near, `bus ${busArn}, which '${identityPath(identity)}' may put events on`),
      },
    ];
  }
  if (accountOf(busArn) === identity.account) return [];
  const problem =
    `'${identityPath(identity)}' puts events on bus ${displayText(busArn)}, whose policy is not ` +
    'written by this app';
  const fix = `let role ${displayText(identity.arn)} put events there in its policy, then acknowledge this`;
  return manualStepFinding(FindingId.MANUALLY_ADD_EVENT_BUS_POLICY, construct, busArn, problem, fix);
}

/** The policy that names the bus, to which a finding is tied. */
function policyFor(identity: Identity, busArn: string): IConstruct {
  const policy = identity.policies.find(({ statements }) =>
    statements.some(
      (s) => isObject(s) && s.Effect === 'Allow' && toList(s.Resource).some((resource) => like(resource, busArn)),
    ),
  );
  return policy?.construct ?? identity.construct;
}

function eventNames(refused: { event: EventEnvelope }[]): string {
  const names = [...new Set(refused.map(({ event }) => eventName(event)))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function identityName(identity: Identity): string {
  return `'${identityPath(identity)}' of account ${displayText(identity.account)}`;
}

function identityPath({ construct }: Identity): string {
  return construct.node.path;
}
