import { FindingId } from '../finding-id';
import { CrossAccountEvaluation, certainlyDiffer, authorize, authorizeService, policyNameOf } from './lib/authorize';
import { exactEventsOf, eventName } from './lib/events';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { findMisplacedPermission } from './lib/misplaced-permissions';
import { authorizePutEvents } from './lib/put-events';
import { unknownReason, remedyFor } from './lib/remedies';
import { didYouMean, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import { isDroppedOnSecondHop } from './second-hop';
import { hasUnsatisfiableStatement } from './unsatisfiable-conditions';
import { AppIndex } from '../../app-model/app-index';
import { regionOf } from '../../iam/arn';
import { hasUnresolved, isAttribute, mayEqualAnyText, splitText, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { BUS, TargetKind, FUNCTION } from '../engine/target-kinds';
import { RuleTargetPath } from './lib/rule-target-path';
import { checkMissingRole, checkRoleTrust } from './lib/target-roles';

/**
 * Targets of rules that will not get what the rule sends: for want of a role, of a right of the role, or of leave at
 * the destination.
 *
 * Blind spots: of targets other than buses, functions, queues and topics only whether there must be a role, and its
 * trust, are judged; roles, functions and queues of other apps; log groups.
 */
export function checkTargets(app: AppIndex): Finding[] {
  return app.model.rules.flatMap((rule) =>
    rule.targets.flatMap((target) => checkTarget(new RuleTargetPath(app, rule, target))),
  );
}

/** What is said where the policy is written by another app. */
const MANUAL_STEPS: { readonly [thing in TargetKind['noun']]: FindingId } = {
  bus: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
  function: FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
  queue: FindingId.MANUALLY_ADD_QUEUE_POLICY,
  topic: FindingId.DELIVERY_UNVERIFIED,
};

function checkTarget(path: RuleTargetPath): Finding[] {
  const { kind, target } = path;
  if (!kind) return [...checkUnresolvedTarget(path), ...checkMissingRole(path), ...checkRoleTrust(path)];
  if (kind !== BUS && certainlyDiffer(regionOf(target.arn), path.rule.region)) {
    return path.error(
      FindingId.TARGET_REGION_UNSUPPORTED,
      `${path.ruleName} is in ${path.rule.region}, its target, ${path.name}, in ${regionOf(target.arn)}` +
        ': only buses can be targets in another region',
      'forward the events to a bus there, with a rule of its own for the target',
    );
  }
  const needsRole = kind === BUS || path.isCrossAccount === true;
  if (needsRole && target.roleArn === undefined) {
    const needed =
      kind === BUS
        ? `a role that events.amazonaws.com may assume for the rule and that may ${kind.action} there`
        : `an execution role of account ${displayText(path.rule.account)} that may ${kind.action} there`;
    return path.error(
      FindingId.TARGET_ROLE_INVALID,
      `target '${displayText(target.id)}' of ${path.ruleName}, ${path.name}, has no 'RoleArn', ` +
        'without which EventBridge sends nothing there',
      `give it ${needed}`,
    );
  }
  const trust = checkRoleTrust(path);
  if (trust.length > 0) return trust;
  return kind === BUS ? checkEventBusTarget(path) : checkResourceTarget(path, kind);
}

/** A target of which a part is known only at deployment; what the app makes of other kinds is not judged. */
function checkUnresolvedTarget(path: RuleTargetPath): Finding[] {
  const { app, rule, target } = path;
  if (target.arn.startsWith('arn:') ? !mayBeBusArn(target.arn) : isAttribute(target.arn)) return [];
  if (
    target.roleArn === undefined &&
    authorizeService(app, rule.arn, { action: FUNCTION.action, resource: target.arn }).decision === 'allowed'
  ) {
    return [];
  }
  const problem =
    `it cannot be told at synth whether ${path.ruleName} reaches its target '${displayText(target.id)}` +
    `': ${displayText(target.arn)} is no ARN that is known before deployment`;
  const fix = 'write it out, or make the target in this app';
  return path.manualStep(FindingId.DELIVERY_UNVERIFIED, problem, fix);
}

/**
 * Whether deployment may make an ARN of a kind that is judged: that of a service which is written out is of that
 * service.
 */
function mayBeBusArn(arn: string): boolean {
  const [, , service] = splitText(arn, ':');
  return mayEqualAnyText(arn) && (service === undefined || service === 'events' || hasUnresolved(service));
}

function checkEventBusTarget(path: RuleTargetPath): Finding[] {
  const { app, target, rule, role } = path;
  if (!app.bus(target.arn) && mayEqualAnyText(target.arn)) {
    return path.manualStep(
      FindingId.DELIVERY_UNVERIFIED,
      `it cannot be told at synth whether ${path.ruleName} reaches ${path.name}, which is known ` +
        'only at deployment',
      'write its ARN out',
    );
  }
  if (isUnknownBus(app, target.arn)) {
    const near = mostSimilarBus(app, target.arn);
    if (near) {
      const { problem, fix } = didYouMean(near, `bus ${target.arn}, the target of ${path.ruleName}`);
      return path.warning(FindingId.EVENT_BUS_NOT_FOUND, problem, fix);
    }
    return path.isCrossAccount === false || isDroppedOnSecondHop(app, rule, target.arn)
      ? []
      : path.manualStep(
          FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
          `${path.ruleName} sends to ${path.name}, whose policy is not written by this app`,
          `let role ${displayText(target.roleArn ?? '')} put events there in its policy, then acknowledge this`,
        );
  }
  if (!role) return [];
  const how = { byRule: true, ruleArn: rule.arn, assumeUnknownMatches: true };
  const asked = exactEventsOf(rule.pattern).map((event) => ({
    what: eventName(event),
    ...authorizePutEvents(app, role, target.arn, event, how),
  }));
  return toFindings(path, asked);
}

function checkResourceTarget(path: RuleTargetPath, { action }: TargetKind): Finding[] {
  const { app, target, rule, role } = path;
  if (!role && target.roleArn !== undefined) return [];
  const call = { action, resource: target.arn, assumeUnknownMatches: true };
  const verdict = role ? authorize(app, role, call) : authorizeService(app, rule.arn, call);
  const outside = verdict.policyType === 'resource' && verdict.decision !== 'allowed' && !isDefinedInApp(path);
  return outside ? manualGrant(path) : toFindings(path, [{ what: 'events', ...verdict }]);
}

/** One finding for all events that are refused at the same half. */
function toFindings(path: RuleTargetPath, asked: ({ what: string } & CrossAccountEvaluation)[]): Finding[] {
  const { role, target } = path;
  const refused = asked.find(({ decision }) => decision === 'denied');
  if (refused?.policyType === 'identity' && role) {
    return path.error(
      FindingId.TARGET_ROLE_INVALID,
      `role '${role.construct.node.path}' may not send ${refused.what} of ${path.ruleName} to ${path.name}` +
        `: ${displayText(refused.reason)}`,
      remedyFor(refused, 'principal', `allow it ${path.kind!.action} on ${displayText(target.arn)}`),
      role.construct,
    );
  }
  if (
    refused &&
    (hasUnsatisfiableStatement(path.app, target.arn) || isAlreadyReported(path.rule.construct, target.arn))
  ) {
    return [];
  }
  if (refused) {
    const found = role || refused.explicitDeny ? undefined : findMisplacedPermission(path.app, path.rule, target);
    const who = role ? `role '${role.construct.node.path}'` : path.ruleName;
    return path.error(
      FindingId.TARGET_ACCESS_DENIED,
      `${policyNameOf(target.arn)} of ${displayText(target.arn)} does not let ${who} send ${refused.what}` +
        ` there: ${found?.reason ?? displayText(refused.reason)}`,
      found?.remedy ?? remedyFor(refused, role ? 'principal' : 'service', remedy(path)),
      found?.construct,
    );
  }
  const undecided = asked.find(({ decision }) => decision === 'unknown');
  if (!undecided) return [];
  const { because, fix } = unknownReason(undecided);
  const problem =
    `it cannot be told at synth whether ${path.ruleName} reaches ${path.name}: ` +
    `${displayText(undecided.reason)}, ${because}`;
  return path.manualStep(FindingId.DELIVERY_UNVERIFIED, problem, fix);
}

function remedy({ kind, role, rule }: RuleTargetPath): string {
  if (role) {
    return (
      `let ${displayText(role.arn)} or its account in, for ${kind!.action}` +
      `${kind === BUS ? ' and the same sources and detail types' : ''}`
    );
  }
  return `let events.amazonaws.com in, with 'aws:SourceArn' ${displayText(rule.arn)}`;
}

function isDefinedInApp({ app, target }: RuleTargetPath): boolean {
  return (app.function(target.arn) ?? app.queue(target.arn) ?? app.topic(target.arn)) !== undefined;
}

function manualGrant(path: RuleTargetPath): Finding[] {
  const caller = path.role
    ? `role ${displayText(path.role.arn)}`
    : `events.amazonaws.com, with 'aws:SourceArn' ${displayText(path.rule.arn)},`;
  return path.manualStep(
    MANUAL_STEPS[path.kind!.noun],
    `${path.ruleName} sends to ${path.name}, which is not made by this app`,
    `let ${caller} do ${path.kind!.action} in its policy, then acknowledge this`,
  );
}
