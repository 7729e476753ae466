import { hasInvalidStatement } from './invalid-statements';
import { FindingId } from '../finding-id';
import { authorizeService, certainlyDiffer } from './lib/authorize';
import { invalidArnFindings } from './lib/invalid-arns';
import { checkLogGroupTarget } from './lib/log-groups';
import { findMisplacedPermission } from './lib/misplaced-permissions';
import { targetNeed } from './lib/needs';
import { oneForStack } from './lib/one-for-stack';
import { ApiEvaluation } from './lib/possible-apis';
import { checkRolePermissions } from './lib/role-permissions';
import { KnownTargetPath, RuleTargetPath, isKnownTarget } from './lib/rule-target-path';
import { didYouMean, isBusUnresolved, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import {
  dependsOnResourcePolicy,
  evaluatePutEvents,
  evaluateResourceCall,
  isApiWithoutPolicy,
} from './lib/target-calls';
import { checkRoleTrust } from './lib/target-roles';
import { checkRejectedTarget } from './rejected-targets';
import { isDroppedOnSecondHop } from './second-hop';
import * as messages from './targets.messages';
import { hasReportedPolicyFault } from './unsatisfiable-conditions';
import { AppIndex } from '../../app-model/app-index';
import { restApiArn } from '../../app-model/possible-rest-apis';
import { accountOf, arnParts, invalidArnPart, regionOf } from '../../iam/arn';
import { hasUnresolved, isAttribute, mayEqualAnyText } from '../../iam/unresolved-text';
import { Finding, warningFinding, withAffected } from '../engine/finding';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { notFoundFindings } from '../engine/other-apps';
import { API, BUS, FUNCTION, LOG_GROUP, QUEUE, STREAM, TOPIC, TargetKind } from '../engine/target-kinds';

/**
 * Reports targets to which a rule cannot deliver: the execution role is missing, EventBridge cannot assume it, or an
 * identity-based or resource-based policy does not allow the call.
 *
 * Blind spots: roles, functions and queues of other apps; the policies of APIs within an account; kinds of targets that
 * the table does not list.
 */
export function checkTargets(app: AppIndex): Finding[] {
  // A rule whose bus has an invalid ARN is reported itself.
  const rules = app.evaluated.rules.filter(({ eventBusName }) => invalidArnPart(eventBusName ?? '') === undefined);
  const paths = rules.flatMap((rule) => rule.targets.map((target) => new RuleTargetPath(app, rule, target)));
  return [...paths.flatMap(checkTarget), ...checkUnresolvedTargets(paths)];
}

/** The findings about one target. */
export function checkTarget(path: RuleTargetPath): Finding[] {
  const findings = checkPrerequisites(path);
  return findings.length > 0 || !isKnownTarget(path) ? findings : checkPermissions(path);
}

/** Checks the location of a target and its role, without its permissions. */
function checkPrerequisites(path: RuleTargetPath): Finding[] {
  const invalidArns = checkArns(path);
  if (invalidArns.length > 0) return invalidArns;
  const rejected = checkRejectedTarget(path);
  if (rejected.length > 0) return rejected;
  if (!isKnownTarget(path)) return checkRoleTrust(path);
  const { kind, target } = path;
  const locationFindings = checkLocation(path);
  if (locationFindings.length > 0) return locationFindings;
  const requiresRole = kind.role === 'always' || (kind.role === 'crossAccount' && path.isCrossAccount === true);
  if (requiresRole && target.roleArn === undefined) {
    return path.error(FindingId.TARGET_ROLE_INVALID, messages.roleMissing(path));
  }
  return checkRoleTrust(path);
}

function checkArns({ rule, target, targetOfRule }: RuleTargetPath): Finding[] {
  return [
    ...invalidArnFindings(rule.construct, targetOfRule, target.arn),
    ...invalidArnFindings(rule.construct, `the role of ${targetOfRule}`, target.roleArn),
  ];
}

/** Reports a target in a Region or account to which EventBridge does not send events of the rule. */
function checkLocation(path: KnownTargetPath): Finding[] {
  const { kind, rule, target } = path;
  const region = regionOf(target.arn);
  if (!kind.crossRegion && region !== '' && certainlyDiffer(region, rule.region)) {
    return path.error(FindingId.TARGET_REGION_UNSUPPORTED, messages.regionUnsupported(path));
  }
  const isRejected = kind.crossAccount === false && path.isCrossAccount === true && accountOf(target.arn) !== '';
  return isRejected ? path.error(FindingId.TARGET_ACCOUNT_UNSUPPORTED, messages.accountUnsupported(path)) : [];
}

/** Checks that policies allow the call that delivers an event. */
function checkPermissions(path: KnownTargetPath): Finding[] {
  const { kind } = path;
  if (kind === BUS) return checkEventBusTarget(path);
  if (kind === LOG_GROUP) return checkLogGroupTarget(path);
  return dependsOnResourcePolicy(path) ? checkResourceTarget(path) : checkRolePermissions(path);
}

/** One warning for all rules of a stack that send events to the same target, if its ARN is known only at deployment. */
function checkUnresolvedTargets(paths: RuleTargetPath[]): Finding[] {
  const unresolved = paths
    .filter((path) => (isKnownTarget(path) ? isBusTargetUnresolved(path) : isTargetUnresolved(path)))
    .map((path) => ({ path, construct: path.rule.construct, resource: path.target.arn }));
  return oneForStack(FindingId.DELIVERY_UNVERIFIED, unresolved, (sameTarget) =>
    messages.targetUnresolved(sameTarget.map(({ path }) => path)),
  );
}

function isBusTargetUnresolved(path: KnownTargetPath): boolean {
  const { app, kind, rule, target } = path;
  return kind === BUS && isBusUnresolved(app, target.arn, rule.account) && checkPrerequisites(path).length === 0;
}

/** Whether the kind of a target is known only at deployment. Attributes of resources of another kind are ignored. */
export function isTargetUnresolved(path: RuleTargetPath): boolean {
  const { app, rule, target } = path;
  const isIgnored = target.arn.startsWith('arn:') ? !mayBeBusArn(target.arn) : isAttribute(target.arn);
  if (isIgnored || checkArns(path).length > 0) return false;
  const call = { action: FUNCTION.action, resource: target.arn, given: path.given };
  return target.roleArn !== undefined || authorizeService(app, rule.arn, call).decision !== 'allowed';
}

/** Whether an ARN can be that of a bus at deployment: its service or type is not resolved, or is a bus. */
function mayBeBusArn(arn: string): boolean {
  const [, , service, , , resource] = arnParts(arn);
  if (!mayEqualAnyText(arn) || service === undefined || hasUnresolved(service)) return mayEqualAnyText(arn);
  return service === 'events' && (resource === undefined || /^(‹|event-bus\/)/.test(resource));
}

function checkEventBusTarget(path: KnownTargetPath): Finding[] {
  const { app, target, rule, role } = path;
  if (isBusUnresolved(app, target.arn, rule.account)) return [];
  if (isUnknownBus(app, target.arn)) return checkUnknownBusTarget(path);
  if (!role) return [];
  return toFindings(path, evaluatePutEvents(path, role));
}

function checkUnknownBusTarget(path: KnownTargetPath): Finding[] {
  const { app, target, rule } = path;
  const similarBus = mostSimilarBus(app, target.arn, rule);
  if (similarBus) {
    const text = didYouMean(similarBus, `bus ${target.arn}, the target of ${path.ruleName}`);
    return [warningFinding(FindingId.EVENT_BUS_NOT_FOUND, rule.construct, text, target.arn)];
  }
  if (path.isCrossAccount === false) {
    return notFoundFindings(app, rule.construct, target.arn, messages.resourceUndefined(path));
  }
  if (!path.isSingleEvent && isDroppedOnSecondHop(app, rule, target.arn)) return [];
  return [
    ...deniedByRole(path),
    ...path.manualStep(
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      messages.busPolicyUndefined(path),
      targetNeed(rule, target),
    ),
  ];
}

/** What the policies of a role deny in another account, whatever the policy of the bus there allows. */
function deniedByRole(path: KnownTargetPath): Finding[] {
  const { isCrossAccount, role } = path;
  if (!role || !isCrossAccount) return [];
  const denied = evaluatePutEvents(path, role).find(
    ({ decision, policyType }) => decision === 'denied' && policyType === 'identity',
  );
  return denied ? deniedFindings(path, denied) : [];
}

/** The warning about a target whose resource-based policy is not defined in this app. */
const MANUAL_STEPS: ReadonlyMap<TargetKind, FindingId> = new Map([
  [FUNCTION, FindingId.MANUALLY_ADD_FUNCTION_PERMISSION],
  [QUEUE, FindingId.MANUALLY_ADD_QUEUE_POLICY],
  [TOPIC, FindingId.MANUALLY_ADD_TOPIC_POLICY],
  [STREAM, FindingId.MANUALLY_ADD_STREAM_POLICY],
  [API, FindingId.MANUALLY_ADD_API_POLICY],
]);

function checkResourceTarget(path: KnownTargetPath): Finding[] {
  const { kind, target, rule, role } = path;
  if (!role && target.roleArn !== undefined) return [];
  if (isApiWithoutPolicy(path)) return checkRolePermissions(path);
  const evaluation = evaluateResourceCall(path);
  const isAllowed = evaluation.decision === 'allowed';
  if (!isAllowed && evaluation.policyType === 'resource' && !isDefinedInApp(path) && !isOfPossibleApi(evaluation)) {
    const id = MANUAL_STEPS.get(kind) ?? FindingId.DELIVERY_UNVERIFIED;
    return path.manualStep(id, messages.resourceUndefined(path), targetNeed(rule, target));
  }
  return toFindings(path, [{ event: {}, ...evaluation }]);
}

/** Whether an API of another app denies a call. What may be allowed stays a manual step. */
function isOfPossibleApi({ api, decision }: ApiEvaluation): boolean {
  return api !== undefined && decision === 'denied';
}

function isDefinedInApp({ app, target }: RuleTargetPath): boolean {
  const { arn } = target;
  const resource = app.function(arn) ?? app.queue(arn) ?? app.topic(arn) ?? app.stream(arn);
  return (resource ?? app.restApi(restApiArn(arn))) !== undefined;
}

/** Reports the first denied event, or else the first one whose decision is unknown. */
function toFindings(path: KnownTargetPath, evaluations: messages.DeliveryEvaluation[]): Finding[] {
  const denied = evaluations.find(({ decision }) => decision === 'denied');
  if (denied) return deniedFindings(path, denied);
  const unknown = evaluations.find(({ decision }) => decision === 'unknown');
  if (!unknown || (!path.isSingleEvent && hasInvalidStatement(path.app, path.target.arn))) return [];
  return path.manualStep(FindingId.DELIVERY_UNVERIFIED, messages.deliveryUnverified(path, unknown));
}

function deniedFindings(path: KnownTargetPath, denied: messages.DeliveryEvaluation): Finding[] {
  const { app, rule, target, role } = path;
  if (role && denied.policyType === 'identity') {
    return path.error(FindingId.TARGET_ROLE_INVALID, messages.roleNotAllowed(path, denied), role.construct);
  }
  const policyResource = denied.api?.arn ?? target.arn;
  const isReported = hasReportedPolicyFault(app, policyResource) || isAlreadyReported(rule.construct, target.arn);
  if (isReported && !path.isSingleEvent) return [];
  const permission = role || denied.explicitDeny ? undefined : findMisplacedPermission(app, rule, target);
  if (permission) {
    const text = messages.permissionMisplaced(path, denied, permission);
    return path.error(FindingId.TARGET_ACCESS_DENIED, text, permission.construct);
  }
  if (denied.api) {
    const text = messages.apiAccessDenied(path, denied, denied.api);
    const { construct } = denied.api;
    return path.error(FindingId.TARGET_ACCESS_DENIED, text).map((finding) => withAffected(finding, construct));
  }
  return path.error(FindingId.TARGET_ACCESS_DENIED, messages.accessDenied(path, denied));
}
