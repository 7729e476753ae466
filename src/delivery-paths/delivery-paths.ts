import { Decision, DeliveryPath, DeliveryStep, allOf } from './delivery-path';
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
  const put = putEventsStep(app, publisher, busArn, published);
  const [firstStep, ...otherSteps] = [
    ...(put ? [put] : []),
    ...hops.flatMap((hop, i) => hopSteps(app, hop, hops[i - 1], published)),
  ];
  // What is wrong with the first bus concerns also an event that is on it already.
  const resource = publisher.kind === 'identity' ? publisher.resource : undefined;
  const publisherFindings = resource ? findingsOnPublisher(app, resource, busArn) : [];
  const busFindings = [...(put ? findingsOnPolicy(app, busArn) : []), ...findingsOnKey(app, busArn)];
  const steps = [withFindings(firstStep, [...publisherFindings, ...busFindings]), ...otherSteps];
  return { decision: allOf(steps.map(({ decision }) => decision)), steps };
}

/**
 * The account in the event, which rules keep when they forward it. On a bus without a policy, to which no rule forwards
 * events, it is that of the bus.
 */
function publisherAccount(app: AppIndex, publisher: Publisher, busArn: string): string | undefined {
  if (publisher.kind === 'identity' || publisher.kind === 'external') return publisher.identity.account;
  return app.statementsOn(busArn).length === 0 && app.rulesTo(busArn).length === 0 ? accountOf(busArn) : undefined;
}

function hopSteps(app: AppIndex, hop: Hop, previous: Hop | undefined, event: EventEnvelope): DeliveryStep[] {
  const { rule, target } = hop;
  const isMatched = ruleMatches(rule, event);
  const tooFar = previous && secondHopFindingFor([previous.rule, rule], target.arn, isMatched);
  const targetFindings = [
    ...(tooFar ? [tooFar] : []),
    ...findingsOnPolicy(app, target.arn),
    ...findingsOnKey(app, target.arn, isBusArn(target.arn) ? undefined : rule),
  ];
  return [
    withFindings(matchStep(app, rule, event), findingsOnRule(app, rule)),
    withFindings(sendStep(app, hop, event), targetFindings),
  ];
}

/** A step that fails also if a check has a finding about its resources. */
function withFindings(step: DeliveryStep, findings: readonly Finding[]): DeliveryStep {
  const decisionOf = ({ level }: Finding): Decision => (level === 'error' ? 'denied' : 'unknown');
  const decision = allOf([step.decision, ...findings.map(decisionOf)]);
  if (decision === step.decision) return step;
  return { ...step, decision, text: findings.find((finding) => decisionOf(finding) === decision), allowedBy: [] };
}
