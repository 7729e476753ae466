import { Names } from 'aws-cdk-lib';
import { EVENTBRIDGE_PRINCIPAL } from './authorize';
import { nameAmongApps } from './bus-grants';
import { KnownTargetPath } from './rule-target-path';
import { RestApi, Rule, Target } from '../../../app-model/app-model';
import { methodOf } from '../../../app-model/rest-api-methods';
import { accountOf } from '../../../iam/arn';
import { displayText, hasUnresolved } from '../../../iam/unresolved-text';
import { BUS, FUNCTION, QUEUE, STREAM, TOPIC, TargetKind, targetKindOf } from '../../engine/target-kinds';

/** The fix for a target that a rule in another Region cannot have. */
export function forwardToRegion(region: string): string {
  return (
    `forward the events to a bus in ${region} with CrossAccountEventBusTarget, and define a rule with this target on ` +
    'that bus'
  );
}

/**
 * The fix for a target that a rule in another account cannot have. Each account has a default bus, but a policy for it
 * must be defined.
 */
export function forwardToAccountOf({ arn }: Pick<Target, 'arn'>): string {
  return (
    `forward the events to a bus in account ${displayText(accountOf(arn))} with CrossAccountEventBusTarget, such as ` +
    'the default bus with a CrossAccountEventBusPolicy, and define a rule with this target on that bus'
  );
}

/** Whether an L2, such as `events.Rule`, created the resource. Its targets are those of a library. */
export function isL2({ construct }: Pick<Rule, 'construct'>): boolean {
  return construct.node.scope?.node.defaultChild === construct;
}

/**
 * The targets of this library that create the role and the permissions on both sides. An API in another account of the
 * app cannot be referenced.
 */
const TARGETS: ReadonlyMap<TargetKind, string> = new Map([
  [BUS, 'CrossAccountEventBusTarget'],
  [FUNCTION, 'LambdaEventTarget'],
  [QUEUE, 'SqsEventTarget'],
  [TOPIC, 'SnsEventTarget'],
  [STREAM, 'KinesisEventTarget'],
]);

const WITH_RESOURCE_POLICY: readonly TargetKind[] = [BUS, FUNCTION, QUEUE, TOPIC, STREAM];

/**
 * The target for which aws-cdk-lib sends to the default event bus of another account: an L2 rule has no target in
 * another account itself, but a second rule on that bus has it.
 */
export function replacedTarget({ app, rule, target }: KnownTargetPath): Target | undefined {
  const l2 = rule.construct.node.scope;
  if (!l2 || !isL2(rule)) return undefined;
  const id = `/${Names.uniqueId(l2)}-`;
  return app.rulesOn(target.arn).find(({ construct }) => construct.node.path.includes(id))?.targets[0];
}

/** The fix for a target without an execution role. */
export function roleRemedy(path: KnownTargetPath): string {
  const { rule, kind, call, isCrossAccount, target } = path;
  if (isL2(rule) && isCrossAccount === true) {
    const intended = replacedTarget(path) ?? target;
    const targetKind = targetKindOf(intended.arn) ?? kind;
    const ownTarget = TARGETS.get(targetKind);
    return ownTarget
      ? `use ${ownTarget}, which creates the role, and allows it in the ${targetKind.noun} policy`
      : forwardToAccountOf(intended);
  }
  const alsoAllowed =
    isCrossAccount === true && WITH_RESOURCE_POLICY.includes(kind) ? `, also in the ${kind.noun} policy` : '';
  return (
    `set 'RoleArn' to a role in account ${displayText(rule.account)} that ${EVENTBRIDGE_PRINCIPAL} can assume for ` +
    `the rule, and allow the role ${call}${alsoAllowed}`
  );
}

/** The permissions of this library for roles in other accounts, which are added to a construct of the app. */
const PERMISSIONS: ReadonlyMap<TargetKind, string> = new Map([
  [FUNCTION, 'CrossAccountInvokePermission'],
  [QUEUE, 'CrossAccountQueuePermission'],
  [TOPIC, 'CrossAccountTopicPermission'],
  [STREAM, 'CrossAccountStreamPermission'],
]);

/**
 * The fix with a permission of this library for the execution role of a rule; undefined if the ARN of the role is not
 * known, or if the target is not an L2 of an app. An alias or version is another construct than its function.
 */
export function usePermission({ app, isCrossAccount, kind, role, target }: KnownTargetPath): string | undefined {
  const resource = app.resource(target.arn);
  const permission = PERMISSIONS.get(kind);
  if (!permission || !resource || !role || isCrossAccount !== true) return undefined;
  const { arn, construct } = resource;
  if (arn !== target.arn || construct.node.id !== 'Resource' || hasUnresolved(`${arn} ${role.arn}`)) return undefined;
  // The role must exist before a function can allow it, but is deployed with the rule that this error is about.
  const allowed =
    kind === FUNCTION ? `'${role.account}' as 'eventBusAccount'` : `EventPublisher.role('${role.arn}') in 'publishers'`;
  return `use ${permission} for ${nameAmongApps(app, construct)}, with ${allowed}`;
}

/** The same fix for a method of an API, whose ID in the ARN of the target is not known to be that of the API. */
export function useApiPermission({ app, role, target }: KnownTargetPath, { construct }: RestApi): string | undefined {
  const [, stage] = target.arn.split('/');
  const [method, path] = methodOf(target.arn);
  if (!role || path === undefined || hasUnresolved(`${target.arn} ${role.arn}`)) return undefined;
  if (construct.node.id !== 'Resource') return undefined;
  return (
    `use CrossAccountApiPermission for ${nameAmongApps(app, construct)}, with EventPublisher.role('${role.arn}') in ` +
    `'publishers', '${stage}' as 'stage', '${method}' as 'method' and '${path}' as 'path'`
  );
}
