import { IConstruct } from 'constructs';
import { hasInvalidStatement, isInvalidStatement } from './invalid-statements';
import { certainlyDiffer, statementsFor } from './lib/authorize';
import { invalidArnFindings } from './lib/invalid-arns';
import { manualStepFinding } from './lib/manual-steps';
import { publisherNeed } from './lib/needs';
import { Dependent, oneForStack } from './lib/one-for-stack';
import { publishedEvents, publishersOn } from './lib/publisher-resources';
import {
  PutEventsOptions,
  allowedBusArns,
  allowedEventsOf,
  authorizePutEvents,
  isIntendedPublisher,
  matchesResource,
  putEventsCall,
} from './lib/put-events';
import { didYouMean, isBusUnresolved, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import { isOnlyRuleRole, isRuleRole, isServiceRole, trustedRuleArnsOf } from './lib/trusted-principals';
import * as messages from './publishers.messages';
import { hasReportedPolicyFault } from './unsatisfiable-conditions';
import { AppIndex } from '../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { accountOf, invalidArnPart } from '../../iam/arn';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding, FindingText, errorFinding, warningFinding, withAffected } from '../engine/finding';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { isReportedWith, notFoundFindings } from '../engine/other-apps';
import { FindingId } from '../finding-id';

/**
 * Reports roles and users whose policies allow `events:PutEvents` on a bus that does not allow them, or that no stack
 * defines.
 *
 * Blind spots: policies that name no bus, AWS managed policies, session policies, service control policies, membership
 * in an organization, and buses of other apps.
 */
export function checkPublishers(app: AppIndex): Finding[] {
  const targetsByRole = targetArnsByRole(app);
  const findings: Finding[] = [];
  const unresolved: UnresolvedBus[] = [];
  for (const identity of [...app.evaluated.roles, ...app.evaluated.users]) {
    if (identity.statements.length === 0) continue;
    const targetArns = targetsByRole.get(identity.arn);
    if (targetArns && isOnlyRuleRole(identity)) continue;
    for (const busArn of allowedBusArns(identity, app.model.eventBuses)) {
      // A bus to which a rule sends with this role is checked with the targets of the rule.
      if (targetArns?.has(busArn)) continue;
      if (isBusUnresolved(app, busArn, identity.account)) {
        unresolved.push({ identity, construct: policyFor(identity, busArn), resource: busArn });
      } else {
        findings.push(...checkPublisher(app, identity, busArn));
      }
    }
  }
  return [...findings, ...oneForStack(FindingId.DELIVERY_UNVERIFIED, unresolved, messages.busUnresolved)];
}

/** A bus whose ARN is known only at deployment, and a role or user that is allowed to put events on it. */
interface UnresolvedBus extends Dependent {
  readonly identity: Identity;
}

/** The ARNs of the targets to which rules send with each role. */
function targetArnsByRole({ model }: AppIndex): Map<string, Set<string>> {
  const targetArns = new Map<string, Set<string>>();
  for (const { arn, roleArn } of model.rules.flatMap((rule) => rule.targets)) {
    if (roleArn === undefined) continue;
    if (!targetArns.has(roleArn)) targetArns.set(roleArn, new Set());
    targetArns.get(roleArn)!.add(arn);
  }
  return targetArns;
}

function checkPublisher(app: AppIndex, identity: Identity, busArn: string): Finding[] {
  if (invalidArnPart(busArn)) {
    const use = `the bus on which '${identity.construct.node.path}' may put events`;
    return invalidArnFindings(policyFor(identity, busArn), use, busArn);
  }
  if (isUnknownBus(app, busArn)) return unknownBusFindings(app, identity, busArn);
  const evaluations = evaluateEvents(app, identity, busArn);
  const denied = evaluations.filter(({ decision }) => decision === 'denied');
  if (denied.length > 0) {
    // One call of a role can put several events, and one statement must allow all of them.
    const toAllow = publishedEvents(app, identity, busArn) ? denied : evaluations;
    return deniedFindings(app, identity, busArn, denied, toAllow);
  }
  const unknown = evaluations.find(({ decision }) => decision === 'unknown');
  if (!unknown || hasInvalidStatement(app, busArn)) return [];
  return unverifiedFinding(identity, busArn, messages.accessUnverified(identity, busArn, unknown));
}

/**
 * Evaluates each event that a role or user puts. The permissions of the role for events that a resource puts are
 * checked with the resource.
 */
function evaluateEvents(app: AppIndex, identity: Identity, busArn: string): messages.EventEvaluation[] {
  const published = publishedEvents(app, identity, busArn);
  const events = published ?? allowedEventsOf(identity, busArn);
  return putEventsOptions(identity)
    .flatMap((options) =>
      events.map((event) => ({
        event,
        ruleArn: options.ruleArn,
        ...authorizePutEvents(app, identity, busArn, event, options),
      })),
    )
    .filter(({ decision, policyType }) => !published || decision !== 'denied' || policyType === 'resource');
}

/** How a role or user puts events. For a role of rules of another app, one call for each rule in its trust policy. */
export function putEventsOptions(identity: Identity): PutEventsOptions[] {
  const options = { byRule: isRuleRole(identity), byService: isServiceRole(identity), assumeUnknownMatches: true };
  const ruleArns = isOnlyRuleRole(identity) ? trustedRuleArnsOf(identity) : [];
  return ruleArns.length > 0 ? ruleArns.map((ruleArn) => ({ ...options, ruleArn })) : [options];
}

function deniedFindings(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  denied: messages.EventEvaluation[],
  toAllow: readonly messages.EventEvaluation[],
): Finding[] {
  const construct = policyFor(identity, busArn);
  const resource = displayText(busArn);
  if (denied[0].policyType === 'resource') {
    if (isAlreadyReported(construct, busArn) || hasReportedPolicyFault(app, busArn)) return [];
    const statement = findMisspelledStatement(app, identity, busArn, denied[0].event);
    if (statement && isInvalidStatement(statement) && isReportedWith(app, statement.construct)) return [];
    if (statement) {
      const text = messages.statementForOtherBus(identity, busArn, denied, statement);
      const finding = errorFinding(FindingId.PUBLISHER_ACCESS_DENIED, statement.construct, text, resource);
      return [withAffected(finding, construct)];
    }
  }
  const text = messages.accessDenied(app, identity, busArn, denied, toAllow);
  const toFinding = isIntendedPublisher(identity, busArn) ? errorFinding : warningFinding;
  const publishers = publishersOn(app, identity, busArn).map((publisher) => publisher.construct);
  return [withAffected(toFinding(FindingId.PUBLISHER_ACCESS_DENIED, construct, text, resource), ...publishers)];
}

/**
 * Finds a statement that would allow the event on this bus, but is for a similar bus that no stack defines. The name is
 * probably misspelled.
 */
function findMisspelledStatement(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  event: EventEnvelope,
): ResourcePolicyStatement | undefined {
  const policyBusArns = new Set(app.model.eventBusStatements.map(({ resourceArn }) => resourceArn));
  for (const policyBusArn of policyBusArns) {
    if (app.bus(policyBusArn) || mostSimilarBus(app, policyBusArn)?.bus.arn !== busArn) continue;
    const [statement] = statementsFor(app, identity, putEventsCall(policyBusArn, event, putEventsOptions(identity)[0]));
    if (statement) return statement;
  }
  return undefined;
}

function unverifiedFinding(identity: Identity, busArn: string, text: FindingText): Finding[] {
  return manualStepFinding(FindingId.DELIVERY_UNVERIFIED, policyFor(identity, busArn), text, busArn);
}

function unknownBusFindings(app: AppIndex, identity: Identity, busArn: string): Finding[] {
  const construct = policyFor(identity, busArn);
  const similarBus = mostSimilarBus(app, busArn, identity);
  if (similarBus) {
    const text = didYouMean(similarBus, `bus ${busArn}, on which '${identity.construct.node.path}' may put events`);
    return [warningFinding(FindingId.EVENT_BUS_NOT_FOUND, construct, text, busArn)];
  }
  if (accountOf(busArn) === identity.account) {
    return notFoundFindings(app, construct, busArn, messages.busUndefined(identity, busArn));
  }
  const text = messages.busPolicyUndefined(identity, busArn);
  const need = publisherNeed(app, identity, busArn);
  return [
    ...deniedByOwnPolicies(app, identity, busArn),
    ...manualStepFinding(FindingId.MANUALLY_ADD_EVENT_BUS_POLICY, construct, text, busArn, need),
  ];
}

/** What the policies of a role or user deny in another account, whatever the policy of the bus there allows. */
function deniedByOwnPolicies(app: AppIndex, identity: Identity, busArn: string): Finding[] {
  if (!certainlyDiffer(accountOf(busArn), identity.account)) return [];
  const denied = evaluateEvents(app, identity, busArn).filter(
    ({ decision, policyType }) => decision === 'denied' && policyType === 'identity',
  );
  return denied.length > 0 ? deniedFindings(app, identity, busArn, denied, denied) : [];
}

/** The policy of a role or user that names the bus; the role or user itself if none does. */
function policyFor(identity: Identity, busArn: string): IConstruct {
  const policy = identity.policies.find(({ statements }) =>
    statements.filter(isObject).some((statement) => statement.Effect === 'Allow' && matchesResource(statement, busArn)),
  );
  return policy?.construct ?? identity.construct;
}
