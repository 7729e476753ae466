import { statementsAllowing, statementsAllowingAssumeRole, statementsAllowingRule } from './allowing-statements';
import { AllowingStatement, DeliveryStep, MissingStatement } from './delivery-path';
import { Hop } from './routes';
import * as messages from './rule-steps.messages';
import { AppIndex } from '../app-model/app-index';
import { Rule } from '../app-model/app-model';
import { EVENTBRIDGE_PRINCIPAL, authorizeAssumeRole } from '../checks/delivery/lib/authorize';
import { targetNeed } from '../checks/delivery/lib/needs';
import { KnownTargetPath, RuleTargetPath, isKnownTarget } from '../checks/delivery/lib/rule-target-path';
import { deliveryCall } from '../checks/delivery/lib/target-calls';
import { TargetOutcome, targetOutcome } from '../checks/delivery/target-outcome';
import { BUS, LOG_GROUP } from '../checks/engine/target-kinds';
import { EventEnvelope, matches } from '../eventbridge/event-pattern';
import { Json } from '../iam/statement';
import { Ternary } from '../iam/ternary';
import { withStatement } from '../topology/need';

/** Whether a rule matches an event. A rule that is disabled, or that only has a schedule, matches none. */
export function ruleMatches({ enabled, pattern }: Rule, event: EventEnvelope): Ternary {
  return enabled && pattern !== null ? matches(pattern, event) : false;
}

/** The step in which a rule on a bus matches an event. */
export function matchStep(app: AppIndex, rule: Rule, event: EventEnvelope): DeliveryStep {
  const isMatch = ruleMatches(rule, event);
  const step = {
    kind: 'match',
    from: { arn: rule.eventBusArn, construct: app.bus(rule.eventBusArn)?.construct },
    to: { arn: rule.arn, construct: rule.construct },
    allowedBy: [],
  } as const;
  if (isMatch === false) return { ...step, decision: 'denied', text: messages.noMatch(rule, event) };
  if (isMatch === undefined) return { ...step, decision: 'unknown', text: messages.matchUnverified(rule, event) };
  return rule.conditional
    ? { ...step, decision: 'unknown', text: messages.conditionalRule(rule) }
    : { ...step, decision: 'allowed' };
}

/** The step in which a rule sends an event to its target. */
export function sendStep(app: AppIndex, { rule, target, isCertain }: Hop, event: EventEnvelope): DeliveryStep {
  const path = new RuleTargetPath(app, rule, target, event);
  const outcome = targetOutcome(path);
  const step = {
    kind: 'send',
    from: { arn: rule.arn, construct: rule.construct },
    to: { arn: target.arn, construct: app.resource(target.arn)?.construct },
    action: path.kind?.action,
    allowedBy: [],
  } as const;
  if (outcome.decision !== 'allowed') {
    return { ...step, decision: outcome.decision, text: outcome.text, missing: missingStatement(path, outcome, event) };
  }
  if (isCertain === undefined) return { ...step, decision: 'unknown', text: messages.targetUnresolved(rule, target) };
  return { ...step, decision: 'allowed', allowedBy: isKnownTarget(path) ? allowedBy(path) : [] };
}

function allowedBy(path: KnownTargetPath): AllowingStatement[] {
  const { app, kind, role, rule } = path;
  if (kind === LOG_GROUP) return [];
  const call = deliveryCall(path);
  return role
    ? [...statementsAllowingAssumeRole(role, rule), ...statementsAllowing(app, role, call)]
    : statementsAllowingRule(app, rule, call);
}

/** The statement that is missing, if the event is denied because there is none. */
function missingStatement(
  path: RuleTargetPath,
  { decision, evaluations }: TargetOutcome,
  event: EventEnvelope,
): MissingStatement | undefined {
  const { kind, role, rule, target } = path;
  if (decision !== 'denied' || !isKnownTarget(path)) return undefined;
  if (role && authorizeAssumeRole(role, rule).decision === 'denied') {
    return { policyType: 'trust', policyOf: role.arn, statement: trustStatement(rule) };
  }
  const denied = evaluations.find((evaluation) => evaluation.decision === 'denied');
  if (!denied || denied.explicitDeny || denied.isBoundary) return undefined;
  if (denied.policyType === 'identity' && role) {
    const statement: Json = { Effect: 'Allow', Action: path.kind.action, Resource: target.arn };
    return { policyType: 'identity', policyOf: role.arn, statement };
  }
  const { source, 'detail-type': detailType } = event;
  const events = kind === BUS ? [{ source, detailType }] : undefined;
  const need = { ...targetNeed(rule, path.target), ...(events && { events }) };
  return { policyType: 'resource', policyOf: target.arn, statement: withStatement(need).statement! };
}

function trustStatement({ arn }: Rule): Json {
  return {
    Effect: 'Allow',
    Principal: { Service: EVENTBRIDGE_PRINCIPAL },
    Action: 'sts:AssumeRole',
    Condition: { ArnEquals: { 'aws:SourceArn': arn } },
  };
}
