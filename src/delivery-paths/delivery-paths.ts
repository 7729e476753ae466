import { DeliveryPath, DeliveryStep } from './delivery-path';
import { Publisher } from './publisher';
import { putEventsStep } from './put-events-step';
import { findingsOnKey, findingsOnPolicy, findingsOnPublisher, findingsOnRule } from './resource-findings';
import { Hop, Route, isBusArn, routesTo } from './routes';
import { matchStep, ruleMatches, sendStep } from './rule-steps';
import { AppIndex } from '../app-model/app-index';
import { secondHopFindingFor } from '../checks/delivery/second-hop';
import { Finding } from '../checks/engine/finding';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { accountOf } from '../iam/arn';
import { Decision, allOf } from '../iam/decision';
import { Ternary } from '../iam/ternary';

/** Which event, from which publisher, to which target. */
export interface DeliveryQuery {
  readonly publisher: Publisher;
  readonly event: EventEnvelope;
  readonly targetArn: string;
  /** Whether an ARN is one of the target, such as that of a version of a function. */
  readonly isTarget: (arn: string) => Ternary;
  /** The bus on which the publisher puts the event; any bus if it is left out. */
  readonly busArn?: string;
}

/**
 * All paths on which an event may get from a publisher to a target, with the decision on each step. Each decision is
 * that of the checks: a path is allowed if none of them has a finding about one of its steps.
 */
export function deliveryPaths(app: AppIndex, query: DeliveryQuery): DeliveryPath[] {
  const { publisher } = query;
  const routes = [...directRoutes(query), ...routesTo(app, query.isTarget)];
  return routes
    .filter(({ busArn }) => query.busArn === undefined || busArn === query.busArn)
    .filter((route) => beginsAt(route, publisher))
    .map((route) => evaluateRoute(app, query, route));
}

/** A publisher puts events on a bus that is the target itself. */
function directRoutes({ publisher, targetArn }: DeliveryQuery): Route[] {
  if (publisher.kind === 'rule' || publisher.kind === 'bus' || !isBusArn(targetArn)) return [];
  return [{ busArn: targetArn, hops: [] }];
}

function beginsAt({ busArn, hops }: Route, publisher: Publisher): boolean {
  if (publisher.kind === 'bus') return busArn === publisher.busArn;
  return publisher.kind !== 'rule' || hops[0]?.rule === publisher.rule;
}

function evaluateRoute(app: AppIndex, { publisher, event }: DeliveryQuery, { busArn, hops }: Route): DeliveryPath {
  const published = { ...event, account: event.account ?? publisherAccount(app, publisher, busArn) };
  const put = evaluatePut(app, publisher, busArn, published);
  const steps = hops.flatMap((hop, i) => evaluateHop(app, hop, hops[i - 1], published));
  if (put) return toPath([put, ...steps]);
  // A key that cannot be used concerns also an event that is on the first bus already.
  const [firstStep, ...otherSteps] = steps;
  return toPath([withFindings(firstStep, findingsOnKey(app, busArn)), ...otherSteps]);
}

/** The path that consists of some steps. */
function toPath(steps: readonly DeliveryStep[]): DeliveryPath {
  return { decision: allOf(steps.map(({ decision }) => decision)), steps };
}

/**
 * The step in which a publisher puts an event on a bus, with what is wrong with the publisher and the bus; undefined
 * for an event that is on a bus already.
 */
export function evaluatePut(
  app: AppIndex,
  publisher: Publisher,
  busArn: string,
  event: EventEnvelope,
): DeliveryStep | undefined {
  const put = putEventsStep(app, publisher, busArn, event);
  const resource = publisher.kind === 'identity' ? publisher.resource : undefined;
  const publisherFindings = resource ? findingsOnPublisher(app, resource, busArn) : [];
  const busFindings = [...findingsOnPolicy(app, busArn), ...findingsOnKey(app, busArn)];
  return put && withFindings(put, [...publisherFindings, ...busFindings]);
}

/**
 * The account in the event, which rules keep when they forward it. On a bus without a policy, to which no rule forwards
 * events, it is that of the bus.
 */
function publisherAccount(app: AppIndex, publisher: Publisher, busArn: string): string | undefined {
  if (publisher.kind === 'identity' || publisher.kind === 'external') return publisher.identity.account;
  return app.statementsOn(busArn).length === 0 && app.rulesTo(busArn).length === 0 ? accountOf(busArn) : undefined;
}

/**
 * The steps in which a rule matches an event and sends it to a target.
 *
 * @param previous the hop to the bus of the rule, if another rule forwarded the event
 * @param evaluateMatch the step in which the rule matches the event, without what is wrong with the rule
 */
export function evaluateHop(
  app: AppIndex,
  hop: Hop,
  previous: Hop | undefined,
  event: EventEnvelope,
  evaluateMatch = matchStep,
): [match: DeliveryStep, send: DeliveryStep] {
  const { rule, target } = hop;
  const match = evaluateMatch(app, rule, event);
  const isMatched = match.decision === 'allowed' || ruleMatches(rule, event);
  const tooFar = previous && secondHopFindingFor([previous.rule, rule], target.arn, isMatched);
  const targetFindings = [
    ...(tooFar ? [tooFar] : []),
    ...findingsOnPolicy(app, target.arn),
    ...findingsOnKey(app, target.arn, isBusArn(target.arn) ? undefined : rule),
  ];
  return [withFindings(match, findingsOnRule(app, rule)), withFindings(sendStep(app, hop, event), targetFindings)];
}

/** A step that fails also if a check has a finding about its resources. */
function withFindings(step: DeliveryStep, findings: readonly Finding[]): DeliveryStep {
  const decisionOf = ({ level }: Finding): Decision => (level === 'error' ? 'denied' : 'unknown');
  const decision = allOf([step.decision, ...findings.map(decisionOf)]);
  if (decision === step.decision) return step;
  return { ...step, decision, text: findings.find((finding) => decisionOf(finding) === decision), allowedBy: [] };
}
