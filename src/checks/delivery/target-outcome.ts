import { CrossAccountEvaluation } from './lib/authorize';
import { evaluateRolePermissions } from './lib/role-permissions';
import { KnownTargetPath, RuleTargetPath, isKnownTarget } from './lib/rule-target-path';
import { isBusUnresolved } from './lib/similar-buses';
import {
  dependsOnResourcePolicy,
  evaluatePutEvents,
  evaluateResourceCall,
  isApiWithoutPolicy,
} from './lib/target-calls';
import { checkTarget, isTargetUnresolved } from './targets';
import { deliveryUnverified, targetUnresolved } from './targets.messages';
import { Decision } from '../../iam/decision';
import { Finding, FindingText } from '../engine/finding';
import { withOtherApps } from '../engine/other-apps';
import { BUS, LOG_GROUP } from '../engine/target-kinds';

/** Whether a rule delivers one event to one of its targets. */
export interface TargetOutcome {
  readonly decision: Decision;
  /** Why the event is not delivered, or why this is unknown. */
  readonly text?: FindingText;
  /** The evaluations of the calls that deliver the event. */
  readonly evaluations: readonly CrossAccountEvaluation[];
}

/**
 * Evaluates one event by the checks of targets. Where these have no finding because they accept an unknown decision, or
 * because another check reports it, the decision is unknown too.
 *
 * @param path a rule and one of its targets, with the event
 */
export function targetOutcome(path: RuleTargetPath): TargetOutcome {
  const findings = checkTarget(path).map((finding) => withOtherApps(path.app, finding));
  const evaluations = isKnownTarget(path) ? evaluationsOf(path) : [];
  const [finding] = findings;
  if (finding) return { decision: decisionOf(findings), text: finding, evaluations };
  if (!isKnownTarget(path)) return unknownTarget(path);
  return knownTarget(path, evaluations);
}

function decisionOf(findings: readonly Finding[]): Decision {
  return findings.some(({ level }) => level === 'error') ? 'denied' : 'unknown';
}

/** The evaluations of the calls that deliver an event; none if the app does not define the role that makes them. */
function evaluationsOf(path: KnownTargetPath): CrossAccountEvaluation[] {
  const { kind, role, target } = path;
  if (!role && target.roleArn !== undefined) return [];
  if (kind === LOG_GROUP) return [BY_LOG_POLICY];
  if (kind !== BUS && dependsOnResourcePolicy(path) && !isApiWithoutPolicy(path)) return [evaluateResourceCall(path)];
  if (!role) return [];
  return kind === BUS ? evaluatePutEvents(path, role) : evaluateRolePermissions(path, role);
}

/** The check of log groups has a finding if no policy allows EventBridge. */
const BY_LOG_POLICY: CrossAccountEvaluation = {
  decision: 'allowed',
  reason: 'a resource policy of CloudWatch Logs allows it',
  policyType: 'resource',
};

function unknownTarget(path: RuleTargetPath): TargetOutcome {
  const { target, ruleName, targetName } = path;
  const text = isTargetUnresolved(path)
    ? targetUnresolved([path])
    : {
        problem: `cannot determine at synthesis whether ${ruleName} can deliver to ${targetName}`,
        reason: 'the policies for this kind of target are not evaluated',
        fix: `verify that role ${target.roleArn ?? 'of the target'} allows the action of the target`,
      };
  return { decision: 'unknown', text, evaluations: [] };
}

function knownTarget(path: KnownTargetPath, evaluations: readonly CrossAccountEvaluation[]): TargetOutcome {
  const { app, kind, rule, target } = path;
  if (kind === BUS && isBusUnresolved(app, target.arn, rule.account)) {
    return { decision: 'unknown', text: targetUnresolved([path]), evaluations };
  }
  const unverified =
    evaluations.length === 0 ? NOT_EVALUATED : evaluations.find(({ decision }) => decision !== 'allowed');
  if (!unverified) return { decision: 'allowed', evaluations };
  const text = deliveryUnverified(path, { event: path.events[0], ...unverified });
  return { decision: 'unknown', text, evaluations };
}

const NOT_EVALUATED: CrossAccountEvaluation = {
  decision: 'unknown',
  reason: 'a policy that is not defined in this app decides',
  policyType: 'resource',
};
