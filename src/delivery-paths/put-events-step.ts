import { resourceStatements, statementsAllowing } from './allowing-statements';
import { DeliveryStep, MissingStatement, PathElement } from './delivery-path';
import { unpublishedOutcome } from './published-event';
import { ExternalPublisher, Publisher, externalIdentity } from './publisher';
import * as messages from './put-events-step.messages';
import { AppIndex } from '../app-model/app-index';
import { CrossAccountEvaluation } from '../checks/delivery/lib/authorize';
import { manualStepFinding } from '../checks/delivery/lib/manual-steps';
import { publisherNeed } from '../checks/delivery/lib/needs';
import { allowsPutEvents, authorizePutEvents, putEventsCall } from '../checks/delivery/lib/put-events';
import { isBusUnresolved, isUnknownBus } from '../checks/delivery/lib/similar-buses';
import { putEventsOptions } from '../checks/delivery/publishers';
import * as publisherMessages from '../checks/delivery/publishers.messages';
import { evaluateServiceCall, servicesOf } from '../checks/delivery/service-publishers';
import { FindingText } from '../checks/engine/finding';
import { withOtherApps } from '../checks/engine/other-apps';
import { BUS } from '../checks/engine/target-kinds';
import { FindingId } from '../checks/finding-id';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { matchesOnlyServiceEvents } from '../eventbridge/service-events';
import { parseArn } from '../iam/arn';
import { Decision } from '../iam/decision';
import { Evaluation } from '../iam/evaluate';
import { Json, isObject } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';
import { withStatement } from '../topology/need';

/** What a step adds to its elements. */
type Outcome = Pick<DeliveryStep, 'decision' | 'text' | 'missing'> & Partial<Pick<DeliveryStep, 'allowedBy'>>;

/** The step in which a publisher puts an event on a bus; undefined for a publisher whose event is on a bus already. */
export function putEventsStep(
  app: AppIndex,
  publisher: Publisher,
  busArn: string,
  event: EventEnvelope,
): DeliveryStep | undefined {
  if (publisher.kind === 'rule' || publisher.kind === 'bus') return undefined;
  const to: PathElement = { arn: busArn, construct: app.bus(busArn)?.construct };
  const step = { kind: 'putEvents', action: BUS.action, to, allowedBy: [] } as const;
  if (publisher.kind === 'service') {
    return { ...step, from: { arn: publisher.service }, ...serviceOutcome(app, publisher.service, busArn, event) };
  }
  const { kind, identity } = publisher;
  const from = kind === 'identity' ? { arn: identity.arn, construct: identity.construct } : { arn: nameOf(publisher) };
  return { ...step, from, ...publisherOutcome(app, publisher, busArn, event) };
}

type IdentityPublisher = Extract<Publisher, { kind: 'identity' }> | ExternalPublisher;

function nameOf(publisher: IdentityPublisher): string {
  const { identity } = publisher;
  return hasUnresolved(identity.arn) && publisher.kind === 'external' ? identity.account : identity.arn;
}

function publisherOutcome(app: AppIndex, publisher: IdentityPublisher, busArn: string, event: EventEnvelope): Outcome {
  const resource = publisher.kind === 'identity' ? publisher.resource : undefined;
  const unpublished = resource && unpublishedOutcome(app, resource, busArn, event);
  if (unpublished?.decision === 'denied') return unpublished;
  const outcome = identityOutcome(app, publisher, busArn, event);
  if (outcome.decision !== 'allowed') return outcome;
  return unpublished ?? onlySomeIdentities(app, publisher, busArn, event) ?? outcome;
}

/** Unknown if the bus allows some roles and users of an account, and denies others; undefined if it allows all. */
function onlySomeIdentities(
  app: AppIndex,
  publisher: IdentityPublisher,
  busArn: string,
  event: EventEnvelope,
): Outcome | undefined {
  if (publisher.kind !== 'external' || !hasUnresolved(publisher.identity.arn)) return undefined;
  const other = externalIdentity(otherRoleArn(publisher.identity.account, busArn), publisher.identity.construct);
  const outcome = identityOutcome(app, other, busArn, event);
  if (outcome.decision === 'allowed') return undefined;
  return { decision: 'unknown', text: messages.onlySomeIdentities(publisher.identity.account, busArn) };
}

/** A role that no policy names. */
function otherRoleArn(account: string, busArn: string): string {
  return `arn:${parseArn(busArn)?.partition ?? 'aws'}:iam::${account}:role/any-other-role`;
}

function identityOutcome(app: AppIndex, publisher: IdentityPublisher, busArn: string, event: EventEnvelope): Outcome {
  const { identity } = publisher;
  if (isServiceEvent(event)) return { decision: 'denied', text: messages.reservedSource(event) };
  if (isBusUnresolved(app, busArn, identity.account)) {
    return { decision: 'unknown', text: publisherMessages.busUnresolved([{ identity, resource: busArn }]) };
  }
  const options = putEventsOptions(identity);
  const evaluations = options.map((one) => authorizePutEvents(app, identity, busArn, event, one));
  const withDecision = (decision: Decision) => evaluations.find((one) => one.decision === decision);
  const denied = withDecision('denied');
  if (denied?.policyType === 'resource' && isUnknownBus(app, busArn)) return unknownBus(app, publisher, busArn);
  if (denied) return deniedOutcome(app, publisher, busArn, event, denied);
  const unknown = withDecision('unknown');
  if (unknown) return { decision: 'unknown', text: unverifiedText(publisher, busArn, event, unknown) };
  const call = putEventsCall(busArn, event, options[0]);
  return { decision: 'allowed', allowedBy: statementsAllowing(app, identity, call) };
}

/** Whether only AWS services can put an event. */
function isServiceEvent({ source }: EventEnvelope): boolean {
  return source !== undefined && matchesOnlyServiceEvents({ source: [source] });
}

function unknownBus(app: AppIndex, publisher: IdentityPublisher, busArn: string): Outcome {
  const { identity, kind } = publisher;
  if (kind === 'external') return { decision: 'unknown', text: messages.busPolicyUndefined(publisher.name, busArn) };
  const text = publisherMessages.busPolicyUndefined(identity, busArn);
  const id = FindingId.MANUALLY_ADD_EVENT_BUS_POLICY;
  const [finding] = manualStepFinding(id, identity.construct, text, busArn, publisherNeed(app, identity, busArn)).map(
    (one) => withOtherApps(app, one),
  );
  return { decision: finding?.level === 'error' ? 'denied' : 'unknown', text: finding ?? text };
}

function deniedOutcome(
  app: AppIndex,
  publisher: IdentityPublisher,
  busArn: string,
  event: EventEnvelope,
  denied: CrossAccountEvaluation,
): Outcome {
  const { identity } = publisher;
  const text =
    publisher.kind === 'external'
      ? messages.putEventsDenied(publisher.name, busArn, event, denied)
      : publisherMessages.accessDenied(app, identity, busArn, [{ event, ...denied }]);
  return { decision: 'denied', text, missing: missingStatement(publisher, busArn, event, denied) };
}

function unverifiedText(
  publisher: IdentityPublisher,
  busArn: string,
  event: EventEnvelope,
  unknown: CrossAccountEvaluation,
): FindingText {
  return publisher.kind === 'external'
    ? messages.putEventsUnverified(publisher.name, busArn, unknown)
    : publisherMessages.accessUnverified(publisher.identity, busArn, { event, ...unknown });
}

/** The statement that is missing; undefined if another statement denies the call. */
function missingStatement(
  publisher: IdentityPublisher,
  busArn: string,
  event: EventEnvelope,
  { explicitDeny, isBoundary, policyType, unmatchedKey }: CrossAccountEvaluation,
): MissingStatement | undefined {
  const { identity } = publisher;
  if (explicitDeny || isBoundary) return undefined;
  if (policyType === 'identity') {
    const allow: Json = { Effect: 'Allow', Action: BUS.action, Resource: busArn };
    const ofBus = busStatement(identity.arn, busArn, event);
    const isLimited = publisherMessages.restrictsEvents(unmatchedKey) && isObject(ofBus);
    return {
      policyType,
      policyOf: identity.arn,
      statement: isLimited ? { ...allow, Condition: ofBus.Condition } : allow,
    };
  }
  const principal = hasUnresolved(identity.arn) ? identity.account : identity.arn;
  return { policyType, policyOf: busArn, statement: busStatement(principal, busArn, event) };
}

function busStatement(principal: string, busArn: string, event: EventEnvelope): Json {
  const events = [{ source: event.source, detailType: event['detail-type'] }];
  return withStatement({ principal, action: BUS.action, resource: busArn, events }).statement!;
}

/** AWS puts the events of its services on the default event bus. Other events of a service need the bus policy. */
function serviceOutcome(app: AppIndex, service: string, busArn: string, event: EventEnvelope): Outcome {
  const isDefaultBus = busArn.endsWith(':event-bus/default');
  if (isServiceEvent(event) && isDefaultBus) return { decision: 'allowed' };
  const entries = app
    .statementsOn(busArn)
    .filter(({ statement }) => allowsPutEvents(statement) && servicesOf(statement).includes(service))
    .map((entry) => ({ entry, evaluation: evaluateServiceCall(app, entry, service, event) }));
  const withDecision = (decision: Decision) => entries.filter(({ evaluation }) => evaluation.decision === decision);
  const allowed = withDecision('allowed');
  if (allowed.length > 0) {
    return { decision: 'allowed', allowedBy: resourceStatements(allowed.map(({ entry }) => entry)) };
  }
  const [unknown] = withDecision('unknown');
  if (unknown) {
    return { decision: 'unknown', text: messages.putEventsUnverified(service, busArn, unknown.evaluation) };
  }
  if (entries.length === 0 && isUnknownBus(app, busArn)) {
    return { decision: 'unknown', text: messages.busPolicyUndefined(service, busArn) };
  }
  const evaluation: Evaluation = entries[0]?.evaluation ?? NO_STATEMENT;
  return {
    decision: 'denied',
    text: messages.putEventsDenied(service, busArn, event, { ...evaluation, policyType: 'resource' }),
    ...(!evaluation.explicitDeny && {
      missing: { policyType: 'resource', policyOf: busArn, statement: busStatement(service, busArn, event) },
    }),
  };
}

const NO_STATEMENT: Evaluation = { decision: 'denied', reason: 'no statement allows it' };
