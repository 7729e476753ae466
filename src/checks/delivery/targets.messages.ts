import { EVENTBRIDGE_PRINCIPAL, withPolicyName } from './lib/authorize';
import { allowOnBus, allowOnOtherBus, ifUnnamed, isForOtherRules } from './lib/bus-grants';
import { forEvents } from './lib/events';
import { MisplacedPermission } from './lib/misplaced-permissions';
import { ApiEvaluation, nameOfApi } from './lib/possible-apis';
import { explainUnknown, remedyFor } from './lib/remedies';
import { KnownTargetPath, RuleTargetPath } from './lib/rule-target-path';
import {
  forwardToAccountOf,
  forwardToRegion,
  isL2,
  replacedTarget,
  roleRemedy,
  useApiPermission,
  usePermission,
} from './lib/target-remedies';
import { RestApi } from '../../app-model/app-model';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { accountOf, parseArn, regionOf } from '../../iam/arn';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { FindingText } from '../engine/finding';
import { BUS } from '../engine/target-kinds';

/** The texts of findings about targets of rules. */

export function regionUnsupported({ rule, ruleName, target, targetName }: RuleTargetPath): FindingText {
  const region = regionOf(target.arn);
  return {
    problem: `${ruleName} in Region ${rule.region} cannot send events to ${targetName} in Region ${region}`,
    reason: 'only buses can be targets in another Region',
    fix: forwardToRegion(region),
  };
}

export function accountUnsupported({ rule, ruleName, target, targetName }: RuleTargetPath): FindingText {
  const [account, ruleAccount] = [target.arn, rule.arn].map((arn) => displayText(accountOf(arn)));
  return {
    problem: `${ruleName} in account ${ruleAccount} cannot send events to ${targetName} in account ${account}`,
    reason: 'only buses, functions, queues, topics, streams and APIs can be targets in another account',
    fix: forwardToAccountOf(target),
  };
}

export function roleMissing(path: KnownTargetPath): FindingText {
  const replaced = replacedTarget(path);
  const inPlaceOf = replaced ? `, which aws-cdk-lib uses in place of target ${displayText(replaced.arn)}` : '';
  return {
    problem: `${path.targetOfRule} has no 'RoleArn'`,
    reason: `EventBridge requires an execution role to send events to ${path.targetName}${inPlaceOf}`,
    fix: roleRemedy(path),
  };
}

/** @param paths the rules of a stack that have the target */
export function targetUnresolved(paths: readonly RuleTargetPath[]): FindingText {
  const [{ kind, target, targetName }] = paths;
  const targets = paths.length === 1 ? `target '${displayText(target.id)}'` : 'their targets';
  return {
    problem:
      `cannot determine at synthesis whether ${rulesOf(paths)} can deliver to ` + (kind === BUS ? targetName : targets),
    reason:
      kind === BUS
        ? 'the ARN of the bus is known only at deployment'
        : `${paths.length === 1 ? 'its' : 'the'} ARN ${displayText(target.arn)} is known only at deployment`,
    fix: kind === BUS ? 'use the literal ARN of the bus' : 'use a literal ARN, or define the target in this app',
  };
}

function rulesOf(paths: readonly RuleTargetPath[]): string {
  const names = [...new Set(paths.map(({ rule }) => `'${displayText(rule.name)}'`))];
  const rest = names.length - MAX_NAMES;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${names.length === 1 ? 'rule' : 'rules'} ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}

const MAX_NAMES = 5;

export function busPolicyUndefined({ kind, role, ruleName, target, targetName }: KnownTargetPath): FindingText {
  const roleName = `role ${displayText(target.roleArn ?? '')}`;
  return {
    problem: `${ruleName} sends events to ${targetName}, whose policy is not defined in this app`,
    fix: role
      ? allowOnOtherBus(role, target.arn)
      : `allow ${roleName} to call ${kind.action} in the bus policy, then acknowledge this warning`,
  };
}

export function resourceUndefined(path: KnownTargetPath): FindingText {
  return {
    problem: `${path.ruleName} sends events to ${path.targetName}, which is not defined in this app`,
    fix: `${allowInPolicy(path)}, then acknowledge this warning`,
  };
}

/** The fix in the resource-based policy of a function, queue or topic. */
function allowInPolicy(path: KnownTargetPath): string {
  const { kind, role, rule } = path;
  const permission = usePermission(path);
  if (permission) return permission;
  const call = `call ${kind.action} in the ${kind.noun} policy`;
  if (role && hasUnresolved(role.name)) {
    return `allow account ${displayText(role.account)} to ${call}${ifUnnamed(role, 'allow its ARN')}`;
  }
  return role
    ? `allow role ${displayText(role.arn)} to ${call}`
    : `allow ${EVENTBRIDGE_PRINCIPAL} to ${call}, ` + `with 'aws:SourceArn' ${displayText(rule.arn)}`;
}

/** The evaluation of the call that delivers an event to a target. */
export interface DeliveryEvaluation extends ApiEvaluation {
  readonly event: EventEnvelope;
}

export function roleNotAllowed(path: KnownTargetPath, denied: DeliveryEvaluation): FindingText {
  const allow = `allow the role ${path.kind.action} on ${displayText(path.target.arn)}`;
  return {
    problem: notAllowed(path, denied),
    reason: reasonOf(path, denied),
    fix: remedyFor(denied, 'principal', allow),
  };
}

export function accessDenied(path: KnownTargetPath, denied: DeliveryEvaluation): FindingText {
  return {
    problem: notAllowed(path, denied),
    reason: reasonOf(path, denied),
    fix: remedyFor(denied, path.role ? 'principal' : 'service', allowTarget(path, denied)),
  };
}

/** @param api an API that the target can be, whose policy denies the call */
export function apiAccessDenied(path: KnownTargetPath, denied: DeliveryEvaluation, api: RestApi): FindingText {
  const { app, target } = path;
  const name = nameOfApi(app, api);
  const { id, account } = { id: parseArn(target.arn)?.resource.split('/')[0], account: api.account };
  const allow = useApiPermission(path, api) ?? allowInPolicy(path);
  return {
    problem: notAllowed(path, denied),
    reason: `no API that is known in account ${account} allows it: in the policy of ${name}, ${reasonOf(path, denied)}`,
    fix:
      `${remedyFor(denied, 'principal', allow)}; if ${name} does not have the ID ${id}, pass the app that defines ` +
      "the API to 'otherApps'",
  };
}

export function permissionMisplaced(
  path: KnownTargetPath,
  denied: DeliveryEvaluation,
  { reason, fix }: MisplacedPermission,
): FindingText {
  return { problem: notAllowed(path, denied), reason, fix };
}

export function deliveryUnverified(path: KnownTargetPath, unknown: DeliveryEvaluation): FindingText {
  return {
    problem: `cannot determine at synthesis whether ${path.ruleName} can deliver to ${path.targetName}`,
    ...explainUnknown(withPolicyName(unknown, path.target.arn), isInAnyAccount(path, unknown)),
  };
}

/** Whether one template has the rule for many accounts, and the bus policy decides. */
function isInAnyAccount({ kind, rule }: KnownTargetPath, { policyType }: DeliveryEvaluation): boolean {
  return kind === BUS && policyType === 'resource' && hasUnresolved(rule.account);
}

function notAllowed({ kind, role, ruleName, targetName }: KnownTargetPath, { event }: DeliveryEvaluation): string {
  const principal = role ? `role '${role.construct.node.path}' of ${ruleName}` : ruleName;
  return `${principal} is not allowed to call ${kind.action} on ${targetName}${forEvents([event])}`;
}

function reasonOf({ rule, target }: KnownTargetPath, denied: DeliveryEvaluation): string {
  const { reason } = denied.api ? denied : withPolicyName(denied, target.arn);
  return displayText(isForOtherRules(denied) ? `${reason} ${rule.arn}` : reason);
}

/** The fix in the policy of the target. */
function allowTarget(path: KnownTargetPath, denied: DeliveryEvaluation): string {
  const { app, kind, role, rule, target } = path;
  if (!role || kind !== BUS) return allowInPolicy(path);
  const isNamed = !hasUnresolved(role.name);
  return isL2(rule) && !isNamed
    ? 'use CrossAccountEventBusTarget, which creates the role and allows it in the bus policy'
    : allowOnBus(app, role, target.arn, [denied.event], isForOtherRules(denied) ? rule.arn : undefined);
}
